"""Shapes that lost something without a word: texts of editors as files, rows without quotes, fields of RTF, mails."""

from __future__ import annotations

import json

import pytest

from rag.documents import Article
from rag.formats.articles import read_bytes
from rag.formats.drafts import NotRead
from rag.formats.metadata import iso_date
from rag.formats.pdf import paragraphs
from tests.formats.test_neighbours import MORE, STORY, one, page, refusal
from tests.zoo.office import pptx, shape, xlsx


def leaf(kind: str, *texts: str) -> dict[str, object]:
    return {"type": kind, "children": [{"type": "text", "text": text} for text in texts]}


EDITORJS = {
    "time": 1709633400000,
    "blocks": [
        {"type": "header", "data": {"text": "Dam", "level": 1}},
        {"type": "paragraph", "data": {"text": f"{STORY[:9]}<b>{STORY[9:]}</b>"}},
        {"type": "list", "data": {"style": "ordered", "items": ["One.", "Two."]}},
    ],
    "version": "2",
}
LEXICAL = {
    "root": {
        "type": "root",
        "children": [
            leaf("heading", "Dam"),
            leaf("paragraph", STORY[:9], STORY[9:]),
            {"type": "list", "children": [leaf("listitem", "One."), leaf("listitem", "Two.")]},
        ],
    }
}
QUILL = {
    "ops": [{"insert": STORY[:9]}, {"insert": STORY[9:], "attributes": {"bold": True}}, {"insert": {"image": "a"}}]
}
DRAFT = {"blocks": [{"key": "a", "text": STORY, "type": "unstyled"}, {"key": "b", "text": MORE, "type": "unstyled"}]}
SLATE = [leaf("paragraph", STORY), leaf("paragraph", MORE)]


@pytest.mark.parametrize("kept", [lambda value: value, lambda value: {"title": "T", "body": json.dumps(value)}])
@pytest.mark.parametrize(
    ("value", "blocks"),
    [
        (EDITORJS, ["Dam", STORY, "One.", "Two."]),
        (LEXICAL, ["Dam", STORY, "One.", "Two."]),
        (QUILL, [STORY]),
        (DRAFT, [STORY, MORE]),
        (SLATE, [STORY, MORE]),
    ],
    ids=["EditorJS", "Lexical", "Quill", "Draft.js", "Slate"],
)
def test_a_text_of_an_editor_is_one_article_as_a_file_or_a_string(value: object, blocks: list[str], kept) -> None:
    text = one(json.dumps(kept(value)), "a.json").text
    assert [line for line in text.split("\n") if line] == blocks


def test_sections_may_hold_paragraphs() -> None:
    value = {"title": "T", "sections": [{"heading": "One", "paragraphs": [STORY]}, {"heading": "Two", "body": MORE}]}
    assert one(json.dumps(value), "a.json").text == f"One\n{STORY}\n\nTwo\n{MORE}"


@pytest.mark.parametrize("head", ["text", "date,text", "title,text"])
def test_a_text_without_quotes_at_the_end_of_a_row_is_whole(head: str) -> None:
    before = "2024-03-05," * head.count(",")
    rows = f"{head}\n{before}{STORY}, they said\n{before}{MORE},,\n"
    found = [each for each in read_bytes(rows.encode(), "a.csv") if isinstance(each, Article)]
    assert [each.text for each in found] == [f"{STORY}, they said", MORE]
    assert not any(each.warnings for each in found)


@pytest.mark.parametrize("lines", ['[\n {"text": "x"}\n]', '{\n "text": "x"\n}'])
def test_json_in_many_lines_that_is_named_as_lines_fails_once(lines: str) -> None:
    failed = refusal(lines, "a.jsonl")
    assert (failed.reason, failed.hint) == ("It is JSON in many lines, not an object on each.", "Rename it .json.")


