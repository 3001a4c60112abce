"""How a call to the model can end, and what each ending means to the reader.

=================  ====================================================================
unreachable        no connection (refused, reset before a word, no such host)
rate_limited       429, still so after the retries that fit in the deadline
server_error       5xx, or an error object in the stream
wrong_key          401 or 403
unknown_model      404
context_overflow   the prompt is longer than the model's context
bad_request        any other refusal
not_json           a page instead of an answer
malformed          not OpenAI's format: broken JSON, wrong types
empty              an answer without text
no_first_token     nothing within the first-token deadline
deadline           not finished within the wall-clock deadline
incomplete         the stream broke off, or ended without saying that it was done
cut_short          the model reached its token limit, or a filter stopped it
too_long           more bytes than an answer may have
=================  ====================================================================

Messages never quote what the endpoint sent: providers repeat part of the key there.
"""

from __future__ import annotations

import re
from typing import Any

from rag.errors import AnswererError

# Outcome -> what to tell the reader.
_MESSAGES = {
    "unreachable": "The model's endpoint cannot be reached.",
    "rate_limited": "The model's endpoint is over its rate limit.",
    "server_error": "The model's endpoint failed.",
    "wrong_key": "The model's endpoint refused the key.",
    "unknown_model": "The model's endpoint does not know the model.",
    "context_overflow": "The passages are too long for the model.",
    "bad_request": "The model's endpoint refused the question.",
    "not_json": "The model's endpoint sent a page instead of an answer.",
    "empty": "The model gave an empty answer.",
    "no_first_token": "The model did not begin in time.",
    "deadline": "The model did not finish in time.",
    "incomplete": "The model's answer broke off.",
    "cut_short": "The model's answer was cut short.",
    "too_long": "The model's answer does not end.",
}
_HINTS = {
    "unreachable": "Check OPENAI_BASE_URL and that the server is running.",
    "wrong_key": "Check OPENAI_API_KEY.",
    "unknown_model": "Check ISNAD_LLM_MODEL and OPENAI_BASE_URL.",
    "not_json": "Check OPENAI_BASE_URL; it usually ends in /v1.",
    "context_overflow": "Lower ISNAD_LLM_CONTEXT_TOKENS.",
    "cut_short": "Raise ISNAD_LLM_MAX_TOKENS.",
}
_OVERFLOW = re.compile(
    r"context[ _](?:length|size|window)|maximum context|too many tokens|(?:prompt|input) is too long|exceeds the max"
)


class Transient(Exception):
    """May pass: worth another try after ``wait_s``."""

    def __init__(self, outcome: str, wait_s: float = 0.0) -> None:
        super().__init__(outcome)
        self.outcome, self.wait_s = outcome, wait_s


class OptionsRefused(Exception):
    """The model takes neither ``max_tokens`` nor a temperature, as OpenAI's reasoning models do not."""


def failure(outcome: str) -> AnswererError:
    """The error of a labelled outcome, with its message and cure."""
    return AnswererError(_MESSAGES[outcome], _HINTS.get(outcome, ""), outcome=outcome)


def from_status(error: Any) -> Exception:
    """What a refusal means. ``error`` is the client's APIStatusError."""
    status, said = error.status_code, f"{error.code} {error.message}".lower()
    if status in (401, 403):
        return failure("wrong_key")
    if status == 404:
        return failure("unknown_model")
    if status == 429:
        return failure("rate_limited") if "quota" in said else Transient("rate_limited", _retry_after(error))
    if status >= 500:
        return Transient("server_error", _retry_after(error))
    if _OVERFLOW.search(said):
        return failure("context_overflow")
    refused = re.search(r"max_tokens|temperature", f"{error.param} {said}") and re.search(
        r"unsupported|not support", said
    )
    return OptionsRefused() if refused else failure("bad_request")


def _retry_after(error: Any) -> float:
    try:
        return max(0.0, float(error.response.headers.get("retry-after", 0)))
    except ValueError:  # a date: not worth a parser, the usual wait does
        return 0.0
