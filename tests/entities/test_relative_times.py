"""Times told from the day of writing."""

from __future__ import annotations

import pytest

from rag.entities.relative_times import dated, find_relative_times

DAY = "2011-10-19"


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("They met last May in Algiers.", "en", ["last"]),
        ("They met last week and yesterday.", "en", ["last week", "yesterday"]),
        ("He spoke last on Monday; the last man left.", "en", []),
        ("أنشأت الجزائر في شهر ماي الماضي هيئة أركان", "ar", ["الماضي"]),
        ("التقى الوزيران أمس وفي الأسبوع الماضي", "ar", ["أمس", "الأسبوع الماضي"]),
        ("Ils se sont vus lundi dernier, puis hier.", "fr", ["dernier", "hier"]),
        ("Le dernier homme est parti en mai.", "fr", []),
        ("Er kam gestern.", "de", []),
    ],
)
def test_they_are_found_where_they_stand(text: str, language: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find_relative_times(text, language)] == found


@pytest.mark.parametrize(
    ("reader", "day", "shown"),
    [
        ("en", DAY, "article of 19 October 2011"),
        ("fr", DAY, "article du 19 octobre 2011"),
        ("ar", DAY, "مقال 19 أكتوبر 2011"),
        ("en", "2011-10", None),
        ("en", "", None),
        ("xx", DAY, None),
    ],
)
def test_the_day_they_count_from_is_told_in_the_readers_language(reader: str, day: str, shown: str | None) -> None:
    (*glosses,) = dated("في ماي الماضي", "ar", reader, day, offset=7)
    assert [(each.start, each.text, each.gloss) for each in glosses] == ([(14, "الماضي", shown)] if shown else [])
