"""Measures the whole chain on articles and questions with known answers (:mod:`rag.evaluation.evaluation_set`).

Each question is both searched, for the ranking of articles, and asked, for the answer; its ``candidates`` restrict
both. The questions before a follow-up are asked first, and what they are answered is its history. A figure that a set
cannot give (no known answers, nothing unanswerable) is left out of the result, never 0.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.asking import Answering
from rag.assistant import Assistant
from rag.documents import Answer, Filters, Question, Turn
from rag.encoding.encoder import Encoder
from rag.errors import EvaluationError
from rag.evaluation import metrics
from rag.evaluation.evaluation_set import EvaluationSet, GoldQuestion, load_set
from rag.ingestion.indexing import index_given
from rag.ingestion.report import IngestionProgress, IngestionReport
from rag.settings import Settings

# Passages ranked per question. An article ranks where its best passage does, so this is deep enough for ten
# articles of ten passages each; a relevant article beyond it counts as not found.
DEPTH = 100
RIGHT_OVERLAP = 0.5  # F1 from which a short answer is right: most of its words, and of the known one's

ShowProgress = Callable[[str, int, int], None]
"""Told (what is being done, how many are done, of how many)."""


def show_nothing(what: str, done: int, of: int) -> None:
    """For a caller who does not watch."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the chain made of one question. ``ranking`` holds article ids, best first; ``ask_ms`` is wall time.

    A follow-up cannot be searched for by itself: its ranking is that of the passages its answer draws on.
    """

    gold: GoldQuestion
    ranking: tuple[str, ...]
    answer: Answer
    ask_ms: float

    @property
    def refused(self) -> bool:
        """Nothing was quoted: neither answered nor related."""
        return self.answer.status == "not_found"

    @property
    def answered(self) -> bool:
        """The quotes were given as an answer, rather than as related."""
        return self.answer.status == "answered"

    @property
    def hit(self) -> bool:
        """A known span lies inside, or equals, a quote of its article."""
        return any(
            quote.article_id == gold.article_id and quote.start <= gold.start and gold.end <= quote.end
            for gold in self.gold.answers
            for quote in self.answer.citations
        )

    @property
    def short_right(self) -> bool:
        """The short answer holds most of the words of a known one, and little else."""
        shown, golds = self.answer.short_answer, [gold.text for gold in self.gold.answers]
        return shown is not None and metrics.f1(shown.text, golds) >= RIGHT_OVERLAP

    @property
    def shortest_text(self) -> str:
        """What F1 and exact match judge: the short answer where there is one, else the answer; nothing without one."""
        if not self.answered:
            return ""
        return self.answer.short_answer.text if self.answer.short_answer else self.answer.plain_answer


@dataclass(frozen=True, slots=True)
class Measurement:
    """A set, what came of each question, and the figures that follow, as :func:`measure` lists them."""

    given: EvaluationSet
    outcomes: Sequence[Outcome]
    figures: Mapping[str, Any]


def evaluate(folder: Path, settings: Settings, encoder: Encoder, progress: ShowProgress = show_nothing) -> Measurement:
    """:func:`measure` the set in ``folder``. Raises EvaluationError for a malformed one."""
    return measure(load_set(folder), settings, encoder, progress)


def measure(
    given: EvaluationSet, settings: Settings, encoder: Encoder, progress: ShowProgress = show_nothing
) -> Measurement:
    """Index the set's articles in a temporary folder, put every question to them, and work out the figures.

    Their keys: dataset, articles, passages, questions (counts), retrieval, answers, short_answers, refusal, latency_ms,
    index (each a mapping of figures) and peak_rss_mb, which is the process's so far, the encoder included, so in a
    run over several sets it never falls.
    """
    with tempfile.TemporaryDirectory(prefix="isnad-evaluation-") as scratch:
        index_dir = Path(scratch)
        assistant, report = _index(given, settings, index_dir, encoder, progress)
        size = sum(path.stat().st_size for path in index_dir.rglob("*") if path.is_file())
        outcomes = list(put_questions(given, assistant, progress))
    measured = {
        "dataset": given.name,
        "articles": len(given.articles),
        "passages": report.passages,
        "questions": len(given.questions),
        **figures(given, outcomes),
        "index": {
            "passages_per_s": round(report.passages_per_s, 2),
            "seconds": round(report.seconds, 2),
            "bytes": size,
        },
        "peak_rss_mb": round(_peak_rss_mb(), 1),
    }
    return Measurement(given, outcomes, measured)


def put_questions(given: EvaluationSet, assistant: Answering, progress: ShowProgress) -> Iterator[Outcome]:
    """Search and ask each question in turn; only the asking is timed."""
    for done, gold in enumerate(given.questions):
        progress("questions", done, len(given.questions))
        filters = Filters(article_ids=gold.candidates)
        found = assistant.search(gold.question, filters=filters, top_k=DEPTH)
        history = _turns_before(gold, filters, assistant)
        started = time.perf_counter()
        answer = assistant.ask(Question(gold.question, history, filters))
        ask_ms = (time.perf_counter() - started) * 1000
        ranked = answer.passages if gold.history else found
        yield Outcome(gold, tuple(dict.fromkeys(passage.article_id for passage in ranked)), answer, ask_ms)
    progress("questions", len(given.questions), len(given.questions))


def _turns_before(gold: GoldQuestion, filters: Filters, assistant: Answering) -> tuple[Turn, ...]:
    """The earlier questions asked in turn, with what they were answered."""
    turns: tuple[Turn, ...] = ()
    for earlier in gold.history:
        turns += assistant.ask(Question(earlier, turns, filters)).turns
    return turns


def figures(given: EvaluationSet, outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Every figure that follows from the outcomes, rounded to four places (latencies to hundredths)."""
    refusals = metrics.outcome_figures((o.gold.answerable, o.answer.status) for o in outcomes)
    latencies = [o.ask_ms for o in outcomes]
    return {
        "retrieval": _rounded(_retrieval_figures([o for o in outcomes if o.gold.answers])),
        "answers": _rounded(_answer_figures(given, outcomes)),
        "short_answers": _rounded(_short_answer_figures(outcomes)),
        "refusal": _rounded(refusals),
        "latency_ms": {f"p{share}": round(metrics.percentile(latencies, share / 100), 2) for share in (50, 95, 99)},
    }


