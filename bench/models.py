"""Encoders, readers and rerankers on every set: one row a model, beside what is bundled.

    python -m bench.models [NAME...] [--data ../shared] [--questions N] [--sets SET,SET]

NAME is a model of Hugging Face that was fetched, or a folder; what it is its ``config.json`` says. Each takes the place
of the bundled one, or comes beside it, with what was learnt for it beside the index (``python -m rag calibrate``) or,
where nothing was, with the caution of the default. Questions the bundled reader was trained on are left out. Each is
searched for, a hundred passages deep, and asked; "CPU ms" is of both, which what else a machine does hardly changes.
Articles are indexed once for each encoder. Writes ``bench/results/models.md``; rows not measured now are kept.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.reports import RESULTS, write_report
from rag.answering.models import LoadedModels
from rag.assistant import Assistant
from rag.commands.console import open_console
from rag.commands.progress_bar import ProgressBar
from rag.documents import Article
from rag.encoding.encoder import Encoder, Fingerprint
from rag.encoding.loading import load_encoder
from rag.encoding.model_folders import ModelFolder
from rag.evaluation.evaluation_set import EvaluationSet, load_set
from rag.evaluation.measurement import ShowProgress, figures, put_questions
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.learning.memory import RememberingScorer
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
    ("cpu_ms", "CPU ms"),
)
HEADS = ("model", "is the", "calibration", "set", "questions", *(name for _, name in COLUMNS))
ROW = re.compile(r"^\| (?!model \|)(\S+ \| [a-z0-9, -]+ \| \S+ \| \S+) \| .*\|$")


@dataclass(frozen=True)
class Indexes:
    """One of each articles and encoder, in folders that ``stack`` removes."""

    stack: ExitStack
    encoders: dict[str, Encoder] = field(default_factory=dict)
    made: dict[tuple[Fingerprint, frozenset[Article]], Path] = field(default_factory=dict)

    def encoder(self, settings: Settings) -> Encoder:
        """The one that the settings name, loaded once."""
        if settings.encoder not in self.encoders:
            self.encoders[settings.encoder] = load_encoder(settings)
        return self.encoders[settings.encoder]

    def folder(self, given: EvaluationSet, encoder: Encoder) -> Path:
        """With the set's articles in it."""
        key = encoder.fingerprint, frozenset(given.articles.values())
        if key not in self.made:
            folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="isnad-models-")))
            index_given(dict.fromkeys(given.articles.values()), index_dir=folder, encoder=encoder)
            self.made[key] = folder
        return self.made[key]


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
    rows = kept_rows()
    command = f"python -m bench.models NAME... --questions {given.questions} --sets {given.sets}"
    with ExitStack() as stack:
        indexes = Indexes(stack)
        for name in given.name:
            for row in rows_of(name, sets, indexes):
                rows |= keyed(row)
                write_report("models", command, markdown(list(rows.values())))


def rows_of(name: str, sets: Sequence[EvaluationSet], indexes: Indexes) -> Iterator[str]:
    """One model on each set."""
    kind = kind_of(name)
    chosen: dict[str, Any] = {} if kind == BUNDLED else {kind: name}
    settings = replace(Settings.load(), **chosen)
    console = open_console(sys.stderr)
    models = LoadedModels.load(settings, console.print, indexes.encoder(settings))
    if models.reranker:  # a question is searched for and asked: each of its passages is scored once
        models = replace(models, reranker=RememberingScorer(models.reranker))
    runs = kind if kind == BUNDLED or settings.backend == "torch" else f"{kind}, {settings.backend}"
    told = (Path(name).expanduser().resolve().name, runs, models.calibration(settings.index_dir).origin)
    for given in sets:
        with ProgressBar(console, f"{told[0]} on {given.name}") as progress:
            yield row(told, measured(given, models, replace(settings, qdrant_url=""), indexes, progress))


def measured(
    given: EvaluationSet, models: LoadedModels, settings: Settings, indexes: Indexes, progress: ShowProgress
) -> Mapping[str, Any]:
    """The figures of a set, with what the process took for a question."""
    folder, calibration = indexes.folder(given, models.encoder), models.calibration(settings.index_dir)
    index = Index.open(folder, models.encoder.fingerprint)
    there, judge = replace(settings, index_dir=folder), models.judge(calibration)
    assistant = Assistant(there, models.encoder, index, judge, calibration=calibration)
    began = time.process_time()
    outcomes = list(put_questions(given, assistant, progress))
    took = 1000 * (time.process_time() - began) / max(len(outcomes), 1)
    index.close()
    counts = {"dataset": given.name, "questions": len(given.questions)}
    return {**counts, **figures(given, outcomes), "cpu_ms": {"CPU ms": took}}


def kind_of(name: str) -> str:
    """The setting that names such a model. Raises EncoderError for one that is not on this machine."""
    if name == BUNDLED:
        return BUNDLED
    architectures = ModelFolder.find("ISNAD_ENCODER", name).architectures()
    return next((kind for head, kind in KINDS.items() if any(head in each for each in architectures)), "encoder")


def row(told: Sequence[str], figures: Mapping[str, Any]) -> str:
    """A line of the table; a figure that a set cannot give is left blank."""
    values = [figures.get(group, {}).get(name) for group, name in COLUMNS]
    cells = ["" if value is None else f"{value:.3f}" if value <= 1 else f"{value:.0f}" for value in values]
    return "| " + " | ".join([*told, figures["dataset"], str(figures["questions"]), *cells]) + " |"


def some(given: EvaluationSet, known: frozenset[str], most: int) -> EvaluationSet:
    """The set with questions that the reader was not trained on, spread evenly over it."""
    left = [gold for gold in given.questions if gold.id.split("-")[-1] not in known]
    return replace(given, questions=left[:: -(-len(left) // most) or 1])


def kept_rows() -> dict[str, str]:
    """The rows of the last report, by model, calibration and set."""
    path = RESULTS / "models.md"
    return keyed(*path.read_text("utf-8").splitlines()) if path.is_file() else {}


def keyed(*lines: str) -> dict[str, str]:
    """Those lines that are rows."""
    return {found[1]: line for line in lines if (found := ROW.match(line))}


def markdown(rows: Sequence[str]) -> str:
    """The whole table."""
    return "\n".join(["| " + " | ".join(HEADS) + " |", "|---" * len(HEADS) + "|", *rows])


if __name__ == "__main__":
    main()
