"""The cities of GeoNames, and that no common word is among them."""

from __future__ import annotations

import pytest

from rag.entities.cities import cities
from rag.resources import asset


@pytest.mark.parametrize(
    ("arabic", "english", "french"),
    [
        ("القاهرة", "Cairo", "Le Caire"),
        ("باماكو", "Bamako", "Bamako"),
        ("برشلونة", "Barcelona", "Barcelona"),
        ("طهران", "Tehran", "Téhéran"),
        ("نيويورك", "New York", "New York"),
        ("نواكشوط", "Nouakchott", "Nouakchott"),
    ],
)
def test_a_city_is_known_in_each_language(arabic: str, english: str, french: str) -> None:
    assert (cities("en")[arabic], cities("fr")[arabic]) == (english, french)


@pytest.mark.parametrize(
    "word", ["كان", "الخبر", "الباب", "صور", "العين", "المدينة", "الثورة", "قم", "معسكر", "عنه", "من"]
)
def test_a_common_word_is_none(word: str) -> None:
    assert word not in cities("en")


def test_the_table_names_its_source_and_has_no_marks_of_transliteration() -> None:
    lines = asset("cities.tsv").read_text("utf-8").splitlines()
    assert "GeoNames" in lines[0]
    assert "CC BY 4.0" in lines[0]
    assert len(lines) > 2000
    assert not [line for line in lines if set("āīūḨḩŢţḑ") & set(line)]