def _retrieval_figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    if not outcomes:
        return {}
    pairs = [(o.ranking, o.gold.relevant) for o in outcomes]
    return {
        **{f"recall@{k}": metrics.mean(metrics.recall_at(*pair, k) for pair in pairs) for k in (1, 5, 10)},
        "mrr@10": metrics.mean(metrics.reciprocal_rank(*pair, 10) for pair in pairs),
        "ndcg@10": metrics.mean(metrics.ndcg_at(*pair, 10) for pair in pairs),
        "map": metrics.mean(metrics.average_precision(*pair) for pair in pairs),
    }


def _answer_figures(given: EvaluationSet, outcomes: Sequence[Outcome]) -> dict[str, float]:
    result: dict[str, float] = {}
    if known := [(o, [gold.text for gold in o.gold.answers]) for o in outcomes if o.gold.answers]:
        result["hit"] = metrics.mean(o.hit for o, _ in known)
        result["f1"] = metrics.mean(metrics.f1(o.shortest_text, texts) for o, texts in known)
        result["exact_match"] = metrics.mean(metrics.exact_match(o.shortest_text, texts) for o, texts in known)
    if quotes := [quote for o in outcomes for quote in o.answer.citations]:
        result["citation_exact"] = metrics.mean(
            given.articles[quote.article_id].text[quote.start : quote.end] == quote.quote for quote in quotes
        )
    return result


def short_answers(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes with a short answer that can be judged: one is known, or there is none to give."""
    judged = [o for o in outcomes if o.gold.answers or not o.gold.answerable]
    return [o for o in judged if o.answer.short_answer]


def _short_answer_figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    result: dict[str, float] = {}
    if known := [o for o in outcomes if o.gold.answers]:
        result["shown"] = metrics.mean(o.answer.short_answer is not None for o in known)
    if shown := short_answers(outcomes):
        result["right"] = metrics.mean(o.short_right for o in shown)
    return result


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}


def _index(
    given: EvaluationSet, settings: Settings, folder: Path, encoder: Encoder, progress: ShowProgress
) -> tuple[Answering, IngestionReport]:
    """The assistant over an index of the set's articles in ``folder``, calibrated as usual; the report of making it."""
    articles = list(dict.fromkeys(given.articles.values()))

    def show(event: IngestionProgress) -> None:
        progress("articles", event.articles, len(articles))

    report = index_given(articles, index_dir=folder, encoder=encoder, progress=show)
    if report.failed:
        first = report.failed[0]
        raise EvaluationError(f"Article {first.origin} of {given.name} cannot be indexed: {first.reason}", first.hint)
    there = replace(settings, index_dir=folder, qdrant_url="")
    return Assistant.load(there, encoder=encoder, calibrated_in=settings.index_dir), report


def _peak_rss_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes
    return peak * unit / 2**20
