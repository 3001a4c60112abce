"""The plots of one set: which there are, what their axes hold, and what each says in words."""

from __future__ import annotations

from collections.abc import Sequence

from rag.evaluation import metrics
from rag.evaluation.measurement import Measurement, Outcome
from rag.evaluation.report import curves
from rag.evaluation.report.plots import Axis, Line, Mark, histogram_chart, line_chart, parts_bar, percent_axis
from rag.rendering import EMPTY, Html, element

DEEPEST = 20  # ranks drawn
HEADROOM = 1.12  # of a histogram, above its highest bar, where the marks are named


def plots_of(measured: Measurement) -> Html:
    """Every plot the set can give."""
    outcomes = measured.outcomes
    drawn = [_recall(outcomes), _refusal(measured), _selective(outcomes), _short_answers(outcomes), _latency(measured)]
    return element("div", {"class": "plots"}, *drawn)


def stages_of(measured: Measurement) -> Html:
    """A bar of the stages of answering; nothing where they were not timed."""
    outcomes = measured.outcomes
    times = curves.stage_times(outcomes)
    if not sum(times.values()):
        return EMPTY
    rows = [
        element(
            "li",
            {},
            element("span", {"class": f"swatch {stage}", "aria-hidden": "true"}),
            element("span", {}, stage),
            element("span", {"class": "share"}, f"{took:.1f} ms"),
        )
        for stage, took in times.items()
    ]
    says = "; ".join(f"{stage} {took:.1f} ms" for stage, took in times.items())
    bar = parts_bar(f"Median time of each stage: {says}.", list(times.items()))
    whole = metrics.percentile([outcome.ask_ms for outcome in outcomes], 0.5)
    note = f"Medians of each stage by itself; of the whole {whole:.0f} ms."
    title = element("figcaption", {}, "Where the time goes")
    parts = [title, bar, element("ul", {}, *rows), element("p", {"class": "note"}, note)]
    return element("figure", {"class": "wide"}, *parts)


def _plot(title: str, note: str, *parts: str) -> Html:
    return element("figure", {}, element("figcaption", {}, title), *parts, element("p", {"class": "note"}, note))


def _recall(outcomes: Sequence[Outcome]) -> Html:
    points = curves.recall_by_rank(outcomes, DEEPEST)
    if not points:
        return EMPTY
    lines = [Line([(rank, recall) for rank, recall, _ in points], dots=True)]
    note = "Share of the articles that answer, found up to each rank."
    if points[0][2] < 1:
        lines.insert(0, Line([(rank, best) for rank, _, best in points], style="ceiling"))
        note += " Dashed: the most that is possible, as several articles answer one question."
    low = min(recall for _, recall, _ in points)
    says = ", ".join(f"{recall:.3f} at {rank}" for rank, recall, _ in points if rank in (1, 5, 10, 20))
    x = Axis("rank", 1, DEEPEST, (1, 5, 10, 15, 20))
    return _plot("Recall by rank", note, line_chart(f"Recall by rank: {says}.", x, percent_axis("recall", low), lines))


def _refusal(measured: Measurement) -> Html:
    trades = curves.refusal_curve(measured.outcomes)
    if not trades:
        return EMPTY
    rates = measured.figures["refusal"]
    here = Mark("in this run", rates["error_rate"], rates["hallucination_rate"])
    chart = line_chart(
        f"Hallucination rate against error rate; in this run {here.y:.3f} against {here.x:.3f}.",
        percent_axis("error rate: refused, though answerable"),
        percent_axis("hallucination rate"),
        [
            Line([(0, 1), (1, 0)], style="ceiling"),
            Line([(trade.error_rate, trade.hallucination_rate) for trade in trades], steps=True),
        ],
        [here],
    )
    note = "One point for each threshold of confidence; nearer to the corner of both axes is better. Dashed: chance."
    if any(o.answer.status == "related" for o in measured.outcomes):
        note += " What was quoted as related only counts as neither, so this run may lie below the curve."
    return _plot("Refusal", note, chart)


def _selective(outcomes: Sequence[Outcome]) -> Html:
    return _by_sureness(
        "Right answers by confidence",
        curves.selective_curve(outcomes),
        "Share of answers whose quote holds the answer, by share answered",
        "questions answered, the surest first",
        "How far the confidence can be trusted: with a higher threshold fewer questions are answered, and better.",
    )


def _short_answers(outcomes: Sequence[Outcome]) -> Html:
    return _by_sureness(
        "Right short answers by certainty",
        curves.short_answer_curve(outcomes),
        "Short answers that are right, by share of questions with one",
        "questions with a short answer, the surest first",
        "Risk and coverage: were only surer ones shown, fewer questions would have one, and more of them be right.",
    )


def _by_sureness(title: str, points: Sequence[tuple[float, float]], says: str, across: str, note: str) -> Html:
    if len(points) < 2:
        return EMPTY
    share, right = points[-1]
    chart = line_chart(
        f"{says}; in this run {right:.3f} at {share:.3f}.",
        percent_axis(across),
        percent_axis("of these, right", min(right for _, right in points)),
        [Line(points, steps=True)],
        [Mark("in this run", share, right)],
    )
    return _plot(title, note, chart)


def _latency(measured: Measurement) -> Html:
    bins = curves.histogram([outcome.ask_ms for outcome in measured.outcomes])
    highest, most = bins[-1].high, max(part.held for part in bins)
    every = curves.round_up(highest / 5)
    steps = curves.round_up(most / 5)
    times = measured.figures["latency_ms"]
    chart = histogram_chart(
        f"Time to answer: half within {times['p50']:.0f} ms, 95 % within {times['p95']:.0f} ms.",
        Axis("milliseconds", 0, highest, [every * at for at in range(int(highest / every + 1e-9) + 1)]),
        Axis("questions", 0, most * HEADROOM, [steps * at for at in range(int(most / steps + 1e-9) + 1)]),
        bins,
        [Mark(name, times[name]) for name in ("p50", "p95")],
    )
    return _plot("Time to answer", "The last bar also holds all that took longer.", chart)
