"""Learns a logistic rule of few signals on gathered cases, with cross-validation over topics.

Every figure is of the folds left out; a fold is of whole articles, in every language. The analyst's questions are never
learnt from: they are news, which no other set is, and stand for questions not seen. Groups weigh the same, and so do
the two sides. A signal written ``a*b`` is a product.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.logistic import fit
from bench.outcome_cases import ANALYST, Case

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FOLDS = 5
RIGHT = 0.5  # F1 from which marked words count as the answer
UNANSWERABLE = ("near", "un")
KIND_WEIGHTS = {"un": 2.0}  # the only ones that nobody made up from answerable questions


class Rule(NamedTuple):
    """Learnt on all cases: weights by signal, in its own unit. scores (n,) are log-odds of the folds left out."""

    weights: dict[str, float]
    offset: float
    scores: Floats


@dataclass(frozen=True)
class Cases:
    """All cases as arrays (n,)."""

    cases: Sequence[Case]

    @cached_property
    def groups(self) -> NDArray[np.str_]:
        """The set, or ``A > B`` for strangers."""
        return np.array([case.group for case in self.cases])

    @cached_property
    def kinds(self) -> NDArray[np.str_]:
        """As :mod:`bench.outcome_cases` names them."""
        return np.array([case.kind for case in self.cases])

    @cached_property
    def folds(self) -> NDArray[np.int64]:
        """By topic."""
        return np.array([zlib.crc32(case.topic.encode()) % FOLDS for case in self.cases])

    @cached_property
    def short_right(self) -> Mask:
        """Whether the words marked for a short answer are the answer."""
        return np.array([case.sentences[case.short].right >= RIGHT for case in self.cases])

    @cached_property
    def marked(self) -> Mask:
        """Whether words are marked for a short answer."""
        return np.array([case.sentences[case.short].margin is not None for case in self.cases])

    @cached_property
    def asked(self) -> Mask:
        """Which have an answer that marked words can be held against, and marked words."""
        unknown = (self.groups == ANALYST) | (self.groups == "nomiracl")
        asked: Mask = np.isin(self.kinds, ("+", "missed")) & self.marked & ~unknown
        return asked

    def figures(self, names: Iterable[str]) -> Floats:
        """(n, names), products worked out."""
        return np.array([[value_of(name, case.figures) for name in names] for case in self.cases])

    def of(self, group: str, *kinds: str) -> Mask:
        """Which are of a group and one of the kinds."""
        own: Mask = (self.groups == group) & np.isin(self.kinds, kinds)
        return own

    def sets(self, kind: str = "+") -> list[str]:
        """The groups learnt from that have cases of a kind."""
        return sorted({c.group for c in self.cases if c.kind == kind and c.group != ANALYST})


def value_of(name: str, figures: Mapping[str, float]) -> float:
    """Of a signal or a product of several."""
    return prod(figures[each] for each in name.split("*"))


def learn(cases: Cases, names: Sequence[str], positive: Mask, used: Mask, weight: Floats) -> Rule:
    """A rule of the cases used; every case is scored by the rule of the folds that it is not in."""
    figures = cases.figures(names)
    centre, scale = figures[used].mean(axis=0), figures[used].std(axis=0) + 1e-9
    inputs, scores = (figures - centre) / scale, np.zeros(len(figures))
    for fold in range(FOLDS):
        out = cases.folds == fold
        solution = fit(inputs[used & ~out], positive[used & ~out], weight[used & ~out])
        scores[out] = solution[0] + inputs[out] @ solution[1:]
    solution = fit(inputs[used], positive[used], weight[used])
    weights = solution[1:] / scale
    offset = float(solution[0] - weights @ centre)
    return Rule({n: round(float(w), 4) for n, w in zip(names, weights, strict=True)}, round(offset, 4), scores)


def balanced(cases: Cases, positive: Mask, used: Mask) -> Floats:
    """Groups of one kind weigh the same but for KIND_WEIGHTS, and both sides of the rule too."""
    weight = np.zeros(len(cases.cases))
    for group, kind in {(case.group, case.kind) for case in cases.cases}:
        own = cases.of(group, kind) & used
        weight[own] = KIND_WEIGHTS.get(kind, 1.0) / max(own.sum(), 1)
    weight[~positive] *= weight[positive].sum() / max(weight[~positive].sum(), 1e-9)
    return np.asarray(weight * used.sum() / weight.sum())


def outcome_rule(cases: Cases, names: Sequence[str], kinds: Sequence[str]) -> Rule:
    """Answerable cases against those of the kinds given."""
    used = np.isin(cases.kinds, ("+", *kinds)) & (cases.groups != ANALYST)
    positive = cases.kinds == "+"
    return learn(cases, names, positive, used, balanced(cases, positive, used))


def short_rule(cases: Cases, names: Sequence[str]) -> Rule:
    """Right against wrong words, of answerable questions, also where what answers was not found."""
    used = cases.asked
    groups = cases.groups[used]
    weight = np.zeros(len(cases.cases))
    weight[used] = [used.sum() / (groups == group).sum() / len(set(groups)) for group in groups]
    return learn(cases, names, cases.short_right, used, weight)


def thresholds(cases: Cases, scores: Floats, shown: Mapping[str, float], otherwise: float) -> tuple[float, float]:
    """The highest at which every set shows its share: for passages in the question's language, and in another's."""
    abroad = cases.figures(["other_language"])[:, 0] > 0
    least: dict[bool, list[float]] = {False: [], True: []}
    for group in cases.sets():
        own = cases.of(group, "+")
        level = float(np.quantile(scores[own], 1 - shown.get(group, otherwise), method="lower"))
        least[bool(abroad[own].mean() > 0.5)].append(level)
    return min(least[False], default=-np.inf), min(least[True], default=-np.inf)


def area(cases: Cases, scores: Floats, group: str) -> float:
    """Under the curve, of a set's answerable cases over its unanswerable ones."""
    good, bad = scores[cases.of(group, "+")], scores[cases.of(group, "near", "un")]
    more = (good[:, None] > bad[None, :]).mean() + (good[:, None] == bad[None, :]).mean() / 2
    return float(more)


def coverage(scores: Floats, right: Mask, least: float) -> tuple[float, float]:
    """The lowest score from which the share of right ones is still ``least``, and the share of all at or above it."""
    order = np.argsort(-scores)
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= least)
    if not len(enough):
        return np.inf, 0.0
    return float(scores[order][enough[-1]]), float((enough[-1] + 1) / len(order))
