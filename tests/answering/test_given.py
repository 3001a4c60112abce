"""What a caller gives with a question is made fit, or refused in words."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answering.given import as_asked, day_of, usable_text
from rag.documents import Turn
from rag.errors import QuestionError


@pytest.mark.parametrize(("text", "usable"), [(" Who?\n", "Who?"), ("Who\x00came?", "Who came?"), ("x" * 10, "x" * 10)])
def test_a_text_is_made_fit(text: str, usable: str) -> None:
    assert usable_text(text, 10) == usable


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x" * 11, "has 11 characters, and at most 10"),
        ("a\ud800", "half a character at position 1"),
        (" \x00", "empty"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused(text: str, told: str) -> None:
    with pytest.raises(QuestionError, match=told):
        usable_text(text, 10)


def test_a_readers_turn_is_no_longer_than_a_question() -> None:
    turns = [Turn("user", "x" * 20), Turn("assistant", "y" * 20)]
    assert as_asked(turns, 10) == (Turn("user", "x" * 10), turns[1])


def test_the_day_is_the_one_given_or_this_one() -> None:
    assert day_of("2011-05-12") == date(2011, 5, 12)
    assert day_of("") in (date.today(), date.fromordinal(date.today().toordinal() - 1))
    with pytest.raises(QuestionError, match="which is no day"):
        day_of("yesterday")
