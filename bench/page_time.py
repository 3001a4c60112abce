"""How long a reader waits for an answer in the page itself: from Enter to the first quote, and to the settled answer.

    python -m bench.page_time

Chromium on this machine, the server in this process over the sample articles, the questions those that tests ask of
them; the clock is the page's own. Needs Chromium and playwright. Writes ``bench/results/page_time.md``.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

from bench.reports import write_report
from rag.serving.launch import build_app, load_assistant
from rag.settings import Settings
from tests.browser.chromium import open_chromium
from tests.conftest import ROOT
from tests.loopback import serving

QUESTIONS = ROOT / "tests" / "quality" / "corpus_questions.jsonl"
FIRST = 1  # the first question of a page is not counted: it finds nothing warm
# Milliseconds from the next Enter to the first words of an exchange that is not there yet, and to its end.
_CLOCK = """() => { const had = document.querySelector('#isnad-current .exchange')?.dataset.key;
  window.took = new Promise((done) => {
    let begun, first;
    const look = new MutationObserver(() => {
      const current = document.querySelector('#isnad-current .exchange');
      if (!current || current.dataset.key === had) return;
      const now = performance.now() - begun;
      if (current.querySelector('.sentences:not(:empty), .near, .refusal')) first ??= now;
      if (current.querySelector('.reply[aria-busy=false]')) look.disconnect(), done([first ?? now, now]);
    });
    look.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
    addEventListener('keydown', () => { begun = performance.now() }, {capture: true, once: true});
  }) }"""


def main() -> None:
    """Ask each question once and write the medians."""
    asked = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
        settings = Settings(index_dir=Path(folder), questions_per_minute=1000)
        app = pool.submit(asyncio.run, _build(settings)).result()  # Playwright runs a loop in this thread
        with serving(app) as address, open_chromium() as new_page:
            page = new_page(locale="en-GB")
            page.goto(address)
            page.locator("html.isnad-ready #isnad-question textarea").wait_for()
            times = [_ask(page, question) for question in asked][FIRST:]
    first, whole = (round(median(column)) for column in zip(*times, strict=True))
    body = f"{len(times)} questions, load {os.getloadavg()[0]:.1f}. Medians from Enter, in ms."
    table = f"| first quote | settled answer |\n| --- | --- |\n| {first} | {whole} |"
    write_report("page_time", "python -m bench.page_time", f"{body}\n\n{table}")


async def _build(settings: Settings) -> object:
    return build_app(settings, load_assistant(settings, lambda _: None))


def _ask(page: Any, question: str) -> tuple[float, float]:
    page.fill("#isnad-question textarea", question)
    page.evaluate(_CLOCK)
    page.keyboard.press("Enter")
    first, whole = page.evaluate("window.took")
    page.locator("#isnad-question .submit-button").wait_for()
    return first, whole


if __name__ == "__main__":
    main()
