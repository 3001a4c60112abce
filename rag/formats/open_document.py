"""OpenDocument text, presentations and sheets (.odt, .odp, .ods), read with lxml. Run in the sandbox."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, Final

from rag.errors import ArticleError
from rag.formats.archives import open_archive, read_member
from rag.formats.drafts import Find, draft_from_fields
from rag.formats.markup import raised
from rag.formats.metadata import given_by_people
from rag.formats.office import MAX_DOCUMENT_BYTES, MAX_PART_BYTES, parse_xml
from rag.formats.tables import Cell, lines_of, span_of

_NAMESPACE: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _STYLE, _DRAW, _OFFICE, _SHOW, _META = (
    f"{{{_NAMESPACE}{name}:1.0}}" for name in ("text", "table", "style", "drawing", "office", "presentation", "meta")
)
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_PARAGRAPHS: Final = (f"{_TEXT}p", f"{_TEXT}h")
# Aside: what stands within a paragraph and is read after it. Never: what is not shown on the page, or made of the rest.
_ASIDE: Final = (f"{_TEXT}note", f"{_DRAW}text-box", f"{_SHOW}notes", f"{_TABLE}table")
_NEVER: Final = {
    *(f"{_TEXT}{name}" for name in ("tracked-changes", "hidden-text", "hidden-paragraph", "note-citation")),
    *(f"{_TEXT}{name}" for name in ("table-of-content", "alphabetical-index", "page-number", "page-count")),
    *(f"{_OFFICE}{name}" for name in ("annotation", "forms")),
    *(f"{_DRAW}{name}" for name in ("object", "object-ole", "image", "plugin")),
    *("{http://www.w3.org/2000/svg}desc", "{http://www.w3.org/2000/svg}title"),
}
_ROWS: Final = tuple(f"{_TABLE}table-{name}" for name in ("row-group", "header-rows", "rows"))
_GAPS: Final = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_REPEATED: Final = f"{_TABLE}number-columns-repeated"
_NOT_SHOWN: Final = ("collapse", "filter")  # of rows and columns
_MOST_COLUMNS: Final = 20_000  # more than any program has
_MOST_REPEATED: Final = 100  # of one cell: sheets are filled up to their last column
_FIELDS: Final = {"title": f"{_DC}title", "author": f"{_META}initial-creator", "language": f"{_DC}language"}


def read_open_document(data: bytes) -> Iterator[Find]:
    """One article: paragraphs, rows of tables, notes and boxes, in order. Raises ArticleError."""
    with open_archive(io.BytesIO(data), MAX_DOCUMENT_BYTES) as archive:
        if b"encryption-data" in _part(archive, "META-INF/manifest.xml"):
            raise ArticleError("It is locked with a password.", "Save a copy without the password.")
        root = parse_xml(read_member(archive, "content.xml", MAX_PART_BYTES))
        styles, meta = _part(archive, "styles.xml"), _part(archive, "meta.xml")
    hidden = _hidden_styles(root) | (_hidden_styles(parse_xml(styles)) if styles else set())
    titles = {"Title", *_styles(root, lambda kind: kind.getparent().get(f"{_STYLE}parent-style-name") == "Title")}
    above = _styles(root, lambda kind: kind.get(f"{_STYLE}text-position", "").startswith("super"))
    for span in root.iter(f"{_TEXT}span"):
        if span.get(f"{_TEXT}style-name") in above:
            span.text = raised(span.text or "")
    _drop_hidden_columns(root)
    body = root.find(f"{_OFFICE}body")
    text = "\n\n".join(_blocks(body, hidden)) if body is not None else ""
    about = parse_xml(meta) if meta else None
    found = {name: about.findtext(f".//{tag}") for name, tag in _FIELDS.items()} if about is not None else {}
    titled = (
        _inline(each, hidden).strip() for each in root.iter(f"{_TEXT}p") if each.get(f"{_TEXT}style-name") in titles
    )
    yield draft_from_fields({"title": next(titled, ""), **given_by_people(found)}, body=text)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    return read_member(archive, name, MAX_PART_BYTES) if name in archive.namelist() else b""


def _styles(root: Any, have: Callable[[Any], bool]) -> set[str]:
    """The names of styles of which some part is so."""
    styles = root.iter(f"{_STYLE}style")
    return {style.get(f"{_STYLE}name", "") for style in styles if any(map(have, style))}


def _hidden_styles(root: Any) -> set[str]:
    """The names of styles whose text, table or page is not shown."""
    return _styles(
        root,
        lambda kind: (
            kind.get(f"{_TEXT}display") == "none"
            or kind.get(f"{_TABLE}display") == "false"
            or kind.get(f"{_SHOW}visibility") == "hidden"
        ),
    )


def _is_hidden(element: Any, hidden: set[str]) -> bool:
    styles = (element.get(f"{space}style-name", "") for space in (_TEXT, _TABLE, _DRAW))
    return (
        not isinstance(element.tag, str)  # a comment
        or element.tag in _NEVER
        or element.get(f"{_TEXT}display") == "none"
        or element.get(f"{_TABLE}visibility") in _NOT_SHOWN
        or any(style in hidden for style in styles)
    )


def _blocks(element: Any, hidden: set[str]) -> Iterator[str]:
    """The paragraphs below an element; a row of a table is one of them."""
    for child in element:
        if _is_hidden(child, hidden):
            continue
        if child.tag in _PARAGRAPHS:
            if text := re.sub(r" {2,}", " ", _inline(child, hidden)).strip():
                yield text
            for aside in _asides(child, hidden):
                yield from _blocks(aside, hidden)
        elif child.tag == f"{_TABLE}table":
            yield from lines_of(_cells(row, hidden) for row in _rows(child, hidden))
            for shapes in child.iterchildren(f"{_TABLE}shapes"):
                yield from _blocks(shapes, hidden)
        else:
            yield from _blocks(child, hidden)


def _inline(element: Any, hidden: set[str]) -> str:
    """A paragraph's own words."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            pieces.append(" ")
        elif child.tag in _GAPS:
            pieces.append(_GAPS[child.tag])
        elif child.tag not in _ASIDE and not _is_hidden(child, hidden):
            pieces.append(_inline(child, hidden))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _asides(element: Any, hidden: set[str]) -> Iterator[Any]:
    for child in element:
        if _is_hidden(child, hidden):
            continue
        if child.tag in _ASIDE:
            yield child
        else:
            yield from _asides(child, hidden)