@pytest.mark.parametrize(
    "instruction", [r'{\*\fldinst{HYPERLINK "http://x.org"}}', r"{\*\fldinst HYPERLINK http://x.org }"]
)
def test_a_link_of_rtf_is_its_words(instruction: str) -> None:
    field = rf"{{\field{instruction}{{\fldrslt{{\ul the site}}}}}}"
    assert one(rf"{{\rtf1\ansi {STORY} {field} has it.}}", "a.rtf").text == f"{STORY} the site has it."


def test_the_number_of_a_slide_is_no_text_wherever_it_stands() -> None:
    number = '<p:sp><p:txBody><a:p><a:fld type="slidenum"><a:t>3</a:t></a:fld></a:p></p:txBody></p:sp>'
    assert one(pptx([shape(STORY) + number]), "a.pptx").text == STORY


@pytest.mark.parametrize(
    "element",
    [
        "<template><p>Not shown.</p></template>",
        "<video><p>Not shown.</p></video>",
        "<iframe>Not shown.</iframe>",
        "<select><option>Not chosen.</option></select>",
        "<svg><text>Not read.</text></svg>",
    ],
)
def test_what_a_page_does_not_show_is_no_part_of_its_story(element: str) -> None:
    body = f"<article><p>{STORY}</p>{element}<p>{MORE}</p></article>"
    assert one(page(body=body), "a.html").text == f"{STORY}\n{MORE}"


@pytest.mark.parametrize("opened", ["<iframe src='x'>", "<svg onload=x>", "<video src='x'>", "<template>"])
def test_what_is_never_closed_hides_nothing(opened: str) -> None:
    record = json.dumps({"text": f"<p>{STORY}</p>{opened}<p>{MORE}</p>"})
    assert MORE in one(record, "a.json").text


def test_mails_one_behind_the_other_are_an_article_each() -> None:
    mail = "From a@b.c Tue Mar  5 10:00:00 2024\nFrom: a@b.c\nSubject: {}\n\n{}\n\n".format
    found = read_bytes((mail("A", f"{STORY}\n\nFrom here on.") + mail("B", MORE)).encode(), "a.eml")
    assert [(each.title, each.text) for each in found if isinstance(each, Article)] == [
        ("A", f"{STORY}\n\nFrom here on."),
        ("B", MORE),
    ]


def test_what_is_attached_without_a_name_is_told_by_its_type() -> None:
    attached = f"Content-Type: text/html\nContent-Disposition: attachment\n\n<p>{STORY}</p>"
    parts = f"--b\nContent-Type: text/plain\n\nSee.\n--b\n{attached}\n--b--\n"
    data = f"Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{parts}".encode()
    assert [each.text for each in read_bytes(data, "a.eml") if isinstance(each, Article)] == ["See.", STORY]


def test_a_word_divided_in_a_short_line_is_joined() -> None:
    assert paragraphs(f"Short divi-\nded line, {STORY}\n{STORY}") == f"Short divided line, {STORY} {STORY}"


@pytest.mark.parametrize(
    ("value", "day"),
    [("05.03.24", "2024-03-05"), ("5.3.98, 10:00", "1998-03-05"), ("05/03/24", ""), ("5.3.2.1", ""), ("31.02.24", "")],
)
def test_a_dotted_day_may_have_a_short_year(value: str, day: str) -> None:
    assert iso_date(value) == day


def test_an_author_who_is_an_address_is_followed_by_one_who_is_not() -> None:
    authors = '<meta name="author" content="https://x.org/mona"><meta name="author" content="Mona Ali">'
    assert one(page(authors), "a.html").author == "Mona Ali"


def test_flaws_of_json_that_programs_write() -> None:
    first, second = read_bytes(f'[{{"text": NaN, "title": "T"}}, {{"text": "{STORY}\n{MORE}"}}]'.encode(), "a.json")
    assert isinstance(first, NotRead)
    assert isinstance(second, Article)
    assert second.text == f"{STORY}\n{MORE}"


