"""Encoders, readers and rerankers on every set: one row a model, beside what is bundled.

    python -m bench.models [NAME...] [--data ../shared] [--questions N] [--sets SET,SET]

NAME is a model of Hugging Face that was fetched, or a folder; what it is its ``config.json`` says. Each takes the place
of the bundled one, or comes beside it, with what was learnt for it beside the index (``python -m rag calibrate``) or,
where nothing was, with the caution of the default. Questions the bundled reader was trained on are left out. Writes
``bench/results/models.md``; rows of models that are not named now are kept.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.reports import RESULTS, write_report
from rag.answering.models import LoadedModels
from rag.commands.console import open_console
from rag.commands.progress_bar import ProgressBar
from rag.encoding.model_folders import ModelFolder
from rag.evaluation.evaluation_set import EvaluationSet, load_set
from rag.evaluation.measurement import measure
from rag.settings import Settings
from training.examples import spent

SETS = ("xquad-ar-ar", "xquad-en-ar", "xquad-es-ar", "xquad-ar-en", "xquad-en-en", "arcd", "news-ar")
BUNDLED = "bundled"
QUESTIONS = 200  # of each set, at most
KINDS = {"ForQuestionAnswering": "reader", "ForSequenceClassification": "reranker"}
COLUMNS = (
    ("retrieval", "mrr@10"),
    ("answers", "hit"),
    ("answers", "f1"),
    ("short_answers", "shown"),
    ("short_answers", "right"),
    ("latency_ms", "p50"),
)
HEADS = ("model", "is the", "calibration", "set", "questions", *(name for _, name in COLUMNS))
ROW = re.compile(r"^\| (?!model \|)(\S+) \| ([a-z0-9, -]+) \| .*\|$")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each model, write the table after each set."""
    parser = argparse.ArgumentParser(prog="python -m bench.models")
    parser.add_argument("name", nargs="*", default=[BUNDLED], help=f"a model; {BUNDLED}: those that are")
    parser.add_argument("--data", type=Path, default=Path("../shared"), help="folder of data and train")
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="of each set, at most")
    parser.add_argument("--sets", default=",".join(SETS))
    given = parser.parse_args(arguments)
    known = spent(given.data / "train")
    sets = [some(load_set(given.data / "data" / name), known, given.questions) for name in given.sets.split(",")]
    names = [Path(name).expanduser().resolve().name for name in given.name]
    rows = [row for row in kept_rows() if row.split(" ")[1] not in names]
    command = f"python -m bench.models NAME... --questions {given.questions} --sets {given.sets}"
    for name in given.name:
        for row in rows_of(name, sets):
            rows.append(row)
            write_report("models", command, markdown(rows))


def rows_of(name: str, sets: Sequence[EvaluationSet]) -> Iterator[str]:
    """One model on each set."""
    kind = kind_of(name)
    chosen: dict[str, Any] = {} if kind == BUNDLED else {kind: name}
    settings = replace(Settings.load(), **chosen)
    console = open_console(sys.stderr)
    models = LoadedModels.load(settings, console.print)
    runs = kind if kind == BUNDLED or settings.backend == "torch" else f"{kind}, {settings.backend}"
    told = (Path(name).expanduser().resolve().name, runs, models.calibration(settings.index_dir).origin)
    for given in sets:
        with ProgressBar(console, f"{told[0]} on {given.name}") as progress:
            yield row(told, measure(given, settings, models.encoder, progress).figures)


def kind_of(name: str) -> str:
    """The setting that names such a model. Raises EncoderError for one that is not on this machine."""
    if name == BUNDLED:
        return BUNDLED
    architectures = ModelFolder.find("ISNAD_ENCODER", name).config().get("architectures") or []
    return next((kind for head, kind in KINDS.items() if any(head in str(each) for each in architectures)), "encoder")


def row(told: Sequence[str], figures: Mapping[str, Any]) -> str:
    """A line of the table; a figure that a set cannot give is left blank."""
    values = [figures.get(group, {}).get(name) for group, name in COLUMNS]
    cells = ["" if value is None else f"{value:.3f}" if value <= 1 else f"{value:.0f}" for value in values]
    return "| " + " | ".join([*told, figures["dataset"], str(figures["questions"]), *cells]) + " |"


def some(given: EvaluationSet, known: frozenset[str], most: int) -> EvaluationSet:
    """The set with questions that the reader was not trained on, spread evenly over it."""
    left = [gold for gold in given.questions if gold.id.split("-")[-1] not in known]
    return replace(given, questions=left[:: -(-len(left) // most) or 1])


def kept_rows() -> list[str]:
    """The rows of the last report."""
    path = RESULTS / "models.md"
    return [line for line in path.read_text("utf-8").splitlines() if ROW.match(line)] if path.is_file() else []


def markdown(rows: Sequence[str]) -> str:
    """The whole table."""
    return "\n".join(["| " + " | ".join(HEADS) + " |", "|---" * len(HEADS) + "|", *rows])


if __name__ == "__main__":
    main()
