"""Word's DOCX, read with lxml that resolves no entities. Runs in the sandbox.

mammoth, docx2python and python-docx lose hidden text's mark, parts in other formats, or more (docs/own_code.md).
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, ClassVar, Final

from rag.errors import ArticleError
from rag.formats.archives import open_archive, read_member
from rag.formats.blocks import BlockReader, ElementMark, attribute, left_out, name_of
from rag.formats.decoding import decode
from rag.formats.drafts import NO_NAMES, ArticleDraft, Find, draft_from_fields
from rag.formats.html import declared_charset
from rag.formats.markup import whole_text
from rag.formats.office import MAX_DOCUMENT_BYTES, MAX_PART_BYTES, core_properties, part_of, targets_of
from rag.formats.registry import FORMATS, SUFFIXES
from rag.formats.tables import Cell, span_of

_MAIN: Final = "word/document.xml"
# What the codes of the font Symbol draw (Adobe, "Symbol Encoding"). Those of other such fonts are pictures.
_SYMBOLS: Final = {
    **dict(enumerate(
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧ∆ΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼", 0xF020
    )),
    **dict(enumerate(
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑", 0xF0A0
    )),
}  # fmt: skip
_FALSE: Final = {"0", "false", "off"}
_NO_TEXT: Final = {"tr": "{*}trPr/{*}del", "sdt": "{*}sdtPr/{*}showingPlcHdr"}  # where they say so


def read_docx(data: bytes) -> Iterator[Find]:
    """One article: paragraphs, notes and text boxes after the paragraph they hang on, a row of a table in one line.

    Title, author and language are those of its properties. What is hidden stays out; what else does is told.
    """
    with open_archive(io.BytesIO(data), MAX_DOCUMENT_BYTES) as archive:
        document = _Document(archive)
        text = "\n\n".join(document.blocks(document.root))
        properties, warnings = {"title": document.title, **core_properties(archive)}, document.warnings()
    if not text:
        raise ArticleError("It holds no text; pictures of text are not read.", "Recognise its text (OCR) first.")
    yield draft_from_fields(properties, body=text, warnings=warnings)


class _Document(BlockReader):
    """An open document, and what of it was left out."""

    # Deleted, moved elsewhere, reckoned from a formula, or said of the text and no part of it.
    left_out: ClassVar = {
        *("del", "moveFrom", "instrText", "rPr", "pPr", "tblPr", "tcPr", "trPr", "sectPr", "sdtPr", "rt"),
    }

    def __init__(self, archive: zipfile.ZipFile) -> None:
        super().__init__()
        self._archive = archive
        self._names = frozenset(archive.namelist())
        main = next((target for kind, target in targets_of(archive, "").values() if kind == "officeDocument"), _MAIN)
        self._folder = posixpath.dirname(main)
        self.root = part_of(archive, main, is_needed=True)
        if name_of(self.root) != "document":
            raise ArticleError("It is no document of Word's.", "Rename it by what it is.")
        self._targets = targets_of(archive, main)
        self._notes = {
            (f"{kind}Reference", attribute(note, "id")): note
            for kind in ("footnote", "endnote")
            for note in self._part(f"{kind}s")
            if attribute(note, "type") in ("", "normal")  # others are the lines above notes
        }
        styles = list(self._part("styles"))
        self._hiding = {attribute(style, "styleId") for style in styles if _vanishes(style)}
        titling = (style for style in styles if attribute(style.find("{*}name"), "val") == "Title")
        self._titling = {"Title", *(attribute(style, "styleId") for style in titling)}
        self._unread = 0

    def warnings(self) -> tuple[str, ...]:
        """What was left out, with its count."""
        heads = sum(any(part.itertext("{*}t")) for kind in ("header", "footer") for part in self._all(kind))
        return left_out(
            (self.hidden, "hidden pieces of text"),
            (self._unread, "parts in a format that is not read"),
            (len(self._part("comments")), "comments"),
            (heads, "headers and footers"),
        )

    def mark(self, element: Any) -> ElementMark:
        """Left out are rows that were deleted, and fields of a form that still ask to be filled in."""
        name = name_of(element)
        if name in _NO_TEXT:
            return ElementMark.PLAIN if element.find(_NO_TEXT[name]) is None else ElementMark.NO_TEXT
        if name not in ("p", "r"):
            return ElementMark.PLAIN
        style = attribute(element.find(f"{{*}}{name}Pr/{{*}}{name}Style"), "val")
        if style in self._hiding or (name == "r" and _vanishes(element)):
            return ElementMark.HIDDEN
        place = attribute(element.find("{*}rPr/{*}vertAlign"), "val")
        return (
            ElementMark.RAISED
            if place == "superscript"
            else ElementMark.TITLE
            if style in self._titling
            else ElementMark.PLAIN
        )

    def hung(self, element: Any) -> Any:
        note = self._notes.get((name_of(element), attribute(element, "id")))
        return super().hung(element) if note is None else note

    def drawn_as(self, element: Any) -> str:
        if name_of(element) != "sym":
            return super().drawn_as(element)
        code = int(attribute(element, "char") or "20", 16)
        if attribute(element, "font") == "Symbol":
            return _SYMBOLS.get(code | 0xF000, " ")
        return chr(code) if code < 0xE000 else " "

    def other(self, element: Any) -> Iterator[str]:
        if name_of(element) == "altChunk":
            return filter(None, [self._chunk(attribute(element, "id"))])
        return self.blocks(element)

    def cells(self, row: Any) -> Iterator[Cell]:
        if before := attribute(row.find("{*}trPr/{*}gridBefore"), "val"):
            yield Cell("", columns=span_of(before))
        yield from super().cells(row)

    def spanning(self, cell: Any, words: str) -> Iterator[Cell]:
        goes_on = cell.find("{*}tcPr/{*}vMerge")
        is_own = goes_on is None or attribute(goes_on, "val") == "restart"
        yield Cell(words if is_own else None, span_of(attribute(cell.find("{*}tcPr/{*}gridSpan"), "val")))

    def _chunk(self, identity: str) -> str:
        """A part in another format."""
        target = self._targets.get(identity, ("", ""))[1]
        suffix = PurePosixPath(target).suffix.lower()
        name = SUFFIXES.get(suffix, "")
        if target not in self._names or name in ("", "docx"):
            self._unread += 1
            return ""
        data = read_member(self._archive, target, MAX_PART_BYTES)
        if name == "html":
            return whole_text(decode(data, declared=declared_charset(data)).text)
        finds = FORMATS[name].read(data, NO_NAMES)
        return "\n\n".join(find.text for find in finds if isinstance(find, ArticleDraft))

    def _part(self, kind: str) -> Any:
        """The root of the document's one part of a kind; nothing where there is none."""
        return next(self._all(kind), ())

    def _all(self, kind: str) -> Iterator[Any]:
        named = {f"{self._folder}/{kind}.xml", *(target for other, target in self._targets.values() if other == kind)}
        for target in sorted(named & self._names):
            yield part_of(self._archive, target)


def _vanishes(element: Any) -> bool:
    marks = (element.find(f"{{*}}rPr/{{*}}{mark}") for mark in ("vanish", "webHidden"))
    return any(mark is not None and attribute(mark, "val") not in _FALSE for mark in marks)
