"""What a command of ``python -m rag`` is: a line of help, its arguments and a short function; and the shared arguments.

A command is handed a :class:`Run` and returns its exit code: 0 done, 1 done with failures listed. Wrong use raises
(:mod:`rag.__main__` turns errors into messages and exit codes). Everything heavy is imported inside the functions,
so that ``--help`` and a question do not wait for what they do not use.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from rag.documents import Filters
from rag.settings import MAX_TOP_K, Settings

if TYPE_CHECKING:
    from rich.console import Console

    from rag.assistant import Assistant

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


def positive_number(text: str) -> int:
    """What an argument counts: a whole number above 0."""
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r:.20} is not a whole number above 0")
    return int(text)


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
