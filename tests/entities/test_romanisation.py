"""Names in Arabic letters, written by their sound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.entities.romanisation import is_known, romanise
from rag.resources import asset
from rag.text.transliteration import distance, sounds


@pytest.mark.parametrize(
    ("word", "english", "french"),
    [
        ("محمد", "Muhammad", "Mohamed"),
        ("مُحَمَّد", "Muhammad", "Mohamed"),
        ("بوتفليقة", "Bouteflika", "Bouteflika"),
        ("بن", "bin", "ben"),
        ("ماكرون", "Macron", "Macron"),
    ],
)
def test_a_name_of_the_table(word: str, english: str, french: str) -> None:
    assert is_known(word)
    assert romanise(word, "en") == english
    assert romanise(word, "fr") == french


@pytest.mark.parametrize(
    ("word", "english", "french"),
    [
        ("الغزواني", "al-Ghazwani", "al-Ghazwani"),
        ("الغنوشي", "al-Ghanushi", "al-Ghanouchi"),
        ("بورقيبة", "Burqiba", "Bourkiba"),
        ("شيرين", "Shirin", "Chirin"),
        ("مونتكالم", "Montkalm", "Montkalm"),
        ("سبيث", "Sabith", "Sabith"),
        ("بروكهيفن", "Brokhifan", "Brokhifan"),
        ("تشيلسي", "Chilsi", "Tchilsi"),
        ("أوفيليا", "Ofilya", "Ofilya"),
        ("سلطانوف", "Saltanuf", "Saltanouf"),
    ],
)
def test_another_is_spelt_with_the_vowels_it_needs(word: str, english: str, french: str) -> None:
    assert not is_known(word)
    assert (romanise(word, "en"), romanise(word, "fr")) == (english, french)


@pytest.mark.parametrize("word", ["كافانو", "جاكرتا", "رودريغيز", "بوسطن", "نواكشوط", "دامبلدور"])
def test_what_is_written_sounds_like_the_name(word: str) -> None:
    assert distance(sounds(word), sounds(romanise(word, "en"))) < 0.2


def test_a_reader_of_a_language_without_letters_of_its_own_sees_the_english() -> None:
    assert romanise("شيرين", "es") == romanise("شيرين", "en")


def test_the_table_has_a_name_once_and_two_or_three_columns() -> None:
    rows = [line.split("\t") for line in asset("people.tsv").read_text("utf-8").splitlines()[1:]]
    assert {len(row) for row in rows} == {2, 3}
    assert len({row[0] for row in rows}) == len(rows)


@given(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآىةئءؤ", min_size=1, max_size=12))
def test_any_word_is_survived(word: str) -> None:
    assert romanise(word, "en").isascii() or is_known(word)
