"""Contexts that share a question's keywords, as the product would find them."""

from __future__ import annotations

import pytest

from training.neighbours import Neighbours

TEXTS = {
    "en": ["The bridge over the river opened.", "Bridges need paint.", "The mayor spoke of schools."],
    "ar": ["افتتح الجسر فوق النهر.", "الجسور تحتاج إلى طلاء.", "تحدث رئيس البلدية عن المدارس."],
}


@pytest.mark.parametrize(
    ("language", "question", "wanted"),
    [
        ("en", "When did the bridge over the river open?", [0, 1]),
        ("en", "Who spoke of schools?", [2]),
        ("en", "What is a quasar?", []),
        ("ar", "متى افتتح الجسر فوق النهر؟", [0]),
        ("ar", "من تحدث عن المدارس؟", [2]),
    ],
)
def test_texts_that_share_keywords_come_best_first(language: str, question: str, wanted: list[int]) -> None:
    nearest = Neighbours.of(TEXTS[language], language).nearest(question, 5)
    assert nearest[: len(wanted)] == [TEXTS[language][number] for number in wanted]
    assert len(nearest) >= len(wanted)
    assert bool(nearest) == bool(wanted)


def test_no_more_than_asked_for() -> None:
    assert Neighbours.of(TEXTS["en"], "en").nearest("a bridge over a river", 1) == [TEXTS["en"][0]]
