"""Further inputs of the kinds that are read, each in a form that once was lost, garbled, or refused without need."""

from __future__ import annotations

import io
import json
import zipfile
from email.message import EmailMessage

import pytest
from openpyxl import Workbook

from rag.formats.metadata import iso_date
from tests.formats.reading import AR, EN, EN2, read
from tests.zoo.archives import archive
from tests.zoo.office import saved
from tests.zoo.word import document

FR = "L’été dernier, à Bamako, l’armée a été déployée à la frontière où l’état-major décide."


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (["title_ar", "text_ar", "title_en", "body_en"], [("ar", "عنوان", AR), ("en", "Title", EN)]),
        (["titleAr", "bodyAr", "titleEn", "bodyEn"], [("ar", "عنوان", AR), ("en", "Title", EN)]),
        (["title.ar", "text.ar", "title.en", "text.en"], [("ar", "عنوان", AR), ("en", "Title", EN)]),
        (["Arabic Title", "Arabic Text", "English Title", "English Text"], [("ar", "عنوان", AR), ("en", "Title", EN)]),
        (["title", "text_ar", "title_en", "article_id"], [("ar", "عنوان", AR)]),  # an id is no Indonesian
    ],
)
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_columns_that_name_a_language_are_the_text_in_it(
    kind: str, columns: list[str], told: list[tuple[str, str, str]]
) -> None:
    row = dict(zip(columns, ["عنوان", AR, "Title", EN], strict=True))
    quoted = ",".join(f'"{each}"' for each in row.values())
    articles, failed = read(f"{','.join(columns)}\n{quoted}\n" if kind == "csv" else json.dumps([row]), f"a.{kind}")
    assert not failed
    assert [(each.language, each.title, each.text) for each in articles] == told


@pytest.mark.parametrize(
    ("record", "field", "value"),
    [
        ({"body": EN, "createdAt": "2024-03-05T10:00:00Z"}, "date", "2024-03-05"),
        ({"body": EN, "publicationDate": {"$date": {"$numberLong": "1709632800000"}}}, "date", "2024-03-05"),
        ({"bodyText": EN}, "text", EN),
        ({"update_id": 1, "channel_post": {"text": EN, "date": 1709632800}}, "date", "2024-03-05"),
        ({"update_id": 1, "channel_post": {"caption": EN, "date": 1709632800}}, "text", EN),
        ({"content": EN, "author": 7, "_embedded": {"author": [{"name": "Layla H."}]}}, "author", "Layla H."),
        (
            {"content_elements": [{"type": "text", "content": EN}, {"type": "text", "content": EN2}]},
            "text",
            f"{EN}\n\n{EN2}",
        ),
        ({"headlines": {"basic": "The dam"}, "body_html": f"<p>{EN}</p>"}, "title", "The dam"),
        ({"body_html": EN, "credits": {"by": [{"name": "Layla H."}]}}, "author", "Layla H."),
        ({"content": EN, "author": {"node": {"name": "Layla H."}}}, "author", "Layla H."),
        (
            {"paragraphs": [{"name": "a1", "type": 1, "text": EN}, {"name": "a2", "text": EN2}]},
            "text",
            f"{EN}\n\n{EN2}",
        ),
        ({"text": EN, "author": "nan", "byline": "Layla H."}, "author", "Layla H."),
        ({"text": "NaN", "body": EN}, "text", EN),
        ({"text": f"['{EN}', \"{EN2}\"]"}, "text", f"{EN}\n\n{EN2}"),  # as pandas writes a list
        ({"text": f"['{EN}'\n '{EN2}']"}, "text", f"{EN}\n\n{EN2}"),  # as numpy does
        ({"text": EN, "authors": "['Layla H.', 'Sami K.']"}, "author", "Layla H., Sami K."),
        ({"text": f"[Updated] {EN}"}, "text", f"[Updated] {EN}"),
        ({"text": f"<p>{EN}</p><h2>Talks<span class='mw-editsection'>[edit]</span></h2>"}, "text", f"{EN}\nTalks"),
    ],
)
def test_fields_as_programs_write_them(record: dict[str, object], field: str, value: str) -> None:
    (article,), _ = read(json.dumps([record]), "a.json")
    assert getattr(article, field) == value


def test_what_an_agency_has_withdrawn_is_left_out() -> None:
    _, (left,) = read(json.dumps([{"headline": "T", "body_html": EN, "pubstatus": "canceled"}]), "a.json")
    assert left.skipped


