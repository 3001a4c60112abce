from __future__ import annotations

from dataclasses import replace

import pytest

from rag.errors import ArticleError
from rag.formats.drafts import ArticleDraft
from rag.formats.plain import markdown_text, read_markdown, read_text, split_front_matter

ARTICLE = """---
title: قمة الساحل
date: 2011-10-12
language: ar
source: جريدة
url: https://example.org/sahel
author: [أ. كاتب, ب. كاتبة]
questions:
  - متى أنشئت الهيئة؟
  - ""
  - Who met in Tamanrasset?
---

بادرت الجزائر إلى إنشاء **هيئة أركان**.
"""


def only(finds) -> ArticleDraft:
    (draft,) = finds
    assert isinstance(draft, ArticleDraft)
    return draft


def test_front_matter_becomes_fields_and_the_rest_the_text() -> None:
    draft = only(read_markdown(ARTICLE.encode()))
    assert draft == ArticleDraft(
        text="بادرت الجزائر إلى إنشاء هيئة أركان.",
        title="قمة الساحل",
        date="2011-10-12",
        language="ar",
        source="جريدة",
        url="https://example.org/sahel",
        author="أ. كاتب, ب. كاتبة",
        questions=("متى أنشئت الهيئة؟", "Who met in Tamanrasset?"),
    )


@pytest.mark.parametrize(
    ("markdown", "heading", "text"),
    [
        ("plain", "", "plain"),
        ("# Title\n\nBody", "Title", "Body"),
        ("Intro\n\n# Later\n\nBody", "", "Intro\n\nLater\n\nBody"),
        ("## Part\n\nBody", "", "Part\n\nBody"),
        ("**bold** and *soft* and `code`", "", "bold and soft and code"),
        ("[the site](https://example.org/a_b) said", "", "the site said"),
        ("![a map](map.png) shows", "", "a map shows"),
        ("<b>raw</b> <script>alert(1)</script> text", "", "raw alert(1) text"),
        ("<div>\nblock of HTML\n</div>\n\nText", "", "block of HTML\n\nText"),
        ("- one\n- two", "", "- one\n\n- two"),
        ("2011. كان عاما صعبا", "", "2011. كان عاما صعبا"),  # Markdown takes a year and a dot for a list
        ("1) one\n2) two", "", "1) one\n\n2) two"),
        ("> quoted\n> words", "", "quoted\nwords"),
        ("line one\nline two", "", "line one\nline two"),
        ("```\nx = 1\n```", "", "x = 1"),
        ("a_b_c 5 * 3 * 2", "", "a_b_c 5 * 3 * 2"),
        ("AT&amp;T &copy; 2011", "", "AT&T © 2011"),
        ("", "", ""),
    ],
)
def test_markdown_becomes_plain_text(markdown: str, heading: str, text: str) -> None:
    assert markdown_text(markdown) == (heading, text)


def test_a_heading_is_the_title_where_none_is_given() -> None:
    assert only(read_markdown(b"# The title\n\nThe body.")).title == "The title"
    draft = only(read_markdown(b"---\ntitle: Given\n---\n# Written\n\nThe body."))
    assert (draft.title, draft.text) == ("Given", "Written\n\nThe body.")
    draft = only(read_markdown(b"---\ntitle: Same\n---\n# Same\n\nThe body."))
    assert (draft.title, draft.text) == ("Same", "The body.")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("---\nlanguage: no\n---\nbody", {"language": "no"}),  # YAML 1.1 would say false
        ("---\ndate: 2011-10-12\n---\nbody", {"date": "2011-10-12"}),
        ("---\r\ntitle: T\r\n---\r\nbody", {"title": "T"}),
        ("---\ntitle: T\n...\nbody", {"title": "T"}),
        ("---\n---\nbody", {}),
    ],
)
def test_front_matter_values_stay_as_written(text: str, fields: dict[str, str]) -> None:
    found, body = split_front_matter(text)
    assert found == fields
    assert body.strip() == "body"


@pytest.mark.parametrize(
    "text", ["no front matter", "--- dashes\ntext", "---\nnever closed", "---\nJust a paragraph.\n---\nMore"]
)
def test_what_only_looks_like_front_matter_is_text(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    "matter",
    ["title: [a: b", "a: [1, 2", "\tx: y", "a: &x [*x", "? [" * 3000, "a: " + "x" * 70_000, "title: \x07"],
)
def test_bad_front_matter_is_an_article_error(matter: str) -> None:
    with pytest.raises(ArticleError, match="front matter"):
        split_front_matter(f"---\n{matter}\n---\nbody")


@pytest.mark.timeout(60)  # other loaders would fill the memory
def test_front_matter_that_grows_without_bound_in_other_loaders_stays_small() -> None:
    lines = ["a0: &a0 {k: v}"] + [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 12)]
    fields, body = split_front_matter("---\n" + "\n".join(lines) + "\ntitle: T\n---\nbody")
    assert (fields["title"], body) == ("T", "body")


@pytest.mark.parametrize("body", ["", "   \n", "<!-- nothing -->"])
def test_an_article_without_text_is_an_error(body: str) -> None:
    with pytest.raises(ArticleError, match="no text"):
        only(read_markdown(f"---\ntitle: T\n---\n{body}".encode()))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("قمة الساحل\n\nنص المقال.", "قمة الساحل"),
        ("A title\n\nA body.\n", "A title"),
        ("A sentence, not a title.\n\nA body.", ""),
        ("A question?\n\nA body.", ""),
        ("A title\nits second line\n\nA body.", ""),
        ("A title alone", ""),
        ("A title\n\n", ""),
        ("word " * 40 + "\n\nA body.", ""),
    ],
)
def test_a_first_line_is_a_title_only_where_it_clearly_is_one(text: str, title: str) -> None:
    draft = only(read_text(text.encode()))
    assert draft.title == title
    assert draft.text == text  # the line stays in the text


def test_a_text_file_may_have_front_matter() -> None:
    marked, plain = only(read_markdown(ARTICLE.encode())), only(read_text(ARTICLE.encode()))
    assert replace(plain, text="") == replace(marked, text="")
    assert plain.text.strip() == "بادرت الجزائر إلى إنشاء **هيئة أركان**."


def test_a_first_line_is_the_title_where_the_front_matter_gives_none() -> None:
    draft = only(read_text(b"---\ndate: 2011-10-12\n---\nA headline\n\nThe story."))
    assert (draft.title, draft.date, draft.text) == ("A headline", "2011-10-12", "A headline\n\nThe story.")
