"""Learns the three outcomes and when a short answer is shown: ``rag/calibration/outcomes.json``, ``bench/results``.

    python -m bench.outcomes FOLDER

FOLDER holds what ``python -m bench.outcome_cases`` gathered with a reader and without. Three logistic rules for each:

- ``answered``: whether what was found answers, or is only ``related``;
- ``found``: whether it is even near, or nothing was found;
- ``short``: whether the words marked for a short answer are right (with a reader only).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from bench.outcome_cases import kept_cases
from bench.outcome_rules import UNANSWERABLE, Cases, Floats, Rule, coverage, outcome_rule, short_rule, thresholds
from bench.outcome_tables import Learnt, markdown, nomiracl_curve, outcomes
from bench.reports import write_report
from rag.resources import calibration

KEPT = {"with_reader": True, "alone": False}
READ = ("reading", "fits", "fits*other_language")  # figures of what a reader marked
NEVER = 1e9

ANSWERED = (
    "relevance",
    "other_language",
    "relevance*words",
    "together",
    "lead",
    "reading",
    "fits",
    "fits*other_language",
    "unheard",
    "unheard*other_language",
)
FOUND = ("relevance", "other_language", "absent", "reading")
SHORT = (
    "best_margin",
    "rival_margin",
    "lead",
    "sentence_length",
    "marked_length*marked_length",
    "relevance",
    "together",
    "words",
)
# Not learnt: the sets hold nine questions for several countries. Of the sentences of news 1.4 % name three; were every
# second such question answered by one, and five sentences the choice, holding them would be worth two units.
PRIORS = {"several": 2.0}
SHOWN = 0.85  # of the answerable questions of any set, at least, are shown as answered
SHOWN_OF = {"nomiracl": 0.9}
REFUSED = 0.02  # of the answerable questions of any set, at most, are refused
RIGHT_SHOWN, RIGHT_SURE = 0.9, 0.95  # share of the short answers shown, and of those called sure, that must be right
OUTPUT = calibration("outcomes.json")


def main(folder: Path) -> None:
    """Learn both, report, write."""
    read, alone = (learn_all(Cases(kept_cases(folder / kept)), reads=reads) for kept, reads in KEPT.items())
    told_of = {"with_reader": loaded(read), "alone": loaded(alone), "made_by": "python -m bench.outcomes"}
    OUTPUT.write_text(json.dumps(told_of, indent=2) + "\n", "utf-8")
    parts = [markdown(read, answered_levels), nomiracl_curve(read), "Without a reader:", "\n".join(outcomes(alone))]
    write_report("outcomes", "python -m bench.outcome_cases, python -m bench.outcomes", "\n\n".join(parts))


def learn_all(cases: Cases, *, reads: bool = True) -> Learnt:
    """The rules with their thresholds; ``reads``: whether a reader's figures are among them."""
    answered = outcome_rule(cases, [name for name in ANSWERED if reads or name not in READ], UNANSWERABLE)
    found = outcome_rule(cases, [name for name in FOUND if reads or name not in READ], ("stranger", *UNANSWERABLE))
    short = short_rule(cases, SHORT) if reads else Rule({}, 0.0, np.full(len(cases.cases), -np.inf))
    scores, right = short.scores[cases.asked], cases.short_right[cases.asked]
    return Learnt(
        cases,
        answered,
        answered_levels(cases, answered.scores),
        found,
        thresholds(cases, found.scores, {}, 1 - REFUSED),
        short,
        coverage(scores, right, RIGHT_SHOWN)[0] if reads else np.inf,
        coverage(scores, right, RIGHT_SURE)[0] if reads else np.inf,
    )


def answered_levels(cases: Cases, scores: Floats) -> tuple[float, float]:
    """The highest thresholds that show enough of every set's answerable questions as answered."""
    return thresholds(cases, scores, SHOWN_OF, SHOWN)


def loaded(learnt: Learnt) -> dict[str, object]:
    """As the program loads it: weights, offset, and from which log-odds."""
    answered = told(learnt.answered) | levels(*learnt.answered_from)
    short = told(learnt.short) | {"threshold": finite(learnt.short_from), "sure": finite(learnt.sure_from)}
    return {
        "answered": answered | {"weights": learnt.answered.weights | PRIORS},
        "found": told(learnt.found) | levels(*learnt.found_from),
        "short": short,
    }


def finite(level: float) -> float:
    """JSON has no infinity; what is never reached stands for it."""
    return round(min(level, NEVER), 4)


def told(rule: Rule) -> dict[str, object]:
    """A rule without what it made of the cases."""
    return {"weights": rule.weights, "offset": rule.offset}


def levels(own: float, other: float) -> dict[str, float]:
    """The thresholds for passages in the question's language and in another."""
    return {"threshold": round(own, 4), "threshold_other_language": round(other, 4)}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
