"""Nothing but the program's own markup comes out of rendering, whatever text goes in."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents import Gloss
from rag.rendering import (
    Html,
    button,
    direction_of,
    document,
    drawing,
    element,
    escape,
    join,
    jump,
    leads_to,
    link,
    marked_text,
    safe_url,
    shape,
    text_in,
)
from rag.resources import asset
from tests.fake_assistant import HOSTILE_STRINGS

ASTRAL = "𐎠𐎡𐎢 🙂 ثم 𝒳"


class Reader(HTMLParser):
    """What a browser would see: tags, attributes and text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(str(markup))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(text: str) -> str:
    """Text as it may be shown: unshowable codes replaced."""
    return "".join("\ufffd" if ch == "\x00" or 0xD800 <= ord(ch) <= 0xDFFF else ch for ch in text)


@pytest.mark.parametrize("hostile", HOSTILE_STRINGS)
def test_text_stays_text_in_elements_and_attributes(hostile: str) -> None:
    seen = Reader(element("p", {"title": hostile, "data-copy": hostile}, hostile))
    assert seen.tags == ["p"]
    assert seen.attributes == [("title", shown(hostile)), ("data-copy", shown(hostile))]
    assert seen.text == shown(hostile)


@given(st.text())
def test_any_text_survives_escaping_but_for_unshowable_codes(text: str) -> None:
    markup = escape(text)
    markup.encode("utf-8")
    seen = Reader(element("p", {}, text))
    assert seen.tags == ["p"]
    assert not re.search(r"[<>\"']", markup)
    assert seen.text == re.sub(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]", "\ufffd", text
    )


def test_markup_is_not_escaped_twice_and_text_always_once() -> None:
    inner = element("b", {}, "a<b")
    assert join([inner, "&"]) == "<b>a&lt;b</b>&amp;"
    assert element("p", {}, inner) == "<p><b>a&lt;b</b></p>"
    assert isinstance(escape("x"), Html)


@pytest.mark.parametrize("tag", ["script", "style", "iframe", "img", "svg", "object", "form", "b><script", "", "A"])
def test_tags_that_run_or_load_are_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="may be written"):
        element(tag, {})


@pytest.mark.parametrize("tag", ["script", "image", "use", "foreignobject", "a", "style", "animate", "set", "svg", ""])
def test_only_shapes_are_drawn(tag: str) -> None:
    with pytest.raises(ValueError, match="may be drawn"):
        shape(tag, {})


@pytest.mark.parametrize("hostile", HOSTILE_STRINGS)
def test_text_stays_text_in_a_figure(hostile: str) -> None:
    figure = drawing({"viewbox": "0 0 1 1"}, [shape("text", {"x": 0}, element("b", {}), hostile)])
    seen = Reader(figure)
    assert seen.tags == ["svg", "text"]
    assert seen.text == "<b></b>" + shown(hostile)


@pytest.mark.parametrize("name", ["onload", "style", "src"])
def test_a_shape_has_no_attribute_that_runs_or_loads(name: str) -> None:
    with pytest.raises(ValueError, match="may be written"):
        shape("path", {name: "x"})


def test_a_jump_leads_to_a_plain_name_on_the_same_page() -> None:
    assert jump("set-1", "a<b") == '<a href="#set-1">a&lt;b</a>'
    with pytest.raises(ValueError, match="may be called"):
        jump('x" onclick="', "x")


def test_a_link_within_leads_to_a_page_of_a_plain_name() -> None:
    assert leads_to("articles", "tool", "a<b") == '<a class="tool" dir="auto" href="/articles">a&lt;b</a>'
    for page in ("/evil.example", "a b", "javascript:x", ""):
        with pytest.raises(ValueError, match="may be called"):
            leads_to(page, "tool", "x")


def test_a_document_allows_its_own_style_and_nothing_else() -> None:
    css = "p { color: red; }"
    page = document("a < b", "en", css, element("p", {}, "x"))
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    assert f"default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;" in page
    assert page.startswith('<!doctype html><html lang="en"><head><meta charset="utf-8">')
    assert f"<title>a &lt; b</title><style>{css}</style></head><body><p>x</p></body></html>" in page


def test_a_style_sheet_cannot_end_its_element() -> None:
    with pytest.raises(ValueError, match="style sheet"):
        document("x", "en", "p {} </style><script>")


@pytest.mark.parametrize(
    "name", ["onclick", "onerror", "style", "src", "srcdoc", "formaction", 'x" onload', "", "DATA"]
)
def test_attributes_that_run_or_load_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="may be written"):
        element("p", {name: "x"})


