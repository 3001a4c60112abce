"""Citation markers in a model's text, and the last check of every citation before an answer leaves.

Markers are read in the forms models write (``[1]``, ``[2,3]``, ``[1-3]``, ``[Source: 1]``, ``【1†source】``, full-width
and Arabic digits, and those of :mod:`rag.answering.marker_forms`) and written in one (``[2][3]``). Numbers no passage
has are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import replace
from typing import NamedTuple, TypeVar

from rag.answering.marker_forms import (
    CALLED,
    CALLED_BEGUN,
    CLOSE,
    KEPT,
    OPEN,
    OPEN_ENDED,
    ROUND_BEGUN,
    SEPARATOR,
    bracketed,
)
from rag.asking import Cited, Delta, Verified
from rag.documents import Answer, AnswerSentence, Article, Citation, ShortAnswer
from rag.errors import NotFoundError
from rag.text.answer_text import neutralise
from rag.text.folding import normalise

T = TypeVar("T")

_MARKER = re.compile(
    rf"(?P<gap>\s*)[{OPEN}]\s*{CALLED}?(?P<body>\^?\d{{1,3}}(?:{SEPARATOR}\^?\d{{1,3}})*)\s*"
    rf"(?:†[^{CLOSE}\s]{{0,30}})?[{CLOSE}]",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(\d{1,3})(?:\s*[-‐–—]\s*(\d{1,3}))?")
# What may still turn out to be a marker, or a word not yet written to its end, with the white space before it.
_TAIL = r"[\d\s\^,،，、;؛\-‐–—†andetosurcو]{0,40}"
_BEGUN = rf"[{OPEN}]\s*(?:(?:{CALLED_BEGUN})\s*[:#.]?)?{_TAIL}"
_OPEN_ENDED = re.compile(
    rf"{OPEN_ENDED}(?:[,،]\s+)?\s*\S*(?:(?:{_BEGUN}|{ROUND_BEGUN})[{CLOSE})]?\S*)?\Z", re.IGNORECASE
)
_BEGUN_MARKER = re.compile(rf"\s*{_BEGUN}\Z", re.IGNORECASE)
_NEEDS_NEXT = re.compile(rf"[!<){CLOSE}]*(?:{_BEGUN}|{ROUND_BEGUN})?\Z", re.IGNORECASE)
_LONGEST_WORD = 200  # characters held back for a word's end: a bound, for scripts that write no spaces


class Marker(NamedTuple):
    """A marker at ``text[start:end]`` and the passages it names, in order, ranges spelt out."""

    start: int
    end: int
    numbers: tuple[int, ...]


def find_markers(text: str, passages: int) -> list[Marker]:
    """The markers of a text; ``numbers`` holds those from 1 to ``passages`` only and may be empty."""
    return [Marker(m.end("gap"), m.end(), _numbers(m["body"], passages)) for m in _MARKER.finditer(text)]


def strip_markers(text: str) -> str:
    """The text without its markers and the white space before them."""
    return _MARKER.sub(_gap_left, text)


def rewrite_markers(text: str, passages: int, start: int = 0) -> str:
    """``text[start:]`` with every marker in the one form, unknown numbers gone."""

    def rewritten(match: re.Match[str]) -> str:
        marks = "".join(f"[{number}]" for number in _numbers(match["body"], passages))
        return match["gap"] + marks if marks else _gap_left(match)

    return _MARKER.sub(rewritten, bracketed(text, passages, start))


def marked(sentence: AnswerSentence) -> str:
    """A sentence with its markers after it; in the last cell of a table's row."""
    row = sentence.text.endswith("|") and sentence.citations
    text, closing = (sentence.text[:-1].rstrip(), " |") if row else (sentence.text, "")
    return " ".join([text, *(f"[{number}]" for number in sentence.citations)]) + closing


def joined(sentences: Iterable[AnswerSentence]) -> str:
    """The text that sentences make, with their markers, each led by what stands before it."""
    return "".join(sentence.lead + marked(sentence) for sentence in sentences).strip()


