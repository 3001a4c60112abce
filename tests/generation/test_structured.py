"""Answers in JSON by a schema: the text with markers that they stand for, and the words that bear each sentence out."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.documents import Article, Hit, Passage
from rag.errors import AnswererError
from rag.generation.answer_prompt import AnswerPrompt, Asked
from rag.generation.endpoint import Endpoint, Limits
from rag.generation.model_answerer import ModelAnswerer
from rag.generation.prompt_passages import REFUSAL_TOKEN, TokenBudget
from rag.generation.prompts import Prompts
from rag.generation.screening import Refused
from rag.generation.structured import RESPONSE_FORMAT, unfolded
from tests.faulty_endpoint import KEY, FaultyEndpoint, running
from tests.imitated_endpoints import SAID

PROMPTS = Prompts.load(Path(__file__).resolve().parents[2] / "prompts")
LIMITS = Limits(total_s=3.0, first_token_s=1.5, retry_wait_s=0.02, max_tokens=200)


def item(sentence: object, passages: object = (1,), words: object = "w") -> dict[str, object]:
    return {"words_of_the_passage": words, "sentence": sentence, "passages": passages}


def read(text: str, size: int = 5) -> tuple[str, dict[str, str]]:
    supports: dict[str, str] = {}
    parts = unfolded([text[i : i + size] for i in range(0, len(text), size)], supports)
    return "".join(part or "" for part in parts), supports


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([item("Four met.", [1, 3]), item("Two left.", [2])], "Four met. [1][3] Two left. [2]"),
        ([item("- Mali"), item("- Niger", [2])], "- Mali [1]\n- Niger [2]"),
        ([item("Four met [2].", [1])], "Four met [2]."),
        ([item('He said "no" {[]}.', [])], 'He said "no" {[]}.'),
        ([item("اجتمعت أربع دول.", [1, "2", True, -1, None])], "اجتمعت أربع دول. [1]"),
        ([item(4), "x", None, {}, item("Kept.", None)], "Kept."),
        ([item("sentence_number_2"), item("<sentence>"), item("..."), item("193")], "193 [1]"),
        ([], REFUSAL_TOKEN),
    ],
)
def test_json_becomes_text_with_markers(items: list[object], text: str, size: int) -> None:
    assert read(json.dumps({"sentences": items}), size)[0] == text
    assert read(json.dumps({"sentences": items}, indent=2, ensure_ascii=False), size)[0] == text


def test_the_words_that_bear_a_sentence_out_are_kept_by_its_own() -> None:
    _, supports = read(json.dumps({"sentences": [item("- **Four** met.", words="Four states"), item("x", words=3)]}))
    assert supports == {"Four met.": "Four states"}


@pytest.mark.parametrize("text", [SAID, " \n" + SAID, "", "[1] Four.", "Four {met}.", REFUSAL_TOKEN])
def test_what_is_no_json_passes(text: str) -> None:
    assert read(text)[0].strip() == text.strip()


def test_thoughts_that_are_taken_back_are_forgotten() -> None:
    whole = json.dumps({"sentences": [item("So.")]})
    assert list(unfolded(["{hm", None, whole], {})) == [None, "So. [1]"]


@pytest.mark.parametrize(
    "text", ['{"answer": "x"}', '{"sentences": 4}', '{"sentences": [{"sentence": "cut', "{" * 9999]
)
def test_json_of_another_shape_is_malformed(text: str) -> None:
    with pytest.raises(AnswererError) as caught:
        read(text)
    assert caught.value.outcome == "malformed"


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyEndpoint]:
    with running() as endpoint:
        yield endpoint


@pytest.fixture
def answerer(server: FaultyEndpoint) -> Iterator[ModelAnswerer]:
    server.requests.clear()
    endpoint = Endpoint(server.url, KEY, "structured", LIMITS)
    yield ModelAnswerer(endpoint, AnswerPrompt(PROMPTS, TokenBudget(8000, 200)), threading.BoundedSemaphore(2))
    endpoint.close()


def write(answerer: ModelAnswerer, model: str, supports: dict[str, str] | None) -> str:
    answerer.endpoint.model = model
    article = Article(id="a", text="Four states met.", language="en")
    hit = Hit(Passage("a", 0, 16, article.text, "en"), article, 1.0)
    return "".join(piece or "" for piece in answerer.write(Asked("Who met?", "en"), [hit], supports))


def test_a_schema_is_asked_for_where_supports_are_wished(answerer: ModelAnswerer, server: FaultyEndpoint) -> None:
    supports: dict[str, str] = {}
    assert write(answerer, "structured", supports) == "It sits in Tamanrasset. [1] Four states met. [1]"
    assert supports["Four states met."] == "Four states met"
    assert write(answerer, "structured", None) == SAID
    first, second = server.requests
    assert first["response_format"] == RESPONSE_FORMAT
    assert (first["max_tokens"], second["max_tokens"]) == (400, 200)
    assert "response_format" not in second


@pytest.mark.parametrize(("case", "requests"), [("no_schema", 2), ("no_schema_unnamed", 2), ("no_schema_broken", 3)])
def test_an_endpoint_without_schemas_is_found_out_once(
    answerer: ModelAnswerer, server: FaultyEndpoint, case: str, requests: int
) -> None:
    assert write(answerer, case, {}) == SAID
    assert len(server.requests) == requests
    assert write(answerer, case, {}) == SAID
    assert len(server.requests) == requests + 1


def test_an_endpoint_with_a_shape_of_its_own_is_asked_for_text(answerer: ModelAnswerer, server: FaultyEndpoint) -> None:
    for requests in (2, 3):
        assert write(answerer, "structured_otherwise", {}) == SAID
        assert len(server.requests) == requests


def test_no_sentence_is_a_refusal(answerer: ModelAnswerer) -> None:
    with pytest.raises(Refused):
        write(answerer, "structured_empty", {})