def test_attributes_that_are_absent_true_or_numbers() -> None:
    assert (
        element("p", {"lang": None, "hidden": True, "inert": False, "tabindex": -1}) == '<p hidden tabindex="-1"></p>'
    )
    assert element("br") == "<br>"


ADDRESSES = [
    ("https://news.example/a?b=1&c=2#d", True),
    ("http://127.0.0.1:8000/x", True),
    ("https://مثال.example/مقال", True),
    ("HTTPS://news.example/", True),
    ("javascript:alert(1)", False),
    ("JaVaScRiPt:alert(1)", False),
    (" javascript:alert(1)", False),
    ("java\nscript:alert(1)", False),
    ("data:text/html,<script>", False),
    ("vbscript:x", False),
    ("file:///etc/passwd", False),
    ("//evil.example/x", False),
    ("/relative", False),
    ("https://", False),
    ("https://user:word@evil.example/", False),
    ("https://news.example\\@evil.example/", False),
    ("https://a b/", False),
    ("https://[::1", False),
    ("https://news.example:port/", False),
    ("https://news.example/\x00", False),
    ("", False),
]


@pytest.mark.parametrize(("url", "safe"), ADDRESSES)
def test_only_plain_web_addresses_become_links(url: str, safe: bool) -> None:
    assert safe_url(url) == (url if safe else "")
    markup = link(url, {"class": "tool"}, "there")
    assert ("<a " in markup) == safe
    assert Reader(markup).text == "there"


def test_the_widget_has_the_same_rule() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    script = asset("widget.js").read_text("utf-8")
    rule = script[script.index("function safeLink") :].partition("\n}\n")[0] + "\n}"
    asked = [url for url, _ in ADDRESSES]
    code = f"{rule}\nconsole.log(JSON.stringify({json.dumps(asked)}.map(safeLink)))"
    said = subprocess.run([node, "-e", code], capture_output=True, text=True, check=True, timeout=20)
    assert dict(zip(asked, json.loads(said.stdout), strict=True)) == dict(ADDRESSES)


def test_a_link_tells_its_target_nothing() -> None:
    attributes = dict(Reader(link("https://news.example/", {}, "x")).attributes)
    assert attributes["rel"] == "noopener noreferrer nofollow"
    assert attributes["referrerpolicy"] == "no-referrer"
    assert attributes["target"] == "_blank"


def test_an_href_given_by_hand_is_checked_too() -> None:
    assert element("a", {"href": "javascript:alert(1)"}) == '<a href=""></a>'


@pytest.mark.parametrize(
    ("language", "lang"), [("ar", "ar"), ("und", None), ("<i>", None), ("", None), ('ar" x="', None)]
)
def test_text_finds_its_direction_and_names_its_language(language: str, lang: str | None) -> None:
    attributes = dict(Reader(text_in(language, "p", {}, "x")).attributes)
    assert attributes["dir"] == "auto"
    assert attributes.get("lang") == lang


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fa", "rtl"), ("fr", "ltr"), ("und", None)])
def test_direction_of_a_language(language: str, direction: str | None) -> None:
    assert direction_of(language) == direction


def test_button_names_become_attributes() -> None:
    markup = button("1", "marker", data_key=3, aria_label="Quote 1")
    assert markup == '<button type="button" class="marker" dir="auto" data-key="3" aria-label="Quote 1">1</button>'


@pytest.mark.parametrize(
    ("highlights", "expected"),
    [
        ([], "abcdefgh"),
        ([(10, 13)], "<mark>abc</mark>defgh"),
        ([(12, 14), (16, 18)], "ab<mark>cd</mark>ef<mark>gh</mark>"),
        ([(10, 13), (12, 15)], "<mark>abcde</mark>fgh"),
        ([(10, 18), (12, 13)], "<mark>abcdefgh</mark>"),
        ([(12, 14), (14, 16)], "ab<mark>cdef</mark>gh"),
        ([(16, 18), (10, 12)], "<mark>ab</mark>cdef<mark>gh</mark>"),
        ([(0, 12)], "<mark>ab</mark>cdefgh"),
        ([(16, 99)], "abcdef<mark>gh</mark>"),
        ([(0, 10), (18, 20), (-5, 3)], "abcdefgh"),
        ([(14, 14), (15, 12)], "abcdefgh"),
    ],
)
def test_highlights_are_cut_to_the_text_and_merged(highlights: list[tuple[int, int]], expected: str) -> None:
    assert marked_text("abcdefgh", 10, highlights) == expected


def test_neighbouring_words_are_marked_as_one() -> None:
    assert marked_text("one two, three", 0, [(0, 3), (4, 7), (9, 14)]) == "<mark>one two</mark>, <mark>three</mark>"


