"""Answers by a model: every fault of its endpoint ends, in time, in a label; nothing half-made or secret gets out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.documents import Article, Hit, Passage, Turn
from rag.errors import AnswererError, PromptError, SettingsError
from rag.generation.answer_prompt import AnswerPrompt, Asked, language_name
from rag.generation.circuit import CircuitBreaker
from rag.generation.endpoint import Endpoint, Limits
from rag.generation.model_answerer import ModelAnswerer, joined, speaks
from rag.generation.prompt_passages import TokenBudget
from rag.generation.prompts import Prompts
from rag.generation.screening import Refused
from rag.settings import Settings
from tests.faulty_endpoint import KEY, FaultyEndpoint, running
from tests.imitated_endpoints import SAID

PROMPTS = Prompts.load(Path(__file__).resolve().parents[2] / "prompts")
LIMITS = Limits(
    total_s=2.4, first_token_s=1.2, connect_s=1.0, answer_bytes=4000, received_bytes=200_000, retry_wait_s=0.02
)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyEndpoint]:
    with running() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def endpoint(server: FaultyEndpoint) -> Iterator[Endpoint]:
    endpoint = Endpoint(server.url, KEY, "good", LIMITS)
    yield endpoint
    endpoint.close()


@pytest.fixture
def answerer(server: FaultyEndpoint, endpoint: Endpoint) -> ModelAnswerer:
    server.seen.clear()
    server.requests.clear()
    server.left.clear()
    endpoint.model = "good"
    return build(endpoint)


def build(endpoint: Endpoint, context: int = 8000) -> ModelAnswerer:
    budget, seats = TokenBudget(context, 200), threading.BoundedSemaphore(2)
    return ModelAnswerer(endpoint, AnswerPrompt(PROMPTS, budget), seats, CircuitBreaker())


def hits(count: int = 2, text: str = "اجتمعت أربع دول.") -> list[Hit]:
    article = Article(id="a", text=text, title="The meeting", source="APS", date="2011-10-12", language="ar")
    return [Hit(Passage("a", 0, len(text), text, "ar"), article, 1.0) for _ in range(count)]


def write(answerer: ModelAnswerer, model: str, passages: int = 2) -> str:
    answerer.endpoint.model = model
    return joined(answerer.write(Asked("How many states met?", "en"), hits(passages)))


@pytest.mark.parametrize(
    "case",
    [
        *("good", "whole", "usage_chunks", "pings_between", "crlf", "done_only", "finish_only", "thinking"),
        *("plain_options", "rate_limited_once", "server_error_once", "reset_once", "overflow_of_two"),
    ],
)
def test_an_answer_comes_through(answerer: ModelAnswerer, case: str) -> None:
    assert write(answerer, case).strip() == SAID


# The table of outcomes: what the endpoint does, what it is called, what had been said, and no later than the deadline.
OUTCOMES = [
    ("wrong_key", "wrong_key", ""),
    ("forbidden", "wrong_key", ""),
    ("unknown_model", "unknown_model", ""),
    ("rate_limited", "rate_limited", ""),
    ("rate_limited_date", "rate_limited", ""),
    ("no_quota", "rate_limited", ""),
    ("server_error", "server_error", ""),
    ("overflow", "context_overflow", ""),
    ("bad_request", "bad_request", ""),
    ("redirect", "bad_request", ""),
    ("html_200", "not_json", ""),
    ("html_502", "server_error", ""),
    ("broken_json", "malformed", "Four "),
    ("not_events", "incomplete", ""),
    ("choices_text", "malformed", ""),
    ("choices_numbers", "malformed", ""),
    ("delta_text", "malformed", ""),
    ("content_number", "malformed", ""),
    ("list_event", "malformed", ""),
    ("whole_broken", "malformed", ""),
    ("whole_list", "malformed", ""),
    ("error_event", "error_reported", "Four "),
    ("null_choices", "empty", ""),
    ("empty_choices", "empty", ""),
    ("null_content", "empty", ""),
    ("empty_content", "empty", ""),
    ("white_space", "empty", ""),
    ("whole_empty", "empty", ""),
    ("only_thinking", "empty", ""),
    ("no_events", "incomplete", ""),
    ("silent", "no_first_token", ""),
    ("headers_drip", "no_first_token", ""),
    ("stalls_at_once", "no_first_token", ""),
    ("pings_only", "deadline", ""),
    ("drip", "no_first_token", ""),
    ("stalls", "deadline", "Four "),
    ("pings_after", "deadline", "Four "),
    ("slow_words", "deadline", "Four more "),
    ("reset", "unreachable", ""),
    ("reset_midway", "incomplete", "Four "),
    ("no_finish", "incomplete", "Four "),
    ("length", "cut_short", "Four states"),
    ("filtered", "filtered", "Four "),
    ("endless", "too_long", "Four more "),
    ("endless_line", "too_long", "Four "),
]


@pytest.mark.parametrize(("case", "outcome", "partial"), OUTCOMES, ids=[case for case, _, _ in OUTCOMES])
def test_a_fault_ends_in_a_label_within_the_deadline(
    answerer: ModelAnswerer, caplog: pytest.LogCaptureFixture, case: str, outcome: str, partial: str
) -> None:
    caplog.set_level(logging.DEBUG)
    begun = time.monotonic()
    with pytest.raises(AnswererError) as caught:
        write(answerer, case)
    assert time.monotonic() - begun < LIMITS.total_s + 0.4
    assert caught.value.outcome == outcome
    assert caught.value.partial.startswith(partial)
    assert bool(caught.value.partial.strip()) == bool(partial)
    assert KEY not in str(caught.value)
    assert KEY not in caplog.text
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://model.invalid/v1"])
def test_an_endpoint_that_is_not_there_is_unreachable(url: str) -> None:
    answerer = build(Endpoint(url, KEY, "good", LIMITS))
    with pytest.raises(AnswererError) as caught:
        write(answerer, "good")
    assert caught.value.outcome == "unreachable"
    assert "OPENAI_BASE_URL" in caught.value.hint
    answerer.endpoint.close()


@pytest.mark.parametrize("case", ["refuses", "refuses_in_lower_case", "refuses_late"])
def test_a_model_that_does_not_know_refuses(answerer: ModelAnswerer, case: str) -> None:
    with pytest.raises(Refused):
        write(answerer, case)


def test_what_passes_is_retried_and_what_does_not_is_not(answerer: ModelAnswerer, server: FaultyEndpoint) -> None:
    for case in ("server_error", "wrong_key", "stalls", "rate_limited"):
        with pytest.raises(AnswererError):
            write(replace(answerer, breaker=CircuitBreaker()), case)
    assert server.seen["server_error"] == 3
    assert server.seen["wrong_key"] == 1
    assert server.seen["stalls"] == 1
    assert server.seen["rate_limited"] == 1  # asked to wait longer than the deadline


def test_leaving_ends_the_request(answerer: ModelAnswerer, server: FaultyEndpoint) -> None:
    answerer.endpoint.model = "slow_words"
    pieces = answerer.write(Asked("Q?", "en"), hits())
    assert next(pieces) == "Four "
    pieces.close()
    assert server.left.wait(1.0)
    assert answerer.seats._value == 2  # both seats are free again


def test_the_seat_is_free_after_a_refusal_and_a_failure(answerer: ModelAnswerer) -> None:
    for case, error in (("refuses", Refused), ("wrong_key", AnswererError)):
        with pytest.raises(error):
            write(answerer, case)
    assert answerer.seats._value == 2


def test_a_full_house_is_busy_within_the_deadline(answerer: ModelAnswerer) -> None:
    waiting = [answerer.write(Asked("Q?", "en"), hits()) for _ in range(2)]
    answerer.endpoint.model = "slow_words"
    for pieces in waiting:
        next(pieces)
    with pytest.raises(AnswererError) as caught:
        write(answerer, "good")
    assert caught.value.outcome == "busy"
    for pieces in waiting:
        pieces.close()
    assert write(answerer, "good") == SAID


def test_many_callers_at_once_get_their_own_answers(answerer: ModelAnswerer) -> None:
    answerer = replace(answerer, seats=threading.BoundedSemaphore(16))
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(write(answerer, "good"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [SAID] * 12


def test_a_dead_endpoint_is_left_alone_after_three_failures(answerer: ModelAnswerer, server: FaultyEndpoint) -> None:
    now = [0.0]
    answerer = replace(answerer, breaker=CircuitBreaker(3, 30, lambda: now[0]))
    for _ in range(3):
        with pytest.raises(AnswererError):
            write(answerer, "wrong_key")
    with pytest.raises(AnswererError) as caught:
        write(answerer, "good")
    assert caught.value.outcome == "resting"
    assert server.seen["good"] == 0
    now[0] = 31.0
    assert write(answerer, "good") == SAID
    assert write(answerer, "good") == SAID


def test_an_overflow_is_asked_again_with_half_the_passages(answerer: ModelAnswerer, server: FaultyEndpoint) -> None:
    with pytest.raises(AnswererError):
        write(answerer, "overflow", passages=4)
    sizes = [str(request["messages"][-1]["content"]).count("end of passage") for request in server.requests]
    assert sizes == [4, 2, 1]


@pytest.fixture
def fresh(server: FaultyEndpoint) -> Iterator[ModelAnswerer]:
    """With an endpoint that has found out nothing yet, asked for little effort."""
    server.requests.clear()
    answerer = build(Endpoint(server.url, KEY, "good", replace(LIMITS, thinking_tokens=900), effort="low"))
    yield answerer
    answerer.endpoint.close()


def test_what_a_model_does_not_take_is_left_out_from_then_on(fresh: ModelAnswerer, server: FaultyEndpoint) -> None:
    for _ in range(2):
        assert write(fresh, "plain_options") == SAID
    sent = [
        {name for name in ("max_tokens", "max_completion_tokens", "temperature") if name in request}
        for request in server.requests
    ]
    bare = {"max_completion_tokens"}
    assert sent == [{"max_tokens", "temperature"}, {"max_completion_tokens", "temperature"}, bare, bare]


def test_the_effort_is_asked_for_and_thoughts_have_tokens_of_their_own(
    fresh: ModelAnswerer, server: FaultyEndpoint
) -> None:
    assert write(fresh, "good") == SAID
    (request,) = server.requests
    assert (request["reasoning_effort"], request["max_tokens"]) == ("low", 1400)


def test_thoughts_that_nothing_opened_are_waited_for_the_next_time(fresh: ModelAnswerer) -> None:
    fresh.endpoint.model = "think_no_open_token"
    pieces = [list(fresh.write(Asked("How many states met?", "en"), hits())) for _ in range(2)]
    assert [each.count(None) for each in pieces] == [1, 0]
    assert [joined(each) for each in pieces] == [SAID, SAID]


def test_the_model_is_asked_as_the_prompt_says(answerer: ModelAnswerer, server: FaultyEndpoint) -> None:
    asked = Asked(
        "How many states met?", "fr", [Turn("user", "Hello"), Turn("assistant", "Hi. [1]")], date(2011, 10, 13)
    )
    list(answerer.write(asked, hits(1)))
    (request,) = server.requests
    system, earlier, reply, user = request["messages"]
    assert [m["role"] for m in (system, earlier, reply, user)] == ["system", "user", "assistant", "user"]
    assert "French" in system["content"]
    assert "Today is 2011-10-13" in system["content"]
    assert "NOT_IN_PASSAGES" in system["content"]
    assert (earlier["content"], reply["content"]) == ("Hello", "Hi.")
    for part in (
        "passage 1",
        "title: The meeting",
        "source: APS",
        "date: 2011-10-12",
        "أربع دول",
        "How many states met?",
    ):
        assert part in user["content"]
    assert (request["temperature"], request["max_tokens"], request["stream"]) == (0, 500, True)


def test_the_code_around_passages_is_new_each_time(answerer: ModelAnswerer, server: FaultyEndpoint) -> None:
    write(answerer, "good")
    write(answerer, "good")
    codes = {str(request["messages"][-1]["content"]).split()[0] for request in server.requests}
    assert len(codes) == 2
    assert all(len(code) == 16 for code in codes)


def test_passages_beyond_the_context_are_left_out(answerer: ModelAnswerer, server: FaultyEndpoint) -> None:
    small = replace(answerer, prompt=AnswerPrompt(PROMPTS, TokenBudget(1600, 200)))
    list(small.write(Asked("Q?", "en"), hits(6, "كلمة " * 60)))
    used = str(server.requests[0]["messages"][-1]["content"]).count("end of passage")
    assert 1 <= used < 6


def test_a_follow_up_is_condensed(answerer: ModelAnswerer, server: FaultyEndpoint) -> None:
    history = [Turn("user", "Who met?"), Turn("assistant", "Four states.")]
    answerer.endpoint.model = "good"
    assert answerer.condense("And when was that?", history) == SAID
    assert "assistant: Four states." in str(server.requests[0]["messages"])


@pytest.mark.parametrize("case", ["wrong_key", "silent", "refuses", "html_200", "empty_content", "endless"])
def test_a_follow_up_stays_as_asked_when_the_model_fails(answerer: ModelAnswerer, case: str) -> None:
    answerer.endpoint.model = case
    assert answerer.condense("And when was that?", [Turn("user", "Who met?")]) == "And when was that?"


def test_a_first_question_is_not_condensed(answerer: ModelAnswerer, server: FaultyEndpoint) -> None:
    assert answerer.condense("Who met?", []) == "Who met?"
    assert server.requests == []


def test_a_condensed_question_in_another_language_is_not_used(answerer: ModelAnswerer) -> None:
    answerer.endpoint.model = "good"
    assert answerer.condense("ومتى كان ذلك؟", [Turn("user", "من اجتمع؟")]) == "ومتى كان ذلك؟"


def test_a_text_is_translated(answerer: ModelAnswerer, server: FaultyEndpoint) -> None:
    assert answerer.translate("اجتمعت أربع دول [1].", "en") == SAID
    system, user = server.requests[0]["messages"]
    assert "into English" in system["content"]
    assert "اجتمعت أربع دول (1)." in user["content"]


@pytest.mark.parametrize(
    ("case", "outcome"), [("wrong_key", "wrong_key"), ("refuses", "empty"), ("length", "cut_short")]
)
def test_a_text_that_a_model_does_not_translate_is_an_error(answerer: ModelAnswerer, case: str, outcome: str) -> None:
    answerer.endpoint.model = case
    with pytest.raises(AnswererError) as caught:
        answerer.translate("اجتمعت أربع دول.", "en")
    assert caught.value.outcome == outcome


def test_an_answer_needs_a_passage(answerer: ModelAnswerer) -> None:
    with pytest.raises(ValueError, match="at least one passage"):
        list(answerer.write(Asked("Q?", "en"), []))


def test_a_model_without_an_endpoint_is_a_mistake() -> None:
    with pytest.raises(SettingsError, match="no endpoint"):
        ModelAnswerer.build(Settings(llm_model="m"))


def test_bad_prompts_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(PromptError):
        ModelAnswerer.build(Settings(llm_model="m", openai_api_key=KEY, prompts_dir=tmp_path))


def test_the_answerer_is_named_after_its_model(server: FaultyEndpoint) -> None:
    answerer = ModelAnswerer.build(Settings(llm_model="good", openai_base_url=server.url, llm_seconds=5))
    assert answerer is not None
    assert answerer.name == "llm:good"
    assert joined(answerer.write(Asked("Q?", "en"), hits())) == SAID
    assert KEY not in repr(Settings(openai_api_key=KEY))
    answerer.endpoint.close()


def test_the_key_is_not_in_the_answerers_repr(answerer: ModelAnswerer) -> None:
    assert KEY not in repr(answerer)


@pytest.mark.parametrize(
    ("code", "name"), [("ar", "Arabic"), ("fr", "French"), ("und", "the language of the question")]
)
def test_a_language_has_a_name(code: str, name: str) -> None:
    assert language_name(code) == name


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The four states met in May to form a joint staff.", "en", True),
        ("The four states met in May to form a joint staff.", "fr", False),
        ("اجتمعت الدول الأربع في شهر ماي", "ar", True),
        ("اجتمعت الدول الأربع في شهر ماي", "en", False),
        ("Four states met.", "fr", True),  # too short to tell
        ("Four states met.", "ar", False),
        ("2011", "fr", True),
    ],
)
def test_another_language_is_told(text: str, language: str, expected: bool) -> None:
    assert speaks(text, language) is expected
