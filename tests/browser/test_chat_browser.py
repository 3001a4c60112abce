"""The chat in a real Chromium: asking, evidence, the article, refusals, direction, a phone, the keyboard, safety."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.documents import Filters
from rag.settings import Settings
from tests.browser.axe import serious
from tests.browser.chromium import Page
from tests.fake_assistant import FAILING, HOSTILE_STRINGS, SAHEL, STAFF_SENTENCE, FakeAssistant
from tests.loopback import serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore"),  # Gradio and pandas warn of their own affairs
]
ENGLISH, ARABIC, FRENCH = "Which countries formed the joint staff?", "متى أنشئت هيئة الأركان المشتركة؟", "Quels pays ?"
SETTLED = "#isnad-current .reply[aria-busy=false]"
Open = Callable[..., Page]


class Site:
    """The served chat, the assistant behind it and the votes it received."""

    def __init__(self) -> None:
        self.assistant = FakeAssistant()
        self.votes: list[tuple[str, str, str]] = []
        self.address = ""

    async def app(self) -> object:
        """Made inside an event loop: without one, Gradio opens loops that it never closes."""
        from fastapi import FastAPI

        from rag.chat.mounting import mount_chat

        app = FastAPI()
        app.get("/livez")(lambda: {})
        return mount_chat(app, self.assistant, Settings(), lambda *vote: self.votes.append(vote))


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    with ThreadPoolExecutor(1) as pool:  # Playwright already runs a loop in this thread
        app = pool.submit(asyncio.run, site.app()).result()
    with serving(app) as site.address:
        yield site


@pytest.fixture
def open_page(chromium: Open, site: Site) -> Iterator[Open]:
    """Opens the chat; afterwards checks that the console told of no error either."""
    wrong: list[str] = []
    site.assistant.delay, site.assistant.model = 0.0, ""

    def opened(locale: str = "en-GB", width: int = 1280, height: int = 800, **options: object) -> Page:
        page = chromium(locale=locale, viewport={"width": width, "height": height}, **options)
        page.told = lambda said: said.type == "error" and wrong.append(said.text)
        page.on("console", page.told)
        page.goto(site.address)
        page.wait_for_selector("html.isnad-ready")
        return page

    yield opened
    assert wrong == []


def ask(page: Page, question: str) -> None:
    """Type, press Enter, wait for the whole answer."""
    page.fill("#isnad-question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "q => document.querySelector('#isnad-current .question')?.innerText.includes(q)", arg=question
    )
    page.wait_for_selector(SETTLED)
    page.wait_for_selector("#isnad-question .submit-button")


def test_a_question_in_english_gets_a_cited_answer_with_captions(open_page: Open) -> None:
    page = open_page()
    ask(page, ENGLISH)
    assert page.inner_text("#isnad-current .short strong") == "موريتانيا ومالي والنيجر"
    assert page.inner_text("#isnad-current .short-gloss") == "Mauritania, Mali, Niger"
    assert page.locator("#isnad-cards .card blockquote rt").all_inner_texts() == [
        "Algeria",
        "Mauritania",
        "Mali",
        "Niger",
    ]
    quote = page.locator("#isnad-cards .card blockquote")
    quote.evaluate("quote => quote.querySelectorAll('rt, rp').forEach(caption => caption.remove())")
    assert quote.text_content() == STAFF_SENTENCE
    assert page.input_value("#isnad-question textarea") == ""


def test_words_that_answer_and_what_is_only_related_can_be_told_without_colours(open_page: Open) -> None:
    page = open_page()
    ask(page, ENGLISH)
    assert page.inner_text("#isnad-current .short-label") == "In short Sure"
    style = "mark => [getComputedStyle(mark).fontWeight, getComputedStyle(mark).textDecorationLine]"
    marks = page.locator("#isnad-cards blockquote mark")
    assert marks.evaluate_all(f"marks => marks.map({style})") == [
        ["400", "none"],
        ["700", "underline"],
        ["400", "none"],
    ]
    ask(page, "كم كلفت الزيارة؟")
    related = page.locator("#isnad-current .related")
    assert related.inner_text().splitlines()[0] == "لا إجابة مؤكدة"
    directions = "quotes => quotes.map(quote => getComputedStyle(quote).direction)"
    assert related.locator("blockquote").evaluate_all(directions) == ["rtl", "ltr"]
    related.locator(".marker").last.click()
    assert page.locator("#isnad-cards .card.is-focused").get_attribute("data-number") == "2"


def test_the_answer_streams(open_page: Open, site: Site) -> None:
    site.assistant.delay = 0.6  # long enough to be seen on a busy machine
    page = open_page()
    page.fill("#isnad-question textarea", ENGLISH)
    page.keyboard.press("Enter")
    page.wait_for_selector("#isnad-current .growing")
    early = page.inner_text("#isnad-current .growing")
    assert STAFF_SENTENCE.startswith(early.split()[0])
    assert len(early) < len(STAFF_SENTENCE)
    page.wait_for_selector(SETTLED)


def test_the_quotes_stand_in_while_a_model_writes(open_page: Open, site: Site) -> None:
    site.assistant.delay = 0.6
    page = open_page()
    page.fill("#isnad-question textarea", "summary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#isnad-current .meanwhile blockquote")
    page.wait_for_selector("#isnad-current .growing + .meanwhile")  # the text grows above them
    page.wait_for_selector(SETTLED, timeout=60_000)
    assert page.locator("#isnad-current .meanwhile").count() == 0


def test_a_foreign_quote_and_paragraph_are_translated(open_page: Open, site: Site) -> None:
    site.assistant.model = "fake-1b"
    page = open_page()
    ask(page, ENGLISH)
    page.click("#isnad-cards .card [data-event=translate]")
    translation = page.wait_for_selector("#isnad-cards .translation")
    assert "<b>en</b>: word0" in translation.inner_text()  # as text
    assert page.locator("#isnad-cards .card [data-event=translate]").count() == 0
    page.click("#isnad-cards .card [data-event=open]")
    page.wait_for_selector("dialog.reader[open]")
    before = page.locator("dialog.reader [data-event=translate]").count()
    page.locator("dialog.reader [data-event=translate]").first.click()
    page.wait_for_selector("dialog.reader .translation")
    page.locator("dialog.reader [data-event=translate]").last.click()
    page.wait_for_function("document.querySelectorAll('dialog.reader .translation').length === 2")
    assert page.locator("dialog.reader [data-event=translate]").count() == before - 2


def test_a_written_list_and_table_are_drawn(open_page: Open) -> None:
    page = open_page()
    ask(page, "table")
    text = page.locator("#isnad-current .sentences")
    assert text.locator("li strong").all_inner_texts() == ["Algeria"]
    assert text.locator("th").all_inner_texts() == ["What", "Told"]
    assert text.locator("td .marker").count() == 4
    assert text.locator(".unsupported .said").inner_text() == "Six of the missiles were found again in 2013."
    text.locator("td .marker").last.click()
    assert page.locator("#isnad-cards .card.is-focused").get_attribute("data-number") == "2"


def test_stop_ends_the_work_and_keeps_the_text(open_page: Open, site: Site) -> None:
    site.assistant.delay = 0.8
    closed = site.assistant.closed
    page = open_page()
    page.fill("#isnad-question textarea", ENGLISH)
    page.keyboard.press("Enter")
    page.wait_for_selector("#isnad-current .growing")
    page.click("#isnad-question .stop-button")
    page.wait_for_selector("text=Stopped before the answer was complete.")
    page.wait_for_selector("#isnad-question .submit-button")
    said = page.inner_text("#isnad-current .sentences")
    deadline = 40
    while site.assistant.closed == closed and deadline:
        page.wait_for_timeout(100)
        deadline -= 1
    assert site.assistant.closed == closed + 1
    page.remove_listener("console", page.told)  # Gradio notes that its stream was cut off
    page.reload()
    page.wait_for_selector("#isnad-current .sentences")
    assert page.inner_text("#isnad-current .sentences") == said
    assert page.locator(".lost:visible").count() == 0


@pytest.mark.parametrize(("locale", "width", "scheme"), [("en-GB", 1280, "light"), ("ar-DZ", 390, "dark")])
def test_axe_finds_nothing_serious_while_an_answer_is_written_and_once_it_is_stopped(
    open_page: Open, site: Site, locale: str, width: int, scheme: str
) -> None:
    page = open_page(locale=locale, width=width, color_scheme=scheme)
    site.assistant.delay = 3
    page.fill("#isnad-question textarea", ENGLISH)
    page.keyboard.press("Enter")
    page.wait_for_selector("#isnad-current .growing")
    found = serious(page)
    assert page.locator("#isnad-current .growing").count() == 1
    page.click("#isnad-question .stop-button")
    page.wait_for_selector("#isnad-question .submit-button")
    assert found + serious(page) == []


def test_a_marker_brings_its_card_into_focus_even_from_an_earlier_answer(open_page: Open) -> None:
    page = open_page()
    ask(page, "How many missiles disappeared in Libya?")
    ask(page, ENGLISH)
    assert page.locator(".card:visible").count() == 1
    page.click("#isnad-earlier .marker[data-number='2']")
    card = page.locator(".card.is-focused")
    assert card.locator("h3").inner_text() == "Les armes de Libye inquiètent le Sahel"
    assert card.evaluate("card => card === document.activeElement")
    assert page.locator(".card:visible").count() == 1
    page.click(".turning .marker >> nth=0")
    assert card.locator("h3").inner_text() == SAHEL.title


def test_a_new_question_comes_to_the_top(open_page: Open) -> None:
    page = open_page(height=600)
    for question in (ENGLISH, "How many missiles disappeared in Libya?", FRENCH):
        ask(page, question)
    page.wait_for_function(
        "() => Math.abs(document.querySelector('#isnad-current .exchange').getBoundingClientRect().top"
        " - document.querySelector('#isnad-conversation').getBoundingClientRect().top) < 12"
    )


def test_a_long_question_leaves_room_for_its_answer(open_page: Open) -> None:
    page = open_page(width=390, height=700)
    long = "countries" + " and more words" * 120
    page.fill("#isnad-question textarea", long)
    page.wait_for_selector(".counter:visible")
    ask(page, long)
    page.wait_for_selector(".counter", state="hidden")
    question = page.locator("#isnad-current .question span[dir]")
    assert question.evaluate("q => [q.clientHeight < 200, q.scrollHeight > 300]") == [True, True]
    assert page.locator("#isnad-current .reply").is_visible()


def test_a_marker_never_stands_alone_on_a_line(open_page: Open) -> None:
    page = open_page()
    ask(page, ENGLISH)
    marker, quote = page.locator("#isnad-current .sentences .marker"), page.locator("#isnad-current .sentences p").first
    last_words = """q => {
      const last = q.querySelector('.cited').previousSibling, range = document.createRange();
      range.setStart(last, last.length - 2), range.setEnd(last, last.length);
      return range.getBoundingClientRect().top;
    }"""
    for width in range(900, 1300, 8):
        page.set_viewport_size({"width": width, "height": 800})
        assert abs(marker.bounding_box()["y"] - quote.evaluate(last_words)) < 20, width


def test_the_article_opens_at_the_quote_and_escape_closes_it(open_page: Open) -> None:
    page = open_page(height=420)
    ask(page, ENGLISH)
    for _ in range(2):  # the second time nothing new comes from the server
        page.click("[data-event=open]")
        page.wait_for_selector("dialog.reader[open]")
        quoted = page.locator("dialog .quoted-span")
        box, frame = quoted.bounding_box(), page.locator(".reader-text").bounding_box()
        assert box
        assert frame
        assert frame["y"] <= box["y"] < frame["y"] + frame["height"]
        assert page.inner_text("#reader-title") == SAHEL.title
        assert page.locator("dialog[open] header").evaluate("h => h.scrollHeight <= h.clientHeight")
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog.reader[open]", state="detached")
        assert page.evaluate("document.activeElement.dataset.event") == "open"


def test_the_backdrop_and_the_button_close_the_article(open_page: Open) -> None:
    page = open_page()
    ask(page, ENGLISH)
    page.click("[data-event=open]")
    page.wait_for_selector("dialog.reader[open]")
    page.mouse.click(5, 5)
    page.wait_for_selector("dialog.reader[open]", state="detached")
    page.click("[data-event=open]")
    page.wait_for_selector("dialog.reader[open]")
    page.click("[data-action=close-reader]")
    page.wait_for_selector("dialog.reader[open]", state="detached")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who won the 2010 World Cup?", "No article answers this question."),
        ("ما عاصمة اليابان؟", "لا تجيب المقالات عن هذا السؤال."),
    ],
)
def test_a_refusal_is_calm_and_its_passages_are_no_answer(open_page: Open, question: str, said: str) -> None:
    page = open_page()
    ask(page, question)
    assert said in page.inner_text("#isnad-current .refusal")
    assert page.locator(".marker").count() == 0
    assert page.locator(".nearest .card:visible").count() == 3
    assert page.locator(".nearest .number").count() == 0


def test_an_error_is_told_and_the_next_question_works(open_page: Open) -> None:
    page = open_page()
    ask(page, FAILING)
    assert "The encoder <b>failed</b>." in page.inner_text("#isnad-current [role=alert]")
    ask(page, ENGLISH)
    assert page.locator("#isnad-current .marker").count() == 2


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_takes_no_question_is_told_of(open_page: Open, status: int) -> None:
    page = open_page(locale="fr-FR")
    page.remove_listener("console", page.told)  # Chromium notes the refusal as an error
    page.route("**/queue/join*", lambda route: route.fulfill(status=status, json={"error": {"code": "busy"}}))
    page.fill("#isnad-question textarea", FRENCH)
    page.keyboard.press("Enter")
    page.wait_for_selector(".lost [role=alert]", state="visible")
    assert page.input_value("#isnad-question textarea") == FRENCH
    page.unroute("**/queue/join*")
    ask(page, ENGLISH)
    assert page.locator(".lost:visible").count() == 0


def test_a_server_that_is_away_is_told_of_and_asked_again_once_it_is_back(open_page: Open, site: Site) -> None:
    page = open_page(locale="fr-FR")
    page.remove_listener("console", page.told)  # Chromium and Gradio note each request that fails
    ask(page, ENGLISH)
    page.context.set_offline(True)
    page.click("[data-event=vote] >> nth=0")
    page.wait_for_selector(".lost[data-kind=away] >> text=Le serveur ne répond pas.", state="visible")
    page.click(".lost[data-kind=away] .icon-close")
    page.fill("#isnad-question textarea", FRENCH)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.input_value("#isnad-question textarea") == FRENCH
    assert not page.locator(".toast-wrap").is_visible()  # Gradio's own, in English
    page.context.set_offline(False)
    page.wait_for_function("document.querySelector('#isnad-current .question')?.innerText.includes('Quels pays')")
    page.wait_for_selector(SETTLED)
    assert page.locator(".exchange").count() == 2
    page.wait_for_function("document.querySelector('#isnad-question textarea').value === ''")
    assert not page.locator(".lost[data-kind=away]").is_visible()


def test_a_question_is_brought_back_to_be_edited(open_page: Open, site: Site) -> None:
    page = open_page()
    ask(page, ENGLISH)
    page.click("[data-action=edit]")
    assert page.input_value("#isnad-question textarea:focus") == ENGLISH


@pytest.mark.parametrize("question", ["", "   ", "x" * 2001])
def test_an_empty_or_long_question_is_only_remarked_upon(open_page: Open, site: Site, question: str) -> None:
    before = len(site.assistant.asked)
    page = open_page()
    page.fill("#isnad-question textarea", question)
    if len(question) > 2000:
        assert page.inner_text(".counter") == "2001 of 2000 characters"
    page.click("#isnad-question .submit-button")
    page.wait_for_selector("#isnad-notice [role=alert]")
    assert page.locator(".exchange").count() == 0
    assert page.input_value("#isnad-question textarea") == question
    assert len(site.assistant.asked) == before


@pytest.mark.parametrize(
    ("locale", "language", "direction", "button"),
    [("ar-DZ", "ar", "rtl", "اسأل"), ("fr-FR", "fr", "ltr", "Demander"), ("de-DE", "en", "ltr", "Ask")],
)
def test_the_interface_speaks_the_browser_language(
    open_page: Open, locale: str, language: str, direction: str, button: str
) -> None:
    page = open_page(locale=locale)
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [language, direction]
    assert page.inner_text("#isnad-question .submit-button") == button


def test_direction_follows_each_text(open_page: Open) -> None:
    page = open_page(locale="ar-DZ")
    ask(page, ENGLISH)
    direction = "e => getComputedStyle(e).direction"
    assert page.locator("#isnad-current .question span[dir]").evaluate(direction) == "ltr"
    assert page.locator("#isnad-cards blockquote").evaluate(direction) == "rtl"
    assert page.locator("#isnad-current .short-gloss").evaluate(direction) == "ltr"
    assert page.locator("#isnad-current .marker").first.evaluate("m => m.parentElement.tagName") == "BDI"
    talk, evidence = page.locator("#isnad-talk").bounding_box(), page.locator("#isnad-evidence").bounding_box()
    assert talk
    assert evidence
    assert evidence["x"] < talk["x"]


LIT = "() => [...(CSS.highlights.get('met') ?? [])].map(String)"


@pytest.mark.parametrize(
    ("locale", "question", "word", "lit"),
    [
        ("en-GB", "How many missiles disappeared in Libya?", "missiles", ["صاروخ", "missiles"]),
        ("fr-FR", "Quels pays ?", "pays", ["دول"]),
        ("ar-DZ", ARABIC, "الأركان", ["أركان"]),
    ],
)
def test_a_word_of_the_question_lights_the_words_that_meet_it(
    open_page: Open, locale: str, question: str, word: str, lit: list[str]
) -> None:
    page = open_page(locale=locale)
    ask(page, question)
    asked = page.locator(f"#isnad-current .asked >> text={word}")
    asked.hover()
    page.wait_for_function("CSS.highlights.get('met').size > 0")
    assert set(page.evaluate(LIT)) == set(lit)  # left and right
    page.mouse.move(5, 5)
    page.wait_for_function("CSS.highlights.get('met').size === 0")
    page.locator("#isnad-current .question").focus()
    page.keyboard.press("Tab")  # the first of its words
    page.wait_for_function("CSS.highlights.get('met').size > 0")
    page.keyboard.press("Shift+Tab")
    page.wait_for_function("CSS.highlights.get('met').size === 0")


@pytest.mark.parametrize(
    ("locale", "question", "there", "word"),
    [
        ("en-GB", "How many missiles disappeared in Libya?", "صاروخ", "missiles"),
        ("fr-FR", "Combien de missiles ont disparu ?", "صاروخ", "missiles"),
        ("ar-DZ", ARABIC, "أركان", "الأركان"),
    ],
)
def test_a_word_of_a_quote_lights_the_words_of_the_question(
    open_page: Open, locale: str, question: str, there: str, word: str
) -> None:
    page = open_page(locale=locale)
    ask(page, question)
    lit = page.locator("#isnad-current .asked.is-lit")
    for place in ("#isnad-current", ".card.is-focused"):  # left and right
        page.locator(f"{place} [data-quote] mark >> text={there}").first.hover()
        lit.first.wait_for()
        assert lit.all_inner_texts() == [word]
        page.mouse.move(5, 5)
        lit.first.wait_for(state="detached")


def test_a_marker_pointed_at_shows_and_lights_its_quote(open_page: Open) -> None:
    page = open_page()
    ask(page, "How many missiles disappeared in Libya?")
    hand = page.locator(".card.is-focused")
    assert hand.get_attribute("data-number") == "1"
    page.hover("#isnad-current .sentences .marker[data-number='2']")
    page.wait_for_selector(".card.is-focused[data-number='2'] .is-lit")
    assert page.locator("#isnad-current .sentences .is-lit").inner_text().startswith("Près d'un millier")
    page.mouse.move(5, 5)
    page.wait_for_selector(".card.is-focused[data-number='1']")
    assert page.locator(".is-lit").count() == 0
    page.focus("#isnad-current .sentences .marker[data-number='1']")
    page.keyboard.press("Tab")
    page.wait_for_selector(".card.is-focused[data-number='2'] .is-lit")
    page.keyboard.press("Enter")  # and stays in hand
    page.keyboard.press("Tab")
    assert hand.get_attribute("data-number") == "2"


@pytest.mark.parametrize(
    ("locale", "width", "title", "has", "lacks", "sense", "day"),
    [
        ("en-GB", 1280, "Why this passage?", "missiles · Libya", "disappeared", "83 of 100", "12 October 2011"),
        ("fr-FR", 1280, "Pourquoi ce passage ?", "missiles · Libya", "disappeared", "83 sur 100", "12 octobre 2011"),
        ("ar-DZ", 390, "لماذا هذا المقطع؟", "missiles · Libya", "disappeared", "83 من 100", "12 أكتوبر 2011"),
    ],
)
def test_why_a_passage_is_told_in_words(
    open_page: Open, locale: str, width: int, title: str, has: str, lacks: str, sense: str, day: str
) -> None:
    page = open_page(locale=locale, width=width)
    ask(page, "missiles disappeared in Libya since 2011?")
    if width < 860:
        page.click("#isnad-current .sentences .marker >> nth=0")
    page.click(f".card.is-focused summary >> text={title}")
    lines = page.locator(".card.is-focused .why li").all_inner_texts()
    assert [part in line for part, line in zip((has, lacks, sense, day), lines, strict=False)] == [True] * 4
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_language_and_the_theme_chosen_are_kept(open_page: Open) -> None:
    page = open_page()
    ask(page, ENGLISH)
    page.click("#isnad-language label:has-text('Français')")
    page.wait_for_selector("html[lang=fr]")
    assert page.inner_text("#isnad-current .facts") == "Cité mot pour mot"
    dark = page.evaluate("document.body.classList.contains('dark')")
    page.click("[data-action=theme]")
    page.reload()
    page.wait_for_selector("html.isnad-ready[lang=fr]")
    page.wait_for_function("was => document.body.classList.contains('dark') !== was", arg=dark)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system(open_page: Open, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")


def test_a_busy_server_is_waited_for_in_sight(chromium: Open, site: Site) -> None:
    page = chromium(locale="ar-DZ")
    page.route("**/run/predict*", lambda route: None)
    page.route("**/queue/join*", lambda route: None)
    page.goto(site.address)
    page.wait_for_selector("#isnad-question", state="attached")
    page.wait_for_function("getComputedStyle(document.body, '::after').opacity > 0.2")
    dot = "getComputedStyle(document.body, '::after').animationName"
    frame = "getComputedStyle(document.querySelector('.gradio-container')).opacity"
    assert page.evaluate(f"[{dot}, {frame}]") == ["wait", "0"]
    page.context.close()


def test_a_suggestion_is_asked_by_a_click(open_page: Open) -> None:
    page = open_page(locale="fr-FR")
    page.click("text=Combien de missiles ont disparu en Libye ?")
    page.wait_for_selector(SETTLED)
    assert page.locator(".card").count() == 2
    assert page.locator(".welcome").count() == 0


@pytest.mark.parametrize(
    ("locale", "width", "question", "title", "offered"),
    [
        ("en-GB", 1280, ENGLISH, "You may also ask", "How many missiles disappeared in Libya?"),
        ("ar-DZ", 390, ARABIC, "ويمكن أن تسأل أيضا", "كم صاروخا اختفى في ليبيا؟"),
        ("fr-FR", 1280, "Combien de missiles ?", "À demander aussi", "Combien de missiles ont disparu en Libye ?"),
    ],
)
def test_what_may_be_asked_next_comes_from_the_articles(
    open_page: Open, locale: str, width: int, question: str, title: str, offered: str
) -> None:
    page = open_page(locale=locale, width=width)
    ask(page, question)
    page.wait_for_selector(f".next >> text={title}")
    page.reload()
    page.click(f".next >> text={offered}")
    page.wait_for_function("q => document.querySelector('#isnad-current .question').innerText.includes(q)", arg=offered)
    page.wait_for_selector(SETTLED)
    page.wait_for_selector("#isnad-question .submit-button")
    page.wait_for_timeout(300)
    assert offered not in page.locator(".next .suggestion").all_inner_texts()  # asked by now
    page.click("#isnad-clear")
    page.wait_for_selector(".welcome")
    assert page.locator(".next").count() == 0


def test_what_may_be_chosen_stays_within_sight(open_page: Open) -> None:
    page = open_page(locale="ar-DZ")
    page.click("#isnad-filters > button")
    sources = page.locator("#isnad-sources input")
    assert sources.get_attribute("placeholder") == "كل المصادر"
    sources.click()
    assert page.locator("#isnad-sources .options").evaluate("o => o.offsetHeight <= innerHeight * 0.45 + 1")
    page.keyboard.press("Escape")
    page.click("#isnad-period input")
    page.click("text=بين تاريخين")
    page.wait_for_selector("#isnad-since textarea")
    assert page.locator("#isnad-since textarea").evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_filters_reach_the_assistant(open_page: Open, site: Site) -> None:
    page = open_page()
    page.click("#isnad-filters > button")
    page.click("#isnad-languages label:has-text('French')")
    page.wait_for_selector("text=Filters (1)")
    assert page.get_attribute("#isnad-filters > button", "aria-expanded") == "true"
    ask(page, "How many missiles disappeared in Libya?")
    assert site.assistant.asked[-1].filters.languages == ("fr",)
    assert page.locator(".card").count() == 1
    assert page.inner_text("#isnad-current .limits") == "Searched only in\nFrench"
    page.reload()  # kept with the conversation
    page.wait_for_selector("#isnad-chips .chip:has-text('French')")
    page.click("#isnad-chips .chip")
    page.wait_for_selector("#isnad-chips .chip", state="detached")
    page.click("[data-event=again]")
    page.wait_for_function("document.querySelectorAll('.card').length === 1 && !document.querySelector('.stop-button')")
    assert site.assistant.asked[-1].filters.languages == ("fr",)  # the question's own
    ask(page, ENGLISH)
    assert site.assistant.asked[-1].filters == Filters()


@pytest.mark.parametrize(
    ("locale", "between", "words"), [("en", "Between two dates", "since 2011"), ("ar-DZ", "بين تاريخين", "منذ 2011")]
)
def test_dates_may_be_words(open_page: Open, site: Site, locale: str, between: str, words: str) -> None:
    page = open_page(locale=locale)
    page.click("#isnad-filters > button")
    page.click("#isnad-period input")
    page.get_by_role("option", name=between).click()
    page.fill("#isnad-since :is(input, textarea)", words)
    page.press("#isnad-since :is(input, textarea)", "Tab")
    ask(page, "How many missiles disappeared in Libya?")

    assert site.assistant.asked[-1].filters.since == "2011-01-01"


def test_a_new_conversation_forgets_the_old_one(open_page: Open, site: Site) -> None:
    page = open_page()
    ask(page, ENGLISH)
    page.click("#isnad-clear")
    page.wait_for_selector(".welcome")
    assert page.locator(".exchange").count() == 0
    assert page.locator(".card").count() == 0
    ask(page, ENGLISH)
    assert site.assistant.asked[-1].history == ()


def test_a_reload_keeps_the_conversation(open_page: Open, site: Site) -> None:
    page = open_page()
    for question in (ENGLISH, ARABIC, "who won?"):
        ask(page, question)
    page.click("#isnad-earlier [data-vote=up] >> nth=0")
    page.wait_for_selector("#isnad-earlier .icon-helpful[aria-pressed=true]")
    page.reload()
    page.wait_for_selector("#isnad-current .refusal")
    asked = page.locator(".question span[dir]").all_inner_texts()
    assert asked == [ENGLISH, ARABIC, "who won?"]
    assert page.locator("#isnad-earlier .icon-helpful[aria-pressed=true]").count() == 1
    page.click("#isnad-earlier .marker >> nth=0")
    page.click(".card.is-focused [data-event=open]")
    page.wait_for_selector("dialog.reader[open] .quoted-span")
    page.keyboard.press("Escape")
    ask(page, FRENCH)
    assert [turn.content for turn in site.assistant.asked[-1].history if turn.role == "user"] == [ENGLISH, ARABIC]
    page.click("#isnad-clear")
    page.wait_for_selector(".welcome")
    page.reload()
    page.wait_for_selector(".welcome")


LATE_CLOSING = """
const plain = window.fetch.bind(window);
window.fetch = async (...given) => {
  const answer = await plain(...given);
  if (!String(given[0].url ?? given[0]).includes('queue/data')) return answer;
  const late = new TransformStream({ async transform(chunk, out) {
    if (new TextDecoder().decode(chunk).includes('close_stream')) await new Promise((wait) => setTimeout(wait, 700));
    out.enqueue(chunk);
  } });
  return new Response(answer.body.pipeThrough(late), answer);
};
"""


def test_a_question_sent_while_the_stream_of_the_last_one_closes_is_answered(open_page: Open, site: Site) -> None:
    page = open_page()
    page.add_init_script(LATE_CLOSING)
    page.reload()
    page.wait_for_selector("html.isnad-ready")
    for question in (ENGLISH, ARABIC, "who won?"):
        ask(page, question)
    assert site.assistant.asked[-1].text == "who won?"


def test_a_reload_keeps_what_is_typed_until_it_is_sent(open_page: Open, site: Site) -> None:
    page = open_page()
    field = page.locator("#isnad-question textarea")
    field.fill("ما الذي\nجرى؟")
    page.reload()
    page.wait_for_function("document.querySelector('#isnad-question textarea')?.value === 'ما الذي\\nجرى؟'")
    field.press("Enter")
    page.wait_for_selector("#isnad-current .refusal, #isnad-current mark")
    assert site.assistant.asked[-1].text == "ما الذي\nجرى؟"
    page.reload()
    page.wait_for_selector("#isnad-current .exchange")
    assert field.input_value() == ""


def test_two_readers_share_nothing(open_page: Open, site: Site) -> None:
    one, other = open_page(), open_page(locale="ar-DZ")
    ask(one, ENGLISH)
    ask(other, ARABIC)
    assert site.assistant.asked[-1].history == ()
    assert one.locator(".exchange").count() == other.locator(".exchange").count() == 1
    assert one.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize(
    ("locale", "width", "down", "why"),
    [
        ("en-GB", 1280, "Not helpful", "Not in the articles"),
        ("fr-FR", 390, "Pas utile", "Pas dans les articles"),
        ("ar-DZ", 390, "غير مفيدة", "ليست في المقالات"),
    ],
)
def test_a_vote_says_why_and_is_taken_back(
    open_page: Open, site: Site, locale: str, width: int, down: str, why: str
) -> None:
    page = open_page(locale=locale, width=width)
    ask(page, ENGLISH)
    thumb = page.get_by_role("button", name=down)
    thumb.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".icon-unhelpful[aria-pressed=true]")
    assert site.votes[-1] == ("answer-1", "down", "")
    page.get_by_role("button", name=why, pressed=False).click()
    page.get_by_role("button", name=why, pressed=True).wait_for()
    assert site.votes[-1] == ("answer-1", "down", "missing")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.reload()
    page.get_by_role("button", name=why, pressed=True).click()
    page.get_by_role("button", name=why, pressed=False).wait_for()
    thumb.click()
    page.wait_for_selector(".icon-unhelpful[aria-pressed=false]")
    assert site.votes[-2:] == [("answer-1", "down", ""), ("answer-1", "none", "")]
    assert page.locator(".reasons").count() == 0


def test_the_answer_can_be_copied_with_its_sources(open_page: Open) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, ENGLISH)
    page.click("[data-action=copy]")
    page.wait_for_selector("text=Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{STAFF_SENTENCE} [1]")
    assert f"[1] {SAHEL.title}, {SAHEL.source}" in copied


def test_one_quote_can_be_copied_and_the_button_comes_back(open_page: Open) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, ENGLISH)
    button = page.get_by_role("button", name="Copy the quote")
    button.click()
    page.wait_for_selector(".card .icon-done")
    page.click(".card .icon-done")  # twice in a row leaves no "Copied" behind
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"“{STAFF_SENTENCE}”\n{SAHEL.title}, {SAHEL.source}, 2011-10-12, {SAHEL.url}"
    button.wait_for()


def test_the_keyboard_is_enough(open_page: Open) -> None:
    page = open_page()
    page.focus("#isnad-question textarea")
    page.keyboard.type("joint")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("joint staff")
    assert page.input_value("#isnad-question textarea") == "joint\njoint staff"
    page.keyboard.press("Enter")
    page.wait_for_selector(SETTLED)
    page.focus("#isnad-current .marker")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className").startswith("card")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.event") == "open"
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog.reader[open]")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('dialog') !== null")


def test_focus_is_seen_and_answers_are_announced(open_page: Open) -> None:
    page = open_page()
    ask(page, ENGLISH)
    assert page.get_attribute("#isnad-current .live", "aria-live") == "polite"
    page.focus("#isnad-current .marker")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    named = "e => !e.offsetParent || e.textContent || e.ariaLabel || e.title || e.labels?.length"
    unnamed = page.evaluate(
        f"[...document.querySelectorAll('button, a, input, textarea')].filter(e => !({named})(e)).map(e => e.outerHTML)"
    )
    assert unnamed == []


def test_on_a_phone_the_evidence_is_a_sheet(open_page: Open) -> None:
    page = open_page(width=390, height=844, has_touch=True)
    ask(page, ENGLISH)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert not page.locator("#isnad-evidence").is_visible()
    page.tap("#isnad-current .marker >> nth=0")
    page.wait_for_selector(".card.is-focused", state="visible")
    page.wait_for_timeout(300)
    box = page.locator("#isnad-evidence").bounding_box()
    assert box
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    page.keyboard.press("Escape")
    page.wait_for_selector("#isnad-evidence", state="hidden")
    assert "marker" in page.evaluate("document.activeElement.className")
    page.tap("[data-action=show-evidence]")
    page.tap("[data-event=open]")
    page.wait_for_selector("dialog.reader[open]")
    reader = page.locator("dialog.reader").bounding_box()
    assert reader
    assert reader["width"] == 390
    page.tap("[data-action=close-reader]")
    page.tap("[data-action=close-evidence]")
    page.wait_for_selector("#isnad-evidence", state="hidden")


@pytest.mark.parametrize("locale", ["ar-DZ", "en-GB"])
def test_nothing_overflows_sideways(open_page: Open, locale: str) -> None:
    page = open_page(locale=locale)
    ask(page, f"countries {'x' * 300}")
    page.click("#isnad-filters > button")
    for width in (320, 390, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        for selector in ("html", "#isnad-conversation", "#isnad-composer", "#isnad-header"):
            inside, seen = page.locator(selector).evaluate("e => [e.scrollWidth, e.clientWidth]")
            assert inside <= seen, (width, selector)


def test_hostile_text_runs_nowhere(open_page: Open) -> None:
    page = open_page()
    ask(page, "hostile <img src=x onerror=alert(1)>")
    page.locator("#isnad-current .marker").first.click()
    for number in range(1, 6):
        page.click(f".turning [data-number='{number}']")
        page.click(f".card[data-number='{number}'] [data-event=open]")
        page.wait_for_selector(f"dialog.reader[open][data-opened='1 {number}']")
        page.keyboard.press("Escape")
    for text in HOSTILE_STRINGS:
        page.fill("#isnad-question textarea", text)
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)
        page.wait_for_selector(SETTLED)
    assert page.locator("#isnad-main script, #isnad-main img, #isnad-main iframe, #isnad-main [onerror]").count() == 0
    assert page.locator("a[href^='javascript:'], a[href^='data:']").count() == 0
    page.wait_for_timeout(500)


def test_links_leave_only_for_the_article_page(open_page: Open) -> None:
    page = open_page()
    ask(page, ENGLISH)
    targets = page.eval_on_selector_all("#isnad-main a", "links => links.map(a => a.href)")
    assert targets == [SAHEL.url]
    assert not re.search(r"gradio\.app|huggingface", page.inner_text("body"))


@pytest.mark.parametrize(("slash", "code"), [("/", "Slash"), ("ظ", "Slash"), ("/", "Period")])
def test_a_key_leads_to_the_question_and_types_nothing(open_page: Open, slash: str, code: str) -> None:
    page = open_page()
    page.focus("[data-action=theme]")
    page.evaluate(
        "([key, code]) => document.activeElement"
        ".dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true }))",
        [slash, code],
    )
    assert page.evaluate("document.activeElement.matches('#isnad-question textarea')")
    page.keyboard.type("a/b?")
    assert page.input_value("#isnad-question textarea") == "a/b?"
    assert page.locator("dialog[open]").count() == 0


def test_a_slash_is_not_typed_into_an_empty_field_that_has_the_focus_already(open_page: Open) -> None:
    page = open_page()
    page.focus("#isnad-question textarea")
    page.keyboard.type("/and/or?")
    assert page.input_value("#isnad-question textarea") == "and/or?"
    page.fill("#isnad-question textarea", "")
    page.keyboard.type("ظ/")  # a letter, on the key that has the slash elsewhere
    assert page.input_value("#isnad-question textarea") == "ظ/"


def test_up_brings_the_last_question_back_and_escape_stops_the_answer(open_page: Open, site: Site) -> None:
    page = open_page()
    ask(page, ENGLISH)
    page.keyboard.press("ArrowUp")
    assert page.input_value("#isnad-question textarea:focus") == ENGLISH
    page.fill("#isnad-question textarea", "typed")
    page.keyboard.press("ArrowUp")
    assert page.input_value("#isnad-question textarea") == "typed"
    site.assistant.delay = 0.8
    page.fill("#isnad-question textarea", ENGLISH)
    page.keyboard.press("Enter")
    page.wait_for_selector("#isnad-current .growing")
    page.remove_listener("console", page.told)  # Gradio notes that its stream was cut off
    page.keyboard.press("Escape")
    page.wait_for_selector("text=Stopped before the answer was complete.")


@pytest.mark.parametrize(
    ("locale", "title", "does"),
    [
        ("en-GB", "Shortcuts", "Search the conversations"),
        ("fr-FR", "Raccourcis clavier", "Chercher dans les conversations"),
        ("ar-DZ", "اختصارات لوحة المفاتيح", "ابحث في المحادثات"),
    ],
)
def test_a_card_lists_the_shortcuts(open_page: Open, locale: str, title: str, does: str) -> None:
    page = open_page(locale=locale)
    page.focus("[data-action=theme]")
    page.keyboard.press("Shift+?")
    assert page.inner_text("dialog.keys[open] h2") == title
    assert page.locator("dialog.keys kbd").all_inner_texts() == [
        "/",
        "Enter",
        "Shift",
        "Enter",
        "↑",
        "Ctrl",
        "K",
        "Esc",
        "?",
    ]
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.wait_for_selector(".library-search:focus")
    assert does in page.locator("dialog.keys dd").all_text_contents()
    page.keyboard.press("Escape")
    page.click("[data-action=keys]")
    page.click("[data-action=close-keys]")
    assert page.locator("dialog[open]").count() == 0


def test_what_is_drawn_anew_keeps_the_focus(open_page: Open) -> None:
    page = open_page()
    page.click(".suggestion >> nth=0")
    page.wait_for_selector(SETTLED)
    page.wait_for_selector("#isnad-question textarea:focus")  # where one asks on
    page.focus("[data-vote=up]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-vote=up][aria-pressed=true]:focus")


def test_on_a_phone_the_focus_brings_no_keyboard_over_the_answer(open_page: Open) -> None:
    page = open_page(width=390, height=844, has_touch=True, is_mobile=True)
    page.tap(".suggestion >> nth=0")
    page.wait_for_selector(SETTLED)
    page.wait_for_selector("#isnad-current .question:focus")


@pytest.mark.parametrize(
    ("locale", "width", "more", "less"),
    [
        ("en-GB", 1280, "Show the whole question", "Show less"),
        ("fr-FR", 390, "Afficher toute la question", "Réduire"),
        ("ar-DZ", 390, "أظهر السؤال كاملا", "أظهر أقل"),
    ],
)
def test_a_long_question_is_opened_and_folded(open_page: Open, locale: str, width: int, more: str, less: str) -> None:
    page = open_page(locale=locale, width=width)
    ask(page, "countries" + " and more words" * 120)
    question = page.locator("#isnad-current .question span[dir]")
    folded = question.evaluate("q => q.clientHeight")
    page.get_by_role("button", name=more, expanded=False).click()
    assert question.evaluate("q => q.scrollHeight - q.clientHeight") == 0
    page.get_by_role("button", name=less, expanded=True).click()
    assert question.evaluate("q => q.clientHeight") == folded
    ask(page, ENGLISH)
    assert page.locator("#isnad-current .whole-question").is_hidden()


def test_the_dates_are_at_hand_at_twice_the_size(open_page: Open) -> None:
    page = open_page(width=640, height=360)  # a small screen at 200 %
    page.click("#isnad-filters > button")
    page.click("#isnad-period input")
    page.get_by_role("option", name="Between two dates").click()
    for name in ("since", "until"):
        field = page.locator(f"#isnad-{name} textarea")
        field.wait_for()  # in sight, without being sought
        box, room = field.bounding_box(), page.locator("#isnad-filters .column >> nth=0").bounding_box()
        assert box
        assert room
        assert room["y"] - 1 <= box["y"]
        assert box["y"] + box["height"] <= min(360, room["y"] + room["height"] + 1)
        field.fill("2011")
    page.keyboard.press("Tab")
    page.wait_for_selector("#isnad-chips .chip")
    assert page.locator("#isnad-question textarea").bounding_box()["y"] + 20 < 360
