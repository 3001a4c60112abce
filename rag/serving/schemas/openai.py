"""OpenAI's shapes: what its clients may ask, as far as it means something here, and how an Answer is told to them.

Unknown fields (temperature ...) are ignored.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from rag.answering.standing import told
from rag.asking import Delta, Ended, Event, Started
from rag.documents import Answer, Answerer, Question, Turn
from rag.errors import QuestionError
from rag.serving.schemas.requests import (
    MAX_HISTORY,
    MAX_QUESTION_CHARS,
    MAX_TURN_CHARS,
    AnswerLanguage,
    FiltersIn,
    Strict,
    TopK,
)

Clock = Callable[[], float]


MAX_INPUTS = 64  # a bound: encoding as many long texts takes seconds
MAX_MESSAGES = 2 * MAX_HISTORY  # system and tool messages come on top
CHAT_MODELS: dict[str, Answerer] = {"isnad": "auto", "isnad-extractive": "extractive", "isnad-llm": "llm"}
EMBEDDING_MODELS = {"isnad-passage": True, "isnad-query": False}  # e5 encodes the two differently


class TextPart(BaseModel):
    """A part of a message; only text can be asked about."""

    type: Literal["text"]
    text: str = Field(max_length=MAX_TURN_CHARS)


class ChatMessage(BaseModel):
    """One message. System and tool messages are accepted and have no effect."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=MAX_TURN_CHARS)] | list[TextPart] | None = None

    def text(self) -> str:
        """The message's text, parts joined by line breaks."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class IsnadOptions(Strict):
    """What the native route also takes; sent as ``extra_body={"isnad": {...}}``."""

    filters: FiltersIn = FiltersIn()
    top_k: TopK | None = None
    language: AnswerLanguage = ""


class ChatIn(BaseModel):
    """A chat completion request: the last user message is the question, earlier ones its history."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": "isnad", "messages": [{"role": "user", "content": "Who invited the president?"}]}]
        }
    )
    model: str = Field(max_length=100, description="`isnad`, `isnad-extractive` or `isnad-llm`")
    messages: list[ChatMessage] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: StrictBool | None = False
    isnad: IsnadOptions = IsnadOptions()

    def asked(self, answerer: Answerer) -> Question:
        """The question as the core has it. Raises QuestionError without a user message at the end."""
        spoken = [message for message in self.messages if message.role in ("user", "assistant")]
        if not spoken or spoken[-1].role != "user":
            raise QuestionError("The last message is not the user's.", "End `messages` with a user message.")
        question = spoken.pop().text()
        if len(question) > MAX_QUESTION_CHARS:
            raise QuestionError(f"The question has {len(question)} characters.", "Ask a shorter one.")
        history = tuple(
            Turn("user" if message.role == "user" else "assistant", text[:MAX_TURN_CHARS])
            for message in spoken[-MAX_HISTORY:]
            if (text := message.text())
        )
        options = self.isnad
        return Question(question, history, options.filters.value(), options.top_k, answerer, options.language)


Input = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION_CHARS)]


class EmbeddingsIn(BaseModel):
    """Texts to encode; ``isnad-query`` for questions, ``isnad-passage`` for what they search."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"model": "isnad-query", "input": ["missiles"]}]})
    model: str = Field(max_length=100)
    input: Input | Annotated[list[Input], Field(min_length=1, max_length=MAX_INPUTS)]
    encoding_format: Literal["float", "base64"] | None = "float"
    dimensions: int | None = Field(default=None, ge=1)

    def texts(self) -> list[str]:
        """The inputs as a list."""
        return [self.input] if isinstance(self.input, str) else self.input


class AssistantMessage(BaseModel):
    """The answer's text, with its ``[1]`` markers. What is only related says first that it may not answer, what is not
    borne out says so in brackets, and the warnings end the text."""

    role: Literal["assistant"]
    content: str
    refusal: None = None


class CompletionChoice(BaseModel):
    """The one choice there is."""

    index: Literal[0]
    message: AssistantMessage
    logprobs: None = None
    finish_reason: Literal["stop"]


class Completion(BaseModel):
    """A chat completion. ``isnad`` is the whole Answer: citations, status, warnings."""

    id: str
    object: Literal["chat.completion"]
    created: int = Field(description="seconds since 1970")
    model: str
    choices: list[CompletionChoice]
    isnad: Answer


class ModelOut(BaseModel):
    """A model as listed."""

    id: str = Field(examples=["isnad"])
    object: Literal["model"]
    created: int = Field(examples=[0])
    owned_by: Literal["isnad"]


class ModelsOut(BaseModel):
    """The models there are."""

    object: Literal["list"]
    data: list[ModelOut]


class EmbeddingOut(BaseModel):
    """One unit vector: numbers, or base64 of little-endian float32."""

    object: Literal["embedding"]
    index: int = Field(examples=[0])
    embedding: list[float] | str = Field(examples=[[0.031, -0.047, 0.012]])


class Usage(BaseModel):
    """Always 0: tokens are not counted here."""

    prompt_tokens: int = Field(examples=[0])
    total_tokens: int = Field(examples=[0])


class EmbeddingsOut(BaseModel):
    """Vectors in the order of the inputs."""

    object: Literal["list"]
    model: str = Field(examples=["isnad-query"])
    data: list[EmbeddingOut]
    usage: Usage


def completion_of(answer: Answer, model: str, clock: Clock = time.time) -> dict[str, Any]:
    """The completion that says ``answer``."""
    message = {"role": "assistant", "content": told(answer), "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return _envelope("chat.completion", answer.id, model, choice, answer, clock)


def chunk_of(event: Event, answer_id: str, model: str, clock: Clock = time.time) -> dict[str, Any] | None:
    """The chunk that says ``event``; None for citations, which come whole with the last chunk."""
    delta: dict[str, Any] = {}
    if isinstance(event, Started):
        delta = {"role": "assistant", "content": ""}
    elif isinstance(event, Delta):
        delta = {"content": event.text}
    elif not isinstance(event, Ended):
        return None
    answer = event.answer if isinstance(event, Ended) else None
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": "stop" if answer else None}
    return _envelope("chat.completion.chunk", answer_id, model, choice, answer, clock)


def _envelope(
    kind: str, answer_id: str, model: str, choice: dict[str, Any], answer: Answer | None, clock: Clock
) -> dict[str, Any]:
    head = {"id": f"chatcmpl-{answer_id}", "object": kind, "created": int(clock()), "model": model}
    return {**head, "choices": [choice], **({"isnad": answer.to_dict()} if answer else {})}
