"""Which format a file has, by its suffix, and which function reads it.

To add a format, write a module with one function and name it in one line of FORMATS. The function takes a file's bytes
and yields an :class:`~rag.formats.drafts.ArticleDraft` for each article, best made by
:func:`~rag.formats.drafts.draft_from_fields`, and a :class:`~rag.formats.drafts.NotRead` for each part that cannot be
read; where nothing can, it raises ArticleError. Cleaning, identity, dates, limits and the sandbox are the same for
every format and not its business. CONTRIBUTING.md has an example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from rag.formats.drafts import FieldNames, Find


@dataclass(frozen=True, slots=True)
class Format:
    """What reads one kind of file, by the place of its function, so that what it needs is imported with its first file.

    suffixes: of the files it reads, lower case. isolated: its parser is large or takes untrusted structure, and runs in
    the sandbox. has_names: what it reads are records, whose fields may go by names that the user gives.
    """

    module: str
    function: str
    suffixes: tuple[str, ...]
    isolated: bool = True
    has_names: bool = False

    def read(self, data: bytes, names: FieldNames) -> Iterator[Find]:
        """What the file holds. Raises ArticleError."""
        function: Callable[..., Iterator[Find]] = getattr(import_module(self.module), self.function)
        return function(data, names) if self.has_names else function(data)


FORMATS: Final[Mapping[str, Format]] = {
    "text": Format("rag.formats.plain", "read_text", (".txt", ".text"), isolated=False),
    "markdown": Format("rag.formats.plain", "read_markdown", (".md", ".markdown"), isolated=False),
    "json": Format("rag.formats.records", "read_json", (".json",), has_names=True),
    "csv": Format("rag.formats.records", "read_csv", (".csv", ".tsv"), has_names=True),
    "html": Format("rag.formats.html", "read_html", (".html", ".htm", ".xhtml")),
    "feed": Format("rag.formats.feeds", "read_feed", (".rss", ".atom", ".xml")),
    "pdf": Format("rag.formats.pdf", "read_pdf", (".pdf",)),
    "docx": Format("rag.formats.office", "read_docx", (".docx",)),
    "epub": Format("rag.formats.office", "read_epub", (".epub",)),
}

# Suffix -> name of its format. Two kinds are not here, being read as they stream: JSON lines and ZIP.
SUFFIXES: Final[Mapping[str, str]] = {suffix: name for name, kind in FORMATS.items() for suffix in kind.suffixes}
LINES_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
HIDDEN: Final = (".", "~$")  # how names begin that are left out; the second by Office, beside an open document
ARCHIVE_SUFFIX: Final = ".zip"


def has_names(suffix: str) -> bool:
    """Whether what a file of this suffix yields depends on the names given to fields."""
    return suffix in LINES_SUFFIXES or suffix == ARCHIVE_SUFFIX or FORMATS[SUFFIXES[suffix]].has_names


def is_readable(suffix: str) -> bool:
    """Whether files of this suffix (lower case, with its dot) are read at all."""
    return suffix in SUFFIXES or suffix in LINES_SUFFIXES or suffix == ARCHIVE_SUFFIX
