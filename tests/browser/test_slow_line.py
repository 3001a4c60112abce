"""The chat page before Gradio is there: its shell takes the question, and what was typed or sent is not lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rag.serving.launch import build_app
from rag.settings import Settings
from tests.browser.axe import serious
from tests.browser.chromium import Page
from tests.fake_assistant import FakeAssistant
from tests.loopback import serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore"),  # Gradio and pandas warn of their own affairs
]
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 800}
FIELD = "#isnad-question textarea"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    async def build() -> object:
        settings = Settings(index_dir=tmp_path_factory.mktemp("index"), questions_per_minute=1000)
        return build_app(settings, FakeAssistant())

    with ThreadPoolExecutor(1) as pool:  # Playwright already runs a loop in this thread
        app = pool.submit(asyncio.run, build()).result()
    with serving(app) as address:
        yield address


def early(page: Page, address: str) -> tuple[Page, Callable[[], None]]:
    """The page with its scripts held back, and what lets them come."""
    held: list[Any] = []
    released = False
    page.route("**/assets/*.js", lambda route: route.continue_() if released else held.append(route))
    page.goto(address, wait_until="commit")
    page.locator("#isnad-shell textarea").wait_for()

    def release() -> None:
        nonlocal released
        released = True
        for route in held:
            route.continue_()

    return page, release


@pytest.mark.parametrize(
    ("locale", "viewport", "words"),
    [("en-GB", DESKTOP, "which countries"), ("fr-FR", DESKTOP, "Combien"), ("ar-DZ", PHONE, "كم عدد الصواريخ")],
)
def test_what_was_typed_in_the_shell_is_in_the_chats_field(
    address: str, chromium: Callable[..., Page], locale: str, viewport: dict[str, int], words: str
) -> None:
    page, release = early(chromium(locale=locale, viewport=viewport), address)
    shell = page.locator("#isnad-shell")
    assert shell.get_attribute("dir") == ("rtl" if locale == "ar-DZ" else "ltr")
    assert page.evaluate("document.activeElement.closest('#isnad-shell') !== null"), "one may type at once"
    page.keyboard.type(words)
    page.keyboard.press("Home")
    release()
    shell.wait_for(state="detached")

    assert page.locator(FIELD).input_value() == words
    assert page.evaluate("document.activeElement.matches('#isnad-question textarea')")
    page.keyboard.type("! ")
    assert page.locator(FIELD).input_value() == f"! {words}"
    page.context.close()


@pytest.mark.parametrize("how", ["Enter", "button"])
def test_what_was_sent_from_the_shell_is_asked(address: str, chromium: Callable[..., Page], how: str) -> None:
    page, release = early(chromium(locale="en-GB"), address)
    page.keyboard.press("Enter")  # nothing is no question
    assert page.locator("#isnad-shell [role=status]").inner_text().startswith("The rest of the page")
    page.keyboard.type("which countries formed the joint staff?")
    if how == "Enter":
        page.keyboard.press("Enter")
    else:
        page.locator("#isnad-shell button").click()
    assert page.locator("#isnad-shell [role=status]").inner_text().startswith("Your question goes off")
    release()
    page.locator("#isnad-current .reply[aria-busy=false]").wait_for()

    assert "Algeria" in page.locator("#isnad-current").inner_text()
    assert page.locator(FIELD).input_value() == ""
    page.context.close()


def test_a_draft_of_before_stays_where_nothing_was_typed(address: str, chromium: Callable[..., Page]) -> None:
    page = chromium(locale="en-GB")
    page.goto(address)
    page.locator(FIELD).wait_for()
    page.locator("#isnad-shell").wait_for(state="detached")
    page.locator(FIELD).fill("a draft")
    page.reload()
    page.locator("#isnad-shell").wait_for(state="detached")

    assert page.locator(FIELD).input_value() == "a draft"
    page.context.close()


@pytest.mark.parametrize(("locale", "viewport", "scheme"), [("en-GB", DESKTOP, "light"), ("ar-DZ", PHONE, "dark")])
def test_the_shell_is_accessible_and_fits(
    address: str, chromium: Callable[..., Page], locale: str, viewport: dict[str, int], scheme: str
) -> None:
    page, _ = early(chromium(locale=locale, viewport=viewport, color_scheme=scheme), address)

    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.context.close()
