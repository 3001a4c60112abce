"""Questions, filters, and the exchange as it grows, ends, fails or is broken off."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from rag.asking import Cited, Event, Started
from rag.chat.conversation import (
    EXCHANGES_KEPT,
    BadRequest,
    Exchange,
    begin,
    converse,
    filters_from,
    finish,
    history,
    question_of,
)
from rag.chat.interface_texts import texts_in
from rag.documents import Filters, Question, Turn
from tests.fake_assistant import FAILING, STAFF_SENTENCE, FakeAssistant

EN = texts_in("en")
TODAY = date(2024, 3, 31)


def talk(question: str, assistant: Any = None, conversation: tuple[Exchange, ...] = ()) -> list[Exchange]:
    """Every state an exchange goes through, drawn without pauses."""
    ticks = iter(range(10_000))
    exchange = begin(conversation, question)
    return list(converse(assistant or FakeAssistant(), exchange, conversation, EN, clock=lambda: float(next(ticks))))


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question_is_refused_in_words(question: str) -> None:
    with pytest.raises(BadRequest) as refused:
        question_of(question, 100, texts_in("fr"))
    assert refused.value.problem.message == "Il n’y a pas encore de question."


def test_a_long_question_is_counted() -> None:
    assert question_of(" " + "x" * 100 + " ", 100, EN) == "x" * 100
    with pytest.raises(BadRequest) as refused:
        question_of("x" * 101, 100, EN)
    assert "101" in refused.value.problem.message
    assert "100" in refused.value.problem.message


@pytest.mark.parametrize(
    ("period", "since", "until", "expected"),
    [
        ("any", "2020-01-01", "2020-01-02", ("", "")),
        ("week", "", "", ("2024-03-24", "2024-03-31")),
        ("month", "", "", ("2024-03-01", "2024-03-31")),
        ("year", "", "", ("2023-04-01", "2024-03-31")),
        ("dates", "2020-01-01", "", ("2020-01-01", "")),
        ("dates", " 2020-01-01 ", "2020-01-01", ("2020-01-01", "2020-01-01")),
        ("dates", "since 2011", "October 2011", ("2011-01-01", "2011-10-31")),
        ("dates", "last week", "", ("2024-03-24", "")),
        ("nonsense", "2020-01-01", "", ("", "")),
    ],
)
def test_periods_become_inclusive_dates(period: str, since: str, until: str, expected: tuple[str, str]) -> None:
    filters = filters_from(["ar"], ["S"], period, since, until, TODAY, EN)
    assert (filters.since, filters.until) == expected
    assert (filters.languages, filters.sources) == (("ar",), ("S",))


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("12/40/2011", "", "12/40/2011"),
        ("", "2011-13-01", "2011-13-01"),
        ("<b>", "", "<b>"),
        ("2012-01-01", "2011-01-01", "The first date comes after the last."),
    ],
)
def test_dates_that_cannot_be_are_refused(since: str, until: str, said: str) -> None:
    with pytest.raises(BadRequest) as refused:
        filters_from([], [], "dates", since, until, TODAY, EN)
    assert said in refused.value.problem.message


def test_an_answer_grows_word_by_word_and_ends_whole() -> None:
    states = talk("Which countries formed the joint staff?")
    texts = [state.text for state in states]
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
    assert [state.running for state in states] == [True] * (len(states) - 1) + [False]
    assert states[1].citations[0].quote == STAFF_SENTENCE
    assert states[-1].answer is not None
    assert states[-1].answer.status == "answered"
    assert states[-1].citations == states[-1].answer.citations


def test_quotes_are_drawn_at_once_and_go_when_the_answer_is_there() -> None:
    exchange = begin((), "summary")
    states = list(converse(FakeAssistant(), exchange, (), EN, clock=lambda: 0.0))
    first, *_, last = states
    assert first.quoted is not None
    assert first.quoted.answerer == "extractive"
    assert first.citations == first.quoted.citations
    assert last.quoted is None
    assert last.answer is not None


def test_a_slow_clock_draws_less_often_but_never_misses_the_end() -> None:
    exchange = begin((), "countries")
    states = list(converse(FakeAssistant(), exchange, (), EN, clock=lambda: 0.0))
    assert [bool(state.citations) for state in states] == [True, True]  # evidence does not wait
    assert not states[0].text
    assert states[1].answer is not None


class SecondThoughts(FakeAssistant):
    """Cites, and then begins anew, as when a model's text gives way to quotes."""

    def stream(self, question: Question | str) -> Generator[Event, None, None]:
        *events, end = super().stream(question)
        yield from events
        yield from (event for event in events if isinstance(event, Cited))
        yield end


