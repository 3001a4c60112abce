"""OpenAI's request shapes, as far as they mean something here; unknown fields (temperature ...) are ignored."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from rag.documents import Answerer, Question, Turn
from rag.errors import QuestionError
from rag.serving.schemas.requests import (
    MAX_HISTORY,
    MAX_QUESTION_CHARS,
    MAX_TURN_CHARS,
    FiltersIn,
    Language,
    Strict,
    TopK,
)

MAX_INPUTS = 64
MAX_MESSAGES = 2 * MAX_HISTORY
CHAT_MODELS: dict[str, Answerer] = {"isnad": "auto", "isnad-extractive": "extractive", "isnad-llm": "llm"}
EMBEDDING_MODELS = {"isnad-passage": True, "isnad-query": False}  # e5 encodes the two differently


class TextPart(BaseModel):
    """A part of a message; only text can be asked about."""

    type: Literal["text"]
    text: str = Field(max_length=MAX_TURN_CHARS)


class Message(BaseModel):
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
    language: Language = ""


class ChatIn(BaseModel):
    """A chat completion request: the last user message is the question, earlier ones its history."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": "isnad", "messages": [{"role": "user", "content": "Who invited the president?"}]}]
        }
    )
    model: str = Field(max_length=100, description="`isnad`, `isnad-extractive` or `isnad-llm`")
    messages: list[Message] = Field(min_length=1, max_length=MAX_MESSAGES)
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
