"""Files made by code, sound and bad, for the tests of reading."""
