"""OpenAI's response shapes: their models for the document, and how an Answer and its events are told in them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, Literal

from fastapi.sse import format_sse_event
from pydantic import BaseModel, Field

from rag.documents import Answer, Delta, Ended, Event, Started

Clock = Callable[[], float]


class AssistantMessage(BaseModel):
    """The answer's text, with its ``[1]`` markers."""

    role: Literal["assistant"]
    content: str
    refusal: None = None


class CompletionChoice(BaseModel):
    """The one choice there is."""

    index: Literal[0]
    message: AssistantMessage
    logprobs: None = None
    finish_reason: Literal["stop"]


class Completion(BaseModel):
    """A chat completion. ``isnad`` is the whole Answer: citations, status, warnings."""

    id: str
    object: Literal["chat.completion"]
    created: int = Field(description="seconds since 1970")
    model: str
    choices: list[CompletionChoice]
    isnad: Answer


class ModelOut(BaseModel):
    """A model as listed."""

    id: str = Field(examples=["isnad"])
    object: Literal["model"]
    created: int = Field(examples=[0])
    owned_by: Literal["isnad"]


class ModelsOut(BaseModel):
    """The models there are."""

    object: Literal["list"]
    data: list[ModelOut]


class EmbeddingOut(BaseModel):
    """One unit vector: numbers, or base64 of little-endian float32."""

    object: Literal["embedding"]
    index: int = Field(examples=[0])
    embedding: list[float] | str = Field(examples=[[0.031, -0.047, 0.012]])


class Usage(BaseModel):
    """Always 0: tokens are not counted here."""

    prompt_tokens: int = Field(examples=[0])
    total_tokens: int = Field(examples=[0])


class EmbeddingsOut(BaseModel):
    """Vectors in the order of the inputs."""

    object: Literal["list"]
    model: str = Field(examples=["isnad-query"])
    data: list[EmbeddingOut]
    usage: Usage


def completion_of(answer: Answer, model: str, clock: Clock = time.time) -> dict[str, Any]:
    """The completion that says ``answer``."""
    message = {"role": "assistant", "content": answer.answer, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return _envelope("chat.completion", answer.id, model, choice, answer, clock)


def chunk_of(event: Event, answer_id: str, model: str, clock: Clock = time.time) -> dict[str, Any] | None:
    """The chunk that says ``event``; None for citations, which come whole with the last chunk."""
    delta: dict[str, Any] = {}
    if isinstance(event, Started):
        delta = {"role": "assistant", "content": ""}
    elif isinstance(event, Delta):
        delta = {"content": event.text}
    elif not isinstance(event, Ended):
        return None
    answer = event.answer if isinstance(event, Ended) else None
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": "stop" if answer else None}
    return _envelope("chat.completion.chunk", answer_id, model, choice, answer, clock)


def data_frame(value: Any) -> bytes:
    """One frame of OpenAI's stream."""
    return format_sse_event(data_str=json.dumps(value, allow_nan=False))


DONE = format_sse_event(data_str="[DONE]")


def _envelope(
    kind: str, answer_id: str, model: str, choice: dict[str, Any], answer: Answer | None, clock: Clock
) -> dict[str, Any]:
    head = {"id": f"chatcmpl-{answer_id}", "object": kind, "created": int(clock()), "model": model}
    return {**head, "choices": [choice], **({"isnad": answer.to_dict()} if answer else {})}
