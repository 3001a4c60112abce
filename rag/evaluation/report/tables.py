"""The tables of an evaluation report: all sets side by side, the figures of one, and its languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rag.entities.lexicon import Name, render
from rag.evaluation.measurement import Measurement, Outcome, figures, short_answers
from rag.evaluation.report.curves import interval
from rag.evaluation.report.plots import gauge
from rag.rendering import EMPTY, Html, element, join, jump, text_in

_FEW_LANGUAGES = 3  # more are counted rather than named


class Figure(NamedTuple):
    """A figure that is a share: where it stands, what to call it, what it means, and over which cases it is taken."""

    group: str
    key: str
    name: str
    meaning: str
    of: str


FIGURES = (
    Figure("retrieval", "recall@1", "recall@1", "of the articles that answer, those ranked first", "known"),
    Figure("retrieval", "recall@5", "recall@5", "the same, among the first five", "known"),
    Figure("retrieval", "recall@10", "recall@10", "the same, among the first ten", "known"),
    Figure("retrieval", "mrr@10", "mrr@10", "mean of one over the rank of the first article that answers", "known"),
    Figure("retrieval", "ndcg@10", "ndcg@10", "gain of the first ten, discounted by rank, over the best", "known"),
    Figure("retrieval", "map", "map", "mean precision at every article that answers", "known"),
    Figure("answers", "hit", "hit", "questions whose answer stands in a quote", "known"),
    Figure("answers", "f1", "F1", "words shared by the shortest answer given and a known one", "known"),
    Figure("answers", "exact_match", "exact match", "shortest answers that equal a known one", "known"),
    Figure("answers", "citation_exact", "citations exact", "quotes that stand so in their article", "quotes"),
    Figure("short_answers", "shown", "short answers", "questions that were given a short answer", "known"),
    Figure(
        "short_answers", "right", "short answers right", "short answers that share most words with a known one", "short"
    ),
    Figure("refusal", "error_rate", "error rate", "questions with an answer that were refused", "answerable"),
    Figure(
        "refusal",
        "hallucination_rate",
        "hallucination rate",
        "questions without an answer that were answered",
        "unanswerable",
    ),
    Figure(
        "refusal",
        "related_rate_answerable",
        "related, answerable",
        "questions with an answer that got related quotes only",
        "answerable",
    ),
    Figure(
        "refusal",
        "related_rate_unanswerable",
        "related, unanswerable",
        "questions without an answer that got related quotes only",
        "unanswerable",
    ),
    Figure("refusal", "precision", "refusal precision", "refusals of questions without an answer", "refused"),
    Figure("refusal", "recall", "refusal recall", "questions without an answer that were refused", "unanswerable"),
)
_OVERVIEW = ("recall@1", "mrr@10", "hit", "f1", "error_rate", "hallucination_rate", "citation_exact")
_BY_LANGUAGE = ("recall@1", "mrr@10", "hit", "f1", "error_rate", "hallucination_rate")


def percent(share: float) -> str:
    """A share for a sentence; the sign stays with its number."""
    return f"{share * 100:.1f}\u00a0%"


def cases(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many cases each kind of figure is taken over."""
    return {
        "known": sum(bool(o.gold.answers) for o in outcomes),
        "short": len(short_answers(outcomes)),
        "quotes": sum(len(o.answer.citations) for o in outcomes),
        "answerable": sum(o.gold.answerable for o in outcomes),
        "unanswerable": sum(not o.gold.answerable for o in outcomes),
        "refused": sum(o.refused for o in outcomes),
    }


def language_name(code: str) -> str:
    """In English; the code where CLDR has no name for it."""
    return render(Name("language", code), "en") or code


def set_names(codes: Iterable[str]) -> str:
    """`` in Arabic and French`` for a sentence; how many where they are many, nothing where they are unknown."""
    names = [language_name(code) for code, _ in Counter(codes).most_common() if code != "und"]
    if not names:
        return ""
    if len(names) > _FEW_LANGUAGES:
        return f" in {len(names)} languages"
    return f" in {' and '.join(filter(None, [', '.join(names[:-1]), names[-1]]))}"