class MarkerStream:
    """Passes a streamed text on, whole words at a time, markers whole and rewritten, harmless (see answer_text).

    ``feed`` returns what can be shown so far; ``finish`` the rest, a marker cut short left out.
    """

    def __init__(self, passages: int) -> None:
        self._passages = passages
        self._before = ""  # the end of what was released, as it was written
        self._held = ""

    def feed(self, piece: str) -> str:
        """Takes the next piece and returns what is ready, possibly nothing."""
        self._held += piece
        match = _OPEN_ENDED.search(self._held)
        ready = match.start() if match is not None else len(self._held)
        if len(self._held) - ready > _LONGEST_WORD:  # a script without spaces: do not wait for one
            match = _NEEDS_NEXT.search(self._held)
            ready = match.start() if match is not None else len(self._held)
        return self._release(ready)

    def finish(self) -> str:
        """What was still held. Call once, at the end."""
        self._held = _BEGUN_MARKER.sub("", self._held)
        return self._release(len(self._held))

    def _release(self, ready: int) -> str:
        before, text, self._held = self._before, self._held[:ready], self._held[ready:]
        self._before = (before + text)[-KEPT:]
        return neutralise(rewrite_markers(before + text, self._passages, len(before)))


def check_citations(answer: Answer, article_of: Callable[[str], Article]) -> Answer:
    """The answer with only what the stored articles bear out, checked character by character.

    A citation stays when ``article.text[start:end] == quote`` and what is marked lies inside the quote; a
    short answer when it is that text within its citation's quote. What fails goes, with its markers and a warning;
    an answer left without citations is ``not_found``.
    """
    kept = tuple(c for c in answer.citations if _is_exact(c, article_of))
    short = answer.short_answer if _short_answer_holds(answer.short_answer, kept) else None
    if len(kept) == len(answer.citations) and short == answer.short_answer:
        return answer
    numbers = {citation.number for citation in kept}
    sentences = tuple(replace(s, citations=tuple(n for n in s.citations if n in numbers)) for s in answer.sentences)
    return replace(
        answer,
        status=answer.status if kept else "not_found",
        answer=_MARKER.sub(lambda m: _without(m, numbers), answer.answer),
        sentences=sentences,
        citations=kept,
        short_answer=short,
        warnings=(*answer.warnings, "A quote that does not match its article was left out."),
    )


def _without(match: re.Match[str], kept: set[int]) -> str:
    marks = "".join(f"[{n}]" for n in _numbers(match["body"], 999) if n in kept)
    return match["gap"] + marks if marks else _gap_left(match)


def _gap_left(match: re.Match[str]) -> str:
    """What stays where a marker goes: the space before it, unless a space, a stop or the end follows."""
    after = match.string[match.end() : match.end() + 1]
    return match["gap"] if after.isalnum() or after in tuple("(<«“") else ""


def only_exact(
    pieces: Generator[Delta | Verified | Cited, None, T], article_of: Callable[[str], Article]
) -> Generator[Delta | Verified | Cited, None, T]:
    """The pieces of an answer as they come, without the citations that the stored articles do not bear out."""
    with closing(pieces):
        while True:
            try:
                piece = next(pieces)
            except StopIteration as done:
                result: T = done.value
                return result
            if not isinstance(piece, Cited) or _is_exact(piece.citation, article_of):
                yield piece


def _is_exact(citation: Citation, article_of: Callable[[str], Article]) -> bool:
    try:
        text = article_of(citation.article_id).text
    except NotFoundError:  # deleted while the answer was made
        return False
    inner = [*citation.highlights, *((gloss.start, gloss.end) for gloss in citation.glosses)]
    inner += [(match.start, match.end) for match in citation.matches]
    return (
        citation.quote != ""
        and 0 <= citation.start < citation.end <= len(text)
        and text[citation.start : citation.end] == citation.quote
        and all(citation.start <= start < end <= citation.end for start, end in inner)
        and all(text[gloss.start : gloss.end] == gloss.text for gloss in citation.glosses)
    )


def _short_answer_holds(short: ShortAnswer | None, kept: tuple[Citation, ...]) -> bool:
    citation = next((c for c in kept if short is not None and c.number == short.citation), None)
    if short is None or citation is None:
        return short is None
    inside = citation.start <= short.start < short.end <= citation.end
    return inside and citation.quote[short.start - citation.start : short.end - citation.start] == short.text


def _numbers(body: str, passages: int) -> tuple[int, ...]:
    """The numbers of a marker's body from 1 to ``passages``, each once."""
    found: list[int] = []
    for match in _NUMBERS.finditer(normalise(body)):
        first, last = int(match[1]), int(match[2] or match[1])
        found += range(max(first, 1), min(last, passages) + 1)
    return tuple(dict.fromkeys(found))
