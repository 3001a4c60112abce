"""Quantities in a text: a number with its unit, in whatever words, so that two can be compared by what they amount to.

"476 feet" is what 145 m come to, and ربع قرن is 25 years. :mod:`rag.entities.units` names and sizes the units.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from rag.entities.lexicon import split_forms
from rag.entities.numerals import Number, find_numbers
from rag.entities.units import Unit, UnitNames, duals, money_signs, pattern, unit_names
from rag.languages.registry import of
from rag.text.folding import normalise

_FRACTIONS = {"half": "0.5", "quarter": "0.25", "a_third": "0.3333", "two_thirds": "0.6667"}  # keys of terms
_WINDOW = 60  # characters in which a unit, and what it is counted by, follow a number: a bound
_BETWEEN = ("to", "and", "or", "until")  # keys of terms that stand between two numbers of one unit
# How far a conversion may be off: half of its last digit, or so much of what it is said in two digits, as newspapers
# give 3 inches as 7.5 cm, or in more; and never more than the last.
_ROUNDED, _EXACT, _MOST_ROUNDED = Decimal("0.02"), Decimal("0.005"), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a unit, at ``text[start:end]``. ``units``: what its word may mean; ``per``: of what each, or nothing.

    ``loose``: the unit stands after a later number ("2 to 4 inches"), or no number is written (عقدين, half a century,
    the past decade; their place is that in the folded text).
    """

    value: Decimal
    units: tuple[Unit, ...]
    start: int
    end: int
    per: tuple[Unit, ...] = ()
    loose: bool = False

    def amounts_to(self, other: Quantity) -> bool:
        """Whether both are the same: exactly in one unit, roughly where one was converted."""
        kinds = [{unit.kind for unit in quantity.per} for quantity in (self, other)]
        if all(kinds) and kinds[0].isdisjoint(kinds[1]):
            return False
        return any(
            self.value == other.value if mine == its else self._is_about(mine, (other.value - its.nought) * its.size)
            for mine in self.units
            for its in other.units
            if mine.kind == its.kind
        )

    def _is_about(self, unit: Unit, amount: Decimal) -> bool:
        digits = self.value.normalize().as_tuple().digits
        last_digit = Decimal(1).scaleb(int(self.value.as_tuple().exponent)) * unit.size / 2
        share = abs(amount) * (_ROUNDED if len(digits) <= 2 else _EXACT)
        most = min(max(share, last_digit), abs(amount) * _MOST_ROUNDED)
        return abs((self.value - unit.nought) * unit.size - amount) <= most


def find_quantities(text: str, language: str) -> list[Quantity]:
    """The quantities of a text: first those with a number, from left to right."""
    found: list[Quantity] = []
    following: Quantity | None = None
    patterns = _patterns(language)
    for number in reversed(find_numbers(text, language)):
        following = _measured(number, text, patterns) or _ranged(number, following, text, language)
        if following is not None:
            found.append(following)
    return [*reversed(found), *_unnumbered(normalise(text), patterns)]


@lru_cache(maxsize=8)
def between(language: str) -> re.Pattern[str]:
    """What stands, in folded text, between two numbers that share a unit or a month: a dash, "to", "and"."""
    forms = [normalise(form) for key in _BETWEEN for form in split_forms(of(language).terms.get(key, ""))]
    return re.compile(rf"\s*(?:[-–—/x×]|{'|'.join(forms) or '(?!)'})\s*")


class _Patterns(NamedTuple):
    """Of a language, over folded text."""

    units: UnitNames
    duals: UnitNames
    after: re.Pattern[str]
    each: re.Pattern[str]
    dual: re.Pattern[str]
    fractions: tuple[tuple[Decimal, re.Pattern[str]], ...]


@lru_cache(maxsize=8)
def _patterns(language: str) -> _Patterns:
    known, units, twos = of(language), unit_names(language), duals(language)
    unit = pattern(units)
    articles = "|".join(map(re.escape, known.articles)) or "(?!)"
    per = "|".join(normalise(form) for form in split_forms(known.numbers.per)) or "(?!)"
    written_on = f"[{''.join((*known.conjunctions, *known.prepositions))}]?" if known.conjunctions else ""
    fractions = []
    for key, value in _FRACTIONS.items():
        forms = [normalise(form) for form in split_forms(known.terms.get(key, ""))]
        linked = rf"(?<!\w)(?:{'|'.join(forms) or '(?!)'})[\s-](?:\w{{1,3}}['\s]){{0,2}}(?:{articles})?{unit}"
        fractions.append((Decimal(value), re.compile(linked)))
    past = "|".join(normalise(form) for form in split_forms(known.numbers.past)) or "(?!)"
    for whole in (rf"(?:{past})\s+{unit}", rf"(?:{articles})?{unit}\s+(?:{past})(?!\w)"):
        fractions.append((Decimal(1), re.compile(rf"(?<!\w){whole}")))
    return _Patterns(
        units,
        twos,
        after=re.compile(rf"[\s\u00a0\u202f-]*(?:de\s+|d')?{unit}"),
        each=re.compile(rf"\s*(?:/|\b(?:{per}))\s*(?:{articles})?{unit}"),
        dual=re.compile(rf"(?<!\w){written_on}{pattern(twos)}"),
        fractions=tuple(fractions),
    )


_SIGN = re.compile(pattern(money_signs()).replace(r"(?!\w)", r"\s*\Z"))


def _measured(number: Number, text: str, patterns: _Patterns) -> Quantity | None:
    """The number with the unit after it, or with a sign of money before it."""
    if number.is_ordinal:
        return None
    before = _SIGN.search(normalise(text[max(0, number.start - 4) : number.start]))
    after = normalise(text[number.end : number.end + _WINDOW])
    unit = patterns.after.match(after)
    if before is not None:
        return Quantity(number.value, money_signs()[before["unit"]], number.start, number.end)
    if unit is None:
        return None
    each = patterns.each.match(after, unit.end())
    per = patterns.units[each["unit"]] if each is not None else ()
    return Quantity(number.value, patterns.units[unit["unit"]], number.start, number.end + unit.end(), per)


def _ranged(number: Number, following: Quantity | None, text: str, language: str) -> Quantity | None:
    """The number with the unit of the next, where the two are the ends of a range."""
    if following is None or not between(language).fullmatch(normalise(text[number.end : following.start])):
        return None
    return Quantity(number.value, following.units, number.start, number.end, following.per, loose=True)


def _unnumbered(folded: str, patterns: _Patterns) -> Iterator[Quantity]:
    for match in patterns.dual.finditer(folded):
        yield Quantity(Decimal(2), patterns.duals[match["unit"]], *match.span(), loose=True)
    for value, fraction in patterns.fractions:
        for match in fraction.finditer(folded):
            yield Quantity(value, patterns.units[match["unit"]], *match.span(), loose=True)
