"""Figures in SVG: lines, a histogram, a bar of parts, a gauge. Numbers in, drawings out; colours are the page's.

All but the gauge and the bar share one frame of 360 by 230 units, which a phone shows at about its own size, so that
the letters keep theirs. Every figure has a sentence that says what it shows, for those who do not see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rag.evaluation.report.curves import Bin
from rag.rendering import Html, Shape, Value, drawing, shape

WIDTH, HEIGHT = 360, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 14, 40  # margins
_LETTER = 6  # units an average letter of a label is wide

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear axis. ``unit`` follows each tick's number; ``%`` shows shares as percentages."""

    label: str
    low: float
    high: float
    ticks: Sequence[float]
    unit: str = ""

    def place(self, value: float, start: float, end: float) -> float:
        """Where ``value`` lies when ``low`` is at ``start`` and ``high`` at ``end``, or the nearer end if beyond."""
        share = (value - self.low) / (self.high - self.low)
        return start + min(max(share, 0.0), 1.0) * (end - start)

    def shown(self, value: float) -> str:
        """A value as its tick says it."""
        return f"{value * 100:.3g}%" if self.unit == "%" else f"{value:.6g}{self.unit}"


@dataclass(frozen=True, slots=True)
class Line:
    """A curve; ``style`` is a class of the page's style sheet. ``dots`` marks each point."""

    points: Sequence[Point]
    style: str = "first"
    dots: bool = False
    steps: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A point, or with ``y`` None a height through the plot, that is named in it: above, or ``beside`` on one side."""

    label: str
    x: float
    y: float | None = None
    beside: Literal["", "left", "right"] = ""


def percent_axis(label: str, low: float = 0.0) -> Axis:
    """From ``low``, rounded down to a tenth, to 100 %."""
    start = min(int(low * 10 + 1e-9), 9)
    every = 2 if start < 4 else 1
    first = start if (10 - start) % every == 0 else start - 1
    return Axis(label, first / 10, 1.0, [tenth / 10 for tenth in range(first, 11, every)], "%")


def line_chart(says: str, x: Axis, y: Axis, lines: Sequence[Line], marks: Sequence[Mark] = ()) -> Html:
    """Curves in one frame, with what is marked on top."""
    shapes = _frame(x, y)
    for line in lines:
        places = [_place(x, y, point) for point in line.points]
        path = _stepped(places) if line.steps else places
        written = " ".join(f"{_n(across)},{_n(down)}" for across, down in path)
        shapes.append(shape("polyline", {"class": f"line {line.style}", "points": written}))
        if line.dots:
            for (across, down), (at, value) in zip(places, line.points, strict=True):
                hint = shape("title", {}, f"{x.label} {x.shown(at)}: {y.shown(value)}")
                shapes.append(_circle(across, down, 2.6, f"dot {line.style}", hint))
    return _figure(says, [*shapes, *(part for mark in marks for part in _marked(x, y, mark))])


def histogram_chart(says: str, x: Axis, y: Axis, bins: Sequence[Bin], marks: Sequence[Mark] = ()) -> Html:
    """A bar for each bin; the last is told to hold all that is beyond."""
    shapes = _frame(x, y)
    for number, part in enumerate(bins, start=1):
        left, top = _place(x, y, (part.low, part.held))
        right, bottom = _place(x, y, (part.high, y.low))
        to = f"to {x.shown(part.high)}" if number < len(bins) else "and more"
        hint = shape("title", {}, f"{x.shown(part.low)} {to}: {part.held}")
        box = {"x": _n(left + 0.5), "y": _n(top), "width": _n(max(right - left - 1, 0.5)), "height": _n(bottom - top)}
        shapes.append(shape("rect", {"class": "bar", **box}, hint))
    return _figure(says, [*shapes, *(part for mark in marks for part in _marked(x, y, mark))])


def parts_bar(says: str, parts: Sequence[tuple[str, float]]) -> Html:
    """One bar of ``parts``, (class, amount), side by side in proportion to their amounts."""
    whole, at, shapes = sum(amount for _, amount in parts), 0.0, []
    for style, amount in parts:
        width = 1000 * amount / whole
        box: dict[str, Value] = {"x": _n(at), "y": 0, "width": _n(width), "height": 20}
        shapes.append(shape("rect", {"class": f"part {style}", **box}))
        at += width
    frame = {"class": "parts", "viewbox": "0 0 1000 20", "preserveaspectratio": "none", "role": "img"}
    return drawing({**frame, "aria-label": says}, shapes)


def gauge(value: float, low: float, high: float) -> Html:
    """A share from 0 to 1 as a dot on a track, and its interval as a band. The number stands beside it in words."""
    shapes = [
        _line("track", (3, 5), (97, 5)),
        _line("band", (3 + 94 * low, 5), (3 + 94 * high, 5)),
        _circle(3 + 94 * value, 5, 3, "dot first"),
    ]
    return drawing({"class": "gauge", "viewbox": "0 0 100 10", "aria-hidden": "true"}, shapes)


def _figure(says: str, shapes: Sequence[Shape]) -> Html:
    frame = {"class": "plot", "viewbox": f"0 0 {WIDTH} {HEIGHT}", "role": "img", "aria-label": says}
    return drawing(frame, shapes)


def _frame(x: Axis, y: Axis) -> list[Shape]:
    """Grid, ticks and the names of both axes."""
    shapes = []
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    for tick in y.ticks:
        down = y.place(tick, bottom, _TOP)
        shapes.append(_line("grid", (_LEFT, down), (right, down)))
        shapes.append(_text(_LEFT - 6, down + 3.5, y.shown(tick), "tick end"))
    for tick in x.ticks:
        across = x.place(tick, _LEFT, right)
        shapes.append(_line("nick", (across, bottom), (across, bottom + 4)))
        shapes.append(_text(across, bottom + 16, x.shown(tick), "tick middle"))
    shapes.append(_line("base", (_LEFT, bottom), (right, bottom)))
    shapes.append(_text((_LEFT + right) / 2, HEIGHT - 6, x.label, "name middle"))
    centre = (_TOP + bottom) / 2
    shapes.append(_text(10, centre, y.label, "name middle", {"transform": f"rotate(-90 10 {_n(centre)})"}))
    return shapes


def _marked(x: Axis, y: Axis, mark: Mark) -> list[Shape]:
    """The mark and its label, which stands where there is room and the curve is not: these curves fall to the right."""
    across, down = _place(x, y, (mark.x, y.high if mark.y is None else mark.y))
    if mark.beside:
        style, away = ("label end", -8) if mark.beside == "left" else ("label", 8)
        return [_circle(across, down, 4.5, "mark"), _text(across + away, down + 4, mark.label, style)]
    roomy = across + 8 + _LETTER * len(mark.label) < WIDTH - _RIGHT
    if mark.y is None:
        sign, label_at = _line("mark", (across, _TOP), (across, HEIGHT - _BOTTOM)), down + 9
    else:
        below = not roomy and down + 18 < HEIGHT - _BOTTOM
        sign, label_at = _circle(across, down, 4.5, "mark"), down + (18 if below else -9)
    return [sign, _text(across + (5 if roomy else -5), label_at, mark.label, "label" if roomy else "label end")]


def _stepped(places: Sequence[Point]) -> list[Point]:
    """A staircase through the places: a rate stays what it is until a threshold changes it."""
    path = list(places[:1])
    for (_, before), (across, down) in pairwise(places):
        path += [(across, before), (across, down)]
    return path


def _place(x: Axis, y: Axis, point: Point) -> Point:
    return x.place(point[0], _LEFT, WIDTH - _RIGHT), y.place(point[1], HEIGHT - _BOTTOM, _TOP)


def _line(style: str, start: Point, end: Point) -> Shape:
    ends = {"x1": _n(start[0]), "y1": _n(start[1]), "x2": _n(end[0]), "y2": _n(end[1])}
    return shape("line", {"class": style, **ends})


def _circle(across: float, down: float, radius: float, style: str, *hint: Shape) -> Shape:
    return shape("circle", {"class": style, "cx": _n(across), "cy": _n(down), "r": radius}, *hint)


def _text(across: float, down: float, words: str, style: str, more: dict[str, str] | None = None) -> Shape:
    return shape("text", {"class": style, "x": _n(across), "y": _n(down), **(more or {})}, words)


def _n(value: float) -> str:
    """A coordinate, short: a tenth of a unit is finer than a screen shows."""
    return f"{value:.1f}".rstrip("0").rstrip(".")
