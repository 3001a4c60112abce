"""What an OpenAI-compatible endpoint sends, read with suspicion: server-sent events, chunks, whole completions.

The client's own stream hides whether ``[DONE]`` came, buffers an endless line without limit and passes any type on; so
the bytes are read here. Whatever is not the documented shape raises AnswererError with a labelled outcome.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from rag.generation.endpoint_outcomes import failure

DONE = "[DONE]"
_LINE_END = re.compile(rb"\r\n|\r|\n")
# How servers say that an answer is whole, and by which outcome one that is not is told, tried in order.
_WHOLE = frozenset(
    {"stop", "[done]", "done", "eos", "eos_token", "end_turn", "stop_sequence", "complete", "tool_calls"}
)
_CUT = {
    "cut_short": re.compile(r"length|max_?tokens"),
    "filtered": re.compile(r"filter|safety|prohibited|recitation|refusal"),
    "error_reported": re.compile(r"error"),
}


class ModelPiece(NamedTuple):
    """A piece of answer text (possibly empty) and how the answer ended: empty while it has not."""

    text: str
    finish: str


class EventParser:
    """Bytes in, the data of server-sent events out. Other fields are skipped, as the standard says.

    ``comments`` counts the lines by which a server says only that it lives. Raises AnswererError (``too_long``) once
    ``limit`` bytes have come.
    """

    def __init__(self, limit: int) -> None:
        self.comments = 0
        self._left = limit
        self._line = b""
        self._data: list[str] = []
        self._returned = False  # the last byte was "\r": a "\n" after it ends no second line

    def feed(self, received: bytes) -> Iterator[str]:
        """The events the bytes complete, in order."""
        self._left -= len(received)
        if self._left < 0:
            raise failure("too_long")
        if self._returned:
            received = received.removeprefix(b"\n")
        self._returned = received.endswith(b"\r")
        *lines, self._line = _LINE_END.split(self._line + received)
        for line in lines:
            text = line.decode("utf-8", errors="replace").removeprefix("\ufeff")
            if text.startswith("data:"):
                self._data.append(text[5:].removeprefix(" "))
            elif text.startswith(":"):
                self.comments += 1
            elif not text and self._data:
                yield "\n".join(self._data)
                self._data = []


def parse_chunk(data: str) -> ModelPiece:
    """One event of a streamed completion. Raises AnswererError for an error object or anything malformed."""
    if data.strip() == DONE:
        return ModelPiece("", DONE)
    choice = _first_choice(_parsed(data))
    return _piece(choice, choice.get("delta"))


def parse_completion(data: bytes) -> ModelPiece:
    """A completion sent whole by an endpoint that does not stream. Raises AnswererError as parse_chunk does."""
    choice = _first_choice(_parsed(data.decode("utf-8-sig", errors="replace")))
    piece = _piece(choice, choice.get("message"))
    return piece._replace(finish=piece.finish or DONE)


def ending(finish: str) -> str:
    """The outcome that a ``finish_reason`` stands for; empty for the end of a whole answer.

    A reason that is not known is none: what broke off must not pass as whole.
    """
    reason = finish.lower()
    if reason in _WHOLE:
        return ""
    return next((outcome for outcome, told in _CUT.items() if told.search(reason)), "incomplete")


def _piece(choice: dict[str, Any], said: object) -> ModelPiece:
    """What a delta or a message says. One that is all refusal, as OpenAI's models write it, is one."""
    message = _mapping(said or {})
    finish = _text(choice.get("finish_reason"))
    if _text(message.get("refusal")):
        raise failure("declined")
    return ModelPiece(_content(message.get("content")), finish)


def _content(value: object) -> str:
    """The text of a message; of its parts, where it has some, those that are text."""
    if not isinstance(value, list):
        return _text(value)
    parts = [part for part in map(_mapping, value) if part.get("type", "text") == "text"]
    return "".join(_text(part.get("text")) for part in parts)


def _parsed(data: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise failure("malformed") from None
    return _mapping(value)


def _first_choice(chunk: dict[str, Any]) -> dict[str, Any]:
    """The first choice, or nothing where it is not there: usage and keep-alive chunks have no choices."""
    if chunk.get("error"):
        raise failure("error_reported")
    choices = chunk.get("choices") or []
    if not isinstance(choices, list):
        raise failure("malformed")
    answers = list(map(_mapping, choices))
    return next((each for each in answers if each.get("index") in (None, 0)), {})


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise failure("malformed")
    return value


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise failure("malformed")
    return value
