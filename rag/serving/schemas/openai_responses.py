"""OpenAI's Responses, as its newer clients ask by default: the same questions, and the same Answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, WithJsonSchema

from rag.asking import Delta, Ended, Event, Started
from rag.documents import Answer, Answerer, Question
from rag.generation.prompt_passages import count_tokens
from rag.serving.schemas.errors import Rejection
from rag.serving.schemas.openai import Clock, text_of
from rag.serving.schemas.openai_requests import (
    MAX_MESSAGES,
    IsnadOptions,
    TextFormat,
    ToolChoice,
    question_of,
    refuse_format,
    refuse_tools,
    unmet,
)

Unkept = Annotated[Any, WithJsonSchema({"enum": [None]})]


class ItemPart(BaseModel):
    """A part of a message: ``input_text`` or ``output_text``; others have no text."""

    type: str = Field(default="input_text", max_length=100)
    text: str | None = None


class ResponseItem(BaseModel):
    """An item of the input. What is no message (calls of tools, thoughts) has no effect."""

    type: str | None = Field(default="message", max_length=100)
    role: str | None = Field(default=None, max_length=100)
    content: str | list[ItemPart] | None = None

    def text(self) -> str:
        """The message's text, parts joined by line breaks."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""


class TextOptions(BaseModel):
    """What the text is to be."""

    format: TextFormat | None = None


class ResponsesIn(BaseModel):
    """A request for a response: the last user message is the question, earlier ones its history."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"model": "isnad", "input": "Who invited the president?"}]}
    )
    model: str = Field(max_length=100, description="`isnad`, `isnad-extractive` or `isnad-llm`")
    input: str | Annotated[list[ResponseItem], Field(min_length=1, max_length=MAX_MESSAGES)]
    stream: StrictBool | None = False
    text: TextOptions | None = None
    tool_choice: ToolChoice = None
    previous_response_id: Unkept = None
    conversation: Unkept = None
    isnad: IsnadOptions = IsnadOptions()

    def asked(self, answerer: Answerer) -> Question:
        """The question as the core has it. Raises as :meth:`rag.serving.schemas.openai_requests.ChatIn.asked`."""
        for name, kept in {
            "previous_response_id": self.previous_response_id,
            "conversation": self.conversation,
        }.items():
            if kept is not None:
                raise unmet(name, "No conversation is kept here.", "Send its messages in `input`.")
        refuse_tools(self.tool_choice)
        refuse_format(self.text.format if self.text else None, "text.format")
        return question_of(self._messages(), self.isnad, answerer)

    def _messages(self) -> list[tuple[str, str]]:
        if isinstance(self.input, str):
            return [("user", self.input)]
        return [(item.role or "", item.text()) for item in self.input if item.type in (None, "message")]

    @property
    def as_json(self) -> bool:
        """Whether the text is to be the Answer as JSON."""
        return bool(self.text and self.text.format and self.text.format.type == "json_object")

    def usage(self, said: str) -> dict[str, Any]:
        """Tokens of the messages and of the text, estimated."""
        asked, answered = sum(count_tokens(text) for _, text in self._messages()), count_tokens(said)
        return {
            "input_tokens": asked,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": answered,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": asked + answered,
        }


class OpenAIResponse(BaseModel):
    """A response. ``isnad`` is the whole Answer: citations, status, warnings."""

    id: str
    object: Literal["response"]
    created_at: int = Field(description="seconds since 1970")
    status: Literal["completed"]
    model: str
    output: list[dict[str, Any]] = Field(description="one message with one `output_text`")
    usage: dict[str, Any] = Field(description="tokens, estimated")
    isnad: Answer


def response_of(answer: Answer, body: ResponsesIn, clock: Clock = time.time) -> dict[str, Any]:
    """The response that says ``answer`` to ``body``."""
    text = text_of(answer, body.as_json)
    head = _response(answer.id, body, "completed", clock)
    return {**head, "output": [_item(answer.id, text)], "usage": body.usage(text), "isnad": answer.to_dict()}


class ResponseEvents:
    """The typed events of a streamed response, from those of an answer."""

    def __init__(self, body: ResponsesIn, clock: Clock = time.time) -> None:
        self._body, self._clock = body, clock
        self._id, self._said, self._sent = "", "", 0

    def of(self, event: Event) -> Iterator[dict[str, Any]]:
        """The events that say one of the answer's, in order."""
        if isinstance(event, Started):
            self._id = event.id
            yield from map(self._numbered, self._opening())
        elif isinstance(event, Delta):
            self._said += event.text
            yield self._numbered(
                {"type": "response.output_text.delta", **self._place, "delta": event.text, "logprobs": []}
            )
        elif isinstance(event, Ended):
            yield from map(self._numbered, self._closing(event.answer))

    def failed(self, refusal: Rejection) -> dict[str, Any]:
        """The last event, where the work failed."""
        error = {"code": "server_error", "message": f"{refusal.message} {refusal.hint}".strip()}
        response = _response(self._id, self._body, "failed", self._clock) | {"error": error}
        return self._numbered({"type": "response.failed", "response": response})

    def _opening(self) -> Iterator[dict[str, Any]]:
        begun = _response(self._id, self._body, "in_progress", self._clock)
        yield {"type": "response.created", "response": begun}
        yield {"type": "response.in_progress", "response": begun}
        item = _item(self._id, "") | {"status": "in_progress", "content": []}
        yield {"type": "response.output_item.added", "output_index": 0, "item": item}
        yield {"type": "response.content_part.added", **self._place, "part": _part("")}

    def _closing(self, answer: Answer) -> Iterator[dict[str, Any]]:
        yield {"type": "response.output_text.done", **self._place, "text": self._said, "logprobs": []}
        yield {"type": "response.content_part.done", **self._place, "part": _part(self._said)}
        item = _item(self._id, self._said)
        yield {"type": "response.output_item.done", "output_index": 0, "item": item}
        whole = response_of(answer, self._body, self._clock) | {"output": [item], "usage": self._body.usage(self._said)}
        yield {"type": "response.completed", "response": whole}

    @property
    def _place(self) -> dict[str, Any]:
        return {"item_id": f"msg_{self._id}", "output_index": 0, "content_index": 0}

    def _numbered(self, event: dict[str, Any]) -> dict[str, Any]:
        self._sent += 1
        return {**event, "sequence_number": self._sent - 1}


def _response(answer_id: str, body: ResponsesIn, status: str, clock: Clock) -> dict[str, Any]:
    """What of a response does not depend on the answer; clients want each of these fields."""
    nothing = dict.fromkeys(("error", "incomplete_details", "instructions", "max_output_tokens", "usage"))
    return {
        **{"id": f"resp_{answer_id}", "object": "response", "created_at": int(clock()), "status": status},
        **{**nothing, "previous_response_id": None, "temperature": None, "top_p": None, "metadata": {}},
        **{"model": body.model, "output": [], "tools": [], "tool_choice": "auto", "parallel_tool_calls": False},
    }


def _item(answer_id: str, text: str) -> dict[str, Any]:
    head = {"id": f"msg_{answer_id}", "type": "message", "status": "completed", "role": "assistant"}
    return {**head, "content": [_part(text)]}


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