def test_objects_one_behind_the_other_are_records() -> None:
    records = [{"title": "A", "text": EN}, {"title": "B", "text": EN2}]
    articles, _ = read("\n".join(json.dumps(each, indent=1) for each in records), "a.json")
    assert [(each.title, each.text) for each in articles] == [("A", EN), ("B", EN2)]
    _, (failed,) = read(json.dumps(records[0]) + "\n{oops", "a.json")
    assert "in line 2" in failed.reason


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("6 أيّار 2018", "2018-05-06"),
        ("السبت، ٩ كانون الأوّل ٢٠٢٣", "2023-12-09"),
        ("9 كانون الاول 2023", "2023-12-09"),
        ("9 كانون ثاني 2023", "2023-01-09"),
        ("9 تشرين ثاني 2023", "2023-11-09"),
        ("5 مايس 2024", "2024-05-05"),
        ("5 مارس آذار 2024", "2024-03-05"),
        ("5 مارس نيسان 2024", ""),
        ("5 فبرایر 2024", "2024-02-05"),  # with the letter of Persian keyboards
        ("١٤٤٥/٩/١٥ هـ", ""),
        ("15/09/1445هـ - 25/03/2024م", "2024-03-25"),
        ("1º de marzo de 2024", "2024-03-01"),
        ("15 aout 2023", "2023-08-15"),
    ],
)
def test_dates_as_newspapers_of_the_region_spell_them(written: str, day: str) -> None:
    assert iso_date(written) == day


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f"{EN}<br>{EN2}", f"{EN}\n{EN2}"),
        ("It holds 10<sup>6</sup> litres & CO<sub>2</sub>, 3 < 4.", "It holds 10⁶ litres & CO2, 3 < 4."),
        ("The toll is <del>12</del> 15.", "The toll is 15."),
        (f"> [!NOTE]\n> {EN}", EN),
        ("The level is ==higher== than in 2022, a == b.", "The level is higher than in 2022, a == b."),
    ],
    ids=["a break", "raised", "deleted", "an alert", "a marker"],
)
def test_markup_within_markdown(markup: str, text: str) -> None:
    (article,), _ = read(markup, "a.md")
    assert article.text == text


def test_a_heading_within_a_block_of_markup_is_the_title() -> None:
    (article,), _ = read(f"<div align=center>\n\n# The dam\n\n</div>\n\n{EN}\n", "a.md")
    assert (article.title, article.text) == ("The dam", EN)


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("The toll is <del>12</del> <ins>15</ins> people.", "The toll is 15 people."),
        ("The <ruby>東京<rp>(</rp><rt>Tokyo</rt><rp>)</rp></ruby> talks ended.", "The 東京 talks ended."),
    ],
)
def test_what_a_page_shows_beside_its_words(sentence: str, says: str) -> None:
    page = f"<html><body><article><h1>The dam</h1><p>{EN}</p><p>{sentence}</p><p>{EN2}</p></article></body></html>"
    (article,), _ = read(page, "a.html")
    assert says in article.text


def test_a_page_drawn_by_scripts_is_read_by_what_it_tells_search_engines() -> None:
    told = json.dumps({"@type": "NewsArticle", "headline": "The dam", "articleBody": f"{EN}\n{EN2}"})
    page = (
        f'<html><head><script type="application/ld+json">{told}</script></head><body><div id=root></div></body></html>'
    )
    (article,), _ = read(page, "a.html")
    assert (article.title, article.text) == ("The dam", f"{EN}\n{EN2}")
    assert "search engines" in article.warnings[0]


@pytest.mark.parametrize(
    "text",
    [
        "Avec votre accord, nous et nos 842 partenaires utilisons des cookies ou technologies similaires.",
        "This domain is for sale. Buy this domain.",
    ],
)
def test_pages_in_front_of_an_article_are_none(text: str) -> None:
    _, (failed,) = read(f"<html><head><title>Site</title></head><body><p>{text}</p></body></html>", "a.html")
    assert "no article" in failed.reason


@pytest.mark.parametrize(
    "text", [FR, f"«{FR}»\n\n{FR}", "Düsseldorf: Die Brücke über die Straße ist für Jahre gesperrt."]
)
def test_text_of_old_macs_is_read(text: str) -> None:
    (article,), _ = read(text.encode("mac-roman"), "a.txt")
    assert article.text == text
    assert "read as mac-roman, which is a guess" in article.warnings


