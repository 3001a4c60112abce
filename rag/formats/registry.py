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
from pathlib import PurePosixPath
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
    "feed": Format("rag.formats.feeds", "read_feed", (".rss", ".atom")),
    "xml": Format("rag.formats.news_xml", "read_xml", (".xml", ".nitf", ".newsml")),
    "pdf": Format("rag.formats.pdf", "read_pdf", (".pdf",)),
    "docx": Format("rag.formats.word", "read_docx", (".docx",)),
    "epub": Format("rag.formats.office", "read_epub", (".epub",)),
    "rtf": Format("rag.formats.rich_text", "read_rtf", (".rtf",)),
    "open document": Format(
        "rag.formats.open_document", "read_open_document", (".odt", ".odp", ".ods"), has_names=True
    ),
    "pptx": Format("rag.formats.slides", "read_pptx", (".pptx",)),
    "xlsx": Format("rag.formats.sheets", "read_xlsx", (".xlsx",), has_names=True),
    "eml": Format("rag.formats.mail", "read_eml", (".eml",)),
    "mhtml": Format("rag.formats.mail", "read_mhtml", (".mhtml", ".mht")),
    "subtitles": Format("rag.formats.subtitles", "read_subtitles", (".srt", ".vtt"), isolated=False),
    # What indexing from the web asks for by name; no file is told by its suffix to be one.
    "feed links": Format("rag.formats.listings", "read_feed_links", ()),
    "sitemap": Format("rag.formats.listings", "read_sitemap", ()),
}

# Suffix -> name of its format. Not here are those that are read as they stream: JSON lines, web archives and ZIP.
SUFFIXES: Final[Mapping[str, str]] = {suffix: name for name, kind in FORMATS.items() for suffix in kind.suffixes}
LINES_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
WARC_SUFFIX: Final = ".warc"
ARCHIVE_SUFFIX: Final = ".zip"
GZIP_SUFFIX: Final = ".gz"  # after the suffix of any other but ZIP: ``news.json.gz``
HIDDEN: Final = (".", "~$")  # how names begin that are left out; the second by Office, beside an open document
KINDS: Final = ", ".join(sorted({*SUFFIXES, *LINES_SUFFIXES, WARC_SUFFIX, ARCHIVE_SUFFIX}))
# What to do with a file that is not read -> the suffixes of such files.
_ADVICE: Final = {
    "Save it as .docx.": ".doc .dot .docm .wps .wpd .pages",
    "Save it as .odt, .ods or .odp.": ".fodt .fods .fodp .ott .sxw",
    "Save it as plain text (.txt) or Markdown.": ".rst .adoc .org .textile .wiki .log",
    "Save it as .xlsx or CSV.": ".xls .xlsm .xlsb .numbers",
    "Save it as .pptx or PDF.": ".ppt .pps .ppsx .key",
    "Save it as PDF.": ".pub .indd .djvu .ps .tex .odg .xps",
    "Save it as EPUB or PDF.": ".mobi .azw .azw3 .fb2",
    "Save its messages as .eml.": ".msg .pst .mbox",
    "Save the page as HTML, or as MHTML.": ".webarchive .url .webloc",
    "Write its records as CSV or JSON lines.": ".db .sqlite .sqlite3 .mdb .accdb .parquet .yaml .yml",
    "Unpack it, or pack what it holds as .zip.": ".tar .tgz .gz .bz2 .xz .zst .7z .rar",
    "Put it into a PDF: there, pages without letters are recognised where tesseract is installed.": (
        ".png .jpg .jpeg .tif .tiff .webp .bmp .gif .heic"
    ),
    "Give its subtitles (.srt, .vtt) instead.": ".mp3 .wav .m4a .ogg .mp4 .mkv .mov .avi .webm .ass .ssa .sub",
}
_HINTS: Final = {suffix: hint for hint, suffixes in _ADVICE.items() for suffix in suffixes.split()}


def suffix_of(name: str) -> str:
    """What tells a file's kind, in lower case: ``.pdf``, and ``.json.gz`` where it is packed."""
    path = PurePosixPath(name.lower())
    return "".join(path.suffixes[-2:]) if path.suffix == GZIP_SUFFIX else path.suffix


def unpacked_suffix(suffix: str) -> str:
    """The suffix without that of gzip."""
    return suffix.removesuffix(GZIP_SUFFIX)


def has_names(suffix: str) -> bool:
    """Whether what a file of this suffix yields depends on the names given to fields."""
    inner = unpacked_suffix(suffix)
    return inner in LINES_SUFFIXES or inner in (ARCHIVE_SUFFIX, WARC_SUFFIX) or FORMATS[SUFFIXES[inner]].has_names


def is_readable(suffix: str) -> bool:
    """Whether files of this suffix (see :func:`suffix_of`) are read at all."""
    inner = unpacked_suffix(suffix)
    return inner in SUFFIXES or inner in LINES_SUFFIXES or inner == WARC_SUFFIX or suffix == ARCHIVE_SUFFIX


def hint_for(suffix: str) -> str:
    """What to do with a file of a kind that is not read."""
    last = PurePosixPath(f"a{suffix}").suffix
    return _HINTS.get(last, f"These are: {KINDS}.")
