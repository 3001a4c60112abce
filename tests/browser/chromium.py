"""A real Chromium for the browser tests, or a skip that says what is missing; and what no page of ours may do in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

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


def watch(context: Any, problems: list[str], besides: tuple[str, ...] = ()) -> None:
    """Note what the pages of a context do that none of ours may: ask another host, ever, fail in a script, open a
    dialog, break their content policy. ``besides``: what they may ask beside where they were opened.
    """
    homes = {_origin(address) for address in besides}

    def asked(request: Any) -> None:
        origin = _origin(request.url)
        if request.is_navigation_request() and not request.frame.parent_frame and _is_here(request.url):
            homes.add(origin)
        elif origin not in homes and not request.url.startswith(("data:", "blob:")):
            problems.append(f"request {request.url}")

    context.on("request", asked)
    context.on("weberror", lambda failed: problems.append(f"error {failed.error}"))
    context.on("dialog", lambda dialog: (problems.append(f"dialog {dialog.message}"), dialog.dismiss()))
    context.on(
        "console", lambda said: "Content Security Policy" in said.text and problems.append(f"policy {said.text}")
    )


def _origin(address: str) -> tuple[str, str]:
    return urlsplit(address)[:2]


def _is_here(address: str) -> bool:
    return address.startswith(("http://127.0.0.1:", "file://"))
