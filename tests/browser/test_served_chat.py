"""The chat as it is served: behind the gate, under its content policy, with and without keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.serving.gate.access import KeyRing
from rag.serving.launch import build_app
from rag.settings import Settings
from tests.browser.chromium import Page
from tests.fake_assistant import HOSTILE_STRINGS, FakeAssistant
from tests.loopback import serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore"),  # Gradio and pandas warn of their own affairs
]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    async def build() -> object:
        return build_app(Settings(index_dir=tmp_path, questions_per_minute=1000), FakeAssistant())

    with ThreadPoolExecutor(1) as pool:  # Playwright already runs a loop in this thread
        app = pool.submit(asyncio.run, build()).result()
    with serving(app) as address:
        yield address


def ask(page: Page, question: str) -> None:
    page.locator("textarea").first.fill(question)
    page.locator("textarea").first.press("Enter")
    page.locator("#isnad-current .reply[aria-busy=false]").wait_for()
    page.locator("#isnad-question .submit-button").wait_for()  # until then Enter asks nothing


def test_it_answers_under_its_content_policy(address: str, chromium: Callable[..., Page]) -> None:
    page = chromium()
    page.goto(address)
    ask(page, "which countries formed the joint staff?")

    assert "Algeria" in page.locator("#isnad-current").inner_text()


def test_a_script_that_slips_into_the_page_does_not_run(address: str, chromium: Callable[..., Page]) -> None:
    page = chromium(provoked=("policy",))
    page.goto(address)
    page.locator("textarea").first.wait_for()
    for markup in HOSTILE_STRINGS:
        page.evaluate("markup => document.body.insertAdjacentHTML('beforeend', markup)", markup)
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'alert(2)'; document.body.append(s) }"
    )
    page.wait_for_timeout(500)  # one that ran would open a dialog


HEADER_FITS = """() => {
    const found = (selector) => document.querySelector(selector);
    const [header, name, language] = [found("#isnad-header"), found(".brand h1"), found("#isnad-language")];
    const apart = name.getBoundingClientRect().right <= language.getBoundingClientRect().left;
    return apart && header.scrollWidth <= header.clientWidth;
}"""


def settled(page: Page, holds: str, otherwise: str, tries: int = 50) -> None:
    """Wait for a layout that follows a new width some frames later; a wait in the page itself would need eval."""
    while not page.evaluate(holds):
        tries -= 1
        assert tries, otherwise
        page.wait_for_timeout(50)


def test_with_keys_a_reader_signs_in_asks_and_signs_out(
    address: str, tmp_path: Path, chromium: Callable[..., Page]
) -> None:
    _, key = KeyRing.open(tmp_path).create("reader", ["ask"])
    page = chromium(locale="fr")
    page.goto(f"{address}/?x=1")
    page.get_by_label("Clé").fill("wrong")
    page.keyboard.press("Enter")
    assert page.get_by_role("alert").inner_text() == "Cette clé est inconnue."
    page.get_by_label("Clé").fill(key)
    page.get_by_role("button", name="Se connecter").click()
    ask(page, "missiles")
    assert page.locator("#isnad-current mark").count() > 0
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert page.evaluate("document.cookie") == ""

    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        settled(page, HEADER_FITS, f"the header overlaps or overflows at {width}")

    assert "missiles" in page.evaluate("sessionStorage.getItem('isnad-conversation')")
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_label("Clé").wait_for()
    assert page.evaluate("sessionStorage.getItem('isnad-conversation')") == ""
    assert page.context.cookies() == []
    page.goto(address)
    assert "/sign-in" in page.url


def signed_in(page: Page, address: str, key: str) -> Page:
    page.goto(address)
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    page.locator("[data-action=sign-out]").wait_for()
    return page


def test_a_session_that_ended_leaves_nothing_to_the_next_reader(
    address: str, tmp_path: Path, chromium: Callable[..., Page]
) -> None:
    keys = [KeyRing.open(tmp_path).create(name, ["ask"])[1] for name in ("first", "second")]
    page = signed_in(chromium(locale="en"), address, keys[0])
    ask(page, "missiles")
    page.locator("#isnad-question textarea").fill("A second\nquestion")
    page.context.clear_cookies()  # as when the session's time is up
    page.keyboard.press("Enter")
    page.locator(".lost", has_text="reload the page").wait_for()
    signed_in(page, address, keys[0])
    page.locator("#isnad-current mark").first.wait_for()
    assert page.locator("#isnad-question textarea").input_value() == "A second\nquestion"

    page.context.clear_cookies()
    signed_in(page, address, keys[1])
    page.locator(".welcome").wait_for()
    assert page.locator(".exchange").count() == 0
    assert page.locator("#isnad-question textarea").input_value() == ""
    page.wait_for_function("sessionStorage.getItem('isnad-conversation') === ''")


def test_without_keys_there_is_nothing_to_sign_out_of(address: str, chromium: Callable[..., Page]) -> None:
    page = chromium()
    page.goto(address)
    page.locator("[data-action=theme]").wait_for()

    assert page.locator("[data-action=sign-out]").count() == 0


def test_another_site_cannot_use_a_readers_session(address: str, tmp_path: Path, chromium: Callable[..., Page]) -> None:
    _, key = KeyRing.open(tmp_path).create("reader", ["ask"])
    page = chromium(provoked=("request http://evil.example",))
    page.goto(address)
    page.get_by_label("Key").fill(key)
    page.keyboard.press("Enter")
    page.locator("textarea").first.wait_for()
    form = f'<form method="post" action="{address}/sign-out"><button>go</button></form>'
    page.route("http://evil.example/**", lambda route: route.fulfill(content_type="text/html", body=form))
    page.goto("http://evil.example/")
    with page.expect_response(f"{address}/sign-out") as refused:
        page.get_by_role("button").click()

    assert refused.value.status == 403
    page.goto(address)
    page.locator("textarea").first.wait_for()  # still signed in


def test_another_site_can_neither_frame_nor_script_it(address: str, chromium: Callable[..., Page]) -> None:
    page = chromium(provoked=("request http://evil.example", f"request {address}", "policy"))
    page.route("http://evil.example/**", lambda route: route.fulfill(
        content_type="text/html", body=f'<iframe src="{address}"></iframe>'))  # fmt: skip
    page.goto("http://evil.example/")
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").locator("textarea").count() == 0

    reached = page.evaluate(
        """async address => {
          const tries = [[address + '/config'], [address + '/api/v1/articles'], [address + '/api/v1/ask',
            {method: 'POST', body: '{"question": "x"}', headers: {'Content-Type': 'application/json'}}]];
          const ends = await Promise.allSettled(tries.map(([url, options]) => fetch(url, options)));
          return ends.filter(end => end.status === 'fulfilled').length }""",
        address,
    )
    assert reached == 0
