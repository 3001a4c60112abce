"""What an OpenAI-compatible endpoint sends, read with suspicion: server-sent events, chunks, whole completions.

The client's own stream hides whether ``[DONE]`` came, buffers an endless line without limit and passes any type on; so
the bytes are read here. Whatever is not the documented shape raises AnswererError with a labelled outcome.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from rag.errors import AnswererError

DONE = "[DONE]"


class ModelPiece(NamedTuple):
    """A piece of answer text (possibly empty) and how the answer ended: empty while it has not."""

    text: str
    finish: str


class EventParser:
    """Bytes in, the data of server-sent events out. Comments and other fields are skipped, as the standard says.

    Raises AnswererError (``too_long``) once ``limit`` bytes have come.
    """

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._line = b""
        self._data: list[str] = []

    def feed(self, received: bytes) -> Iterator[str]:
        """The events the bytes complete, in order."""
        self._left -= len(received)
        if self._left < 0:
            raise AnswererError("The model's answer does not end.", outcome="too_long")
        *lines, self._line = (self._line + received).replace(b"\r\n", b"\n").split(b"\n")
        for line in lines:
            text = line.decode("utf-8", errors="replace").rstrip("\r")
            if text.startswith("data:"):
                self._data.append(text[5:].removeprefix(" "))
            elif not text and self._data:
                yield "\n".join(self._data)
                self._data = []


def parse_chunk(data: str) -> ModelPiece:
    """One event of a streamed completion. Raises AnswererError for an error object or anything malformed."""
    if data.strip() == DONE:
        return ModelPiece("", DONE)
    choice = _first_choice(_parsed(data))
    delta = _mapping(choice.get("delta") or {})
    return ModelPiece(_text(delta.get("content")), _text(choice.get("finish_reason")))


def parse_completion(data: bytes) -> ModelPiece:
    """A completion sent whole by an endpoint that does not stream. Raises AnswererError as parse_chunk does."""
    choice = _first_choice(_parsed(data.decode("utf-8", errors="replace")))
    message = _mapping(choice.get("message") or {})
    return ModelPiece(_text(message.get("content")), _text(choice.get("finish_reason")) or DONE)


def _parsed(data: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise _malformed() from None
    return _mapping(value)


def _first_choice(chunk: dict[str, Any]) -> dict[str, Any]:
    """The first choice, or nothing where there is none: usage and keep-alive chunks have no choices."""
    if chunk.get("error"):
        raise AnswererError("The model's endpoint reported an error while answering.", outcome="server_error")
    choices = chunk.get("choices") or []
    if not isinstance(choices, list):
        raise _malformed()
    return _mapping(choices[0]) if choices else {}


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _malformed()
    return value


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _malformed()
    return value


def _malformed() -> AnswererError:
    return AnswererError("The endpoint's reply is not in OpenAI's format.", outcome="malformed")
