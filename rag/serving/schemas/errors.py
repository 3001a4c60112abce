"""Errors as the caller sees them: a true status, a stable code, a message and the cure.

Our routes answer ``{"error": {"code", "message", "hint"}}``; under ``/v1`` the body has OpenAI's shape, so that its
clients raise the exceptions they are known for.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount

from rag import errors
from rag.errors import IsnadError

logger = logging.getLogger(__name__)

STATUS: Mapping[type[IsnadError], int] = {
    errors.QuestionError: 422,
    errors.ArticleError: 422,
    errors.SettingsError: 422,  # asked for what is not set up, as a model where there is none
    errors.NotFoundError: 404,
    errors.AccessError: 403,
    errors.LimitError: 429,
    errors.AnswererError: 502,
    errors.StorageError: 507,
    errors.EncoderError: 503,
    errors.IndexMissingError: 503,
    errors.IndexMismatchError: 503,
    errors.IndexDamagedError: 503,
    errors.IndexLockedError: 503,
    errors.CorpusError: 503,
    errors.QdrantError: 503,
}
_ABSOLUTE_PATH = re.compile(r"(?<!\w)/(?:[^\s/:]+/)+([^\s/:]+)")
_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "bad_media_type"}
_OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class Json(JSONResponse):
    """JSON that survives lone surrogates (written as escapes) and refuses NaN."""

    def render(self, content: Any) -> bytes:
        """UTF-8 JSON; a lone surrogate becomes its ``\\udXXX`` escape, which is what JSON allows."""
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "backslashreplace")


class Rejection(Exception):
    """A request turned away before any work: status, code, message, cure and extra headers."""

    def __init__(
        self, status: int, code: str, message: str, hint: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.hint = status, code, message, hint
        self.headers = dict(headers or {})


def status_of(error: IsnadError) -> int:
    """The HTTP status of an error of the tree; 500 when it is not the caller's and not a known state."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def error_body(path: str, status: int, code: str, message: str, hint: str = "") -> dict[str, Any]:
    """The error object in the shape of the route's family."""
    if path == "/v1" or path.startswith("/v1/"):
        kind = _OPENAI_TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
        text = f"{message} {hint}".strip()
        return {"error": {"message": text, "type": kind, "param": None, "code": code}}
    return {"error": {"code": code, "message": message, "hint": hint}}


def error_response(path: str, refusal: Rejection) -> Json:
    """The response that a refusal becomes."""
    body = error_body(path, refusal.status, refusal.code, refusal.message, refusal.hint)
    return Json(body, refusal.status, refusal.headers)


def rejection_of(error: Exception) -> Rejection:
    """What a failed request tells its caller. Unforeseen errors are logged and told without their text."""
    if isinstance(error, Rejection):
        return error
    if isinstance(error, IsnadError):
        status = status_of(error)
        # Where files lie on the server is for its log and its operator only.
        message = _ABSOLUTE_PATH.sub(r"\1", error.message) if status >= 500 else error.message
        return Rejection(status, error.code, message, error.hint, {"Retry-After": "5"} if status == 503 else None)
    if isinstance(error, RequestValidationError):
        return Rejection(422, "bad_request", _problems(error), "See /docs for the fields and their limits.")
    if isinstance(error, HTTPException):
        code = _CODES.get(error.status_code, "bad_request" if error.status_code < 500 else "error")
        return Rejection(error.status_code, code, str(error.detail), headers=error.headers)
    logger.error("unforeseen error", exc_info=error)
    return Rejection(500, "internal_error", "Something went wrong here.", "The log tells more under the request id.")


def stopping() -> Rejection:
    """What a request is told that the end of the server cuts off."""
    return Rejection(503, "stopping", "The server is stopping.", "Ask again in a moment.", {"Retry-After": "5"})


def install_error_handlers(app: FastAPI) -> None:
    """Give every error raised in a route one shape."""

    async def answer(request: Request, error: Exception) -> Json:
        return error_response(request.url.path, rejection_of(error))

    for kind in (IsnadError, Rejection, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, answer)


def install_missing_page(app: FastAPI) -> None:
    """Have the applications mounted into ``app``, asked for whatever is no route of its own, say what is not there."""

    async def answer(request: Request, error: Exception) -> Json:
        return error_response(
            request.url.path, Rejection(404, "not_found", "There is no such page.", "See / and /docs.")
        )

    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, FastAPI):
            route.app.add_exception_handler(404, answer)


def _problems(error: RequestValidationError) -> str:
    # The values themselves are not echoed: they may be long, secret or not text at all.
    return "; ".join(_problem(**told)[:200] for told in error.errors()[:5])


def _problem(type: str, loc: Sequence[str | int], msg: str, **more: Any) -> str:
    if type == "json_invalid":
        return f"The body is not JSON: {more['ctx']['error']} at character {loc[-1]}"
    if len(loc) == 1:
        return "The body is not a JSON object sent as application/json"
    return f"{'.'.join(map(str, loc[1:]))}: {msg.removeprefix('Value error, ')}"
