"""How soon the chat page is of use on a slow line, and what it weighs.

    python -m bench.slow_line

Chromium with an empty cache, then once more with what it kept, at 400 kbit/s and 100 ms of latency (its own emulation,
over the DevTools protocol). The server runs in this process, with a stand-in for the assistant: its answers weigh as
others do, and nothing else of it reaches the page. Needs Chromium and playwright. Writes
``bench/results/slow_line.md``.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.reports import write_report
from rag.serving.launch import build_app
from rag.settings import Settings
from tests.browser.chromium import open_chromium
from tests.fake_assistant import FakeAssistant
from tests.loopback import serving

LINE = {"offline": False, "latency": 100, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
VISITS = ("first visit", "again, in a new tab")
_HEAD = ("", "first paint, s", "field takes a question, s", "whole page, s", "requests", "kB")
FIELD = "#isnad-shell textarea, #isnad-question textarea"


@dataclass
class Traffic:
    """What came over the line: ``requests`` that were sent to the server and the bytes of its answers, heads too."""

    requests: int = 0
    bytes: int = 0
    _cached: set[str] = field(default_factory=set)

    def watch(self, devtools: Any) -> None:
        """Count from here on."""
        devtools.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        devtools.on("Network.loadingFinished", self._finished)

    def _finished(self, event: Mapping[str, Any]) -> None:
        if event["requestId"] not in self._cached and event["encodedDataLength"]:
            self.requests += 1
            self.bytes += int(event["encodedDataLength"])


def main() -> None:
    """Measure both visits and write the table."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
        settings = Settings(index_dir=Path(folder), questions_per_minute=1000)
        app = pool.submit(asyncio.run, _build(settings)).result()  # Playwright runs a loop in this thread
        with serving(app) as address, open_chromium() as new_page:
            context = new_page(locale="en-GB").context
            rows = [_visit(context.new_page(), address, name) for name in VISITS]
    table = "\n".join(f"| {' | '.join(map(str, row))} |" for row in (_HEAD, ["---"] * len(_HEAD), *rows))
    write_report("slow_line", "python -m bench.slow_line", f"400 kbit/s, 100 ms of latency.\n\n{table}")


async def _build(settings: Settings) -> object:
    return build_app(settings, FakeAssistant())


def _visit(page: Any, address: str, name: str) -> tuple[object, ...]:
    """Seconds to the first paint, to a field that takes what is typed, and to the whole page; its weight."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", LINE)
    traffic = Traffic()
    traffic.watch(devtools)
    begun = time.monotonic()
    page.goto(address, wait_until="commit")
    page.set_default_timeout(90_000)
    page.locator(FIELD).first.wait_for()
    typed = time.monotonic() - begun
    page.locator("html.isnad-ready #isnad-question textarea").wait_for()
    ready = time.monotonic() - begun
    _settle(page, traffic)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0") / 1000
    return name, round(paint, 1), round(typed, 1), round(ready, 1), traffic.requests, round(traffic.bytes / 1000)


def _settle(page: Any, traffic: Traffic, quiet_ms: int = 3000) -> None:
    """Until nothing more has come for a while; the chat's stream of events never ends."""
    came = -1
    while came != traffic.bytes:
        came = traffic.bytes
        page.wait_for_timeout(quiet_ms)


if __name__ == "__main__":
    main()
