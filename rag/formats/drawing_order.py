"""The glyphs of a PDF page's lines put into the order of their places, where a program drew them from the right.

Cairo, by which GTK programs print, draws an Arabic word letter by letter in the order it is read and moves back after
each. pypdf's layout mode tells two strings of a line apart by place only where they lie far from one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, NamedTuple

# An operation of a content stream: its operands and its operator (ISO 32000-1, 9.4).
Operation = tuple[Any, bytes]

# What may stand between the strings of a line and moves nothing; none of it matters to the text.
_STAYING: Final = (b"Tf", b"BDC", b"BMC", b"EMC", b"g", b"rg", b"k", b"sc", b"scn", b"gs", b"Tr")
_PLACING: Final = (b"Td", b"TD", b"Tm", b"T*", b"BT", b"ET")
_THOUSANDTHS: Final = 1000.0  # of an em: what PDF counts widths in
_TOUCHING: Final = 1e-6  # apart, glyphs touch: what rounding leaves of sums of floats


@dataclass(frozen=True)
class GlyphWidths:
    """How many bytes a glyph's code has in a font, and how wide the glyphs are, in thousandths of the font's size."""

    code_bytes: int
    widths: Mapping[int, float]
    default: float

    @classmethod
    def of(cls, font: Any) -> GlyphWidths:
        """Those that the font's dictionary tells. Raises KeyError, TypeError or ValueError where it is damaged."""
        if "/Widths" in font:
            return cls(1, dict(enumerate(map(float, font["/Widths"]), font["/FirstChar"])), 0.0)
        if "/DescendantFonts" not in font:  # one of the fonts every reader has: its strings keep their order
            return cls(1, {}, 0.0)
        descendant = font["/DescendantFonts"][0].get_object()
        items = [item.get_object() for item in descendant["/W"]] if "/W" in descendant else []
        return cls(2, dict(_composite_widths(items)), float(descendant.get("/DW", _THOUSANDTHS)))

    def glyphs(self, text: bytes) -> Iterator[tuple[bytes, float]]:
        """Each code of a string with its glyph's width."""
        for at in range(0, len(text), self.code_bytes):
            code = text[at : at + self.code_bytes]
            yield code, self.widths.get(int.from_bytes(code, "big"), self.default)


def _composite_widths(items: list[Any]) -> Iterator[tuple[int, float]]:
    """Code and width, of an array that says ``first [width ...]`` or ``first last width``."""
    at = 0
    while at + 1 < len(items):
        if isinstance(items[at + 1], list):
            yield from enumerate(map(float, items[at + 1]), int(items[at]))
            at += 2
        else:
            yield from ((code, float(items[at + 2])) for code in range(int(items[at]), int(items[at + 1]) + 1))
            at += 3


class _Glyph(NamedTuple):
    x: float  # from where the line begins, in the units of text space
    advance: float
    font: list[Any]  # the operands of Tf
    code: bytes

    @property
    def middle(self) -> float:
        """Where it stands. The alef of a lam-alef may begin where the lam does, and have no width."""
        return self.x + self.advance / 2


@dataclass
class _Line:
    """The glyphs between two moves to another line. ``begins``: where moves along the line count from."""

    font: list[Any]
    glyphs: list[_Glyph] = field(default_factory=list)
    begins: float = 0.0
    pen: float = 0.0

    def move(self, by: float) -> None:
        self.begins += by
        self.pen = self.begins

    def show(self, items: Iterable[Any], widths: GlyphWidths) -> None:
        size = float(self.font[1]) / _THOUSANDTHS
        for item in items:
            if isinstance(item, int | float):
                self.pen -= item * size
            elif isinstance(item, bytes):
                for code, width in widths.glyphs(item):
                    self.glyphs.append(_Glyph(self.pen, width * size, self.font, code))
                    self.pen += width * size

    def steps_back(self) -> list[bool]:
        """For each glyph but the first, whether it was drawn to the left of the one before."""
        return [after.x < before.x - _TOUCHING for before, after in pairwise(self.glyphs)]

    def operations(self) -> Iterator[Operation]:
        """The glyphs from the left, each string at its own place; then the pen is where it was."""
        from pypdf.generic import ArrayObject, ByteStringObject, FloatObject, NumberObject

        x = 0.0
        for run in _runs(sorted(self.glyphs, key=lambda glyph: glyph.middle)):
            yield run[0].font, b"Tf"
            yield [FloatObject(run[0].x - x), NumberObject(0)], b"Td"
            yield [ByteStringObject(b"".join(glyph.code for glyph in run))], b"Tj"
            x = run[0].x
        yield [FloatObject(self.begins - x), NumberObject(0)], b"Td"
        yield self.font, b"Tf"
        if size := float(self.font[1]):
            yield [ArrayObject([FloatObject((self.begins - self.pen) / size * _THOUSANDTHS)])], b"TJ"


def _runs(glyphs: Iterable[_Glyph]) -> Iterator[list[_Glyph]]:
    """Glyphs of one font that follow one another without a gap."""
    run: list[_Glyph] = []
    for glyph in glyphs:
        if run and (run[-1].font != glyph.font or abs(run[-1].x + run[-1].advance - glyph.x) > _TOUCHING):
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def from_the_left(operations: Sequence[Operation], fonts: Mapping[str, GlyphWidths]) -> list[Operation]:
    """The operations with each line's glyphs from the left; as they were where most are drawn so already.

    fonts: by their names on the page.
    """
    rewritten: list[Operation] = []
    steps_back: list[bool] = []
    line: _Line | None = None
    font: list[Any] = [None, 0]
    pen = 0.0
    for operands, operator in operations:
        if operator == b"Tf" and len(operands) == 2:
            font = operands
        if operator in (b"Tj", b"TJ") and operands and font[0] in fonts:
            line = line or _Line(font, pen=pen)
            line.font = font
            line.show(operands[0] if operator == b"TJ" else operands, fonts[font[0]])
        elif line and operator == b"Td" and len(operands) == 2 and not operands[1]:
            line.move(float(operands[0]))
        elif not (line and operator in _STAYING):
            if line:
                rewritten += [*line.operations(), (font, b"Tf")]
                steps_back += line.steps_back()
                pen, line = line.pen - line.begins, None
            pen = 0.0 if operator in _PLACING else pen
            rewritten.append((operands, operator))
    if line:
        rewritten += line.operations()
    return rewritten if 2 * sum(steps_back) > len(steps_back) else list(operations)
