"""The way to start: ``python app.py`` serves the chat, the API and the widget, as ``python -m rag serve`` does."""

import sys

from rag.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
