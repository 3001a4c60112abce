"""``python -m rag calibrate``: learns for the models chosen what their scores are worth, from evaluation sets."""

from __future__ import annotations

import argparse
from pathlib import Path

from rag import files
from rag.commands import console
from rag.commands.command import Command, Run, positive_number
from rag.commands.progress_bar import ProgressBar
from rag.errors import EvaluationError


def calibrate(run: Run) -> int:
    """Learn, tell what changed, and store it beside the index unless only that is wanted."""
    from rag.answering.models import LoadedModels
    from rag.evaluation.evaluation_set import load_set
    from rag.learning import calibrator, change_report

    sets = [load_set(folder) for folder in (*run.args.folder, *run.args.measure)]  # a malformed one is told first
    if len({each.name for each in sets}) < len(sets):
        raise EvaluationError("Two sets have one name.", "Name each folder once; sets go by the names of folders.")
    unlearnt = frozenset(each.name for each in sets[len(run.args.folder) :])
    models = LoadedModels.load(run.settings, run.report)
    before = models.calibration(run.settings.index_dir)
    plan = calibrator.Plan(sets, unlearnt, questions=run.args.questions)
    with ProgressBar(run.err, "calibrate") as progress:
        done = calibrator.calibrate(plan, models, before, progress)
    title = f"Calibration of {models.named.names}"
    report = change_report.markdown(title, before, done.outcomes, list(done.lines))
    run.out.print(console.isolate(report), markup=False, highlight=False)
    if run.args.dry_run:
        return 0
    path = done.calibration.save(run.settings.index_dir, models.named)
    files.replace_durably(path.with_suffix(".md"), report.encode())
    run.out.print(f"Stored in {path}; a server that runs takes it when it is started anew.")
    return 0


def _arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", nargs="+", type=Path, metavar="SET", help="a set to learn from: articles.jsonl, questions.jsonl")
    measured = "a set that nothing is learnt from, to see what the rest brings it; repeatable"
    add("--measure", action="append", default=[], type=Path, metavar="SET", help=measured)
    add("--questions", type=positive_number, default=500, metavar="N", help="of each set, at most (default: 500)")
    add("--dry-run", action="store_true", help="tell what would change and store nothing")


CALIBRATE = Command(
    "calibrate",
    "learn what the scores of the models chosen are worth, from sets with known answers",
    """
    python -m rag calibrate my-set
    python -m rag calibrate ../shared/data/xquad-en-ar ../shared/data/arcd --measure my-set
    ISNAD_RERANKER=BAAI/bge-reranker-v2-m3 python -m rag calibrate my-set
    """,
    _arguments,
    calibrate,
)
