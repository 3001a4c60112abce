"""Where nothing can be taken back, no word is shown that is not verified, and what is doubted says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rag.answering.standing import only_standing, told
from rag.asking import Cited, Delta, Ended, Event, Quoted, Started, Verified
from rag.documents import Answer, AnswerSentence
from tests.endpoint_table import QUESTION, Program, program

FOUR, SHIPS = AnswerSentence("Four states met.", (1,)), AnswerSentence("Nine ships sank.", (2,), unsupported=True)
ANSWER = Answer(
    *("id", QUESTION, "en", "answered", "Four states met. [1] Nine ships sank. [2]", ""),
    short_answer=None,
    sentences=(FOUR, SHIPS),
    citations=(),
    passages=(),
    confidence=0.5,
    answerer="llm:m",
)
FLAGGED = "Four states met. [1] Nine ships sank. [2] (not borne out by the articles)"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with program(tmp_path_factory.mktemp("index")) as asked:
        yield asked


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (replace(ANSWER, answer="Four states met. [1]", sentences=(FOUR,)), "Four states met. [1]"),
        (ANSWER, FLAGGED),
        (
            replace(ANSWER, warnings=("It broke off.", "So did it.")),
            f"{FLAGGED}\n\nNote: It broke off.\n\nNote: So did it.",
        ),
        (
            replace(ANSWER, language="fr"),
            FLAGGED.replace("not borne out by the articles", "non confirmé par les articles"),
        ),
        (replace(ANSWER, answer="- Nine ships sank.\n- Four states met."), "- Nine ships sank.\n- Four states met."),
        (
            replace(ANSWER, answer="- Nine ships sank.", sentences=(SHIPS,)),
            "- Nine ships sank. (not borne out by the articles)",
        ),
        (replace(ANSWER, status="not_found", answer="Nothing.", sentences=()), "Nothing."),
    ],
)
def test_flags_and_warnings_are_in_the_text(answer: Answer, text: str) -> None:
    assert told(answer) == text


def filtered(*events: Event) -> list[Event]:
    return list(only_standing(event for event in (Started("id", "q", "en"), *events, Ended(ANSWER))))


def test_a_sentence_waits_until_it_is_verified() -> None:
    first = "Four states met. [1]"
    shown = filtered(
        Quoted(ANSWER), Delta("Four states met."), Delta(" [1]"), Verified(first), Delta("Nine ships sank.")
    )
    assert shown == [
        Started("id", "q", "en"),
        Delta(first),
        Delta(FLAGGED.removeprefix(first)),
        Ended(ANSWER),
    ]


def test_what_does_not_stand_in_the_end_is_followed_by_all_that_does() -> None:
    _, first, rest, _ = filtered(Verified("Six met. [1]"), Verified("Another beginning. [1]"))
    assert (first, rest) == (Delta("Six met. [1]"), Delta(f"\n\n{FLAGGED}"))


def test_closing_it_ends_the_work() -> None:
    ended = []

    def events() -> Iterator[Event]:
        try:
            yield Started("id", "q", "en")
            yield Verified("Four states met. [1]")
        finally:
            ended.append(True)

    stream = only_standing(event for event in events())
    next(stream)
    stream.close()
    assert ended == [True]


def standing(asked: Program, case: str) -> tuple[list[str], Answer]:
    asked.model.endpoint.model = case
    *events, end = only_standing(asked.assistant.stream(QUESTION))
    assert isinstance(end, Ended)
    return [event.text for event in events if isinstance(event, Delta)], end.answer


def test_a_true_answer_comes_sentence_by_sentence(asked: Program) -> None:
    pieces, answer = standing(asked, "two_sentences")
    assert pieces == ["It sits in Tamanrasset. [1]", " Four states met. [2]"]
    assert "".join(pieces) == answer.answer


@pytest.mark.parametrize("case", ["invents", "no_finish", "reset_midway", "openrouter_finish", "error_event", "stalls"])
def test_nothing_of_a_rejected_answer_is_shown(asked: Program, case: str) -> None:
    pieces, answer = standing(asked, case)
    text = "".join(pieces)
    assert text.strip().endswith(told(answer))
    assert "ships" not in text
    assert text.count(answer.warnings[0]) == 1


@pytest.mark.parametrize("case", ["think_no_open", "think_no_open_token", "think_no_open_citing"])
def test_a_thought_that_nothing_opened_is_not_shown(asked: Program, case: str) -> None:
    asked.model.endpoint.unopened.clear()
    asked.model.endpoint.settled.clear()
    for _ in range(2):
        pieces, answer = standing(asked, case)
        assert "".join(pieces) == told(answer)


def test_what_stands_comes_at_once_from_a_model_that_is_known_not_to_think(asked: Program) -> None:
    asked.model.endpoint.settled.clear()
    whole, _ = standing(asked, "leads_in")
    parts, answer = standing(asked, "leads_in")
    assert (len(whole), len(parts)) == (1, 2)
    assert "".join(parts) == "".join(whole) == answer.answer


def test_what_may_take_text_back_hears_of_it_too(asked: Program) -> None:
    asked.model.endpoint.model = "two_sentences"
    events = list(asked.assistant.stream(QUESTION))
    verified = [event.text for event in events if isinstance(event, Verified)]
    assert verified == ["It sits in Tamanrasset. [1]", "It sits in Tamanrasset. [1] Four states met. [2]"]
    assert [type(event) for event in events].count(Cited) == 2
