"""The evaluation report in a real browser: it is styled, asks for nothing, fits a phone, and each text runs its way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.evaluation.report.page import write_report
from tests.browser.axe import serious
from tests.evaluation.report.test_page import UNANSWERABLE, measured
from tests.evaluation.test_measurement import QUESTION, answer, citation, outcome

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    arabic = replace(QUESTION, question="من بادر؟", language="ar")
    wrong = outcome(arabic, given=answer(citation(23, 37)))
    sets = [measured(outcome(), wrong, outcome(UNANSWERABLE), name=name) for name in ("a-set-of-a-long-name", "ثانية")]
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(write_report(sets, {"Isnad": "1"}), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_the_page_fits_and_asks_for_nothing(address, chromium, width):
    page = chromium(viewport={"width": width, "height": 800})
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert asked == [address]
    assert said == [], "a policy that is broken says so here"
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).marginTop") == "0px", "the style applies"
    assert page.locator("svg.plot").first.bounding_box()["height"] > 120


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_takes_the_readers_theme(address, chromium, scheme):
    page = chromium(color_scheme=scheme)
    page.goto(address)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(247, 245, 240)", "dark": "rgb(18, 21, 23)"}[scheme]


def test_each_text_runs_its_own_way(address, chromium):
    page = chromium()
    page.goto(address)
    for question, direction in (("من بادر؟", "rtl"), ("Qui commande ?", "ltr")):
        heading = page.locator("h5", has_text=question).first
        assert heading.evaluate("element => getComputedStyle(element).direction") == direction


def test_a_jump_lands_on_its_set(address, chromium):
    page = chromium()
    page.goto(address)
    page.get_by_role("link", name="ثانية").click()
    assert page.evaluate("location.hash") == "#set-2"
    assert page.locator("#set-2 h2").is_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 390)])
def test_axe_finds_nothing_serious(address, chromium, scheme, width):
    page = chromium(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(address)
    assert serious(page) == []
