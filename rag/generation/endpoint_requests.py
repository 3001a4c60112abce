"""A request as a model takes it, found out one refusal at a time.

Models behind OpenAI's format differ in what they accept: reasoning models take ``max_completion_tokens`` and no
temperature, some no system message, some no stream. A refusal names what it refuses; the next request goes without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.generation.prompts import Message

IN_JSON = 2  # a guess: times the answer's tokens where its words and their support come in JSON
THINKING = 3  # a guess: times the answer's tokens for the thoughts of a model that counts both as one

# What a refusal may name, and by which words, tried in order.
_NAMED = {
    "schema": re.compile(r"response_format|response format|json_schema|json schema|structured output|grammar"),
    "effort": re.compile(r"reasoning"),
    "temperature": re.compile(r"temperature"),
    "limit": re.compile(r"max_(?:completion_)?tokens"),
    "system": re.compile(
        r"\bsystem\W{0,3}(?:role|message|prompt|instruction)|role\W.{0,20}\bsystem\b|developer instruction"
        r"|alternate|only user and assistant|(?:start|begin) with (?:a |the )?user"
    ),
    "stream": re.compile(r"\bstream(?:ing|ed)?\b"),
}


@dataclass(frozen=True, slots=True)
class RequestForm:
    """What is put into a request: ``limit`` is the name of the token limit, empty for none."""

    limit: str = "max_tokens"
    temperature: bool = True
    effort: bool = True
    system: bool = True
    stream: bool = True
    schema: bool = True

    def without(self, said: str, schema: bool = False) -> RequestForm | None:
        """The form without what a refusal names, in lower case; None where it names nothing that is in it.

        schema: whether the request had one, which then is what a refusal means that names nothing.
        """
        known = {name: words for name, words in _NAMED.items() if getattr(self, name) and (name != "schema" or schema)}
        named = next(
            (name for name, words in known.items() if words.search(said)), "schema" if "schema" in known else None
        )
        if named is None:
            return None
        left: Any = False
        if named == "limit":
            left = "max_completion_tokens" if self.limit == "max_tokens" else ""
        return replace(self, **{named: left})

    def options(
        self,
        messages: Sequence[Message],
        tokens: int,
        thinking: int,
        effort: str,
        response_format: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The options of the call. ``thinking``: tokens beside the answer's; 0 leaves them to the form."""
        options: dict[str, Any] = {"messages": self._messages(messages), "stream": self.stream}
        if response_format and self.schema:
            options["response_format"] = response_format
            tokens *= IN_JSON
        if self.temperature:
            options["temperature"] = 0
        if effort and self.effort:
            options["reasoning_effort"] = effort
        if self.limit:
            thinks = THINKING * tokens if self.limit == "max_completion_tokens" else 0
            options[self.limit] = tokens + (thinking or thinks)
        return options

    def _messages(self, messages: Sequence[Message]) -> list[dict[str, str]]:
        """The messages in OpenAI's format. Without a system role the user says its words, and speakers alternate."""
        if self.system:
            return [message.to_dict() for message in messages]
        merged: list[dict[str, str]] = []
        for message in messages:
            role = "user" if message.role == "system" else message.role
            if merged and merged[-1]["role"] == role:
                merged[-1]["content"] += f"\n\n{message.content}"
            else:
                merged.append({"role": role, "content": message.content})
        return merged
