"""A real Chromium for the browser tests, or a skip that says what is missing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

Page = Any
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@contextmanager
def open_chromium() -> Iterator[Callable[..., Page]]:
    """A function that opens a page in a context of its own; keywords go to the context (viewport, color_scheme)."""
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    binary = next(filter(None, map(shutil.which, NAMES)), None)
    if binary is None:
        pytest.skip("needs Chromium (apt install chromium)")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        yield lambda **context: _page(browser, context)
        browser.close()


def _page(browser: Any, context: dict[str, Any]) -> Page:
    page = browser.new_context(**context).new_page()
    page.set_default_timeout(30_000)  # Gradio takes its time on a busy machine
    return page
