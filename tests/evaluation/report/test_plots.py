"""The figures: every number lands where the axes say, and every figure says what it shows."""

from __future__ import annotations

import pytest

from rag.evaluation.report.curves import Bin
from rag.evaluation.report.plots import Axis, Line, Mark, gauge, histogram_chart, line_chart, parts_bar, percent_axis
from tests.test_rendering import Reader

TENTHS = Axis("rank", 0, 10, (0, 5, 10))
SHARES = percent_axis("recall")
LEFT, RIGHT, TOP, BOTTOM = 44, 348, 14, 190  # of the frame


def attributes(markup, tag):
    """The attributes of each element of one kind, in order."""
    found = []

    class Shapes(Reader):
        def handle_starttag(self, name, attrs):
            if name == tag:
                found.append(dict(attrs))

    Shapes(markup)
    return found


@pytest.mark.parametrize(("value", "place"), [(0, 44.0), (10, 348.0), (5, 196.0), (-3, 44.0), (99, 348.0)])
def test_a_value_lies_between_the_ends_of_its_axis(value, place):
    assert TENTHS.place(value, LEFT, RIGHT) == place


@pytest.mark.parametrize(
    ("low", "ticks"),
    [
        (0.0, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.35, [0.2, 0.4, 0.6, 0.8, 1]),
        (0.87, [0.8, 0.9, 1]),
        (0.9, [0.9, 1]),
        (1.0, [0.9, 1]),
    ],
)
def test_shares_are_shown_from_a_round_tenth_to_all(low, ticks):
    axis = percent_axis("x", low)
    assert list(axis.ticks) == pytest.approx(ticks)
    assert axis.low == pytest.approx(ticks[0])
    assert axis.shown(axis.low) == f"{ticks[0] * 100:.0f}%"


def test_a_line_goes_through_its_points():
    chart = line_chart("Says.", TENTHS, SHARES, [Line([(0, 0), (5, 0.5), (10, 1)], dots=True)])
    (line,) = attributes(chart, "polyline")
    assert line == {"class": "line first", "points": f"{LEFT},{BOTTOM} 196,102 {RIGHT},{TOP}"}
    assert [(dot["cx"], dot["cy"]) for dot in attributes(chart, "circle")] == [
        ("44", "190"),
        ("196", "102"),
        ("348", "14"),
    ]
    assert "rank 5: 50%" in Reader(chart).text


def test_a_staircase_changes_one_rate_at_a_time():
    chart = line_chart("Says.", TENTHS, SHARES, [Line([(0, 1), (5, 0.5)], steps=True)])
    assert attributes(chart, "polyline")[0]["points"] == "44,14 196,14 196,102"


def test_bars_are_as_high_as_they_hold_and_the_last_says_more():
    chart = histogram_chart("Says.", TENTHS, Axis("questions", 0, 4, (0, 2, 4)), [Bin(0, 5, 4), Bin(5, 10, 1)])
    bars = attributes(chart, "rect")
    assert [(bar["x"], bar["y"], bar["height"]) for bar in bars] == [("44.5", "14", "176"), ("196.5", "146", "44")]
    assert "0 to 5: 4" in Reader(chart).text
    assert "5 and more: 1" in Reader(chart).text


@pytest.mark.parametrize(
    ("at", "height", "style", "label_at"),
    [
        (1, 0.5, "label", "93"),  # above the point at 102, on its right
        (9.5, 0.5, "label end", "120"),  # below, on its left
        (9.5, 0.0, "label end", "181"),  # above the axis
        (1, None, "label", "23"),
    ],
)
def test_a_mark_is_named_where_there_is_room(at, height, style, label_at):
    chart = line_chart("Says.", TENTHS, SHARES, [], [Mark("in this run", at, height)])
    label = attributes(chart, "text")[-1]
    assert (label["class"], label["y"]) == (style, label_at)


@pytest.mark.parametrize(("side", "style", "across"), [("left", "label end", "188"), ("right", "label", "204")])
def test_a_mark_may_be_named_on_either_side(side, style, across):
    label = attributes(line_chart("Says.", TENTHS, SHARES, [], [Mark("it", 5, 0.5, beside=side)]), "text")[-1]
    assert (label["class"], label["x"], label["y"]) == (style, across, "106")


def test_parts_share_the_bar_by_their_amounts():
    parts = attributes(parts_bar("Says.", [("quoted", 3), ("not-found", 1)]), "rect")
    assert [(part["class"], part["x"], part["width"]) for part in parts] == [
        ("part quoted", "0", "750"),
        ("part not-found", "750", "250"),
    ]


def test_a_gauge_shows_the_value_in_its_interval():
    drawn = gauge(0.5, 0.25, 1.0)
    band = attributes(drawn, "line")[1]
    assert (band["x1"], band["x2"], attributes(drawn, "circle")[0]["cx"]) == ("26.5", "97", "50")


@pytest.mark.parametrize(
    "figure",
    [
        line_chart("It says.", TENTHS, SHARES, []),
        histogram_chart("It says.", TENTHS, SHARES, []),
        parts_bar("It says.", [("x", 1)]),
    ],
)
def test_every_figure_is_told_in_words(figure):
    (frame,) = attributes(figure, "svg")
    assert (frame["role"], frame["aria-label"]) == ("img", "It says.")
