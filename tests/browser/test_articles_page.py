"""The page of the articles in a real Chromium, over a real index: found, opened, added, deleted, by who may."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.documents import Article
from rag.ingestion.indexing import index_given
from rag.serving.api import build_api
from rag.serving.gate.access import KeyRing
from rag.settings import Settings
from tests.browser.axe import serious
from tests.browser.chromium import Page
from tests.fake_assistant import ARTICLES, SAHEL, SOLAR
from tests.fakes import HashEncoder
from tests.loopback import serving

pytestmark = pytest.mark.browser
MANY = [
    Article(f"many-{at:02}", f"The dam number {at:02} opened.", f"Dam {at:02}", "en", "Water Board") for at in range(60)
]


DIRECTION = "one => getComputedStyle(one).direction"
CONTRAST = """all => Math.min(...all.map(one => { const style = getComputedStyle(one);
  const [a, b] = [style.color, style.backgroundColor].map(colour => { const v = colour.match(/[\\d.]+/g).slice(0, 3)
    .map(c => c / 255 <= .04045 ? c / 255 / 12.92 : ((c / 255 + .055) / 1.055) ** 2.4);
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2] });
  return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) }))"""


def served(index: Path, articles: list[Article]) -> object:
    encoder, settings = (
        HashEncoder(),
        Settings(index_dir=index, questions_per_minute=1000, max_upload_mb=1, reading=False),
    )
    index_given(articles, index_dir=index, encoder=encoder)
    return build_api(settings, Assistant.load(settings, print, encoder))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(served(tmp_path_factory.mktemp("index"), [*ARTICLES, *MANY])) as address:
        yield address


@pytest.fixture
def visit(address: str, chromium: Callable[..., Page]) -> Callable[..., Page]:
    def open_page(where: str = "", at: str = address, **context: object) -> Page:
        page = chromium(**{"locale": "en-GB", **context})
        page.goto(f"{at}/articles{where}")
        page.locator("#list li, #empty:not([hidden])").first.wait_for()
        return page

    return open_page


def titles(page: Page) -> list[str]:
    return [title.strip() for title in page.locator("#list .open").all_inner_texts()]


def test_the_list_is_searched_filtered_sorted_and_paged_and_the_address_says_how(visit: Callable[..., Page]) -> None:
    page = visit()
    assert page.locator("#count").inner_text() == "Articles: 64"
    assert titles(page)[0] == SOLAR.title  # of the latest date
    page.get_by_role("button", name="Next").click()
    page.get_by_text("51–64 of 64").wait_for()
    assert len(titles(page)) == 14

    page.get_by_label("Search").fill("dam 1")
    page.get_by_text("Articles: 15", exact=True).wait_for()
    page.get_by_label("Order").select_option("By title")
    page.locator("#list li:first-child >> text=Dam 01").wait_for()
    assert page.url.endswith("?words=dam+1&order=title")
    page.reload()
    page.locator("#list li:first-child >> text=Dam 01").wait_for()
    page.get_by_role("button", name="Clear the filters").click()
    page.get_by_text("Articles: 64", exact=True).wait_for()
    page.locator("[name=languages]").select_option("Arabic")
    page.get_by_text("Articles: 1", exact=True).wait_for()
    page.get_by_label("Search").fill("غير موجود")
    page.get_by_text("No article is like that.").wait_for()


def test_an_article_opens_with_its_original_and_by_its_address(visit: Callable[..., Page]) -> None:
    page = visit(f"#article={SAHEL.id}")
    dialog = page.get_by_role("dialog", name=SAHEL.title)
    dialog.wait_for()

    assert dialog.locator(".text").text_content() == SAHEL.text
    assert dialog.locator(".text").evaluate("text => getComputedStyle(text).direction") == "rtl"
    assert dialog.get_by_role("link", name="Original page").get_attribute("href") == SAHEL.url
    page.keyboard.press("Escape")
    page.wait_for_url("**/articles")


def test_files_are_added_each_with_what_became_of_it(visit: Callable[..., Page], tmp_path: Path) -> None:
    (tmp_path / "canal.md").write_text("---\ntitle: The canal\n---\nThe canal opened on Sunday. Ships pass it.")
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "large.txt").write_bytes(b"a word " * 150_000)
    page = visit()
    page.locator("#files").set_input_files([tmp_path / name for name in ("canal.md", "broken.json", "large.txt")])

    page.locator("#sent .done").wait_for()
    states = page.locator("#sent .state").all_inner_texts()
    assert states == ["Added: 1", "Not read", "Not read"]
    broken, large = page.locator("#sent .state-long").all_inner_texts()
    assert broken.startswith("It is not valid JSON")  # reason and cure, in the words of the report
    assert large.startswith("Larger than 1 MB. Divide it")
    page.get_by_label("Order").select_option("Last added first")
    page.locator("#list li:first-child >> text=The canal").wait_for()
    page.locator("#files").set_input_files(tmp_path / "canal.md")
    page.locator("#sent li:first-child >> text=Already there").wait_for()


def test_each_file_has_its_progress_and_what_is_being_indexed_is_told(
    visit: Callable[..., Page], address: str, tmp_path: Path
) -> None:
    (tmp_path / "canal.md").write_text("The canal opened on Sunday. Ships pass it.")
    job = {"id": "j", "state": "running", "created": "2026-11-30T08:00:00Z", "progress": {"articles": 7}, "error": None}
    page = visit()
    library = page.request.get(f"{address}/api/v1/library").json() | {"jobs": [job]}
    page.route("**/api/v1/articles", lambda route: route.fulfill(status=202, json=job))
    page.route("**/api/v1/jobs/j", lambda route: route.fulfill(json=job))
    page.route("**/api/v1/library", lambda route: route.fulfill(json=library))
    page.reload()
    page.get_by_role("heading", name="Being indexed now").wait_for()
    assert page.locator("#jobs li").inner_text().endswith("Reading: articles so far 7")

    page.locator("#files").set_input_files(tmp_path / "canal.md")
    page.locator("#sent .state", has_text="Reading: articles so far 7").wait_for()
    assert page.get_by_role("progressbar", name="canal.md").is_visible()


@pytest.mark.parametrize(
    ("language", "empty", "kind"),
    [
        ("en", "It is empty. Remove it, or fetch it again.", "It is of a kind that is not read."),
        ("fr", "Il est vide. Retirez-le, ou récupérez-le à nouveau.", "Ce genre de fichier n’est pas lu."),
        ("ar", "الملف فارغ. احذفه أو اجلبه من جديد.", "هذا نوع من الملفات لا يُقرأ."),
    ],
)
def test_why_a_file_was_not_read_is_told_in_the_language_of_the_page(
    visit: Callable[..., Page], tmp_path: Path, language: str, empty: str, kind: str
) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "tool.exe").write_bytes(b"MZ")
    page = visit(locale=language)
    page.locator("#files").set_input_files([tmp_path / "empty.txt", tmp_path / "tool.exe"])
    page.locator("#sent .failed").nth(1).wait_for()

    assert page.locator("#sent li", has_text="empty.txt").locator(".hint").inner_text() == empty
    direction = page.locator("#sent li", has_text="empty.txt").locator(".hint").evaluate(DIRECTION)
    assert direction == ("rtl" if language == "ar" else "ltr")
    assert page.locator("#sent li", has_text="tool.exe").locator(".hint span").first.inner_text() == kind
    cure = page.locator("#sent li", has_text="tool.exe").locator(".hint span").last
    assert cure.get_attribute("lang") == "en"  # one that the page has no words for


def test_files_may_be_dropped_anywhere_on_the_page(visit: Callable[..., Page]) -> None:
    page = visit()
    page.evaluate(
        """() => { const data = new DataTransfer();
        data.items.add(new File(["The ferry crossed the strait on Friday."], "ferry.txt"));
        document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})) }"""
    )

    page.locator("#sent .done").wait_for()
    assert page.locator("#sent li").inner_text().split("\n") == ["ferry.txt", "Added: 1"]


def test_a_deleted_article_may_be_had_back_and_is_gone_after(visit: Callable[..., Page]) -> None:
    page = visit("?words=dam+59")
    page.get_by_role("button", name="Delete: Dam 59").click()
    page.get_by_text("Deleted: Dam 59").wait_for()
    assert titles(page) == []
    page.get_by_role("button", name="Undo").click()
    assert titles(page) == ["Dam 59"]
    page.clock.install()
    page.get_by_role("button", name="Delete: Dam 59").click()
    with page.expect_response("**/api/v1/articles/many-59") as deleted:
        page.clock.fast_forward(8000)
    assert deleted.value.status == 204
    page.get_by_text("No article is like that.").wait_for()


def test_a_page_that_is_left_deletes_what_was_to_be_deleted(visit: Callable[..., Page], address: str) -> None:
    page = visit("?words=dam+58")
    page.get_by_role("button", name="Delete: Dam 58").click()
    page.goto(f"{address}/livez")
    deadline = time.monotonic() + 10
    while page.request.get(f"{address}/api/v1/articles/many-58").status != 404:
        assert time.monotonic() < deadline


def test_an_empty_index_says_what_to_do_with_the_samples_one_click_away(
    visit: Callable[..., Page], tmp_path: Path
) -> None:
    with serving(served(tmp_path, [])) as empty:
        page = visit(at=empty)
        assert page.get_by_role("heading", name="No articles yet").is_visible()
        assert page.locator("#find").is_hidden()
        page.get_by_role("button", name="Add the 22 sample articles").click()
        page.get_by_text("Articles: 22", exact=True).wait_for()
        assert page.locator("#empty").is_hidden()
        page.context.close()


def test_a_reader_without_the_right_sees_the_list_and_no_more(visit: Callable[..., Page], tmp_path: Path) -> None:
    _, secret = KeyRing.open(tmp_path).create("reader", ["ask"])
    with serving(served(tmp_path, [SOLAR])) as guarded:
        page = visit(at=guarded, extra_http_headers={"Authorization": f"Bearer {secret}"})
        assert titles(page) == [SOLAR.title]
        assert page.locator("#add").is_hidden()
        assert page.get_by_role("button", name="Delete").count() == 0
        page.context.close()


@pytest.mark.parametrize(
    ("locale", "width", "scheme"), [("en-GB", 1280, "light"), ("ar-DZ", 390, "dark"), ("fr-FR", 1280, "dark")]
)
def test_axe_finds_nothing_serious_on_the_page_in_any_state(
    visit: Callable[..., Page], tmp_path: Path, locale: str, width: int, scheme: str
) -> None:
    (tmp_path / "broken.json").write_text("{")
    page = visit(locale=locale, viewport={"width": width, "height": 800}, color_scheme=scheme)
    found = [("list", *each) for each in serious(page)]
    page.locator("#files").set_input_files(tmp_path / "broken.json")
    page.locator("#sent .failed").wait_for()
    page.locator("#list .actions button").first.click()
    page.locator("#undo:not([hidden])").wait_for()
    found += [("not read, and deleted", *each) for each in serious(page)]
    page.locator("#undo button").click()
    page.locator("#list .open").first.click()
    page.locator("dialog[open] .text").wait_for()
    found += [("opened", *each) for each in serious(page)]
    page.keyboard.press("Escape")
    page.locator("[name=words]").fill("غير موجود")
    page.locator("#list li").first.wait_for(state="detached")
    found += [("nothing found", *each) for each in serious(page)]
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_documentation_of_the_api(
    visit: Callable[..., Page], address: str, scheme: str
) -> None:
    page = visit(color_scheme=scheme)
    page.goto(f"{address}/docs")
    page.locator(".opblock-summary").first.click()
    page.locator(".try-out__btn").first.click()
    page.locator("main .execute").first.wait_for()
    assert serious(page) == []


def test_the_documentation_of_the_api_has_names_levels_and_contrast(visit: Callable[..., Page], address: str) -> None:
    page = visit()
    page.goto(f"{address}/docs")
    page.locator(".opblock-summary").first.click()
    page.locator(".try-out__btn").first.click()
    page.locator("main .execute").first.wait_for()

    unnamed = "all => all.filter(one => !one.labels?.length && !one.getAttribute('aria-label')).length"
    assert page.locator("main :is(select, textarea, input)").evaluate_all(unnamed) == 0
    levels = page.locator("main :is(h1, h2, h3, h4, h5)").evaluate_all(
        "all => all.map(one => Number(one.getAttribute('aria-level') ?? one.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.locator(".opblock-summary-method").evaluate_all(CONTRAST) >= 4.5
    assert page.locator("button :is(a[href], button)").count() == 0


@pytest.mark.parametrize(("language", "heading", "direction"), [
    ("ar", "المقالات", "rtl"), ("fr", "Articles", "ltr"), ("en", "Articles", "ltr"),
])  # fmt: skip
def test_it_speaks_three_languages_and_fits_a_phone(
    visit: Callable[..., Page], language: str, heading: str, direction: str
) -> None:
    page = visit(locale=language, viewport={"width": 360, "height": 740})

    assert page.get_by_role("heading", level=1).inner_text() == heading
    assert page.locator("html").get_attribute("dir") == direction
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("[...document.querySelectorAll('[data-say]')].filter(one => !one.textContent).length") == 0
