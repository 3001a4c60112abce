"""What may be wished for, asked of the sample articles: a guide, a list, a comparison, a summary, a period."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.assistant import Assistant
from rag.ingestion.indexing import index_articles
from rag.serving.launch import build_app
from rag.settings import Settings
from tests.browser.axe import serious
from tests.browser.chromium import Page
from tests.conftest import ROOT
from tests.fakes import HashEncoder
from tests.loopback import serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore"),  # Gradio and pandas warn of their own affairs
]
ENGLISH = {
    "Hello": ".refusal:not(:has(.refusal-title))",
    "What can I ask?": ".refusal:not(:has(.refusal-title))",
    "Which articles are about coffee?": ".sentences.quoted",
    "Compare the Suez canal with the Renaissance dam": ".sentences.quoted",
    "What was published in October 2011?": ".limits .chip",
}
ARABIC = {"مرحبا": ".refusal:not(:has(.refusal-title))", "أي المقالات تتحدث عن القهوة؟": ".sentences.quoted"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    index, encoder = tmp_path_factory.mktemp("index"), HashEncoder()
    index_articles([ROOT / "corpus"], index_dir=index, encoder=encoder)
    settings = Settings(index_dir=index, questions_per_minute=1000, reading=False)

    async def build() -> object:
        return build_app(settings, Assistant.load(settings, encoder=encoder))

    with ThreadPoolExecutor(1) as pool:  # Playwright may already run a loop in this thread
        app = pool.submit(asyncio.run, build()).result()
    with serving(app) as address:
        yield address


@pytest.mark.parametrize(
    ("locale", "width", "scheme", "wishes"), [("en-GB", 1280, "light", ENGLISH), ("ar-DZ", 390, "dark", ARABIC)]
)
def test_axe_finds_nothing_serious_in_what_is_no_lookup(
    chromium: Callable[..., Page], address: str, locale: str, width: int, scheme: str, wishes: dict[str, str]
) -> None:
    page = chromium(locale=locale, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(address)
    page.wait_for_selector("html.isnad-ready")
    found = []
    for number, (question, shown) in enumerate(wishes.items(), 1):
        page.fill("#isnad-question textarea", question)
        page.keyboard.press("Enter")
        page.wait_for_selector(f"#isnad-current [data-key='{number}']")
        page.wait_for_selector(f"#isnad-current .exchange:has(.reply[aria-busy=false]) {shown}")
        page.wait_for_selector("#isnad-question .submit-button")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found += [(question, *each) for each in serious(page)]
    assert found == []
