"""XLSX by openpyxl: rows as articles, where a column holds their text, else as lines. Runs in the sandbox."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from rag.errors import ArticleError
from rag.formats.archives import open_archive, read_member
from rag.formats.drafts import (
    NO_NAMES,
    FieldNames,
    Find,
    digest_of,
    draft_from_fields,
    find_from_fields,
    has_text,
)
from rag.formats.office import MAX_DOCUMENT_BYTES
from rag.formats.tables import Cell, spread

SheetRow = tuple[int, Mapping[int, str]]  # its number, and column -> words
HEAD_ROWS: Final = 5  # a title and a note may stand above the names of columns
# A cell of a formula that nothing has reckoned: programs write such, spreadsheets keep the value too.
_BARE_FORMULA: Final = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_PARTS: Final = ("xl/workbook.xml", "xl/worksheets/")
_STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml"  # a name of Office's that openpyxl does not know
_HINT: Final = "Save it again with the program that made it, or as CSV."


def read_xlsx(data: bytes, names: FieldNames = NO_NAMES) -> Iterator[Find]:
    """What each visible sheet holds; of rows and columns, those that are shown. Raises ArticleError."""
    with open_archive(io.BytesIO(data), MAX_DOCUMENT_BYTES) as archive:  # refused where it is made to do harm
        parts = (
            read_member(archive, name, MAX_DOCUMENT_BYTES) for name in archive.namelist() if name.startswith(_PARTS)
        )
        told = [(_STRICT in part, len(_BARE_FORMULA.findall(part))) for part in parts]
    if any(is_strict for is_strict, _ in told):
        raise ArticleError("It is a workbook of the strict form.", "Save it as an ordinary .xlsx, or as CSV.")
    book = _opened(data)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    left_out = len(book.worksheets) - len(shown)
    warning = (f"hidden sheets were left out: {left_out}",) if left_out else ()
    if bare := sum(count for _, count in told):
        warning = (*warning, f"formulas without a value were left out: {bare}. Open it in a spreadsheet, and save it.")
    for sheet in shown:
        yield from _sheet(sheet, names, warning)
        warning = ()


def _opened(data: bytes) -> Any:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings(action="ignore"):  # of styles and the like that openpyxl does not keep
            return load_workbook(io.BytesIO(data), data_only=True)
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, zlib.error, zipfile.BadZipFile):
        raise ArticleError("It is not a readable sheet: cut off or damaged.", _HINT) from None


def _sheet(sheet: Any, names: FieldNames, warning: tuple[str, ...]) -> Iterator[Find]:
    rows, hidden = _rows(sheet)
    if hidden:
        warning = (*warning, f"hidden rows and columns of {sheet.title!r} were left out: {hidden}")
    yield from finds_of_sheet(sheet.title, rows, names, warning)


def head_of(rows: Sequence[SheetRow], names: FieldNames) -> int | None:
    """Which of the first rows names the columns, one of them that of a text; None where none does."""
    named = (has_text(dict.fromkeys(row.values(), "a name"), names) for _, row in rows[:HEAD_ROWS])
    return next((at for at, names_columns in enumerate(named) if names_columns), None)


def finds_of_sheet(title: str, rows: Sequence[SheetRow], names: FieldNames, warning: Sequence[str]) -> Iterator[Find]:
    """The article of each row below the one that names the columns, or all as lines; the first has the warning."""
    head = head_of(rows, names)
    if head is None:
        if rows:
            lines = "\n\n".join(" | ".join(row.values()) for _, row in rows)
            yield draft_from_fields({"title": title}, body=lines, place=f"!{title}", warnings=warning)
        return
    columns = rows[head][1]
    for number, row in rows[head + 1 :]:
        record = {columns[at]: value for at, value in row.items() if at in columns}
        told = {"names": names, "content_hash": digest_of(record), "warnings": warning}
        yield find_from_fields(record, place=f"!{title}#{number}", **told)
        warning = ()


def _rows(sheet: Any) -> tuple[list[SheetRow], int]:
    """(number, column -> words) of each row that shows any, and how many rows and columns are hidden.

    The cells are taken as openpyxl keeps them: its ranges also go over those that are not there, a thousand million
    where one stands in the last corner.
    """
    columns = {at for each in sheet.column_dimensions.values() if each.hidden for at in range(each.min, each.max + 1)}
    hidden_rows = {number for number, each in sheet.row_dimensions.items() if each.hidden}
    numbers = sorted({number for number, _ in sheet._cells})
    rows, left_out = list[SheetRow](), set[tuple[str, int]]()
    for number, row in zip(numbers, spread(_cells(sheet)), strict=True):
        said = {at: cell.words for at, cell in row.items() if cell.words}
        if number in hidden_rows:
            left_out |= {("row", number)} if said else set()
            continue
        left_out |= {("column", at) for at in said if at in columns}
        if seen := {at: text for at, text in said.items() if at not in columns}:
            rows.append((number, seen))
    return rows, len(left_out)


def _cells(sheet: Any) -> Iterator[list[Cell]]:
    """The cells of each row that has any. Those that others cover are there too, without a word."""
    spans = {(each.min_row, each.min_col): each.size for each in sheet.merged_cells.ranges}
    for _, places in groupby(sorted(sheet._cells), key=itemgetter(0)):
        told = ((place, _words(sheet._cells[place])) for place in places)
        yield [Cell(words, **spans.get(place, {}), column=place[1]) for place, words in told if words]


def _words(cell: Any) -> str:
    """A cell as it is shown, nearly: days as ISO dates, shares in percent."""
    from openpyxl.utils.escape import unescape

    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and str(cell.number_format).endswith("%"):
        return f"{100 * value:.10g}%"
    return f"{value:.15g}" if isinstance(value, float) else " ".join(unescape(str(value)).split())
