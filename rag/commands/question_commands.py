"""Asking from the command line: ``ask`` and ``search``."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from rag.commands import console
from rag.commands.command import Command, Run, add_filter_arguments, filters_of
from rag.documents import Question


def ask(run: Run) -> int:
    """Answer one question."""
    question = Question(" ".join(run.args.question), filters=filters_of(run.args), top_k=run.args.top_k)
    if run.args.stream:
        show = console.write_events if run.args.json else console.show_stream
        show(run.out, run.assistant().stream(question))
        return 0
    answer = run.assistant().ask(question)
    if run.args.json:
        console.write_json(run.out, answer.to_dict())
    else:
        console.show_answer(run.out, answer)
    return 0


def search(run: Run) -> int:
    """List the passages nearest to a query."""
    query = " ".join(run.args.query)
    found = run.assistant().search(query, filters=filters_of(run.args), top_k=run.args.top_k)
    if run.args.json:
        console.write_json(run.out, {"query": query, "passages": [asdict(passage) for passage in found]})
    elif found:
        console.show_passages(run.out, found)
    else:
        run.out.print("No passage passes the filters.")
    return 0


def _ask_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="+", metavar="QUESTION", help="in any language")
    parser.add_argument(
        "--stream", action="store_true", help="show the answer as it comes; with --json an event a line"
    )
    add_filter_arguments(parser)


def _search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", nargs="+", metavar="QUERY", help="words or a question, in any language")
    add_filter_arguments(parser)


COMMANDS = (
    Command(
        "ask",
        "answer a question from the articles, with exact quotes",
        """
        python -m rag ask "Which countries formed the joint staff?"
        python -m rag ask --language ar --since 2011-01-01 "متى أنشئت هيئة الأركان المشتركة؟"
        python -m rag ask --json "Qui a invité le président malien ?" | jq .citations[0].quote
        python -m rag ask --stream "How many missiles disappeared in Libya?"
        """,
        _ask_arguments,
        ask,
    ),
    Command(
        "search",
        "list the passages nearest to a query, without an answer",
        """
        python -m rag search "missiles in Libya"
        python -m rag search --top-k 20 --json "صواريخ ليبيا"
        """,
        _search_arguments,
        search,
    ),
)
