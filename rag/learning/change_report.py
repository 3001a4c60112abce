"""What a calibration changes: the outcomes of the gathered cases by the rules before it and by those learnt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rag.answering.outcome import OutcomeRules
from rag.documents import Mask
from rag.learning.outcomes import LearntOutcomes
from rag.retrieval.calibration import Calibration

HEADS = ("set", "answerable, answered", "refused", "unanswerable, answered", "short answer shown", "of those right")


class _Told(NamedTuple):
    """(n,) what the rules make of each case."""

    answered: Mask
    found: Mask
    short: Mask


def change_table(before: Calibration, learnt: LearntOutcomes) -> Iterator[tuple[str, ...]]:
    """A row of cells a set, as in HEADS, each "before → now" in percent; "now" is of the folds left out."""
    was = _by_rules(before, learnt)
    now = _Told(learnt.is_answered, learnt.is_found, learnt.shows_short)
    cases = learnt.cases
    for group in sorted({case.group for case in cases.cases if case.kind != "stranger"}):
        good, bad = cases.of(group, "+"), cases.of(group, "near", "un")
        known = good & np.array([case.known for case in cases.cases])
        yield (
            group,
            _shares((each.answered for each in (was, now)), good),
            _shares((~each.found for each in (was, now)), good),
            _shares((each.answered for each in (was, now)), bad),
            _shares((each.short for each in (was, now)), known),
            " → ".join(_share(cases.short_right, known & each.short) for each in (was, now)),
        )


def markdown(title: str, before: Calibration, learnt: LearntOutcomes, lines: list[str]) -> str:
    """The whole report, to be kept beside what was learnt."""
    table = [HEADS, ("---",) * len(HEADS), *change_table(before, learnt)]
    rows = ["| " + " | ".join(each) + " |" for each in table]
    told = [f"- {line}" for line in lines]
    note = "In percent, before → now; now is of the folds left out."
    if learnt.short.borrowed:
        note += " Short answers are told by the rule for the bundled models: only its thresholds are of these cases."
    return "\n".join([f"# {title}", "", *told, "", note, "", *rows, ""])


def _by_rules(calibration: Calibration, learnt: LearntOutcomes) -> _Told:
    rules = OutcomeRules.of(calibration.outcomes)
    rules = rules.with_caution() if calibration.origin == "borrowed" else rules
    marked = learnt.cases.marked.tolist()
    rulings = [rules.judge(case.figures, has) for case, has in zip(learnt.cases.cases, marked, strict=True)]
    return _Told(
        np.array([each.status == "answered" for each in rulings]),
        np.array([each.status != "not_found" for each in rulings]),
        np.array([bool(each.label) for each in rulings]),
    )


def _shares(masks: Iterator[Mask], own: Mask) -> str:
    return " → ".join(_share(each, own) for each in masks)


def _share(mask: Mask, own: Mask) -> str:
    return f"{100 * mask[own].mean():.0f}" if own.any() else "–"
