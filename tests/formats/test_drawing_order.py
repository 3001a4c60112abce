from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from rag.formats.drawing_order import GlyphWidths, Operation, from_the_left

FONTS = {"/A": GlyphWidths(1, {ord("l"): 250.0}, 500.0)}
FONT: Operation = (["/A", 10], b"Tf")
BACKWARDS: list[Operation] = [
    FONT,
    ([100, 700], b"Td"),
    ([[-2000, b"a", 1000, b"b", 1000, b"c", 750, b"l"]], b"TJ"),
    ([3], b"Ts"),  # a raised sign, which says nothing of where it stands
    ([[b"d", 1000, b"e"]], b"TJ"),
    ([0], b"Ts"),
    ([-20, 0], b"Td"),
    ([b"ij"], b"Tj"),
    ([0, -20], b"Td"),
    ([[-500, b"f", 1000, b"g"]], b"TJ"),
]


def places(operations: Iterable[Operation]) -> list[tuple[float, float, str]]:
    """Where each glyph is drawn, by the rules of ISO 32000-1, 9.4."""
    drawn: list[tuple[float, float, str]] = []
    x = y = pen = 0.0
    size = 0.0
    for operands, operator in operations:
        if operator == b"Tf":
            size = operands[1] / 1000
        elif operator == b"Td":
            x, y, pen = x + float(operands[0]), y + float(operands[1]), 0.0
        for item in {b"Tj": operands, b"TJ": operands[0]}.get(operator, ()) if operands else ():
            if isinstance(item, bytes):
                for code, width in FONTS["/A"].glyphs(bytes(item)):
                    drawn.append((round(x + pen, 3), round(y, 3), code.decode()))
                    pen += width * size
            else:
                pen -= float(item) * size
    return drawn


def test_every_glyph_stays_where_it_was_drawn() -> None:
    assert sorted(places(from_the_left(BACKWARDS, FONTS))) == sorted(places(BACKWARDS))


def test_the_glyphs_of_a_line_come_from_the_left() -> None:
    assert "".join(code for *_, code in places(from_the_left(BACKWARDS, FONTS))) == "lcbaedijgf"


@pytest.mark.parametrize("shown", [[b"abc"], [b"a", 30, b"b", -200, b"c"], [b"abc", 400, b"d"]])
def test_what_is_drawn_from_the_left_stays_as_it_is(shown: list[Any]) -> None:
    operations: list[Operation] = [FONT, ([10, 20], b"Td"), ([shown], b"TJ"), ([5], b"Ts"), ([b"x"], b"Tj")]
    assert from_the_left(operations, FONTS) == operations


def test_a_font_of_unknown_widths_keeps_its_strings() -> None:
    unknown = [(["/B", 10], b"Tf"), *BACKWARDS[1:]]
    assert from_the_left(unknown, FONTS) == unknown
