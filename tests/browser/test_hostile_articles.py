"""Markup in an article's text, title, source, address and file name, from the upload to every surface in Chromium."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest

from rag.assistant import Assistant
from rag.ingestion.indexing import index_given
from rag.serving.launch import build_app
from rag.settings import Settings
from tests.browser.chromium import Page
from tests.fake_assistant import HOSTILE_STRINGS
from tests.fakes import HashEncoder
from tests.loopback import serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore"),  # Gradio and pandas warn of their own affairs
]
QUESTION = "The dam opened on Monday <img src=x onerror=alert(1)>"
RUN = "script:not([src]):not([type]), img, iframe, svg [onload], [onerror], [onmouseover]"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose every article was uploaded with hostile fields under a hostile name."""
    settings = Settings(index_dir=tmp_path_factory.mktemp("index"), questions_per_minute=10_000, reading=False)
    index_given([], index_dir=settings.index_dir, encoder=HashEncoder())

    async def build() -> object:
        return build_app(settings, Assistant.load(settings, encoder=HashEncoder()))

    with ThreadPoolExecutor(1) as pool:  # Playwright may already run a loop in this thread
        app = pool.submit(asyncio.run, build()).result()
    with serving(app) as address:
        upload(address)
        yield address


def upload(address: str) -> None:
    texts = enumerate(HOSTILE_STRINGS)
    files = [("files", (f"{text}{i}.json", json.dumps(fields(text)), "application/json")) for i, text in texts]
    files.append(("files", ("<img src=x onerror=alert(1)>.exe", "MZ\0", "text/html")))
    job = httpx.post(f"{address}/api/v1/articles", files=files).json()
    deadline = time.monotonic() + 60
    while job["state"] in ("queued", "running") and time.monotonic() < deadline:
        time.sleep(0.1)
        job = httpx.get(f"{address}/api/v1/jobs/{job['id']}").json()
    assert job["report"]["counts"]["indexed"] == len(HOSTILE_STRINGS)
    assert job["report"]["counts"]["failed"] == 1


def fields(text: str) -> dict[str, str]:
    body = f"The dam opened on Monday {text} and it feeds two towns {text}. It cost {len(text)} million."
    return {"text": body, "title": f"Dam {text}", "source": text, "url": text, "author": text, "date": text}


@pytest.fixture
def page(chromium: Callable[..., Page]) -> Iterator[Page]:
    page = chromium()
    yield page
    page.wait_for_timeout(300)  # for what would run late


def test_the_chat_shows_it_as_text(address: str, page: Page) -> None:
    page.goto(address)
    page.locator("textarea").first.fill(QUESTION)
    page.locator("textarea").first.press("Enter")
    page.locator("#isnad-current .reply[aria-busy=false]").wait_for()

    shown = page.locator("#isnad-main").inner_text()
    assert "<img src=x onerror=alert(1)>" in shown
    assert page.locator("#isnad-main").locator(RUN).count() == 0


def test_the_widget_shows_it_as_text(address: str, page: Page) -> None:
    page.goto(f"{address}/widget-demo")
    page.locator("isnad-chat .launcher").click()
    page.locator("isnad-chat textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator("isnad-chat .reply[aria-busy=false]").wait_for()
    for closed in page.locator("isnad-chat summary").all():
        closed.click()

    assert page.locator("isnad-chat .card").count() > 0
    assert "onerror=alert(1)" in page.locator("isnad-chat .log:not(.reader)").inner_text()
    assert page.locator("isnad-chat .log:not(.reader)").locator(RUN).count() == 0


def test_json_opened_as_a_page_runs_nothing(address: str, page: Page) -> None:
    listed = httpx.get(f"{address}/api/v1/articles").json()["articles"]
    assert {row["origin"] for row in listed} >= {"uploads/script>0.json", f"uploads/{HOSTILE_STRINGS[1]}1.json"}
    paths = ["/api/v1/articles", "/openapi.json", *(f"/api/v1/articles/{row['id']}" for row in listed)]
    for unknown in ("/api/v1/articles/", "/api/v1/jobs/", "/v1/models/", "/docs/", "/embed/"):
        paths += [unknown + quote(text, safe="") for text in HOSTILE_STRINGS[:3]]
    for path in paths:
        page.goto(address + path)
        assert page.evaluate("document.contentType") == "application/json", path
        assert page.locator(RUN).count() == 0, path
