"""The OpenAI-compatible routes: chat completions with the whole Answer in ``isnad``, models and embeddings."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
from fastapi import APIRouter, Response
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.concurrency import run_in_threadpool

from rag.documents import Answer, Delta, Ended, Event, Float32, Started
from rag.serving.api_errors import Json, Refusal, error_body, refusal_of
from rag.serving.openai_models import CHAT_MODELS, EMBEDDING_MODELS, ChatIn, EmbeddingsIn
from rag.serving.site import TheSite
from rag.serving.sse import EventFeed, stream_response

_ERROR_EXAMPLE = {
    "error": {"message": "A key is needed.", "type": "authentication_error", "param": None, "code": "key_needed"}
}
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"description": "OpenAI's error object", "content": {"application/json": {"example": _ERROR_EXAMPLE}}}
    for status in (400, 401, 403, 404, 413, 422, 429, 503)
}
router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"], responses=ERRORS)


@router.post("/chat/completions")
async def chat_completions(body: ChatIn, site: TheSite) -> Response:
    """Answer the last user message. Streamed or not; the last chunk, or the response, holds the Answer in `isnad`."""
    if body.model not in CHAT_MODELS:
        raise _unknown_model(body.model)
    asked = body.asked(CHAT_MODELS[body.model])
    if asked.stream:
        feed = await EventFeed.open(lambda: site.assistant.stream(asked.question, **asked.options()), site.stopping)
        return stream_response(_chunks(feed, body.model))
    answer = await run_in_threadpool(site.assistant.ask, asked.question, **asked.options())
    message = {"role": "assistant", "content": answer.answer, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return Json(_envelope("chat.completion", answer.id, body.model, choice, answer))


@router.get("/models")
def models() -> dict[str, Any]:
    """The models that the other routes accept."""
    return {"object": "list", "data": [_model(name) for name in (*CHAT_MODELS, *EMBEDDING_MODELS)]}


@router.get("/models/{model}")
def model(model: str) -> dict[str, Any]:
    """One model."""
    if model not in CHAT_MODELS and model not in EMBEDDING_MODELS:
        raise _unknown_model(model)
    return _model(model)


@router.post("/embeddings")
async def embeddings(body: EmbeddingsIn, site: TheSite) -> Response:
    """The encoder's unit vectors, as lists of numbers or as base64 of little-endian float32."""
    if body.model not in EMBEDDING_MODELS:
        raise _unknown_model(body.model)
    vectors = await run_in_threadpool(site.assistant.encode, body.texts(), EMBEDDING_MODELS[body.model])
    if body.dimensions not in (None, len(vectors[0])):
        raise Refusal(422, "bad_dimensions", f"The vectors have {len(vectors[0])} dimensions, no others.")
    encode = _base64 if body.encoding_format == "base64" else np.ndarray.tolist
    data = [{"object": "embedding", "index": i, "embedding": encode(vector)} for i, vector in enumerate(vectors)]
    return Json({"object": "list", "model": body.model, "data": data, "usage": {"prompt_tokens": 0, "total_tokens": 0}})


async def _chunks(feed: EventFeed, model: str) -> AsyncIterator[bytes]:
    answer_id = ""
    async for item in feed.items():
        if item is None:
            yield KEEPALIVE_COMMENT
        elif isinstance(item, Exception):
            refusal = refusal_of(item)
            yield _data(error_body("/v1", refusal.status, refusal.code, refusal.message, refusal.hint))
            return
        else:
            answer_id = item.id if isinstance(item, Started) else answer_id
            if (chunk := _chunk_of(item, answer_id, model)) is not None:
                yield _data(chunk)
    yield format_sse_event(data_str="[DONE]")


def _chunk_of(event: Event, answer_id: str, model: str) -> dict[str, Any] | None:
    delta: dict[str, Any] = {}
    if isinstance(event, Started):
        delta = {"role": "assistant", "content": ""}
    elif isinstance(event, Delta):
        delta = {"content": event.text}
    elif not isinstance(event, Ended):
        return None  # citations come whole with the last chunk
    answer = event.answer if isinstance(event, Ended) else None
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": "stop" if answer else None}
    return _envelope("chat.completion.chunk", answer_id, model, choice, answer)


def _envelope(kind: str, answer_id: str, model: str, choice: dict[str, Any], answer: Answer | None) -> dict[str, Any]:
    head = {"id": f"chatcmpl-{answer_id}", "object": kind, "created": int(time.time()), "model": model}
    return {**head, "choices": [choice], **({"isnad": answer.to_dict()} if answer else {})}


def _data(value: Any) -> bytes:
    return format_sse_event(data_str=json.dumps(value, allow_nan=False))


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "isnad"}


def _base64(vector: Float32) -> str:
    return base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode()


def _unknown_model(name: str) -> Refusal:
    known = ", ".join((*CHAT_MODELS, *EMBEDDING_MODELS))
    return Refusal(404, "model_not_found", f"There is no model {name!r} here.", f"There are {known}.")
