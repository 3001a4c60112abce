"""How the index grows: 1 k, 10 k and 100 k passages (with ``--million`` 1 M) in one index that is added to.

    python -m bench.growth [../shared/data] [--million] [--folder FOLDER]

Indexing and asking each run in a process of their own. The rate leaves the encoder out (bench/growth_corpus.py says
what stands in for it) and has everything else: cutting, analysing, packing, committing, publishing. Beyond 10 k the
passages are cut, packed and counted beforehand, and the rate is that of storing them alone. Questions are real
and go through the whole program with the real encoder; of each the quickest of several rounds counts, since other work
may disturb the machine. Recall is of the 20 nearest vectors against exact search. Writes ``bench/results/growth.md``.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.growth_corpus import MadeEncoder, ReadyMade, RealCorpus, made_articles
from bench.reports import write_report
from rag.evaluation import metrics

SIZES, MILLION = (1_000, 10_000, 100_000), 1_000_000  # passages
BATCH = 500  # articles stored together
ROUNDS = 3
NEAREST = 20
PART = 100_000  # vectors searched exactly at once
HEADS = {
    "passages": "{:,.0f}",
    "indexed /s": "{:.0f}",
    "publishing s": "{:.1f}",
    "peak MB, indexing": "{:.0f}",
    "disk MB": "{:.0f}",
    "start s": "{:.1f}",
    "of which open s": "{:.2f}",
    "search p50 ms": "{:.1f}",
    "search p95 ms": "{:.1f}",
    "answer p50 ms": "{:.1f}",
    "answer p95 ms": "{:.1f}",
    "encode": "{:.1f}",
    "search": "{:.1f}",
    "rerank": "{:.1f}",
    "peak MB, asking": "{:.0f}",
    "recall@20": "{:.4f}",
}
Figures = dict[str, float]


def main() -> None:
    """Grow, ask at each size, write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--million", action="store_true", help="some 20 GB of disk and an hour")
    parser.add_argument("--folder", type=Path, help="where the index grows and stays; one begun there is gone on with")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="isnad-growth-") as scratch:
        folder = args.folder or Path(scratch)
        rows = []
        for size in (*SIZES, *([MILLION] if args.million else [])):
            rows.append({**grow_to(size, args.root, folder), **apart(asked, args.root, folder)})
            print(rows[-1], flush=True)
            write_report("growth", "python -m bench.growth" + " --million" * args.million, markdown(rows))


def grow_to(size: int, root: Path, folder: Path) -> Figures:
    """Add passages until there are as many."""
    return apart(grown if size <= SIZES[1] else filled, root, folder, size)


