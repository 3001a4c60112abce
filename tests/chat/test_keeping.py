"""Conversations that a reader's tab keeps: they come back as they were, bounded, and nothing else comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.chat.conversation import Conversation, begin, converse, finish
from rag.chat.interface_texts import texts_in
from rag.chat.keeping import MOST_CHARS, keep, restore
from tests.fake_assistant import FAILING, FakeAssistant


def talk(*questions: str) -> Conversation:
    assistant, conversation = FakeAssistant(), Conversation()
    for question in questions:
        exchange = begin(conversation, question)
        *_, last = converse(assistant, exchange, conversation, texts_in("en"))
        conversation = finish(conversation, last)
    return conversation


def test_every_outcome_comes_back_with_all_that_is_shown() -> None:
    answered, refused, related = talk("Which countries formed the joint staff?", "ما عاصمة اليابان؟", "the visit")
    voted = replace(answered, vote="up")
    one, other, near = restore(keep((voted, refused, related)))
    assert one.answer is not None
    assert one.answer.citations == answered.answer.citations  # type: ignore[union-attr]
    assert (one.key, one.question, one.vote) == (1, answered.question, "up")
    assert one.answer.passages == ()  # no one sees those behind an answer
    assert (other.answer, other.key) == (refused.answer, 2)
    assert near.answer == replace(related.answer, passages=())  # type: ignore[type-var]
    assert near.answer.status == "related"  # type: ignore[union-attr]


def test_what_was_stopped_stays_as_it_was_and_what_failed_is_not_kept() -> None:
    answered, failed, stopped = talk("countries", FAILING, "missiles")
    assert failed.problem is not None
    broken_off = replace(stopped, answer=None, text="A thousand", stopped=True)
    one, other = restore(keep((answered, failed, broken_off)))
    assert (one.key, other) == (1, broken_off)
    assert keep((failed,)) == keep(()) == ""


def test_the_latest_are_kept_where_not_all_fit() -> None:
    (answered,) = talk("countries")
    assert answered.answer is not None
    long = replace(answered.answer, answer="x" * (MOST_CHARS // 3))
    conversation = tuple(replace(answered, key=key, answer=long) for key in range(1, 6))
    kept = keep(conversation)
    assert len(kept) <= MOST_CHARS + 10
    assert [exchange.key for exchange in restore(kept)] == [4, 5]


@pytest.mark.parametrize("text", ["", "{", "null", "[1]", '[{"key": 1}]', "[" * 10_000, "\ud800", '["\\ud800"]'])
def test_what_is_no_conversation_is_none(text: str) -> None:
    assert restore(text) == ()
