"""OpenAI's Responses, spoken to by the official client and by LangChain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from rag.documents import Filters, Question, Turn
from rag.serving.api import build_api
from rag.settings import Settings
from tests.fake_assistant import FAILING, FakeAssistant
from tests.loopback import serving

QUESTION = "Which countries formed the joint staff?"


@pytest.fixture(scope="module")
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def address(assistant: FakeAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(index_dir=tmp_path_factory.mktemp("index"), questions_per_minute=1000)
    with serving(build_api(settings, assistant)) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        yield client


def test_the_official_client_gets_the_same_answer_as_by_chat(client: openai.OpenAI, assistant: FakeAssistant) -> None:
    response = client.responses.create(model="isnad", input=QUESTION, instructions="Answer in rhyme.")
    answer = response.isnad  # type: ignore[attr-defined]
    assert (response.status, response.error) == ("completed", None)
    assert response.output_text == answer["answer"] == assistant.ask(QUESTION).answer
    assert response.usage is not None
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens > 0


def test_a_stream_has_the_events_that_clients_wait_for(client: openai.OpenAI) -> None:
    with client.responses.stream(model="isnad", input=QUESTION) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert [event.type for event in events[:4]] == [
        *("response.created", "response.in_progress", "response.output_item.added", "response.content_part.added")
    ]
    assert [event.type for event in events[-4:]] == [
        *("response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed")
    ]
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == final.output_text
    assert final.output_text == final.isnad["answer"]  # type: ignore[attr-defined]
    raw = httpx.post(f"{client.base_url}responses", json={"model": "isnad", "input": QUESTION, "stream": True}).text
    numbers = [json.loads(line[6:])["sequence_number"] for line in raw.splitlines() if line.startswith("data: ")]
    assert numbers == list(range(len(numbers)))


def test_earlier_items_are_the_history_and_the_rest_has_no_effect(
    client: openai.OpenAI, assistant: FakeAssistant
) -> None:
    items: Any = [
        {"role": "developer", "content": "Answer in rhyme. " * 10_000},
        {"role": "user", "content": [{"type": "input_text", "text": "first"}]},
        {"type": "reasoning", "id": "r", "summary": []},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "second"}]},
        {"type": "function_call_output", "call_id": "c", "output": "{}"},
        {"role": "user", "content": [{"type": "input_text", "text": "pays"}, {"type": "input_text", "text": "?"}]},
    ]
    client.responses.create(
        model="isnad-extractive",
        input=items,
        extra_body={"isnad": {"filters": {"languages": ["ar"]}, "language": "fr"}},
    )
    assert assistant.asked[-1] == Question(
        "pays\n?",
        history=(Turn("user", "first"), Turn("assistant", "second")),
        filters=Filters(languages=("ar",)),
        answerer="extractive",
        language="fr",
    )


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("option", "expected", "said"),
    [
        ({"model": "gpt-4"}, openai.NotFoundError, "There are isnad, isnad-extractive, isnad-llm"),
        ({"input": FAILING}, openai.InternalServerError, "encoder"),
        ({"input": [{"role": "assistant", "content": "x"}]}, openai.UnprocessableEntityError, "last message"),
        ({"previous_response_id": "resp_1"}, openai.BadRequestError, "previous_response_id: No conversation is kept"),
        ({"conversation": "conv_1"}, openai.BadRequestError, "conversation: No conversation is kept"),
        ({"tool_choice": "required"}, openai.BadRequestError, "tool_choice: No tool"),
        (
            {"text": {"format": {"type": "json_schema", "name": "s", "schema": {}}}},
            openai.BadRequestError,
            "json_schema",
        ),
    ],
)
def test_errors_raise_the_clients_own_exceptions(
    client: openai.OpenAI, option: dict[str, Any], expected: type[openai.APIStatusError], said: str, stream: bool
) -> None:
    with pytest.raises(expected, match=said):
        client.responses.create(**{"model": "isnad", "input": QUESTION, "stream": stream, **option})


def test_json_mode_gives_the_answer_as_json(client: openai.OpenAI) -> None:
    response = client.responses.create(model="isnad", input=QUESTION, text={"format": {"type": "json_object"}})
    assert json.loads(response.output_text) == response.isnad  # type: ignore[attr-defined]


def test_a_failure_in_mid_stream_ends_the_response_as_failed(client: openai.OpenAI, assistant: FakeAssistant) -> None:
    whole = assistant.stream

    def broken(question: Question) -> Iterator[object]:
        yield next(whole(question))
        raise RuntimeError("secret")

    assistant.stream = broken  # type: ignore[method-assign, assignment]
    try:
        events = list(client.responses.create(model="isnad", input="x", stream=True))
    finally:
        del assistant.stream
    last = events[-1]
    assert last.type == "response.failed"
    assert last.response.error is not None
    assert last.response.error.message.startswith("Something went wrong here.")


def test_langchain_asks_by_responses(address: str) -> None:
    ChatOpenAI = pytest.importorskip("langchain_openai", reason="needs langchain-openai").ChatOpenAI
    model = ChatOpenAI(model="isnad", base_url=f"{address}/v1", api_key="none", use_responses_api=True)
    assert "الجزائر" in model.invoke(QUESTION).text
    assert "الجزائر" in "".join(chunk.text for chunk in model.stream(QUESTION))
