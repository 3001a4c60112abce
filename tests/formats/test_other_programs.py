"""What programs other than ours write, in the forms that once were lost or garbled without a word."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from rag.formats.metadata import iso_date
from rag.formats.notes import without_note_numbers
from tests.formats.reading import AR, EN, EN2, read
from tests.zoo.word import document, paragraph


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            {"blocks": [
                {"type": "paragraph", "data": {"text": EN}},
                {"type": "list", "data": {"style": "unordered", "items": ["one thing", "two things"]}},
                {"type": "quote", "data": {"text": EN2, "caption": "the minister"}},
                {"type": "table", "data": {"content": [["City", "Level"], ["Khartoum", "12 m"]]}},
            ]},
            f"{EN}\n\none thing\n\ntwo things\n\n{EN2}\nthe minister\n\nCity | Level\nKhartoum | 12 m",
        ),
        (
            {"type": "doc", "content": [{"type": "paragraph", "content": [
                {"type": "text", "text": "It was "}, {"type": "text", "marks": ["bold"], "text": "full"},
                {"type": "hardBreak"}, {"type": "text", "text": "for years."},
            ]}]},
            "It was full\nfor years.",
        ),
        (
            {"en-US": {"nodeType": "document", "content": [{"nodeType": "paragraph", "content": [
                {"nodeType": "text", "value": "The ministry "},
                {"nodeType": "hyperlink", "content": [{"nodeType": "text", "value": "said"}]},
                {"nodeType": "text", "value": " so."},
            ]}]}},
            "The ministry said so.",
        ),
    ],
    ids=["EditorJS", "ProseMirror", "Contentful"],
)  # fmt: skip
def test_the_blocks_of_editors(value: Any, expected: str) -> None:
    (article,), _ = read(json.dumps({"title": "Dam", "content": value}), "a.json")
    assert article.text == expected


@pytest.mark.parametrize(
    ("value", "title", "date", "author"),
    [
        ({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"title": "Dam", "text": EN}}]},
         "Dam", "", ""),
        ({"db": [{"meta": {"version": "5"}, "data": {"posts": [
            {"title": "Dam", "html": f"<p>{EN}</p>", "plaintext": EN, "status": "published",
             "published_at": "2024-03-05T10:00:00.000Z"}]}}]}, "Dam", "2024-03-05", ""),
        ({"response": {"docs": [{"lead_paragraph": EN, "headline": {"main": "Dam", "kicker": None},
                                 "pub_date": "2024-03-05T10:00:00+0000", "byline": {"original": "By Mona Ali"}}]}},
         "Dam", "2024-03-05", "Mona Ali"),
        ([{"tweet": {"full_text": EN, "created_at": "Tue Mar 05 10:00:00 +0000 2024"}}], "", "2024-03-05", ""),
        ({"hits": [{"title": "Dam", "story_text": EN, "author": "mona", "created_at_i": 1709632800}]},
         "Dam", "2024-03-05", "mona"),
        ({"data": [{"type": "articles", "attributes": {"title": "Dam", "body": {"value": f"<p>{EN}</p>"},
                                                       "created": "2024-03-05T10:00:00+00:00", "status": True}}]},
         "Dam", "2024-03-05", ""),
        ({"message": EN, "@version": "1"}, "", "", ""),
    ],
    ids=["GeoJSON", "Ghost", "NYT", "Twitter", "Algolia", "Drupal", "Logstash"],
)  # fmt: skip
def test_records_of_other_programs(value: Any, title: str, date: str, author: str) -> None:
    (article,), left = read(json.dumps(value), "a.json")
    assert left == []
    assert (article.text, article.title, article.date, article.author) == (EN, title, date, author)


def test_a_text_in_several_languages_is_an_article_in_each() -> None:
    hits = [{"_id": "1", "_source": {"headline": {"ar": "السد", "en": "Dam"}, "body": {"ar": AR, "en": EN}}}]
    found, _ = read(json.dumps({"hits": {"hits": hits}}), "a.json")
    assert [(each.origin, each.title, each.text, each.language) for each in found] == [
        ("a.json#1[ar]", "السد", AR, "ar"),
        ("a.json#1[en]", "Dam", EN, "en"),
    ]


def test_the_lines_that_tell_a_search_engine_what_to_do_are_no_articles() -> None:
    found, left = read(f'{{"index": {{"_id": "1"}}}}\n{json.dumps({"text": EN})}\n', "bulk.jsonl")
    assert ([each.text for each in found], left) == ([EN], [])


@pytest.mark.parametrize(
    "record",
    [
        {"status": "scheduled"}, {"status": False}, {"draft": True}, {"is_published": False}, {"text": "[Removed]"},
        {"content": "[deleted]", "text": ""},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_what_was_not_published_is_left_out_and_no_failure(record: dict[str, Any], name: str) -> None:
    found, (left,) = read(json.dumps({"title": "T", "text": EN, **record}), name)
    assert (found, left.skipped) == ([], True)


def test_a_draft_with_front_matter_is_left_out_too() -> None:
    _, (left,) = read(f"---\ntitle: T\ndraft: true\n---\n{EN}\n", "a.md")
    assert left.skipped


TABLES = {
    "Arabic columns": f'العنوان;النص;تاريخ النشر;الكاتب\nالسد;"{AR}";2024-03-05;بقلم: منى علي\n'.encode("utf-16"),
    "French columns": f"Titre;Texte;Publié le;Auteur\nالسد;{AR};5 mars 2024;Par منى علي\n".encode(),
    "spaces in names": f"Title,Body,Published on,Writer\nالسد,{AR},05.03.2024,منى علي\n".encode(),
}


@pytest.mark.parametrize("data", TABLES.values(), ids=TABLES)
def test_columns_in_the_languages_of_newsrooms(data: bytes) -> None:
    (article,), left = read(data, "a.csv")
    assert left == []
    assert (article.title, article.text, article.date, article.author) == ("السد", AR, "2024-03-05", "منى علي")


def test_quotation_marks_as_some_programs_write_them() -> None:
    escaped, _ = read(f'title,text\n"The \\"big\\" dam","{EN}"\nA,"{EN2}"\n', "a.csv")
    assert [(each.title, each.text) for each in escaped] == [('The "big" dam', EN), ("A", EN2)]
    unquoted, _ = read(f'title\ttext\nDam\t"Full," {EN}\nA\t"{EN2}\n', "a.tsv")
    assert [each.text for each in unquoted] == [f'"Full," {EN}', f'"{EN2}']


def test_a_quotation_mark_that_nothing_closes_is_told() -> None:
    found, (left,) = read(f'title,text\nA,"{EN}"\nB,"{EN2}\nC,{EN}\nD,{EN2}\n', "a.csv")
    assert [each.title for each in found] == ["A"]
    assert (left.origin, "nothing closes" in left.reason) == ("a.csv#2", True)


@pytest.mark.parametrize(
    "date",
    [
        "5 مارس، 2024", "05 \u200fمارس\u200f 2024", "Tue Mar 05 10:00:00 UTC 2024", "Tue Mar 5 10:00:00 2024",
        "Tue Mar 05 10:00:00 +0000 2024",
    ],
)  # fmt: skip
def test_dates_as_programs_write_them(date: str) -> None:
    assert iso_date(date) == "2024-03-05"


WIKITEXT = f"""{{{{date|March 5, 2024}}}}
[[File:Dam.jpg|thumb|The dam]]
{EN} It lies on [[w:Nile|the Nile]] near {{{{w|Khartoum|the capital}}}}.

