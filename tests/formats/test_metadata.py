from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.formats.metadata import iso_date, language_code


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2011-10-12", "2011-10-12"),
        ("2011-10-12T23:59:00-05:00", "2011-10-12"),  # the writer's own day
        ("2011-10-12 08:00", "2011-10-12"),
        ("2011-10-12+01:00", "2011-10-12"),
        ("2011/1/2", "2011-01-02"),
        ("2011.10.12", "2011-10-12"),
        ("20111012", "2011-10-12"),
        ("20111012T100000Z", "2011-10-12"),
        ("D:20111012153000+01'00'", "2011-10-12"),
        ("٢٠١١-١٠-١٢", "2011-10-12"),
        ("Wed, 12 Oct 2011 10:00:00 GMT", "2011-10-12"),
        ("12 Oct 2011", "2011-10-12"),
        ("12th October 2011", "2011-10-12"),
        ("October 12, 2011", "2011-10-12"),
        ("Oct. 12, 2011 at 5 pm", "2011-10-12"),
        ("1er août 2011", "2011-08-01"),
        ("mercredi 12 octobre 2011", "2011-10-12"),
        ("12 déc. 2011", "2011-12-12"),
        ("12 أكتوبر 2011", "2011-10-12"),
        ("الأربعاء، 12 تشرين الأول 2011", "2011-10-12"),
        ("12 جويلية 2011", "2011-07-12"),
        ("25/12/2011", "2011-12-25"),
        ("12/25/2011", "2011-12-25"),
        ("05/05/2011", "2011-05-05"),
        ("WED,12 OCT 2011 02:23:01", "2011-10-12"),
        ("mer., 12 oct. 2011 10:00:00 +0100", "2011-10-12"),
        ("Wed, 12 Oct 11 10:00:00 GMT", "2011-10-12"),
        ("Tue, 12 Oct 99", "1999-10-12"),
        ("12 تشرين الأول/أكتوبر 2011", "2011-10-12"),
        ("12 أكتوبر (تشرين الأول) 2011", "2011-10-12"),
        ("الأربعاء 14 ذو القعدة 1432 هـ - 12 أكتوبر 2011", "2011-10-12"),
        ("الأربعاء 14 ذو القعدة 1432 هـ الموافق 12 أكتوبر 2011", "2011-10-12"),
        ("1432/11/14 هـ - 2011/10/12", "2011-10-12"),
        ("03.04.2011", "2011-04-03"),  # with full stops the day comes first
        ("3.4.2011 10:00", "2011-04-03"),
        ("2011. 10. 12.", "2011-10-12"),
        ("Publié le 13/10/2011 à 10h", "2011-10-13"),
        ("mer, 12 ott 2011", "2011-10-12"),
        ("12 de octubre de 2011", "2011-10-12"),
        ("12 октября 2011 г.", "2011-10-12"),
        ("2011年10月12日", "2011-10-12"),
        ("1318413600", "2011-10-12"),
        ("1318413600.25", "2011-10-12"),
        ("1318413600000", "2011-10-12"),
        ("١٣١٨٤١٣٦٠٠", "2011-10-12"),
        ("201110121000", "2011-10-12"),
        ("October 12, 2011 (2011-10-12)", "2011-10-12"),
    ],
)
def test_a_date_that_names_a_day_is_read(written: str, day: str) -> None:
    assert iso_date(written) == day


@pytest.mark.parametrize(
    "written",
    [
        *("", "2011", "2011-10", "October 2011", "03/04/2011", "2011-02-30", "yesterday", "12 Foo 2011", "0000-00-00"),
        *("3 ساعات", "Il y a 2 heures", "5 Mar 10:00", "5-3-24", "2011101210", "12 مارس/أبريل 2011"),
        *("March 5, 2011 - updated March 6, 2011", "from 2011-10-12 to 2011-10-13", "1432/11/14 هـ"),
        *("1-2-3", "99999999", "2011-10-123", "20111012345", "12/13/14/2011", "9" * 10_000),
    ],
)
def test_a_date_that_does_not_is_left_out(written: str) -> None:
    assert iso_date(written) == ""


@given(st.text())
def test_a_date_is_iso_or_empty_whatever_is_written(written: str) -> None:
    day = iso_date(written)
    assert day == "" or (len(day) == 10 and iso_date(day) == day)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_survives(day: date) -> None:
    assert iso_date(day.isoformat()) == day.isoformat()
    assert iso_date(f"{day:%Y%m%d}") == day.isoformat()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ar", "ar"),
        ("AR-dz", "ar"),
        ("ar_DZ.UTF-8", "ar"),
        ("ara", "ar"),
        ("Arabic", "ar"),
        ("العربية", "ar"),
        ("fra", "fr"),
        ("fre", "fr"),
        ("Français", "fr"),
        ("en, fr", "en"),
        ("no", "no"),
        ("iw", "he"),
        ("sv", "sv"),
        ("", "und"),
        ("klingon", "und"),
        ("und", "und"),
        ("x-default", "und"),
        ("123", "und"),
    ],
)
def test_languages_become_two_letters(written: str, code: str) -> None:
    assert language_code(written) == code
