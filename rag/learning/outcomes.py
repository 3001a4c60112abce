"""Learns the three outcomes and when a short answer is shown, from gathered cases: three logistic rules.

- ``answered``: whether what was found answers, or is only ``related``;
- ``found``: whether it is even near, or nothing was found;
- ``short``: whether the words marked for a short answer are right (with a reader only).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from rag.documents import Mask
from rag.learning.cases import Floats, OutcomeCases
from rag.learning.outcome_rules import (
    UNANSWERABLE,
    LearntRule,
    coverage,
    outcome_rule,
    short_rule,
    thresholds,
)

READ = ("reading", "best_margin", "fits", "fits*other_language")  # figures of what a reader marked
RERANKED = "reranked"  # the figure of a reranker
NEVER = 1e9

ANSWERED = (
    "relevance",
    "other_language",
    "relevance*words",
    "together",
    "worst",
    "lead",
    "reading",
    "best_margin",
    "fits",
    "fits*other_language",
    "unheard",
    "unheard*other_language",
)
FOUND = ("relevance", "other_language", "absent", "reading")
SHORT = (
    "best_margin",
    "rival_margin",
    "agreement",
    "lead",
    "sentence_length",
    "marked_length*marked_length",
    "relevance",
    "together",
    "words",
)
# Not learnt. The sets hold nine questions for several countries: of the sentences of news 1.4 % name three; were every
# second such question answered by one, and five sentences the choice, holding them would be worth two units. And where
# no passage found names a country, a place or a year of the question, 150 of the sets' 2,400 cases without an answer
# are so and 9 of their 1,660 with one: worth two units, of which ``unheard`` has one. Learnt among the others it moves
# their weights, and more near misses are shown in another language.
# Words of something else than was asked about are too rare in the sets to be learnt of. Of 1,700 cases without an
# answer 12 measure something else or are a country where a city was asked for, 29 speak of another country only and 4
# of the contrary event; of 778 with the right words 3, none and 1.
PRIORS = {"several": 2.0, "absent": -1.0, "misfits": -1.5}
SHORT_PRIORS = {"misfits": -1.5}
SHOWN = 0.85  # of the answerable questions of any set, at least, are shown as answered
REFUSED = 0.015  # of the answerable questions of any set, at most, are refused
RIGHT_SHOWN, RIGHT_SURE = 0.9, 0.95  # share of the short answers shown, and of those called sure, that must be right
FEWEST_SHORT = 30  # marked answers from which it is learnt when words are shown: of fewer shares say nothing


class LearntOutcomes(NamedTuple):
    """The three rules, and the log-odds from which each says yes; pairs: in the question's language, in another."""

    cases: OutcomeCases
    answered: LearntRule
    answered_from: tuple[float, float]
    found: LearntRule
    found_from: tuple[float, float]
    short: LearntRule
    short_from: float
    sure_from: float

    @property
    def is_answered(self) -> Mask:
        """(n,) which cases are shown as answered, whatever the rule for what is found says."""
        return at_least(self.cases, self.answered.scores, self.answered_from)

    @property
    def is_found(self) -> Mask:
        """(n,) for which something is shown, as an answer or as related."""
        return self.is_answered | at_least(self.cases, self.found.scores, self.found_from)

    @property
    def shows_short(self) -> Mask:
        """(n,) which are shown a short answer."""
        return self.is_answered & self.cases.marked & (self.short.scores >= self.short_from)


def learn_outcomes(
    cases: OutcomeCases,
    shown: Mapping[str, float],
    *,
    reads: bool = True,
    reranks: bool = False,
    borrowed: Mapping[str, Any] | None = None,
) -> LearntOutcomes:
    """The rules with their thresholds.

    shown: by set, where it is another share of the answerable questions than SHOWN. reads, reranks: whether the
    figures of a reader and of a reranker are among those that tell. borrowed: the rules of other models, of which that
    for short answers is taken, with thresholds of its own, where it shows more: ten weights learnt from some hundred
    cases may order them worse than those learnt from thousands.
    """
    left_out, added = () if reads else READ, (RERANKED,) if reranks else ()
    answered = outcome_rule(cases, [*(name for name in ANSWERED if name not in left_out), *added], UNANSWERABLE)
    near = [*(name for name in FOUND if name not in left_out), *added]
    found = outcome_rule(cases, near, ("stranger", *UNANSWERABLE))
    tells = reads and int(cases.asked.sum()) >= FEWEST_SHORT
    right = cases.short_right[cases.asked]
    tried = [short_rule(cases, SHORT)] if tells else [LearntRule({}, 0.0, np.full(len(cases.cases), -np.inf))]
    if tells and borrowed and borrowed["short"]["weights"]:
        tried.append(_as_it_is(cases, borrowed["short"], SHORT_PRIORS))
    short = max(tried, key=lambda rule: coverage(rule.scores[cases.asked], right, RIGHT_SHOWN)[1])
    scores = short.scores[cases.asked]
    return LearntOutcomes(
        cases,
        answered,
        answered_levels(cases, answered.scores, shown),
        found,
        thresholds(cases, found.scores, {}, 1 - REFUSED),
        short,
        coverage(scores, right, RIGHT_SHOWN)[0] if tells else np.inf,
        coverage(scores, right, RIGHT_SURE)[0] if tells else np.inf,
    )


def _as_it_is(cases: OutcomeCases, rule: Mapping[str, Any], priors: Mapping[str, float]) -> LearntRule:
    """A rule that was learnt before, with what it makes of the cases; ``priors`` are left out, as of those learnt."""
    weights = {name: float(value) for name, value in rule["weights"].items() if name not in priors}
    scores = rule["offset"] + cases.figures(weights) @ np.array([*weights.values()])
    return LearntRule(weights, float(rule["offset"]), scores, borrowed=True)


def answered_levels(cases: OutcomeCases, scores: Floats, shown: Mapping[str, float]) -> tuple[float, float]:
    """The highest thresholds that show enough of every set's answerable questions as answered."""
    return thresholds(cases, scores, shown, SHOWN)


def at_least(cases: OutcomeCases, scores: Floats, levels: tuple[float, float]) -> Mask:
    """(n,) which reach the threshold of their language."""
    abroad = cases.figures(["other_language"])[:, 0] > 0
    reached: Mask = scores >= np.where(abroad, levels[1], levels[0])
    return reached


def loaded(learnt: LearntOutcomes) -> dict[str, Any]:
    """As the program loads it: weights, offset, and from which log-odds."""
    answered = _told(learnt.answered) | _levels(*learnt.answered_from)
    short = _told(learnt.short) | {"weights": learnt.short.weights | SHORT_PRIORS if learnt.short.weights else {}}
    short |= {"threshold": _finite(learnt.short_from), "sure": _finite(learnt.sure_from)}
    return {
        "answered": answered | {"weights": learnt.answered.weights | PRIORS},
        "found": _told(learnt.found) | _levels(*learnt.found_from),
        "short": short,
    }


def _finite(level: float) -> float:
    """JSON has no infinity; what is never reached stands for it."""
    return round(min(level, NEVER), 4)


def _told(rule: LearntRule) -> dict[str, Any]:
    """A rule without what it made of the cases."""
    return {"weights": rule.weights, "offset": rule.offset}


def _levels(own: float, other: float) -> dict[str, float]:
    """The thresholds for passages in the question's language and in another."""
    return {"threshold": round(own, 4), "threshold_other_language": round(other, 4)}