{{| class=wikitable
! City !! Level
|-
| Khartoum || 12 m
|}}
[[Category:Sudan|Dam]]
[[fr:Barrage]]
"""


def test_links_to_other_wikis_and_tables_of_a_wiki_are_kept() -> None:
    page = {"title": "Dam", "revisions": [{"slots": {"main": {"content": WIKITEXT}}}]}
    (article,), _ = read(json.dumps({"query": {"pages": [page]}}), "a.json")
    assert article.text == f"{EN} It lies on the Nile near the capital.\n\nCity | Level\n\nKhartoum | 12 m"


def test_a_mail_whose_lines_flow_on() -> None:
    mail = "From: Mona <m@x.org>\nSubject: Dam\nContent-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\n"
    (article,), _ = read(f"{mail}It holds 4 \n9 billion \r\n cubic metres.\n\nBye\n-- \nMona\n", "a.eml")
    assert article.text == "It holds 49 billion cubic metres.\n\nBye\n--\nMona"


WORDPRESS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Nile</title>
<wp:author><wp:author_login><![CDATA[mona]]></wp:author_login><wp:author_email>m@x.org</wp:author_email>
<wp:author_display_name><![CDATA[Mona Ali]]></wp:author_display_name></wp:author>
<item><title>Dam</title><dc:creator>mona</dc:creator><wp:status>publish</wp:status><content:encoded><![CDATA[{EN}

[caption id="a" width="300"]<img src="x"/> The dam[/caption]

[gallery ids="1,2"] He said "[it] is full" [sic].]]></content:encoded></item>
<item><title>Secret</title><wp:status>publish</wp:status><wp:post_password>x</wp:post_password>
<content:encoded>{EN}</content:encoded></item></channel></rss>"""


