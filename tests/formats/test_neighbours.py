"""Inputs near those of ``cases``: other shapes of the same kinds."""

from __future__ import annotations

import base64
import json
import random
import time

import pytest

from rag.documents import Article
from rag.formats.articles import read_bytes
from rag.formats.drafts import NotRead

STORY = "The level of the water rose by two metres after the rain of last week. Three gates were opened on Friday."
MORE = "Farmers downstream had asked for it in August, when the dam of the valley was nearly empty."
BOTH = f"{STORY}\n\n{MORE}"
ARABIC = "أعلنت وزارة النقل يوم الثلاثاء افتتاح الخط الحديدي الجديد بين المدينتين بعد سنوات من الأشغال."
FRENCH = "Le ministre a inauguré mardi la nouvelle ligne ferroviaire qui relie les deux villes du nord du pays."


def one(data: bytes | str, name: str) -> Article:
    (found,) = read_bytes(data.encode() if isinstance(data, str) else data, name)
    assert isinstance(found, Article), found
    return found


def refusal(data: bytes | str, name: str) -> NotRead:
    (found,) = read_bytes(data.encode() if isinstance(data, str) else data, name)
    assert isinstance(found, NotRead), found
    return found


def feed(*texts: str) -> str:
    entries = "".join(f"<item><title>T</title><description>{text}</description></item>" for text in texts)
    return f"<rss><channel><title>F</title>{entries}</channel></rss>"


def page(head: str = "", body: str = f"<article><p>{STORY}</p><p>{MORE}</p></article>") -> str:
    return f"<html><head><title>T</title>{head}</head><body>{body}</body></html>"


def linked(data: object) -> str:
    return f'<script type="application/ld+json">{data if isinstance(data, str) else json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.html", page(body=f"<p class=MsoNormal><span lang=EN>{STORY.replace(' ', chr(10))}</span></p>"), STORY),
        (
            "a.rss",
            f"<rss><channel><item><description>{STORY.replace(' ', chr(10))}</description></item></channel></rss>",
            STORY,
        ),
        (
            "b.rss",
            feed(f"<![CDATA[{STORY}\n\n<b>Farmers</b>\nhad asked.]]>"),
            f"{STORY}\nFarmers had asked.",
        ),
        ("a.json", json.dumps({"text": f"&lt;p&gt;{STORY}&lt;/p&gt;&lt;p&gt;{MORE}&lt;/p&gt;"}), f"{STORY}\n{MORE}"),
        ("b.json", json.dumps({"text": f"{STORY}\n\n<i>{MORE}</i>"}), BOTH),
        ("c.json", json.dumps({"text": f"<!-- wp:more -->{STORY} 3 < 4 & 5 > 4"}), f"{STORY} 3 < 4 & 5 > 4"),
        ("d.json", json.dumps({"content": {"blocks": [{"data": {"text": STORY}}, {"data": {"text": MORE}}]}}), BOTH),
        (
            "e.json",
            json.dumps({"text": {"ops": [{"insert": "The "}, {"insert": STORY[4:], "attributes": {"bold": True}}]}}),
            STORY,
        ),
        ("f.json", json.dumps({"text": [STORY, ["nested", MORE]]}), f"{STORY}\n\nnested\n\n{MORE}"),
        (
            "g.json",
            json.dumps({"text": f"<p>{STORY}</p><p style='display: none'>HIDDEN</p><div hidden>H<p>I</p></div>"}),
            STORY,
        ),
        ("a.jsonl", json.dumps({"text": f"<p>{STORY}</p>"}).replace("<", "\\u003c"), STORY),
        (
            "a.csv",
            f'text\n"<table><tr><td>Sfax<td>12000<tr><td>Sousse<td>9000</table>{STORY}"',
            f"Sfax | 12000\nSousse | 9000\n{STORY}",
        ),
        (
            "a.md",
            f"| City | People |\n|---|---|\n| Sfax | 12000 |\n\n{STORY}[^1]",
            f"City | People\nSfax | 12000\n\n{STORY}",
        ),
        ("b.md", f'<div dir="rtl">\n{STORY}\n</div>', STORY),
        ("a.txt", f"{STORY}<br/>{MORE} &mdash; &#1575;", f"{STORY}\n{MORE} — ا"),
        ("b.txt", f"<!DOCTYPE html>\n<title>T</title><p>{STORY}<sup><a href='#n1'>1</a></sup></p>", STORY),
        ("two.txt", ARABIC.encode() + b"\n" + ARABIC.encode("cp1256"), f"{ARABIC}\n{ARABIC}"),
    ],
)
def test_texts(name: str, data: bytes | str, text: str) -> None:
    assert one(data, name).text == text


