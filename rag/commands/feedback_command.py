"""``python -m rag feedback export``: an evaluation set made of what readers voted on."""

from __future__ import annotations

import argparse
from pathlib import Path

from rag.commands import console
from rag.commands.command import Command, Run


def feedback(run: Run) -> int:
    """Export the votes kept beside the index."""
    from rag.evaluation.feedback_set import export_votes
    from rag.evaluation.set_draft import indexed_articles, require_no_set
    from rag.index.engines import load_engine

    folder, index_dir = run.args.folder, run.settings.index_dir
    require_no_set(folder)
    articles = indexed_articles(index_dir, load_engine(run.settings))
    made = export_votes(folder, articles, index_dir)
    known = f"{made.answered} that the articles answer, {made.unanswered} that they do not"
    run.out.print(f"{folder} holds {made.answered + made.unanswered} questions of readers: {known}.")
    if made.review:
        run.out.print(f"{made.review} to complete: each line of {folder / 'review.jsonl'} says how.")
    run.out.print(f"Then: {console.as_called(f'python -m rag evaluate {folder}')}")
    return 0


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    export = actions.add_parser("export", help="make an evaluation set of the votes")
    export.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder for the set")


FEEDBACK = Command(
    "feedback",
    "make an evaluation set of the votes of readers",
    """
    python -m rag feedback export readers
    """,
    _arguments,
    feedback,
)
