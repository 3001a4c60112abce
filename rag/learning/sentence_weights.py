"""Learns how much a reader's word counts among sentences, and how far below the best a further one may score.

On gathered cases, whose sentences are scored anew for every weight tried: nothing is read again.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rag.answering.sentence_choice import MOST, UNREAD, SentenceChoice
from rag.answering.signals import marked_place
from rag.answering.window_reader import MOST_MARGIN
from rag.learning.cases import FOLDS, OutcomeCase, RatedSentence, fold_of
from rag.retrieval.candidates import SURER

READING = (0.0, 0.02, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3)
MARGINS = (0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.12, 0.13, 0.15)
SENTENCES = 2.0  # quoted on average, at most
# By which weights must do better, on the folds left out, than those they replace. Of 1,450 questions the two figures
# together differ by .008 where one question in a hundred changes sides by chance.
GAIN = 0.01


class ChoiceFigures(NamedTuple):
    """Shares, 0 to 1: an answer lies in a quoted sentence; F1 of the short answer's words; sentences: how many."""

    hit: float
    short: float
    sentences: float

    @property
    def worth(self) -> float:
        """What is to be as high as can be."""
        return self.hit + self.short


class _Case(NamedTuple):
    """A case's sentences as arrays (n,): their score before reading, and what was found in them."""

    group: str
    fold: int
    base: np.ndarray
    likelihood: np.ndarray
    margins: np.ndarray
    holds: np.ndarray
    right: np.ndarray

    def figures(self, choice: SentenceChoice) -> ChoiceFigures:
        scores = self.base + choice.reading * self.likelihood
        order = np.argsort(-scores, kind="stable")[:MOST]
        chosen = order[scores[order] >= scores[order[0]] - choice.margin]
        marked = marked_place(scores[order].tolist(), self.margins[order].tolist())
        return ChoiceFigures(float(self.holds[chosen].any()), float(self.right[order[marked]]), float(len(chosen)))


def learn_choice(cases: Sequence[OutcomeCase], choice: SentenceChoice) -> tuple[SentenceChoice, list[str]]:
    """The choice with the weights learnt, and a line that says what they bring on the folds left out.

    choice: that by which the cases were gathered; it stays where others are hardly better.
    """
    asked = [_of(each, choice) for each in cases if each.kind in ("+", "missed") and each.known]
    if not asked:
        return choice, ["choice of sentences: no set says which words answer, so it stays as it was"]
    before, left_out = [figures(asked, choice)], []
    for fold in range(FOLDS):
        kept, out = ([each for each in asked if (each.fold == fold) is left] for left in (False, True))
        if kept and out:
            left_out.append((len(out), figures(out, _best(kept, choice))))
    after = _mean(left_out) if left_out else before[0]
    learnt = _best(asked, choice)
    if after.worth < before[0].worth + GAIN:
        return choice, [f"choice of sentences: stays as it was ({_told(before[0])})"]
    line = f"reading {learnt.reading:g}, margin {learnt.margin:g}; {_told(before[0])} became {_told(after)}"
    return learnt, [f"choice of sentences: {line}"]


def figures(asked: Sequence[_Case], choice: SentenceChoice) -> ChoiceFigures:
    """The means over the sets, which count alike."""
    groups = sorted({each.group for each in asked})
    own = [np.mean([each.figures(choice) for each in asked if each.group == group], axis=0) for group in groups]
    return ChoiceFigures(*map(float, np.mean(own, axis=0)))


def _best(asked: Sequence[_Case], choice: SentenceChoice) -> SentenceChoice:
    """The weights with the most hits and F1 together that quote at most SENTENCES."""
    reads = any((each.likelihood != UNREAD).any() for each in asked)
    tried = [
        replace(choice, reading=reading, margin=margin)
        for reading, margin in itertools.product(READING if reads else (choice.reading,), MARGINS)
    ]
    reached = {each: figures(asked, each) for each in tried}
    brief = [each for each in tried if reached[each].sentences <= SENTENCES]
    return max(brief, key=lambda each: reached[each].worth, default=choice)


def _of(case: OutcomeCase, choice: SentenceChoice) -> _Case:
    likelihood = np.array([_likelihood(each) for each in case.sentences])
    base = np.array([each.score for each in case.sentences]) - choice.reading * likelihood
    told = [-MOST_MARGIN if each.margin is None else each.margin for each in case.sentences]
    margins = np.array(told).clip(-MOST_MARGIN, MOST_MARGIN)
    holds, right = (np.array([getattr(each, name) for each in case.sentences]) for name in ("holds", "right"))
    return _Case(case.group, fold_of(case.topic), base, likelihood, margins, holds, right)


def _likelihood(sentence: RatedSentence) -> float:
    return UNREAD if sentence.margin is None else float(1 / (1 + np.exp(-np.clip(sentence.margin / SURER, -30, 30))))


def _mean(found: Sequence[tuple[int, ChoiceFigures]]) -> ChoiceFigures:
    counts = np.array([count for count, _ in found], dtype=float)
    return ChoiceFigures(*map(float, counts @ np.array([each for _, each in found]) / counts.sum()))


def _told(found: ChoiceFigures) -> str:
    return f"hit {found.hit:.3f}, F1 of short answers {found.short:.3f}, {found.sentences:.2f} sentences"
