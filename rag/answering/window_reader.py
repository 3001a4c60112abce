"""What a reader finds, and what that says of the ranking: first of passages, then of the sentences in them.

A window is a sentence with its neighbours, since what a sentence calls "it" stands beside it. Few and short windows
keep a question quick: reading costs as much as encoding the same words. So the best passage's window is read first,
and those of the next ones only where it holds no answer, one after another, as long as the next can still come first;
then a passage whose words answer comes before those whose words do not, as in passage reranking by a cross-encoder
(Nogueira and Cho 2019), of which a reader is one that also says where.

Each passage was read around the sentence that meets the question best. When sentences are ranked another one may come
first, or come close, and those are read then: of two rivals of which one was read, it alone could answer. The more the
best one is doubted, the further below it a rival may stand; it is read by itself, since its neighbours bring no more
and cost as much again. On held-out questions of four sets a rival lifts the F1 of short answers from .491 to .509, for
4 ms on average.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from rag.answering.sentence_choice import ScoredSentence, SentenceChoice, likelihood
from rag.documents import Span
from rag.reader.windows import AnswerReader, Marked, Window
from rag.retrieval.candidates import Candidate, Findings, FoundWords, SentencePlace
from rag.retrieval.late_interaction import sentence_of_tokens

PASSAGES = 6  # a bound on the wait: each is one more window to read
REACH = 0.15  # how far below the best a passage is still read: a good margin lifts it by WORTH * MOST_MARGIN, .144
ENOUGH = 0.0  # margin from which the first window answers rather than not, and nothing more is read
# Margin that the next passage is supposed to have: it is read if it would come first with it. With 4, 6, 8 and without
# such a bound 1.80, 1.88, 1.94 and 2.10 windows are read for a question of xquad-en-ar, and 4, 5, 6 and 7 for one in
# twenty; the hits fall by .007, .003 and .002 (by .004, .003 and .004 on arcd), mrr@10 by .001 at most.
LIKELY = 6.0
# A window grows by whole neighbours up to this; its first sentence may be longer. On held-out questions of six sets 96
# tokens gave the short answer a mean F1 of .502, 128 .512, 144 .519, 160 .516 and 192 .514. Beyond 112 the reader
# doubts what stands in the long sentences of news: "when was the joint staff formed?" would be refused over the seed.
WINDOW_TOKENS = 112
# On held-out questions .004 to .015 lifted the mean of six sets (mrr@10), by .004 to .012.
WORTH = 0.012  # of a unit of margin, in a passage's score
MOST_MARGIN = 12.0  # beyond, a margin says no more; words of this one are right four times of five (short_answer.py)
CLOSE = 0.16  # how far below the best a rival may score, before reading, were it certain that the best does not answer
_EDGES = " \t\n\u00a0\"'«»“”‘’.,;:،؛؟?!…"
_BRACKETS = "()[]{}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring sentences of a passage, by their numbers in it, first and past the last."""

    candidate: Candidate
    first: int
    stop: int

    @classmethod
    def around(cls, candidate: Candidate, number: int, tokens: int = WINDOW_TOKENS) -> Stretch:
        """A sentence with those before and after it in turn, while there is room for them within so many tokens."""
        sentences = candidate.passage.sentences
        owners = sentence_of_tokens(candidate.passage, candidate.spans)
        sizes = np.bincount(owners[owners >= 0], minlength=len(sentences))
        first, stop, room = number, number + 1, tokens - sizes[number]
        grown = True
        while grown:
            grown = False
            if first > 0 and sizes[first - 1] <= room:
                first, room, grown = first - 1, room - sizes[first - 1], True
            if stop < len(sentences) and sizes[stop] <= room:
                stop, room, grown = stop + 1, room - sizes[stop], True
        return cls(candidate, first, stop)

    @property
    def sentences(self) -> tuple[Span, ...]:
        """Of the article."""
        return self.candidate.passage.sentences[self.first : self.stop]

    @property
    def places(self) -> Iterator[SentencePlace]:
        """Of its sentences, in order."""
        return ((self.candidate.article.id, span.start) for span in self.sentences)

    def window(self) -> Window:
        """What a reader is shown."""
        start, end = self.sentences[0].start, self.sentences[-1].end
        text = self.candidate.article.text[start:end]
        return Window(text, tuple(Span(each.start - start, each.end - start) for each in self.sentences))

    def found(self, marks: Sequence[Marked | None]) -> Findings:
        """What a reader marked in its window, by sentence."""
        start, text = self.sentences[0].start, self.candidate.article.text
        return {
            place: FoundWords(_trimmed(Span(start + mark.start, start + mark.end), text), mark.margin, mark.agreement)
            for place, mark in zip(self.places, marks, strict=True)
            if mark is not None
        }


