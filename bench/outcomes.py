"""Learns the three outcomes and when a short answer is shown: ``bench/results/outcomes.md`` and the rules as JSON.

    python -m bench.outcomes FOLDER [OUT.json]

FOLDER holds what ``python -m bench.outcome_cases`` gathered. Three logistic rules, each over few signals:

- ``answered``: whether what was found answers, or is only ``related``;
- ``found``: whether it is even near, or nothing was found;
- ``short``: whether the words marked in the first sentence are the answer.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.outcome_cases import kept_cases
from bench.outcome_rules import UNANSWERABLE, Cases, Floats, Rule, coverage, outcome_rule, short_rule, thresholds
from bench.outcome_tables import Learnt, markdown
from bench.reports import write_report

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
SHOWN = 0.85  # of the answerable questions of any set, at least, are shown as answered
SHOWN_OF = {"nomiracl": 0.9}
REFUSED = 0.03  # of the answerable questions of any set, at most, are refused
SURE = 0.9  # share of the short answers shown that must be right


def main(folder: Path, out: Path | None) -> None:
    """Learn, report, write."""
    learnt = learn_all(Cases(kept_cases(folder)))
    text = json.dumps(loaded(learnt), indent=2)
    print(text)
    if out:
        out.write_text(text + "\n", "utf-8")
    write_report("outcomes", "python -m bench.outcomes FOLDER", markdown(learnt, answered_levels))


def learn_all(cases: Cases) -> Learnt:
    """The three rules with their thresholds."""
    answered = outcome_rule(cases, ANSWERED, UNANSWERABLE)
    found = outcome_rule(cases, FOUND, ("stranger", *UNANSWERABLE))
    short = short_rule(cases, SHORT)
    sure, _ = coverage(short.scores[cases.asked], cases.short_right[cases.asked], SURE)
    return Learnt(
        cases,
        answered,
        answered_levels(cases, answered.scores),
        found,
        thresholds(cases, found.scores, {}, 1 - REFUSED),
        short,
        sure,
    )


def answered_levels(cases: Cases, scores: Floats) -> tuple[float, float]:
    """The highest thresholds that show enough of every set's answerable questions as answered."""
    return thresholds(cases, scores, SHOWN_OF, SHOWN)


def loaded(learnt: Learnt) -> dict[str, object]:
    """As the program loads it: weights, offset, and from which log-odds."""
    return {
        "answered": told(learnt.answered) | levels(*learnt.answered_from),
        "found": told(learnt.found) | levels(*learnt.found_from),
        "short": told(learnt.short) | {"threshold": round(learnt.short_from, 4)},
        "made_by": "python -m bench.outcome_cases, python -m bench.outcomes",
    }


def told(rule: Rule) -> dict[str, object]:
    """A rule without what it made of the cases."""
    return {"weights": rule.weights, "offset": rule.offset}


def levels(own: float, other: float) -> dict[str, float]:
    """The thresholds for passages in the question's language and in another."""
    return {"threshold": round(own, 4), "threshold_other_language": round(other, 4)}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