def test_highlights_count_characters_beyond_the_basic_plane_as_one() -> None:
    at = ASTRAL.index("🙂")
    assert f"<mark>{ASTRAL[at : at + 4]}</mark>" in marked_text(ASTRAL, 0, [(at, at + 4)])


ANSWERS = '<mark class="answers" title="They answer">'


@pytest.mark.parametrize(
    ("highlights", "answers", "expected"),
    [
        ([(10, 11)], [(12, 14)], f"<mark>a</mark>b{ANSWERS}cd</mark>efgh"),
        ([(10, 16)], [(12, 14)], f"<mark>ab</mark>{ANSWERS}cd</mark><mark>ef</mark>gh"),
        ([(12, 14)], [(10, 16)], f"{ANSWERS}abcdef</mark>gh"),
        ([], [(16, 99)], f"abcdef{ANSWERS}gh</mark>"),
        ([(10, 11)], [(2, 9)], "<mark>a</mark>bcdefgh"),
    ],
)
def test_the_words_that_answer_are_marked_unlike_those_that_match(
    highlights: list[tuple[int, int]], answers: list[tuple[int, int]], expected: str
) -> None:
    assert marked_text("abcdefgh", 10, highlights, answers=answers, answers_title="They answer") == expected


def test_a_captioned_word_answers_if_part_of_it_does() -> None:
    text = "مثل ومالي ثم"
    start = text.index("مالي")
    glosses = [Gloss(start, start + 4, "مالي", "Mali")]
    markup = marked_text(text, 0, [(0, 3)], glosses, "en", answers=[(start, start + 4)])
    assert markup.startswith('<mark>مثل</mark> <mark class="answers"><ruby>ومالي<rp>')


def test_a_gloss_is_a_caption_under_its_word() -> None:
    text = "في الجزائر اليوم"
    markup = marked_text(text, 100, [(103, 110)], [Gloss(103, 110, "الجزائر", "Algeria")], "en")
    assert markup == (
        'في <mark><ruby>الجزائر<rp> (</rp><rt dir="auto" lang="en">Algeria</rt><rp>)</rp></ruby></mark> اليوم'
    )


def test_a_caption_covers_the_whole_word_so_that_arabic_letters_stay_joined() -> None:
    text = "مثل ومالي ثم"
    start = text.index("مالي")
    markup = marked_text(text, 0, [(start, start + 4)], [Gloss(start, start + 4, "مالي", "Mali")], "en")
    assert "<mark><ruby>ومالي<rp>" in markup


@pytest.mark.parametrize(
    "glosses",
    [
        [Gloss(0, 3, "abc", "x"), Gloss(2, 4, "c ", "y")],
        [Gloss(0, 3, "abc", "x"), Gloss(50, 60, "", "y")],
        [Gloss(0, 3, "abc", "x"), Gloss(-3, 1, "", "y"), Gloss(5, 4, "", "z"), Gloss(4, 7, "def", "")],
    ],
)
def test_glosses_that_overlap_lie_outside_or_say_nothing_are_left_out(glosses: list[Gloss]) -> None:
    markup = marked_text("abc def", 0, [], glosses, "en")
    assert markup.count("<ruby>") == 1
    assert ">x</rt>" in markup


spans = st.tuples(st.integers(-5, 60), st.integers(-5, 60))


@given(
    st.text(alphabet="ab <>&\"'\u0627\u0644\u0645🙂\n", max_size=40),
    st.integers(0, 10),
    st.lists(spans, max_size=6),
    st.lists(spans, max_size=4),
    st.lists(spans, max_size=2),
)
def test_wrong_offsets_never_lose_a_letter(
    text: str,
    origin: int,
    highlights: list[tuple[int, int]],
    glossed: list[tuple[int, int]],
    answers: list[tuple[int, int]],
) -> None:
    markup = marked_text(text, origin, highlights, [Gloss(s, e, "", "g") for s, e in glossed], "en", answers)
    without_captions = re.sub(r"<rp>.*?</rp>|<rt .*?</rt>", "", markup)
    seen = Reader(without_captions)
    assert seen.text == text
    assert set(seen.tags) <= {"mark", "ruby"}


@given(st.lists(spans, max_size=6))
def test_marked_characters_are_exactly_those_highlighted(highlights: list[tuple[int, int]]) -> None:
    text = "".join(chr(0x4E00 + i) for i in range(40))
    markup = marked_text(text, 5, highlights)
    marked = set("".join(re.findall(r"<mark>(.*?)</mark>", markup)))
    assert marked == {text[at - 5] for s, e in highlights for at in range(s, e) if 5 <= at < 45}
