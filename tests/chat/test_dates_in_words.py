"""Days in words, in the three languages, as the filters of the chat take them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chat.dates_in_words import day_meant

WEDNESDAY = date(2024, 5, 15)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2011-10-12", "2011-10-12", "2011-10-12"),
        (" 2011-10-12 ", "2011-10-12", "2011-10-12"),
        ("12/10/2011", "2011-10-12", "2011-10-12"),
        ("2011", "2011-01-01", "2011-12-31"),
        ("٢٠١١", "2011-01-01", "2011-12-31"),
        ("2012-02", "2012-02-01", "2012-02-29"),
        ("October 2011", "2011-10-01", "2011-10-31"),
        ("octobre 2011", "2011-10-01", "2011-10-31"),
        ("أكتوبر 2011", "2011-10-01", "2011-10-31"),
        ("since 2011", "2011-01-01", "2011-12-31"),
        ("depuis 2011", "2011-01-01", "2011-12-31"),
        ("jusqu'en 2011", "2011-01-01", "2011-12-31"),
        ("منذ 2011", "2011-01-01", "2011-12-31"),
        ("today", "2024-05-15", "2024-05-15"),
        ("yesterday", "2024-05-14", "2024-05-14"),
        ("hier", "2024-05-14", "2024-05-14"),
        ("أمس", "2024-05-14", "2024-05-14"),
        ("3 days ago", "2024-05-12", "2024-05-12"),
        ("il y a 3 jours", "2024-05-12", "2024-05-12"),
        ("منذ 3 أيام", "2024-05-12", "2024-05-12"),
        ("last week", "2024-05-08", "2024-05-08"),
        ("la semaine dernière", "2024-05-08", "2024-05-08"),
        ("الأسبوع الماضي", "2024-05-08", "2024-05-08"),
        ("last month", "2024-04-01", "2024-04-30"),
        ("le mois dernier", "2024-04-01", "2024-04-30"),
        ("الشهر الماضي", "2024-04-01", "2024-04-30"),
        ("last year", "2023-01-01", "2023-12-31"),
        ("l'année dernière", "2023-01-01", "2023-12-31"),
        ("العام الماضي", "2023-01-01", "2023-12-31"),
    ],
)
def test_words_become_the_first_or_the_last_day_they_mean(words: str, first: str, last: str) -> None:
    assert day_meant(words, WEDNESDAY) == date.fromisoformat(first)
    assert day_meant(words, WEDNESDAY, last=True) == date.fromisoformat(last)


@pytest.mark.parametrize(
    "words",
    ["", "5", "20111012", "1318377600", "2011-13", "2011-02-30", "0001", "whenever", "<b>2011</b>", "2011 " * 40],
)
def test_what_is_no_day_is_none(words: str) -> None:
    assert day_meant(words, WEDNESDAY) is None


@given(st.text(st.characters(), max_size=30))
def test_no_text_breaks_it(words: str) -> None:
    assert isinstance(day_meant(words, WEDNESDAY), date | None)
