"""Answers as they come about: text, citations between it, and what takes the place of a model's text that fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.asking import Cited, Delta, Ended, Event, Quoted
from rag.documents import Question
from tests.endpoint_table import QUESTION, Program, program


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with program(tmp_path_factory.mktemp("index")) as asked:
        yield asked


def events(asked: Program, case: str) -> tuple[list[Event], Ended]:
    """What streams between the start and the end, and the end."""
    asked.model.endpoint.model = case
    _, *between, end = asked.assistant.stream(QUESTION)
    assert isinstance(end, Ended)
    return between, end


def text_of(between: list[Event]) -> str:
    return "".join(event.text for event in between if isinstance(event, Delta))


def test_each_citation_comes_between_its_sentence_and_its_marker(asked: Program) -> None:
    between, end = events(asked, "two_sentences")
    _, *between = between
    shown = [event.text if isinstance(event, Delta) else event for event in between]
    places = [place for place, event in enumerate(between) if isinstance(event, Cited)]
    cited = [event.citation for event in between if isinstance(event, Cited)]
    assert cited == list(end.answer.citations)
    assert [citation.quote for citation in cited] == ["It sits in Tamanrasset.", TEXT_OF_FIRST]
    assert "".join(map(str, shown[: places[0]])) == "It sits in Tamanrasset."
    assert [shown[place + 1] for place in places] == [" [1]", " [2]"]
    assert text_of(between) == end.answer.answer == "It sits in Tamanrasset. [1] Four states met. [2]"


TEXT_OF_FIRST = "Four states met and formed a joint staff in May."


def test_quotes_stream_with_each_citation_before_its_sentence(asked: Program) -> None:
    _, *between, end = asked.assistant.stream(Question(QUESTION, answerer="extractive"))
    assert isinstance(end, Ended)
    assert isinstance(between[0], Cited)
    assert isinstance(between[1], Delta)
    assert [event.citation for event in between if isinstance(event, Cited)] == list(end.answer.citations)
    assert text_of(between) == end.answer.answer


@pytest.mark.parametrize("case", ["no_finish", "invents", "reset_midway"])
def test_what_takes_the_place_of_a_models_text_is_set_apart_from_it(asked: Program, case: str) -> None:
    between, end = events(asked, case)
    said, _, quotes = text_of(between).partition("\n\n")
    assert said.startswith(("Four", "Nine"))
    assert quotes == end.answer.answer
    assert end.answer.answerer == "extractive"


def test_a_failure_before_the_first_word_leaves_no_gap(asked: Program) -> None:
    between, end = events(asked, "wrong_key")
    assert text_of(between) == end.answer.answer


@pytest.mark.parametrize(("case", "said"), [("refuses", ""), ("refuses_late", "I am sorry.")])
def test_a_refusal_is_streamed_too(asked: Program, case: str, said: str) -> None:
    between, end = events(asked, case)
    assert end.answer.status == "not_found"
    assert text_of(between).startswith(said)
    assert text_of(between).endswith(end.answer.answer)
    assert not [event for event in between if isinstance(event, Cited)] or said


def test_the_articles_own_words_come_first(asked: Program) -> None:
    between, end = events(asked, "good")
    (first,) = (event for event in between if isinstance(event, Quoted))
    assert between[0] is first
    assert (first.answer.answerer, end.answer.answerer) == ("extractive", "llm:good")
    assert (first.answer.id, first.answer.status) == (end.answer.id, "answered")
    assert [citation.quote for citation in first.answer.citations] == [TEXT_OF_FIRST]
    _, *between, _ = asked.assistant.stream(Question(QUESTION, answerer="extractive"))
    assert not [event for event in between if isinstance(event, Quoted)]


def test_leaving_midway_ends_the_request(asked: Program) -> None:
    asked.server.left.clear()
    asked.model.endpoint.model = "slow_words"
    stream = asked.assistant.stream(QUESTION)
    while not isinstance(next(stream), Delta):
        pass
    stream.close()
    assert asked.server.left.wait(2.0)
