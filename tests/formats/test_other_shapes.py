"""More shapes of the kinds of ``cases``: other generators, other languages, another order of the same things."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rag.documents import Article
from rag.formats.articles import read_bytes
from rag.formats.decoding import mend_mojibake
from rag.formats.drafts import NotRead
from rag.formats.metadata import iso_date
from rag.formats.notes import without_note_numbers
from tests.formats.test_neighbours import ARABIC, FRENCH, MORE, STORY, feed, linked, one, page, refusal
from tests.zoo.pdfs import latin_page, pdf
from tests.zoo.word import document, paragraph


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([{"type": "paragraph", "children": [{"text": "It "}, {"text": "was", "bold": True}, {"text": " full."}]},
          {"type": "paragraph", "children": [{"text": MORE}]}], f"It was full.\n\n{MORE}"),
        ([{"heading": "One", "text": STORY}, {"heading": "Two", "text": MORE}], f"One\n{STORY}\n\nTwo\n{MORE}"),
        ({"raw": f"<!-- wp:paragraph -->\n<p>{STORY}</p>\n<!-- /wp:paragraph -->", "rendered": ""}, STORY),
        (f"<p>{STORY}</p><svg><title>x</title><text>icon</text></svg><button>Share</button>", STORY),
        (f"<p>{STORY}</p><video src=x>Your browser cannot play it.</video>", STORY),
        (f"<![CDATA[<p>{STORY}</p>]]>", STORY),
        (f"a <b and c> d, 5 &lt; 6. {STORY}", f"a <b and c> d, 5 < 6. {STORY}"),
    ],
    ids=["Slate", "sections", "Gutenberg", "drawings", "films", "CDATA", "less than"],
)  # fmt: skip
def test_texts_as_editors_keep_them(value: Any, text: str) -> None:
    assert one(json.dumps({"title": "T", "content": value}), "a.json").text == text


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ({"kind": "Listing", "data": {"children": [
            {"kind": "t3", "data": {"title": "T", "selftext": STORY, "created_utc": 1709632800.0}}]}}, "2024-03-05"),
        ({"orderedItems": [{"type": "Create", "object": {"name": "T", "content": f"<p>{STORY}</p>",
                                                         "published": "2024-03-05T10:00:00Z"}}]}, "2024-03-05"),
        ({"d": {"results": [{"Title": "T", "Body": STORY, "Created": "/Date(1709632800000+0200)/"}]}}, "2024-03-05"),
        ({"rows": [{"row_idx": 0, "row": {"title": "T", "text": STORY}}]}, ""),
        ([["title", "text"], ["T", STORY]], ""),
        ({"101": {"title": "T", "text": STORY}}, ""),
        ({"data": [{"name": "T", "message": STORY, "created_time": "2024-03-05T10:00:00+0000"}]}, "2024-03-05"),
    ],
    ids=["Reddit", "ActivityPub", "SharePoint", "Hugging Face", "rows", "by number", "Facebook"],
)  # fmt: skip
def test_records_as_services_nest_them(value: Any, date: str) -> None:
    found = one(json.dumps(value), "a.json")
    assert (found.title, found.text, found.date) == ("T", STORY, date)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "draft"}, {"_status": "draft"}, {"moderation_state": "draft"}, {"workflow_state": "unpublished"},
        {"visibility": "private"}, {"is_published": 0}, {"draft": 1}, {"deleted": True},
        {"text": "[removed by moderator]"}, {"text": "ONLY AVAILABLE IN PAID PLANS"},
    ],
    ids=str,
)  # fmt: skip
def test_what_was_never_published_by_other_marks(fields: dict[str, Any]) -> None:
    assert refusal(json.dumps({"title": "T", "text": STORY, **fields}), "a.json").skipped


@pytest.mark.parametrize("mark", ["draft: True", "status: Draft", "published: no", "deleted: yes"])
def test_marks_of_drafts_in_front_matter(mark: str) -> None:
    assert refusal(f"---\ntitle: T\n{mark}\n---\n{STORY}", "a.md").skipped


@pytest.mark.parametrize(
    ("end", "warning"),
    [("… [3500 chars]", "cut off where it comes from, by 3500 characters"), (" [&hellip;]", "cut off where it comes"),
     (" [...]", "cut off where it comes from")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.json", "a.rss"])
def test_texts_that_services_cut_off(name: str, end: str, warning: str) -> None:
    form = json.dumps({"text": STORY + end}) if name == "a.json" else feed((STORY + end).replace("&", "&amp;"))
    found = one(form, name)
    assert found.text == STORY
    assert warning in found.warnings[0]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("nytimes.com", "Please enable JS and disable any ad blocker"),
        ("Error 1020", "Access denied. This website is using a security service to protect itself from attacks."),
        ("Subscribe to read | The Times", "Subscribe to unlock this article. Then 75 a month."),
        ("نحن نستخدم ملفات تعريف الارتباط", "بالنقر على قبول فإنك توافق على استخدام ملفات تعريف الارتباط."),
        ("Sayfa bulunamadı", "Aradığınız sayfa bulunamadı veya taşınmış olabilir."),
        ("صفحه یافت نشد", "صفحه مورد نظر یافت نشد."),
    ],
)
def test_pages_that_are_no_story_in_other_words(title: str, body: str) -> None:
    found = refusal(f"<html><head><title>{title}</title></head><body><p>{body}</p></body></html>", "a.html")
    assert "no article" in found.reason


@pytest.mark.parametrize(
    "head",
    [
        linked({"@type": "WebPage", "mainEntityOfPage": {"@type": "NewsArticle", "datePublished": "2024-03-05"}}),
        linked({"@type": "schema:NewsArticle", "schema:datePublished": "2024-03-05"}),
        linked({"@type": "NewsArticle", "http://schema.org/datePublished": "2024-03-05"}),
        linked({"@type": "NewsArticle", "datePublished": ["2024-03-05", "2024-03-06"]}),
        linked('{"@type": "NewsArticle", "headline": "a "quoted" word", "datePublished": "2024-03-05"}'),
        linked(r'{"@type": "NewsArticle", "headline": "H\x27s \d", "datePublished": "2024-03-05"}'),
        linked({"@type": "NewsArticle", "datePublished": "2024-03-05"}).replace("json", "json; charset=utf-8"),
        '<span property="schema:datePublished" content="2024-03-05"></span>',
        '<div class="publish-date">5 مارس 2024</div>',
        '<p class="publication-date">5 March 2024</p>',
        '<time class="entry-time" datetime="2024-03-05">x</time>',
        '<span class="published">Today</span><span class="published">5 March 2024</span>',
        '<relative-time class="published" datetime="2024-03-05"></relative-time>',
    ],
)
def test_more_ways_to_tell_the_day(head: str) -> None:
    assert one(page(head), "a.html").date == "2024-03-05"


def test_quotes_and_escapes_within_linked_data() -> None:
    found = one(page(linked(r'{"@type": "NewsArticle", "headline": "The "big" dam\x27s \wall"}')), "a.html")
    assert found.title == 'The "big" dam\'s wall'


@pytest.mark.parametrize("value", ["الثلاثاء 05/آذار/2024", "/Date(1709632800000)/", "1709632800.123"])
def test_dates_in_other_forms(value: str) -> None:
    assert iso_date(value) == "2024-03-05"


@pytest.mark.parametrize(
    ("columns", "author"),
    [
        ("Título;Texto;Fecha;Autor", "Ana"), ("Titel;Text;Datum;Autor", "Ana"), ("Titolo;Testo;Data;Autore", "Ana"),
        ("Başlık;Metin;Tarih;Yazar", "Ana"), ("عنوان;متن;تاریخ;نویسنده", "Ana"),
    ],
)  # fmt: skip
def test_columns_in_more_languages(columns: str, author: str) -> None:
    found = one(f"{columns}\nT;{MORE};2024-03-05;{author}\n", "a.csv")
    assert (found.title, found.text, found.author) == ("T", MORE, author)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("---\ntitle: 'L'eau: monte'\n---\n", "'L'eau: monte'"),
        ('---\ntitle: "Dam" is full: yes\n---\n', '"Dam" is full: yes'),
        ("---\ntitle:\tDam\n---\n", "Dam"),
        ('---json\n{"title": "Dam"}\n---\n', "Dam"),
        (';;;\n{"title": "Dam"}\n;;;\n', "Dam"),
        ("---toml\ntitle = 'Dam'\n---\n", "Dam"),
        ("\n\n---\ntitle: Dam\n---\n", "Dam"),
        ("Title: Dam\nSlug: dam\nDate: 2024-03-05\n\n", "Dam"),
        ("% Dam\n% Mona\n% March 5, 2024\n\n", "Dam"),
    ],
)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_front_matter_of_other_programs(head: str, title: str, name: str) -> None:
    found = one(head + STORY, name)
    assert (found.title, found.text) == (title, STORY)


def test_lines_with_colons_that_are_no_fields_are_text() -> None:
    text = f"Place: Cairo\nNote: closed\n\n{STORY}"
    assert one(text, "a.txt").text == text


def test_a_mail_named_as_a_text_is_a_mail() -> None:
    head = "From: Mona <m@x.org>\nSubject: Dam\nDate: Tue, 5 Mar 2024 10:00:00 +0000\nMIME-Version: 1.0\n"
    found = one(f"{head}Content-Type: text/plain; charset=utf-8\n\n{STORY}", "a.txt")
    assert (found.title, found.text, found.author, found.date) == ("Dam", STORY, "Mona", "2024-03-05")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "السد ممتلئ.١ وهطل المطر.٢\n\n١. الوزارة.\n٢. الوكالة.",
            "السد ممتلئ. وهطل المطر.\n\n١. الوزارة.\n٢. الوكالة.",
        ),
        ("It is full.² Rain.³\n\n² A note.\n³ B note.", "It is full. Rain.\n\n² A note.\n³ B note."),
    ],
)
def test_the_numbers_of_notes_in_other_digits(text: str, read: str) -> None:
    assert without_note_numbers(text) == read


@pytest.mark.parametrize(
    "link", ['<sup><a href="https://x.org/a#fn1">1</a></sup>', '<a href="/a#n"><sup>[1]</sup></a>']
)
def test_raised_links_to_notes_of_another_address(link: str) -> None:
    found = one(page(body=f"<article><p>The dam is full.{link} It rained.</p><p>{STORY}</p></article>"), "a.html")
    assert found.text == f"The dam is full. It rained.\n{STORY}"


def test_two_encodings_where_one_is_declared() -> None:
    head = f"<html><head><meta charset=windows-1256><title>T</title></head><body><p>{ARABIC}</p>".encode("cp1256")
    found = one(head + f"<p>{ARABIC}</p></body></html>".encode(), "a.html")
    assert found.text == f"{ARABIC}\n{ARABIC}"
    assert "two encodings" in found.warnings[0]


def test_a_text_misread_twice() -> None:
    assert mend_mojibake(FRENCH.encode().decode("cp1252").encode().decode("cp1252")) == FRENCH


def test_a_story_that_styles_hide_until_scripts_show_it_is_read() -> None:
    styles = "<style>.story, .box {display: none}</style>"
    body = f"<article><div class='story'><p>{STORY}</p><p>{MORE}</p></div><p class='box'>Hidden.</p></article>"
    assert one(page(styles, body), "a.html").text.startswith(f"{STORY}\n{MORE}")
    beside = f"<article><p>{STORY}</p><p>{MORE}</p><p class='box'>Hidden.</p></article>"
    assert one(page(styles, beside), "a.html").text == f"{STORY}\n{MORE}"


def test_a_block_of_word_that_is_there_twice_is_read_once() -> None:
    twice = f"<mc:Choice Requires='x'>{paragraph(STORY)}</mc:Choice><mc:Fallback>{paragraph(STORY)}</mc:Fallback>"
    body = f"<mc:AlternateContent>{twice}</mc:AlternateContent>{paragraph(MORE)}"
    assert one(document(body), "a.docx").text == f"{STORY}\n\n{MORE}"


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.odt"])
def test_what_is_named_as_an_office_document_and_is_none_is_read_as_what_it_is(name: str) -> None:
    assert one(rf"{{\rtf1\ansi {STORY}}}", name).text == STORY


def test_pages_of_short_lines_alone_are_not_lost() -> None:
    rounds = [f"Round {number}: two to one" for number in range(1, 5)]
    assert one(pdf([latin_page([line]) for line in rounds]), "a.pdf").text.split("\n\n") == rounds


def test_a_table_in_json_without_a_text_fails_row_by_row() -> None:
    found = list(read_bytes(b'[["a", "b"], [1, 2]]', "a.json"))
    assert [type(each) for each in found] == [NotRead]
    assert not any(isinstance(each, Article) for each in found)


def pieces(*texts: str) -> list[dict[str, object]]:
    return [{"type": "text", "text": {"content": text}, "plain_text": text, "href": None} for text in texts]


def block(kind: str, *texts: str, **more: object) -> dict[str, object]:
    return {"object": "block", "id": "b", "type": kind, kind: {"rich_text": pieces(*texts), "color": "default", **more}}


ROW = {"object": "block", "type": "table_row", "table_row": {"cells": [pieces("Sfax"), pieces("12", "000")]}}
BLOCKS: list[Any] = [
    block("heading_1", "Dam"),
    block("paragraph", STORY[:20], STORY[20:]),
    {"object": "block", "type": "divider", "divider": {}},
    {
        "object": "block",
        "type": "image",
        "image": {"external": {"url": "https://x.org/a.png"}, "caption": pieces("A.")},
    },
    {**block("toggle", "Open me"), "children": [block("paragraph", "Inside."), ROW]},
    block("callout", "Mind.", children=[block("quote", MORE)]),
]
NOTION = ["Dam", STORY, "A.", "Open me", "Inside.", "Sfax | 12000", "Mind.", MORE]
PAGE = {
    "object": "page",
    "id": "p",
    "url": "https://notion.so/p",
    "properties": {
        "Headline": {"type": "title", "title": pieces("The dam ", "opened")},
        "Date": {"type": "date", "date": {"start": "2024-03-05", "end": None}},
        "Author": {"type": "people", "people": [{"object": "user", "name": "Mona"}]},
    },
}


@pytest.mark.parametrize("value", [BLOCKS, {"object": "list", "results": BLOCKS, "type": "block", "block": {}}])
def test_blocks_of_notion_are_one_article(value: object) -> None:
    assert one(json.dumps(value), "a.json").text.split("\n\n") == NOTION


@pytest.mark.parametrize("name", ["children", "blocks"])
def test_a_page_of_notion_with_its_blocks(name: str) -> None:
    found = one(json.dumps({"object": "list", "results": [{**PAGE, name: BLOCKS}]}), "a.json")
    assert found.text.split("\n\n") == NOTION
    assert (found.title, found.date, found.author, found.url) == (
        *("The dam opened", "2024-03-05", "Mona"),
        "https://notion.so/p",
    )


def test_a_page_of_notion_without_its_blocks_has_no_text() -> None:
    assert "no text" in refusal(json.dumps({"object": "list", "results": [PAGE]}), "a.json").reason
    thrown = refusal(json.dumps({**PAGE, "blocks": BLOCKS, "in_trash": True}), "a.json")
    assert thrown.skipped


@pytest.mark.parametrize(
    "value",
    [
        {"columns": ["title", "text"], "index": [0, 1], "data": [["A", STORY], ["B", MORE]]},
        {"title": {"0": "A", "1": "B"}, "text": {"0": STORY, "1": MORE}},
        {"title": ["A", "B"], "text": [STORY, MORE]},
        {"12": {"title": "A", "text": STORY}, "37": {"title": "B", "text": MORE}},
    ],
    ids=["split", "columns", "lists", "index"],
)
def test_tables_kept_by_columns_are_records(value: object) -> None:
    found = [each for each in read_bytes(json.dumps(value).encode(), "a.json") if isinstance(each, Article)]
    assert [(each.title, each.text, each.source) for each in found] == [("A", STORY, ""), ("B", MORE, "")]


@pytest.mark.parametrize(
    "value",
    [
        {"title": {"rendered": "T"}, "content": {"rendered": f"{STORY}\n\n{MORE}"}},
        {"title": "T", "text": [STORY, MORE], "authors": ["A", "B"]},
        {"text": [STORY, MORE], "authors": ["A", "B"]},
    ],
)
def test_a_record_whose_values_are_alike_is_no_table(value: object) -> None:
    assert one(json.dumps(value), "a.json").text == f"{STORY}\n\n{MORE}"


def test_cells_of_rtf_that_go_on_others() -> None:
    cells = r"\trowd{}\cellx1000{}\cellx2000{}\cellx3000 {{\b {}}}\cell {{{}\cell}}{}\cell\row".format
    rows = [
        cells("", r"\clmgf", r"\clmrg", "City", "Count", ""),
        cells(r"\clvmgf", "", "", "Sfax", "2023", "12"),
        cells(r"\clvmrg", "", "", "", "2024", "13"),
        cells("", r"\clvmgf", "", "Sousse", "2025", "14"),
        cells("", r"\clvmrg", "", "Gabes", "", "15"),
    ]
    lines = "City | Count\n\nSfax | 2023 | 12\n\nSfax | 2024 | 13\n\nSousse | 2025 | 14\n\nGabes | 2025 | 15"
    assert one(rf"{{\rtf1\ansi {STORY}\par {''.join(rows)}\pard {MORE}\par}}", "a.rtf").text == (
        f"{STORY}\n\n{lines}\n\n{MORE}"
    )
