from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.cleaning import clean, clean_line, describe

# What cleaning is about, dense enough that Hypothesis puts it side by side.
TROUBLE = (
    "ab é#1\u0627\u0644\u0653\u0650\u0651\u200c\u200d\u200e\u202e\u2066\ufe0f\ufe0e\u094d\u0915\ufeff\u00ad\ufefb"
    "\ufc60\ufe70\ufe71\ufdfa\ufb01\n\r\u2028\t\u00a0\u034f\u0323\u0301\ue000\x00\x85\ud800\udc00\U000e0041\U0001f44d\U0001f3fd"
)
texts = st.text(st.one_of(st.sampled_from(TROUBLE), st.characters(codec=None, categories=None)))


@pytest.mark.parametrize(
    ("given_text", "expected", "counts"),
    [
        ("plain text", "plain text", {}),
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne", {}),
        ("a\u00a0b\u202fc\u3000d\te", "a b c d e", {}),
        ("a  b \n c", "a b\nc", {}),
        ("a\n\n\n\n\nb", "a\n\nb", {}),
        ("\n a \n", "a", {}),
        ("a\x00b\x07c\x9fd", "abcd", {"control characters": 3}),
        ("in\u202evoice\u202c", "invoice", {"bidi controls": 2}),
        ("\u2066a\u2069\u200f\u061c", "a", {"bidi controls": 4}),
        ("a\u200bb\ufeffc\u2060d\u00ade", "abcde", {"invisible characters": 4}),
        ("a" + "".join(chr(0xE0000 + ord(c)) for c in "obey"), "a", {"tag characters": 4}),
        ("a\ud800b", "ab", {"lone surrogates": 1}),
        ("a\ue000\ufffeb", "ab", {"private or undefined characters": 2}),
        ("a\u200cb", "ab", {"zero-width joiners": 1}),
        ("مي\u200cخواهم", "مي\u200cخواهم", {}),  # Persian: the joint shows
        ("الجزائر\u200c ", "الجزائر", {"zero-width joiners": 1}),
        ("ال\u200dجزائر", "الجزائر", {"zero-width joiners": 1}),
        ("क्\u200dष", "क्\u200dष", {}),  # Hindi: half a letter
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", {}),
        ("❤\ufe0f", "❤\ufe0f", {}),
        ("a\ufe0fb", "ab", {"invisible characters": 1}),
        ("ﺍﻟﺠﺰﺍﺋﺮ", "الجزائر", {"presentation forms": 7}),
        ("ﻻ ﷲ", "لا الله", {"presentation forms": 2}),
        ("كتب\ufe71 \ufe76", "كتب\u064b \u064e", {"presentation forms": 2}),
        ("oﬃce", "office", {"presentation forms": 1}),
        ("½ km² №5", "½ km² №5", {}),
        ("e\u0301te\u0301", "été", {}),
        ("\ufd3eآية\ufd3f", "\ufd3eآية\ufd3f", {}),  # ornate brackets have no plain form
    ],
)
def test_what_is_cleaned_and_counted(given_text: str, expected: str, counts: dict[str, int]) -> None:
    cleaned = clean(given_text)
    assert cleaned.text == expected
    assert dict(cleaned.counts) == counts


@given(texts)
def test_cleaning_never_raises_and_once_is_enough(text: str) -> None:
    once = clean(text)
    twice = clean(once.text)
    assert (twice.text, dict(twice.counts)) == (once.text, {})


@given(texts)
def test_clean_text_can_be_stored_and_shown(text: str) -> None:
    cleaned = clean(text).text
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") and char != "\n" for char in cleaned)
    assert not any(unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF") for char in cleaned)


@given(st.text("abcdefghijklmnop .,!?\n" + "ابتثجحخدذرزسشصضطظعغفقكلمنهوي،؟"))
def test_ordinary_writing_keeps_its_characters(text: str) -> None:
    assert clean(text).text.split() == text.split()
    assert not clean(text).counts


def test_a_line_has_no_line_breaks() -> None:
    assert clean_line(" قمة\r\n\u202eالساحل\t") == "قمة الساحل"


def test_counts_read_as_words() -> None:
    assert describe({"bidi controls": 3, "tag characters": 1, "presentation forms": 12}) == (
        "removed 3 bidi controls",
        "removed 1 tag character",
        "rewrote 12 presentation forms",
    )
