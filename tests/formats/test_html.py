from __future__ import annotations

import json

import pytest

from rag.errors import ArticleError
from rag.formats.drafts import ArticleDraft
from rag.formats.html import declared_charset, page_fields, read_html
from rag.formats.markup import parse_page, whole_text

STORY = "بادرت الجزائر إلى إنشاء هيئة أركان مشتركة مع مالي والنيجر وموريتانيا لمواجهة خطر السلاح القادم من ليبيا. "
PAGE = """<!doctype html><html lang="ar-DZ"><head><meta charset="{charset}"><title>عنوان - الموقع</title>
<meta property="og:title" content="عنوان"><meta property="og:site_name" content="الموقع">
<meta name="author" content="أ. كاتب"><meta property="article:published_time" content="2011-10-12T09:00:00+01:00">
<link rel="canonical" href="https://example.org/a"></head><body>
<nav><a href="/">Home</a> <a href="/more">Most read stories of the day</a></nav>
<article><h1>عنوان</h1><p>{story}</p><p>Last. {story}</p></article>
<footer>Copyright, all rights reserved, 25 December 2012</footer><script>alert("no")</script></body></html>"""


def read(data: bytes) -> ArticleDraft:
    (draft,) = read_html(data)
    assert isinstance(draft, ArticleDraft)
    return draft


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("windows-1256", "cp1256"),
        ("windows-1252", "utf-8"),
        ("no-such", "utf-8"),
        ("utf-8", "utf-16"),
    ],
)
def test_the_story_without_what_is_around_it(charset: str, encoding: str) -> None:
    draft = read(PAGE.format(charset=charset, story=STORY * 3).encode(encoding))
    assert draft.text == f"{(STORY * 3).strip()}\nLast. {(STORY * 3).strip()}"
    assert (draft.title, draft.language, draft.source) == ("عنوان", "ar-DZ", "الموقع")
    assert (draft.date, draft.url) == ("2011-10-12T09:00:00+01:00", "https://example.org/a")
    assert draft.author == "أ. كاتب"
    assert draft.warnings == ()


def test_a_date_in_the_story_is_not_its_date() -> None:
    page = f"<html><body><article><p>On 12 October 2011 {'they met in the south. ' * 20}</p></article></body></html>"
    assert read(page.encode()).date == ""


@pytest.mark.parametrize("depth", [260, 1_000, 100_000])
def test_deep_nesting_keeps_the_text_and_warns(depth: int) -> None:
    page = f"<html><body>{'<div>' * depth}<p>{STORY}</p>{'</div>' * depth}</body></html>"
    draft = read(page.encode())
    assert draft.text == STORY.strip()
    assert draft.warnings == ("the main text was not told apart: the whole page is kept",)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html></html>",
        "<html><head><title>T</title></head><body><script>var x = 1;</script></body></html>",
        "<p> </p>",
        f"<title>T</title><body><script>{'f();' * 900}</script><noscript>Enable JavaScript to read.</noscript></body>",
    ],
)
def test_a_page_without_text_is_an_error(page: str) -> None:
    with pytest.raises(ArticleError, match="no text"):
        read(page.encode())


@pytest.mark.parametrize(
    "page",
    [
        "<" * 20_000,
        "<a " * 20_000,
        "<p>text" + "</" * 20_000,
        "<![CDATA[" * 5_000,
        "&#0;<p>text",
        "<!--",
        "<![foo[ x ]]><p>text",
        "<![if x]>y",
    ],
)
def test_broken_markup_is_read_or_refused(page: str) -> None:
    try:
        draft = read(page.encode())
    except ArticleError:
        return
    assert draft.text.strip()


def test_linked_data_describes_the_article() -> None:
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "name": "Not this"},
            {
                "@type": ["NewsArticle"],
                "headline": "H",
                "datePublished": "2011-10-12",
                "inLanguage": "fr",
                "author": [{"@type": "Person", "name": "A"}, {"name": "B"}],
                "publisher": {"name": "P"},
                "url": "https://example.org/x",
            },
        ],
    }
    fields = page_fields(parse_page(f'<script type="application/ld+json">{json.dumps(data)}</script>'))
    assert fields == {
        "title": "H",
        "language": "fr",
        "source": "P",
        "date": "2011-10-12",
        "url": "https://example.org/x",
        "author": "A, B",
    }


@pytest.mark.parametrize("script", ["{bad", "[" * 5000, "null", "[1]", '{"@graph": 1}', '{"@type": {}}'])
def test_broken_linked_data_is_passed_over(script: str) -> None:
    assert (
        page_fields(parse_page(f'<title>T</title><script type="application/ld+json">{script}</script>'))["title"] == "T"
    )


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ('<meta itemprop="datePublished" content="2011-10-12">', "date", "2011-10-12"),
        ('<meta name="DC.date.issued" content="2011-10-12">', "date", "2011-10-12"),
        ('<time pubdate datetime="2011-10-12">x</time>', "date", "2011-10-12"),
        ('<time itemprop="datePublished" datetime="2011-10-12">x</time>', "date", "2011-10-12"),
        ('<time datetime="2011-10-12">x</time>', "date", ""),  # any day the story tells of
        ('<meta http-equiv="content-language" content="fr">', "language", "fr"),
        ('<meta property="og:locale" content="fr_FR">', "language", "fr_FR"),
        ('<meta property="og:url" content="https://e.org">', "url", "https://e.org"),
        ("<title>T</title><h1>H <b>1</b></h1>", "title", "H 1"),
        ("<title>T</title>", "title", "T"),
        ('<title>T - a | S</title><meta property="og:site_name" content="S">', "title", "T - a"),
        ('<title>S</title><meta property="og:site_name" content="S">', "title", "S"),
        ('<meta name="author" content="First"><meta name="author" content="Second">', "author", "First"),
    ],
)
def test_fields_from_elements(head: str, field: str, value: str) -> None:
    assert page_fields(parse_page(f"<html><head>{head}</head></html>"))[field] == value


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (b'<meta charset="windows-1256">', "windows-1256"),
        (b'<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=ISO-8859-6">', "ISO-8859-6"),
        (b'<?xml version="1.0" encoding="utf-8"?><html>', "utf-8"),
        (b"<html>", ""),
        (b" " * 10_000 + b'<meta charset="x-late">', ""),
    ],
)
def test_the_encoding_a_page_declares(data: bytes, charset: str) -> None:
    assert declared_charset(data) == charset


def test_the_whole_text_has_a_line_for_each_block() -> None:
    page = "<title>T</title><p>one <b>two</b></p><ul><li>three<li>four</ul><style>p {}</style>five<br>six"
    assert whole_text(page) == "one two\nthree\nfour\nfive\nsix"
