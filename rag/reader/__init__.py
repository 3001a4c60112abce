"""A question and a text to the words that answer: the bundled reader, or any model for that."""
