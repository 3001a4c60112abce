"""A question and passages to how well each answers: a cross-encoder, where one is chosen."""
