"""The period a question asks about: "in October 2011", "last week", "الشهر الماضي", "depuis mai 2011".

What is counted back from today (:attr:`AskedPeriod.firm`) can only be meant of the articles' dates. A month, or a day
by its date, may as well be when something happened that a later article tells of, so that whoever filters by it must be
ready to look beyond. A year alone is no period: most years in questions are of what happened.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from rag.entities.lexicon import base_language, split_forms
from rag.entities.mentions import find_names
from rag.entities.numerals import find_numbers
from rag.languages.registry import of
from rag.text.folding import normalise

_YEAR = re.compile(r"\s*(?:[,،]\s*|\w{1,2}\s+)?((?:1[89]|20)\d\d)\b")  # right after a month
_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|er)?\s+(?:of\s+)?\Z")  # right before it
_ISO = re.compile(r"\b((?:1[89]|20)\d\d)-(\d\d)(?:-(\d\d))?\b")
_BOUND_YEAR = re.compile(r"\s*((?:1[89]|20)\d\d)\b")
_FARTHEST = 400  # units back; what counts more is no period of news


class AskedPeriod(NamedTuple):
    """Inclusive ISO dates, either of which may be empty; ``firm`` where it is counted back from today."""

    since: str
    until: str
    firm: bool


class _Stretch(NamedTuple):
    """Some days that a text names, and where: offsets into the folded text."""

    first: date
    last: date
    start: int
    end: int


def find_period(text: str, language: str, today: date) -> AskedPeriod | None:
    """The period of ``text``; None where it names none, or several that are no beginning and end."""
    language = base_language(language)
    folded = normalise(text)
    back = _counted_back(text, folded, language, today)
    if back is not None:
        return back
    dates = list(_dates(text, language))
    words = of(language).periods
    if len(dates) == 2 and re.search(_before(words.between), folded[: dates[0].start]):
        return AskedPeriod(dates[0].first.isoformat(), dates[1].last.isoformat(), firm=False)
    if len(dates) != 1:
        return _from_year(folded, language)
    (named,) = dates
    if re.search(_before(words.since), folded[: named.start]):
        return AskedPeriod(named.first.isoformat(), "", firm=False)
    if re.search(_before(words.until), folded[: named.start]):
        return AskedPeriod("", named.last.isoformat(), firm=False)
    return AskedPeriod(named.first.isoformat(), named.last.isoformat(), firm=False)


def _from_year(folded: str, language: str) -> AskedPeriod | None:
    """ "since 2011": a year tells a period where it is the beginning of one."""
    pattern = _after(of(language).periods.since)
    for match in re.finditer(pattern, folded) if pattern else ():
        if year := _BOUND_YEAR.match(folded, match.end()):
            return AskedPeriod(f"{year[1]}-01-01", "", firm=False)
    return None


def _counted_back(text: str, folded: str, language: str, today: date) -> AskedPeriod | None:
    words = of(language).periods
    for key, forms in words.relative.items():
        if re.search(_whole(forms), folded):
            unit, count = key.split()
            return _of(unit, int(count), today)
    counted = _in_digits(text, language)
    for pattern in words.counted:
        if found := re.search(pattern, counted):
            unit = next((unit for unit, forms in words.units.items() if re.fullmatch(_any(forms), found["unit"])), "")
            number = int(found["number"] or 0) if "number" in found.re.groupindex else 2
            if unit and 0 < number <= _FARTHEST:
                return AskedPeriod(_back(unit, number, today).isoformat(), today.isoformat(), firm=True)
    return None


def _of(unit: str, count: int, today: date) -> AskedPeriod:
    """The day, week, month or year that lies ``-count`` of them back; the present one ends today."""
    if unit == "day":
        first = last = today + timedelta(days=count)
    elif unit == "week":  # weeks begin on Monday (ISO 8601)
        first = today - timedelta(days=today.weekday() - 7 * count)
        last = first + timedelta(days=6)
    elif unit == "month":
        first = _back("month", -count, today).replace(day=1)
        last = first.replace(day=monthrange(first.year, first.month)[1])
    else:
        first, last = date(today.year + count, 1, 1), date(today.year + count, 12, 31)
    return AskedPeriod(first.isoformat(), min(last, today).isoformat(), firm=True)


def _back(unit: str, count: int, today: date) -> date:
    if unit in ("day", "week"):
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _dates(text: str, language: str) -> Iterator[_Stretch]:
    """Days and months with their year, in order; offsets are about those of the folded text."""
    for match in _ISO.finditer(text):
        yield from _stretch(int(match[1]), int(match[2]), int(match[3] or 0), match.start(), match.end())
    for mention in find_names(text, language):
        year = _YEAR.match(normalise(text[mention.end :])) if mention.name.kind == "month" else None
        if year is not None:
            day = _DAY.search(normalise(text[: mention.start]))
            start = len(normalise(text[: mention.start])) - (len(day[0]) if day else 0)
            yield from _stretch(int(year[1]), int(mention.name.code), int(day[1]) if day else 0, start, mention.end)


def _stretch(year: int, month: int, day: int, start: int, end: int) -> Iterator[_Stretch]:
    if 1 <= month <= 12 and 0 <= day <= monthrange(year, month)[1]:
        last = day or monthrange(year, month)[1]
        yield _Stretch(date(year, month, day or 1), date(year, month, last), start, end)


def _in_digits(text: str, language: str) -> str:
    """Folded, numbers in words written in digits."""
    parts, done = [], 0
    for number in find_numbers(text, language):
        parts += [text[done : number.start], str(number.value)]
        done = number.end
    return normalise("".join([*parts, text[done:]]))


@lru_cache(maxsize=256)
def _any(forms: str) -> str:
    return "|".join(re.escape(normalise(form)) for form in split_forms(forms)) or "(?!)"


def _whole(forms: str) -> str:
    return rf"(?<!\w)(?:{_any(forms)})(?!\w)"


def _before(forms: str) -> str:
    """The forms at the end of what stands before a date, an article between them or not."""
    return rf"(?<!\w)(?:{_any(forms)})(?:\s+\w{{1,5}})?\s*\Z"


def _after(forms: str) -> str:
    return rf"(?<!\w)(?:{_any(forms)})(?:\s+(?:the year|l'annee|العام|عام|سنه))?" if forms else ""
