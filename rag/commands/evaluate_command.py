"""``python -m rag evaluate``: measures the whole chain on sets with known answers."""

from __future__ import annotations

import argparse
from pathlib import Path

from rag.commands import console
from rag.commands.commands import Command, Run
from rag.commands.progress_bar import ProgressBar


def evaluate(run: Run) -> int:
    """Measure every set given, one index at a time."""
    from rag.encoding.encoder import load_encoder
    from rag.evaluation.evaluation import measure
    from rag.evaluation.evaluation_set import load_set

    sets = [load_set(folder) for folder in run.args.folder]  # a malformed one is told before any is measured
    encoder = load_encoder(run.settings, run.report)
    results = []
    for given in sets:
        with ProgressBar(run.err, given.name) as progress:
            results.append(measure(given, run.settings, encoder, progress).figures)
        if run.args.json != "-":
            console.show_figures(run.out, results[-1])
        if run.args.json not in (None, "-"):  # after each set, so that an interrupted run keeps its work
            Path(run.args.json).write_text(console.as_json(results), encoding="utf-8")
    if run.args.json == "-":
        console.write_json(run.out, results)
    return 0


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="+", type=Path, metavar="FOLDER", help="a set: articles.jsonl, questions.jsonl")
    parser.add_argument("--json", metavar="OUT", help="write the figures as JSON to this file, - for the terminal")


EVALUATE = Command(
    "evaluate",
    "measure retrieval, answers, refusals and speed on sets with known answers",
    """
    python -m rag evaluate ../shared/data/xquad-en-ar
    python -m rag evaluate ../shared/data/*/ --json figures.json
    """,
    _arguments,
    evaluate,
)