@pytest.mark.parametrize(
    "value",
    [
        {"rss": {"channel": {"item": [{"title": "T", "content": {"#cdata": STORY}}]}}},
        {"title": "T", "content": [{"blockName": "core/paragraph", "attrs": {}, "innerHTML": f"<p>{STORY}</p>"}]},
    ],
    ids=["feed as JSON", "blocks of WordPress"],
)
def test_what_converters_call_a_text(value: object) -> None:
    assert one(json.dumps(value), "a.json").text == STORY


def test_what_needs_a_password_was_not_published() -> None:
    assert refusal(json.dumps({"text": STORY, "post_password": "x", "post_status": "publish"}), "a.json").skipped


def test_boxes_of_markdown_are_their_words() -> None:
    assert one(f"{STORY}\n\n::: warning\n{MORE}\n:::\n", "a.md").text == f"{STORY}\n\n{MORE}"


@pytest.mark.parametrize(
    "cell", [r"{{\pard\intbl {}\par}}\cell", r"\pard\intbl {}\par \cell ", r"{{{}\par\par}}{{\cell}}"]
)
def test_paragraphs_in_a_cell_of_rtf_tear_no_row_apart(cell: str) -> None:
    rows = "".join(
        r"\trowd\cellx1000\cellx2000 " + "".join(map(cell.format, row)) + r"\row "
        for row in (("Sfax", r"12\par 13"), ("Sousse", "9"))
    )
    text = one(rf"{{\rtf1\ansi {STORY}\par {rows}\pard {MORE}\par}}", "a.rtf").text
    assert text == f"{STORY}\n\nSfax | 12 13\n\nSousse | 9\n\n{MORE}"


def test_columns_of_rtf_that_lay_out_a_page_keep_their_paragraphs() -> None:
    cell = rf"\pard\intbl {STORY}\par {STORY}\par {MORE}\cell "
    text = one(rf"{{\rtf1\ansi\trowd\cellx1000\cellx2000 {cell}{cell}\row}}", "a.rtf").text
    assert text.count("\n\n") > 2


def test_a_cell_of_rtf_is_said_again_whatever_its_letters_are_written_as() -> None:
    city = "".join(f"\\u{ord(char)}?" for char in "صفاقس عاصمة الجنوب التونسي") + r"\rtlch\fcs1\af0 \ltrch\fcs0\f1 "
    above, below = r"\trowd\clvmgf\cellx1000\cellx2000 ", r"\trowd\clvmrg\cellx1000\cellx2000 "
    text = one(rf"{{\rtf1\ansi {above}{city}\cell 1\cell\row {below}\cell 2\cell\row}}", "a.rtf").text
    assert text == "صفاقس عاصمة الجنوب التونسي | 1\n\nصفاقس عاصمة الجنوب التونسي | 2"


@pytest.mark.parametrize("boundary", ["----=_Next.1", '"----=_Next.1"'])
@pytest.mark.parametrize("kind", ["multipart/alternative;", "Multipart/Alternative ;\n "])
def test_boundaries_without_quotes_part_a_mail(boundary: str, kind: str) -> None:
    part = f"------=_Next.1\nContent-Type: text/html ; charset=utf-8\n\n<p>{STORY}</p>\n------=_Next.1--\n"
    data = f"Subject: x\nMIME-Version: 1.0\nContent-Type: {kind} boundary={boundary}\n\n{part}"
    assert one(data, "a.eml").text == STORY


def test_encodings_that_shift_by_escapes_are_believed() -> None:
    text = "東京で新しいダムが完成し、多くの人が集まった。"
    head = b"Subject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
    assert one(head + text.encode("iso-2022-jp"), "a.eml").text == text


def test_escapes_of_a_sheet_are_what_they_stand_for() -> None:
    assert one(xlsx([["A_x000D_B", "c_x0041_"]]), "a.xlsx").text == "A B | cA"
