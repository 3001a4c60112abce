"""Rows of tables in every format: what spans rows is said in each that it covers."""

from __future__ import annotations

import json
import time

import pytest
from openpyxl import Workbook

from rag.documents import Article
from rag.formats.articles import read_bytes
from rag.formats.tables import Cell, lines_of, span_of
from tests.formats.test_neighbours import MORE, STORY, feed, one, page
from tests.zoo.archives import epub
from tests.zoo.office import open_document, pptx, saved
from tests.zoo.word import document, paragraph


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([[Cell("Sfax", rows=2), Cell("2023"), Cell("12")], [Cell("2024"), Cell("13")]],
         ["Sfax | 2023 | 12", "Sfax | 2024 | 13"]),
        ([[Cell("2023"), Cell("Sfax", rows=3), Cell("12")], [Cell("2024"), Cell("13")], [Cell("2025"), Cell("14")]],
         ["2023 | Sfax | 12", "2024 | Sfax | 13", "2025 | Sfax | 14"]),
        ([[Cell("a", rows=2), Cell("b", columns=2, rows=2), Cell("c")], [Cell("d")]], ["a | b | c", "a | b | d"]),
        ([[Cell("a", columns=2), Cell("b", rows=2)], [Cell("c"), Cell("d")]], ["a | b", "c | d | b"]),
        ([[Cell("a"), Cell("b")], [Cell(None), Cell("c")], [Cell(None), Cell("d")], [Cell("e"), Cell("f")]],
         ["a | b", "a | c", "a | d", "e | f"]),
        ([[Cell(None), Cell("b")]], ["b"]),
        ([[Cell("a", rows=3), Cell("b")], [Cell("")], [Cell("c")]], ["a | b", "a | c"]),
        ([[Cell("long " * 50, rows=2), Cell("b")], [Cell("c")]], ["long " * 50 + " | b", "c"]),
        ([[Cell("a", rows=2000), Cell("b")], [Cell("c")]], ["a | b", "c"]),
        ([[Cell("x", column=3, rows=2), Cell("y", column=5)], [Cell("z", column=4)]], ["x | y", "x | z"]),
    ],
    ids=["first", "middle", "wide", "columns", "Word's", "nothing above", "empty row", "long", "background", "placed"],
)  # fmt: skip
def test_what_spans_rows_is_said_in_each(rows: list[list[Cell]], lines: list[str]) -> None:
    assert lines_of(rows) == lines


@pytest.mark.parametrize(("value", "span"), [("3", 3), (None, 1), ("0", 1), ("-2", 1), ("x", 1), ("9" * 99, 1)])
def test_a_span_that_is_none_is_one(value: str | None, span: int) -> None:
    assert span_of(value) == span


def test_a_table_made_to_grow_is_bounded() -> None:
    began = time.process_time()
    wide = [Cell("x", rows=1000)] * 1000
    lines = lines_of([wide, *[[Cell("y")]] * 200])
    assert sum(map(len, lines)) < 500_000
    assert time.process_time() - began < 3


HTML = (
    "<table><tr><th>City<th colspan=2>Count<tr><td rowspan=2>Sfax<td>2023<td>12<tr><td>2024<td>13"
    "<tr><td>Sousse<td rowspan=0>2025<td>14<tr><td>Gabes<td>15</table>"
)
LINES = "City | Count\nSfax | 2023 | 12\nSfax | 2024 | 13\nSousse | 2025 | 14\nGabes | 2025 | 15"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (page(body=f"<article><p>{STORY}</p>{HTML}<p>{MORE}</p></article>"), "a.html"),
        (json.dumps({"text": f"<p>{STORY}</p>{HTML}<p>{MORE}</p>"}), "a.json"),
        (feed(f"<![CDATA[<p>{STORY}</p>{HTML}<p>{MORE}</p>]]>"), "a.rss"),
        (epub({"a.xhtml": f"<p>{STORY}</p>{HTML}<p>{MORE}</p>"}), "a.epub"),
        (f"{STORY}\n\n{HTML}\n\n{MORE}", "a.md"),
    ],
    ids=["page", "field", "feed", "book", "Markdown"],
)
def test_cells_of_markup_that_span_rows(data: bytes | str, name: str) -> None:
    lines = [line for line in one(data, name).text.split("\n") if line]
    assert "\n".join(lines) == f"{STORY}\n{LINES}\n{MORE}"


def test_a_column_of_a_layout_is_said_once() -> None:
    menu = "".join(f"<p>Line {number} of what stands at the side of every page.</p>" for number in range(8))
    table = f"<table><tr><td rowspan=2>{menu}<td>{STORY}<tr><td>{MORE}</table>"
    text = one(json.dumps({"text": table}), "a.json").text
    assert text.count("Line 3 of") == 1
    assert text.endswith(f"{STORY}\n{MORE}")


def word_cell(words: str, about: str = "") -> str:
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{paragraph(words) if words else '<w:p/>'}</w:tc>"


