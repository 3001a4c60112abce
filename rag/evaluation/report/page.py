"""The evaluation as one page that stands alone: an overview, then for each set its plots, figures and worst questions.

Nothing on it is loaded from anywhere and nothing runs; markup comes from :mod:`rag.rendering` only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.evaluation.measurement import Measurement
from rag.evaluation.report.fates import count_fates
from rag.evaluation.report.figures import plots_of, stages_of
from rag.evaluation.report.plots import parts_bar
from rag.evaluation.report.questions import worst_questions
from rag.evaluation.report.tables import figure_table, language_table, overview, percent, set_names
from rag.rendering import EMPTY, Html, document, element, join, jump, text_in
from rag.resources import asset

_STYLE = asset("report.css")


def write_report(measurements: Sequence[Measurement], facts: Mapping[str, str]) -> Html:
    """The page about ``measurements``, in their order; ``facts`` say what was measured, when and on what."""
    header = element(
        "header",
        {},
        element("p", {"class": "mark-name"}, "Isnad"),
        element("h1", {}, "Evaluation"),
        element("dl", {"class": "facts"}, *(_fact(name, value) for name, value in facts.items())),
    )
    several = len(measurements) > 1
    sections = [_section(measured, number) for number, measured in enumerate(measurements, start=1)]
    style = _STYLE.read_text("utf-8")
    return document(
        "Evaluation · Isnad",
        "en",
        style,
        element("main", {}, header, overview(measurements) if several else EMPTY, *sections, _how_to_read()),
    )


def _fact(name: str, value: str) -> Html:
    return element("div", {}, element("dt", {}, name), text_in("und", "dd", {}, value))


def _section(measured: Measurement, number: int) -> Html:
    name = text_in("und", "bdi", {}, measured.given.name)
    return element(
        "section",
        {"class": "set", "id": f"set-{number}"},
        element("h2", {}, name),
        element("p", {"class": "lead"}, *_in_words(measured)),
        _fates(measured, number),
        plots_of(measured),
        stages_of(measured),
        element("h3", {}, "Figures"),
        figure_table(measured),
        language_table(measured),
        worst_questions(measured, number),
    )


def _in_words(measured: Measurement) -> list[str]:
    """What a reader should take away, in sentences; a set that lacks a figure lacks its sentence."""
    figures, outcomes = measured.figures, measured.outcomes
    asked = set_names(o.gold.language for o in outcomes)
    held = set_names(article.language for article in measured.given.articles.values())
    count = f"{len(outcomes):,} {'question' if len(outcomes) == 1 else 'questions'}"
    words = [f"{count}{asked}, put to {figures['articles']:,} articles{held} ({figures['passages']:,} passages)."]
    if any(o.gold.candidates for o in outcomes):
        words.append("Each question was put to candidates of its own.")
    said = (
        ("retrieval", "recall@1", "Of the articles that answer, {} were ranked first."),
        ("answers", "hit", "For {} of the questions a quote holds the answer."),
        ("short_answers", "right", "Of the short answers given, {} were right."),
        ("refusal", "error_rate", "Of the questions that have an answer, {} were refused."),
        ("refusal", "hallucination_rate", "Of those that have none, {} were answered all the same."),
    )
    words += [text.format(percent(figures[group][name])) for group, name, text in said if name in figures[group]]
    times = figures["latency_ms"]
    words.append(f"Half were answered within {times['p50']:.0f}\u00a0ms, 95\u00a0% within {times['p95']:.0f}\u00a0ms.")
    return [" ".join(words)]


def _fates(measured: Measurement, number: int) -> Html:
    """Where the questions ended: one bar, and a list that names its parts and leads to the questions that failed."""
    counts, whole = count_fates(measured.outcomes), len(measured.outcomes)
    says = "; ".join(f"{fate.meaning}: {count}" for fate, count in counts.items())
    rows = []
    for fate, count in counts.items():
        meaning = fate.meaning if fate.right else jump(f"set-{number}-{fate.slug}", fate.meaning)
        swatch = element("span", {"class": f"swatch {fate.slug}", "aria-hidden": "true"})
        share = element("span", {"class": "share"}, f"{count:,} · {percent(count / whole)}")
        rows.append(element("li", {}, swatch, element("span", {}, meaning), share))
    bar = parts_bar(f"Of {whole} questions. {says}.", [(fate.slug, count) for fate, count in counts.items()])
    return element(
        "figure",
        {"class": "wide"},
        element("figcaption", {}, "What became of the questions"),
        bar,
        element("ul", {}, *rows),
    )


def _how_to_read() -> Html:
    notes = (
        "Bands are 95 % intervals (Wilson). Of F1 and of means over ranks they are wider than need be.",
        "An article ranks where its best passage does. A quote holds the answer when a known span lies inside it.",
        "The times are those of asking, one question after another, on a machine that may have had other work.",
        "Worst means furthest on the wrong side: the surest of wrong answers, the least sure of what was not answered.",
    )
    return element("footer", {}, element("h2", {}, "How to read this"), join(element("p", {}, note) for note in notes))
