"""Which cities of GeoNames become rows of the table, and by which names."""

from __future__ import annotations

from typing import Any

import pytest

from training.city_table import City, cities, plain


def city(name: str, country: str, people: int, *others: str) -> dict[str, Any]:
    return {"name": name, "countrycode": country, "population": people, "alternatenames": list(others)}


GIVEN = {
    "1": city("Bamako", "ML", 4_000_000, "Bamako", "باماكو", "باماکو"),
    "2": city("Tripoli", "LB", 229_398, "Tripoli", "طرابلس"),
    "3": city("Tripoli", "LY", 1_302_947, "Tripoli", "طرابلس"),
    "4": city("Khobar", "SA", 165_799, "Al Khubar", "الخبر"),
    "5": city("Tabqa", "SY", 238_366, "At Tabqah", "الثورة"),  # sounds like none of its names
    "6": city("Vienna", "AT", 1_700_000, "Wien", "فيينا"),
    "7": city("Small", "FR", 20_000, "Small", "سمال"),
    "8": city("Kidal", "ML", 40_030, "Kidal", "كيدال", "ولاية كيدال"),
}


def test_the_largest_has_the_name_and_what_is_a_common_word_is_none() -> None:
    often = {"الخبر": 5.0, "خبر": 4.9, "طرابلس": 4.5}
    rows = list(cities(GIVEN, lambda word: often.get(word, 0.0), {"Vienna": "Vienne"}))
    assert rows == [
        City("Bamako", "Bamako", ("باماكو",)),
        City("Vienna", "Vienne", ("فيينا",)),
        City("Tripoli", "Tripoli", ("طرابلس",)),
        City("Kidal", "Kidal", ("كيدال",)),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Şalālah", "Salalah"),
        ("Aţ Ţaraf", "At Taraf"),
        ("‘Anah", "Anah"),
        ("São Paulo", "São Paulo"),
        ("New York City", "New York"),
    ],
)
def test_a_name_is_written_as_the_press_does(name: str, expected: str) -> None:
    assert plain(name) == expected
