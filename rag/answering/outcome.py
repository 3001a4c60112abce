"""The outcome of a question: answered, only related, or not found; and how likely the words marked are right.

Three logistic rules over few figures (:mod:`rag.answering.signals`), learnt on answerable, near-miss and unanswerable
questions together (:mod:`rag.learning`): whether what was found answers; where it does not, whether it is near
enough to be shown; and whether the words marked in it answer. A rule has a threshold of its own for passages in another
language than the question's, since words of two languages meet less closely. NoMIRACL (Thakur et al. 2024) defines
what is reported: how often an unanswerable question is shown as answered, and an answerable one refused.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from rag.documents import Label, Status
from rag.resources import calibration

_LEARNT = calibration("outcomes.json")
CAUTION = 1.0  # log-odds that an answer needs more where the rules were learnt for other models: a guess


class Ruling(NamedTuple):
    """confidence: probability that what was found answers. certainty: that the words marked in it do."""

    status: Status
    confidence: float
    certainty: float = 0.0
    label: Label = ""


NOTHING = Ruling("not_found", 0.0)


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """Log-odds as a weighted sum of figures, ``a*b`` being a product; and the log-odds from which the rule says yes."""

    weights: Mapping[str, float]
    offset: float
    threshold: float
    threshold_other_language: float

    @classmethod
    def of(cls, learnt: Mapping[str, Any]) -> OutcomeRule:
        """As :mod:`rag.learning.outcomes` writes it; one threshold serves every language where there is no other."""
        own = learnt["threshold"]
        return cls(learnt["weights"], learnt["offset"], own, learnt.get("threshold_other_language", own))

    def log_odds(self, figures: Mapping[str, float]) -> float:
        """Of the figures, which hold every one that the rule names."""
        values = (
            weight * math.prod(figures[each] for each in name.split("*")) for name, weight in self.weights.items()
        )
        return self.offset + sum(values)

    def holds(self, figures: Mapping[str, float]) -> bool:
        """Whether they reach the threshold of the passage's language."""
        abroad = figures["other_language"] > 0
        return self.log_odds(figures) >= (self.threshold_other_language if abroad else self.threshold)


@dataclass(frozen=True, slots=True)
class OutcomeRules:
    """answered, found, short: as above. sure: log-odds of ``short`` from which its words may be called sure.

    least: the confidence that an answer needs besides; 0 where the learnt thresholds alone decide.
    """

    answered: OutcomeRule
    found: OutcomeRule
    short: OutcomeRule
    sure: float
    least: float = 0.0

    @classmethod
    def load(cls, path: Path = _LEARNT, *, with_reader: bool = False, least: float = 0.0) -> OutcomeRules:
        """What was learnt with a reader's figures or without; the file says on which sets."""
        return cls.of(json.loads(path.read_text("utf-8"))["with_reader" if with_reader else "alone"], least)

    @classmethod
    def of(cls, learnt: Mapping[str, Any], least: float = 0.0) -> OutcomeRules:
        """One set of rules, as a file has them."""
        answered, found, short = (OutcomeRule.of(learnt[name]) for name in ("answered", "found", "short"))
        return cls(answered, found, short, learnt["short"]["sure"], least)

    def with_caution(self) -> OutcomeRules:
        """For models that the rules were not learnt for: in doubt related, and no words are called sure."""
        answered = replace(
            self.answered,
            threshold=self.answered.threshold + CAUTION,
            threshold_other_language=self.answered.threshold_other_language + CAUTION,
        )
        return replace(self, answered=answered, short=replace(self.short, threshold=self.sure), sure=math.inf)

    def judge(self, figures: Mapping[str, float], marked: bool) -> Ruling:
        """The outcome of figures; ``marked``: whether a reader marked words in the best sentence."""
        confidence = _share(self.answered.log_odds(figures))
        if not self.answered.holds(figures) or confidence < self.least:
            return Ruling("related" if self.found.holds(figures) else "not_found", confidence)
        certainty = self.short.log_odds(figures) if marked else -math.inf
        label: Label = "sure" if certainty >= self.sure else "likely" if certainty >= self.short.threshold else ""
        return Ruling("answered", confidence, _share(certainty), label)


def _share(log_odds: float) -> float:
    """0 to 1, to four places: more would be noise."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds)))), 4)
