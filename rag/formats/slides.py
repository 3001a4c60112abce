"""PPTX, read with lxml: slides in their order, what is hidden left out. Runs in the sandbox."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from rag.formats.archives import open_archive
from rag.formats.blocks import BlockReader, ElementMark, attribute, name_of
from rag.formats.drafts import Find, draft_from_fields
from rag.formats.office import MAX_DOCUMENT_BYTES, core_properties, part_of, targets_of
from rag.formats.tables import Cell, span_of

_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FURNITURE: Final = ("dt", "ftr", "hdr", "sldNum", "sldImg")  # what stands on every slide


def read_pptx(data: bytes) -> Iterator[Find]:
    """One article: a paragraph for each of the slides' and notes', a row of a table being one. Raises ArticleError."""
    with open_archive(io.BytesIO(data), MAX_DOCUMENT_BYTES) as archive:
        slides = [(path, part_of(archive, path, is_needed=True)) for path in _paths(archive)]
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
    order = part_of(archive, show, is_needed=True).iter("{*}sldId")
    return [links[key][1] for each in order if (key := each.get(_LINK)) in links]


def _slide(archive: zipfile.ZipFile, path: str, slide: Any) -> Iterator[str]:
    """What is on a slide, in its diagrams and in its notes."""
    yield from _Slide().blocks(slide)
    for kind, part in targets_of(archive, path).values():
        if kind in ("diagramData", "notesSlide"):
            yield from _Slide().blocks(part_of(archive, part))


class _Slide(BlockReader):
    drawn: ClassVar = {"br": " ", "tab": " "}

    def mark(self, element: Any) -> ElementMark:
        """Hidden shapes, and numbers, dates and feet of slides, are left out."""
        own, kind = element.find("*/{*}cNvPr"), element.find("*/{*}nvPr/{*}ph")
        counts = name_of(element) == "fld" and attribute(element, "type") == "slidenum"
        is_out = counts or attribute(own, "hidden") in ("1", "true") or attribute(kind, "type") in _FURNITURE
        return ElementMark.NO_TEXT if is_out else ElementMark.PLAIN

    def spanning(self, cell: Any, words: str) -> Iterator[Cell]:
        if not (cell.get("vMerge") or cell.get("hMerge")):  # others cover these
            yield Cell(words, span_of(cell.get("gridSpan")), span_of(cell.get("rowSpan")))
