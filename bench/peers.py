"""Isnad beside LangChain's customary recipe, txtai and BM25: the same articles and questions, in one run.

    pip install -r bench/requirements.txt
    python -m bench.peers [../shared/data [../shared/train]] [--sets xquad-en-ar ...] [--questions 100]

Questions Isnad's reader was trained on are left out (``../shared/train`` tells which). Each system has a process of its
own; one works at a time. Ranking retrieves DEPTH passages and keeps each article where its best passage stands. Latency
is timed apart, TOP passages a question. Both indexing and questions are timed in rounds that go through the systems in
turn, every other round backwards, and the quickest counts, since other work may disturb the machine. Writes
``bench/results/peers.md``.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.peer_process import Indexed, PeerProcess
from bench.peer_systems import SYSTEMS, System
from bench.pictures import save_picture
from bench.reports import write_report
from rag.documents import Article
from rag.evaluation import metrics
from rag.evaluation.evaluation_set import EvaluationSet, GoldQuestion, load_set
from rag.evaluation.report.curves import round_up
from rag.evaluation.report.plots import Axis, Mark, line_chart, percent_axis
from training.examples import spent

SETS = ("xquad-en-ar", "xquad-ar-ar", "news-ar")
DEPTH, TOP = 100, 10  # passages
INDEX_ROUNDS = 2
ROUNDS, TIMED = 4, 80  # questions a round
NAME, LINE = 0.3, 0.05  # what a name takes of a picture's width, and by how much mrr differs from one line to the next
HEADS = ("recall@1", "mrr@10", "ndcg@10", "index s", "question p50 ms", "p95 ms", "disk MB", "peak MB", "start s")


@dataclass(frozen=True)
class Row:
    """One system on one set, in the order of HEADS."""

    system: str
    figures: Sequence[float]
    indexed: Indexed
    latencies: Sequence[float]
    peak_mb: float

    def cells(self) -> list[str]:
        """For the table; latencies in milliseconds."""
        waits = [f"{1e3 * metrics.percentile(self.latencies, share):.1f}" for share in (0.5, 0.95)]
        return [
            *(f"{figure:.3f}" for figure in self.figures),
            f"{self.indexed.seconds:.1f}",
            *waits,
            f"{self.indexed.disk_bytes / 1e6:.1f}",
            f"{self.peak_mb:.0f}",
            f"{self.indexed.start:.1f}",
        ]


def main() -> None:
    """Measure every set and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("train", nargs="?", type=Path, help="by default beside the data")
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--questions", type=int, default=None, help="so many of each set; all by default")
    args = parser.parse_args()
    present, missing = installed(SYSTEMS)
    known = spent(args.train or args.root.parent / "train")
    print(*missing, sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        model = model_folder(Path(folder)) if importlib.util.find_spec("sentence_transformers") else Path()
        tables: dict[str, list[Row]] = {}
        for name in args.sets:
            tables[name] = measure(unspent(load_set(args.root / name), known, args.questions), present, model)
            command = " ".join(["python -m bench.peers", *sys.argv[1:]])
            write_report("peers", command, markdown(tables, present, missing))


def installed(systems: Sequence[System]) -> tuple[list[System], list[str]]:
    """Those that can run here, and a line for each that cannot."""
    present, missing = [], []
    for system in systems:
        wanting = [name for name in system.packages if importlib.util.find_spec(name) is None]
        if wanting:
            missing.append(f"{system.name} is left out: {', '.join(wanting)} is not installed.")
        else:
            present.append(system)
    return present, missing


def model_folder(folder: Path) -> Path:
    """The bundled weights as sentence-transformers reads them."""
    from tests.model_folder import write_model_folder

    return write_model_folder(folder / "multilingual-e5-small")


def unspent(given: EvaluationSet, known: Collection[str], most: int | None) -> EvaluationSet:
    """The set with at most so many of its questions: those with an answer that are not ``known``."""
    asked = [gold for gold in given.questions if gold.answers and gold.id not in known]
    return replace(given, questions=tuple(asked[:most]))


def measure(given: EvaluationSet, systems: Sequence[System], model: Path) -> list[Row]:
    """Every system on one set."""
    articles = list(dict.fromkeys(given.articles.values()))
    asked = given.questions
    questions = [gold.question for gold in asked]
    with contextlib.ExitStack() as stack:
        processes = {system.name: stack.enter_context(PeerProcess(system.name, model)) for system in systems}
        costs = time_indexing(processes, articles)
        figures = {name: quality(process.ask(questions, DEPTH).rankings, asked) for name, process in processes.items()}
        waits = time_questions(processes, questions[:TIMED])
        rows = [Row(name, figures[name], costs[name], waits[name], each.peak_mb()) for name, each in processes.items()]
    print(given.name, *(f"{row.system}: {', '.join(row.cells())}" for row in rows), sep="\n  ", flush=True)
    return rows


def quality(rankings: Sequence[Sequence[str]], asked: Sequence[GoldQuestion]) -> list[float]:
    """The first three of HEADS."""
    pairs = [(ranking, gold.relevant) for ranking, gold in zip(rankings, asked, strict=True)]
    return [
        metrics.mean(metrics.recall_at(*pair, 1) for pair in pairs),
        metrics.mean(metrics.reciprocal_rank(*pair, 10) for pair in pairs),
        metrics.mean(metrics.ndcg_at(*pair, 10) for pair in pairs),
    ]


def time_indexing(processes: Mapping[str, PeerProcess], articles: Sequence[Article]) -> dict[str, Indexed]:
    """The quickest of the rounds, by system."""
    rounds = [(turn, name) for turn in range(INDEX_ROUNDS) for name in list(processes)[:: -1 if turn % 2 else 1]]
    costs: dict[str, list[Indexed]] = {name: [] for name in processes}
    for _, name in rounds:
        costs[name].append(processes[name].index(articles))
        print(name, costs[name][-1], flush=True)
    return {name: min(each, key=lambda cost: cost.seconds) for name, each in costs.items()}


def time_questions(processes: Mapping[str, PeerProcess], questions: Sequence[str]) -> dict[str, list[float]]:
    """The quickest seconds of each question, by system."""
    rounds: dict[str, list[list[float]]] = {name: [] for name in processes}
    for turn in range(ROUNDS):
        for name in list(processes)[:: -1 if turn % 2 else 1]:
            rounds[name].append(processes[name].ask(questions, TOP).seconds)
    return {name: [min(each) for each in zip(*times, strict=True)] for name, times in rounds.items()}


def picture(name: str, rows: Sequence[Row]) -> str:
    """Quality against latency: nearer to the upper left corner is better."""
    waits = [1e3 * metrics.percentile(row.latencies, 0.5) for row in rows]
    every = round_up(max(waits) / 4)
    highest = every * (int(max(waits) / every) + 1)
    says = f"{name}: mrr@10 against the median time of a question"
    x = Axis("milliseconds a question (p50)", 0, highest, [every * at for at in range(int(highest / every) + 1)])
    y = percent_axis("mrr@10", min(row.figures[1] for row in rows))
    points = [(wait, row.figures[1]) for wait, row in zip(waits, rows, strict=True)]
    marks = [
        Mark(row.system, *point, beside="left" if crowded(point, points, highest) else "right")
        for row, point in zip(rows, points, strict=True)
    ]
    return save_picture(f"peers-{name}", line_chart(says, x, y, [], marks), says)


def crowded(point: tuple[float, float], points: Sequence[tuple[float, float]], width: float) -> bool:
    """Whether a name on its right would run into another point, or over the edge."""
    wait, share = point
    beside = (other for other, level in points if abs(level - share) < LINE and other > wait)
    return min(beside, default=width) < wait + NAME * width


def markdown(tables: Mapping[str, Sequence[Row]], present: Sequence[System], missing: Sequence[str]) -> str:
    """A table a set, then how each system was set up."""
    lines = []
    for name, rows in tables.items():
        lines += [picture(name, rows), ""]
        lines += [f"| {name} | " + " | ".join(HEADS) + " |", "|---" * (len(HEADS) + 1) + "|"]
        lines += [f"| {row.system} | " + " | ".join(row.cells()) + " |" for row in rows]
        lines.append("")
    lines += [f"- {system.name}: {system.note}." for system in present]
    lines += [f"- {line}" for line in missing]
    lines += [
        "- Questions that Isnad's reader was trained on are left out.",
        f"- Latency: {TOP} passages a question, the quickest of {ROUNDS} alternating rounds, over {TIMED} questions. "
        f"Index time: encoding and writing, the quickest of {INDEX_ROUNDS}, without the start.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
