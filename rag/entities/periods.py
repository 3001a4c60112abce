"""Centuries and decades: "the 20th century" is القرن العشرين, and "the 1980s" ثمانينيات القرن الماضي.

Their numbers count nothing, so they are shown as what they are or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.entities.numerals import Number, find_numbers
from rag.languages.language import Language
from rag.languages.registry import of
from rag.text.folding import normalise

_LAST = 20  # the last century to most who write of it
_LATEST = 40
_BEFORE = 20  # characters in which the word for century stands before its number


@dataclass(frozen=True, slots=True)
class Period:
    """A century by its number, or a decade by its first year, at ``text[start:end]``. ``era``: BC or AH, or empty."""

    kind: Literal["century", "decade"]
    number: int
    start: int
    end: int
    era: str = ""


def find_periods(text: str, language: str) -> list[Period]:
    """The centuries and decades of a text, in order; none in a language whose file does not tell them."""
    known = of(language)
    numbers = find_numbers(text, language)
    centuries = [period for number in numbers for period in _century(number, text, known)]
    pattern = known.numbers.decade
    decades = [Period("decade", int(m[1]), *m.span()) for m in pattern.finditer(text)] if pattern else []
    named = _named_decades(numbers, text, known, centuries)
    taken = {place for period in named for place in range(period.start, period.end)}
    periods = [*decades, *named, *(period for period in centuries if period.start not in taken)]
    return sorted(periods, key=lambda period: period.start)


def write_period(period: Period, language: str) -> str:
    """A period for a reader of ``language``; empty where its file does not say how."""
    numbers = of(language).numbers
    write = numbers.write_century if period.kind == "century" else numbers.write_decade
    era = numbers.eras.get(period.era, period.era).split("|")[0]
    return f"{write(period.number)} {era}".strip() if write is not None else ""


def era_at(text: str, place: int, language: str) -> tuple[str, int]:
    """The era that stands at a place of a text, after white space, and where it ends: BC, AH or AD; "" for none."""
    found = _eras(language).match(text, place)
    return (str(found.lastgroup), found.end()) if found is not None else ("", place)


def _century(number: Number, text: str, language: Language) -> Iterator[Period]:
    before, after = language.numbers.before_century, language.numbers.after_century
    if number.value != number.value.to_integral_value() or not 0 < number.value < _LATEST:
        return
    head = before.search(text[: number.start], max(0, number.start - _BEFORE)) if before else None
    tail = after.match(text, number.end) if after else None
    if head is not None or tail is not None:
        start = head.start() if head else number.start
        era, end = era_at(text, tail.end() if tail else number.end, language.code)
        yield Period("century", int(number.value), start, end, era.replace("AD", ""))


def _named_decades(
    numbers: Sequence[Number], text: str, language: Language, centuries: Sequence[Period]
) -> list[Period]:
    """Decades by name, with their century: ثمانينيات القرن العشرين. Alone they say too little.

    Of two in a row the first is of the second's century: ستينيات وسبعينيات القرن الماضي.
    """
    found: list[Period] = []
    last, joint = re.compile(rf"{_joint(language)}{language.numbers.last_century}\b"), re.compile(_joint(language))
    for number in reversed(numbers):
        if not _is_decade(number, text, language):
            continue
        tail = joint.match(text, number.end)
        place = tail.end() if tail else -1
        century = next((each for each in centuries if each.start == place), None)
        following = found[-1] if found and found[-1].start == place else None
        if end := last.match(text, number.end):
            found.append(Period("decade", 100 * (_LAST - 1) + int(number.value), number.start, end.end()))
        elif century is not None:
            first = 100 * (century.number - 1) + int(number.value)
            found.append(Period("decade", first, number.start, century.end, century.era))
        elif following is not None:
            first = following.number // 100 * 100 + int(number.value)
            found.append(Period("decade", first, number.start, number.end, following.era))
    return found


def _is_decade(number: Number, text: str, language: Language) -> bool:
    forms = language.numbers.decades.get(int(number.value), "")
    return bool(forms) and normalise(text[number.start : number.end]) in map(normalise, forms.split("|"))


def _joint(language: Language) -> str:
    """What may stand between a decade and its century, or the next decade."""
    written_on = "|".join((*(language.and_letter + each for each in language.articles), language.and_letter))
    return rf"\s+(?:{language.numbers.of_century}\s+)?(?:{written_on})?"


@lru_cache(maxsize=8)
def _eras(language: str) -> re.Pattern[str]:
    eras = of(language).numbers.eras
    groups = (f"(?P<{era}>{'|'.join(re.escape(form) for form in forms.split('|'))})" for era, forms in eras.items())
    return re.compile(rf"\s*(?:{'|'.join(groups)})(?!\w)" if eras else r"(?!)")
