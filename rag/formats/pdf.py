"""PDF by pypdf: pages to paragraphs, and Arabic put back into reading order. Runs in the sandbox."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from rag.errors import ArticleError
from rag.formats.drafts import Find, draft_from_fields
from rag.formats.pdf_pages import page_text

MAX_PAGES: Final = 1_000  # a bound: a page takes up to a tenth of a second
MOST_UNKNOWN: Final = 0.1  # of the characters; a guess: sound files have none or few, files without a table nearly all
_SENTENCE_ENDS: Final = '.!?؟…:;؛»”"'
# What programs write where nobody gave a title or an author.
_NOBODYS = re.compile(
    r"\(?(untitled|unnamed|anonymous|unspecified|unknown)\)?|document ?\d*|microsoft word - .*", re.IGNORECASE
)


def read_pdf(data: bytes) -> Iterator[Find]:
    """One article. Raises ArticleError for a locked or damaged file, and for one without a text layer, or with an
    illegible one."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ArticleError("It is locked with a password.", "Save a copy without the password.")
        if len(reader.pages) > MAX_PAGES:
            raise ArticleError(f"It has {len(reader.pages)} pages, more than {MAX_PAGES}.", "Split it.")
        pages, unreadable = _page_texts(reader)
        fields = _fields(reader)
    except DependencyError:
        raise ArticleError("It is encrypted.", "Save a copy without encryption.") from None
    except PyPdfError as error:
        reason = f"It is not a readable PDF: {str(error)[:100].rstrip('.')}."
        raise ArticleError(reason, "Copy or download it again.") from None
    text = "\n\n".join(paragraphs(page) for page in without_running_heads(pages)).strip()
    if not text:
        reason = "No page could be read" if unreadable else "It has no text layer: it is a scan or holds only pictures"
        raise ArticleError(f"{reason}.", "Recognise its text first (OCR), with ocrmypdf for instance.")
    if text.count("\ufffd") > MOST_UNKNOWN * len(text):
        reason = "Its fonts do not tell which letters they draw."
        raise ArticleError(reason, "Recognise its text (OCR), with ocrmypdf --force-ocr for instance.")
    warnings = (f"{unreadable} of {len(pages)} pages could not be read",) if unreadable else ()
    yield draft_from_fields(fields, body=text, warnings=warnings)


def _page_texts(reader: Any) -> tuple[list[str], int]:
    """The text of each page in reading order, and how many could not be read: those are empty."""
    texts, unreadable = [], 0
    for page in reader.pages:
        try:
            texts.append(page_text(page))
        except (MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001 (an edge: pypdf raises all kinds on damaged pages; the others stay readable)
            texts.append("")
            unreadable += 1
    return texts, unreadable


def _fields(reader: Any) -> dict[str, str]:
    """Title, author and language as declared. The date is that of the file, not of the story, and is left out."""
    information = reader.metadata or {}
    language = reader.root_object.get("/Lang")
    fields = {"title": information.get("/Title"), "author": information.get("/Author"), "language": language}
    given = {name: str(value).strip() for name, value in fields.items() if value}
    return {name: value for name, value in given.items() if not _NOBODYS.fullmatch(value)}


def without_running_heads(pages: Sequence[str]) -> list[str]:
    """Pages less the lines that most of them begin or end with, and less page numbers standing there."""
    edges = Counter(_numberless(line) for page in pages for line in {*_edge_lines(page)})
    often = max(3, len(pages) // 2 + 1)

    def is_text(line: str, at_edge: bool) -> bool:
        return not at_edge or (bool(_numberless(line)) and edges[_numberless(line)] < often)

    kept = []
    for page in pages:
        lines = page.split("\n")
        full = [at for at, line in enumerate(lines) if line.strip()]
        outer = {*full[:2], *full[-2:]}
        kept.append("\n".join(line for at, line in enumerate(lines) if is_text(line, at in outer)))
    return kept


def _edge_lines(page: str) -> list[str]:
    lines = [line for line in page.split("\n") if line.strip()]
    return [*lines[:2], *lines[-2:]]


def _numberless(line: str) -> str:
    return "".join(char for char in line if not char.isdigit()).strip(" -–—|/.")


def paragraphs(page: str) -> str:
    """Lines of a page joined into paragraphs, and words divided at the end of a line joined again.

    A line well short of the margin ends a paragraph; so do a sentence's end that is somewhat short of it, and an empty
    line, unless every other line is empty.
    """
    lines = [line.strip() for line in page.split("\n")]
    lengths = sorted(filter(None, map(len, lines)))
    width = lengths[-1 - len(lengths) // 5] if lengths else 0  # a headline may be wider than the columns
    spaced = 2 * (len(lines) - len(lengths)) > len(lengths)
    done, current = [], ""
    for line in lines:
        divided = current.endswith("-") and line[:1].islower()
        current = current[:-1] + line if divided else f"{current} {line}".strip()
        short = len(line) < 0.5 * width or (len(line) < 0.85 * width and line[-1:] in _SENTENCE_ENDS)
        if short and (line or not spaced):
            done.append(current)
            current = ""
    return "\n\n".join(filter(None, [*done, current]))