def test_an_export_of_wordpress() -> None:
    (article,), (left,) = read(WORDPRESS, "a.xml")
    assert article.author == "Mona Ali"
    assert article.text.split("\n") == [EN, "The dam", 'He said "[it] is full" [sic].']
    assert left.skipped


def test_the_author_of_an_atom_feed_is_that_of_its_entries() -> None:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><author><name>The Desk</name></author>'
    (one, other), _ = read(
        f"{feed}<entry><title>A</title><summary>{EN}</summary></entry>"
        f"<entry><author><name>Mona</name></author><summary>{EN2}</summary></entry></feed>",
        "a.atom",
    )
    assert (one.author, other.author) == ("The Desk", "Mona")


def test_one_page_of_a_web_archive_that_cannot_be_unpacked_takes_no_other_with_it() -> None:
    pages = {"br": b"\x8b\x00\x80abc\x03", "gzip": gzip.compress(f"<p>{EN}</p><p>{EN2}</p>".encode())}
    data = b""
    for number, (packing, page) in enumerate(pages.items()):
        held = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: %s\r\n\r\n%s" % (
            packing.encode(),
            page,
        )
        data += (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.org/{number}\r\n"
            f"WARC-Date: 2024-06-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(held)}\r\n\r\n"
        ).encode() + held + b"\r\n\r\n"  # fmt: skip
    (article,), (left,) = read(data, "a.warc")
    assert article.origin == "a.warc!https://x.org/1"
    assert left.origin == "a.warc!https://x.org/0"


NITF = f"""<nitf><head><docdata><date.issue norm="20240305T100000Z"/><doc.copyright holder="AFP"/></docdata></head>
<body><body.head><hedline><hl1>Le barrage</hl1><hl2>Il est plein</hl2></hedline>
<byline>Par <person>Mona Ali</person><byttl>AFP</byttl></byline></body.head>
<body.content><p>{EN}</p></body.content></body></nitf>"""


def test_what_agencies_say_beside_the_text() -> None:
    (article,), _ = read(NITF, "a.nitf")
    assert (article.author, article.source, article.title) == ("Mona Ali", "AFP", "Le barrage")
    assert article.text == f"Il est plein\n{EN}"


def test_pictures_of_agencies_are_left_out_and_plain_text_keeps_its_paragraphs() -> None:
    items = (
        '<newsItem><itemMeta><itemClass qcode="ninat:picture"/></itemMeta><contentSet/></newsItem>'
        '<newsItem><contentSet><inlineData contenttype="text/plain">'
        f"{EN}\n\n{EN2}</inlineData></contentSet></newsItem>"
    )
    (article,), (left,) = read(
        f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">{items}</newsMessage>', "a.xml"
    )
    assert article.text == f"{EN}\n\n{EN2}"
    assert left.skipped


@pytest.mark.parametrize("title", ["Gone", "Conflict", "Locked"])
def test_a_headline_that_is_also_a_status_is_a_headline(title: str) -> None:
    found, _ = read(json.dumps({"title": title, "text": EN}), "a.json")
    assert [each.title for each in found] == [title]


def test_an_hour_of_many_digits_is_no_time_of_subtitles() -> None:
    assert read(f"1\n{'9' * 5000}:00:01,000 --> 00:00:02,000\n{EN}\n", "a.srt")[0] == []


def web_page(body: str, head: str = "") -> str:
    return f"<html><head><title>Dam</title>{head}</head><body>{body}</body></html>"


STORY = f"<p>{EN}</p><p>{EN2}</p>"
PERSON = '<span itemprop="author" itemscope>By <a href="x"><span itemprop="name">Mona Ali</span></a></span>'


