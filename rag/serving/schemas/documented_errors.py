"""What the OpenAPI document says of keys and errors: each status with one of the bodies that come with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi import Depends
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from rag.serving.schemas.errors import error_body
from rag.serving.schemas.responses import ErrorOut, OpenAIErrorOut

Responses = dict[int | str, dict[str, Any]]

# For the document only: the gate has checked the key before any route runs.
BEARER: Final = Depends(HTTPBearer(auto_error=False, description="needed where the server has keys"))

_WAIT = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}}}
_CHALLENGE = {"WWW-Authenticate": {"description": "the way to send a key", "schema": {"type": "string"}}}
_HEADERS: Final[Mapping[int, dict[str, Any]]] = {401: _CHALLENGE, 429: _WAIT, 503: _WAIT}
# status: when, and one of the errors it stands for: code, message, hint
_ERRORS: Final[Mapping[int, tuple[str, str, str, str]]] = {
    400: ("the request cannot be read", "bad_request", "Content-Length is not a number.", ""),
    401: ("no key, or a wrong one", "key_needed", "A key is needed.", "Send `Authorization: Bearer KEY`."),
    403: (
        "the key's scope does not reach, or another site asked",
        "scope_missing",
        "This key lacks the scope 'ingest'.",
        "Create one with `python -m rag keys create --scope ingest`.",
    ),
    404: ("it is not there", "not_found", "There is no article 'none'.", "GET /api/v1/articles lists them."),
    413: ("the body is too large", "too_large", "The body is over 1,048,576 bytes.", "Send less at a time."),
    415: ("neither JSON nor multipart", "bad_media_type", "text/plain is not read.", "Send JSON or form data."),
    421: (
        "without keys, a host name that is not this machine's",
        "unknown_host",
        "This host name is not served.",
        "Add it to ISNAD_ALLOWED_HOSTS.",
    ),
    422: (
        "a field is missing, unknown or out of range",
        "bad_request",
        "top_k: Input should be less than or equal to 50",
        "See /docs for the fields and their limits.",
    ),
    429: ("too many requests in a minute", "rate_limited", "More than 60 requests in a minute.", "Wait 17 s."),
    500: (
        "a mistake of the program",
        "internal_error",
        "Something went wrong here.",
        "The log tells more under the request id.",
    ),
    503: (
        "busy, stopping or without an index",
        "busy",
        "Too many questions at once.",
        "Ask again in a moment.",
    ),
    507: (
        "the disk is full or refuses",
        "storage_failed",
        "The vote could not be kept: No space left on device.",
        "Free some space.",
    ),
}
_ALWAYS: Final = (400, 401, 403, 413, 421, 422, 429, 500, 503)


def errors(*more: int) -> Responses:
    """What any of our routes may answer, and the statuses ``more`` that this one adds, each with an example."""
    return _responses("", ErrorOut, more)


def openai_errors(*more: int) -> Responses:
    """The same in OpenAI's shape."""
    return _responses("/v1/", OpenAIErrorOut, more)


def _responses(path: str, model: type[BaseModel], more: Iterable[int]) -> Responses:
    responses: Responses = {}
    for status in (*_ALWAYS, *more):
        when, *said = _ERRORS[status]
        example = error_body(path, status, *said)
        told = {"model": model, "description": when, "content": {"application/json": {"example": example}}}
        responses[status] = {**told, **({"headers": _HEADERS[status]} if status in _HEADERS else {})}
    return responses