@dataclass(frozen=True, slots=True)
class WindowReader:
    """Shows a reader where the answer to a question may stand, and ranks anew by what it finds there.

    most: passages of a question that are read. reach: how far below the best passage's score they may lie. likely: the
    margin with which one must come first to be read.
    """

    reader: AnswerReader
    most: int = PASSAGES
    reach: float = REACH
    window_tokens: int = WINDOW_TOKENS
    likely: float = LIKELY

    def rank(self, question: str, ranked: Sequence[Candidate]) -> list[Candidate]:
        """The candidates ranked anew by what is found in the best of them; each keeps what was found in it.

        The passage read best keeps its score, and the others lose what they lack; unread ones as much as the worst
        read.
        """
        near = [each for each in ranked[: self.most] if each.score >= ranked[0].score - self.reach]
        found = dict(self._read_in_turn(question, [each for each in near if each.passage.sentences]))
        margins = {key: _margin(words) for key, words in found.items() if words}
        if not margins:
            return list(ranked)
        most, least = max(margins.values()), min(margins.values())
        weighed = [
            replace(
                each,
                score=each.score + WORTH * (margins.get(each.passage.key, least) - most),
                found=found.get(each.passage.key, {}),
            )
            for each in ranked
        ]
        return sorted(weighed, key=lambda candidate: -candidate.score)

    def find(self, question: str, ranked: Sequence[ScoredSentence], choice: SentenceChoice) -> Findings:
        """What is found in any sentence: when passages were ranked, and now in the best one and its rival if unread."""
        found = {place: words for each in ranked for place, words in each.candidate.found.items()}
        new = self._read(question, self._unread(ranked, found, choice)) if ranked else ()
        for each in new:
            found = {**each, **found}
        return found

    def _unread(self, ranked: Sequence[ScoredSentence], found: Findings, choice: SentenceChoice) -> list[Stretch]:
        """Around the best sentence, and the first other one that meets the question about as closely."""
        place = choice.with_found(ranked, found)[0].place
        best = next(each for each in ranked if each.place == place)
        least = best.score - CLOSE * (1 - likelihood(found.get(place)))
        first = [] if place in found else [self._around(best.candidate, best.number)]
        known = {place, *found, *(each for stretch in first for each in stretch.places)}
        rivals = (each for each in ranked if each.place not in known and each.score >= least)
        return first + [Stretch(each.candidate, each.number, each.number + 1) for each in islice(rivals, 1)]

    def _read_in_turn(self, question: str, near: Sequence[Candidate]) -> Iterator[tuple[int, Findings]]:
        """The key of each passage read, best first, and what is found in it."""
        leading = -math.inf
        for place, candidate in enumerate(near):
            if candidate.score + WORTH * self.likely <= leading:
                return
            sentence = int(candidate.interaction.sentence_scores.argmax())
            (words,) = self._read(question, [self._around(candidate, sentence)])
            yield candidate.passage.key, words
            margin = _margin(words)
            if place == 0 and margin >= ENOUGH:
                return
            leading = max(leading, candidate.score + WORTH * margin)

    def _read(self, question: str, stretches: Sequence[Stretch]) -> list[Findings]:
        marks = self.reader.read(question, [stretch.window() for stretch in stretches])
        return [stretch.found(each) for stretch, each in zip(stretches, marks, strict=True)]

    def _around(self, candidate: Candidate, number: int) -> Stretch:
        return Stretch.around(candidate, number, self.window_tokens)


def _margin(found: Findings) -> float:
    margin = max((words.margin for words in found.values()), default=-MOST_MARGIN)
    return max(-MOST_MARGIN, min(MOST_MARGIN, margin))


def _trimmed(span: Span, text: str) -> Span:
    """Without quotation marks and stops at its edges, or half a pair of brackets, unless it is nothing else."""
    words = span.of(text)
    edges = _EDGES if _is_balanced(words) else _EDGES + _BRACKETS
    kept = words.strip(edges)
    start = span.start + len(words) - len(words.lstrip(edges))
    return Span(start, start + len(kept)) if kept else span


def _is_balanced(words: str) -> bool:
    return all(words.count(left) == words.count(right) for left, right in ("()", "[]", "{}"))
