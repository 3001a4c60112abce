"""The OpenAI-compatible routes: chat completions and responses with the whole Answer, models and embeddings."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Generator
from contextlib import closing
from typing import Any, Final

import numpy as np
from fastapi import APIRouter, Response
from fastapi.sse import KEEPALIVE_COMMENT
from starlette.concurrency import run_in_threadpool

from rag.answering.standing import only_standing
from rag.asking import Delta, Ended, Event, Started
from rag.documents import Answer, Float32, Question
from rag.generation.prompt_passages import count_tokens
from rag.serving.routes.sse import EventFeed, stream_response
from rag.serving.schemas.errors import Json, Rejection, error_body, rejection_of
from rag.serving.schemas.examples import COMPLETED, RESPONDED, openai_errors
from rag.serving.schemas.frames import DONE, data_frame, typed_frame
from rag.serving.schemas.openai import (
    Completion,
    EmbeddingsOut,
    ModelOut,
    ModelsOut,
    chunk_of,
    completion_of,
    text_of,
    usage_chunk,
)
from rag.serving.schemas.openai_requests import CHAT_MODELS, EMBEDDING_MODELS, ChatIn, EmbeddingsIn
from rag.serving.schemas.openai_responses import OpenAIResponse, ResponseEvents, ResponsesIn, response_of
from rag.serving.site import Site, TheSite

ENCODED_AT_ONCE: Final = 64  # texts: as many as the encoder takes in a few batches
router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"], responses=openai_errors(404))


@router.post("/chat/completions", response_model=Completion, responses=COMPLETED)
async def chat_completions(body: ChatIn, site: TheSite) -> Response:
    """Answer the last user message. Streamed or not; the last chunk, or the response, holds the Answer in `isnad`."""
    asked = _asked(body)
    if body.stream:
        return stream_response(_chunks(await _feed(body, asked, site), body))
    return Json(completion_of(await _answer(asked, site), body))


@router.post("/responses", response_model=OpenAIResponse, responses=RESPONDED)
async def responses(body: ResponsesIn, site: TheSite) -> Response:
    """Answer the last user message of `input`, as chat completions do. Nothing is kept: each request is whole."""
    asked = _asked(body)
    if body.stream:
        return stream_response(_response_events(await _feed(body, asked, site), body))
    return Json(response_of(await _answer(asked, site), body))


@router.get("/models", response_model=ModelsOut, response_description="the models")
def models() -> dict[str, Any]:
    """The models that the other routes accept."""
    return {"object": "list", "data": [_model(name) for name in (*CHAT_MODELS, *EMBEDDING_MODELS)]}


@router.get("/models/{model}", response_model=ModelOut, response_description="the model")
def model(model: str) -> dict[str, Any]:
    """One model."""
    if model not in CHAT_MODELS and model not in EMBEDDING_MODELS:
        raise _unknown_model(model)
    return _model(model)


@router.post("/embeddings", response_model=EmbeddingsOut, response_description="the vectors")
async def embeddings(body: EmbeddingsIn, site: TheSite) -> Response:
    """The encoder's unit vectors, as lists of numbers or as base64 of little-endian float32."""
    if body.model not in EMBEDDING_MODELS:
        raise _unknown_model(body.model)
    texts = body.texts()
    vectors: list[Float32] = []
    for start in range(0, len(texts), ENCODED_AT_ONCE):  # between which a caller can have left
        some = texts[start : start + ENCODED_AT_ONCE]
        vectors += await run_in_threadpool(site.assistant.encode, some, EMBEDDING_MODELS[body.model])
    if body.dimensions not in (None, len(vectors[0])):
        raise Rejection(422, "bad_dimensions", f"The vectors have {len(vectors[0])} dimensions, no others.")
    encoded = [_base64(vector) if body.encoding_format == "base64" else vector.tolist() for vector in vectors]
    data = [{"object": "embedding", "index": i, "embedding": vector} for i, vector in enumerate(encoded)]
    tokens = sum(map(count_tokens, texts))
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return Json({"object": "list", "model": body.model, "data": data, "usage": usage})


def _asked(body: ChatIn | ResponsesIn) -> Question:
    if body.model not in CHAT_MODELS:
        raise _unknown_model(body.model)
    return body.asked(CHAT_MODELS[body.model])


async def _answer(asked: Question, site: Site) -> Answer:
    return await (await EventFeed.open(lambda: site.assistant.stream(asked), site.stopping)).answer()


async def _feed(body: ChatIn | ResponsesIn, asked: Question, site: Site) -> EventFeed:
    """The answer's events, as far as they stand: a client that reads text alone takes nothing back."""
    shown = _as_json if body.as_json else only_standing
    return await EventFeed.open(lambda: shown(site.assistant.stream(asked)), site.stopping)


def _as_json(events: Generator[Event, None, None]) -> Generator[Event, None, None]:
    """The start, the whole Answer as one text, and the end."""
    with closing(events):
        for event in events:
            if isinstance(event, Ended):
                yield Delta(text_of(event.answer, as_json=True))
            if isinstance(event, Started | Ended):
                yield event


async def _chunks(feed: EventFeed, body: ChatIn) -> AsyncIterator[bytes]:
    answer_id = ""
    async for item in feed.items():
        if item is None:
            yield KEEPALIVE_COMMENT
        elif isinstance(item, Exception):
            refusal = rejection_of(item)
            yield data_frame(error_body("/v1", refusal.status, refusal.code, refusal.message, refusal.hint))
            return
        else:
            answer_id = item.id if isinstance(item, Started) else answer_id
            if (chunk := chunk_of(item, answer_id, body)) is not None:
                yield data_frame(chunk)
            if isinstance(item, Ended) and body.counts_usage:
                yield data_frame(usage_chunk(item.answer, body))
    yield DONE


async def _response_events(feed: EventFeed, body: ResponsesIn) -> AsyncIterator[bytes]:
    events = ResponseEvents(body)
    async for item in feed.items():
        if item is None:
            yield KEEPALIVE_COMMENT
        elif isinstance(item, Exception):
            failed = events.failed(rejection_of(item))
            yield typed_frame(failed["type"], failed)
        else:
            for event in events.of(item):
                yield typed_frame(event["type"], event)


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "isnad"}


def _base64(vector: Float32) -> str:
    return base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode()


def _unknown_model(name: str) -> Rejection:
    known = ", ".join((*CHAT_MODELS, *EMBEDDING_MODELS))
    return Rejection(404, "model_not_found", f"There is no model {name!r} here.", f"There are {known}.")
