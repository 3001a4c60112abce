"""The widget in a real Chromium, on a page of another origin than the server's."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from rag.serving.api import build_api
from rag.serving.gate.embeds import EmbedBook
from rag.settings import Settings
from tests.browser.chromium import Page
from tests.conftest import ROOT
from tests.fake_assistant import HOSTILE_STRINGS, STAFF_SENTENCE, VISIT_SENTENCE_FR, FakeAssistant
from tests.loopback import serving

pytestmark = pytest.mark.browser
BARE = '<!doctype html><html><head><link rel="icon" href="data:,"></head><body>{}</body></html>'
SHORT = "موريتانيا ومالي والنيجر"
ENGLISH = "Which countries formed the joint staff?"
HOST_CSS = "* { color: red !important; font-size: 40px; } button { transform: rotate(20deg) } p { display: none }"


@dataclass
class Site:
    """A foreign site that shows the widget, and the server it talks to."""

    folder: Path
    origin: str
    stranger: str
    server: str
    embed_id: str
    assistant: FakeAssistant
    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def page(self, attributes: str = "", html: str = "<h1>Host</h1>", root: str = 'lang="en"', head: str = "") -> str:
        """Write a page with the widget; returns its path."""
        script = f'<script src="{self.server}/widget.js" data-embed-id="{self.embed_id}" {attributes}></script>'
        head = f'<meta charset="utf-8"><link rel="icon" href="data:,">{head}'
        (self.folder / "page.html").write_text(
            f"<!doctype html><html {root}><head>{head}</head><body>{html}{script}</body></html>"
        )
        return "/page.html"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, index = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("index")
    handler = partial(_Quiet, directory=str(folder))
    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) for _ in range(2)]
    for one in servers:
        threading.Thread(target=one.serve_forever, daemon=True).start()
    origin, stranger = (f"http://127.0.0.1:{one.server_port}" for one in servers)
    embed = EmbedBook.open(index).create("test", [origin])
    assistant = FakeAssistant(delay=0.01)
    with serving(build_api(Settings(index_dir=index, questions_per_minute=1000), assistant)) as server:
        yield Site(folder, origin, stranger, server, embed.id, assistant)
    for one in servers:
        one.shutdown()
        one.server_close()


@pytest.fixture
def visit(site: Site, chromium: Callable[..., Page]) -> Callable[..., Page]:
    """Open the site's page, which may ask the widget's server too."""

    def open_page(path: str, origin: str = site.origin, **context: object) -> Page:
        page = chromium(besides=(site.server,), **context)
        page.goto(origin + path)
        return page

    return open_page


def ask(page: Page, question: str) -> None:
    before = page.locator("isnad-chat .reply").count()
    page.locator("isnad-chat textarea").fill(question)
    page.keyboard.press("Enter")
    page.locator("isnad-chat .reply[aria-busy=false]").nth(before).wait_for()


def test_a_foreign_page_asks_and_sees_quote_highlight_gloss_and_link(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page())
    page.get_by_role("button", name="Open the chat").click()
    page.get_by_role("button", name="Which countries formed the joint staff?").click()
    card = page.locator("isnad-chat .card")
    card.wait_for()

    quote = card.locator("blockquote")
    shown = quote.evaluate(
        "q => [...q.querySelectorAll('rt')].reduce((t, rt) => (rt.remove(), q.textContent), q.textContent)"
    )
    assert shown == STAFF_SENTENCE
    assert card.locator("mark.matches").all_inner_texts() == ["الجزائر", "هيئة أركان مشتركة"]
    assert "".join(card.locator("mark.answers").all_text_contents()) == SHORT
    assert quote.evaluate("q => getComputedStyle(q).direction") == "rtl"
    link = card.get_by_role("link", name="Original page")
    assert link.get_attribute("href") == "https://news.example/ar/sahel?part=1&lang=ar"
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"


def test_glosses_read_the_countries_in_the_questions_language(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true" data-language="fr"'))
    ask(page, "quels pays ?")

    assert page.locator("isnad-chat rt").all_text_contents() == ["Algérie", "Mauritanie", "Mali", "Niger"]


def test_offsets_count_code_points(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true"'))
    page.evaluate(
        """() => {
          const chat = document.querySelector("isnad-chat");
          const text = "😀 the dam 😀 opened";
          const citation = {number: 1, article_id: "a", title: "t", source: "", date: "", url: "", language: "en",
            quote: text, start: 100, end: 119, score: 1, highlights: [[102, 109], [112, 118]], glosses: []};
          chat.log.append(chat.card(citation, 1));
        }"""
    )

    assert page.locator("isnad-chat mark").all_inner_texts() == ["the dam", "opened"]


def test_the_answer_grows_while_it_streams_and_can_be_stopped(site: Site, visit: Callable[..., Page]) -> None:
    site.assistant.delay = 0.3
    try:
        page = visit(site.page('data-open="true"'))
        page.locator("isnad-chat textarea").fill("missiles")
        page.keyboard.press("Enter")
        growing = page.locator("isnad-chat .reply > p:not(.working)")
        growing.wait_for()
        assert 0 < len(growing.inner_text()) < 60
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("Stopped before the answer was complete.").wait_for()
        page.get_by_role("button", name="Ask", exact=True).wait_for()
    finally:
        site.assistant.delay = 0.01


def test_a_refusal_speaks_the_questions_language_and_names_the_passages(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true"'))
    ask(page, "ما عاصمة اليابان؟")

    refusal = page.locator("isnad-chat .refusal")
    assert refusal.get_attribute("dir") == "rtl"
    assert "لا تجيب المقالات عن هذا السؤال." in refusal.inner_text()
    assert page.locator("isnad-chat .card").first.is_hidden()
    refusal.locator("summary").click()
    assert page.locator("isnad-chat .card").first.is_visible()
    assert page.locator("isnad-chat mark").count() == 0


@pytest.mark.parametrize(
    ("question", "direction", "title", "lead"),
    [
        ("What did the visit cost?", "ltr", "No sure answer", "The articles may not answer this question."),
        ("كم كلفت الزيارة؟", "rtl", "لا جواب مؤكد", "قد لا تجيب المقالات عن هذا السؤال."),
    ],
)
def test_what_is_only_related_says_so_in_the_questions_language_above_its_quotes(
    site: Site, visit: Callable[..., Page], question: str, direction: str, title: str, lead: str
) -> None:
    page = visit(site.page('data-open="true"'))
    ask(page, question)

    related = page.locator("isnad-chat .related")
    assert related.get_attribute("dir") == direction
    assert related.locator("> strong").inner_text() == title
    assert related.locator("> p").inner_text().startswith(lead)
    quotes = related.locator(".card blockquote")
    assert [quotes.nth(at).evaluate("quote => getComputedStyle(quote).direction") for at in (0, 1)] == ["rtl", "ltr"]
    assert quotes.nth(1).inner_text() == VISIT_SENTENCE_FR
    assert page.locator("isnad-chat :is(.short, .refusal, .answers)").count() == 0
    ask(page, "missiles")
    assert site.assistant.asked[-1].history == (), "what is only related teaches nothing"


@pytest.mark.parametrize(
    ("question", "words", "label"),
    [(ENGLISH, SHORT, "Sure"), ("missiles", "ألف صاروخ", "Likely")],
)
def test_the_words_that_answer_are_labelled_and_marked_unlike_those_that_match(
    site: Site, visit: Callable[..., Page], question: str, words: str, label: str
) -> None:
    page = visit(site.page('data-open="true"'))
    ask(page, question)

    assert page.locator("isnad-chat .short .label b").inner_text() == label
    answers = page.locator("isnad-chat blockquote mark.answers")
    assert "".join(answers.all_text_contents()) == words
    style = "mark => getComputedStyle(mark).textDecorationLine"
    assert answers.first.evaluate(style) == "underline"
    assert answers.first.get_attribute("title") == "The words that answer"
    matching = page.locator("isnad-chat blockquote mark:not(.answers)")
    assert matching.first.evaluate(style) == "none"


def test_a_written_answer_leads_from_each_marker_to_its_quote(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true"'))
    ask(page, "summary")
    page.get_by_role("button", name="Source 2").click()

    assert page.evaluate("document.querySelector('isnad-chat').shadowRoot.activeElement.dataset.number") == "2"
    assert page.locator("isnad-chat .unsupported").inner_text() == "Six of the missiles were found again in 2013."
    assert page.locator("isnad-chat .heard", has_text="Not borne out by the articles").count() == 1


def test_a_foreign_quote_is_translated_on_demand(site: Site, visit: Callable[..., Page]) -> None:
    site.assistant.model = "fake-1b"
    page = visit(site.page('data-open="true"'))
    ask(page, "missiles")
    page.get_by_role("button", name="Translate").last.click()
    page.wait_for_selector("isnad-chat .translated")
    site.assistant.model = ""
    assert "<b>en</b>: word0" in page.locator("isnad-chat .translated").inner_text()
    assert "may not be those of the text" in page.locator("isnad-chat .translated .warn").inner_text()
    page.get_by_role("button", name="Translate").first.click()
    assert page.locator("isnad-chat .problem").inner_text().startswith("That did not work")


def test_the_quotes_stand_in_while_a_model_writes(site: Site, visit: Callable[..., Page]) -> None:
    site.assistant.delay = 0.3
    page = visit(site.page('data-open="true"'))
    page.locator("isnad-chat textarea").fill("summary")
    page.keyboard.press("Enter")
    page.wait_for_selector("isnad-chat .reply[aria-busy=true] .cards blockquote")
    assert "own words" in page.locator("isnad-chat .reply").inner_text()
    site.assistant.delay = 0.01
    page.wait_for_selector("isnad-chat .reply[aria-busy=false]", timeout=60_000)


def test_a_written_list_and_table_are_drawn(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true"'))
    ask(page, "table")
    text = page.locator("isnad-chat .text")
    assert text.locator("li strong").all_inner_texts() == ["Algeria"]
    assert [len(row.split()) for row in text.locator("tr").all_inner_texts()] == [2, 6, 6]
    assert text.locator("td .marker").count() == 4
    assert text.locator("> p .unsupported").inner_text() == "Six of the missiles were found again in 2013."


def test_the_conversation_goes_along_with_the_next_question(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true"'))
    ask(page, "pays")
    ask(page, "missiles")

    asked = site.assistant.asked[-1]
    assert asked.text == "missiles"
    assert [turn.role for turn in asked.history] == ["user", "assistant"]
    page.get_by_role("button", name="New conversation").click()
    ask(page, "pays")
    assert site.assistant.asked[-1].history == ()


def test_markup_in_any_field_stays_text(site: Site, visit: Callable[..., Page]) -> None:
    greeting = "&lt;img src=x onerror=alert(1)&gt;"
    page = visit(
        site.page(f'data-open="true" data-greeting="{greeting}" data-title="{greeting}" data-questions="{greeting}"')
    )
    for question in ("hostile", *HOSTILE_STRINGS[:11]):
        ask(page, question)
    page.wait_for_timeout(300)

    assert page.locator("isnad-chat .log :is(script, img, svg, iframe, style, math)").count() == 0
    hrefs = page.locator("isnad-chat a").evaluate_all("links => links.map(link => link.href)")
    assert all(href.startswith("https://news.example/") for href in hrefs)


def test_it_says_that_the_site_is_not_served(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true"'), origin=site.stranger)

    assert f"This chat does not serve {site.stranger}" in page.get_by_role("alert").inner_text()


def test_it_says_that_its_id_is_wrong(site: Site, visit: Callable[..., Page]) -> None:
    known, site.embed_id = site.embed_id, "nobody"
    page = visit(site.page('data-open="true"'))
    site.embed_id = known

    assert "its embed id is wrong" in page.get_by_role("alert").inner_text()


def test_it_says_that_the_server_is_away(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page())
    page.route(f"{site.server}/**", lambda route: route.abort("connectionrefused"))
    page.locator("isnad-chat .launcher").click()

    assert "The server cannot be reached" in page.get_by_role("alert").inner_text()


def test_a_full_quota_tells_when_to_come_back(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true"'))
    readable = {"Access-Control-Allow-Origin": site.origin, "Access-Control-Expose-Headers": "Retry-After"}
    refusal = {"error": {"code": "rate_limited", "message": "", "hint": ""}}
    page.route(
        "**/ask", lambda route: route.fulfill(status=429, headers={"Retry-After": "17", **readable}, json=refusal)
    )
    ask(page, "pays")

    assert "Try again in 17 s." in page.get_by_role("alert").inner_text()


def test_a_broken_stream_is_not_taken_for_an_answer(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true"'))
    page.route("**/ask", lambda route: route.fulfill(
        status=200, headers={"Access-Control-Allow-Origin": site.origin, "Content-Type": "text/event-stream"},
        body='event: start\ndata: {"id": "1"}\n\nevent: delta\ndata: {"text": "half of it"}\n\n: ping\n\nevent: de',
    ))  # fmt: skip
    ask(page, "pays")

    assert page.locator("isnad-chat .reply").inner_text().startswith("half of it")
    assert "The answer broke off" in page.get_by_role("alert").inner_text()


def test_the_keyboard_opens_asks_closes_and_comes_back(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page(html='<a href="#x">a link</a>'))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    focused = "document.querySelector('isnad-chat').shadowRoot.activeElement"
    assert page.evaluate(f"{focused}.tagName") == "TEXTAREA"
    page.keyboard.type("pays")
    page.keyboard.press("Enter")
    page.locator("isnad-chat .card").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate(f"{focused}.className") == "launcher"
    assert page.locator("isnad-chat dialog").is_hidden()
    page.keyboard.press("Enter")
    assert page.locator("isnad-chat .card").is_visible()  # the conversation is still there


def test_opened_by_the_page_it_leaves_the_focus_alone(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true"', html="<input autofocus>"))

    assert page.evaluate("document.activeElement.tagName") == "INPUT"


def test_the_field_follows_the_interface_when_empty_and_the_text_when_not(
    site: Site, visit: Callable[..., Page]
) -> None:
    page = visit(site.page('data-open="true"', root='lang="ar" dir="rtl"'))
    field = page.locator("isnad-chat textarea")
    direction = "field => getComputedStyle(field).direction"

    assert field.evaluate(direction) == "rtl"
    field.fill("which countries?")
    assert field.evaluate(direction) == "ltr"
    field.fill("")
    assert field.evaluate(direction) == "rtl"


def test_a_title_reads_in_its_own_direction_and_a_gloss_stays_whole(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true" data-language="en"'))
    ask(page, "pays")

    assert page.locator("isnad-chat .card h3").evaluate("h => getComputedStyle(h).direction") == "rtl"
    assert page.locator("isnad-chat ruby").first.evaluate("r => getComputedStyle(r).whiteSpace") == "pre"


def test_a_question_mark_keeps_to_its_word_and_the_question_is_sent_as_typed(
    site: Site, visit: Callable[..., Page]
) -> None:
    page = visit(site.page('data-open="true" data-language="fr" data-questions="Quels pays ?"'))
    page.get_by_role("button", name="Quels pays").click()
    page.locator("isnad-chat .card").wait_for()

    assert page.locator("isnad-chat .question").inner_text().endswith("Quels pays\u00a0?")
    assert site.assistant.asked[-1].text == "Quels pays ?"


def test_the_field_takes_what_the_server_takes(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true"'))
    page.locator("isnad-chat .chips button").first.wait_for()

    assert page.locator("isnad-chat textarea").get_attribute("maxlength") == str(Settings().max_question_chars)


def test_the_day_comes_before_the_month_in_every_language(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true" data-language="en"'))
    ask(page, "pays")

    assert "12 October 2011" in page.locator("isnad-chat .card .meta").inner_text()


def test_names_and_roles_for_a_screen_reader(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true" data-title="Archive"'))
    ask(page, "pays")

    assert page.get_by_role("dialog", name="Archive").is_visible()
    assert page.get_by_role("log", name="Archive").is_visible()
    assert page.get_by_role("textbox", name="Ask a question…").is_visible()
    assert page.locator("isnad-chat [role=log]").get_attribute("aria-live") == "polite"
    unnamed = page.locator("isnad-chat button").evaluate_all(
        "all => all.filter(b => !(b.ariaLabel || b.textContent.trim())).length"
    )
    assert unnamed == 0


@pytest.mark.parametrize(("root", "position", "left"), [
    ('lang="en" dir="ltr"', "", False), ('lang="ar" dir="rtl"', "", True),
    ('lang="en" dir="ltr"', "bottom-start", True), ('lang="ar" dir="rtl"', "bottom-start", False),
])  # fmt: skip
def test_the_position_follows_the_pages_direction(
    site: Site, visit: Callable[..., Page], root: str, position: str, left: bool
) -> None:
    page = visit(site.page(f'data-position="{position}"', root=root))
    box = page.locator("isnad-chat .launcher").bounding_box()

    assert box is not None
    assert (box["x"] < 100) is left


def test_the_host_pages_style_stays_out_and_the_widgets_stays_in(site: Site, visit: Callable[..., Page]) -> None:
    plain = visit(site.page('data-open="true"'))
    styled = visit(site.page('data-open="true"', head=f"<style>{HOST_CSS}</style>"))
    look = """() => [...document.querySelector('isnad-chat').shadowRoot.querySelectorAll('*')].map(element => {
        const style = getComputedStyle(element);
        return [element.tagName, style.color, style.fontSize, style.transform, style.display].join(); })"""
    for page in (plain, styled):
        page.locator("isnad-chat .chips button").first.wait_for()

    assert styled.evaluate(look) == plain.evaluate(look)
    assert plain.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily") != plain.evaluate(
        "getComputedStyle(document.querySelector('isnad-chat').shadowRoot.querySelector('h2')).fontFamily"
    )


def test_a_strict_content_policy_of_the_host_page_is_enough(site: Site, visit: Callable[..., Page]) -> None:
    policy = f"default-src 'none'; script-src {site.server}; connect-src {site.server}; img-src data:"
    page = visit(site.page('data-open="true"', head=f'<meta http-equiv="Content-Security-Policy" content="{policy}">'))
    ask(page, "pays")

    assert page.locator("isnad-chat .panel").evaluate("p => getComputedStyle(p).borderRadius") == "14px"


def test_on_a_phone_it_fills_the_screen_and_keeps_the_focus(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page(html='<a href="#x">behind</a>'), viewport={"width": 390, "height": 700})
    page.locator("isnad-chat .launcher").click()
    box = page.locator("isnad-chat .panel").bounding_box()

    assert box == {"x": 0, "y": 0, "width": 390, "height": 700}
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") in ("ISNAD-CHAT", "BODY")  # BODY: the browser's own bar
    page.keyboard.press("Escape")
    assert page.locator("isnad-chat .panel").is_hidden()
    assert page.locator("isnad-chat .launcher").is_visible()


def test_on_a_phone_opened_by_the_page_it_begins_at_no_button(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site.page('data-open="true"'), viewport={"width": 390, "height": 700})
    focused = "document.querySelector('isnad-chat').shadowRoot.activeElement"

    assert page.evaluate(f"{focused}.tagName") == "DIALOG"
    assert page.evaluate(f"getComputedStyle({focused}).outlineStyle") == "none"
    page.keyboard.press("Escape")
    assert page.locator("isnad-chat .panel").is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("accent", ["", "#ffd24a", "#111", "navy", "hsl(10 90% 40%)", "url(x)", "red;}*{display:none"])
def test_text_on_the_accent_is_legible(site: Site, visit: Callable[..., Page], scheme: str, accent: str) -> None:
    page = visit(site.page(f'data-open="true" data-accent="{accent}"'), color_scheme=scheme)
    contrast = page.locator("isnad-chat header").evaluate(
        """header => {
          const light = colour => { const v = colour.match(/[\\d.]+/g).slice(0, 3)
            .map(c => c / 255 <= .04045 ? c / 255 / 12.92 : ((c / 255 + .055) / 1.055) ** 2.4);
            return .2126 * v[0] + .7152 * v[1] + .0722 * v[2] };
          const style = getComputedStyle(header), [a, b] = [light(style.color), light(style.backgroundColor)];
          return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) }"""
    )

    assert contrast >= 4.5
    assert page.locator("isnad-chat header").is_visible()


def test_inline_it_is_a_region_that_fills_its_place(site: Site, visit: Callable[..., Page]) -> None:
    path = site.page('data-mode="inline" data-questions="Une ?|Deux ?"', html="", root='lang="fr"')
    page_file = site.folder / "page.html"
    opened = page_file.read_text().replace("<script", '<div style="width:600px;height:500px"><script')
    page_file.write_text(opened.replace("</script>", "</script></div>"))
    page = visit(path)

    assert page.get_by_role("region", name="Interroger les articles").bounding_box() == pytest.approx(
        {"x": 8, "y": 8, "width": 600, "height": 500}
    )
    assert page.locator("isnad-chat .chips button").all_inner_texts() == ["Une\u00a0?", "Deux\u00a0?"]
    assert page.locator("isnad-chat .launcher").is_hidden()


def test_the_demo_shows_the_options_and_makes_a_snippet_that_works(site: Site, visit: Callable[..., Page]) -> None:
    page = visit("/widget-demo", origin=site.server)
    page.get_by_label("Embed id").fill(site.embed_id)
    page.get_by_label("Title").fill('The "archive" & more')
    page.get_by_label("Language").select_option("ar")
    page.get_by_label("Open at once").check()
    snippet = page.get_by_label("Snippet").input_value()
    assert f'data-embed-id="{site.embed_id}"' in snippet

    (site.folder / "page.html").write_text(BARE.format(snippet))
    copied = visit("/page.html")
    assert copied.get_by_role("dialog", name='The "archive" & more').is_visible()
    ask(copied, "أركان")
    assert copied.locator("isnad-chat .card").count() == 1


def test_the_demo_speaks_three_languages_and_the_widget_follows(site: Site, visit: Callable[..., Page]) -> None:
    page = visit("/widget-demo", origin=site.server, locale="fr-CA")
    assert page.get_by_role("heading", level=1).inner_text() == "Le widget Isnad"
    said = "all => all.map(one => one.textContent)"
    french = page.locator("[data-say]").evaluate_all(said)
    for language, direction, title in (("العربية", "rtl", "اسأل المقالات"), ("English", "ltr", "Ask the articles")):
        page.get_by_role("button", name=language).click()
        assert page.locator("html").get_attribute("dir") == direction
        assert page.locator("isnad-chat .launcher").get_attribute("aria-label").endswith(title)
        spoken = page.locator("[data-say]").evaluate_all(said)
        assert all(spoken)
        assert sum(map(str.__eq__, spoken, french)) <= 2  # "Mode" and "Questions" in English and French


def test_the_demo_says_how_to_copy_where_it_may_not(site: Site, visit: Callable[..., Page]) -> None:
    page = visit("/widget-demo", origin=site.server)
    page.evaluate("delete Object.getPrototypeOf(navigator).clipboard")
    page.get_by_role("button", name="Copy").click()

    page.get_by_text("Selected: press Ctrl+C.").wait_for()
    assert page.evaluate("getSelection().toString()").startswith("<script src=")


@pytest.mark.parametrize("document", ["README.md", "docs/serving.md", "docs/tutorial.md"])
def test_the_snippet_of_the_documents_works(site: Site, visit: Callable[..., Page], document: str) -> None:
    (snippet,) = re.findall(r"```html\n(.*?)```", (ROOT / document).read_text(encoding="utf-8"), re.DOTALL)
    served = re.sub(r'src="https?://[^/]+', f'src="{site.server}', snippet).replace('"ID"', f'"{site.embed_id}"')
    (site.folder / "page.html").write_text(BARE.format(served))
    page = visit("/page.html")
    page.locator("isnad-chat .launcher").click()
    ask(page, "pays")

    assert page.locator("isnad-chat .card").count() == 1


def test_the_demo_itself_can_be_asked_without_an_embed(site: Site, visit: Callable[..., Page]) -> None:
    page = visit("/widget-demo", origin=site.server)
    page.locator("isnad-chat .launcher").click()
    ask(page, "pays")

    assert page.locator("isnad-chat .card").count() == 1


def test_a_listed_site_may_frame_it_and_no_other(site: Site, visit: Callable[..., Page]) -> None:
    frame = f'<iframe src="{site.server}/embed/{site.embed_id}/frame" width="500" height="600"></iframe>'
    (site.folder / "page.html").write_text(BARE.format(frame))
    page = visit("/page.html")
    inside = page.frame_locator("iframe")
    inside.locator("isnad-chat textarea").fill("pays")
    inside.locator("isnad-chat textarea").press("Enter")
    inside.locator("isnad-chat .card").wait_for()

    stranger = visit("/page.html", origin=site.stranger, provoked=("policy Framing",))
    stranger.wait_for_timeout(500)
    assert stranger.frame_locator("iframe").locator("isnad-chat").count() == 0
