"""Reading the best sentences: which windows of text the reader sees, and what it marks in each sentence.

A window is a sentence with its neighbours, since what a sentence calls "it" stands beside it. Few and short windows
keep a question quick: reading costs as much as encoding the same words. So the best window is read first, and the next
ones only where it holds no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rag.answering.sentence_choice import Found, Place, ScoredSentence
from rag.documents import Span
from rag.reader.reader import Marked, Window
from rag.retrieval.late_interaction import sentence_of_tokens
from rag.retrieval.retrieval import Candidate

WINDOWS = 3
ENOUGH = 0.0  # margin from which the first window answers rather than not, and nothing more is read
WINDOW_TOKENS = 96  # a window grows by whole neighbours up to this; its first sentence may be longer
_EDGES = " \t\n\u00a0\"'«»“”‘’.,;:،؛؟?!…"
_BRACKETS = "()[]{}"


class AnswerReader(Protocol):
    """What reading needs: :class:`rag.reader.reader.Reader`."""

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Marked | None]]:
        """For each window the best words of each of its sentences."""
        ...


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Neighbouring sentences of a passage, by their numbers in it, first and past the last."""

    candidate: Candidate
    first: int
    stop: int

    @property
    def sentences(self) -> tuple[Span, ...]:
        return self.candidate.passage.sentences[self.first : self.stop]

    def window(self) -> Window:
        start, end = self.sentences[0].start, self.sentences[-1].end
        text = self.candidate.article.text[start:end]
        return Window(text, tuple(Span(each.start - start, each.end - start) for each in self.sentences))


def read(reader: AnswerReader, question: str, ranked: Sequence[ScoredSentence]) -> dict[Place, Found]:
    """What the reader finds in the best of the ``ranked`` sentences and their neighbours, by sentence."""
    stretches = _stretches(ranked)
    found = _marks(reader, question, stretches[:1])
    if max((mark.margin for mark in found.values()), default=ENOUGH) < ENOUGH:
        found |= _marks(reader, question, stretches[1:])
    return found


def _marks(reader: AnswerReader, question: str, stretches: Sequence[_Stretch]) -> dict[Place, Found]:
    found: dict[Place, Found] = {}
    for stretch, marks in zip(stretches, reader.read(question, [s.window() for s in stretches]), strict=True):
        start, article = stretch.sentences[0].start, stretch.candidate.article
        for sentence, mark in zip(stretch.sentences, marks, strict=True):
            if mark is not None:
                span = _trimmed(Span(start + mark.start, start + mark.end), article.text)
                found[article.id, sentence.start] = Found(span, mark.margin)
    return found


def _stretches(ranked: Sequence[ScoredSentence]) -> list[_Stretch]:
    """Around each sentence, best first, that no earlier stretch holds."""
    stretches: list[_Stretch] = []
    held: set[Place] = set()
    for sentence in ranked:
        if len(stretches) == WINDOWS:
            break
        if sentence.place not in held:
            stretch = _around(sentence)
            stretches.append(stretch)
            held |= {(sentence.article.id, span.start) for span in stretch.sentences}
    return stretches


def _around(sentence: ScoredSentence) -> _Stretch:
    """The sentence with those before and after it in turn, while there is room."""
    candidate, sentences = sentence.candidate, sentence.candidate.passage.sentences
    owners = sentence_of_tokens(candidate.passage, candidate.spans)
    tokens = np.bincount(owners[owners >= 0], minlength=len(sentences))
    first = sentences.index(sentence.span)
    stop, room = first + 1, WINDOW_TOKENS - tokens[first]
    grown = True
    while grown:
        grown = False
        if first > 0 and tokens[first - 1] <= room:
            first, room, grown = first - 1, room - tokens[first - 1], True
        if stop < len(sentences) and tokens[stop] <= room:
            stop, room, grown = stop + 1, room - tokens[stop], True
    return _Stretch(candidate, first, stop)


def _trimmed(span: Span, text: str) -> Span:
    """Without quotation marks and stops at its edges, or half a pair of brackets, unless it is nothing else."""
    words = span.of(text)
    edges = _EDGES if _is_balanced(words) else _EDGES + _BRACKETS
    kept = words.strip(edges)
    start = span.start + len(words) - len(words.lstrip(edges))
    return Span(start, start + len(kept)) if kept else span


def _is_balanced(words: str) -> bool:
    return all(words.count(left) == words.count(right) for left, right in ("()", "[]", "{}"))
