"""Numbers: what is read, what it is worth, where it stands."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.entities.numerals import find_numbers, has_dual, write_number


def values(text: str, language: str) -> list[float]:
    return [float(n.value) for n in find_numbers(text, language) if not n.vague]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("1,000 men and 1.5 tonnes", "en", [1000, 1.5]),
        ("1.000 people", "en", [1.0]),
        ("1 000 hommes, 12 345 678 euros, 3,5 %", "fr", [1000, 12345678, 3.5]),
        ("en 2011 100 personnes", "fr", [2011, 100]),
        ("1.000 hommes", "fr", [1000]),
        ("٢٠١١ و٣٫٥ و١٬٠٠٠", "ar", [2011, 3.5, 1000]),
        ("12/10/2011", "ar", [12, 10, 2011]),
        ("3.5 million", "en", [3500000]),
        ("$5bn", "en", [5000000000]),
        ("1,5 milliard", "fr", [1500000000]),
        ("15 ألفا", "ar", [15000]),
        ("10 آلاف جندي", "ar", [10000]),
        ("مليون و500 ألف", "ar", [1500000]),
        ("twenty-three", "en", [23]),
        ("one hundred and five", "en", [105]),
        ("two thousand three hundred", "en", [2300]),
        ("four and five", "en", [4, 5]),
        ("thousands of missiles", "en", [1000]),
        ("vingt et un", "fr", [21]),
        ("soixante-dix-sept", "fr", [77]),
        ("quatre-vingt-dix-neuf", "fr", [99]),
        ("quatre-vingts", "fr", [80]),
        ("deux cent trois mille", "fr", [203000]),
        ("deux mille cent trois", "fr", [2103]),
        ("mille cent habitants", "fr", [1100]),
        ("un million mille deux cents", "fr", [1001200]),
        ("un million cent mille", "fr", [1100000]),
        ("trois millions deux cent mille cent onze", "fr", [3200111]),
        ("deux mille centaines", "fr", [2000, 100]),
        ("en 2011 cent personnes", "fr", [2011, 100]),
        ("six autres millions de personnes", "fr", [6000000]),
        ("two more thousand", "en", [2000]),
        ("twenty more five-year-olds", "en", [20, 5]),
        ("10 pour cent", "fr", [10]),
        ("مليون وألفان وسبعمئة", "ar", [1002700]),
        ("two thousand hundred-dollar notes", "en", [2000, 100]),
        ("أربع دول", "ar", [4]),
        ("وبأربعة", "ar", [4]),
        ("خمسة عشر", "ar", [15]),
        ("خمسة وعشرون", "ar", [25]),
        ("مئة وخمسة وعشرون", "ar", [125]),
        ("ثلاثة آلاف وخمسمئة", "ar", [3500]),
        ("ألف ومئتين", "ar", [1200]),
        ("قرابة ألف صاروخ", "ar", [1000]),
        ("ألفين", "ar", [2000]),
        ("الدول الأربع", "ar", [4]),
        ("يوم الاثنين", "ar", []),
        ("لست هنا، ولست هناك", "ar", []),
        ("كمية كبيرة", "ar", []),
        ("وكميات كبيرة", "ar", []),
        ("قمة ثانية", "ar", [2]),
        ("one of the men", "en", []),
        ("in 2011 thousands fled", "en", [2011, 1000]),
        ("in 2011 two", "en", [2011, 2]),
        ("for the third time", "en", [3]),
        ("للمرة الثانية", "ar", [2]),
        ("zwei 2,5", "de", [2.5]),
        ("in the first half", "en", []),
        ("half a million, one and a half million, two million and a half", "en", [500000, 1500000, 2500000]),
        ("three and a half hours", "en", [3]),
        ("half of 1,000", "en", [1000]),
        ("un demi-million, un million et demi", "fr", [500000, 1500000]),
        ("نصف مليون", "ar", [500000]),
        ("مليونا ونصف مليون", "ar", [1500000]),
        ("مليونين ونصف المليون", "ar", [2500000]),
        ("ثلاثة ملايين ونصف", "ar", [3500000]),
        ("ألفين وخمسمئة", "ar", [2500]),
        ("the twenty-first of the twelfth", "en", [21, 12]),
        ("20 second-hand cars", "en", [20, 2]),
        ("le vingt et unième, le dix-neuvième, le onzième", "fr", [21, 19, 11]),
        ("في الخامس عشر من أكتوبر", "ar", [15]),
        ("au XIXe siècle, au XXIe, la Ve République, le IVe, le XIIIème", "fr", [19, 21, 5, 4, 13]),
        ("Le vice de la vie, une xe", "fr", []),
        ("القرن الحادي والعشرين", "ar", [21]),
        ("المرة الثانية مئة", "ar", [2, 100]),
        ("20 في المئة أو 30 بالمائة", "ar", [20, 30]),
        ("مئة رجل", "ar", [100]),
        ("ثلث السكان", "ar", [3]),
        ("في ثمانينيات القرن الماضي", "ar", [80]),
        ("عُثر عليه ميتًا، وكانا ميتين", "ar", []),
        ("مئتا رجل ومائتا امرأة", "ar", [200, 200]),
        ("ألّف كتابا، والذي ألف كتابه", "ar", []),
        ("أثنى عليه", "ar", []),
        ("الشيعة الاثنا عشرية", "ar", []),
        ("جون ألستون", "ar", []),
        ("up from 1.7 million four years ago", "en", [1700000, 4]),
        ("15 000 جندي", "ar", [15000]),
        ("tens of thousands", "en", [10000]),
        ("des centaines de milliers", "fr", [100000]),
        ("عشرات الآلاف ومئات الملايين", "ar", [10000, 100000000]),
        ("", "en", []),
    ],
)
def test_numbers_are_read(text: str, language: str, expected: list[float]) -> None:
    assert values(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "rough"),
    [
        ("مئات", "ar", True),
        ("ثلاثة آلاف", "ar", False),
        ("مليون", "ar", False),
        ("thousands", "en", True),
        ("ten thousand", "en", False),
        ("des milliers", "fr", True),
        ("3 millions", "fr", False),
    ],
)
def test_a_plural_that_nothing_counts_is_rough(text: str, language: str, rough: bool) -> None:
    assert [number.rough for number in find_numbers(text, language)] == [rough]


def test_a_number_knows_where_it_stands() -> None:
    text = "وقال إن خمسة وعشرين صاروخا"
    (number,) = find_numbers(text, "ar")
    assert text[number.start : number.end] == "خمسة وعشرين"
    assert not number.in_digits


@pytest.mark.parametrize(
    ("text", "source", "reader", "expected"),
    [
        ("ألف", "ar", "en", "1,000"),
        ("ألف", "ar", "fr", "1\u202f000"),
        ("أربع", "ar", "en", "4"),
        ("٢٠١١", "ar", "en", "2011"),
        ("٣٫٥", "ar", "en", "3.5"),
        ("nine", "en", "ar", "9"),
        ("ستة ملايين", "ar", "en", "6 million"),
        ("1.7 مليون", "ar", "fr", "1,7 million"),
        ("مليون", "ar", "fr", "1 million"),
        ("٤٠٠ مليون", "ar", "fr", "400 millions"),
        ("2,450,000,000", "ar", "en", "2,450,000,000"),
        ("ثلاثة ملايين ومئة وخمسة", "ar", "en", "3,000,105"),
        ("six million", "en", "ar", "6 ملايين"),
        ("مئات", "ar", "en", "hundreds"),
        ("مئات", "ar", "fr", "centaines"),
        ("عشرات", "ar", "en", "dozens"),
        ("عشرات الآلاف", "ar", "en", "tens of thousands"),
        ("آلاف", "ar", "fr", "milliers"),
        ("ملايين", "ar", "en", "millions"),
        ("dozens", "en", "ar", "عشرات"),
        ("hundreds of thousands", "en", "ar", "مئات الآلاف"),
        ("une quarantaine", "fr", "ar", "~40"),
        ("مئات", "ar", "sv", "~100"),
        ("مئات", "ar", "es", "cientos"),
        ("مئات الآلاف", "ar", "de", "Hunderttausende"),
        ("ملايين", "ar", "tr", "milyonlarca"),
        ("6 million", "en", "zh", "6,000,000"),
        ("six million", "en", "ko", "6,000,000"),
        ("nine", "en", "ja", "9"),
    ],
)
def test_a_number_is_written_for_its_reader(text: str, source: str, reader: str, expected: str) -> None:
    number = next(number for number in find_numbers(text, source) if not number.vague)
    assert write_number(number, text, reader) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("قبل عامين", True), ("بين البلدين", True), ("مدينتين", True), ("المسلمين", False), ("", False)],
)
def test_duals(text: str, expected: bool) -> None:
    assert has_dual(text, "ar") is expected


@given(st.integers(0, 999_999_999), st.sampled_from(["en", "fr", "ar"]))
def test_what_babel_writes_is_read_back(value: int, language: str) -> None:
    from babel.numbers import format_decimal

    assert [n.value for n in find_numbers(format_decimal(value, locale=language), language)] == [Decimal(value)]


@given(st.text(max_size=80), st.sampled_from(["en", "fr", "ar", "und"]))
def test_any_text_is_survived_and_spans_are_in_order(text: str, language: str) -> None:
    numbers = find_numbers(text, language)
    assert all(0 <= n.start < n.end <= len(text) for n in numbers)
    assert all(a.end <= b.start for a, b in pairwise(numbers))