def test_a_text_whose_letters_were_lost_on_the_way_is_refused() -> None:
    _, (failed,) = read(AR.encode("ascii", "replace"), "a.txt")
    assert "letters are in no language" in failed.reason
    (article,), _ = read(f"What??? {EN}", "a.txt")
    assert article.text == f"What??? {EN}"


def test_lines_of_old_macs_are_lines() -> None:
    (article,), _ = read(f"The dam\r\r{EN}\r{EN2}\r", "a.txt")
    assert (article.title, article.text) == ("The dam", f"The dam\n\n{EN}\n{EN2}")


def test_a_mail_whose_plain_part_is_empty_is_read_by_its_other() -> None:
    mail = EmailMessage()
    mail["Subject"] = "The dam"
    mail.set_content(" \n")
    mail.add_alternative(f"<p>{EN}</p>", subtype="html")
    (article,), _ = read(mail.as_bytes(), "a.eml")
    assert article.text == EN


def test_a_mail_in_utf_7_is_read_as_it_says() -> None:
    head = b"Subject: a\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n"
    (article,), _ = read(head + AR.encode("utf-7"), "a.eml")
    assert article.text == AR


@pytest.mark.parametrize(
    ("font", "code", "sign"),
    [
        ("Symbol", "F0B0", "°"),
        ("Symbol", "00B0", "°"),
        ("Symbol", "F06D", "μ"),
        ("Arial", "00E9", "é"),
        ("Wingdings", "F0FC", " "),
    ],
)
def test_signs_that_word_keeps_by_their_codes(font: str, code: str, sign: str) -> None:
    run = f'<w:r><w:t>It was 30</w:t></w:r><w:r><w:sym w:font="{font}" w:char="{code}"/></w:r><w:r><w:t>C.</w:t></w:r>'
    (article,), _ = read(document(f"<w:p>{run}</w:p>"), "a.docx")
    assert article.text == f"It was 30{sign}C."


def test_a_style_of_staroffice_hides_no_text_of_rtf() -> None:
    (article,), _ = read(r"{\rtf1\ansi{\*\generator x}{\f1\i0\*\cs7\cf0 The quick brown fox} jumps.\par}", "a.rtf")
    assert article.text == "The quick brown fox jumps."


def test_a_workbook_of_the_strict_form_is_refused_with_its_cure() -> None:
    with zipfile.ZipFile(io.BytesIO(saved(Workbook()))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    plain = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    data = archive({name: part.replace(plain, strict) for name, part in parts.items()})
    _, (failed,) = read(data, "a.xlsx")
    assert "strict" in failed.reason
    assert ".xlsx" in failed.hint


def test_formulas_without_a_value_are_counted() -> None:
    book = Workbook()
    assert book.active
    for row in (["City", "Count"], ["Sfax", 12], ["All", "=SUM(B2:B2)"]):
        book.active.append(row)
    (article,), _ = read(saved(book), "a.xlsx")
    assert any(warning.startswith("formulas without a value were left out: 1.") for warning in article.warnings)


def test_a_dump_of_a_wiki_is_its_articles() -> None:
    def page(title: str, text: str, more: str = "") -> str:
        return f"<page><title>{title}</title>{more}<revision><text>{text}</text></revision></page>"

    story = f"{{{{تاريخ|5 مارس 2024}}}} {AR} [[تصنيف:مصر]]"
    pages = (
        page("سد", story, "<ns>0</ns>"),
        page("قالب:تاريخ", "x", "<ns>10</ns>"),
        page("السد", "#تحويل [[سد]]", '<ns>0</ns><redirect title="سد"/>'),
    )
    dump = f'<mediawiki xmlns="urn:x" xml:lang="ar"><siteinfo/>{"".join(pages)}</mediawiki>'
    (article,), (left,) = read(dump, "dump.xml")
    assert (article.title, article.text, article.date, article.language) == ("سد", AR, "2024-03-05", "ar")
    assert (left.skipped, left.reason) == (True, "Left out: 2 pages that are no articles, or lead to another.")


@pytest.mark.parametrize(
    ("root", "says"), [("urlset", "sitemap"), ("sitemapindex", "sitemap"), ("TEI", "TEI"), ("plist", "neither RSS nor")]
)
def test_other_xml_is_refused_by_its_name(root: str, says: str) -> None:
    _, (failed,) = read(f'<?xml version="1.0"?><{root} xmlns="urn:x"><a>{EN}</a></{root}>', "a.xml")
    assert says in failed.reason
    assert failed.hint
