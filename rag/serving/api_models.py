"""What requests may hold. Unknown fields are refused, so that a misspelt one is never silently ignored.

Responses are the program's own dataclasses; only the shapes that exist nowhere else are defined here.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, WithJsonSchema

from rag.documents import Answerer, Article, Evidence, Filters, Turn

MAX_HISTORY = 50
MAX_TOP_K = 50
MAX_TURN_CHARS = 20_000
MAX_UPLOADS = 100
MAX_QUESTION_CHARS = 20_000  # a bound for the parser; the setting, usually lower, is the assistant's to enforce


def _iso_date(value: str) -> str:
    if value:
        date.fromisoformat(value)
        if len(value) != 10:
            raise ValueError("wanted YYYY-MM-DD")
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("wanted a whole number")
    return value


IsoDate = Annotated[
    str,
    AfterValidator(_iso_date),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "maxLength": 0}],
            "description": "YYYY-MM-DD, or empty for no bound",
        }
    ),
]
TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K), BeforeValidator(_whole)]
# Too long or empty a question is the assistant's to refuse, with its cure; the document only says so.
_LETTER = r"[^\s\u0000-\u001f\u0085]"  # something is left once white space, as Python has it, is taken off
Question = Annotated[str, Field(max_length=MAX_QUESTION_CHARS, json_schema_extra={"minLength": 1, "pattern": _LETTER})]
Language = Annotated[
    str, Field(pattern=r"^([a-z]{2,3})?$", description="ISO 639 code, or empty to follow the question")
]
Word = Annotated[str, Field(min_length=1, max_length=200)]


class Strict(BaseModel):
    """A request body without unknown fields."""

    model_config = ConfigDict(extra="forbid")


class FiltersIn(Strict):
    """Which articles may answer; an empty list or date means any. Dates are inclusive."""

    languages: list[Word] = Field(default=[], max_length=50, examples=[["ar", "fr"]])
    sources: list[Word] = Field(default=[], max_length=100)
    since: IsoDate = ""
    until: IsoDate = ""
    article_ids: list[Word] = Field(default=[], max_length=1000)

    def value(self) -> Filters:
        """The same as the core's own type."""
        return Filters(tuple(self.languages), tuple(self.sources), self.since, self.until, tuple(self.article_ids))


class ListIn(Strict):
    """Which page of which articles."""

    languages: list[Word] = Field(default=[], max_length=50)
    sources: list[Word] = Field(default=[], max_length=100)
    since: IsoDate = ""
    until: IsoDate = ""
    offset: int = Field(default=0, ge=0, le=10_000_000)
    limit: int = Field(default=50, ge=1, le=200)

    def filters(self) -> Filters:
        """Which articles, as the core's own type."""
        return Filters(tuple(self.languages), tuple(self.sources), self.since, self.until)


class TurnIn(Strict):
    """One earlier message; the caller keeps the conversation."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=MAX_TURN_CHARS)

    def value(self) -> Turn:
        """The same as the core's own type."""
        return Turn(self.role, self.content)


class AskIn(Strict):
    """A question."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"question": "Which countries formed the joint staff?", "filters": {"languages": ["ar"]}}]
        },
    )
    question: Question = Field(description="in any language")
    history: list[TurnIn] = Field(default=[], max_length=MAX_HISTORY)
    filters: FiltersIn = FiltersIn()
    top_k: TopK | None = Field(default=None, description="passages the answer may draw on")
    answerer: Answerer = "auto"
    language: Language = ""
    stream: StrictBool = Field(
        default=False, description="answer as server-sent events: start, delta, citation, end, error"
    )

    def options(self) -> dict[str, Any]:
        """Everything but the question, as the assistant takes it."""
        return {
            "history": tuple(turn.value() for turn in self.history),
            "filters": self.filters.value(),
            "top_k": self.top_k,
            "answerer": self.answerer,
            "language": self.language,
        }


class SearchIn(Strict):
    """A query for passages."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"query": "missiles in Libya", "top_k": 3}]}
    )
    query: Question
    filters: FiltersIn = FiltersIn()
    top_k: TopK | None = None


class Passages(BaseModel):
    """What a search found, best first."""

    query: str
    passages: list[Evidence]


class ArticleOut(BaseModel):
    """An article as listed."""

    id: str
    title: str
    language: str
    source: str
    date: str
    url: str
    author: str
    origin: str
    characters: int

    @classmethod
    def of(cls, article: Article) -> ArticleOut:
        """The listing's row of ``article``."""
        fields = {name: getattr(article, name) for name in cls.model_fields if name != "characters"}
        return cls(**fields, characters=len(article.text))


class ArticlesOut(BaseModel):
    """One page of the list."""

    articles: list[ArticleOut]
    total: int
    offset: int
    limit: int


class ArticleIn(Strict):
    """An article to add. An id that is known replaces that article; without one the content makes it."""

    text: str = Field(min_length=1, max_length=5_000_000)
    title: str = Field(default="", max_length=1000)
    language: str = Field(default="", max_length=35, description="told from the text when empty")
    source: str = Field(default="", max_length=1000)
    date: str = Field(default="", max_length=100)
    url: str = Field(default="", max_length=2000)
    author: str = Field(default="", max_length=1000)
    id: str = Field(default="", pattern=r"^[\w.:@+-]{0,128}$")
    questions: list[Annotated[str, Field(max_length=500)]] = Field(default=[], max_length=20)


class UploadIn(Strict):
    """Articles sent as JSON."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"articles": [{"title": "A dam opens", "text": "The dam opened on Monday."}]}]},
    )
    articles: list[ArticleIn] = Field(min_length=1, max_length=1000)


class SessionOut(BaseModel):
    """What a widget needs to begin."""

    questions: dict[str, list[str]] = Field(description="example questions by language")
    max_question_chars: int


class FeedbackIn(Strict):
    """A vote on an answer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"answer_id": "a1b2", "vote": "up"}]})
    answer_id: str = Field(min_length=1, max_length=100)
    vote: Literal["up", "down"]
    comment: str = Field(default="", max_length=2000)


class ErrorBody(BaseModel):
    """What went wrong: ``code`` is stable, ``hint`` is the cure."""

    code: str = Field(examples=["bad_question"])
    message: str = Field(examples=["The question is empty."])
    hint: str = Field(examples=["Write a question."])


class ErrorOut(BaseModel):
    """The body of every error outside ``/v1``."""

    error: ErrorBody


class Health(BaseModel):
    """Whether the server can answer, and what stands in the way."""

    status: Literal["ok", "degraded", "unavailable"]
    checks: dict[str, str] = Field(examples=[{"index": "ok", "articles": "19", "answerer": "extractive"}])
    reasons: list[str] = Field(default=[], description="what is wrong, with the cure", examples=[[]])


_ERRORS = {
    400: "the body cannot be parsed",
    401: "no key, or a wrong one",
    403: "the key's scope does not reach, or another site asked",
    413: "the body is too large",
    422: "a field is missing, unknown or out of range",
    429: "too many requests in a minute; see Retry-After",
    503: "busy, stopping or without an index; see Retry-After",
}
ERRORS: dict[int | str, dict[str, Any]] = {s: {"model": ErrorOut, "description": d} for s, d in _ERRORS.items()}
ERRORS_404: dict[int | str, dict[str, Any]] = {**ERRORS, 404: {"model": ErrorOut, "description": "it is not there"}}
