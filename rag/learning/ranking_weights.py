"""Learns what each signal counts in the ranking of passages: a search along one weight after another.

The weights begin as they are and are kept where others do hardly better on the folds left out. A reranker begins at
nothing: it costs time, so it must earn its weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import NamedTuple

import numpy as np

from rag.documents import Int64
from rag.evaluation.evaluation_set import GoldQuestion
from rag.learning.cases import FOLDS, Floats, fold_of, topic_of
from rag.retrieval.candidates import Candidate
from rag.retrieval.fusion import Fusion

TRIED = {  # late interaction is the unit
    "sentence": (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0),
    "keyword": (0.0, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4),
    "other_language": (0.0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5),
    "reranked": (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12),
}
ROUNDS = 2
GAIN = 0.002  # of mrr@10, by which weights must do better on the folds left out than those they replace
DEPTH = 10


class LearntRanking(NamedTuple):
    """The weights, the mrr@10 they reach on the folds left out, and lines that say what they bring."""

    fusion: Fusion
    reached: float
    lines: list[str]


class RankedQuestion(NamedTuple):
    """One question's candidates: signals (n, 5), rows of one article together.

    starts: where each article's rows begin. relevant: (articles,) which of them answer.
    """

    group: str
    fold: int
    signals: Floats
    starts: Int64
    relevant: np.ndarray

    @classmethod
    def of(cls, group: str, gold: GoldQuestion, found: Sequence[Candidate]) -> RankedQuestion:
        """``found``: as reranked, if there is a reranker."""
        ordered = sorted(found, key=lambda candidate: candidate.article.id)
        articles, starts = np.unique([each.article.id for each in ordered], return_index=True)
        signals = np.array([_signals(each) for each in ordered], dtype=np.float64)
        logits = signals[:, -1]
        signals[:, -1] = 0.0 if np.isnan(logits).all() else np.nan_to_num(logits, nan=np.nanmin(logits))
        relevant = np.isin(articles, sorted(gold.relevant))
        return cls(group, fold_of(topic_of(group, gold)), signals, starts, relevant)

    def reciprocal_rank(self, weights: Floats) -> float:
        """Of the first article that answers, among the first ten."""
        if not self.relevant.any():
            return 0.0
        best = np.maximum.reduceat(self.signals @ weights, self.starts)
        rank = 1 + int((best[~self.relevant] > best[self.relevant].max()).sum())
        return 1 / rank if rank <= DEPTH else 0.0


def learn_interaction(by_token: LearntRanking, by_sentence: LearntRanking) -> LearntRanking:
    """Late interaction, whose tokens cost time, only where it does better than the vectors of whole sentences."""
    told = f"mrr@{DEPTH} {by_token.reached:.3f} with it, {by_sentence.reached:.3f} by sentences as a whole"
    brings = by_token.reached >= by_sentence.reached + GAIN
    chosen = by_token if brings else by_sentence
    line = f"late interaction: {'kept' if brings else 'left out, it brings nothing with this encoder'} ({told})"
    return chosen._replace(lines=[*chosen.lines, line])


def learn_ranking(asked: Sequence[RankedQuestion], fusion: Fusion) -> LearntRanking:
    """From the weights that count now, which stay where others are hardly better."""
    if not asked:
        return LearntRanking(fusion, 0.0, ["ranking: no set says which articles answer, so it stays as it was"])
    fusion, told_of_reranker = _without_idle_reranker(asked, fusion)
    before, reached = figure(asked, fusion), []
    for fold in range(FOLDS):
        kept, out = ([each for each in asked if (each.fold == fold) is left] for left in (False, True))
        if kept and out:
            learnt = _vector(_climbed(kept, fusion))
            reached += [(each.group, each.reciprocal_rank(learnt)) for each in out]
    after = _by_group(reached) if reached else before
    if after < before + GAIN:
        told = f"ranking: stays as it was (mrr@{DEPTH} {before:.3f})"
        return LearntRanking(fusion, before, [told, *told_of_reranker])
    learnt_of_all = _climbed(asked, fusion)
    told = ", ".join(f"{name} {getattr(learnt_of_all, name):g}" for name in TRIED)
    line = f"ranking: {told}; mrr@{DEPTH} {before:.3f} became {after:.3f}"
    return LearntRanking(learnt_of_all, after, [line, *told_of_reranker])


def _without_idle_reranker(asked: Sequence[RankedQuestion], fusion: Fusion) -> tuple[Fusion, list[str]]:
    """The same without the weight of a reranker that does hardly better than none, and a line that says so."""
    if not fusion.reranked or not any(each.signals[:, -1].any() for each in asked):
        return fusion, []
    without = replace(fusion, reranked=0.0)
    having, lacking = figure(asked, fusion), figure(asked, without)
    if having >= lacking + GAIN:
        return fusion, []
    told = f"mrr@{DEPTH} {having:.3f} with its weight {fusion.reranked:g}, {lacking:.3f} without"
    return without, [f"reranker: begins at no weight ({told}); if it learns none, unset it and save its time"]


def figure(asked: Sequence[RankedQuestion], fusion: Fusion) -> float:
    """mrr@10, the mean over the sets, which count alike."""
    weights = _vector(fusion)
    return _by_group([(each.group, each.reciprocal_rank(weights)) for each in asked])


def _climbed(asked: Sequence[RankedQuestion], fusion: Fusion) -> Fusion:
    """From ``fusion`` to the best along each weight in turn."""
    best, reached = fusion, figure(asked, fusion)
    for _ in range(ROUNDS):
        for name, values in TRIED.items():
            for value in values:
                tried = Fusion(**asdict(best) | {name: value})
                if (found := figure(asked, tried)) > reached + 1e-6:
                    best, reached = tried, found
    return best


def _by_group(values: Sequence[tuple[str, float]]) -> float:
    groups = sorted({group for group, _ in values})
    return float(np.mean([np.mean([value for each, value in values if each == group]) for group in groups]))


def _vector(fusion: Fusion) -> Floats:
    return np.array([fusion.late, fusion.sentence, fusion.keyword, fusion.other_language, fusion.reranked])


def _signals(candidate: Candidate) -> tuple[float, ...]:
    own = candidate.signals
    logit = np.nan if own.reranked is None else own.reranked
    return own.late, own.sentence, own.keyword, float(not own.same_language), logit
