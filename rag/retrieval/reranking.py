"""Reading the best passages: what a reader marks in each one's best sentence, and what that says of the ranking.

A window is a sentence with its neighbours, since what a sentence calls "it" stands beside it. Few and short windows
keep a question quick: reading costs as much as encoding the same words. So the best window is read first, and the next
ones only where it holds no answer; then a passage whose words answer comes before those whose words do not, as in
passage reranking by a cross-encoder (Nogueira and Cho 2019), of which a reader is one that also says where.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from rag.documents import Span
from rag.reader.bundled_reader import Marked, Window
from rag.retrieval.late_interaction import sentence_of_tokens

if TYPE_CHECKING:
    from rag.retrieval.retriever import Candidate

PASSAGES = 6
REACH = 0.15  # a passage whose score lies further below the best is not read: what it says would hardly lift it so far
ENOUGH = 0.0  # margin from which the first window answers rather than not, and nothing more is read
# A window grows by whole neighbours up to this; its first sentence may be longer. On held-out questions of six sets 96
# tokens gave the short answer a mean F1 of .502, 128 .512, 144 .519, 160 .516 and 192 .514. Beyond 112 the reader
# doubts what stands in the long sentences of news: "when was the joint staff formed?" would be refused over the seed.
WINDOW_TOKENS = 112
# On held-out questions .004 to .015 lifted the mean of six sets (mrr@10), by .004 to .012.
WORTH = 0.012  # of a unit of margin, in a passage's score
MOST_MARGIN = 12.0  # beyond, a margin says no more
# A margin is surer than it is right: what was learnt of short answers (rag/calibration/short_answers.json) has a slope
# of about a fifth. Of 1 to 8, dividing by 5 gave the choice of sentences most hits for the fewest sentences quoted.
SURER = 5.0
_EDGES = " \t\n\u00a0\"'«»“”‘’.,;:،؛؟?!…"
_BRACKETS = "()[]{}"

Place = tuple[str, int]  # an article's id and where a sentence starts


class Found(NamedTuple):
    """Words that may answer, as a span of the article, and by how much they beat "not here" (logits)."""

    span: Span
    margin: float

    @property
    def likelihood(self) -> float:
        """The margin as a share, 0 to 1."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.margin / SURER))))


class AnswerReader(Protocol):
    """What reading needs: :class:`rag.reader.bundled_reader.Reader`."""

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Marked | None]]:
        """For each window the best words of each of its sentences."""
        ...


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring sentences of a passage, by their numbers in it, first and past the last."""

    candidate: Candidate
    first: int
    stop: int

    @classmethod
    def around(cls, candidate: Candidate, number: int) -> Stretch:
        """A sentence with those before and after it in turn, while there is room."""
        sentences = candidate.passage.sentences
        owners = sentence_of_tokens(candidate.passage, candidate.spans)
        tokens = np.bincount(owners[owners >= 0], minlength=len(sentences))
        first, stop, room = number, number + 1, WINDOW_TOKENS - tokens[number]
        grown = True
        while grown:
            grown = False
            if first > 0 and tokens[first - 1] <= room:
                first, room, grown = first - 1, room - tokens[first - 1], True
            if stop < len(sentences) and tokens[stop] <= room:
                stop, room, grown = stop + 1, room - tokens[stop], True
        return cls(candidate, first, stop)

    @property
    def sentences(self) -> tuple[Span, ...]:
        """Of the article."""
        return self.candidate.passage.sentences[self.first : self.stop]

    @property
    def places(self) -> Iterator[Place]:
        """Of its sentences, in order."""
        return ((self.candidate.article.id, span.start) for span in self.sentences)

    def window(self) -> Window:
        """What a reader is shown."""
        start, end = self.sentences[0].start, self.sentences[-1].end
        text = self.candidate.article.text[start:end]
        return Window(text, tuple(Span(each.start - start, each.end - start) for each in self.sentences))


def read_stretches(reader: AnswerReader, question: str, stretches: Sequence[Stretch]) -> list[dict[Place, Found]]:
    """What the reader finds in each, by sentence."""
    read = reader.read(question, [stretch.window() for stretch in stretches])
    return [dict(_found(stretch, marks)) for stretch, marks in zip(stretches, read, strict=True)]


def read_best(reader: AnswerReader, question: str, ranked: Sequence[Candidate]) -> list[Candidate]:
    """The candidates ranked anew by what the reader finds in the best of them; each keeps what was found in it.

    The passage read best keeps its score, and the others lose what they lack; unread ones as much as the worst read.
    """
    near = [each for each in ranked[:PASSAGES] if each.score >= ranked[0].score - REACH]
    best = [each for each in near if each.passage.sentences]
    around = [Stretch.around(each, int(each.interaction.sentence_scores.argmax())) for each in best]
    found = {each.passage.key: marks for each, marks in zip(best, _read_in_turn(reader, question, around), strict=True)}
    margins = {key: _margin(one) for key, one in found.items() if one}
    if not margins:
        return list(ranked)
    most, least = max(margins.values()), min(margins.values())
    read = [
        replace(
            each,
            score=each.score + WORTH * (margins.get(each.passage.key, least) - most),
            found=found.get(each.passage.key, {}),
        )
        for each in ranked
    ]
    return sorted(read, key=lambda candidate: -candidate.score)


def _margin(marks: dict[Place, Found]) -> float:
    margin = max((mark.margin for mark in marks.values()), default=-MOST_MARGIN)
    return max(-MOST_MARGIN, min(MOST_MARGIN, margin))


def _read_in_turn(reader: AnswerReader, question: str, stretches: Sequence[Stretch]) -> list[dict[Place, Found]]:
    """What the reader finds in each; empty for those left unread because the first holds an answer."""
    found = read_stretches(reader, question, stretches[:1])
    if found and _margin(found[0]) >= ENOUGH:
        return [*found, *({} for _ in stretches[1:])]
    return found + read_stretches(reader, question, stretches[1:])


def _found(stretch: Stretch, marks: Sequence[Marked | None]) -> Iterator[tuple[Place, Found]]:
    start, text = stretch.sentences[0].start, stretch.candidate.article.text
    for place, mark in zip(stretch.places, marks, strict=True):
        if mark is not None:
            yield place, Found(_trimmed(Span(start + mark.start, start + mark.end), text), mark.margin)


def _trimmed(span: Span, text: str) -> Span:
    """Without quotation marks and stops at its edges, or half a pair of brackets, unless it is nothing else."""
    words = span.of(text)
    edges = _EDGES if _is_balanced(words) else _EDGES + _BRACKETS
    kept = words.strip(edges)
    start = span.start + len(words) - len(words.lstrip(edges))
    return Span(start, start + len(kept)) if kept else span


def _is_balanced(words: str) -> bool:
    return all(words.count(left) == words.count(right) for left, right in ("()", "[]", "{}"))
