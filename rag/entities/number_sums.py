"""A number composed of its parts: digits, words and scales that stand beside one another.

Scales multiply ("3.5 million", "15 ألفا"), units add ("twenty-three", خمسة وعشرون), a half is of the scale it stands by
("half a million", مليون ونصف), and an ordinal ends a number or, in Arabic, begins it ("twenty-first", الحادي والعشرين).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from rag.text.folding import normalise

HALF = Decimal("0.5")
# What may stand between two parts, and beside a half too.
_JOINTS = {"en": ("", "and"), "fr": ("", "et"), "ar": ("", "و", "وال")}
_HALF_JOINTS = ("a", "and a", "ال")

Role = Literal["unit", "scale", "ordinal", "half"]


class Part(NamedTuple):
    """A word or a group of digits at ``text[start:end]``, and whether "and" stands before it."""

    value: Decimal
    role: Role
    start: int
    end: int
    in_digits: bool
    after_and: bool


class Sum:
    """A number being composed: groups closed by a scale ("two thousand"), and the open one ("three hundred and").

    ``halved``: a half was added, to the open group (one and a half …) or to the last scale (a million and a half).
    """

    def __init__(self, first: Part, closed: Decimal, group: Decimal, scale: Decimal) -> None:
        self.first, self.closed, self.group, self.scale = first, closed, group, scale
        self.end, self.halved = first.end, False

    @classmethod
    def of(cls, part: Part) -> Sum:
        """A number that begins with the part."""
        if part.value >= 1000 and not part.in_digits:
            scale = part.value if part.role == "scale" else part.value / 2  # ألفان
            return cls(part, part.value, Decimal(0), scale)
        return cls(part, Decimal(0), part.value, Decimal("Infinity"))

    @property
    def value(self) -> Decimal:
        """What the parts taken so far come to."""
        return self.closed + self.group

    def joins(self, part: Part, text: str, language: str) -> bool:
        """Takes the part in when it continues the number; False when it starts another."""
        between = text[self.end : part.start]
        gap = normalise(between).strip(" \n\t-")
        halves = self.halved or "half" in (part.role, self.first.role)
        if gap not in _JOINTS.get(language, ("",)) and not (halves and gap in _HALF_JOINTS):
            return False
        if part.role == "half" and not gap:  # un demi-million
            return False
        taken = self._takes(part, language, hyphen="-" in between)
        if taken:
            self.end = part.end
        return taken

    def _takes(self, part: Part, language: str, hyphen: bool) -> bool:
        if part.role == "half":
            return self._halved()
        if self.first.role == "ordinal":  # الخامس عشر, الحادي والعشرين
            return language == "ar" and part.role == "unit" and self._added(part, language)
        if part.role == "ordinal":  # twenty-first, vingt et unième
            joined = hyphen or (language == "fr" and part.after_and)
            return joined and not self.first.in_digits and self.group > 1 and self._added(part, language)
        return self._scaled(part) if part.role == "scale" else self._added(part, language)

    def _halved(self) -> bool:
        if self.halved or self.first.role in ("half", "ordinal"):
            return False
        self.halved = True
        if self.group == 0:
            self.closed += self.scale / 2
        return True

    def _scaled(self, part: Part) -> bool:
        if self.halved and part.value == self.scale:  # a million and half a million
            return True
        if part.value >= self.scale or (part.after_and and self.group):
            return False
        if self.group == 0 and not part.after_and:
            return False
        if part.value == 100:
            if self.group >= 100:
                return False
            self.group = (self.group or Decimal(1)) * 100
            return True
        if 1900 <= self.group <= 2100:  # a year before a scale is a year
            return False
        times = (self.group or Decimal(1)) + (HALF if self.halved else 0)
        self.closed, self.group, self.scale = self.closed + times * part.value, Decimal(0), part.value
        return True

    def _added(self, part: Part, language: str) -> bool:
        if part.value >= self.scale or self.group == HALF:
            return False
        if self.group == 0:
            fits = part.after_and or (language != "ar" and not part.in_digits)
        else:
            fits = not part.in_digits and _continues(int(self.group), int(part.value), part.after_and, language)
        if fits:
            four_twenties = language == "fr" and part.value == 20 and self.group % 100 == 4
            self.group += 76 if four_twenties else part.value
        return fits


def _continues(group: int, value: int, after_and: bool, language: str) -> bool:
    """Whether a unit word adds to what stands before it: "twenty" + "three", خمسة + عشر, خمسة + وعشرون."""
    if group >= 100 and group % 100 == 0:
        return value < 100 and (after_and or language != "ar")
    rest = group % 100
    if language == "ar":
        return (rest < 10 and value == 10 and not after_and) or (rest < 10 and 20 <= value <= 90 and after_and)
    if language == "fr":
        if value == 20 and rest == 4:
            return True
        return (rest in (60, 80) and value < 20) or (rest >= 10 and rest % 10 == 0 and 0 < value < 10)
    return rest >= 20 and rest % 10 == 0 and 0 < value < 10 and not after_and
