"""The operator's page in a real Chromium: what it shows in each language, and taking keys back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from rag.serving.api import build_api
from rag.serving.gate.access import KeyRing
from rag.serving.gate.embeds import EmbedBook
from rag.settings import Settings
from tests.browser.axe import serious
from tests.browser.chromium import Page
from tests.fake_assistant import FakeAssistant
from tests.loopback import serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="module")
def address(index: Path) -> Iterator[str]:
    with serving(build_api(Settings(index_dir=index), FakeAssistant())) as address:
        for question in ("Which countries formed the joint staff?", "ما عاصمة اليابان؟", "missiles"):
            httpx.post(f"{address}/api/v1/ask", json={"question": question})
        httpx.get(f"{address}/api/v1/articles/none")
        yield address


@pytest.fixture
def visit(address: str, chromium: Callable[..., Page]) -> Callable[..., Page]:
    def open_page(**context: object) -> Page:
        page = chromium(**{"locale": "en-GB", **context})
        page.goto(f"{address}/admin")
        page.locator("#outcomes table, #problem:not([hidden])").first.wait_for()
        return page

    return open_page


@pytest.mark.parametrize(
    ("locale", "width", "scheme", "title", "share"),
    [
        ("en-GB", 1280, "light", "Server", "Refused"),
        ("fr-FR", 1280, "dark", "Serveur", "Refusées"),
        ("ar-DZ", 390, "dark", "الخادم", "رُفضت"),
        ("ar-DZ", 390, "light", "الخادم", "رُفضت"),
    ],
)
def test_it_shows_how_the_server_does(
    visit: Callable[..., Page], locale: str, width: int, scheme: str, title: str, share: str
) -> None:
    page = visit(locale=locale, viewport={"width": width, "height": 900}, color_scheme=scheme)

    assert page.get_by_role("heading", level=1).inner_text() == title
    assert page.evaluate("document.documentElement.dir") == ("rtl" if locale == "ar-DZ" else "ltr")
    assert page.locator("#outcomes th").all_inner_texts()[-1] == share
    assert page.locator("#problems code").first.inner_text() == "404 not_found"
    assert page.locator("#days tbody tr").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert serious(page) == []
    page.context.close()


def test_a_key_and_an_embed_are_revoked_by_a_second_click(
    visit: Callable[..., Page], index: Path, chromium: Callable[..., Page], address: str
) -> None:
    embed = EmbedBook.open(index).create("<b>site</b>", ["https://news.example"])
    page = visit()
    button = page.get_by_role("button", name="Revoke <b>site</b>")
    button.click()
    sure = page.get_by_role("button", name="Revoke for good?")
    sure.wait_for()
    assert [each.id for each in EmbedBook.open(index).list()] == [embed.id]
    assert serious(page) == []
    sure.click()
    page.locator("#embeds .empty").wait_for()
    assert EmbedBook.open(index).list() == []

    keys = KeyRing.open(index)
    _, secret = keys.create("operator", ["admin"])
    reader, _ = keys.create("reader", ["ask"])
    page.goto(f"{address}/admin")  # a key is needed now
    page.get_by_label("Key").fill(secret)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Revoke reader").click()
    page.get_by_role("button", name="Revoke for good?").click()
    page.locator(f"#keys [data-id='{reader.id}']").wait_for(state="detached")
    assert [key.name for key in KeyRing.open(index).list()] == ["operator"]
    page.context.close()
    keys.revoke(keys.list()[0].id)
