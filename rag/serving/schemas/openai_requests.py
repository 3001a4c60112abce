"""OpenAI's shapes: what its clients may ask, as far as it means something here. Other fields are ignored.

How an Answer is told to them is in :mod:`rag.serving.schemas.openai`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, WithJsonSchema

from rag.documents import Answerer, Question, Turn
from rag.errors import QuestionError
from rag.generation.prompt_passages import count_tokens
from rag.serving.schemas.errors import Rejection
from rag.serving.schemas.requests import (
    MAX_HISTORY,
    MAX_QUESTION_CHARS,
    MAX_TURN_CHARS,
    AnswerLanguage,
    FiltersIn,
    Strict,
    TopK,
)

MAX_INPUTS = 2048  # as OpenAI's own
MAX_MESSAGES = 2000  # a bound; of those of user and assistant the last ones are read
CHAT_MODELS: dict[str, Answerer] = {"isnad": "auto", "isnad-extractive": "extractive", "isnad-llm": "llm"}
EMBEDDING_MODELS = {"isnad-passage": True, "isnad-query": False}  # e5 encodes the two differently


class TextPart(BaseModel):
    """A part of a message; only text can be asked about."""

    type: Literal["text"]
    text: str


class ChatMessage(BaseModel):
    """One message. System and tool messages, of any length, are accepted and have no effect."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None

    def text(self) -> str:
        """The message's text, parts joined by line breaks."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """``include_usage``: end a stream with what it used."""

    include_usage: StrictBool | None = None


class TextFormat(BaseModel):
    """What the text is to be: as it is, or the Answer as JSON."""

    type: Annotated[str, Field(max_length=100), WithJsonSchema({"enum": ["text", "json_object"]})]


One = Annotated[int | None, WithJsonSchema({"enum": [1, None]})]
ToolChoice = Annotated[Any, WithJsonSchema({"enum": ["auto", "none", None]})]


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
    stream_options: StreamOptions | None = None
    n: One = None
    tool_choice: ToolChoice = None
    response_format: TextFormat | None = None
    isnad: IsnadOptions = IsnadOptions()

    def asked(self, answerer: Answerer) -> Question:
        """The question as the core has it. Raises QuestionError without a user message at the end, Rejection for what
        no answer here can be."""
        if self.n is not None and self.n != 1:
            raise unmet("n", "There is one answer to a question here.", "Leave `n` out.")
        refuse_tools(self.tool_choice)
        refuse_format(self.response_format, "response_format")
        return question_of([(message.role, message.text()) for message in self.messages], self.isnad, answerer)

    @property
    def as_json(self) -> bool:
        """Whether the text is to be the Answer as JSON."""
        return self.response_format is not None and self.response_format.type == "json_object"

    @property
    def counts_usage(self) -> bool:
        """Whether a stream is to end with what it used."""
        return self.stream_options is not None and bool(self.stream_options.include_usage)

    def usage(self, said: str) -> dict[str, int]:
        """Tokens of the messages and of the text, estimated."""
        asked = sum(count_tokens(message.text()) for message in self.messages)
        answered = count_tokens(said)
        return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}


def question_of(messages: Sequence[tuple[str, str]], options: IsnadOptions, answerer: Answerer) -> Question:
    """The question in (role, text) messages: the last of the user, those before it its history.

    Raises QuestionError where the last one of user and assistant is not the user's, or is too long.
    """
    spoken = [(role, text) for role, text in messages if role in ("user", "assistant")]
    if not spoken or spoken[-1][0] != "user":
        raise QuestionError("The last message is not the user's.", "End the messages with a user message.")
    question = spoken.pop()[1]
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(f"The question has {len(question)} characters.", "Ask a shorter one.")
    history = tuple(
        Turn("user" if role == "user" else "assistant", text[:MAX_TURN_CHARS])
        for role, text in spoken[-MAX_HISTORY:]
        if text
    )
    return Question(question, history, options.filters.value(), options.top_k, answerer, options.language)


def unmet(name: str, message: str, hint: str) -> Rejection:
    """The refusal of an option that no answer here can meet."""
    return Rejection(400, "unsupported_value", f"{name}: {message}", hint)


def refuse_tools(choice: object) -> None:
    """Raises Rejection where a tool must be called: none is ever called here. Tools that may be are passed over."""
    if choice not in (None, "auto", "none"):
        raise unmet("tool_choice", "No tool is called here.", "Leave it out, or send `auto`.")


def refuse_format(wanted: TextFormat | None, name: str) -> None:
    """Raises Rejection for a schema of the caller's: quotes fit no other shape than the Answer's."""
    if wanted is not None and wanted.type not in ("text", "json_object"):
        hint = "Use `text`, or `json_object` for the Answer as JSON."
        raise unmet(name, f"{wanted.type} cannot be followed.", hint)


Input = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION_CHARS)]
_INPUT = {"type": "string", "minLength": 1, "maxLength": MAX_QUESTION_CHARS}
_INPUTS = {"anyOf": [_INPUT, {"type": "array", "items": _INPUT, "minItems": 1, "maxItems": MAX_INPUTS}]}


class EmbeddingsIn(BaseModel):
    """Texts to encode; ``isnad-query`` for questions, ``isnad-passage`` for what they search."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"model": "isnad-query", "input": ["missiles"]}]})
    model: str = Field(max_length=100)
    input: Annotated[Input | list[Input] | list[int] | list[list[int]], WithJsonSchema(_INPUTS)] = Field(
        min_length=1, max_length=MAX_QUESTION_CHARS
    )
    encoding_format: Literal["float", "base64"] | None = "float"
    dimensions: int | None = Field(default=None, ge=1)

    def texts(self) -> list[str]:
        """The inputs as a list. Raises Rejection for tokens, and for too many."""
        given = [self.input] if isinstance(self.input, str) else self.input
        texts = [text for text in given if isinstance(text, str)]
        if len(texts) < len(given):
            hint = "Send texts. In LangChain: OpenAIEmbeddings(check_embedding_ctx_length=False)."
            raise unmet("input", "Token arrays cannot be read here: they are another tokenizer's.", hint)
        if len(texts) > MAX_INPUTS:
            raise unmet("input", f"{len(texts)} inputs, and at most {MAX_INPUTS} are encoded at once.", "Send fewer.")
        return texts
