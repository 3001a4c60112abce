"""What a file is by its contents: pages are saved as text, mails as documents, and errors of servers as PDF."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

from rag.errors import ArticleError
from rag.formats.decoding import binary_kind, decode
from rag.formats.registry import FORMATS, SUFFIXES

_BINARY: Final = {"pdf": b"%PDF-", "rtf": b"{\\rtf"}
# Office documents by the part that each must have: its name stands in the archive's directory.
_PARTS: Final = {
    "docx": b"word/document.xml",
    "pptx": b"ppt/presentation.xml",
    "xlsx": b"xl/workbook.xml",
    "epub": b"META-INF/container.xml",
    "open document": b"META-INF/manifest.xml",
}
_PROLOGUE: Final = rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?"
_MAIL: Final = rb"(?:[\w-]{1,50}:[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n)*){1,20}?MIME-Version:"
_BEGINNINGS: Final = {
    "feed": re.compile(_PROLOGUE + rb"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE | re.DOTALL),
    "html": re.compile(_PROLOGUE + rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL),
    "subtitles": re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:WEBVTT\b|\d+\r?\n(?:\d+:)?\d\d:\d\d[.,]\d{1,3} *-->)"),
    "mhtml": re.compile(_MAIL + rb"(?=.{0,5000}(?:multipart/related|text/html))", re.IGNORECASE | re.DOTALL),
    "eml": re.compile(_MAIL, re.IGNORECASE),
    "json": re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*\"[^\"\\\n]{1,100}\"\s*:.*[\]}]\s*$", re.DOTALL),
}
_CALLED: Final = {
    **dict.fromkeys(("html", "mhtml"), "a web page"),
    **{"feed": "a feed", "eml": "a mail", "json": "JSON", "text": "plain text"},
}
_TEXTS: Final = {"text", "markdown", "html", "feed", "subtitles"}
_ARCHIVES: Final = _PARTS.keys()
# What is read as what it is -> the formats by whose name it may go. A page that is called a PDF stands for one.
_GIVES_WAY: Final = {
    **dict.fromkeys(("html", "feed", "subtitles"), FORMATS.keys() - {"pdf"}),
    **dict.fromkeys(("mhtml", "eml"), _TEXTS | _ARCHIVES),
    **dict.fromkeys(("pdf", "rtf"), _ARCHIVES),
    "json": {"text", "html", "csv"},
}
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_BEFORE: Final = 1_024  # bytes that may stand before its mark, as readers of PDF have it
_SAMPLE: Final = 4_096  # bytes of what may be text


def kind_of(suffix: str, data: bytes) -> str:
    """The name of a file's format: by its suffix, or by its contents where these are sure and often go by that name."""
    name, told = SUFFIXES[suffix], _told(data)
    return told if name in _GIVES_WAY.get(told, ()) else name


def with_contents(error: ArticleError, name: str, data: bytes) -> ArticleError:
    """Why a file could not be read in a format, and what it is, where it is another."""
    told = _told(data) or _text(data)
    if told == name or name not in _ARCHIVES | _BINARY.keys():
        return error
    suffix = FORMATS[told].suffixes[0] if told else ""
    called = _CALLED.get(told) or (told and f"a document of the kind {suffix}") or binary_kind(data)
    is_told = not told and name in _ARCHIVES and data.startswith((b"PK", _COMPOUND))  # cut off, locked, or old
    if not called or is_told:
        return error
    return ArticleError(f"{error.message} By its contents it is {called}.", f"Rename it {suffix or 'by what it is'}.")


def _told(data: bytes) -> str:
    """The name of the format that ``data`` is in for certain; empty where that is not known."""
    if data.startswith(b"PK"):
        return next((name for name, part in _PARTS.items() if part in data), "")
    begun = next((name for name, begins in _BEGINNINGS.items() if begins.match(data)), "")
    return begun or next((name for name, mark in _BINARY.items() if mark in data[:_BEFORE]), "")


def _text(data: bytes) -> str:
    with suppress(ArticleError):
        return "text" if decode(data[:_SAMPLE]).text.strip() else ""
    return ""
