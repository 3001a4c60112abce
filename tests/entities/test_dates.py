"""Dates with what stands beside them of day, month and year."""

from __future__ import annotations

import pytest

from rag.entities.dates import Date, find_dates


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("opened on 17 November 1869", "en", {Date(17, 11, 1869)}),
        ("November 17, 1869", "en", {Date(17, 11, 1869)}),
        ("the 5th of May, 1990", "en", {Date(5, 5, 1990)}),
        ("في 26 يوليو/تموز عام 1956", "ar", {Date(26, 7, 1956)}),
        ("في 25 كانون الثاني/يناير 2011", "ar", {Date(25, 1, 2011)}),
        ("في 5 و6 مايو 2010", "ar", {Date(5, 5, 2010), Date(6, 5, 2010)}),
        ("le 1er janvier 2002", "fr", {Date(1, 1, 2002)}),
        ("between 5 and 10 May", "en", {Date(5, 5, 0), Date(10, 5, 0)}),
        ("launched Chandrayaan-3 on 14 July", "en", {Date(14, 7, 0)}),
        ("in March 5,000 people", "en", {Date(0, 3, 0)}),
        ("2011-05-02", "en", {Date(2, 5, 2011)}),
        ("12/05/2011", "fr", {Date(12, 5, 2011), Date(5, 12, 2011)}),
    ],
)
def test_a_date_has_what_stands_beside_it(text: str, language: str, expected: set[Date]) -> None:
    assert set(find_dates(text, language)) == expected


@pytest.mark.parametrize(
    ("other", "agrees"),
    [
        (Date(17, 11, 1869), True),
        (Date(0, 11, 0), True),
        (Date(17, 11, 0), True),
        (Date(26, 11, 1869), False),
        (Date(17, 7, 1869), False),
        (Date(17, 11, 1956), False),
    ],
)
def test_dates_agree_in_what_both_say(other: Date, agrees: bool) -> None:
    assert Date(17, 11, 1869).agrees(other) is agrees
