"""Which reader reads which file. A reader takes a file's bytes and yields drafts, flaws, or raises ArticleError."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from rag.formats.drafts import FieldNames, Find


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader by the place of its function, so that what it needs is imported with its first file.

    ``isolated``: its parser is large or takes untrusted structure, and runs in the sandbox. ``has_names``: what it
    reads are records, whose fields may go by names of their own.
    """

    module: str
    function: str
    isolated: bool = True
    has_names: bool = False

    def read(self, data: bytes, names: FieldNames) -> Iterator[Find]:
        """What the file holds. Raises ArticleError."""
        function: Callable[..., Iterator[Find]] = getattr(import_module(self.module), self.function)
        return function(data, names) if self.has_names else function(data)


READERS: Final[Mapping[str, Reader]] = {
    "text": Reader("rag.formats.plain", "read_text", isolated=False),
    "markdown": Reader("rag.formats.plain", "read_markdown", isolated=False),
    "json": Reader("rag.formats.records", "read_json", has_names=True),
    "csv": Reader("rag.formats.records", "read_csv", has_names=True),
    "html": Reader("rag.formats.html", "read_html"),
    "feed": Reader("rag.formats.feeds", "read_feed"),
    "pdf": Reader("rag.formats.pdf", "read_pdf"),
    "docx": Reader("rag.formats.office", "read_docx"),
    "epub": Reader("rag.formats.office", "read_epub"),
}

# Suffix -> reader. Two kinds are not here, being read as they stream: JSON lines and ZIP.
SUFFIXES: Final[Mapping[str, str]] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".pdf": "pdf",
    ".docx": "docx",
    ".epub": "epub",
}
LINES_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
HIDDEN: Final = (".", "~$")  # how names begin that are left out; the second by Office, beside an open document
ARCHIVE_SUFFIX: Final = ".zip"


def has_names(suffix: str) -> bool:
    """Whether what a file of this suffix yields depends on the names given to fields."""
    return suffix in LINES_SUFFIXES or suffix == ARCHIVE_SUFFIX or READERS[SUFFIXES[suffix]].has_names


def is_readable(suffix: str) -> bool:
    """Whether files of this suffix (lower case, with its dot) are read at all."""
    return suffix in SUFFIXES or suffix in LINES_SUFFIXES or suffix == ARCHIVE_SUFFIX