def apart(work: Callable[..., Figures], *given: object) -> Figures:
    """``work(*given)`` in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def grown(root: Path, folder: Path, wanted: int) -> Figures:
    """Index articles until ``wanted`` passages are held, then publish."""
    from rag.encoding.loading import load_encoder
    from rag.ingestion.indexing import index_given
    from rag.settings import Settings

    encoder, real = load_encoder(Settings.load()), RealCorpus.load(root)
    held = index_given(real.articles, index_dir=folder, encoder=encoder)  # encoded the first time alone
    if held.passages >= wanted:
        return {"passages": held.passages}
    first = held.articles - len(real.articles)
    # an article of 400 words has two passages of at most 200 tokens, one a word
    articles = itertools.islice(made_articles(real, first), (wanted - held.passages) // 2)
    phases: dict[str, float] = {}
    made = MadeEncoder(encoder, real, seed=first)
    report = index_given(
        articles,
        index_dir=folder,
        encoder=made,
        progress=lambda event: phases.setdefault(event.phase, time.perf_counter()),  # type: ignore[arg-type]
    )
    publishing = phases["done"] - phases["publishing"]
    return {
        "passages": report.passages,
        "indexed /s": report.encoded_passages / (report.seconds - publishing),
        "publishing s": publishing,
        "peak MB, indexing": peak_mb(),
        "disk MB": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6,
    }


def filled(root: Path, folder: Path, wanted: int) -> Figures:
    """Store ready-made passages until ``wanted`` are held, then publish."""
    from rag.encoding.loading import load_encoder
    from rag.index.publishing import Publisher
    from rag.settings import Settings
    from rag.store.profile import Profile

    encoder, real = load_encoder(Settings.load()), RealCorpus.load(root)
    code = Profile.current(encoder.fingerprint).load_token_code()
    ready = ReadyMade(encoder, real, code)
    with Publisher.locked(folder) as publisher:
        store = publisher.store
        held = store.connection.execute("SELECT count(*) FROM passages").fetchone()[0]
        first = store.next_version() + 1_000_000  # above the numbers of the articles that were indexed
        generation, stored, storing = publisher.next_generation(), 0, 0.0
        while held + stored < wanted:
            batch = [ready.article(first + stored // 2 + place) for place in range(BATCH)]
            began = time.perf_counter()
            with store.transaction():
                for article, passages in batch:
                    store.put(article, passages, generation)
                    stored += len(passages)
            storing += time.perf_counter() - began
        began = time.perf_counter()
        manifest = publisher.publish()
    return {
        "passages": manifest.passages,
        "indexed /s": stored / storing if stored else 0.0,
        "publishing s": time.perf_counter() - began,
        "peak MB, indexing": peak_mb(),
        "disk MB": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6,
    }


def asked(root: Path, folder: Path) -> Figures:
    """Start as the program does, and ask."""
    began = time.perf_counter()
    from rag.assistant import Assistant
    from rag.encoding.loading import load_encoder
    from rag.index.snapshot import Index
    from rag.settings import Settings

    settings = replace(Settings.load(), index_dir=folder)
    encoder = load_encoder(settings)
    loaded = time.perf_counter()
    assistant = Assistant.load(settings, encoder=encoder)
    opened = time.perf_counter()
    questions = [gold.question for gold in RealCorpus.load(root).questions]
    steps = [dict(assistant.ask(question).timings_ms) for question in questions]
    searches = quickest(lambda question: assistant.search(question), questions)
    answers = quickest(lambda question: assistant.ask(question), questions)
    for _ in range(ROUNDS - 1):
        again = [assistant.ask(question).timings_ms for question in questions]
        steps = [{name: min(best[name], new[name]) for name in best} for best, new in zip(steps, again, strict=True)]
    memory = peak_mb()  # before the exact search, which the program never does
    index = Index.open(folder, encoder.fingerprint)
    return {
        "start s": opened - began,
        "of which open s": opened - loaded,
        "search p50 ms": metrics.percentile(searches, 0.5),
        "search p95 ms": metrics.percentile(searches, 0.95),
        "answer p50 ms": metrics.percentile(answers, 0.5),
        "answer p95 ms": metrics.percentile(answers, 0.95),
        **{name: metrics.percentile([each[name] for each in steps], 0.5) for name in ("encode", "search", "rerank")},
        "peak MB, asking": memory,
        "recall@20": recall(index, questions, encoder),
    }


def quickest(work: Callable[[str], object], questions: list[str]) -> list[float]:
    """Milliseconds of each question in its quickest round."""
    rounds = []
    for _ in range(ROUNDS):
        waits = []
        for question in questions:
            tick = time.perf_counter()
            work(question)
            waits.append(1e3 * (time.perf_counter() - tick))
        rounds.append(waits)
    return [min(each) for each in zip(*rounds, strict=True)]


def recall(index: Any, questions: list[str], encoder: Any) -> float:
    """Share of the NEAREST by exact search that the index finds, over the questions."""
    from rag.index.search_engine import Probe
    from rag.retrieval.fusion import Fusion
    from rag.retrieval.retriever import Retriever

    retriever = Retriever(index, encoder, Fusion.load())
    queries = np.array([retriever.query(question).pooled for question in questions])
    keys = index._columns.keys  # a measurement may look inside
    best_keys = np.zeros((len(queries), 0), dtype=np.int64)
    best = np.zeros((len(queries), 0), dtype=np.float32)
    for start in range(0, len(keys), PART):
        part = keys[start : start + PART]
        best = np.hstack([best, queries @ index._searcher._vectors.take(np.arange(start, start + len(part))).T])
        best_keys = np.hstack([best_keys, np.broadcast_to(part, (len(queries), len(part)))])
        kept = np.argsort(-best, axis=1)[:, :NEAREST]
        best, best_keys = np.take_along_axis(best, kept, 1), np.take_along_axis(best_keys, kept, 1)
    alone = np.zeros((0, queries.shape[1]), dtype=np.float32)  # no tokens
    found = [set(index.propose(Probe(query, alone, (), NEAREST, 0)).tolist()) for query in queries]
    return float(np.mean([len(got & set(want)) / NEAREST for got, want in zip(found, best_keys.tolist(), strict=True)]))


def peak_mb() -> float:
    """The most memory this process has held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def markdown(rows: Sequence[Mapping[str, float]]) -> str:
    """Figures down, sizes across."""
    lines = []
    for name, form in HEADS.items():
        lines.append(f"| {name} | " + " | ".join(form.format(row[name]) if name in row else "" for row in rows) + " |")
        if len(lines) == 1:
            lines.append("|---" * (len(rows) + 1) + "|")
    lines += ["", "encode, search, rerank: medians in milliseconds of the steps of an answer."]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
