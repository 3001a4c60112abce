"""A real model behind llama.cpp's server: the wire format, the streaming and the fallbacks, end to end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.documents import Article, Hit, Passage, Turn
from rag.errors import AnswererError
from rag.generation.answer_prompt import AnswerPrompt, Asked
from rag.generation.endpoint import Endpoint, Limits
from rag.generation.model_answerer import ModelAnswerer, joined
from rag.generation.prompt_passages import TokenBudget
from rag.generation.prompts import Message, Prompts
from rag.generation.screening import Refused
from tests.real_model import CONTEXT, MODEL, served

pytestmark = pytest.mark.slow

TEXT = "The bridge over the river was opened on 3 June 2019. It is 540 metres long. Four states paid for it."
PROMPTS = Prompts.load(Path(__file__).resolve().parent.parent / "prompts")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with served() as url:
        endpoint = Endpoint(url, "", MODEL, Limits(total_s=120, first_token_s=90, max_tokens=60))
        yield endpoint
        endpoint.close()


def answerer(endpoint: Endpoint, context: int = CONTEXT) -> ModelAnswerer:
    return ModelAnswerer(endpoint, AnswerPrompt(PROMPTS, TokenBudget(context, 60)), threading.BoundedSemaphore(1))


def hits(text: str = TEXT, count: int = 1) -> list[Hit]:
    article = Article(id="a", text=text, title="The bridge", source="Desk", date="2019-06-04", language="en")
    return [Hit(Passage("a", 0, len(text), text, "en"), article, 1.0)] * count


def test_an_answer_streams_in_pieces(endpoint: Endpoint) -> None:
    pieces = list(endpoint.stream([Message("user", "What is the capital of France? Answer in one sentence.")]))
    assert len(pieces) > 3
    assert "Paris" in "".join(pieces)


def ending(writer: ModelAnswerer, passages: list[Hit]) -> tuple[str, str]:
    """How the answer ended and what was said: so small a model may refuse, or not know when to stop."""
    said: list[str | None] = []
    try:
        said += writer.write(Asked("How long is the bridge?", "en"), passages)
    except Refused:
        return "refused", ""
    except AnswererError as error:
        return error.outcome, error.partial
    return "answered", joined(said)


def test_a_question_over_a_passage_is_answered_or_refused(endpoint: Endpoint) -> None:
    outcome, said = ending(answerer(endpoint), hits())
    assert outcome in ("answered", "cut_short", "refused")
    assert bool(said.strip()) == (outcome != "refused")


def test_a_prompt_too_long_for_the_model_is_labelled(endpoint: Endpoint) -> None:
    with pytest.raises(AnswererError) as caught:
        list(endpoint.stream([Message("user", "word " * 5000)]))
    assert caught.value.outcome == "context_overflow"


def test_an_overflow_is_mended_by_fewer_passages(endpoint: Endpoint) -> None:
    """The budget is told that the context is larger than it is, so that the server has to refuse."""
    outcome, _ = ending(answerer(endpoint, context=100_000), hits(TEXT * 20, count=4))
    assert outcome in ("answered", "cut_short", "refused")


@pytest.mark.timeout(120)  # counting to its end takes longer
def test_leaving_frees_the_server_for_the_next(endpoint: Endpoint) -> None:
    pieces = endpoint.stream([Message("user", "Count from one to one thousand in words.")])
    next(pieces)
    pieces.close()
    assert "".join(endpoint.stream([Message("user", "Say hello.")])).strip()


def test_a_follow_up_comes_back_as_one_line(endpoint: Endpoint) -> None:
    history = [Turn("user", "How long is the bridge?"), Turn("assistant", "It is 540 metres long.")]
    condensed = answerer(endpoint).condense("And when was it opened?", history)
    assert condensed
    assert "\n" not in condensed


def test_a_wrong_path_is_labelled(endpoint: Endpoint) -> None:
    wrong = Endpoint(endpoint._base_url.removesuffix("/v1") + "/nowhere", "", MODEL, endpoint.limits)
    with pytest.raises(AnswererError) as caught:
        list(wrong.stream([Message("user", "Hello")]))
    assert caught.value.outcome == "unknown_model"
    wrong.close()