def test_citations_that_begin_anew_take_the_place_of_the_first() -> None:
    states = list(converse(SecondThoughts(), begin((), "countries"), (), EN))
    assert max(len(state.citations) for state in states) == len(states[-1].citations)


def test_an_error_becomes_a_problem_and_keeps_what_was_said() -> None:
    [state] = talk(FAILING)
    assert state.problem is not None
    assert (state.problem.message, state.problem.hint) == ("The encoder <b>failed</b>.", "Run `python -m rag doctor`.")
    assert not state.running


class Breaking(FakeAssistant):
    """Fails in a way nobody planned, half way."""

    def stream(self, question: Question | str) -> Generator[Event, None, None]:
        for number, event in enumerate(super().stream(question)):
            if number == 4:
                raise RuntimeError("secret detail")
            yield event


def test_an_unplanned_failure_tells_the_reader_nothing_of_its_inside(caplog: pytest.LogCaptureFixture) -> None:
    last = talk("countries", Breaking())[-1]
    assert last.problem == EN.problem("error_other")
    assert last.text
    assert "secret detail" in caplog.text


class Falling(FakeAssistant):
    """Ends without an answer."""

    def stream(self, question: Question | str) -> Generator[Event, None, None]:
        yield Started("id", str(question), "en")


def test_a_stream_that_just_ends_counts_as_stopped() -> None:
    last = talk("countries", Falling())[-1]
    assert last.stopped
    assert not last.running


def test_leaving_stops_the_assistant() -> None:
    assistant = FakeAssistant()
    growing = converse(assistant, begin((), "countries"), (), EN, clock=iter(range(99)).__next__)
    next(growing)
    growing.close()
    assert assistant.closed == 1


def test_history_holds_answered_exchanges_only() -> None:
    [*_, answered] = talk("countries")
    [*_, refused] = talk("Who won the World Cup?", conversation=(answered,))
    [*_, related] = talk("What did the visit cost?", conversation=(answered, refused))
    [failed] = talk(FAILING, conversation=(answered, refused))
    assert history((answered, refused, related, failed, replace(answered, answer=None))) == (
        Turn("user", "countries"),
        Turn("assistant", STAFF_SENTENCE),
    )


def test_the_assistant_is_given_the_history_and_the_filters() -> None:
    assistant = FakeAssistant()
    [*_, first] = talk("countries", assistant)
    list(converse(assistant, begin((first,), "missiles", Filters(languages=("fr",)), any_time=True), (first,), EN))
    history = (Turn("user", "countries"), Turn("assistant", STAFF_SENTENCE))
    assert assistant.asked[1] == Question("missiles", history, Filters(languages=("fr",)), any_time=True)


def test_a_conversation_is_bounded_and_its_keys_go_on_counting() -> None:
    conversation: tuple[Exchange, ...] = ()
    for _ in range(EXCHANGES_KEPT + 5):
        conversation = finish(conversation, begin(conversation, "q"))
    assert len(conversation) == EXCHANGES_KEPT
    assert conversation[-1].key == EXCHANGES_KEPT + 5


def test_finishing_replaces_the_exchange_it_grew_from() -> None:
    first = begin((), "a")
    second = begin((first,), "b")
    conversation = finish(finish((first,), second), replace(second, text="more"))
    assert [(e.key, e.text) for e in conversation] == [(1, ""), (2, "more")]
