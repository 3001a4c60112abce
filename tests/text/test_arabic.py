"""Words that must share a stem, and words that must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.arabic import stem
from rag.text.folding import normalise

MONTHS = ["يناير", "فبراير", "مارس", "ابريل", "مايو", "يونيو", "يوليو", "اغسطس", "سبتمبر", "اكتوبر", "نوفمبر", "ديسمبر"]


def stems(words: str) -> set[str]:
    return {stem(normalise(word)) for word in words.split()}


@pytest.mark.parametrize(
    "words",
    [
        "الجزائر والجزائر بالجزائر للجزائر جزائر الجزائرية الجزائري جزائريون جزائريين",
        "ليبيا الليبية بليبيا وليبيا الليبي لليبيا",
        "ألمانيا الألمانية بألمانيا الألماني لألمانيا",
        "فرنسا الفرنسية بفرنسا فرنسي لفرنسا",
        "موريتانيا الموريتاني موريتانية",
        "وزير الوزير ووزير للوزير بالوزير",
        "ولاية الولاية بولاية لولاية",
        "منطقة المنطقة بمنطقة لمنطقة ومنطقتها منطقتنا",
        "حكومة الحكومة حكومته حكوماتهم لحكومتها",
        "اجتماع الاجتماع اجتماعا اجتماعات باجتماع",
        "لجنة اللجنة بلجنة للجنة واللجنة",
        "برلمان البرلمان ببرلمان برلمانية",
        "ماي وماي مايو أيار",
        "جانفي يناير",
        "أوت أغسطس",
        "تموز جويلية يوليو",
        "أعلن أعلنت أعلنوا",
    ],
)
def test_one_stem(words: str) -> None:
    assert len(stems(words)) == 1


@pytest.mark.parametrize(
    "words", ["مالي مالطا", "وزير وزن", "ليبيا لبنان", "بحر بحث", "علم عمل", "سلاح سلام", "مايو مارس"]
)
def test_different_stems(words: str) -> None:
    assert len(stems(words)) == len(words.split())


@pytest.mark.parametrize(
    ("word", "expected"), [("ال", "ال"), ("و", "و"), ("له", "له"), ("مالي", "مالي"), ("والد", "والد")]
)
def test_short_words_keep_their_letters(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_the_twelve_months_are_their_own_stems() -> None:
    assert [stem(month) for month in MONTHS] == MONTHS


@given(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويء", min_size=1, max_size=15))
def test_a_stem_is_a_part_of_its_word(word: str) -> None:
    assert stem(word)
    assert stem(word) in word or stem(word) in MONTHS
