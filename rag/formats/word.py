"""Word's DOCX, read with lxml that resolves no entities. Runs in the sandbox.

mammoth, docx2python and python-docx lose hidden text's mark, parts in other formats, or more (docs/own_code.md).
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from lxml import etree

from rag.errors import ArticleError
from rag.formats.archives import open_archive, read_member
from rag.formats.decoding import decode
from rag.formats.drafts import NO_NAMES, ArticleDraft, Find, draft_from_fields
from rag.formats.html import declared_charset
from rag.formats.markup import raised, whole_text
from rag.formats.office import MAX_DOCUMENT_BYTES, MAX_PART_BYTES, core_properties, parse_xml, targets_of
from rag.formats.registry import FORMATS, SUFFIXES
from rag.formats.tables import Cell, lines_of, span_of

_MAIN: Final = "word/document.xml"
_DRAWN: Final = {"tab": "\t", "noBreakHyphen": "-", "br": "\n", "cr": "\n"}
# Deleted, moved elsewhere, reckoned from a formula, or said of the text and no part of it.
_NOT_TEXT: Final = {"del", "moveFrom", "instrText", "rPr", "pPr", "tblPr", "tcPr", "trPr", "sectPr", "sdtPr", "rt"}
_FALSE: Final = {"0", "false", "off"}


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


class _Document:
    """An open document, and what of it was left out."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = frozenset(archive.namelist())
        main = next((target for kind, target in targets_of(archive, "").values() if kind == "officeDocument"), _MAIN)
        self._folder = posixpath.dirname(main)
        self.root = parse_xml(read_member(archive, main, MAX_PART_BYTES))
        if _name(self.root) != "document":
            raise ArticleError("It is no document of Word's.", "Rename it by what it is.")
        self._parts = targets_of(archive, main)
        self._notes = {
            (kind, _attribute(note, "id")): note
            for kind in ("footnote", "endnote")
            for note in self._part(f"{kind}s")
            if _attribute(note, "type") in ("", "normal")  # others are the lines above notes
        }
        self._hiding = {_attribute(style, "styleId") for style in self._part("styles") if _vanishes(style)}
        named = ((style, style.find("{*}name")) for style in self._part("styles"))
        self._titling = {"Title"} | {
            _attribute(style, "styleId")
            for style, name in named
            if name is not None and _attribute(name, "val") == "Title"
        }
        self.title = ""
        self._hidden = self._unread = 0

    def warnings(self) -> tuple[str, ...]:
        """What was left out, with its count."""
        heads = sum(any(part.itertext("{*}t")) for kind in ("header", "footer") for part in self._all(kind))
        left_out = (
            (self._hidden, "hidden pieces of text"),
            (self._unread, "parts in a format that is not read"),
            (len(self._part("comments")), "comments"),
            (heads, "headers and footers"),
        )
        return tuple(f"left out {kind}: {count}" for count, kind in left_out if count)

    def blocks(self, element: Any) -> Iterator[str]:
        """The text of each paragraph and table below ``element``, in order."""
        for child in _children(element):
            name = _name(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield "\n".join(lines_of(map(self._cells, child.iterchildren("{*}tr"))))
            elif name == "altChunk":
                yield from filter(None, [self._chunk(_attribute(child, "id"))])
            elif name not in _NOT_TEXT and not _is_prompt(child):
                yield from self.blocks(child)

    def _cells(self, row: Any) -> Iterator[Cell]:
        if row.find("{*}trPr/{*}del") is not None:
            return
        before = row.find("{*}trPr/{*}gridBefore")
        if before is not None:
            yield Cell("", columns=span_of(_attribute(before, "val")))
        for cell in row.iterdescendants("{*}tc"):
            if _row_of(cell) is row:
                wide, goes_on = cell.find("{*}tcPr/{*}gridSpan"), cell.find("{*}tcPr/{*}vMerge")
                is_own = goes_on is None or _attribute(goes_on, "val") == "restart"
                columns = 1 if wide is None else span_of(_attribute(wide, "val"))
                yield Cell("\n".join(self.blocks(cell)) if is_own else None, columns)

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        beside: list[Any] = []  # notes and text boxes
        style = paragraph.find("{*}pPr/{*}pStyle")
        if style is not None and _attribute(style, "val") in self._hiding:
            self._hidden += 1
            return
        text = "".join(self._pieces(paragraph, beside)).strip()
        if style is not None and _attribute(style, "val") in self._titling:
            self.title = self.title or text
        yield from filter(None, [text])
        for element in beside:
            yield from self.blocks(element)

    def _pieces(self, element: Any, beside: list[Any]) -> Iterator[str]:
        for child in _children(element):
            name = _name(child)
            if name == "t":
                yield child.text or ""
            elif name in _DRAWN:
                yield _DRAWN[name]
            elif name == "txbxContent":
                beside.append(child)
            elif name in ("footnoteReference", "endnoteReference"):
                note = self._notes.get((name.removesuffix("Reference"), _attribute(child, "id")))
                beside += [] if note is None else [note]
            elif name == "r" and self._is_hidden(child):
                self._hidden += 1
            elif name == "r" and _is_raised(child):
                yield from map(raised, self._pieces(child, beside))
            elif name not in _NOT_TEXT and not _is_prompt(child):
                yield from self._pieces(child, beside)

    def _is_hidden(self, run: Any) -> bool:
        style = run.find("{*}rPr/{*}rStyle")
        return _vanishes(run) or (style is not None and _attribute(style, "val") in self._hiding)

    def _chunk(self, identity: str) -> str:
        """A part in another format."""
        target = self._parts.get(identity, ("", ""))[1]
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
        named = {f"{self._folder}/{kind}.xml", *(target for other, target in self._parts.values() if other == kind)}
        for target in sorted(named & self._names):
            yield parse_xml(read_member(self._archive, target, MAX_PART_BYTES))


def _children(element: Any) -> Any:
    """What it holds; of what is there twice, for older programs too, the first."""
    return element[:1] if _name(element) == "AlternateContent" else element


def _name(element: Any) -> str:
    """Its name, whatever its namespace: Word has two, by whether a document is strict."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _attribute(element: Any, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if etree.QName(key).localname == name), "")


def _is_raised(run: Any) -> bool:
    place = run.find("{*}rPr/{*}vertAlign")
    return place is not None and _attribute(place, "val") == "superscript"


def _is_prompt(element: Any) -> bool:
    """A field of a form that still asks to be filled in."""
    return element.find("{*}sdtPr/{*}showingPlcHdr") is not None


def _vanishes(element: Any) -> bool:
    marks = (element.find(f"{{*}}rPr/{{*}}{mark}") for mark in ("vanish", "webHidden"))
    return any(mark is not None and _attribute(mark, "val") not in _FALSE for mark in marks)


def _row_of(cell: Any) -> Any:
    return next(cell.iterancestors("{*}tr"), None)
