"""OpenDocument text, presentations and sheets (.odt, .odp, .ods), read with lxml. Run in the sandbox."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar, Final

from rag.errors import ArticleError
from rag.formats.archives import open_archive
from rag.formats.blocks import BlockReader, ElementMark, attribute, attributes, left_out
from rag.formats.drafts import NO_NAMES, FieldNames, Find, draft_from_fields
from rag.formats.metadata import given_by_people
from rag.formats.office import MAX_DOCUMENT_BYTES, part_of
from rag.formats.sheets import HEAD_ROWS, SheetRow, finds_of_sheet, head_of
from rag.formats.tables import Cell, span_of, spread

_PARTS: Final = ("content", "styles", "meta")
_ANNOTATION: Final = "annotation"
_PARENT: Final = "parent-style-name"
_SVG: Final = "{http://www.w3.org/2000/svg}"
_REPEATED: Final = "number-columns-repeated"
_NOT_SHOWN: Final = ("collapse", "filter")  # of rows and columns
_HIDDEN: Final = {("display", "none"), *(("visibility", how) for how in _NOT_SHOWN)}
_HIDING: Final = (("display", "none"), ("display", "false"), ("visibility", "hidden"))  # of styles
_MOST_COLUMNS: Final = 20_000  # more than any program has
_MOST_REPEATED: Final = 100  # of one cell: sheets are filled up to their last column
_FIELDS: Final = {"title": "title", "author": "initial-creator", "language": "language"}


def read_open_document(data: bytes, names: FieldNames = NO_NAMES) -> Iterator[Find]:
    """One article: paragraphs, rows of tables, notes and boxes, in order. Raises ArticleError.

    Of a sheet in which a column holds a text, each row is one, as in XLSX.
    """
    with open_archive(io.BytesIO(data), MAX_DOCUMENT_BYTES) as archive:
        if any(True for _ in part_of(archive, "META-INF/manifest.xml").iter("{*}encryption-data")):
            raise ArticleError("It is locked with a password.", "Save a copy without the password.")
        root, styles, meta = (part_of(archive, f"{name}.xml", name == "content") for name in _PARTS)
    _drop_hidden_columns(root)
    document, body = _Document(root, styles), root.find("{*}body")
    first_rows = [list(islice(rows, HEAD_ROWS)) for _, rows in document.sheets(body)]
    if any(head_of(rows, names) is not None for rows in first_rows):
        for title, given in document.sheets(body):
            document.hidden = 0
            rows = list(given)
            yield from finds_of_sheet(title, rows, names, left_out((document.hidden, "hidden pieces of text")))
        return
    document.hidden = 0
    text = "\n\n".join(document.blocks(body)) if body is not None else ""
    told = given_by_people({name: meta.findtext(f".//{{*}}{tag}") for name, tag in _FIELDS.items()})
    remarks = sum(1 for _ in root.iter(f"{{*}}{_ANNOTATION}"))
    warnings = left_out((document.hidden, "hidden pieces of text"), (remarks, "comments"))
    yield draft_from_fields({"title": document.title, **told}, body=text, warnings=warnings)


class _Document(BlockReader):
    paragraphs: ClassVar = {"p", "h"}
    table, row, cell, text = "table", "table-row", "table-cell", ""  # not the cells that others cover
    drawn: ClassVar = {"s": " ", "tab": "\t", "line-break": "\n"}
    hanging: ClassVar = {"note", "text-box", "notes", "table", "shapes"}
    # Not shown on the page, or made of the rest.
    left_out: ClassVar = {
        *("tracked-changes", "hidden-text", "hidden-paragraph", "note-citation", "ruby-text", _ANNOTATION, "forms"),
        *("table-of-content", "alphabetical-index", "page-number", "page-count"),
        *("object", "object-ole", "image", "plugin"),
    }

    def __init__(self, *roots: Any) -> None:
        super().__init__()
        styles = [style for root in roots for style in root.iter("{*}style")]
        self._marked = [
            (ElementMark.HIDDEN, {_name(style) for style in styles if any(map(_hides, style))}),
            (ElementMark.RAISED, {_name(style) for style in styles if any(map(_raises, style))}),
            (ElementMark.TITLE, {"Title", *(_name(each) for each in styles if attribute(each, _PARENT) == "Title")}),
        ]

    def mark(self, element: Any) -> ElementMark:
        """Left out is also what a picture is called, and is said to show."""
        if element.tag.startswith(_SVG):
            return ElementMark.NO_TEXT
        told = {(name.rpartition("}")[2], value) for name, value in element.attrib.items()}
        if not told.isdisjoint(_HIDDEN):
            return ElementMark.HIDDEN
        styles = {value for name, value in told if name == "style-name"}
        return next((mark for mark, names in self._marked if not names.isdisjoint(styles)), ElementMark.PLAIN)

    def sheets(self, body: Any) -> Iterator[tuple[str, Iterator[SheetRow]]]:
        """The name and the rows of each sheet that is shown."""
        for table in body.iterfind("{*}spreadsheet/{*}table") if body is not None else ():
            if self.mark(table) is not ElementMark.HIDDEN:
                rows = enumerate(spread(map(self.cells, self._parts(table, self.row))), 1)
                words = ((number, {at: cell.words for at, cell in row.items() if cell.words}) for number, row in rows)
                yield attribute(table, "name"), (row for row in words if row[1])

    def spanning(self, cell: Any, words: str) -> Iterator[Cell]:
        columns, rows = (span_of(attribute(cell, f"number-{which}-spanned")) for which in ("columns", "rows"))
        times = span_of(attribute(cell, _REPEATED))
        yield from [Cell(words, columns, rows)] * min(times, _MOST_REPEATED) if words else [Cell("", columns * times)]


def _name(style: Any) -> str:
    return attribute(style, "name")


def _hides(properties: Any) -> bool:
    """Whether text, tables or pages of a style that has these are not shown."""
    return any(value in attributes(properties, name) for name, value in _HIDING)


def _raises(properties: Any) -> bool:
    return attribute(properties, "text-position").startswith("super")


def _drop_hidden_columns(root: Any) -> None:
    """Take the cells of columns that are not shown out of their rows."""
    for table in root.iter("{*}table"):
        hidden, at = set[int](), 0
        for column in table.iter("{*}table-column"):
            count = int(attribute(column, _REPEATED) or 1)
            if attribute(column, "visibility") in _NOT_SHOWN:
                hidden |= set(range(at, at + min(count, _MOST_COLUMNS)))
            at += count
        for row in table.iter("{*}table-row") if hidden else ():
            at = 0
            for cell in list(row):
                if at in hidden:
                    row.remove(cell)
                at += int(attribute(cell, _REPEATED) or 1)