DAYS = (
    linked({"@type": "http://schema.org/OpinionNewsArticle", "datePublished": "2024-03-05"}),
    linked({"@type": "LiveBlogPosting", "datePublished": "2024-03-05"}),
    linked({"@type": "WebPage", "datePublished": "2024-03-05"}),
    linked({"@type": "WebPage", "mainEntity": {"@type": ["ScholarlyArticle"], "datePublished": "2024-03-05"}}),
    linked({"@graph": [{"@type": "WebSite"}, {"@type": "Report", "datePublished": "2024-03-05"}]}),
    linked([[], {"@type": "NewsArticle", "datePublished": "2024-03-05"}]),
    linked("{bad") + linked({"@type": "NewsArticle", "datePublished": "2024-03-05"}),
    linked('<!-- {"@type": "NewsArticle", "datePublished": "2024-03-05",} -->'),
    linked('//<![CDATA[\n{"@type": "NewsArticle", "datePublished": "2024-03-05"}\n//]]>'),
    linked("{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;datePublished&quot;: &quot;2024-03-05&quot;}"),
    '<meta name="date" content="today"><meta name="sailthru.date" content="2024-03-05">',
    '<meta name="article.published" content="5 Mar 2024">',
    '<abbr class="published" title="2024-03-05T10:00">5/3</abbr>',
    '<time class="dt-published">5 March 2024</time>',
    '<span class="post-date">5 آذار/مارس 2024</span>',
    '<div itemprop="datePublished">March 5, 2024</div>',
)
OTHER_DAYS = (
    '<time datetime="2024-03-05">5 March</time>',
    '<aside><time class="published" datetime="2024-03-05"></time></aside>',
    '<span itemprop="dateModified" content="2024-03-05"></span>',
    "<footer>Copyright, 5 March 2024</footer>",
    '<span class="unpublished">5 March 2024</span>',
)


@pytest.mark.parametrize("head", DAYS)
def test_days_of_publication(head: str) -> None:
    assert one(page(head), "a.html").date == "2024-03-05"


def undated(body: str) -> str:
    return page(body=f"{body}<article><p>{STORY}</p></article>")


@pytest.mark.parametrize("body", OTHER_DAYS)
def test_other_days_are_not_those_of_publication(body: str) -> None:
    assert one(undated(body), "a.html").date == ""


@pytest.mark.parametrize(
    ("record", "field", "value"),
    [
        ({"author": "Salma T <salma@news.example>"}, "author", "Salma T"),
        ({"author": "salma@news.example (Salma T)"}, "author", "Salma T"),
        ({"author": "https://news.example/author/9"}, "author", ""),
        ({"author": "Tom &amp;amp; <b>Sue</b>"}, "author", "Tom & Sue"),
        ({"title": {"en": "A title"}}, "title", "A title"),
        ({"date": {"$date": {"$numberLong": "1709632800000"}}}, "date", "2024-03-05"),
        ({"date": {"date": "2024-03-05 10:00:00.000000", "timezone": "UTC"}}, "date", "2024-03-05"),
        ({"date": {"_seconds": 1709632800, "_nanoseconds": 0}}, "date", "2024-03-05"),
        ({"date": 1709632800.0}, "date", "2024-03-05"),
        ({"date": ["2024-03-05"]}, "date", "2024-03-05"),
    ],
)
def test_fields_as_programs_write_them(record: dict[str, object], field: str, value: str) -> None:
    assert getattr(one(json.dumps({"text": STORY, **record}), "a.json"), field) == value


@pytest.mark.parametrize(
    "data",
    [
        {"hits": {"total": 1, "hits": [{"_id": "1", "_source": {"text": STORY}}]}},
        {"data": {"posts": {"edges": [{"node": {"body": STORY}}]}}},
        {"response": {"status": "ok", "results": [{"fields": {"bodyText": STORY}}]}},
        {"tags": [{"name": "x"}], "articles": [{"content": STORY}]},
        {"data": {"type": "article", "attributes": {"body": STORY}}},
    ],
)
def test_records_wherever_they_are_nested(data: object) -> None:
    assert one(json.dumps(data), "a.json").text == STORY


