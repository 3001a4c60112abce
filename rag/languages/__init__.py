"""What the program knows of each language, as tables: one file each. To add a language, open `registry.py`."""