@pytest.mark.parametrize(
    ("body", "author"),
    [
        (f'{PERSON} <b itemprop="author" itemscope><meta itemprop="name" content="Omar"></b>', "Mona Ali, Omar"),
        ('<span itemprop="author">By Mona Ali</span>', "Mona Ali"),
        ('<meta itemprop="author" content="Mona Ali">', "Mona Ali"),
        ('<a rel="author" href="/m">Mona  Ali</a>', "Mona Ali"),
        ('<a class="p-author h-card" href="/m">Mona Ali</a>', "Mona Ali"),
        ('<div itemprop="comment" itemscope><b itemprop="author">troll</b></div>', ""),
        ('<aside><b itemprop="author">Other</b></aside>', ""),
        ('<h1 itemprop="headline">A</h1><h2 itemprop="headline">B</h2><b itemprop="author">Other</b>', ""),
        (f'<meta property="article:author" content="https://f.org/m">{PERSON}', "Mona Ali"),
    ],
)  # fmt: skip
def test_authors_by_microdata_and_microformats(body: str, author: str) -> None:
    (article,), _ = read(web_page(f"<article itemscope>{body}{STORY}</article>"), "a.html")
    assert article.author == author


def test_what_the_styles_of_a_page_hide_is_not_read() -> None:
    styles = "<style>.c1,.c2 {color:red; display: none} @media print {.c3{display:none}} .no .c4{display:none}</style>"
    hidden = "".join(f'<p class="x c{number}">Words of class {number}.</p>' for number in range(1, 5))
    (article,), _ = read(web_page(f"<article>{STORY}{hidden}</article>", styles), "a.html")
    assert article.text.split("\n") == [EN, EN2, "Words of class 3.", "Words of class 4."]


def test_a_short_story_keeps_its_lines() -> None:
    (article,), _ = read(web_page("<article><p>It rained.</p><p>The dam is full.</p></article>"), "a.html")
    assert article.text == "It rained.\nThe dam is full."


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>6</sup> tonnes, 12 km<sup>2</sup>, 10<sup>-3</sup>", "10⁶ tonnes, 12 km², 10⁻³"),
        ("the 1<sup>st</sup> of May, H<sub>2</sub>O", "the 1st of May, H2O"),
        ('the end.<a href="#footnote-1">1</a> It', "the end. It"),
        ('the end<a href="#n">[2]</a>, and <a href="#b">a link</a>', "the end, and a link"),
    ],
)
def test_raised_digits_and_the_numbers_of_notes(markup: str, text: str) -> None:
    (in_page,), _ = read(web_page(f"<article><p>{markup}</p>{STORY}</article>"), "a.html")
    (in_field,), _ = read(json.dumps({"text": f"<p>{markup}</p>{STORY}"}), "a.json")
    assert in_page.text.split("\n")[0] == in_field.text.split("\n")[0] == text


NOTED = "It was built in 1965.{0} It holds water,{1} said Mona{2} of the G20, over 12 km{3} and 3.1 million m{3}."
FOOT = "\n\n{0} The ministry.\n{1} See chapter 4.\nIt goes on here.\n{2} Interview.\n"


@pytest.mark.parametrize("marks", ["123", "¹²³"])
def test_numbers_of_notes_that_stand_at_the_foot(marks: str) -> None:
    text = (NOTED + FOOT).format(*marks[:3], "²")
    wanted = NOTED.format("", "", "", "²") + FOOT.format(*marks)
    assert without_note_numbers(text) == wanted
    assert without_note_numbers(NOTED.format(*marks, "2")) == NOTED.format(*marks, "2")  # no notes: all stays


