"""The OpenAI-compatible routes: chat completions with the whole Answer in ``isnad``, models and embeddings."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
from fastapi import APIRouter, Response
from fastapi.sse import KEEPALIVE_COMMENT
from starlette.concurrency import run_in_threadpool

from rag.answering.standing import only_standing
from rag.asking import Started
from rag.documents import Float32
from rag.serving.routes.sse import EventFeed, stream_response
from rag.serving.schemas.errors import Json, Rejection, error_body, rejection_of
from rag.serving.schemas.examples import COMPLETED, openai_errors
from rag.serving.schemas.frames import DONE, data_frame
from rag.serving.schemas.openai import (
    CHAT_MODELS,
    EMBEDDING_MODELS,
    ChatIn,
    Completion,
    EmbeddingsIn,
    EmbeddingsOut,
    ModelOut,
    ModelsOut,
    chunk_of,
    completion_of,
)
from rag.serving.site import TheSite

router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"], responses=openai_errors(404))


@router.post("/chat/completions", response_model=Completion, responses=COMPLETED)
async def chat_completions(body: ChatIn, site: TheSite) -> Response:
    """Answer the last user message. Streamed or not; the last chunk, or the response, holds the Answer in `isnad`."""
    if body.model not in CHAT_MODELS:
        raise _unknown_model(body.model)
    asked = body.asked(CHAT_MODELS[body.model])
    if body.stream:
        feed = await EventFeed.open(lambda: only_standing(site.assistant.stream(asked)), site.stopping)
        return stream_response(_chunks(feed, body.model))
    answer = await run_in_threadpool(site.assistant.ask, asked)
    return Json(completion_of(answer, body.model))


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
    vectors = await run_in_threadpool(site.assistant.encode, body.texts(), EMBEDDING_MODELS[body.model])
    if body.dimensions not in (None, len(vectors[0])):
        raise Rejection(422, "bad_dimensions", f"The vectors have {len(vectors[0])} dimensions, no others.")
    encoded = [_base64(vector) if body.encoding_format == "base64" else vector.tolist() for vector in vectors]
    data = [{"object": "embedding", "index": i, "embedding": vector} for i, vector in enumerate(encoded)]
    return Json({"object": "list", "model": body.model, "data": data, "usage": {"prompt_tokens": 0, "total_tokens": 0}})


async def _chunks(feed: EventFeed, model: str) -> AsyncIterator[bytes]:
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
            if (chunk := chunk_of(item, answer_id, model)) is not None:
                yield data_frame(chunk)
    yield DONE


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "isnad"}


def _base64(vector: Float32) -> str:
    return base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode()


def _unknown_model(name: str) -> Rejection:
    known = ", ".join((*CHAT_MODELS, *EMBEDDING_MODELS))
    return Rejection(404, "model_not_found", f"There is no model {name!r} here.", f"There are {known}.")
