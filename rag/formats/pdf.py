"""PDF by pypdf: pages to paragraphs, and Arabic put back into reading order. Runs in the sandbox."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rag.errors import ArticleError
from rag.formats.drafts import Find, draft_from_fields
from rag.formats.metadata import given_by_people
from rag.formats.notes import without_note_numbers
from rag.formats.pdf_fonts import is_letterless
from rag.formats.pdf_pages import page_text
from rag.formats.recognition import Recogniser, current
from rag.formats.stories import are_no_letters
from rag.text.marks import page_mark

MAX_PAGES: Final = 1_000  # a bound: a page takes up to a tenth of a second
MOST_UNKNOWN: Final = 0.1  # of the characters; a guess: sound files have none or few, files without a table nearly all
_NUMBER = re.compile(r"(\d{1,9})")
_LARGEST_PAGE: Final = 1_000  # what is larger may be a year
_NUMBERS: Final = 4  # of a line that are tried as its page's
_OWN_PLACE: Final = "+1"  # the key of a number that is the place of its page
_SENTENCE_ENDS: Final = '.!?؟…:;؛»”"'


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
    recogniser = Recogniser(data, current())
    recognised = {at: text for at, page in enumerate(pages) if recogniser.wants(page) and (text := recogniser.text(at))}
    text, heads = _in_order(pages, recognised)
    letterless = sum(page is None and at not in recognised for at, page in enumerate(pages))
    empty = sum(page is not None and not page.strip() and at not in recognised for at, page in enumerate(pages))
    if letterless and not text:
        raise ArticleError("Its fonts do not tell which letters they draw.", recogniser.hint)
    if not text:
        reason = "No page could be read" if unreadable else "It has no text layer: it is a scan or holds only pictures"
        raise ArticleError(f"{reason}.", recogniser.hint)
    told = (
        (len(recognised), "were recognised (OCR): their text may have errors"),
        (unreadable, "could not be read"),
        (letterless, f"have fonts that do not tell their letters. {recogniser.hint}"),
        (0 if recogniser.can else empty, f"have no text, and may be scans. {recogniser.hint}"),
        (recogniser.left, "could not be recognised in time"),
    )
    warnings = [f"{count} of {len(pages)} pages {what}" for count, what in told if count]
    warnings += [f"left out running heads and page numbers: {heads} lines"] if heads else []
    yield draft_from_fields(fields, body=text, warnings=warnings)


def _in_order(pages: Sequence[str | None], recognised: Mapping[int, str]) -> tuple[str, int]:
    """(the pages' text, how many running heads were left out of it).

    Where some were recognised, marks tell which (see :mod:`rag.text.marks`).
    """
    read = [at for at, page in enumerate(pages) if page is not None and at not in recognised]
    given = [pages[at] or "" for at in read]
    bare = without_running_heads(given)
    heads = sum(page.count("\n") - other.count("\n") for page, other in zip(given, bare, strict=True))
    kept = dict(zip(read, bare, strict=True)) | dict(recognised)
    pieces, marking = [], False
    for at in sorted(kept):
        marking = marking or at in recognised
        if text := paragraphs(without_note_numbers(kept[at])).strip():
            pieces.append(f"{page_mark(at + 1, at in recognised)}\n\n{text}" if marking else text)
    return "\n\n".join(pieces), heads


def _page_texts(reader: Any) -> tuple[list[str | None], int]:
    """The text of each page in reading order, None where its letters are not known, and how many could not be read."""
    texts: list[str | None] = []
    unreadable = 0
    for page in reader.pages:
        try:
            mute = is_letterless(page)
            text = "" if mute else page_text(page)
            texts.append(None if mute or _is_nonsense(text) else text)
        except (MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001 (an edge: pypdf raises all kinds on damaged pages; the others stay readable)
            texts.append("")
            unreadable += 1
    return texts, unreadable


def _is_nonsense(text: str) -> bool:
    return text.count("\ufffd") > MOST_UNKNOWN * len(text) or are_no_letters(text)


def _fields(reader: Any) -> dict[str, str]:
    """Title, author and language as declared. The date is that of the file, not of the story, and is left out."""
    information = reader.metadata or {}
    language = reader.root_object.get("/Lang")
    fields = {"title": information.get("/Title"), "author": information.get("/Author"), "language": language}
    return given_by_people(fields)


def without_running_heads(pages: Sequence[str]) -> list[str]:
    """Pages less the lines that most of them begin or end with, and less page numbers standing there.

    Running heads may differ by the number of their page, and by no other: "In 2019: 98 dead" is text. Where nothing
    would be left, they are what the pages say.
    """
    edges = Counter(key for number, page in enumerate(pages) for key in _edge_keys(page, number))
    often = max(3, len(pages) // 2 + 1)

    def is_text(line: str, number: int) -> bool:
        keys = _keys(line, number)
        is_number = not any(map(str.isalpha, line))
        steps = any(edges[key] >= (2 if is_number else often) for key in keys[1:])
        return not (edges[keys[0]] >= often or steps or (is_number and _OWN_PLACE in keys))

    kept = []
    for number, page in enumerate(pages):
        lines = page.split("\n")
        outer = _edges(lines)
        kept.append("\n".join(line for at, line in enumerate(lines) if at not in outer or is_text(line, number)))
    return kept if any(map(str.strip, kept)) else list(pages)


def _edges(lines: Sequence[str]) -> set[int]:
    """Which lines are the first or the last two of a page that have text."""
    full = [at for at, line in enumerate(lines) if line.strip()]
    return {*full[:2], *full[-2:]}


def _edge_keys(page: str, number: int) -> set[str]:
    lines = page.split("\n")
    return {key for at in _edges(lines) for key in _keys(lines[at], number)}


def _keys(line: str, number: int) -> list[str]:
    """What a line at the edge of a page is counted as: itself, and itself less the page's place among its numbers.

    "Page 4 of 9" on the third page is "Page +1 of 9" too; which of the numbers is the page's is tried for each.
    """
    parts = _NUMBER.split(" ".join(line.split()).strip(" -–—|/."))
    steps = [at for at in range(1, len(parts), 2) if int(parts[at]) < _LARGEST_PAGE]
    stepped = [[*parts[:at], f"{int(parts[at]) - number:+}", *parts[at + 1 :]] for at in steps[:_NUMBERS]]
    return ["".join(parts), *map("".join, stepped)]


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
        if short and (line or not spaced) and not line.endswith("-"):
            done.append(current)
            current = ""
    return "\n\n".join(filter(None, [*done, current]))
