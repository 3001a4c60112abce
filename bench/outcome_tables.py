"""What the rules of the outcomes do on the folds left out, and what each signal brings, as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from bench.pictures import save_picture
from rag.documents import Mask
from rag.evaluation.report.plots import Line, Mark, line_chart, percent_axis
from rag.learning.cases import Floats, OutcomeCase, OutcomeCases, RatedSentence
from rag.learning.outcome_rules import UNANSWERABLE, LearntRule, coverage, outcome_rule
from rag.learning.outcomes import LearntOutcomes, answered_levels, at_least

QUOTES = ((3, 0.11), (2, 0.11), (2, 0.08), (2, 0.05), (1, 0.0))  # at most, and how far below the best (score)
SHARES = (0.95, 0.9, 0.85, 0.8, 0.7)
GPT_4 = (0.11, 0.37)  # its error and hallucination rates on NoMIRACL, as published
TODAY = ("relevance", "other_language", "absent", "reading")
Shown = Mapping[str, float]


def markdown(learnt: LearntOutcomes, shown: Shown) -> str:
    """Every table. shown: as the rules were given it."""
    parts = [
        "Of the folds left out; `+` answerable, `missed` what answers was not found, `near` what answers left out, "
        "`un` nothing answers though passages are on the subject. Analyst's questions were not learnt from.",
        "\n".join(outcomes(learnt)),
        "\n".join(signal_table(learnt, shown)),
        "\n".join(short_answers(learnt)),
        "\n".join(quotes(learnt)),
    ]
    return "\n\n".join(parts)


def outcomes(learnt: LearntOutcomes) -> Iterator[str]:
    """By group and kind the share of each outcome, and of those with a short answer."""
    yield from ("| group | cases | answered | related | not found | short answer |", "|---|---|---|---|---|---|")
    cases, answered, found, short = learnt.cases, learnt.is_answered, learnt.is_found, learnt.shows_short
    for group, kind in sorted({(case.group, case.kind) for case in cases.cases}):
        own = cases.of(group, kind)
        shares = (each[own].mean() for each in (answered, found & ~answered, ~found, short))
        yield f"| {group} {kind} | {own.sum()} | " + " | ".join(f"{share:.3f}" for share in shares) + " |"


def signal_table(learnt: LearntOutcomes, shown: Shown) -> Iterator[str]:
    """What each signal tells alone (area under the curve), and what is lost without it, set by set."""
    cases, names = learnt.cases, tuple(learnt.answered.weights)
    sets = [group for group in cases.sets() if cases.of(group, *UNANSWERABLE).any()]
    yield "Unanswerable ones shown as answered, by rule; alone: area of that signal by itself, mean of the sets."
    yield ""
    yield "| rule | alone | " + " | ".join(sets) + " | area, mean |"
    yield "|---|---|" + "---|" * (len(sets) + 1)
    yield row("all", "", cases, learnt.answered, sets, shown)
    yield row("today's signals", "", cases, outcome_rule(cases, TODAY, UNANSWERABLE), sets, shown)
    for name in names:
        alone = np.mean([area(cases, cases.figures([name])[:, 0], group) for group in sets])
        rule = outcome_rule(cases, [each for each in names if each != name], UNANSWERABLE)
        yield row(f"without {name}", f"{alone:.3f}", cases, rule, sets, shown)


def area(cases: OutcomeCases, scores: Floats, group: str) -> float:
    """Under the curve, of a set's answerable cases over its unanswerable ones."""
    good, bad = scores[cases.of(group, "+")], scores[cases.of(group, "near", "un")]
    more = (good[:, None] > bad[None, :]).mean() + (good[:, None] == bad[None, :]).mean() / 2
    return float(more)


def row(title: str, alone: str, cases: OutcomeCases, rule: LearntRule, sets: Sequence[str], shown: Shown) -> str:
    """One rule: the share of unanswerable ones that it shows as answered at thresholds of its own, and its area."""
    answered = at_least(cases, rule.scores, answered_levels(cases, rule.scores, shown))
    shares = [f"{answered[cases.of(group, *UNANSWERABLE)].mean():.3f}" for group in sets]
    mean = np.mean([area(cases, rule.scores, group) for group in sets])
    return f"| {title} | {alone} | " + " | ".join(shares) + f" | {mean:.3f} |"


