"""What the values say of themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.documents import HEADING_CHARS, Answer, Article, ShortAnswer, Status, Turn


@pytest.mark.parametrize(
    ("title", "text", "heading"),
    [
        ("Sahel", "A report.", "Sahel"),
        ("", "أربع دول\n تنسق.", "أربع دول تنسق."),
        ("", "word " * 100, "word " * 11 + "word…"),
        ("", "字" * 100, "字" * HEADING_CHARS + "…"),
        ("", "", ""),
    ],
)
def test_an_article_is_called_by_its_title_or_its_first_words(title: str, text: str, heading: str) -> None:
    assert Article(id="1", text=text, title=title).heading == heading


ANSWER = Answer(
    id="1",
    question="When?",
    language="en",
    status="answered",
    answer="In 2011. [2]\n\nIn May. [2]",
    plain_answer="In 2011.\n\nIn May.",
    short_answer=ShortAnswer("2011", 2, 3, 7),
    sentences=(),
    citations=(),
    passages=(),
    confidence=0.5,
    answerer="extractive",
)


@pytest.mark.parametrize(
    ("status", "turns"),
    [
        ("answered", (Turn("user", "When?"), Turn("assistant", "In 2011.\n\nIn May."))),
        ("related", ()),
        ("not_found", ()),
    ],
)
def test_a_follow_up_leans_on_what_was_answered_only(status: Status, turns: tuple[Turn, ...]) -> None:
    assert replace(ANSWER, status=status).turns == turns


def test_an_answer_knows_its_first_line_and_the_words_that_answer() -> None:
    assert ANSWER.lead == "In 2011."
    assert (ANSWER.answering(2), ANSWER.answering(1)) == (((3, 7),), ())
    assert replace(ANSWER, short_answer=None).answering(2) == ()


def test_a_label_is_told_with_its_short_answer() -> None:
    assert ANSWER.to_dict()["short_answer"]["label"] == ""
    assert replace(ANSWER, short_answer=ShortAnswer("2011", 2, 3, 7, label="sure")).to_dict()["short_answer"] == {
        "text": "2011",
        "citation": 2,
        "start": 3,
        "end": 7,
        "gloss": "",
        "confidence": 0.0,
        "label": "sure",
        "sources": 0,
        "note": "",
    }
