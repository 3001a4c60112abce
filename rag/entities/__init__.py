"""Names, numbers and dates across languages: what they are called, where a text has them, what they mean."""
