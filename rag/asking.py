"""Asking: whoever can be asked a question, and the events that an answer comes in.

:class:`rag.assistant.Assistant` answers in this process, :class:`rag.client.IsnadClient` asks another server. Every
surface is written for :class:`Answering`, so that it takes either.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, runtime_checkable

from rag.documents import Answer, Article, Citation, Evidence, Filters, Question, Translation


@dataclass(frozen=True, slots=True)
class Started:
    """First event of a streamed answer."""

    id: str
    question: str
    language: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of answer text, never ending inside a citation marker."""

    text: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The text of the answer so far, where every sentence of it is borne out: what was held back may be shown."""

    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation resolved while the answer streams."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Quoted:
    """The articles' own words as an answer, while a model still writes its own; whatever comes later replaces it."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Ended:
    """Last event: the whole answer, which replaces whatever was streamed."""

    answer: Answer


Event = Started | Quoted | Delta | Verified | Cited | Ended

_NAMES: Mapping[type, str] = {Started: "start", Delta: "delta", Verified: "verified"}


def named(event: Event) -> tuple[str, dict[str, Any]]:
    """An event's name in a stream, and its JSON."""
    if isinstance(event, Ended | Quoted):
        return "end" if isinstance(event, Ended) else "quotes", event.answer.to_dict()
    if isinstance(event, Cited):
        return "citation", asdict(event.citation)
    return _NAMES[type(event)], asdict(event)


@runtime_checkable
class Answering(Protocol):
    """Whoever can be asked. Each method raises IsnadError, with the cure, where it cannot do what it says."""

    def ask(self, question: Question | str) -> Answer:
        """The whole answer. Raises QuestionError for a question that cannot be used."""
        ...

    def stream(self, question: Question | str) -> Generator[Event, None, None]:
        """The answer as it comes about; closing the generator stops the work. Raises as :meth:`ask`."""
        ...

    def search(self, query: str, *, filters: Filters = ..., top_k: int | None = ...) -> tuple[Evidence, ...]:
        """The best passages, best first, without an answer. Raises as :meth:`ask`."""
        ...

    def article(self, article_id: str) -> Article:
        """One article, whole. Raises NotFoundError."""
        ...

    def translate(self, article_id: str, start: int, end: int, language: str) -> Translation:
        """A part of an article in another language, by the model. Raises NotFoundError, QuestionError for a part that
        is none, SettingsError without a model, AnswererError where it fails."""
        ...

    def suggestions(
        self, language: str, limit: int = ..., of: Sequence[str] = ..., but: Sequence[str] = ...
    ) -> list[str]:
        """Example questions in a language; ``of`` these articles only, ``but`` those questions."""
        ...

    def status(self) -> Mapping[str, object]:
        """What is served: at least ``generation``, ``articles``, ``encoder`` and ``answerer``."""
        ...


def may_translate(assistant: Answering) -> bool:
    """Whether it has a model, which translates too."""
    return str(assistant.status()["answerer"]).startswith("llm:")
