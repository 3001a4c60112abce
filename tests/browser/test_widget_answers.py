"""What the widget does with an answer: quotes, marks, copy, votes, the article, and what a reload keeps."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from rag.answering.outcome_texts import lone_text
from rag.serving.api import build_api
from rag.serving.gate.embeds import EmbedBook
from rag.settings import Settings
from tests.browser.axe import serious
from tests.browser.chromium import Page
from tests.fake_assistant import MISSILE_SENTENCE, STAFF_SENTENCE, FakeAssistant
from tests.loopback import serving

pytestmark = pytest.mark.browser
CHAT = "document.querySelector('isnad-chat')"
FOCUSED = f"{CHAT}.shadowRoot.activeElement"
HOST = '<!doctype html><html lang="{language}"><head><link rel="icon" href="data:,"></head><body>{body}</body></html>'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, FakeAssistant, Any]]:
    index, assistant = tmp_path_factory.mktemp("index"), FakeAssistant()
    app = build_api(Settings(index_dir=index, questions_per_minute=1000), assistant)
    with serving(app) as address:
        embed = EmbedBook.open(index).create("test", [address])
        yield address, embed.id, assistant, app.state.site


@pytest.fixture
def visit(served: tuple[str, str, FakeAssistant, Any], chromium: Callable[..., Page]) -> Callable[..., Page]:
    """Open a page that holds the widget."""
    address, embed_id, *_ = served

    def open_page(language: str = "en", attributes: str = 'data-open="true"', **context: object) -> Page:
        page = chromium(**context)
        script = f'<script src="{address}/widget.js" data-embed-id="{embed_id}" {attributes}></script>'
        body = HOST.format(language=language, body=script)
        page.route(f"{address}/host", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.goto(f"{address}/host")
        return page

    return open_page


def ask(page: Page, question: str) -> Page:
    replies = page.locator("isnad-chat .reply[aria-busy=false]")
    before = replies.count()
    page.locator("isnad-chat textarea").fill(question)
    page.keyboard.press("Enter")
    replies.nth(before).wait_for()
    return replies.nth(before)


@pytest.mark.parametrize(("language", "width", "scheme"), [("en", 1280, "light"), ("ar", 390, "dark")])
def test_axe_finds_nothing_serious_in_any_state(
    visit: Callable[..., Page], language: str, width: int, scheme: str
) -> None:
    page = visit(language, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.locator("isnad-chat textarea").wait_for()
    found = [("begun", *each) for each in serious(page)]
    for question in ("hello", "which countries formed the joint staff?", "visit", "ما عاصمة اليابان؟"):
        ask(page, question)
        found += [(question, *each) for each in serious(page)]
    page.locator("isnad-chat [aria-pressed=false] >> nth=1").click()
    page.locator("isnad-chat .why").wait_for()
    found += [("voted down", *each) for each in serious(page)]
    host = ("html-has-lang", "landmark-one-main", "document-title")  # of the bare page around it
    assert [each for each in found if each[1] not in host] == []


def draw(
    page: Page, quote: str, highlights: list[list[int]], glosses: Sequence[Mapping[str, object]], answers: Any = ()
) -> Page:
    """The card of a made-up citation, after the last message."""
    cited: dict[str, object] = {
        "number": 1, "article_id": "a", "title": "t", "source": "", "date": "", "url": "", "language": "ar",
        "quote": quote, "start": 0, "end": len(quote), "highlights": highlights, "glosses": [*glosses],
    }  # fmt: skip
    page.evaluate(f"([one, answers]) => {CHAT}.log.append({CHAT}.card(one, 1, answers))", [cited, list(answers)])
    return page.locator("isnad-chat blockquote").last


def span(text: str, words: str) -> list[int]:
    at = text.index(words)
    return [at, at + len(words)]


WIDTH = """quote => { const range = document.createRange(); range.selectNodeContents(quote);
  quote.style.cssText = 'display:inline-block;white-space:pre'; return range.getBoundingClientRect().width }"""


@pytest.mark.parametrize("kind", ["matches", "answers"])
def test_letters_join_across_the_edge_of_a_mark(visit: Callable[..., Page], kind: str) -> None:
    page, word = visit(), "بالإسكندرية"
    marks = [span(word, "الإسكندرية")]
    plain = draw(page, word, [], [])
    width = plain.evaluate(WIDTH)
    marked = draw(page, word, marks if kind == "matches" else [], [], marks if kind == "answers" else ())

    assert marked.locator(f"mark.{kind}").inner_text() == "الإسكندرية"
    assert marked.evaluate(WIDTH) == pytest.approx(width, abs=0.1)


def test_a_caption_stands_under_the_whole_word_and_the_mark_stays_within(visit: Callable[..., Page]) -> None:
    text = "افتتحت قناة السويس  الجديدة بالإسكندرية"
    names = {"قناة السويس": "Suez Canal", "الإسكندرية": "Alexandria"}
    glosses = [dict(zip(("start", "end"), span(text, ar), strict=True)) | {"gloss": en} for ar, en in names.items()]
    quote = draw(visit(), text, [span(text, ar) for ar in names], glosses)

    ruby = quote.locator("ruby")
    assert ruby.evaluate_all("all => all.map(one => one.firstChild.nodeType === 3 ? one.firstChild.data : '')") == [
        "",
        "ب",
    ]
    assert quote.locator("rt").all_text_contents() == list(names.values())
    assert quote.locator("ruby > mark").all_text_contents() == list(names)
    assert quote.locator("mark").first.evaluate("m => getComputedStyle(m).backgroundColor") == "rgb(255, 233, 168)"


def test_no_white_space_of_a_quote_is_changed(visit: Callable[..., Page]) -> None:
    text = "one  two\n three"
    quote = draw(visit(), text, [[0, 3]], [])

    assert quote.text_content() == text
    assert quote.evaluate("q => getComputedStyle(q).whiteSpace") == "pre-wrap"


def test_each_state_says_what_it_is_and_how_sure(visit: Callable[..., Page]) -> None:
    page = visit()
    assert ask(page, "pays").locator(".label b.sure").inner_text() == "Sure"
    missiles = ask(page, "missiles")
    assert missiles.locator(".label b.likely").inner_text() == "Likely"
    assert missiles.locator(".short p").last.inner_text() == lone_text("en")
    related = ask(page, "visit")
    assert related.locator(".related > strong").inner_text() == "No sure answer"
    assert related.locator(".related .card").count() == 2
    assert related.locator(".short").count() == 0
    refusal = ask(page, "nothing of it")
    assert refusal.locator(".refusal strong").inner_text() == "No answer found"
    assert refusal.locator(".refusal details .card").count() == 3
    assert refusal.locator(".tools").first.locator("button").all_text_contents() == ["Open the article"]


def test_the_days_that_the_question_names_are_told(visit: Callable[..., Page]) -> None:
    page = visit("fr")
    page.evaluate(
        f"""() => {{ const applied_filters = {{since: "2011-10-01", until: "", from_question: true}};
        {CHAT}.log.append(...{CHAT}.notes({{warnings: [], applied_filters}})) }}"""
    )

    told = page.locator("isnad-chat .limited").inner_text()
    assert told == "Recherche limitée aux articles des jours que nomme la question\u00a0: 1 octobre 2011 – …"


def test_words_of_one_source_among_several_are_told_to_be_so(visit: Callable[..., Page]) -> None:
    page = visit()
    assert ask(page, "missiles").locator(".short p").all_inner_texts()[1:] == ["Only one source says so"]
    assert ask(page, "pays").locator(".short p").count() == 1


def test_the_short_answer_leads_to_its_quote(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, "pays").locator(".short .marker").click()

    assert page.evaluate(f"{FOCUSED}.dataset.number") == "1"
    assert page.evaluate(f"{FOCUSED}.className") == "card"


@pytest.mark.parametrize("secure", [True, False])
def test_the_answer_is_copied_with_its_sources(visit: Callable[..., Page], secure: bool) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    if not secure:
        page.evaluate("navigator.clipboard.writeText = async () => { throw new Error() }; 0")
    reply = ask(page, "pays")
    reply.get_by_role("button", name="Copy").click()
    reply.get_by_role("button", name="Copied").wait_for()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(STAFF_SENTENCE)
    assert f"“{STAFF_SENTENCE}”" in copied
    assert "https://news.example/ar/sahel?part=1&lang=ar" in copied


def test_a_thumb_is_kept_with_the_answer(
    visit: Callable[..., Page], served: tuple[str, str, FakeAssistant, Any]
) -> None:
    page = visit()
    reply = ask(page, "pays")
    for name, vote in (("Helpful", "up"), ("Not helpful", "down")):
        reply.get_by_role("button", name=name, exact=True).click()
        reply.get_by_role("button", name=name, exact=True, pressed=True).wait_for()
        row = json.loads(served[3].feedback.path.read_text().splitlines()[-1])
        assert (row["answer_id"], row["vote"]) == ("answer-1", vote)
    assert reply.locator("[aria-pressed=true]").count() == 1


@pytest.mark.parametrize(
    ("language", "width", "down", "why", "other"),
    [
        ("en", 1280, "Not helpful", "Not in the articles", "Wrong"),
        ("fr", 390, "Pas utile", "Pas dans les articles", "Faux"),
        ("ar", 390, "غير مفيدة", "ليست في المقالات", "خاطئة"),
    ],
)
def test_a_thumb_down_says_why_and_all_of_it_is_taken_back(
    visit: Callable[..., Page], served: tuple[str, str, FakeAssistant, Any],
    language: str, width: int, down: str, why: str, other: str,
) -> None:  # fmt: skip
    page = visit(language, viewport={"width": width, "height": 800})
    log, sent = page.locator("isnad-chat .log").first, served[3].feedback.path

    def press(name: str, pressed: bool) -> tuple[str, str]:
        page.get_by_role("button", name=name, exact=True, pressed=not pressed).focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name=name, exact=True, pressed=pressed).wait_for()
        assert page.evaluate(f"{FOCUSED}.textContent") == name, "drawn anew, it keeps the focus"
        row = json.loads(sent.read_text().splitlines()[-1])
        return row["vote"], row["reason"]

    ask(page, "pays")
    assert press(down, True) == ("down", "")
    assert press(other, True) == ("down", "wrong")
    assert press(why, True) == ("down", "missing")
    assert page.locator("isnad-chat .why [aria-pressed=true]").all_inner_texts() == [why]
    assert page.locator("isnad-chat .why").bounding_box()["width"] <= log.bounding_box()["width"]
    page.reload()
    assert press(why, False) == ("down", "")
    assert press(down, False) == ("none", "")
    assert page.locator("isnad-chat .why").count() == 0


@pytest.mark.parametrize("keeps", [True, False])
def test_who_votes_is_told_where_the_question_is_kept(visit: Callable[..., Page], keeps: bool) -> None:
    page = visit()
    page.evaluate(f"{CHAT}.session = {{...{CHAT}.session, keeps_questions: {json.dumps(keeps)}}}; 0")
    ask(page, "pays").get_by_role("button", name="Not helpful", exact=True).click()
    page.locator("isnad-chat .why").wait_for()
    assert page.get_by_text("The question is kept with it").count() == keeps


def test_an_article_opens_in_place_at_its_quote_and_closes_to_where_it_was(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, "missiles").get_by_role("button", name="Open the article").first.click()
    reader = page.locator("isnad-chat .reader")
    reader.locator(".quoted").wait_for()

    assert reader.locator(".quoted").text_content() == MISSILE_SENTENCE
    assert reader.locator(".quoted mark.answers").inner_text() == "ألف صاروخ"
    assert reader.locator("h3").inner_text() == "دول الساحل تنسّق أمنها على الحدود"
    assert reader.get_by_role("link", name="Original page").get_attribute("href").startswith("https://news.example/")
    assert page.locator("isnad-chat [role=log]").is_hidden()
    page.keyboard.press("Escape")
    assert page.evaluate(f"{FOCUSED}.textContent") == "Open the article"
    assert page.locator("isnad-chat [role=log]").is_visible()


def test_an_article_that_is_gone_is_told(visit: Callable[..., Page]) -> None:
    page = visit()
    page.route("**/articles/*", lambda route: route.fulfill(status=500, json={"error": {"code": "internal"}}))
    ask(page, "pays").get_by_role("button", name="Open the article").click()

    assert page.locator("isnad-chat .reader [role=alert]").inner_text().startswith("That did not work")


def test_a_reload_of_the_page_keeps_the_conversation_in_its_tab_alone(
    visit: Callable[..., Page], served: tuple[str, str, FakeAssistant, Any]
) -> None:
    page = visit()
    ask(page, "pays").get_by_role("button", name="Helpful", exact=True).click()
    ask(page, "nothing of it")
    page.locator("isnad-chat [aria-pressed=true]").wait_for()
    page.reload()

    assert page.locator("isnad-chat .question").all_inner_texts() == ["You asked:\npays", "You asked:\nnothing of it"]
    assert page.locator("isnad-chat .card").count() == 4
    assert page.locator("isnad-chat [aria-pressed=true]").inner_text() == "Helpful"
    assert page.locator("isnad-chat .chips").is_hidden()
    ask(page, "missiles")
    assert [turn.content for turn in served[2].asked[-1].history] == ["pays", STAFF_SENTENCE]
    page.get_by_role("button", name="New conversation").click()
    page.reload()
    assert page.locator("isnad-chat .question").count() == 0
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]


@pytest.mark.parametrize("kept", ["not JSON", '"a text"', '[{"question": "q"}]', '[{"question": "q", "answer": {}}]'])
def test_what_another_version_kept_is_forgotten(visit: Callable[..., Page], kept: str) -> None:
    page = visit()
    page.evaluate(f"kept => sessionStorage.setItem('isnad ' + {CHAT}.getAttribute('embed-id'), kept)", kept)
    page.reload()

    assert page.locator("isnad-chat .reply").count() == 0
    ask(page, "pays").locator(".card").wait_for()


def test_what_could_not_be_asked_is_in_the_field_again(visit: Callable[..., Page]) -> None:
    page = visit()
    page.route("**/ask", lambda route: route.abort("connectionrefused"))
    ask(page, "pays").get_by_role("alert").wait_for()
    assert page.locator("isnad-chat textarea").input_value() == "pays"
    page.unroute("**/ask")
    page.locator("isnad-chat textarea").press("Enter")
    page.locator("isnad-chat .card").wait_for()

    assert page.locator("isnad-chat .question").count() == 1
    assert page.get_by_role("alert").count() == 0


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
@pytest.mark.parametrize("width", [320, 390])
def test_the_placeholder_is_whole_on_a_phone(visit: Callable[..., Page], language: str, width: int) -> None:
    page = visit(language, "", viewport={"width": width, "height": 640})
    page.locator("isnad-chat .launcher").click()

    fits = """field => { const words = document.createElement('span'); words.textContent = field.placeholder;
      const style = getComputedStyle(field); words.style.cssText = `position:fixed;white-space:pre;font:${style.font}`;
      field.after(words); const width = words.getBoundingClientRect().width; words.remove();
      return width <= field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) }"""
    assert page.locator("isnad-chat textarea").evaluate(fits)
