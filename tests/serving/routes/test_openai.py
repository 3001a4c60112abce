"""The OpenAI-compatible routes, spoken to by the official client and by LangChain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

import httpx
import numpy as np
import openai
import pytest
from openai.types.chat import ChatCompletionUserMessageParam

from rag.documents import Filters, Question, Turn
from rag.generation.prompt_passages import count_tokens
from rag.serving.api import build_api
from rag.settings import Settings
from tests.fake_assistant import FAILING, SAHEL, FakeAssistant
from tests.loopback import serving

QUESTION = "Which countries formed the joint staff?"
ASKED: list[ChatCompletionUserMessageParam] = [{"role": "user", "content": QUESTION}]
TOOL: Any = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}


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


def test_the_official_client_gets_the_answer_and_its_citations(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model="isnad", messages=[{"role": "user", "content": QUESTION}])

    answer = completion.isnad  # type: ignore[attr-defined]
    assert completion.choices[0].message.content == answer["answer"]
    assert completion.choices[0].finish_reason == "stop"
    citation = answer["citations"][0]
    assert SAHEL.text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_stream_adds_up_to_the_answer_of_its_last_chunk(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(model="isnad", messages=[{"role": "user", "content": QUESTION}], stream=True)
    )

    assert chunks[0].choices[0].delta.role == "assistant"
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert text == chunks[-1].isnad["answer"]  # type: ignore[attr-defined]
    assert all("isnad" not in (chunk.model_extra or {}) for chunk in chunks[:-1])
    assert len({chunk.id for chunk in chunks}) == 1


def test_what_is_only_related_cannot_be_taken_for_an_answer(client: openai.OpenAI) -> None:
    lead = "قد لا تجيب المقالات عن هذا السؤال. أقرب ما ورد فيها:\n\n"
    asked: list[ChatCompletionUserMessageParam] = [{"role": "user", "content": "كم كلفت الزيارة؟"}]
    whole = client.chat.completions.create(model="isnad", messages=asked)
    chunks = client.chat.completions.create(model="isnad", messages=asked, stream=True)

    assert (whole.choices[0].message.content or "").startswith(lead)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks).startswith(lead)


def test_earlier_messages_are_the_history_and_system_messages_have_no_effect(
    client: openai.OpenAI, assistant: FakeAssistant
) -> None:
    client.chat.completions.create(
        model="isnad-extractive",
        messages=[
            {"role": "system", "content": "Answer in rhyme."},
            {"role": "user", "content": "first"},
            {"role": "assistant", "content": "second"},
            {"role": "user", "content": [{"type": "text", "text": "pays"}, {"type": "text", "text": "?"}]},
        ],
        temperature=0.3,
        extra_body={"isnad": {"filters": {"languages": ["ar"]}, "language": "fr"}},
    )

    assert assistant.asked[-1] == Question(
        "pays\n?",
        history=(Turn("user", "first"), Turn("assistant", "second")),
        filters=Filters(languages=("ar",)),
        answerer="extractive",
        language="fr",
    )


@pytest.mark.parametrize(
    ("model", "content", "expected", "code"),
    [
        ("gpt-4", "x", openai.NotFoundError, "model_not_found"),
        ("isnad", "", openai.UnprocessableEntityError, "bad_question"),
        ("isnad", "x" * 30000, openai.UnprocessableEntityError, "bad_question"),
        ("isnad", FAILING, openai.InternalServerError, "encoder_unavailable"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_errors_raise_the_clients_own_exceptions(
    client: openai.OpenAI, model: str, content: str, expected: type[openai.APIStatusError], code: str, stream: bool
) -> None:
    with pytest.raises(expected) as caught:
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": content}], stream=stream)

    assert caught.value.code == code
    assert isinstance(caught.value.body, dict)
    assert set(caught.value.body) == {"message", "type", "param", "code"}


def test_the_last_message_must_be_the_users(client: openai.OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="last message"):
        client.chat.completions.create(model="isnad", messages=[{"role": "assistant", "content": "x"}])


def test_a_failure_in_mid_stream_raises_in_the_client(client: openai.OpenAI, assistant: FakeAssistant) -> None:
    whole = assistant.stream

    def broken(question: Question) -> Iterator[object]:
        yield next(whole(question))
        raise RuntimeError("secret")

    assistant.stream = broken  # type: ignore[method-assign, assignment]
    try:
        with pytest.raises(openai.APIError, match="Something went wrong"):
            list(
                client.chat.completions.create(model="isnad", messages=[{"role": "user", "content": "x"}], stream=True)
            )
    finally:
        del assistant.stream


def test_models_are_listed_and_found(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]

    assert names == ["isnad", "isnad-extractive", "isnad-llm", "isnad-passage", "isnad-query"]
    assert client.models.retrieve("isnad").owned_by == "isnad"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-4")


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_embeddings_are_unit_vectors(client: openai.OpenAI, encoding: Literal["float", "base64"]) -> None:
    given = client.embeddings.create(model="isnad-query", input=["a", "b"])  # the client asks for base64 itself
    raw = client.embeddings.with_raw_response.create(model="isnad-query", input="a", encoding_format=encoding)

    assert [len(item.embedding) for item in given.data] == [4, 4]
    assert np.linalg.norm(given.data[0].embedding) == pytest.approx(1)
    assert isinstance(raw.http_response.json()["data"][0]["embedding"], str if encoding == "base64" else list)


def test_embeddings_refuse_what_they_cannot_give(client: openai.OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="4 dimensions"):
        client.embeddings.create(model="isnad-query", input="a", dimensions=3)
    with pytest.raises(openai.BadRequestError, match="2049 inputs"):
        client.embeddings.create(model="isnad-query", input=["a"] * 2049)
    for tokens in ([1, 2], [[1, 2], [3]]):
        with pytest.raises(openai.BadRequestError, match="Token arrays cannot be read here"):
            client.embeddings.create(model="isnad-query", input=tokens)
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="text-embedding-3-small", input="a")


def test_as_many_texts_are_embedded_as_openai_takes(client: openai.OpenAI) -> None:
    texts = [f"passage {number} " + "كلمة " * 200 for number in range(2048)]  # two megabytes
    embedded = client.embeddings.create(model="isnad-passage", input=texts)
    assert [len(embedded.data), embedded.data[-1].index] == [2048, 2047]
    assert embedded.usage.total_tokens > 2048 * 400


def test_what_was_used_is_told(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model="isnad", messages=ASKED)
    usage = completion.usage
    assert usage is not None
    assert usage.prompt_tokens == count_tokens(QUESTION)
    assert usage.completion_tokens == count_tokens(completion.choices[0].message.content or "")
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    chunks = list(
        client.chat.completions.create(
            model="isnad", messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
    )
    assert [chunk.usage for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert (chunks[-1].choices, chunks[-1].usage) == ([], usage)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"n": 2}, "n: There is one answer"),
        ({"tools": [TOOL], "tool_choice": "required"}, "tool_choice: No tool is called here"),
        ({"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "f"}}}, "tool_choice: No tool"),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "s"}}}, "response_format: json_schema"),
    ],
)
def test_what_no_answer_can_be_is_refused_by_name(
    client: openai.OpenAI, option: dict[str, Any], said: str, stream: bool
) -> None:
    with pytest.raises(openai.BadRequestError, match=said) as caught:
        client.chat.completions.create(model="isnad", messages=ASKED, stream=stream, **option)
    assert caught.value.type == "invalid_request_error"


@pytest.mark.parametrize(
    "option",
    [{"n": 1}, {"tools": [TOOL], "tool_choice": "auto"}, {"response_format": {"type": "text"}}, {"logprobs": True}],
)
def test_what_changes_nothing_is_passed_over(client: openai.OpenAI, option: dict[str, Any]) -> None:
    completion = client.chat.completions.create(model="isnad", messages=ASKED, **option)
    assert completion.choices[0].message.content == completion.isnad["answer"]


def test_json_mode_gives_the_answer_as_json(client: openai.OpenAI) -> None:
    wanted: Any = {"type": "json_object"}
    completion = client.chat.completions.create(model="isnad", messages=ASKED, response_format=wanted)
    chunks = client.chat.completions.create(model="isnad", messages=ASKED, response_format=wanted, stream=True)
    whole = json.loads(completion.choices[0].message.content or "")
    assert whole == completion.isnad  # type: ignore[attr-defined]
    assert json.loads("".join(chunk.choices[0].delta.content or "" for chunk in chunks))["answer"] == whole["answer"]


def test_system_messages_may_be_long_and_conversations_too(client: openai.OpenAI) -> None:
    earlier: list[Any] = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "x" * 30_000}] * 10
    system: Any = {"role": "system", "content": "Answer in rhyme. " * 20_000}
    completion = client.chat.completions.create(model="isnad", messages=[system, *earlier, *ASKED])
    assert completion.choices[0].message.content


def test_text_alone_says_what_is_not_borne_out(client: openai.OpenAI) -> None:
    asked: Any = [{"role": "user", "content": "a summary, please"}]
    content = client.chat.completions.create(model="isnad", messages=asked).choices[0].message.content or ""
    streamed = client.chat.completions.create(model="isnad", messages=asked, stream=True)
    assert "(not borne out by the articles)" in content
    assert content.endswith("Note: One sentence is not borne out by the articles.")
    assert "".join(chunk.choices[0].delta.content or "" for chunk in streamed) == content


def test_plain_http_sees_the_stream_end_with_done(address: str) -> None:
    body = {"model": "isnad", "messages": [{"role": "user", "content": QUESTION}], "stream": True}
    lines = httpx.post(f"{address}/v1/chat/completions", json=body).text.strip().split("\n\n")

    assert lines[-1] == "data: [DONE]"
    assert all(line.startswith("data: {") for line in lines[:-1])


def test_langchain_chats_with_it(address: str) -> None:
    ChatOpenAI = pytest.importorskip("langchain_openai", reason="needs langchain-openai").ChatOpenAI
    model = ChatOpenAI(model="isnad", base_url=f"{address}/v1", api_key="none")

    assert "الجزائر" in model.invoke(QUESTION).content
    assert "الجزائر" in "".join(chunk.content for chunk in model.stream(QUESTION))
