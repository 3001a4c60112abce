"""``python -m rag evaluate``: measures the whole chain on sets with known answers, and drafts such a set."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rag import __version__
from rag.commands import console
from rag.commands.command import Command, Run, positive_number
from rag.commands.progress_bar import ProgressBar
from rag.errors import EvaluationError
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.encoding.encoder import Encoder
    from rag.evaluation.measurement import Measurement

TERMINAL = "-"


def evaluate(run: Run) -> int:
    """Measure the sets given, or draft one."""
    if run.args.make_set:
        return _draft(run, run.args.make_set)
    if not run.args.folder:
        raise EvaluationError("No set was named.", "Name the folder of one, or draft one: --make-set FOLDER")
    return _measure(run)


def _measure(run: Run) -> int:
    """Every set given, one index at a time."""
    from rag.encoding.loading import load_encoder
    from rag.evaluation.evaluation_set import load_set
    from rag.evaluation.measurement import measure

    sets = [load_set(folder) for folder in run.args.folder]  # a malformed one is told before any is measured
    for path in (run.args.json, run.args.html):
        _require_folder(path)
    encoder = load_encoder(run.settings, run.report)
    done: list[Measurement] = []
    for given in sets:
        with ProgressBar(run.err, given.name) as progress:
            done.append(measure(given, run.settings, encoder, progress))
        if run.args.json != TERMINAL:
            console.show_figures(run.out, done[-1].figures)
        _write(run, done, encoder)  # after each set, so that an interrupted run keeps its work
    if run.args.json == TERMINAL:
        console.write_json(run.out, [measured.figures for measured in done])
    return 0


def _draft(run: Run, folder: Path) -> int:
    """Draft a set from the articles named, or from those of the index; 1 when some could not be read."""
    from rag.documents import Article
    from rag.evaluation.set_draft import draft_set, indexed_articles, read_articles, require_no_set
    from rag.index.engines import load_engine

    require_no_set(folder)  # told before a large corpus is read
    found = list(
        read_articles(run.args.folder)
        if run.args.folder
        else indexed_articles(run.settings.index_dir, load_engine(run.settings))
    )
    failed = [failure for failure in found if not isinstance(failure, Article) and not failure.skipped]
    for failure in failed:
        run.err.print(console.isolate(f"{failure.origin}: {failure.reason} {failure.hint}"), style="yellow")
    votes_in = run.settings.index_dir if run.args.votes else None
    articles = (article for article in found if isinstance(article, Article))
    drafted = draft_set(folder, articles, run.args.questions, votes_in)
    asked = f"{drafted.answered} that a sentence picked answers, {drafted.unanswered} that nothing may answer"
    if drafted.voted:
        asked += f"; {drafted.voted} more are those that readers voted on"
    run.out.print(f"{folder} holds {drafted.articles} articles. The questions are yours to write: {asked}.")
    then = console.as_called(f"python -m rag evaluate {folder}")
    run.out.print(f"Each line of {folder / 'questions.jsonl'} says how. Then: {then}")
    return int(bool(failed))


def _write(run: Run, done: Sequence[Measurement], encoder: Encoder) -> None:
    if run.args.json not in (None, TERMINAL):
        Path(run.args.json).write_text(console.as_json([measured.figures for measured in done]), encoding="utf-8")
    if run.args.html:
        from rag.evaluation.report.page import write_report

        Path(run.args.html).write_text(write_report(done, _facts(run.settings, encoder)), encoding="utf-8")


def _facts(settings: Settings, encoder: Encoder) -> dict[str, str]:
    """What a reader of the report needs to measure the same again."""
    system = f"{platform.system()} {platform.machine()}"
    return {
        "Measured on": date.today().isoformat(),
        "Isnad": __version__,
        "Encoder": encoder.fingerprint.name,
        "Reader": (settings.reading and settings.reader) or "none",
        "Reranker": settings.reranker or "none",
        "Answers": settings.llm_model or "extractive",
        "Passages an answer draws on": str(settings.top_k),
        "Machine": f"{system}, {os.cpu_count()} cores, Python {platform.python_version()}",
    }


def _require_folder(path: str | None) -> None:
    """The figures may take an hour: that they have nowhere to go is told before."""
    if path not in (None, TERMINAL) and not Path(path).absolute().parent.is_dir():
        raise EvaluationError(f"The folder of {path} does not exist.", "Make it, or name another file.")


def _arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", nargs="*", type=Path, metavar="FOLDER", help="a set: articles.jsonl, questions.jsonl")
    add("--json", metavar="OUT", help="write the figures as JSON to this file, - for the terminal")
    add("--html", metavar="FILE", help="write a report as a page: plots, tables, the worst questions")
    draft = "draft a set here from the index, or from the files and folders named: every question is left to write"
    add("--make-set", type=Path, metavar="NEW", help=draft)
    votes = "begin the draft with the questions that readers voted on (kept where ISNAD_LOG_QUESTIONS is true)"
    add("--votes", action="store_true", help=votes)
    add(
        "--questions",
        type=positive_number,
        default=60,
        metavar="N",
        help="how many a drafted set is to have (default: 60)",
    )


EVALUATE = Command(
    "evaluate",
    "measure retrieval, answers, refusals and speed on sets with known answers, or draft a set",
    """
    python -m rag evaluate ../shared/data/xquad-en-ar
    python -m rag evaluate ../shared/data/*/ --json figures.json --html report.html
    python -m rag evaluate --make-set my-set                 draft one from the index
    python -m rag evaluate --make-set my-set corpus news/    or from these articles
    """,
    _arguments,
    evaluate,
)
