"""The lists are folded and leave out what could be a name."""

from __future__ import annotations

import pytest

from rag.text.folding import normalise
from rag.text.stop_words import stop_words


@pytest.mark.parametrize("language", ["ar", "en", "fr", "es", "de", "fa"])
def test_a_list_is_folded_and_short(language: str) -> None:
    words = stop_words(language)
    assert words == {normalise(word) for word in words}
    assert 20 < len(words) < 200


@pytest.mark.parametrize(
    ("language", "word"),
    [("ar", "متى"), ("ar", "الذي"), ("en", "which"), ("fr", "où"), ("es", "cuándo"), ("de", "für"), ("fa", "کجا")],
)
def test_question_and_function_words_are_stop_words(language: str, word: str) -> None:
    assert normalise(word) in stop_words(language)


@pytest.mark.parametrize(("language", "word"), [("ar", "علي"), ("ar", "ماء"), ("en", "mali"), ("fr", "mali")])
def test_names_and_contents_are_not(language: str, word: str) -> None:
    assert normalise(word) not in stop_words(language)


def test_a_language_without_a_list_has_no_stop_words() -> None:
    assert stop_words("xx") == frozenset()
