"""OpenAI's shapes: how an Answer is told to its clients.

What they may ask is in :mod:`rag.serving.schemas.openai_requests`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel, Field

from rag.answering.standing import told
from rag.asking import Delta, Ended, Event, Started
from rag.documents import Answer
from rag.serving.schemas.openai_requests import ChatIn

Clock = Callable[[], float]


class AssistantMessage(BaseModel):
    """The answer's text, with its ``[1]`` markers. What is only related says first that it may not answer, what is not
    borne out says so in brackets, and the warnings end the text."""

    role: Literal["assistant"]
    content: str
    refusal: None = None


class CompletionChoice(BaseModel):
    """The one choice there is."""

    index: Literal[0]
    message: AssistantMessage
    logprobs: None = None
    finish_reason: Literal["stop"]


class ChatUsage(BaseModel):
    """Tokens as the longest of common tokenizers would count them: an estimate, no model's count."""

    prompt_tokens: int = Field(examples=[12])
    completion_tokens: int = Field(examples=[40])
    total_tokens: int = Field(examples=[52])


class Completion(BaseModel):
    """A chat completion. ``isnad`` is the whole Answer: citations, status, warnings."""

    id: str
    object: Literal["chat.completion"]
    created: int = Field(description="seconds since 1970")
    model: str
    choices: list[CompletionChoice]
    usage: ChatUsage
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
    """Tokens of the inputs, estimated."""

    prompt_tokens: int = Field(examples=[9])
    total_tokens: int = Field(examples=[9])


class EmbeddingsOut(BaseModel):
    """Vectors in the order of the inputs."""

    object: Literal["list"]
    model: str = Field(examples=["isnad-query"])
    data: list[EmbeddingOut]
    usage: Usage


def text_of(answer: Answer, as_json: bool) -> str:
    """What ``content`` holds: the answer told as text, or the Answer as JSON."""
    return json.dumps(answer.to_dict(), ensure_ascii=False) if as_json else told(answer)


def completion_of(answer: Answer, body: ChatIn, clock: Clock = time.time) -> dict[str, Any]:
    """The completion that says ``answer`` to ``body``."""
    content = text_of(answer, body.as_json)
    message = {"role": "assistant", "content": content, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    head = _head("chat.completion", answer.id, body.model, clock)
    return {**head, "choices": [choice], "usage": body.usage(content), "isnad": answer.to_dict()}


def chunk_of(event: Event, answer_id: str, body: ChatIn, clock: Clock = time.time) -> dict[str, Any] | None:
    """The chunk that says ``event``; None for citations, which come whole with the last chunk."""
    delta: dict[str, Any] = {}
    if isinstance(event, Started):
        delta = {"role": "assistant", "content": ""}
    elif isinstance(event, Delta):
        delta = {"content": event.text}
    elif not isinstance(event, Ended):
        return None
    choice = {
        "index": 0,
        "delta": delta,
        "logprobs": None,
        "finish_reason": "stop" if isinstance(event, Ended) else None,
    }
    head = _head("chat.completion.chunk", answer_id, body.model, clock)
    usage = {"usage": None} if body.counts_usage else {}
    return {
        **head,
        "choices": [choice],
        **usage,
        **({"isnad": event.answer.to_dict()} if isinstance(event, Ended) else {}),
    }


def usage_chunk(answer: Answer, body: ChatIn, clock: Clock = time.time) -> dict[str, Any]:
    """The chunk after the last one, for who asked what was used."""
    head = _head("chat.completion.chunk", answer.id, body.model, clock)
    return {**head, "choices": [], "usage": body.usage(text_of(answer, body.as_json))}


def _head(kind: str, answer_id: str, model: str, clock: Clock) -> dict[str, Any]:
    return {"id": f"chatcmpl-{answer_id}", "object": kind, "created": int(clock()), "model": model}