@pytest.mark.parametrize(
    "text",
    [
        "Windows11 came in 2021.\n\n11 people saw it.",
        "Do this:\n\n1. Boil 2 litres.\n2. Drink 1 of them.",
        "Version 2.1 is out.\n\n1 May is a holiday.",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert without_note_numbers(text) == text


CHAT = """<div class="page_wrap"><div class="page_header"><div class="content"><div class="text bold">
نشرة الماء</div></div></div><div class="page_body chat_page"><div class="history">
<div class="message service" id="message-1"><div class="body details">5 March 2024</div></div>
<div class="message default clearfix" id="message1"><div class="body"><div class="pull_right date details"
 title="05.03.2024 12:00:01 UTC+02:00">12:00</div><div class="from_name">نشرة الماء </div>
<div class="text">امتلأ <strong>السد</strong> أمس.<br>وفرح <a href="x">الناس</a>.</div></div></div>
<div class="message default clearfix joined" id="message2"><div class="body"><a class="photo_wrap"></a></div></div>
<div class="message default clearfix" id="message3"><div class="body"><div class="date details"
 title="13.03.2024 09:00:01"></div><div class="from_name">Mona Ali</div>
<div class="text">Talks resume.</div></div></div></div></div></div>"""


def test_a_chat_that_telegram_wrote_as_a_page_is_split_by_message() -> None:
    (one, other), (left,) = read(f"<html><body>{CHAT}</body></html>", "messages.html")
    assert (one.text, one.date, one.source, one.author) == (
        "امتلأ السد أمس.\nوفرح الناس.",
        "2024-03-05",
        "نشرة الماء",
        "",
    )
    assert (other.text, other.date, other.author) == ("Talks resume.", "2024-03-13", "Mona Ali")
    assert (left.skipped, "1 messages without words" in left.reason) == (True, True)


DOCUMENT = (
    '<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>Water talks</w:t></w:r></w:p>'
    "<w:p><w:r><w:t>It holds 10</w:t></w:r>"
    '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>6</w:t></w:r></w:p>'
    f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph('Click here.')}</w:sdtContent></w:sdt>"
)


def test_word_keeps_raised_digits_and_says_nothing_of_its_own() -> None:
    (article,), _ = read(document(DOCUMENT), "a.docx")
    assert (article.title, article.text) == ("Water talks", "Water talks\n\nIt holds 10⁶")


def test_rtf_keeps_raised_digits() -> None:
    (article,), _ = read(r"{\rtf1\ansi It holds 10{\super 6} tonnes, 12 km\super 2\nosupersub  wide.\par}", "a.rtf")
    assert article.text == "It holds 10⁶ tonnes, 12 km² wide."


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('Before {{< figure src="x.jpg" >}}after.', "Before after."),
        ("Before {% include x.html %}after.\n{: .lead}", "Before after."),
        ("See [[Nile|the Nile]] and [[Dam]]. ![[pic.png]]%% a remark %%", "See the Nile and Dam."),
        ("It was ~~empty~~ full.[^1]\n\n[^1]: In March.", "It was empty full.\n\nIn March."),
        ("`{{ x }}` and {curly} [[", "{{ x }} and {curly} [["),
    ],
    ids=["Hugo", "Jekyll", "Obsidian", "notes", "other braces"],
)
def test_what_generators_of_sites_put_into_markdown(markup: str, text: str) -> None:
    (article,), _ = read(f'{{"title": "Dam", "date": "2024-03-05"}}\n\n{markup}\n', "a.md")
    assert (article.title, article.date, article.text) == ("Dam", "2024-03-05", text)


def test_lines_above_a_text_that_name_its_fields() -> None:
    (article,), _ = read(f"Title: Dam full\nAuthor: By Mona Ali\nDate: 5 March 2024\n\n{EN}\n", "a.txt")
    assert (article.title, article.author, article.date, article.text) == ("Dam full", "Mona Ali", "2024-03-05", EN)
    (arabic,), _ = read(f"العنوان: السد\nالكاتب: منى\nتاريخ النشر: 5 مارس، 2024\n\n{AR}\n", "a.txt")
    assert (arabic.title, arabic.author, arabic.date, arabic.text) == ("السد", "منى", "2024-03-05", AR)
    (front,), _ = read(f"---\nTitle: Dam full\n---\n{EN}\n", "a.txt")
    assert front.title == "Dam full"
    (other,), _ = read(f"Title: Dam\n\n{EN}\n", "a.txt")
    assert other.text == f"Title: Dam\n\n{EN}"


def test_records_named_as_text_or_page_are_records() -> None:
    for name in ("a.html", "a.txt"):
        (article,), _ = read(json.dumps([{"title": "Dam", "text": EN}]), name)
        assert (article.title, article.text) == ("Dam", EN)
    (text,), _ = read(f'{{"a": 1}} is how an object begins. {EN}', "a.txt")
    assert text.text.startswith('{"a": 1} is how')


def test_nothing_of_a_record_is_lost_by_how_it_is_named() -> None:
    person = {"first_name": "Mona", "last_name": "Ali"}
    body = [{"type": "p", "text": EN}, {"type": "p", "html": f"<b>{EN2}</b>"}]
    (article,), _ = read(json.dumps({"body": body, "author": person}), "a.json")
    assert (article.text, article.author) == (f"{EN}\n\n{EN2}", "Mona Ali")
    (row,), _ = read(f"title,text,text\nDam,{EN},\n", "a.csv")
    assert row.text == EN
