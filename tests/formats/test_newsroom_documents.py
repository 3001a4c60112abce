"""RTF, OpenDocument, PPTX and XLSX: what is shown is read, in order, and what is hidden is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from rag.errors import ArticleError
from rag.formats.drafts import ArticleDraft, Find, NotRead
from rag.formats.open_document import read_open_document
from rag.formats.rich_text import read_rtf
from rag.formats.sheets import read_xlsx
from rag.formats.slides import read_pptx
from tests.zoo.office import open_document, pptx, saved, shape, xlsx


def only(finds: Iterator[Find]) -> ArticleDraft:
    (draft,) = finds
    assert isinstance(draft, ArticleDraft)
    return draft


def rtf(body: str) -> bytes:
    fonts = r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset178 Traditional Arabic;}}"
    return rf"{{\rtf1\ansi\ansicpg1252\deff0{fonts}{body}}}".encode("latin-1")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"\pard One sentence. \b Bold\b0  words.\par Second.\par", "One sentence. Bold words.\n\nSecond."),
        (r"\pard\f1 \'c7\'e1\'d3\'cf \f0 dam", "السد dam"),
        (r"\pard\f1 " + "السد".encode("cp1256").decode("latin-1"), "السد"),
        (r"\uc1\u1575?\u1604?\u1587?\u1583?", "السد"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"Seen {\v hidden }and \v more \v0 seen.", "Seen and seen."),
        (r"Kept {\deleted gone }words.", "Kept words."),
        (r"Said{\footnote \pard Note of the text.} so.", "Said so.\n\nNote of the text."),
        (r"Text.{\shp{\*\shpinst{\sp{\sn n}{\sv 1}}{\shptxt \pard Boxed.\par}}}", "Text.\n\nBoxed."),
        (r"\trowd Sfax\cell 12000\cell\row\trowd Tunis\cell 9\cell\row\pard End.", "Sfax | 12000\n\nTunis | 9\n\nEnd."),
        (r"{\pict\bin5 }{\v}} Text.", "Text."),
        (r"{\header Page head}{\*\generator Word}Text.", "Text."),
        (r"\'93quoted\'94 \emdash  \{braces\}", "“quoted” — {braces}"),
    ],
)
def test_what_rtf_shows(body: str, text: str) -> None:
    assert only(read_rtf(rtf(body))).text.strip() == text


def test_rtf_tells_its_title_and_author() -> None:
    draft = only(read_rtf(rtf(r"{\info{\title D\'e9p\'eache}{\author A. B.}{\company C}}Text.")))
    assert (draft.title, draft.author, draft.text.strip()) == ("Dépêche", "A. B.", "Text.")


@pytest.mark.parametrize(("data", "says"), [(b"plain", "not RTF"), (rtf(r"{\v hidden}"), "no text")])
def test_rtf_that_cannot_be_read(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError, match=says):
        list(read_rtf(data))


HIDDEN = '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<text:h>Title</text:h><text:p>A <text:span>bold</text:span> word.</text:p>", "Title\n\nA bold word."),
        ("<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d</text:p>", "a b\tc\nd"),
        ("<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>", "item"),
        (
            "<text:p>Said<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Note.</text:p>"
            "</text:note-body></text:note> so.</text:p>",
            "Said so.\n\nNote.",
        ),
        (
            "<text:p>Text.<draw:frame><draw:text-box><text:p>Boxed.</text:p></draw:text-box></draw:frame></text:p>",
            "Text.\n\nBoxed.",
        ),
        ("<text:p>Seen<text:span text:style-name='T1'> hidden</text:span>.</text:p>", "Seen."),
        ("<text:section text:display='none'><text:p>hidden</text:p></text:section><text:p>Seen.</text:p>", "Seen."),
        ("<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:p>Kept.</text:p>", "Kept."),
        ("<text:p>Seen<office:annotation><text:p>remark</text:p></office:annotation>.</text:p>", "Seen."),
        (
            "<table:table><table:table-row><table:table-cell><text:p>صفاقس</text:p></table:table-cell>"
            "<table:table-cell table:number-columns-repeated='2'><text:p>12000</text:p></table:table-cell>"
            "<table:table-cell table:number-columns-repeated='16380'/></table:table-row>"
            "<table:table-row table:visibility='collapse'><table:table-cell><text:p>hidden</text:p></table:table-cell>"
            "</table:table-row></table:table>",
            "صفاقس | 12000 | 12000",
        ),
        (
            "<table:table><table:table-column/><table:table-column table:visibility='collapse'/><table:table-column/>"
            "<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>hidden"
            "</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>"
            "</table:table>",
            "a | b",
        ),
    ],
)
def test_what_open_document_shows(body: str, text: str) -> None:
    assert only(read_open_document(open_document(f"<office:text>{body}</office:text>", HIDDEN))).text == text


def test_what_open_document_leaves_out_is_counted() -> None:
    remark = "<office:annotation><text:p>remark</text:p></office:annotation>"
    body = f"<text:p>Seen<text:span text:style-name='T1'> hidden</text:span>.{remark}</text:p>"
    draft = only(read_open_document(open_document(f"<office:text>{body}</office:text>", HIDDEN)))
    assert draft.warnings == ("left out hidden pieces of text: 1", "left out comments: 1")


def test_open_document_tells_its_title_and_author() -> None:
    meta = "<office:meta><dc:title>عنوان</dc:title><meta:initial-creator>A</meta:initial-creator></office:meta>"
    draft = only(read_open_document(open_document("<office:text><text:p>x</text:p></office:text>", meta=meta)))
    assert (draft.title, draft.author) == ("عنوان", "A")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (open_document("<office:text/>"), "no text"),
        (open_document("<office:text/>", manifest="<encryption-data/>"), "locked with a password"),
        (b"PK", "not a readable ZIP"),
    ],
)
def test_open_documents_that_cannot_be_read(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError, match=says):
        list(read_open_document(data))


def test_slides_come_in_their_order_without_what_is_hidden() -> None:
    first = shape("Title", kind="title") + shape("7", kind="sldNum") + shape("hidden", hidden=' hidden="1"')
    second = shape("Point one.", "Point two.")
    cells = "".join(f"<a:tc><a:txBody><a:p><a:r><a:t>{words}</a:t></a:r></a:p></a:txBody></a:tc>" for words in "ab")
    third = f"<p:graphicFrame><a:tbl><a:tr>{cells}</a:tr></a:tbl></p:graphicFrame>"
    fallback = f"<mc:AlternateContent><mc:Choice>{shape('once')}</mc:Choice><mc:Fallback>{shape('once')}</mc:Fallback>"
    data = pptx([first, second, third, f"{fallback}</mc:AlternateContent>", shape("left out")], shape("Note."), [4])
    draft = only(read_pptx(data))
    assert draft.text.split("\n\n") == ["Title", "Note.", "Point one.", "Point two.", "a | b", "once"]
    assert draft.warnings == ("hidden slides were left out: 1",)


def test_groups_and_tables_of_a_slide_that_are_hidden_are_left_out() -> None:
    named = '<p:nv{0}Pr><p:cNvPr id="1" name="n" hidden="1"/></p:nv{0}Pr>'.format
    group = f"<p:grpSp>{named('GrpSp')}{shape('secret')}</p:grpSp>"
    table = f"<p:graphicFrame>{named('GraphicFrame')}{shape('secret too')}</p:graphicFrame>"
    assert only(read_pptx(pptx([group + table + shape("Seen.")]))).text == "Seen."


def test_a_sheet_without_a_column_of_text_is_lines() -> None:
    rows: list[list[object]] = [
        ["المدينة", "عدد", None],
        ["صفاقس", 12000, 0.5],
        [None, None, None],
        ["تونس", date(2011, 10, 12), 1.25],
    ]
    draft = only(read_xlsx(xlsx(rows, "Cities")))
    assert draft.text == "المدينة | عدد\n\nصفاقس | 12000 | 0.5\n\nتونس | 2011-10-12 | 1.25"
    assert (draft.title, draft.place) == ("Cities", "!Cities")


def test_a_sheet_with_a_column_of_text_is_an_article_a_row() -> None:
    rows: list[list[object]] = [
        ["Archive 2011"],
        ["Title", "Text", "Date"],
        ["One", "The dam.", datetime(2011, 10, 12, 8, 30)],
        ["Two"],
    ]
    first, second = read_xlsx(xlsx(rows))
    assert isinstance(first, ArticleDraft)
    assert (first.title, first.text, first.date, first.place) == ("One", "The dam.", "2011-10-12 08:30", "!Sheet#3")
    assert isinstance(second, NotRead)
    assert second.origin == "!Sheet#4"


def test_a_sheet_of_open_document_is_an_article_a_row_too() -> None:
    rows = (("Archive",), ("Title", "Stuk"), ("One", "The dam."), ("Two", "The lake."))
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>".format
    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    sheet = f"<table:table table:name='News'>{lines}</table:table>"
    data = open_document(f"<office:spreadsheet>{sheet}</office:spreadsheet>")
    found = [each for each in read_open_document(data, {"text": "Stuk"}) if isinstance(each, ArticleDraft)]
    assert [(each.title, each.text, each.place) for each in found] == [
        ("One", "The dam.", "!News#3"),
        ("Two", "The lake.", "!News#4"),
    ]
    assert only(read_open_document(data)).text == "Archive\nTitle | Stuk\nOne | The dam.\nTwo | The lake."


def test_sheets_of_open_document_beside_one_of_records_are_lines() -> None:
    def row(*words: str, about: str = "") -> str:
        cells = "".join(f"<table:table-cell><text:p>{each}</text:p></table:table-cell>" for each in words)
        return f"<table:table-row{about}>{cells}</table:table-row>"

    news = row("Title", "Text") + row("One", "The dam.") + row("Two", "secret", about=" table:visibility='filter'")
    sheets = {"News": news, "Empty": "", "Cities": row("Sfax", "12")}
    tables = "".join(f"<table:table table:name='{name}'>{rows}</table:table>" for name, rows in sheets.items())
    found = list(read_open_document(open_document(f"<office:spreadsheet>{tables}</office:spreadsheet>")))
    assert [(each.place, each.text, each.warnings) for each in found if isinstance(each, ArticleDraft)] == [
        ("!News#2", "The dam.", ("left out hidden pieces of text: 1",)),
        ("!Cities", "Sfax | 12", ()),
    ]


def test_columns_go_by_the_names_they_are_given() -> None:
    draft = only(read_xlsx(xlsx([["kop", "artikel"], ["Dam", "De dam."]]), {"title": "kop", "text": "artikel"}))
    assert (draft.title, draft.text) == ("Dam", "De dam.")


def test_what_a_sheet_hides_is_left_out_and_counted() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet
    for row in (["a", "secret", "b"], ["gone", "gone", "gone"], ["c", None, "d"]):
        sheet.append(row)
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[2].hidden = True
    book.create_sheet("Hidden").sheet_state = "hidden"
    sheet["XFD1048576"] = "far"
    sheet["A4"] = 0.125
    sheet["A4"].number_format = "0.0%"
    draft = only(read_xlsx(saved(book)))
    assert draft.text == "a | b\n\nc | d\n\n12.5%\n\nfar"
    assert draft.warnings == ("hidden sheets were left out: 1", "hidden rows and columns of 'Sheet' were left out: 2")


@pytest.mark.parametrize("data", [b"PK", xlsx([["a"]])[:-40], open_document("")])
def test_sheets_that_cannot_be_read(data: bytes) -> None:
    with pytest.raises(ArticleError, match="not a readable"):
        list(read_xlsx(data))
