"""Pictures of every screen, over the sample articles: ``make screenshots`` writes them to ``docs/images``.

Needs Chromium and playwright. The server runs in this process, on a loopback port and with an index of its own; the
report is of the questions that tests ask of the samples.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from rag.documents import Article
from rag.encoding.loading import load_encoder
from rag.evaluation.evaluation_set import EvaluationSet, GoldAnswer, GoldQuestion
from rag.evaluation.measurement import measure
from rag.evaluation.report.page import write_report
from rag.evaluation.set_draft import read_articles
from rag.serving.launch import build_app, load_assistant
from rag.settings import Settings
from tests.browser.chromium import open_chromium
from tests.conftest import ROOT
from tests.loopback import serving

IMAGES = ROOT / "docs" / "images"
ENGLISH = "Which countries formed the joint staff?"
ARABIC = "كم عدد الصواريخ التي اختفت من ليبيا؟"
DESKTOP, PHONE = (1280, 720), (390, 780)
DRAWN_MS = 700  # until what slides and fades has come to rest

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Screen:
    """A picture's name, who looks at what size and in which light, and what they do first."""

    name: str
    locale: str
    size: tuple[int, int]
    scheme: str
    act: Callable[[Any], None]
    where: str = ""
    ready: str = "html.isnad-ready"


def nothing(page: Any) -> None:
    """Look at it as it is."""


def ask(question: str) -> Callable[[Any], None]:
    """Ask it, and wait for the whole answer."""

    def act(page: Any) -> None:
        page.fill("#isnad-question textarea", question)
        page.keyboard.press("Enter")
        page.wait_for_selector("#isnad-current .reply[aria-busy=false]")

    return act


def follow(link: str) -> Callable[[Any], None]:
    """Open the page by a link that asks."""

    def act(page: Any) -> None:
        page.goto(f"{page.url}{link}")
        page.wait_for_selector("#isnad-current .reply[aria-busy=false]")

    return act


def then(*acts: Callable[[Any], None]) -> Callable[[Any], None]:
    """One after the other."""

    def act(page: Any) -> None:
        for each in acts:
            each(page)

    return act


def click(selector: str) -> Callable[[Any], None]:
    """Click what is seen of it first."""
    return lambda page: page.locator(f"{selector} >> visible=true").first.click()


def ask_widget(question: str) -> Callable[[Any], None]:
    """Ask it in the widget of the page that shows it."""

    def act(page: Any) -> None:
        page.click("isnad-chat .launcher")
        page.fill("isnad-chat textarea", question)
        page.keyboard.press("Enter")
        page.wait_for_selector("isnad-chat .reply[aria-busy=false] blockquote")

    return act


SCREENS = (
    Screen("chat-welcome", "fr-FR", DESKTOP, "light", nothing),
    Screen("chat", "en-GB", DESKTOP, "light", follow("?q=How+many+missiles+disappeared+in+Libya%3F&language=ar")),
    Screen("chat-article", "ar-DZ", DESKTOP, "dark", then(ask(ARABIC), click("[data-event=open]"))),
    Screen("chat-phone", "ar-DZ", PHONE, "light", ask(ARABIC)),
    Screen("chat-evidence", "en-GB", PHONE, "dark", then(ask(ENGLISH), click("[data-action=marker]"))),
    Screen("chat-refusal", "en-GB", DESKTOP, "dark", ask("Who won the 2010 World Cup?")),
    Screen(
        "chat-filters", "fr-FR", DESKTOP, "light", then(click("#isnad-filters > button"), ask("Combien de missiles ?"))
    ),
    Screen("chat-conversations", "ar-DZ", DESKTOP, "light", then(ask(ARABIC), click("[data-action=conversations]"))),
    Screen("widget", "en-GB", DESKTOP, "light", ask_widget(ENGLISH), "/widget-demo", "isnad-chat"),
    Screen("widget-phone", "ar-DZ", PHONE, "dark", ask_widget(ARABIC), "/widget-demo", "isnad-chat"),
    Screen("articles", "en-GB", DESKTOP, "light", nothing, "/articles", "#list li"),
    Screen("admin", "fr-FR", DESKTOP, "dark", nothing, "/admin", "#outcomes table"),  # last: it shows what was asked
    Screen("admin-phone", "ar-DZ", PHONE, "light", nothing, "/admin", "#outcomes table"),
)

REPORT = Screen("report", "en-GB", (1280, 1400), "light", nothing, "report.html", "h1")


def main() -> None:
    """Make them all; a screen that cannot be reached ends it with Playwright's own words."""
    logging.basicConfig(stream=sys.stderr, format="%(message)s")
    logger.setLevel(logging.INFO)  # of the server, nothing
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
        settings = Settings(index_dir=Path(folder), questions_per_minute=1000)
        app = pool.submit(asyncio.run, _build(settings)).result()  # Playwright runs a loop in this thread
        with serving(app) as address, open_chromium() as new_page:
            for screen in SCREENS:
                _take(screen, address, new_page)
            (Path(folder) / REPORT.where).write_text(_report(), "utf-8")
            _take(REPORT, f"file://{folder}/", new_page)


def _report() -> str:
    """The evaluation report of the questions that tests ask of the samples."""
    logger.info("Measuring the questions of the report")
    settings = Settings()
    done = measure(_questions_of_the_samples(), settings, load_encoder(settings))
    return write_report([done], {"Set": "tests/quality/corpus_questions.jsonl"})


def _questions_of_the_samples() -> EvaluationSet:
    """The words that answer stand in one article each, or in several."""
    articles = [each for each in read_articles([ROOT / "corpus"]) if isinstance(each, Article)]

    def answer(words: str) -> GoldAnswer:
        article = next(each for each in articles if words in each.text)
        start = article.text.index(words)
        return GoldAnswer(article.id, start, start + len(words), words)

    lines = (ROOT / "tests" / "quality" / "corpus_questions.jsonl").read_text("utf-8").splitlines()
    questions = [
        GoldQuestion(
            str(number),
            asked["question"],
            asked["language"],
            asked["answerable"],
            tuple(answer(each["contains"]) for each in (asked, *asked.get("also", ()))) if asked["answerable"] else (),
        )
        for number, asked in enumerate(map(json.loads, lines))
    ]
    return EvaluationSet("samples", {each.id: each for each in articles}, questions)


async def _build(settings: Settings) -> object:
    return build_app(settings, load_assistant(settings, logger.info))


def _take(screen: Screen, address: str, new_page: Callable[..., Any]) -> None:
    width, height = screen.size
    looks = {"locale": screen.locale, "color_scheme": screen.scheme, "device_scale_factor": 2}
    page = new_page(viewport={"width": width, "height": height}, **looks)
    page.goto(address + screen.where)
    page.wait_for_selector(screen.ready)
    page.wait_for_selector("#isnad-shell", state="detached")
    screen.act(page)
    page.wait_for_timeout(DRAWN_MS)
    page.screenshot(path=IMAGES / f"{screen.name}.png")
    _shrink(IMAGES / f"{screen.name}.png")
    page.context.close()
    logger.info("%s.png", screen.name)


def _shrink(path: Path) -> None:
    """To a palette of 256 colours, which a page of text does not exceed by much: a third of the bytes."""
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
