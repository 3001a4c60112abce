"""What a file is by its media type, where it came with one: over HTTP, in a web archive, in a mail."""

from __future__ import annotations

from email.message import Message
from typing import Final

from rag.formats.decoding import decode

_SUFFIXES: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/json": ".json",
    "application/feed+json": ".json",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
}


def suffix_of_type(content_type: str) -> str:
    """The suffix of files of this type (``text/html; charset=utf-8``); empty where it is not read."""
    return _SUFFIXES.get(content_type.partition(";")[0].strip().lower(), "")


def charset_of_type(content_type: str) -> str:
    """The encoding that the type names; empty where it names none."""
    message = Message()
    message["Content-Type"] = content_type
    return str(message.get_content_charset(""))


def as_utf8(data: bytes, charset: str) -> bytes:
    """A text in the encoding it came with, as UTF-8 that says so: what it declares inside may be wrong after that."""
    return ("\ufeff" + decode(data, declared=charset).text).encode() if charset else data
