"""The commands of ``python -m rag``: each one a line of help, its arguments and a short function.

A command is handed a :class:`Run` and returns its exit code: 0 done, 1 done with failures listed. Wrong use raises
(:mod:`rag.__main__` turns errors into messages and exit codes). Everything heavy is imported inside the functions,
so that ``--help`` and a question do not wait for what they do not use.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from rag.commands import console
from rag.documents import Filters
from rag.settings import Settings, table

if TYPE_CHECKING:
    from rich.console import Console

    from rag.assistant import Assistant

MAX_TOP_K = 50
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Run:
    """One call of a command: its arguments and where to write. Settings are read when first needed."""

    args: argparse.Namespace
    out: Console
    err: Console

    @cached_property
    def settings(self) -> Settings:
        """The environment's. Raises SettingsError."""
        return Settings.load()

    def report(self, line: str) -> None:
        """One line about a long step, kept out of what may be piped."""
        self.err.print(line, style="dim")

    def assistant(self) -> Assistant:
        """The assistant over the index. Raises IsnadError."""
        settings = self.settings  # a wrong one is told before anything is loaded
        from rag.assistant import Assistant

        return Assistant.load(settings, self.report)


@dataclass(frozen=True)
class Command:
    """A subcommand. ``examples`` are shown below its ``--help``."""

    name: str
    summary: str
    examples: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Run], int]


def ask(run: Run) -> int:
    """Answer one question."""
    question, filters = " ".join(run.args.question), filters_of(run.args)
    if run.args.stream:
        show = console.write_events if run.args.json else console.show_stream
        show(run.out, run.assistant().stream(question, filters=filters, top_k=run.args.top_k))
        return 0
    answer = run.assistant().ask(question, filters=filters, top_k=run.args.top_k)
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


def serve(run: Run) -> int:
    """Serve until stopped, as ``python app.py`` does."""
    from rag.serving.launch import serve

    given = {name: getattr(run.args, name) for name in ("host", "port") if getattr(run.args, name) is not None}
    serve(replace(run.settings, **given), run.report)
    return 0


def doctor(run: Run) -> int:
    """Check everything an answer depends on; 1 when something is wrong."""
    from rag.commands.doctor import examine, mend

    if run.args.settings:
        console.show_settings(run.out, table())
        return 0
    findings = []
    mended = mend(run.settings) if run.args.repair else ()
    for finding in chain(mended, examine(lambda: run.settings)):
        findings.append(finding)
        if not run.args.json:
            console.show_finding(run.out, finding)
    if run.args.json:
        console.write_json(run.out, [asdict(finding) for finding in findings])
    return int(any(finding.state == "problem" for finding in findings))


def _ask_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="+", metavar="QUESTION", help="in any language")
    parser.add_argument(
        "--stream", action="store_true", help="show the answer as it comes; with --json an event a line"
    )
    add_filter_arguments(parser)


def _search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", nargs="+", metavar="QUERY", help="words or a question, in any language")
    add_filter_arguments(parser)


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (default: ISNAD_HOST, or 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: ISNAD_PORT, or 7860)")


def _doctor_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repair", action="store_true", help="first mend what is damaged, encoding nothing")
    parser.add_argument("--settings", action="store_true", help="only list the settings, their defaults and meanings")
    parser.add_argument("--json", action="store_true", help="write JSON instead of text")


def add_filter_arguments(parser: argparse.ArgumentParser) -> None:
    """``--language --source --since --until --top-k --json``, the same for every command that searches."""
    add = parser.add_argument
    add("--language", action="append", default=[], metavar="CODE", help="only articles in this language; repeatable")
    add("--source", action="append", default=[], metavar="NAME", help="only articles of this source; repeatable")
    add("--since", type=_iso_date, metavar="DATE", help="only articles of YYYY-MM-DD or later")
    add("--until", type=_iso_date, metavar="DATE", help="only articles of YYYY-MM-DD or earlier")
    add("--top-k", type=_top_k, metavar="N", help=f"how many passages to draw on, 1 to {MAX_TOP_K}")
    add("--json", action="store_true", help="write JSON instead of text")


def filters_of(args: argparse.Namespace) -> Filters:
    """What :func:`add_filter_arguments` read."""
    languages = tuple(code.lower() for code in args.language)
    return Filters(languages=languages, sources=tuple(args.source), since=args.since or "", until=args.until or "")


def _iso_date(text: str) -> str:
    try:
        if _DATE.fullmatch(text):  # fromisoformat takes other forms too, which would not compare as text
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not a date; wanted YYYY-MM-DD")


def _top_k(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_TOP_K):
        raise argparse.ArgumentTypeError(f"{text!r:.20} is not a whole number from 1 to {MAX_TOP_K}")
    return int(text)


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
    Command(
        "serve",
        "serve the chat, the API and the widget",
        """
        python -m rag serve
        python -m rag serve --port 8000
        """,
        _serve_arguments,
        serve,
    ),
    Command(
        "doctor",
        "check settings, disk, model, index and endpoint; say what is wrong and the cure",
        """
        python -m rag doctor
        python -m rag doctor --settings
        python -m rag doctor --repair
        """,
        _doctor_arguments,
        doctor,
    ),
)