def overview(measurements: Sequence[Measurement]) -> Html:
    """A row for each set, which leads to its section."""
    chosen = _chosen(_OVERVIEW, [measured.figures for measured in measurements])
    head = ["Set", "Questions", "Articles", *(figure.name for figure in chosen), "ask, p50", "ask, p95"]
    rows = []
    for number, measured in enumerate(measurements, start=1):
        counts, times = cases(measured.outcomes), measured.figures["latency_ms"]
        name = jump(f"set-{number}", text_in("und", "bdi", {}, measured.given.name))
        numbers = [f"{measured.figures[key]:,}" for key in ("questions", "articles")]
        shares = [_share(measured.figures, counts, figure) for figure in chosen]
        rows.append([name, *numbers, *shares, *(f"{times[key]:.0f} ms" for key in ("p50", "p95"))])
    table = _table(head, rows)
    return element("section", {"class": "overview"}, element("h2", {}, "All sets"), table)


def figure_table(measured: Measurement) -> Html:
    """Every share of the set with its interval and meaning, then what the run cost."""
    counts = cases(measured.outcomes)
    shares = [
        [_named(figure), _share(measured.figures, counts, figure), f"{counts[figure.of]:,}"]
        for figure in _chosen([figure.key for figure in FIGURES], [measured.figures])
    ]
    index, times = measured.figures["index"], measured.figures["latency_ms"]
    costs = [
        ["ask, p50 · p95 · p99", " · ".join(f"{times[key]:.0f}" for key in ("p50", "p95", "p99")) + " ms"],
        ["indexing", f"{index['seconds']:,.1f} s · {index['passages_per_s']:,.1f} passages/s"],
        ["index on disk", f"{index['bytes'] / 2**20:,.1f} MiB"],
        ["peak memory of the run so far", f"{measured.figures['peak_rss_mb']:,.0f} MiB"],
    ]
    return element(
        "div", {"class": "tables"}, _table(["Figure", "Value", "Cases"], shares), _table(["Cost", "Value"], costs)
    )


def language_table(measured: Measurement) -> Html:
    """The figures by the language of the question; nothing where all share one."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in measured.outcomes:
        groups.setdefault(outcome.gold.language, []).append(outcome)
    if len(groups) < 2:
        return EMPTY
    parts = {code: figures(measured.given, outcomes) for code, outcomes in groups.items()}
    chosen = _chosen(_BY_LANGUAGE, list(parts.values()))
    rows = [
        [language_name(code), f"{len(groups[code]):,}", *(_share(part, cases(groups[code]), f) for f in chosen)]
        for code, part in sorted(parts.items(), key=lambda item: -len(groups[item[0]]))
    ]
    table = _table(["Asked in", "Questions", *(figure.name for figure in chosen)], rows)
    return join([element("h3", {}, "By the language of the question"), table])


def _chosen(keys: Sequence[str], results: Sequence[Mapping[str, Mapping[str, float]]]) -> list[Figure]:
    """Those of the figures named that any of the results has."""
    found = [figure for figure in FIGURES if figure.key in keys]
    return [figure for figure in found if any(figure.key in result[figure.group] for result in results)]


def _named(figure: Figure) -> Html:
    return join([figure.name, element("small", {}, figure.meaning)])


def _share(result: Mapping[str, Mapping[str, float]], counts: Mapping[str, int], figure: Figure) -> Html:
    """The value over its gauge; a dash where the set cannot give it."""
    value = result[figure.group].get(figure.key)
    if value is None:
        return element("span", {"class": "none"}, "–")
    low, high = interval(value, counts[figure.of])
    title = f"95 %: {low:.3f} to {high:.3f}, of {counts[figure.of]:,}"
    return element("div", {"class": "figure", "title": title}, f"{value:.3f}", gauge(value, low, high))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    """The first column names the rows; a table too wide for the page scrolls by itself."""
    first = element("tr", {}, *(element("th", {"scope": "col"}, name) for name in head))
    body = [
        element("tr", {}, element("th", {"scope": "row"}, row[0]), *(element("td", {}, cell) for cell in row[1:]))
        for row in rows
    ]
    table = element("table", {}, element("thead", {}, first), element("tbody", {}, *body))
    return element("div", {"class": "scroll", "tabindex": 0}, table)
