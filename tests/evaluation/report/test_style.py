"""The report's colours keep the contrast that WCAG 2.2 AA asks for, and its style sheet fetches nothing."""

from __future__ import annotations

import re

import pytest

from rag.evaluation.report.fates import Fate
from tests.test_chat_style import ASSETS, contrast

CSS = (ASSETS / "report.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
)
PARTS = ("right", "right-2", "right-3", "near", "far", "lost", "shy", "false")


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(colours):
    pairs = [(ink, ground) for ink in ("ink", "muted", "accent") for ground in ("paper", "surface")]
    for ink, ground in [*pairs, ("mark-ink", "mark")]:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_drawn_stands_out_from_the_page(colours):
    # `near` is told apart by its neighbours' gaps and by its words; the others carry lines and dots as well.
    for part in {*PARTS} - {"near"}:
        assert contrast(colours[part], colours["paper"]) >= 2.5, part
    for part in ("right", "far"):
        assert contrast(colours[part], colours["paper"]) >= 3, part


def test_dark_changes_every_colour_that_light_has():
    assert LIGHT.keys() == DARK.keys()


@pytest.mark.parametrize("fate", Fate)
def test_every_way_to_end_has_its_colour(fate):
    assert re.search(rf"^\.{fate.slug}\b", CSS, re.MULTILINE)


def test_nothing_is_fetched():
    assert not re.search(r"url\(|@import|@font-face", CSS)
