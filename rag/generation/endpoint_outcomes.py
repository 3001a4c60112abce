"""How a call to the model can end, and what each ending means to the reader.

=================  ====================================================================
unreachable        no connection (refused, reset before a word, no such host)
rate_limited       429, still so after the retries that fit in the deadline
server_error       5xx
error_reported     an error object where the answer belongs, or after its beginning
wrong_key          401 or 403, or a 400 that says so
no_credit          402
unknown_model      404
context_overflow   the prompt is longer than the model's context, or than a request may be
filtered           a content filter stopped the prompt or the answer
declined           the model refused in the field that is there for it
bad_request        any other refusal
not_json           a page instead of an answer
malformed          not OpenAI's format: broken JSON, wrong types
empty              an answer without text
no_first_token     nothing, not even a comment, within the first-token deadline
deadline           not finished within the wall-clock deadline
incomplete         the stream broke off, or ended without saying that it was done
cut_short          the model reached its token limit
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
    "error_reported": "The model's endpoint reported an error while answering.",
    "wrong_key": "The model's endpoint refused the key.",
    "no_credit": "The account at the model's endpoint has no credit left.",
    "unknown_model": "The model's endpoint does not know the model.",
    "context_overflow": "The passages are too long for the model.",
    "filtered": "A content filter stopped the model.",
    "declined": "The model declined to answer.",
    "bad_request": "The model's endpoint refused the question.",
    "not_json": "The model's endpoint sent a page instead of an answer.",
    "malformed": "The endpoint's reply is not in OpenAI's format.",
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
    "no_first_token": "Raise ISNAD_LLM_FIRST_TOKEN_SECONDS.",
    "cut_short": "Raise ISNAD_LLM_MAX_TOKENS, or ISNAD_LLM_THINKING_TOKENS for a model that thinks.",
}
# Statuses whose meaning no words change, and what refusals say, in lower case, tried in order.
_STATUSES = {401: "wrong_key", 402: "no_credit", 404: "unknown_model", 413: "context_overflow"}
_SAID = {
    "filtered": re.compile(r"content[ _]?filter|content management|responsibleai|moderation|flagged"),
    "no_credit": re.compile(r"credit balance|(?:insufficient|no|out of) (?:balance|credits?|funds)"),
    "wrong_key": re.compile(
        r"api[ _-]?key.{0,20}(?:not valid|invalid|incorrect|expired|missing)"
        r"|(?:invalid|incorrect|expired|missing)[\W_].{0,12}api[ _-]?key|unauthori[sz]ed|authentication (?:error|fail)"
    ),
    "context_overflow": re.compile(
        r"context[ _](?:length|size|window|limit)|maximum (?:context|prompt|input)|too many tokens|exceeds the max"
        r"|reduce (?:your|the) (?:message|length|prompt|input)|less than \d+ tokens|tokens`? must be <"
        r"|(?:request|prompt|input|payload|messages?|entity) (?:is |are )?too (?:long|large|big)"
    ),
}
_READ_CHARS = 1000  # of a refusal: some servers repeat the whole request after it, articles and all
_WAIT = re.compile(r"(?:retry|try again) in (\d+(?:\.\d+)?)\s?s")


class Transient(Exception):
    """May pass: worth another try after ``wait_s``."""

    def __init__(self, outcome: str, wait_s: float = 0.0) -> None:
        super().__init__(outcome)
        self.outcome, self.wait_s = outcome, wait_s


class RequestRefused(Exception):
    """The request as it was is refused; ``said``, in lower case, may name what to leave out. Never shown to anyone."""

    def __init__(self, said: str) -> None:
        super().__init__("refused")
        self.said = said


def failure(outcome: str) -> AnswererError:
    """The error of a labelled outcome, with its message and cure."""
    return AnswererError(_MESSAGES[outcome], _HINTS.get(outcome, ""), outcome=outcome)


def from_status(error: Any) -> Exception:
    """What a refusal means. ``error`` is the client's APIStatusError."""
    status, said = error.status_code, error.response.text[:_READ_CHARS].lower()
    if status in _STATUSES:
        return failure(_STATUSES[status])
    if status >= 500:
        return Transient("server_error", _retry_after(error, said))
    if outcome := next((outcome for outcome, words in _SAID.items() if words.search(said)), ""):
        return failure(outcome)
    if status == 403:
        return failure("wrong_key")
    if status == 429:
        wait = _retry_after(error, said)
        return failure("rate_limited") if "quota" in said and not wait else Transient("rate_limited", wait)
    return RequestRefused(said)


def _retry_after(error: Any, said: str) -> float:
    """The seconds to wait that the header tells or, without one, the message; 0 where neither does."""
    told = error.response.headers.get("retry-after") or (_WAIT.search(said) or ["", "0"])[1]
    try:
        return max(0.0, float(told))
    except ValueError:  # a date: not worth a parser, the usual wait does
        return 0.0
