"""What comes back, for the document: the shapes that are not the program's own dataclasses. Errors have two.

The routes write the bodies themselves (:class:`rag.serving.schemas.errors.Json`); tests hold them to these models.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from rag.documents import Article, Evidence
from rag.ingestion.report import Phase
from rag.serving.jobs import State


class Passages(BaseModel):
    """What a search found, best first."""

    query: str
    passages: list[Evidence]


class ArticleOut(BaseModel):
    """An article as listed."""

    id: str = Field(examples=["e024061907b35bf5"])
    title: str = Field(examples=["صواريخ مفقودة في ليبيا تثير قلق دول الجوار"])
    language: str = Field(description="ISO 639-1, `und` when unknown", examples=["ar"])
    source: str = Field(examples=["مكتب إسناد لشمال إفريقيا"])
    date: str = Field(description="YYYY-MM-DD or empty", examples=["2011-10-08"])
    url: str = Field(examples=["https://example.org/ar/libya/2011/10/missing-missiles"])
    author: str = Field(examples=[""])
    origin: str = Field(description="where it was read", examples=["corpus/libya-missiles.ar.md"])
    characters: int = Field(description="length of its text", examples=[1840])

    @classmethod
    def of(cls, article: Article) -> ArticleOut:
        """The listing's row of ``article``."""
        fields = {name: getattr(article, name) for name in cls.model_fields if name != "characters"}
        return cls(**fields, characters=len(article.text))


class ArticlesOut(BaseModel):
    """One page of the list."""

    articles: list[ArticleOut]
    total: int = Field(description="how many pass the filters, on all pages", examples=[1])
    offset: int = Field(examples=[0])
    limit: int = Field(examples=[50])


class OpenedArticle(BaseModel):
    """An article as a page of another site may show it."""

    id: str
    title: str
    language: str
    source: str
    date: str
    url: str
    text: str = Field(description="what every offset of a quote refers to")

    @classmethod
    def of(cls, article: Article) -> OpenedArticle:
        """What may be shown of ``article``."""
        shown = {name: getattr(article, name) for name in cls.model_fields}
        return cls(**{**shown, "title": article.heading})


class ProgressOut(BaseModel):
    """How far an upload is. ``sources`` is 0 when their number is not known beforehand (archives hold many)."""

    phase: Phase = Field(examples=["done"])
    sources_done: int = Field(examples=[2])
    sources: int = Field(examples=[0])
    articles: int = Field(examples=[1])
    passages: int = Field(examples=[3])
    passages_per_s: float = Field(examples=[24.5])
    seconds: float = Field(examples=[0.4])
    seconds_left: float | None = Field(description="an estimate, where there is one", examples=[None])


class NotReadOut(BaseModel):
    """A file, or a part of one, that was not read."""

    origin: str
    reason: str
    cure: str


class ReportOut(BaseModel):
    """What became of each source: its origin stands under one heading."""

    counts: dict[str, int] = Field(description="how many under each heading", examples=[{"indexed": 1, "failed": 1}])
    indexed: list[str] = Field(examples=[["uploads/week.md"]])
    replaced: list[str] = Field(examples=[[]])
    unchanged: list[str] = Field(examples=[[]])
    duplicate: list[str] = Field(examples=[[]])
    removed: list[str] = Field(description="article ids", examples=[[]])
    skipped: list[NotReadOut] = Field(description="of a kind that is not read", examples=[[]])
    failed: list[NotReadOut] = Field(
        examples=[[{"origin": "uploads/report.pdf", "reason": "It holds no text.", "cure": "Run OCR on it first."}]]
    )
    warnings: list[tuple[str, str]] = Field(description="origin and what was noticed", examples=[[]])
    generation: int = Field(description="of the index that holds the articles", examples=[2])
    articles: int = Field(description="in the index now", examples=[23])
    passages: int = Field(description="in the index now", examples=[66])
    seconds: float = Field(examples=[0.4])
    encoded_passages: int = Field(examples=[3])
    passages_per_s: float = Field(examples=[24.5])


class ErrorBody(BaseModel):
    """What went wrong: ``code`` is stable, ``hint`` is the cure."""

    code: str = Field(examples=["bad_question"])
    message: str = Field(examples=["The question is empty."])
    hint: str = Field(examples=["Write a question."])


class ErrorOut(BaseModel):
    """The body of every error outside ``/v1``."""

    error: ErrorBody


class OpenAIErrorBody(BaseModel):
    """What went wrong, as OpenAI's clients read it; ``message`` ends with the cure."""

    message: str
    type: str = Field(description="invalid_request_error, authentication_error, permission_error, rate_limit_error ...")
    param: None = None
    code: str = Field(description="the same stable code as elsewhere")


class OpenAIErrorOut(BaseModel):
    """The body of every error under ``/v1``."""

    error: OpenAIErrorBody


class JobOut(BaseModel):
    """An upload on its way into the index. ``report`` comes with ``done``, ``error`` with ``failed``.

    What is stored of one that is ``cancelled`` stays.
    """

    id: str = Field(examples=["ec047a46d8c0a1fe"])
    state: State = Field(examples=["done"])
    created: str = Field(description="date and time in UTC", examples=["2026-05-06T09:30:00Z"])
    progress: ProgressOut | None
    report: ReportOut | None
    error: ErrorBody | None = Field(examples=[None])


class LibraryOut(BaseModel):
    """What there is, what is being read, and what the caller may do."""

    generation: int = Field(examples=[2])
    articles: int = Field(examples=[22])
    languages: dict[str, int] = Field(description="articles by language", examples=[{"ar": 9, "en": 7, "fr": 6}])
    sources: dict[str, int] = Field(description="articles by source", examples=[{"Desert Herald": 3}])
    may_add: bool
    may_delete: bool
    max_upload_mb: int = Field(description="of one request", examples=[200])
    samples: int = Field(description="how many sample articles come with the program", examples=[22])
    jobs: list[JobOut] = Field(description="queued and running, in turn; for who may add articles", examples=[[]])


class SessionOut(BaseModel):
    """What a widget needs to begin."""

    questions: dict[str, list[str]] = Field(
        description="example questions by language", examples=[{"ar": [], "en": ["Where is coffee from?"], "fr": []}]
    )
    max_question_chars: int = Field(examples=[2000])
    translates: bool = Field(description="whether there is a model that translates quotes", examples=[False])
    keeps_questions: bool = Field(description="whether a vote is kept with its question", examples=[False])


class Health(BaseModel):
    """Whether the server can answer, and what stands in the way."""

    status: Literal["ok", "degraded", "unavailable"]
    checks: dict[str, str] = Field(default={}, examples=[{"index": "ok", "articles": "19", "answerer": "extractive"}])
    reasons: list[str] = Field(default=[], description="what is wrong, with the cure", examples=[[]])
