"""A client of another Isnad server, with the part of the assistant's interface that adapters need.

What travels is the same Answer; errors come back as the error they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import httpx

from rag import errors
from rag.documents import (
    Answer,
    Answerer,
    AnswerSentence,
    Article,
    Citation,
    Evidence,
    Filters,
    Gloss,
    ShortAnswer,
    Turn,
)
from rag.errors import IsnadError

TIMEOUT_S: Final = 120.0
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

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        top_k: int | None = None,
        answerer: Answerer = "auto",
        language: str = "",
    ) -> Answer:
        """The server's answer. Raises IsnadError as the server said it, or when it cannot be reached."""
        body: dict[str, Any] = {"question": question, "answerer": answerer, "language": language, "top_k": top_k}
        body |= {"history": [asdict(turn) for turn in history], "filters": asdict(filters)}
        return answer_from_dict(self._send("POST", "/api/v1/ask", json=body))

    def search(self, query: str, *, filters: Filters = Filters(), top_k: int | None = None) -> tuple[Evidence, ...]:
        """The server's passages, best first. Raises as :meth:`ask`."""
        body = {"query": query, "filters": asdict(filters), "top_k": top_k}
        return tuple(map(_evidence_from, self._send("POST", "/api/v1/search", json=body)["passages"]))

    def article(self, article_id: str) -> Article:
        """One article, whole. Raises NotFoundError, and as :meth:`ask`."""
        found = self._send("GET", f"/api/v1/articles/{article_id}")
        return Article(**{**found, "questions": tuple(found["questions"]), "warnings": tuple(found["warnings"])})

    def close(self) -> None:
        """Release the connections."""
        self._http.close()

    def __enter__(self) -> IsnadClient:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _send(self, method: str, path: str, **body: Any) -> Any:
        try:
            response = self._http.request(method, path, **body)
            told = response.json()
        except (httpx.HTTPError, ValueError) as error:
            hint = "Check its address and that it runs."
            raise IsnadError(f"{self._http.base_url} did not answer: {error}.", hint) from error
        if response.is_success:
            return told
        raise _error_from(response.status_code, told)


def answer_from_dict(told: Mapping[str, Any]) -> Answer:
    """The Answer that :meth:`rag.documents.Answer.to_dict` wrote."""
    short = told["short_answer"]
    parts = {
        "short_answer": ShortAnswer(**short) if short else None,
        "sentences": tuple(AnswerSentence(**{**s, "citations": tuple(s["citations"])}) for s in told["sentences"]),
        "citations": tuple(_citation_from(citation) for citation in told["citations"]),
        "passages": tuple(map(_evidence_from, told["passages"])),
        "warnings": tuple(told["warnings"]),
    }
    return Answer(**{**told, **parts})


def _citation_from(told: Mapping[str, Any]) -> Citation:
    highlights = tuple((start, end) for start, end in told["highlights"])
    glosses = tuple(Gloss(**gloss) for gloss in told["glosses"])
    return Citation(**{**told, "highlights": highlights, "glosses": glosses, "also_in": tuple(told["also_in"])})


def _evidence_from(told: Mapping[str, Any]) -> Evidence:
    return Evidence(**{**told, "also_in": tuple(told["also_in"])})


def _error_from(status: int, told: Any) -> IsnadError:
    error = told.get("error", {}) if isinstance(told, dict) else {}
    kind = _ERRORS.get(error.get("code", "")) or _BY_STATUS.get(status, IsnadError)
    return kind(error.get("message", f"The server answered {status}."), error.get("hint", ""))
