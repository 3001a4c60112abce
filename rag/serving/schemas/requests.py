"""What requests may hold. Unknown fields are refused, so that a misspelt one is never silently ignored.

What comes back is in :mod:`rag.serving.schemas.responses`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, WithJsonSchema

from rag.documents import Answerer, Filters, ListOrder, Question, Turn
from rag.evaluation.voted import Reason, Thumb
from rag.settings import MAX_TOP_K

MAX_HISTORY = 50  # bounds on what one request may make the server do; none was tuned
MAX_TURN_CHARS = 20_000
MAX_UPLOADS = 100
MAX_OFFSET = 100_000_000
MAX_QUESTION_CHARS = 20_000  # a bound for the parser; the setting, usually lower, is the assistant's to enforce


def _iso_date(value: str) -> str:
    try:
        if value and date.fromisoformat(value).isoformat() != value:  # it also takes weeks, and no hyphens
            raise ValueError
    except ValueError:
        raise ValueError("wanted a date as YYYY-MM-DD") from None
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
QuestionText = Annotated[
    str, Field(max_length=MAX_QUESTION_CHARS, json_schema_extra={"minLength": 1, "pattern": _LETTER})
]
AnswerLanguage = Annotated[
    str, Field(pattern=r"^([a-z]{2,3})?$", description="ISO 639 code, or empty to follow the question")
]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", description="ISO 639 code")]
Word = Annotated[str, Field(min_length=1, max_length=200)]


class Strict(BaseModel):
    """A request body without unknown fields."""

    model_config = ConfigDict(extra="forbid")


class FiltersIn(Strict):
    """Which articles may answer; an empty list or date means any. Dates are inclusive."""

    languages: list[LanguageCode] = Field(default=[], max_length=50, examples=[["ar", "fr"]])
    sources: list[Word] = Field(default=[], max_length=100)
    since: IsoDate = ""
    until: IsoDate = ""
    article_ids: list[Word] = Field(default=[], max_length=1000)

    def value(self) -> Filters:
        """The same as the core's own type."""
        return Filters(tuple(self.languages), tuple(self.sources), self.since, self.until, tuple(self.article_ids))


class ListIn(Strict):
    """Which page of which articles."""

    languages: list[LanguageCode] = Field(default=[], max_length=50)
    sources: list[Word] = Field(default=[], max_length=100)
    since: IsoDate = ""
    until: IsoDate = ""
    words: str = Field(
        default="", max_length=200, description="all in the title, date, source, author or place of origin"
    )
    order: ListOrder = Field(default="newest", description="by date, by when it was added, or by title")
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
    question: QuestionText = Field(description="in any language")
    history: list[TurnIn] = Field(default=[], max_length=MAX_HISTORY)
    filters: FiltersIn = FiltersIn()
    top_k: TopK | None = Field(default=None, description="passages the answer may draw on")
    answerer: Answerer = "auto"
    language: AnswerLanguage = ""
    today: IsoDate = Field(default="", description="the day that `last week` counts back from; empty for the server's")
    translate: StrictBool = Field(default=False, description="translate quotes in other languages; needs a model")
    any_time: StrictBool = Field(default=False, description="whatever period the question's own words name")
    stream: StrictBool = Field(
        default=False, description="answer as server-sent events: start, quotes, delta, citation, end, error"
    )

    def value(self) -> Question:
        """The same as the core's own type."""
        return Question(
            self.question,
            history=tuple(turn.value() for turn in self.history),
            filters=self.filters.value(),
            top_k=self.top_k,
            answerer=self.answerer,
            language=self.language,
            today=self.today,
            translate=self.translate,
            any_time=self.any_time,
        )


class TranslateIn(Strict):
    """A part of an article, by the offsets that quotes and passages have."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"article_id": "sahel", "start": 0, "end": 120, "language": "en"}]},
    )
    article_id: Word
    start: int = Field(ge=0, le=MAX_OFFSET)
    end: int = Field(ge=1, le=MAX_OFFSET)
    language: LanguageCode = Field(description="to translate into")


class SearchIn(Strict):
    """A query for passages."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"query": "missiles in Libya", "top_k": 3}]}
    )
    query: QuestionText
    filters: FiltersIn = FiltersIn()
    top_k: TopK | None = None


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


class FeedbackIn(Strict):
    """A vote on an answer; ``none`` takes it back."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"answer_id": "a1b2", "vote": "down", "reason": "wrong"}]},
    )
    answer_id: str = Field(min_length=1, max_length=100)
    vote: Thumb
    reason: Reason = Field(default="", description="why it is down; `missing`: not in the articles")
    comment: str = Field(default="", max_length=2000)
