"""Text as language: folding, stems, stop words, sentences, passages. No model and no file is needed here."""