def _drop_hidden_columns(root: Any) -> None:
    """Take the cells of columns that are not shown out of their rows."""
    for table in root.iter(f"{_TABLE}table"):
        hidden, at = set[int](), 0
        for column in table.iter(f"{_TABLE}table-column"):
            count = int(column.get(_REPEATED, 1))
            if column.get(f"{_TABLE}visibility") in _NOT_SHOWN:
                hidden |= set(range(at, at + min(count, _MOST_COLUMNS)))
            at += count
        for row in table.iter(f"{_TABLE}table-row") if hidden else ():
            at = 0
            for cell in list(row):
                if at in hidden:
                    row.remove(cell)
                at += int(cell.get(_REPEATED, 1))


def _rows(element: Any, hidden: set[str]) -> Iterator[Any]:
    """The rows of a table that are shown, those in groups too."""
    for child in element:
        if child.tag == f"{_TABLE}table-row" and not _is_hidden(child, hidden):
            yield child
        elif child.tag in _ROWS and not _is_hidden(child, hidden):
            yield from _rows(child, hidden)


def _cells(row: Any, hidden: set[str]) -> Iterator[Cell]:
    for cell in row.iterchildren(f"{_TABLE}table-cell"):  # not what others cover
        words = " ".join(" ".join(_blocks(cell, hidden)).split())
        columns, rows = (span_of(cell.get(f"{_TABLE}number-{which}-spanned")) for which in ("columns", "rows"))
        times = span_of(cell.get(_REPEATED))
        yield from [Cell(words, columns, rows)] * min(times, _MOST_REPEATED) if words else [Cell("", columns * times)]
