"""A number composed of its parts: digits, words and scales that stand beside one another.

Scales multiply ("3.5 million", "15 ألفا"), units add ("twenty-three", خمسة وعشرون), a half is of the scale it stands by
("half a million", مليون ونصف), and an ordinal ends a number or, in Arabic, begins it ("twenty-first", الحادي والعشرين).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from rag.languages.language import Numbers
from rag.text.folding import normalise

HALF = Decimal("0.5")

Role = Literal["unit", "scale", "ordinal", "half"]


class Part(NamedTuple):
    """A word or a group of digits at ``text[start:end]``, and whether "and" stands before it.

    ``rough``: a plural that counts nothing itself, such as "hundreds".
    """

    value: Decimal
    role: Role
    start: int
    end: int
    in_digits: bool
    after_and: bool
    rough: bool = False


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

    def joins(self, part: Part, text: str, numbers: Numbers) -> bool:
        """Takes the part in when it continues the number; False when it starts another."""
        between = text[self.end : part.start]
        gap = normalise(between).strip(" \n\t-")
        halves = self.halved or "half" in (part.role, self.first.role)
        joints = ("", numbers.conjunction, *numbers.joints.split("|"))
        joints += tuple(numbers.scale_joints.split("|")) if part.role == "scale" else ()
        joints += tuple(numbers.half_joints.split("|")) if halves else ()
        joints += tuple(numbers.rough_joints.split("|")) if self.first.rough and part.rough else ()
        if gap not in joints:
            return False
        if (part.role == "half" and not gap) or (part.rough and part.after_and):  # un demi-million; ومئات
            return False
        taken = self._takes(part, numbers, hyphen="-" in between)
        if taken:
            self.end = part.end
        return taken

    def _takes(self, part: Part, numbers: Numbers, hyphen: bool) -> bool:
        if part.role == "half":
            return self._halved()
        if self.first.role == "ordinal":  # الخامس عشر, الحادي والعشرين
            return numbers.ordinal_first and part.role == "unit" and self._added(part, numbers)
        if part.role == "ordinal":  # twenty-first, vingt et unième
            joined = hyphen or (numbers.ordinal_after_and and part.after_and)
            return joined and not self.first.in_digits and self.group > 1 and self._added(part, numbers)
        return self._scaled(part, numbers) if part.role == "scale" else self._added(part, numbers)

    def _halved(self) -> bool:
        if self.halved or self.first.role in ("half", "ordinal"):
            return False
        self.halved = True
        if self.group == 0:
            self.closed += self.scale / 2
        return True

    def _scaled(self, part: Part, numbers: Numbers) -> bool:
        if self.halved and part.value == self.scale:  # a million and half a million
            return True
        if part.value >= self.scale or (part.after_and and self.group):
            return False
        alone = numbers.scales_alone and not part.rough and not self.first.in_digits
        if self.group == 0 and not (part.after_and or alone):
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

    def _added(self, part: Part, numbers: Numbers) -> bool:
        if part.value >= self.scale or self.group == HALF:
            return False
        added: Decimal | int | None = None
        if self.group == 0:
            in_digits = self.first.in_digits or part.in_digits  # "up from 1.7 million four years ago"
            if not part.after_and and (numbers.scale_needs_and or in_digits):
                return False
            if part.value >= 1000 and not part.in_digits:  # مليون وألفان
                self.closed, self.scale = self.closed + part.value, part.value / 2
                return True
            added = part.value
        elif not part.in_digits:
            added = numbers.adds(int(self.group), int(part.value), part.after_and)
        self.group += added or 0
        return added is not None