WORD = document(
    "<w:tbl><w:tr>" + word_cell("City") + word_cell("Count", '<w:gridSpan w:val="2"/>') + "</w:tr><w:tr>"
    + word_cell("Sfax", '<w:vMerge w:val="restart"/>') + word_cell("2023") + word_cell("12") + "</w:tr><w:tr>"
    + word_cell("", "<w:vMerge/>") + word_cell("2024") + word_cell("13") + "</w:tr><w:tr>"
    + word_cell("Sousse") + word_cell("2025", '<w:vMerge w:val="restart"/>') + word_cell("14") + "</w:tr><w:tr>"
    + word_cell("Gabes") + word_cell("", '<w:vMerge w:val="continue"/>') + word_cell("15") + "</w:tr></w:tbl>"
)  # fmt: skip


def open_cell(words: str, about: str = "") -> str:
    return f"<table:table-cell{about}><text:p>{words}</text:p></table:table-cell>"


_DOWN, _WIDE = ' table:number-rows-spanned="2"', ' table:number-columns-spanned="2"'
_COVERED = "<table:covered-table-cell/>"
OPEN = open_document(
    "<office:text><table:table><table:table-header-rows><table:table-row>" + open_cell("City")
    + open_cell("Count", _WIDE) + _COVERED + "</table:table-row></table:table-header-rows><table:table-row>"
    + open_cell("Sfax", _DOWN) + open_cell("2023") + open_cell("12") + "</table:table-row><table:table-row>"
    + _COVERED + open_cell("2024") + open_cell("13") + "</table:table-row><table:table-row>"
    + open_cell("Sousse") + open_cell("2025", _DOWN) + open_cell("14") + "</table:table-row><table:table-row>"
    + open_cell("Gabes") + _COVERED + open_cell("15") + "</table:table-row></table:table></office:text>"
)  # fmt: skip


def slide_cell(words: str, about: str = "") -> str:
    return f"<a:tc{about}><a:txBody><a:p><a:r><a:t>{words}</a:t></a:r></a:p></a:txBody></a:tc>"


SLIDES = pptx([
    "<a:tbl><a:tr>" + slide_cell("City") + slide_cell("Count", ' gridSpan="2"') + slide_cell("", ' hMerge="1"')
    + "</a:tr><a:tr>" + slide_cell("Sfax", ' rowSpan="2"') + slide_cell("2023") + slide_cell("12")
    + "</a:tr><a:tr>" + slide_cell("", ' vMerge="1"') + slide_cell("2024") + slide_cell("13")
    + "</a:tr><a:tr>" + slide_cell("Sousse") + slide_cell("2025", ' rowSpan="2"') + slide_cell("14")
    + "</a:tr><a:tr>" + slide_cell("Gabes") + slide_cell("", ' vMerge="1"') + slide_cell("15") + "</a:tr></a:tbl>"
])  # fmt: skip


def sheet() -> bytes:
    book = Workbook()
    assert book.active
    for row in (["City", "Count"], ["Sfax", 2023, 12], ["", 2024, 13], ["Sousse", 2025, 14], ["Gabes", "", 15]):
        book.active.append(row)
    for cells in ("B1:C1", "A2:A3", "B4:B5"):
        book.active.merge_cells(cells)
    return saved(book)


@pytest.mark.parametrize(
    ("data", "name"),
    [(WORD, "a.docx"), (OPEN, "a.odt"), (SLIDES, "a.pptx"), (sheet(), "a.xlsx")],
    ids=["docx", "odt", "pptx", "xlsx"],
)
def test_cells_of_documents_that_span_rows(data: bytes, name: str) -> None:
    assert [line for line in one(data, name).text.split("\n") if line] == LINES.split("\n")


def test_cells_of_a_wiki_that_span_rows() -> None:
    markup = (
        "{|\n! City !! colspan=2 | Count\n|-\n| rowspan=2 | Sfax || 2023 || 12\n|-\n| 2024 || 13\n|-\n"
        '| Sousse || rowspan="2" | 2025 || 14\n|-\n| Gabes || 15\n|}\n'
    )
    value = {"query": {"pages": [{"title": "T", "revisions": [{"content": f"{STORY}\n{markup}{MORE}"}]}]}}
    (found,) = read_bytes(json.dumps(value).encode(), "a.json")
    assert isinstance(found, Article)
    assert found.text.split("\n\n") == [STORY, *LINES.split("\n"), MORE]


def test_records_of_a_sheet_that_share_a_cell() -> None:
    book = Workbook()
    assert book.active
    for row in (["Text", "Source", "Date"], [STORY, "Nile", "2024-03-05"], [MORE, "", "2024-03-06"]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    found = list(read_bytes(saved(book), "a.xlsx"))
    assert [(each.source, each.date) for each in found if isinstance(each, Article)] == [
        ("Nile", "2024-03-05"),
        ("Nile", "2024-03-06"),
    ]
