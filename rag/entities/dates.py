"""Dates in a text, with the day, the month and the year that stand together: so that none is put together from two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.entities.mentions import Mention, possible_names
from rag.entities.numerals import Number, find_numbers, is_year
from rag.entities.quantities import between
from rag.text.folding import normalise

ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_NUMERIC = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
# Between a day, a month and a year stand no more than a stop, a comma and a short word or two: "of", de, من عام.
_NEAR = re.compile(r"\.?[\s,،/\-]*(?:[^\W\d_]{1,4}[\s,]+){0,2}")


@dataclass(frozen=True, slots=True)
class Date:
    """A month, 1 to 12, with what stands beside it of its day and its year; 0 for what does not."""

    day: int
    month: int
    year: int

    @property
    def is_full(self) -> bool:
        """Whether it is more than a month."""
        return bool(self.day or self.year)

    def agrees(self, other: Date) -> bool:
        """Whether both may be one date: what both say is the same."""
        pairs = ((self.day, other.day), (self.month, other.month), (self.year, other.year))
        return all(mine == theirs or not (mine and theirs) for mine, theirs in pairs)


def find_dates(text: str, language: str) -> list[Date]:
    """The dates of a text; of one in digits alone, which may be read two ways, both."""
    numbers = [n for n in find_numbers(text, language) if n.value == n.value.to_integral_value()]
    months = sorted({m for m in possible_names(text, language) if m.name.kind == "month"}, key=lambda m: m.start)
    dates = [date for month in months for date in _around(month, months, numbers, text, language)]
    return dates + [date for _, readings in dates_in_digits(text) for date in readings]


def dates_in_digits(text: str) -> Iterator[tuple[re.Match[str], list[Date]]]:
    """The dates of a text that are written in digits alone, with what each may be."""
    for match in ISO_DATE.finditer(text):
        year, month, day = map(int, match.groups())
        yield match, [Date(day, month, year)]
    for match in _NUMERIC.finditer(text):
        first, second, year = map(int, match.groups())
        pairs = ((first, second), (second, first))
        yield match, [Date(day, month, year) for day, month in pairs if 1 <= month <= 12]


def _around(
    month: Mention, months: Sequence[Mention], numbers: Sequence[Number], text: str, language: str
) -> Iterator[Date]:
    """The dates of a month: a list of days is several."""
    start, end = month.start, month.end
    for other in months:  # كانون الثاني/يناير
        if other.name == month.name and re.fullmatch(r"\s*[/(]\s*", text[end : other.start]):
            end = other.end
        if other.name == month.name and re.fullmatch(r"\s*[/(]\s*", text[other.end : start]):
            start = other.start
    days = list(_days_before(start, numbers, text, language))
    after = [n for n in numbers if n.start >= end][:2]
    if not days and after and _is_day(after[0]) and _is_near(text[end : after[0].start]):
        days, end = [int(after[0].value)], after[0].end
        after = after[1:]
    year = int(after[0].value) if after and is_year(after[0], text) and _is_near(text[end : after[0].start]) else 0
    yield from (Date(day, int(month.name.code), year) for day in days or [0])


def _days_before(start: int, numbers: Sequence[Number], text: str, language: str) -> Iterator[int]:
    gap = _NEAR
    for number in reversed([n for n in numbers if n.end <= start]):
        if not _is_day(number) or not gap.fullmatch(normalise(text[number.end : start])):
            return
        yield int(number.value)
        start, gap = number.start, between(language)


def _is_near(between: str) -> bool:
    return _NEAR.fullmatch(between) is not None


def _is_day(number: Number) -> bool:
    return 1 <= number.value <= 31
