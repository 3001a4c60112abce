"""A question and a text to the words that answer: the encoder with trained upper layers."""
