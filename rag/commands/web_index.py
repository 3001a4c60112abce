"""``python -m rag index https://…``: what the command line says of indexing from the web."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from rag.commands import console
from rag.commands.command import Run
from rag.errors import CorpusError

if TYPE_CHECKING:
    from rag.ingestion.web_sources import WebSourceReport, WebSources

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def web_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that are for addresses of the web alone."""
    parser.add_argument("--every", metavar="TIME", help="fetch the addresses again and again: 15m, 2h, 1d")
    parser.add_argument(
        "--allow-private", action="store_true", help="follow addresses into private networks, not only those given"
    )


def seconds_of(every: str) -> float:
    """``15m`` in seconds. Raises CorpusError."""
    found = re.fullmatch(r"(\d{1,6})\s*([smhd])", every.strip().lower())
    if not found or not int(found[1]):
        raise CorpusError(f"--every {every!r} is no time.", "Write a number and s, m, h or d, as in 15m.")
    return float(int(found[1]) * _UNITS[found[2]])


def rounds(seconds: float, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Once, and then every so many seconds until Ctrl-C, unless they are 0."""
    yield
    try:
        while seconds:
            sleep(seconds)
            yield
    except KeyboardInterrupt:
        return


def web_sources(run: Run, urls: Sequence[str]) -> WebSources:
    """The addresses, with a fetcher that keeps what it learns of their hosts."""
    from rag.ingestion.web_fetching import Fetcher
    from rag.ingestion.web_sources import WebSources

    return WebSources(urls, Fetcher(allow_private=run.args.allow_private))


def reports_in_json(reports: Sequence[WebSourceReport]) -> dict[str, Any]:
    """What became of each address, beside the report of the articles."""
    return {"web": [asdict(report) for report in reports]} if reports else {}


def show_reports(run: Run, reports: Sequence[WebSourceReport]) -> None:
    """A line for each address."""
    for report in reports:
        counts = {"read": report.read, "unchanged": report.unchanged, "failed": report.failed}
        told = [f"{count} {what}" for what, count in counts.items() if count]
        told += [f"{report.left} left for the next run"] if report.left else []
        note = f" ({report.note})" if report.note else ""
        run.out.print(console.isolate(f"{report.url}, a {report.kind}: {', '.join(told) or 'nothing'}{note}"))