@pytest.mark.parametrize("form", ["{}\n{}\n", "\ufeff[{},\n{}]"])
def test_lines_named_json_are_records(form: str) -> None:
    data = form.format(json.dumps({"text": STORY}), json.dumps({"text": MORE}))
    assert [found.text for found in read_bytes(data.encode(), "a.json") if isinstance(found, Article)] == [STORY, MORE]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (page(body="<h1>404 Not Found</h1><p>nginx/1.18.0</p>"), "a.html"),
        (
            "<title>Access Denied</title><p>You have no permission to see this. Reference #18.2f</p>",
            "a.html",
        ),
        (f"<title>Attention Required! | Cloudflare</title><p>{MORE}</p>", "a.html"),
        ("<title>الصفحة غير موجودة - جريدة</title><p>عذرا، لم نجد ما تبحث عنه. عد إلى الصفحة الأولى.</p>", "a.html"),
        (
            "<title>Le Journal</title><p>Nous et nos partenaires stockons des informations.</p>",
            "a.html",
        ),
        (json.dumps({"title": "502 Bad Gateway", "text": "The server is busy."}), "a.json"),
        (json.dumps({"title": "News", "text": "Please verify you are a human to go on."}), "a.json"),
        (json.dumps({"title": "T", "text": "[deleted]"}), "a.json"),
        (json.dumps({"title": "T", "text": STORY, "status": "draft"}), "a.json"),
        (f"---\ntitle: T\ndraft: true\n---\n{STORY}", "a.md"),
        (f"---\ntitle: T\npublished: false\n---\n{STORY}", "a.md"),
        (f"+++\ntitle = 'T'\ndraft = true\n+++\n{STORY}", "a.md"),
        ("".join(chr(ord(char) - 29) if char.isalpha() else char for char in STORY * 2), "a.txt"),
        (base64.b64encode(random.Random(1).randbytes(600)).decode(), "a.txt"),
    ],
)
def test_what_is_no_article(data: str, name: str) -> None:
    assert refusal(data, name).hint


@pytest.mark.parametrize(
    "title",
    [
        "500 days of war in the east of the country",
        "404 people died on the roads",
        "Access denied to archives for years",
    ],
)
def test_articles_that_begin_as_error_pages_do_are_read(title: str) -> None:
    assert one(json.dumps({"title": title, "text": f"{STORY} {MORE} " * 9}), "a.json").title == title


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        ("en", FRENCH, "fr"),
        ("en", ARABIC, "ar"),
        ("ar", STORY, "en"),
        ("", ARABIC, "ar"),
        ("sw", STORY, "sw"),
        ("fr", FRENCH, "fr"),
    ],
)
def test_the_text_tells_its_language(declared: str, text: str, language: str) -> None:
    found = one(json.dumps({"text": text, "language": declared}), "a.json")
    assert found.language == language
    assert bool(found.warnings) is (declared not in ("", language))


@pytest.mark.parametrize(
    "data",
    [
        f'sep=,\r\ntitle,text\r\nT,"{STORY}"\r\n',
        f'"sep=;"\ntitle;text\nT;"{STORY}"\n',
        f"Report of March\n\ntitle|text\nT|{STORY}\n",
        f"\ufefftitle\ttext\nT\t{STORY}\n",
        f'title;text;price\nT;"{STORY}";3,5\nU;;4,5\n',
    ],
)
def test_tables_however_they_begin_and_part(data: str) -> None:
    found = list(read_bytes(data.encode(), "a.csv"))
    assert isinstance(found[0], Article)
    assert (found[0].title, found[0].text) == ("T", STORY)


JUNK = ("", "\n\n", "Warning: foo in /x.php on line 3\n", "\x0b")
FLAWS = ("", "&nbsp;", "&bogus;", "a & b", "<media:x>y</media:x>", "\x01", "<br>")


def flawed_feed(junk: str, flaw: str) -> bytes:
    return f'{junk}<?xml version="1.0" encoding="utf-8"?>{feed(STORY, f"{flaw} {MORE}")}'.encode()


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("flaw", FLAWS)
def test_flaws_of_feeds(junk: str, flaw: str) -> None:
    first, second = read_bytes(flawed_feed(junk, flaw), "a.rss")
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.text == STORY
    assert MORE in second.text


def test_a_feed_cut_short_keeps_what_came_before() -> None:
    data = feed(STORY, MORE).partition("asked")[0]
    first = next(iter(read_bytes(data.encode(), "a.rss")))
    assert isinstance(first, Article)
    assert first.text == STORY


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", json.dumps({"text": f"{STORY}{' ' * 200_000}end"})),
        ("b.json", json.dumps({"text": STORY, "author": "a" * 200_000, "title": "404" + "a" * 200_000})),
        ("a.md", f"---\ntitle: a: b{' ' * 60_000}x\n---\n{STORY}"),
    ],
)
def test_long_runs_take_no_longer_than_they_are(name: str, data: str) -> None:
    began = time.perf_counter()
    assert one(data, name).text.startswith(STORY)
    assert time.perf_counter() - began < 15  # a pattern that backtracks takes minutes
