"""The curves and distributions an evaluation report draws, each worked out from the outcomes alone."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from rag.evaluation import metrics
from rag.evaluation.measurement import Outcome

Z_95 = 1.959964  # the standard normal's 97.5th percentile
FEWEST = 10  # answers: a share of fewer says nothing
STAGES = ("encode", "search", "rerank", "answer")


class Trade(NamedTuple):
    """The two rates of refusing below ``threshold``."""

    threshold: float
    error_rate: float
    hallucination_rate: float


class Bin(NamedTuple):
    """How many values lie from ``low`` to ``high``; the last bin of a histogram also has all that are higher."""

    low: float
    high: float
    held: int


def interval(share: float, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of ``count`` cases.

    Also holds for a mean of values from 0 to 1 (F1, reciprocal ranks), whose variance is at most that of a share; it
    is then wider than need be.
    """
    if count < 1:
        raise ValueError("interval of no cases")
    squared = Z_95**2
    middle = (share + squared / (2 * count)) / (1 + squared / count)
    reach = Z_95 / (1 + squared / count) * math.sqrt(share * (1 - share) / count + squared / (4 * count**2))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def recall_by_rank(outcomes: Sequence[Outcome], deepest: int) -> list[tuple[int, float, float]]:
    """(rank, recall up to it, the highest recall possible there) of the questions with known answers; or nothing.

    Less than 1 is possible where more articles hold an answer than the rank has places.
    """
    known = [o for o in outcomes if o.gold.answers]
    if not known:
        return []
    return [
        (
            k,
            metrics.mean(metrics.recall_at(o.ranking, o.gold.relevant, k) for o in known),
            metrics.mean(min(1.0, k / len(o.gold.relevant)) for o in known),
        )
        for k in range(1, deepest + 1)
    ]


def refusal_curve(outcomes: Sequence[Outcome]) -> list[Trade]:
    """The rates at every threshold of confidence that tells two questions apart, from refusing nothing to everything.

    Nothing where the set lacks answerable or unanswerable questions.
    """
    answerable = sorted(o.answer.confidence for o in outcomes if o.gold.answerable)
    unanswerable = sorted(o.answer.confidence for o in outcomes if not o.gold.answerable)
    if not answerable or not unanswerable:
        return []
    levels = sorted({*answerable, *unanswerable})
    thresholds = [*levels, math.nextafter(levels[-1], math.inf)]
    return [
        Trade(threshold, _share_below(answerable, threshold), 1 - _share_below(unanswerable, threshold))
        for threshold in thresholds
    ]


def _share_below(ordered: Sequence[float], threshold: float) -> float:
    return bisect_left(ordered, threshold) / len(ordered)


def selective_curve(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """(share of questions answered, share of those answered whose quote holds the answer), the surest first.

    Begins with the surest ten, and ends at the share answered in the run: what a question that was not
    answered would have been answered is not known. Of questions with known answers; nothing where fewer than ten were.
    """
    known = [o for o in outcomes if o.gold.answers]
    return _selective([(o.answer.confidence, o.hit) for o in known if o.answered], len(known))


def short_answer_curve(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """(share of questions with a short answer, share of those that are right), the surest first: its risk and coverage.

    Risk-coverage curves are those of selective classification (El-Yaniv and Wiener 2010). Of questions with known
    answers; a short answer counts as right as the figures have it.
    """
    known = [o for o in outcomes if o.gold.answers]
    judged = [(o.answer.short_answer.confidence, o.short_right) for o in known if o.answer.short_answer]
    return _selective(judged, len(known))


def _selective(judged: Sequence[tuple[float, bool]], of: int) -> list[tuple[float, float]]:
    """Of (confidence, right): what is kept at each threshold, as a share ``of`` all, and how much of it is right."""
    points, right = [], 0
    surest = sorted(judged, key=lambda each: -each[0])
    for done, (confidence, is_right) in enumerate(surest, start=1):
        right += is_right
        # Questions of one confidence cannot be told apart by a threshold: they come in together.
        last = done == len(surest) or surest[done][0] < confidence
        if last and done >= FEWEST:
            points.append((done / of, right / done))
    return points


def histogram(values: Sequence[float], most: int = 24) -> list[Bin]:
    """Bins of one round width from 0 to the 99th percentile, at most ``most`` of them; ``values`` are not negative.

    The last bin takes what lies beyond, so that one slow question does not squeeze the others together.
    """
    highest = metrics.percentile(values, 0.99)
    width = round_up(highest / most)
    bins = max(1, math.ceil(highest / width))
    counts = [0] * bins
    for value in values:
        counts[min(int(value / width), bins - 1)] += 1
    return [Bin(at * width, (at + 1) * width, count) for at, count in enumerate(counts)]


def round_up(value: float) -> float:
    """The least of 1, 2, 5 times a power of ten that is not below ``value``; 1 for 0."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9))


def stage_times(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Median milliseconds of each stage of answering, in their order; stages nobody timed are left out."""
    times = {stage: [o.answer.timings_ms[stage] for o in outcomes if stage in o.answer.timings_ms] for stage in STAGES}
    return {stage: metrics.percentile(values, 0.5) for stage, values in times.items() if values}
