"""What a refusal names is left out of the next request, one thing at a time, until nothing named is left."""

from __future__ import annotations

import pytest

from rag.generation.endpoint_requests import RequestForm
from rag.generation.prompts import Message

CHAT = [Message("system", "Be brief."), Message("user", "Hello"), Message("assistant", "Hi"), Message("user", "Who?")]
FULL = RequestForm()


@pytest.mark.parametrize(
    ("form", "said", "left"),
    [
        (
            FULL,
            "unsupported parameter: 'max_tokens'. use 'max_completion_tokens'",
            RequestForm("max_completion_tokens"),
        ),
        (RequestForm("max_completion_tokens"), "max_completion_tokens: extra inputs", RequestForm("")),
        (RequestForm(""), "max_tokens: extra inputs", None),
        (FULL, "`temperature` is deprecated for this model.", RequestForm(temperature=False)),
        (RequestForm(temperature=False), "temperature does not support 0", None),
        (FULL, "temperature and max_tokens are unknown", RequestForm(temperature=False)),
        (FULL, "unknown parameter reasoning_effort", RequestForm(effort=False)),
        (FULL, "system role not supported", RequestForm(system=False)),
        (FULL, "conversation roles must alternate user/assistant", RequestForm(system=False)),
        (FULL, "only user and assistant roles are supported!", RequestForm(system=False)),
        (FULL, "'system' role is not supported", RequestForm(system=False)),
        (FULL, "a conversation must start with a user message", RequestForm(system=False)),
        (FULL, "unexpected role 'system'", RequestForm(system=False)),
        (FULL, "developer instruction is not enabled for models/gemma", RequestForm(system=False)),
        (FULL, "your organization must be verified to stream this model", RequestForm(stream=False)),
        (FULL, "streaming is not available", RequestForm(stream=False)),
        (FULL, "no.", None),
        (FULL, "the upstream failed", None),
    ],
)
def test_one_thing_goes_at_a_time(form: RequestForm, said: str, left: RequestForm | None) -> None:
    assert form.without(said) == left


@pytest.mark.parametrize(
    ("form", "thinking", "effort", "options"),
    [
        (FULL, 0, "", {"stream": True, "temperature": 0, "max_tokens": 500}),
        (FULL, 700, "low", {"stream": True, "temperature": 0, "max_tokens": 1200, "reasoning_effort": "low"}),
        (
            RequestForm("max_completion_tokens"),
            0,
            "",
            {"stream": True, "temperature": 0, "max_completion_tokens": 2000},
        ),
        (
            RequestForm("max_completion_tokens", temperature=False),
            100,
            "",
            {"stream": True, "max_completion_tokens": 600},
        ),
        (RequestForm("", effort=False, stream=False), 100, "low", {"stream": False, "temperature": 0}),
    ],
)
def test_the_options_are_those_that_the_model_takes(
    form: RequestForm, thinking: int, effort: str, options: dict[str, object]
) -> None:
    sent = form.options(CHAT, 500, thinking, effort)
    assert sent.pop("messages") == [message.to_dict() for message in CHAT]
    assert sent == options


def test_without_a_system_role_the_user_says_its_words_and_speakers_alternate() -> None:
    messages = RequestForm(system=False).options([*CHAT, Message("user", "And when?")], 500, 0, "")["messages"]
    assert messages == [
        {"role": "user", "content": "Be brief.\n\nHello"},
        {"role": "assistant", "content": "Hi"},
        {"role": "user", "content": "Who?\n\nAnd when?"},
    ]