def nomiracl_curve(learnt: LearntOutcomes) -> str:
    """What showing fewer of NoMIRACL's answerable questions as answered buys, as a picture; returns its Markdown."""
    cases, scores = learnt.cases, learnt.answered.scores
    kinds = [cases.of("nomiracl", kind) for kind in ("+", "un")]
    here = [float(learnt.is_answered[own].mean()) for own in kinds]
    says = "NoMIRACL: unanswerable shown as answered, against answerable not so shown, of the folds left out"
    chart = line_chart(
        says,
        percent_axis("answerable, but not shown as answered"),
        percent_axis("unanswerable, but shown as answered"),
        [Line([(0, 1), (1, 0)], style="ceiling"), Line(trades(*(scores[own] for own in kinds)), steps=True)],
        [Mark("the default", 1 - here[0], here[1]), Mark("GPT-4 (Thakur et al. 2024)", *GPT_4)],
    )
    return save_picture("outcomes", chart, says)


def trades(answerable: Floats, unanswerable: Floats) -> list[tuple[float, float]]:
    """(share of the first below, share of the second at or above) every level that tells two scores apart."""
    levels = np.unique(np.concatenate([answerable, unanswerable, [np.inf]]))
    return [(float((answerable < level).mean()), float((unanswerable >= level).mean())) for level in levels]


def short_answers(learnt: LearntOutcomes) -> Iterator[str]:
    """Risk and coverage of the short answers: what share is shown where so many of those shown are right."""
    cases = learnt.cases
    sets = sorted(set(cases.groups[cases.asked]))
    yield "Share of the answerable questions whose short answer is shown, where so many of those shown are right."
    yield ""
    yield "| right | all | " + " | ".join(sets) + " |"
    yield "|---|---|" + "---|" * len(sets)
    masks = [cases.asked, *(cases.asked & (cases.groups == group) for group in sets)]
    for share in SHARES:
        cells = [f"{coverage(learnt.short.scores[own], cases.short_right[own], share)[1]:.3f}" for own in masks]
        yield f"| {share:.2f} | " + " | ".join(cells) + " |"
    cells = [f"{cases.short_right[own].mean():.3f}" for own in masks]
    yield "| right, were all shown | " + " | ".join(cells) + " |"
    yield "| shown, right at the rule's threshold | " + " | ".join(at_threshold(learnt, own) for own in masks) + " |"


def at_threshold(learnt: LearntOutcomes, own: Mask) -> str:
    """Share shown, and of those shown the share that is right."""
    shown = own & (learnt.short.scores >= learnt.short_from)
    right = learnt.cases.short_right[shown].mean() if shown.any() else np.nan
    return f"{shown.sum() / max(own.sum(), 1):.3f}, {right:.3f}"


def quotes(learnt: LearntOutcomes) -> Iterator[str]:
    """By how many sentences are quoted: how often one holds the answer, how many there are, how many of them do."""
    cases = learnt.cases
    known = [case for case in cases.cases if case.kind in ("+", "missed") and case.known]
    shown = {id(case) for case, answered in zip(cases.cases, learnt.is_answered, strict=True) if answered}
    sets, unseen = sorted({case.group for case in known}), sorted(cases.unlearnt)
    yield "Quotes, answerable questions: hit / sentences / share of them that hold the answer; the last of `answered`."
    yield ""
    yield "| at most, within | " + " | ".join([*sets, *(f"{name}, answered" for name in unseen)]) + " |"
    yield "|---|" + "---|" * (len(sets) + len(unseen))
    for most, margin in QUOTES:
        groups = [[case for case in known if case.group == name] for name in sets]
        groups += [[case for case in known if case.group == name and id(case) in shown] for name in unseen]
        yield f"| {most}, {margin} | " + " | ".join(quoted(own, most, margin) for own in groups) + " |"


def quoted(own: Sequence[OutcomeCase], most: int, margin: float) -> str:
    """Hit / sentences / relevant share of one choice."""
    chosen = [chosen_of(case.sentences, most, margin) for case in own]
    number = sum(map(len, chosen))
    if not number:
        return ""
    hit = np.mean([any(each.holds for each in one) for one in chosen])
    holding = sum(each.holds for one in chosen for each in one)
    return f"{hit:.3f} / {number / len(chosen):.2f} / {holding / number:.2f}"


def chosen_of(sentences: Sequence[RatedSentence], most: int, margin: float) -> list[RatedSentence]:
    """The best sentence and those within the margin, best first."""
    return [each for each in sentences[:most] if each.score >= sentences[0].score - margin]
