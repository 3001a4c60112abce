"""What a refusal means, by its status and by what providers say with it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from rag.errors import AnswererError
from rag.generation.endpoint_outcomes import RequestRefused, Transient, from_status


def refusal(status: int, said: str, **headers: str) -> Any:
    return SimpleNamespace(status_code=status, response=SimpleNamespace(text=said, headers=headers))


@pytest.mark.parametrize(
    ("status", "said", "outcome"),
    [
        *(
            (400, said, "wrong_key")
            for said in ("API key not valid.", "invalid_api_key", "Incorrect API key provided: x")
        ),
        (400, "The API key has expired", "wrong_key"),
        (403, "Access denied", "wrong_key"),
        (401, "", "wrong_key"),
        (402, "Insufficient Balance", "no_credit"),
        (400, "Your credit balance is too low to access the API.", "no_credit"),
        (404, "model not found", "unknown_model"),
        (413, "Request Entity Too Large", "context_overflow"),
        (429, "Request too large for gpt-4o on tokens per min (TPM): Limit 30000", "context_overflow"),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", "context_overflow"),
        (400, "input length and `max_tokens` exceed context limit", "context_overflow"),
        (400, "This model's maximum prompt length is 131072 but the request contains more", "context_overflow"),
        (400, "Please reduce the length of the messages or completion.", "context_overflow"),
        (422, "`inputs` tokens + `max_new_tokens` must be <= 4096", "context_overflow"),
        (422, "`inputs` must have less than 4096 tokens.", "context_overflow"),
        (400, '{"error": {"code": "content_filter"}}', "filtered"),
        (403, "Your input was flagged", "filtered"),
        (429, "You exceeded your current quota.", "rate_limited"),
    ],
)
def test_what_cannot_pass_is_told(status: int, said: str, outcome: str) -> None:
    error = from_status(refusal(status, said))
    assert isinstance(error, AnswererError)
    assert error.outcome == outcome


@pytest.mark.parametrize(
    ("status", "said", "headers", "wait"),
    [
        (429, "Slow down.", {"retry-after": "3"}, 3.0),
        (429, "Quota exceeded. Please retry in 2.5s.", {}, 2.5),
        (429, "Rate limit reached. Please try again in 20s.", {}, 20.0),
        (503, "Loading model", {"retry-after": "Wed, 21 Oct 2037 07:28:00 GMT"}, 0.0),
        (529, "Overloaded", {}, 0.0),
    ],
)
def test_what_may_pass_is_waited_for_as_long_as_is_told(
    status: int, said: str, headers: dict[str, str], wait: float
) -> None:
    error = from_status(refusal(status, said, **headers))
    assert isinstance(error, Transient)
    assert error.wait_s == wait


def test_any_other_refusal_may_name_what_to_leave_out() -> None:
    error = from_status(refusal(400, "Unsupported parameter: 'Temperature'" + "x" * 5000))
    assert isinstance(error, RequestRefused)
    assert error.said.startswith("unsupported parameter: 'temperature'")
    assert len(error.said) == 1000
    assert "temperature" not in str(error)
