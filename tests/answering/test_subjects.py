"""The places and years that a question asks about, and what was found of others."""

from __future__ import annotations

import pytest

from rag.answering.subjects import is_absent, is_elsewhere

MALI = "وقال وزير الخارجية المالي سومايلو بوبي مايغا إن الزيارة ستكون خلال أيام."


@pytest.mark.parametrize(
    ("question", "language", "texts", "absent"),
    [
        ("Is the euro used in Mali?", "en", [("La Croatie a adopté l'euro.", "fr")], True),
        ("Is the euro used in Mali?", "en", [("La Croatie a adopté l'euro.", "fr"), ("في مالي", "ar")], False),
        ("Which Indian won in 2013?", "en", [("She won in 2013.", "en")], False),  # no place
        ("Who won in 2016?", "en", [("She won in 2013.", "en")], True),
        ("What was built in 1870?", "en", [("They are old.", "en")], False),  # a decade
        ("Who won?", "en", [], False),
    ],
)
def test_what_nothing_speaks_of_is_absent(
    question: str, language: str, texts: list[tuple[str, str]], absent: bool
) -> None:
    assert is_absent(question, language, texts) is absent


SOUTH = "Mali lies to the south. It is large."


@pytest.mark.parametrize(
    ("question", "language", "words", "sentence", "passage", "told_in", "elsewhere"),
    [
        ("Who is the foreign minister of Algeria?", "en", "سومايلو بوبي مايغا", MALI, MALI, "ar", True),
        ("Who is the foreign minister of Mali?", "en", "سومايلو بوبي مايغا", MALI, MALI, "ar", False),
        ("Who is the foreign minister?", "en", "سومايلو بوبي مايغا", MALI, MALI, "ar", False),
        ("How large is Algeria?", "en", "large", "It is large.", SOUTH, "en", True),
        ("How large is Mali?", "en", "large", "It is large.", SOUTH, "en", False),
        ("What did Syria's minister say?", "en", "well", "All is well, he told the UN.", "He spoke.", "en", False),
        ("Which famous Indian did so?", "en", "Gandhi", "Gandhi did so in France.", SOUTH, "en", False),  # no country
        ("Which country borders Algeria?", "en", "Mali", SOUTH, SOUTH, "en", False),  # itself the answer
        ("ما عاصمة مالي؟", "ar", "Bamako", "Bamako is its capital.", "Bamako is its capital.", "en", False),
    ],
)
def test_a_sentence_of_another_country(
    question: str, language: str, words: str, sentence: str, passage: str, told_in: str, elsewhere: bool
) -> None:
    assert is_elsewhere(question, language, words, sentence, passage, told_in) is elsewhere
