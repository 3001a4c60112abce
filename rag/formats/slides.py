"""PPTX, read with lxml: slides in their order, what is hidden left out. Runs in the sandbox."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from rag.formats.archives import open_archive, read_member
from rag.formats.drafts import Find, draft_from_fields
from rag.formats.office import MAX_DOCUMENT_BYTES, MAX_PART_BYTES, core_properties, parse_xml, targets_of
from rag.formats.tables import Cell, lines_of, span_of

_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SHOW: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # the same once more
_FURNITURE: Final = ("dt", "ftr", "hdr", "sldNum", "sldImg")  # what stands on every slide


def read_pptx(data: bytes) -> Iterator[Find]:
    """One article: a paragraph for each of the slides' and notes', a row of a table being one. Raises ArticleError."""
    with open_archive(io.BytesIO(data), MAX_DOCUMENT_BYTES) as archive:
        slides = [(path, parse_xml(read_member(archive, path, MAX_PART_BYTES))) for path in _paths(archive)]
        shown = [(path, slide) for path, slide in slides if slide.get("show") not in ("0", "false")]
        blocks = [block for path, slide in shown for block in _slide(archive, path, slide)]
        properties = core_properties(archive)
    left_out = len(slides) - len(shown)
    warnings = (f"hidden slides were left out: {left_out}",) if left_out else ()
    yield draft_from_fields(properties, body="\n\n".join(blocks), warnings=warnings)


def _paths(archive: zipfile.ZipFile) -> list[str]:
    """The slides' parts in the order they are shown."""
    show = "ppt/presentation.xml"
    links = targets_of(archive, show)
    order = parse_xml(read_member(archive, show, MAX_PART_BYTES)).iter(f"{_SHOW}sldId")
    return [links[key][1] for each in order if (key := each.get(f"{_LINK}id")) in links]


def _slide(archive: zipfile.ZipFile, path: str, slide: Any) -> Iterator[str]:
    """What is on a slide, in its diagrams and in its notes."""
    yield from _blocks(slide)
    for kind, part in targets_of(archive, path).values():
        if kind in ("diagramData", "notesSlide") and part in archive.namelist():
            yield from _blocks(parse_xml(read_member(archive, part, MAX_PART_BYTES)))


def _blocks(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_DRAWING}p":
            if text := _words(child):
                yield text
        elif child.tag == f"{_DRAWING}tbl":
            yield from lines_of(map(_cells, child.iter(f"{_DRAWING}tr")))
        elif not _is_left_out(child):
            yield from _blocks(child)


def _cells(row: Any) -> Iterator[Cell]:
    for cell in row.iter(f"{_DRAWING}tc"):
        if not (cell.get("vMerge") or cell.get("hMerge")):  # others cover these
            words = " ".join(filter(None, map(_words, cell.iter(f"{_DRAWING}p"))))
            yield Cell(words, span_of(cell.get("gridSpan")), span_of(cell.get("rowSpan")))


def _words(paragraph: Any) -> str:
    pieces = paragraph.iter(f"{_DRAWING}t", f"{_DRAWING}br", f"{_DRAWING}tab")
    return " ".join("".join(piece.text or "" if piece.tag == f"{_DRAWING}t" else " " for piece in pieces).split())


def _is_left_out(element: Any) -> bool:
    """Hidden shapes, and numbers, dates and feet of slides."""
    own = element.find(f"{_SHOW}nvSpPr/{_SHOW}cNvPr") if isinstance(element.tag, str) else None
    kind = element.find(f"{_SHOW}nvSpPr/{_SHOW}nvPr/{_SHOW}ph") if own is not None else None
    return (
        element.tag == _FALLBACK
        or (own is not None and own.get("hidden") in ("1", "true"))
        or (kind is not None and kind.get("type") in _FURNITURE)
    )
