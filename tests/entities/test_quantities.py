"""Quantities of a text: the unit in any of its words, and two of them compared by what they amount to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rag.entities.quantities import Quantity, find_quantities


def found(text: str, language: str) -> list[tuple[str, str]]:
    return [(str(each.value), each.units[0].kind) for each in find_quantities(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("193 miles", "en", [("193", "length")]),
        ("a 476-foot-tall tower", "en", [("476", "length")]),
        ("يبلغ طولها 193 كيلومترا", "ar", [("193", "length")]),
        ("145 Meter hoch", "de", [("145", "length")]),
        ("5,15 GW", "fr", [("5.15", "power")]),
        ("قدرته 5,150 ميجاوات", "ar", [("5150", "power")]),
        ("$5 billion", "en", [("5000000000", "money-dollar")]),
        ("5 milliards de dollars", "fr", [("5000000000", "money-dollar")]),
        ("£5m", "en", [("5", "money-pound")]),
        ("12 في المئة", "ar", [("12", "concentr")]),
        ("120 km/h", "en", [("120", "speed")]),
        ("37 degrees Celsius", "en", [("37", "temperature")]),
        ("2 to 4 inches", "en", [("2", "length"), ("4", "length")]),
        ("خلال عقدين", "ar", [("2", "duration")]),
        ("ربع قرن", "ar", [("0.25", "duration")]),
        ("un demi-siècle", "fr", [("0.5", "duration")]),
        ("half a century", "en", [("0.5", "duration")]),
        ("over the past decade", "en", [("1", "duration")]),
        ("la dernière décennie", "fr", [("1", "duration")]),
        ("خلال العقد الماضي", "ar", [("1", "duration")]),
        ("193 people", "en", [("193", "things")]),
        ("in 1990 in Paris", "en", []),
        ("the 5th century", "en", []),
    ],
)
def test_a_number_has_the_unit_beside_it(text: str, language: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, language) == expected


def one(text: str, language: str) -> Quantity:
    return find_quantities(text, language)[0]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("476 feet", "en"), ("145 مترا", "ar"), True),
        (("486 feet", "en"), ("145 مترا", "ar"), False),
        (("5.15 GW", "en"), ("5150 ميغاواط", "ar"), True),
        (("5.51 GW", "en"), ("5150 ميغاواط", "ar"), False),
        (("25 years", "en"), ("ربع قرن", "ar"), True),
        (("35 ans", "fr"), ("ربع قرن", "ar"), False),
        (("20 years", "en"), ("عقدين", "ar"), True),
        (("dix ans", "fr"), ("العقد الماضي", "ar"), True),
        (("27 degrés", "fr"), ("80 درجة", "ar"), True),
        (("37 degrés", "fr"), ("80 درجة", "ar"), False),
        (("7,5 cm", "fr"), ("3 بوصات", "ar"), True),
        (("213 km", "en"), ("130 miles", "en"), False),
        (("209 km", "en"), ("130 miles", "en"), True),
        (("98.6 °F", "en"), ("37 °C", "en"), True),
        (("193 miles", "en"), ("193 km", "en"), False),
        (("193 dollars", "en"), ("193 km", "en"), False),
        (("146 metres", "en"), ("145 metres", "en"), False),
        (("5 dollars a barrel", "en"), ("5 dollars per tonne", "en"), False),
        (("70 dollars per barrel", "en"), ("70 دولارا للبرميل", "ar"), True),
    ],
)
def test_two_quantities_are_compared_by_what_they_amount_to(
    first: tuple[str, str], second: tuple[str, str], same: bool
) -> None:
    assert one(*first).amounts_to(one(*second)) is same


def test_a_quantity_knows_its_place() -> None:
    text = "It is 193 kilometres long."
    quantity = one(text, "en")
    assert (text[quantity.start : quantity.end], quantity.value) == ("193 kilometres", Decimal(193))
