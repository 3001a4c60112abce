"""A client of another Isnad server, which can be asked as the assistant can (:class:`rag.asking.Answering`).

What travels is the same Answer; errors come back as the error they were.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Final

import httpx

from rag import errors
from rag.asking import Cited, Delta, Ended, Event, Quoted, Started, Verified
from rag.documents import (
    Answer,
    AnswerSentence,
    AppliedFilters,
    Article,
    Citation,
    Evidence,
    Filters,
    Gloss,
    Question,
    ShortAnswer,
    Translation,
    WordMatch,
)
from rag.errors import IsnadError

ASK: Final = "/api/v1/ask"
TIMEOUT_S: Final = 120.0  # a bound: twice what a server gives its model unless it is told otherwise
_ERRORS: Final = {kind.code: kind for kind in IsnadError.__subclasses__()}
_BY_STATUS: Final[Mapping[int, type[IsnadError]]] = {
    401: errors.AccessError,
    403: errors.AccessError,
    413: errors.LimitError,
    429: errors.LimitError,
}


class IsnadClient:
    """Asks over HTTP. ``key`` is needed where the server has keys; use it as a context manager or close it."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    @classmethod
    def connect(cls, url: str, key: str = "") -> IsnadClient:
        """A client of the server at ``url`` (``http://127.0.0.1:7860``); nothing is sent yet."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return cls(httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT_S))

    def ask(self, question: Question | str) -> Answer:
        """The server's answer. Raises IsnadError as the server said it, or when it cannot be reached."""
        return answer_from_dict(self._send("POST", ASK, json=_body(question)))

    def stream(self, question: Question | str) -> Generator[Event, None, None]:
        """The server's answer as it comes about. Raises as :meth:`ask`, at any event."""
        body, begun = _body(question) | {"stream": True}, ""
        with self._reached(), self._http.stream("POST", ASK, json=body) as response:
            if not response.is_success:
                raise _error_from(response.status_code, json.loads(response.read()))
            for line in response.iter_lines():
                field, _, value = line.partition(": ")
                begun = value if field == "event" else begun
                if field == "data":
                    yield _event_from(begun, json.loads(value))

    def search(self, query: str, *, filters: Filters = Filters(), top_k: int | None = None) -> tuple[Evidence, ...]:
        """The server's passages, best first. Raises as :meth:`ask`."""
        body = {"query": query, "filters": asdict(filters), "top_k": top_k}
        return tuple(map(_evidence_from, self._send("POST", "/api/v1/search", json=body)["passages"]))

    def article(self, article_id: str) -> Article:
        """One article, whole. Raises NotFoundError, and as :meth:`ask`."""
        found = self._send("GET", f"/api/v1/articles/{article_id}")
        return Article(**{**found, "questions": tuple(found["questions"]), "warnings": tuple(found["warnings"])})

    def translate(self, article_id: str, start: int, end: int, language: str) -> Translation:
        """A part of an article in another language, by the server's model. Raises as :meth:`ask`."""
        part = {"article_id": article_id, "start": start, "end": end, "language": language}
        return Translation(**self._send("POST", "/api/v1/translate", json=part))

    def suggestions(self, language: str, limit: int = 4, of: Sequence[str] = (), but: Sequence[str] = ()) -> list[str]:
        """Example questions in a language of the server's page; none in others, nor ``of`` articles, of which it does
        not tell whether it answers them. Raises as :meth:`ask`."""
        questions: dict[str, list[str]] = {} if of else self._send("GET", "/api/v1/session")["questions"]
        return [question for question in questions.get(language, []) if question not in but][:limit]

    def status(self) -> Mapping[str, object]:
        """What the server's health page tells: numbers come as text. Raises as :meth:`ask`."""
        checks: dict[str, object] = self._send("GET", "/readyz")["checks"]
        return checks

    def close(self) -> None:
        """Release the connections."""
        self._http.close()

    def __enter__(self) -> IsnadClient:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _send(self, method: str, path: str, **body: Any) -> Any:
        with self._reached():
            response = self._http.request(method, path, **body)
            told = response.json()
        if response.is_success:
            return told
        raise _error_from(response.status_code, told)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except (httpx.HTTPError, ValueError) as error:
            hint = "Check its address and that it runs."
            raise IsnadError(f"{self._http.base_url} did not answer: {error}.", hint) from error


def _body(question: Question | str) -> dict[str, Any]:
    """What the server's route takes: a Question's fields, its text as ``question``."""
    fields = asdict(Question.of(question))
    return {"question": fields.pop("text"), **fields}


def answer_from_dict(told: Mapping[str, Any]) -> Answer:
    """The Answer that :meth:`rag.documents.Answer.to_dict` wrote."""
    short, applied = told["short_answer"], told["applied_filters"]
    parts = {
        "short_answer": ShortAnswer(**short) if short else None,
        "sentences": tuple(AnswerSentence(**{**s, "citations": tuple(s["citations"])}) for s in told["sentences"]),
        "citations": tuple(_citation_from(citation) for citation in told["citations"]),
        "passages": tuple(map(_evidence_from, told["passages"])),
        "warnings": tuple(told["warnings"]),
        "applied_filters": AppliedFilters(**applied) if applied else None,
    }
    return Answer(**{**told, **parts})


def _event_from(name: str, told: Any) -> Event:
    """The event that :func:`rag.asking.named` wrote. Raises IsnadError for the event ``error``."""
    if name == "start":
        return Started(**told)
    if name == "delta":
        return Delta(**told)
    if name == "verified":
        return Verified(**told)
    if name == "citation":
        return Cited(_citation_from(told))
    if name == "quotes":
        return Quoted(answer_from_dict(told))
    if name == "end":
        return Ended(answer_from_dict(told))
    raise _error_from(0, told)


def _citation_from(told: Mapping[str, Any]) -> Citation:
    highlights = tuple((start, end) for start, end in told["highlights"])
    glosses = tuple(Gloss(**gloss) for gloss in told["glosses"])
    translation = Translation(**told["translation"]) if told["translation"] else None
    titled = tuple(Gloss(**gloss) for gloss in told.get("title_glosses", ()))
    matches = tuple(WordMatch(**match) for match in told.get("matches", ()))
    parts = {"highlights": highlights, "glosses": glosses, "title_glosses": titled, "also_in": tuple(told["also_in"])}
    return Citation(**{**told, **parts, "matches": matches, "translation": translation})


def _evidence_from(told: Mapping[str, Any]) -> Evidence:
    return Evidence(**{**told, "also_in": tuple(told["also_in"])})


def _error_from(status: int, told: Any) -> IsnadError:
    error = told.get("error", {}) if isinstance(told, dict) else {}
    kind = _ERRORS.get(error.get("code", "")) or _BY_STATUS.get(status, IsnadError)
    return kind(error.get("message", f"The server answered {status}."), error.get("hint", ""))
