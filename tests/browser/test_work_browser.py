"""The chat as a place to work in, in a real Chromium: conversations kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from rag.serving.gate.access import KeyRing
from rag.serving.launch import build_app
from rag.settings import Settings
from tests.browser.axe import serious
from tests.browser.chromium import Page
from tests.fake_assistant import FAILING, SAHEL, STAFF_SENTENCE, FakeAssistant
from tests.loopback import serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore"),  # Gradio and pandas warn of their own affairs
]
ENGLISH, ARABIC = "Which countries formed the joint staff?", "متى أنشئت هيئة الأركان المشتركة؟"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(Settings(index_dir=tmp_path_factory.mktemp("index"), questions_per_minute=1000)) as where:
        yield where


def served(settings: Settings) -> AbstractContextManager[str]:
    async def build() -> object:
        return build_app(settings, FakeAssistant())

    with ThreadPoolExecutor(1) as pool:  # Playwright already runs a loop in this thread
        return serving(pool.submit(asyncio.run, build()).result())


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("html.isnad-ready")
    return page


def ask(page: Page, question: str) -> None:
    page.fill("#isnad-question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "q => document.querySelector('#isnad-current .question')?.innerText.includes(q)", arg=question
    )
    page.wait_for_selector("#isnad-current .reply[aria-busy=false]")
    page.wait_for_selector("#isnad-question .submit-button")


def test_conversations_are_kept_named_searched_renamed_exported_and_deleted(
    chromium: Callable[..., Page], address: str
) -> None:
    page = opened(chromium(locale="ar-DZ"), address)
    ask(page, ENGLISH)
    page.click("#isnad-clear")
    page.wait_for_selector(".welcome")
    ask(page, ARABIC)
    ask(page, "missiles")
    page = opened(page.context.new_page(), address)  # a new tab begins anew and knows them all
    assert page.locator(".exchange").count() == 0
    page.click("[data-action=conversations]")
    titles = page.locator(".library-title")
    titles.nth(1).wait_for()
    assert titles.all_inner_texts() == [ARABIC, ENGLISH]

    page.fill(".library-search", "joint")
    page.wait_for_function("document.querySelectorAll('.library-title').length === 1")
    page.get_by_role("button", name="إعادة تسمية").click()
    page.fill(".library-name", "The <b>staff</b>")
    page.keyboard.press("Enter")
    page.fill(".library-search", "")
    page.wait_for_function("document.querySelectorAll('.library-title').length === 2")
    assert titles.all_inner_texts() == [ARABIC, "The <b>staff</b>"]
    with page.expect_download() as saved:
        page.click("[data-action=export-conversations]")
    exported = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert [[e["question"] for e in each["exchanges"]] for each in exported] == [[ARABIC, "missiles"], [ENGLISH]]

    page.click(".library-open >> nth=0")
    page.wait_for_selector("#isnad-earlier .exchange")
    assert page.locator(".exchange").count() == 2
    assert page.locator("dialog[open]").count() == 0
    page.click("[data-action=conversations]")
    page.get_by_role("button", name="حذف").first.click()
    page.get_by_role("button", name="أتحذفها؟").click()
    page.wait_for_selector(".welcome")  # it was the one in hand
    page.wait_for_function("document.querySelectorAll('.library-title').length === 1")
    page.context.close()


def test_an_answer_leaves_the_page_with_its_sources(chromium: Callable[..., Page], address: str) -> None:
    page = opened(chromium(locale="ar-DZ", permissions=["clipboard-read", "clipboard-write"]), address)
    ask(page, ENGLISH)

    def copied(action: str) -> str:
        page.click("details.menu summary")
        page.click(f"[data-action={action}]")
        page.wait_for_selector(f"[data-action={action}].icon-done")
        page.keyboard.press("Escape")
        return str(page.evaluate("navigator.clipboard.readText()"))

    markdown = copied("copy-markdown")
    assert markdown.startswith(f"## {ENGLISH}")
    assert f"> {STAFF_SENTENCE[:20]}" in markdown.replace(" (Algeria)", "")
    assert f"<{SAHEL.url}>" in markdown
    copied("copy-formatted")
    formatted = page.evaluate(
        "navigator.clipboard.read().then(([one]) => one.getType('text/html')).then((blob) => blob.text())"
    )
    assert "<blockquote" in formatted
    link = copied("copy-link")
    with page.expect_download() as saved:
        page.click("details.menu summary")
        page.click("[data-action=save]")
    assert SAHEL.title in Path(saved.value.path()).read_text(encoding="utf-8")
    page.emulate_media(media="print")
    assert page.locator(".sheet h2").is_visible()
    assert not page.locator("#isnad-main").is_visible()

    other = opened(page.context.new_page(), f"{link}&language=ar")  # followed, it is asked
    other.wait_for_selector("#isnad-current .reply[aria-busy=false]")
    assert other.inner_text("#isnad-current .question [dir]") == ENGLISH
    assert other.locator("#isnad-current .limit").count() == 1
    assert other.evaluate("location.search") == ""
    other.click("[data-event=open]")
    other.click("dialog.reader[open] [data-action=copy-link]")
    other.wait_for_selector("dialog [data-action=copy-link].icon-done")
    article = opened(page.context.new_page(), str(other.evaluate("navigator.clipboard.readText()")))
    article.wait_for_selector("dialog.reader[open] .quoted-span")
    assert STAFF_SENTENCE.startswith(article.inner_text(".quoted-span")[:10])
    page.context.close()


@pytest.mark.parametrize(
    ("locale", "width", "scheme"), [("en-GB", 1280, "light"), ("ar-DZ", 390, "dark"), ("fr-FR", 1280, "dark")]
)
def test_axe_finds_nothing_serious_in_any_state(
    chromium: Callable[..., Page], address: str, locale: str, width: int, scheme: str
) -> None:
    page = chromium(locale=locale, viewport={"width": width, "height": 800}, color_scheme=scheme)
    found = [
        (state, *each) for state in states(opened(page, f"{address}?q=missiles&language=fr")) for each in serious(page)
    ]
    page.context.close()
    assert found == []


def states(page: Page) -> Iterator[str]:
    """The page in each of its states, by name."""
    page.wait_for_selector("#isnad-current .reply[aria-busy=false]")
    page.wait_for_selector(".next .suggestion")
    if page.locator("#isnad-evidence").is_visible():
        page.click(".card.is-focused .why summary")
        page.hover(".asked >> nth=0")
    yield "limited, with questions to ask next, and why"
    page.click("#isnad-filters > button")
    page.wait_for_selector("#isnad-filters input >> visible=true")
    yield "filters, opened"
    page.click("#isnad-filters > button")
    ask(page, "visit")
    page.click("#isnad-current details.menu summary")
    yield "related, with its menu"
    page.keyboard.press("Escape")
    page.click("#isnad-current [data-vote=down]")
    page.click("#isnad-current [data-reason=wrong]")
    page.wait_for_selector("[data-reason=wrong][aria-pressed=true]")
    yield "voted down, with a reason"
    ask(page, "summary")
    page.locator("#isnad-current .flag").first.wait_for()
    yield "written, with a sentence that is not borne out"
    ask(page, "World Cup")
    yield "refused"
    ask(page, "hello")
    yield "greeted"
    ask(page, FAILING)
    yield "failed"
    page.click("[data-action=conversations]")
    page.wait_for_selector(".library-title")
    yield "conversations"
    page.get_by_role("dialog").locator(".icon-edit").click()
    yield "renaming"
    page.keyboard.press("Escape")
    page.click("[data-action=close-library]")
    page.focus("[data-action=theme]")
    page.keyboard.press("Shift+?")
    yield "shortcuts"
    page.keyboard.press("Escape")
    ask(page, "missiles" + " and more words" * 80)
    page.click("#isnad-current .whole-question")
    yield "a long question, opened"
    page.context.set_offline(True)
    page.click("[data-event=again] >> nth=0")
    page.wait_for_selector(".lost:visible")
    yield "away"


def test_a_reader_who_signs_in_sees_no_conversations_but_their_own(
    tmp_path: Path, chromium: Callable[..., Page]
) -> None:
    keys = [KeyRing.open(tmp_path).create(name, ["ask"])[1] for name in ("first", "second")]
    page = chromium(locale="en")
    with served(Settings(index_dir=tmp_path, questions_per_minute=1000)) as address:
        for key, others in zip([*keys, keys[0]], (0, 0, 1), strict=True):
            page.goto(f"{address}/#article={SAHEL.id}")
            for given in ("wrong", key):
                page.get_by_label("Key").fill(given)
                page.keyboard.press("Enter")
                page.wait_for_selector("[role=alert]:not(:empty)" if given == "wrong" else "dialog.reader[open]")
            page.keyboard.press("Escape")  # the article that the link names, whatever stood before it
            page.locator("[data-action=conversations]").click()
            page.wait_for_selector(".library-empty:visible" if not others else ".library-title")
            assert page.locator(".library-title").count() == others
            page.keyboard.press("Escape")
            if not others:
                ask(page, ENGLISH)
            page.click("[data-action=sign-out]")
            page.get_by_label("Key").wait_for()
    page.context.close()


def test_a_server_may_leave_them_to_the_tab(tmp_path: Path, chromium: Callable[..., Page]) -> None:
    with served(Settings(index_dir=tmp_path, keep_conversations=False)) as address:
        page = opened(chromium(), address)
        ask(page, ENGLISH)
        page.reload()
        page.wait_for_selector(f"#isnad-cards >> text={SAHEL.title}")
        assert page.locator("[data-action=conversations]").count() == 0
        assert page.evaluate("indexedDB.databases()") == []
        page.context.close()
