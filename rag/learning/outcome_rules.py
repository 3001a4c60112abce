"""Learns a logistic rule of few signals on gathered cases, with cross-validation over topics.

Every figure is of the folds left out; a fold is of whole articles, in every language. Sets weigh the same, and so do
the two sides. A signal written ``a*b`` is a product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rag.documents import Mask
from rag.learning.cases import FOLDS, Floats, OutcomeCases
from rag.learning.logistic import fit

UNANSWERABLE = ("near", "un")
KIND_WEIGHTS = {"un": 2.0}  # the only ones that nobody made up from answerable questions


class LearntRule(NamedTuple):
    """Learnt on all cases: weights by signal, in its own unit. scores (n,) are log-odds of the folds left out.

    borrowed: that the weights are those of other models, and the scores of all cases.
    """

    weights: dict[str, float]
    offset: float
    scores: Floats
    borrowed: bool = False


def learn(cases: OutcomeCases, names: Sequence[str], positive: Mask, used: Mask, weight: Floats) -> LearntRule:
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
    return LearntRule({n: round(float(w), 4) for n, w in zip(names, weights, strict=True)}, round(offset, 4), scores)


def balanced(cases: OutcomeCases, positive: Mask, used: Mask) -> Floats:
    """Groups of one kind weigh the same but for KIND_WEIGHTS, and both sides of the rule too."""
    weight = np.zeros(len(cases.cases))
    for group, kind in {(case.group, case.kind) for case in cases.cases}:
        own = cases.of(group, kind) & used
        weight[own] = KIND_WEIGHTS.get(kind, 1.0) / max(own.sum(), 1)
    weight[~positive] *= weight[positive].sum() / max(weight[~positive].sum(), 1e-9)
    return np.asarray(weight * used.sum() / weight.sum())


def outcome_rule(cases: OutcomeCases, names: Sequence[str], kinds: Sequence[str]) -> LearntRule:
    """Answerable cases against those of the kinds given."""
    used = np.isin(cases.kinds, ("+", *kinds)) & cases.learnt_from
    positive = cases.kinds == "+"
    return learn(cases, names, positive, used, balanced(cases, positive, used))


def short_rule(cases: OutcomeCases, names: Sequence[str]) -> LearntRule:
    """Right against wrong words, of answerable questions, also where what answers was not found."""
    used = cases.asked
    groups = cases.groups[used]
    weight = np.zeros(len(cases.cases))
    weight[used] = [used.sum() / (groups == group).sum() / len(set(groups)) for group in groups]
    return learn(cases, names, cases.short_right, used, weight)


def thresholds(
    cases: OutcomeCases, scores: Floats, shown: Mapping[str, float], otherwise: float
) -> tuple[float, float]:
    """The highest at which every set shows its share: for passages in the question's language, and in another's.

    Where no set is of one kind, the other's holds for it.
    """
    abroad = cases.figures(["other_language"])[:, 0] > 0
    least: dict[bool, list[float]] = {False: [], True: []}
    for group in cases.sets():
        own = cases.of(group, "+")
        level = float(np.quantile(scores[own], 1 - shown.get(group, otherwise), method="lower"))
        least[bool(abroad[own].mean() > 0.5)].append(level)
    both = [*least[False], *least[True]]
    return min(least[False] or both), min(least[True] or both)


def coverage(scores: Floats, right: Mask, least: float) -> tuple[float, float]:
    """The lowest score from which the share of right ones is still ``least``, and the share of all at or above it."""
    order = np.argsort(-scores)
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= least)
    if not len(enough):
        return np.inf, 0.0
    return float(scores[order][enough[-1]]), float((enough[-1] + 1) / len(order))
