"""Terms as a specification: what is found by what."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.analyser import Term, analyse


def terms(text: str, language: str) -> list[str]:
    return [term.text for term in analyse(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        # Arabic
        ("وكانت الجزائر قد بادرت شهر ماي الماضي", "ar", ["جزاير", "ادرت", "شهر", "مايو", "ماضي"]),
        ("الناتج الـGDP والـNATO", "ar", ["ناتج", "gdp", "nato"]),
        ("شركة Reuters للأنباء", "ar", ["شركه", "reuter", "انباء"]),
        ("متى؟ من في ومن", "ar", []),
        ("کتاب در ایران است", "fa", ["كتاب", "ايران"]),
        # English
        ("The ministers' meetings were held in Mali's capital.", "en", ["minist", "meet", "held", "mali", "capit"]),
        ("US and WHO told us who", "en", ["us", "who", "told"]),
        ("the U.S. and the U.S., not e.g. us", "en", ["us", "us", "eg"]),
        ("F-16 and F16, COVID-19, G20", "en", ["f16", "f16", "covid19", "g20"]),
        ("don't", "en", ["don"]),
        # French
        ("Qui a invité l’armée à l'Élysée ?", "fr", ["invit", "arme", "elyse"]),
        ("les élections, des elections", "fr", ["elect", "elect"]),
        # others
        ("¿Cuántas naciones firmaron?", "es", ["nacion", "firm"]),
        ("Türkiye'nin başkenti", "tr", ["turki", "nin", "baske"]),
        ("ракетами и ракеты", "ru", ["ракет", "и", "ракет"]),
        ("हिन्दी में किताबें", "hi", ["हिन्द", "म", "किताब"]),
        ("東京都", "ja", ["東京", "京都"]),
        ("東", "ja", ["東"]),
        ("한국어", "ko", ["한국", "국어"]),
        ("ไทย", "th", ["ไท", "ทย"]),
        ("the Ελλάδα и Россия", "en", ["ελλαδα", "и", "россия"]),
        # nothing
        ("", "en", []),
        ("?! 😀 ...", "en", []),
    ],
)
def test_words(text: str, language: str, expected: list[str]) -> None:
    assert terms(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("١٬٠٠٠ و ۲٬۰۰۰", "ar", ["1000", "2000"]),
        ("1,000 and 1,000,000 and 1,234.5", "en", ["1000", "1000000", "1234.5"]),
        ("1.000 y 1.000.000 y 1.234,5", "es", ["1000", "1000000", "1234.5"]),
        ("1 000 et 1 000 et 12 345,6", "fr", ["1000", "1000", "12345.6"]),
        ("1\u00a0000 and 1\u202f000 or 1 000", "en", ["1000", "1000", "1", "000"]),
        ("1'000", "de", ["1000"]),
        ("3.5 and 3.125", "en", ["3.5", "3.125"]),
        ("3,5 et 3,125", "fr", ["3.5", "3.125"]),
        ("٣٫٥ و 3.5", "ar", ["3.5", "3.5"]),
        ("في 2011م و12 شخصا", "ar", ["2011", "م", "12", "شخصا"]),
        ("12.10.2011, 2011-10-12 and 10:30", "en", ["12", "10", "2011", "2011", "10", "12", "10", "30"]),
        ("2010,2011", "en", ["2010", "2011"]),
        ("the 12th and 1st, 500km, 5G", "en", ["12", "1", "500", "km", "5", "g"]),
        ("le 1er et la 2e", "fr", ["1", "2"]),
        ("1,0000 is odd", "en", ["1.0000", "odd"]),
        ("6½ m²", "en", ["6", "½", "m2"]),
    ],
)
def test_numbers(text: str, language: str, expected: list[str]) -> None:
    assert terms(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "quotes"),
    [
        ("قال: الوُلايَاتُ (المتّحدة)!", "ar", ["قال", "الوُلايَاتُ", "المتّحدة"]),
        ("In the U.S., 1,000 «Élysées»", "en", ["U.S.", "1,000", "Élysées"]),
        ("الـGDP", "ar", ["GDP"]),
        ("ﬁn du 12e", "fr", ["ﬁn", "12"]),
        ("東京都", "ja", ["東京", "京都"]),
        ("le 12.10.2011", "fr", ["12", "10", "2011"]),
    ],
)
def test_offsets_quote_the_original(text: str, language: str, quotes: list[str]) -> None:
    assert [text[term.start : term.end] for term in analyse(text, language)] == quotes


def test_a_term_knows_its_place() -> None:
    assert analyse("In Mali.", "en") == [Term("mali", 3, 7)]


@pytest.mark.parametrize(
    ("question", "question_language", "text", "text_language"),
    [
        ("Which U.S. general?", "en", "الجنرال في الـUS", "ar"),
        ("NATO en 2011", "fr", "حلف NATO عام ٢٠١١", "ar"),
        ("about 1,000 missiles", "en", "environ 1 000 missiles", "fr"),
        ("1.000 misiles", "es", "1,000 missiles", "en"),
    ],
)
def test_names_and_numbers_match_across_languages(
    question: str, question_language: str, text: str, text_language: str
) -> None:
    assert set(terms(question, question_language)) & set(terms(text, text_language))


def test_a_thousand_characters_take_about_a_millisecond() -> None:
    text = "وكانت الجزائر قد بادرت شهر ماي الماضي برفقة دول الساحل إلى تشكيل هيئة أركان مشتركة. " * 1_200
    analyse(text, "ar")
    began = time.thread_time()
    analyse(text, "ar")
    assert time.thread_time() - began < len(text) / 1000 * 0.005  # five times what is usual


@given(
    st.text(
        st.one_of(st.sampled_from(list("aB.1٢, -'ﻻاوُـ東ไ\u0301\u200d\x00\ud800½²")), st.characters()), max_size=100
    ),
    st.sampled_from(["ar", "en", "fr", "fa", "tr", "zh", "und", "xx", ""]),
)
def test_any_text_gives_terms_in_order_that_lie_in_it(text: str, language: str) -> None:
    found = analyse(text, language)
    for term in found:
        assert term.text
        assert 0 <= term.start < term.end <= len(text)
    for before, after in pairwise(found):
        assert before.start <= after.start
