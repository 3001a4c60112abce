"""Centuries and decades are shown as what they are, and their numbers count nothing."""

from __future__ import annotations

import pytest

from rag.entities.glossary import find_renderings
from rag.entities.periods import era_at, find_periods, write_period


@pytest.mark.parametrize(
    ("text", "source", "reader", "expected"),
    [
        ("في القرن العشرين", "ar", "en", [("القرن العشرين", "20th century")]),
        ("القرن التاسع عشر", "ar", "fr", [("القرن التاسع عشر", "XIXe siècle")]),
        ("القرن الأول", "ar", "fr", [("القرن الأول", "Ier siècle")]),
        ("القرن الواحد والعشرين", "ar", "en", [("القرن الواحد والعشرين", "21st century")]),
        ("القرن الـ19 والقرن 20", "ar", "en", [("القرن الـ19", "19th century"), ("القرن 20", "20th century")]),
        ("القرن الثالث قبل الميلاد", "ar", "en", [("القرن الثالث قبل الميلاد", "3rd century BC")]),
        ("القرن الثالث ق.م", "ar", "fr", [("القرن الثالث ق.م", "IIIe siècle av. J.-C.")]),
        ("القرن الثاني الميلادي", "ar", "en", [("القرن الثاني الميلادي", "2nd century")]),
        ("القرن الرابع الهجري", "ar", "en", [("القرن الرابع الهجري", "4th century AH")]),
        ("ثمانينيات القرن العشرين", "ar", "en", [("ثمانينيات القرن العشرين", "1980s")]),
        ("في الستينيات من القرن الماضي", "ar", "fr", [("ستينيات من القرن الماضي", "années 1960")]),
        (
            "بين الستينيات والسبعينيات من القرن الماضي",
            "ar",
            "en",
            [("ستينيات", "1960s"), ("سبعينيات من القرن الماضي", "1970s")],
        ),
        ("ثلاثينيات القرن الثاني عشر", "ar", "en", [("ثلاثينيات القرن الثاني عشر", "1130s")]),
        ("في الثمانينيات", "ar", "en", []),
        ("the nineteenth century", "en", "ar", [("nineteenth century", "القرن التاسع عشر")]),
        ("the 21st century", "en", "ar", [("21st century", "القرن الحادي والعشرين")]),
        ("in the 1980s", "en", "ar", [("1980s", "ثمانينيات القرن العشرين")]),
        ("the 2000s", "en", "ar", [("2000s", "العقد الأول من القرن الحادي والعشرين")]),
        ("au XIXe siècle", "fr", "ar", [("XIXe siècle", "القرن التاسع عشر")]),
        ("les années 1930", "fr", "ar", [("années 1930", "ثلاثينيات القرن العشرين")]),
    ],
)  # fmt: skip
def test_periods_are_rendered(text: str, source: str, reader: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.text, each.gloss) for each in find_renderings(text, source, reader)] == expected


def test_a_period_knows_what_it_is() -> None:
    (decade,) = find_periods("في سبعينيات القرن الثالث ق.م", "ar")
    assert (decade.kind, decade.number, decade.era) == ("decade", 270, "BC")
    (century,) = find_periods("the 3rd century BC", "en")
    assert (century.kind, century.number, century.era) == ("century", 3, "BC")


def test_a_language_that_does_not_write_them_shows_nothing() -> None:
    (century,) = find_periods("القرن العشرين", "ar")
    assert write_period(century, "sw") == ""
    assert find_renderings("القرن العشرين", "ar", "es") == ()


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [("622 هـ", "ar", ("AH", 6)), ("44 BC.", "en", ("BC", 5)), ("44 BCG", "en", ("", 2)), ("44", "sw", ("", 2))],
)
def test_an_era_stands_after_its_number(text: str, language: str, expected: tuple[str, int]) -> None:
    assert era_at(text, len(text.split()[0]), language) == expected
