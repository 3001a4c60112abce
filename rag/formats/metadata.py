"""Dates and languages as files write them, made uniform. What is not certain stays unknown: nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from babel import Locale, localedata

from rag.languages.registry import LANGUAGES
from rag.text.folding import normalise

# Each is searched for: agencies write the day of the week, the hour and a second calendar around a date.
_YEAR_FIRST = re.compile(
    r"(?<![\d/.-])(\d{4})(?:([-/.]) ?(\d{1,2})\2 ?|\s?[年년]\s?(\d{1,2})\s?[月월]\s?)(\d{1,2})(?![\d/])"
)
_COMPACT = re.compile(r"(?<![\d/.-])(\d{4})(\d\d)(\d\d)(?:\d{4}|\d{6})?(?!\d)")
_DAY_FIRST = re.compile(
    r"(?<![\d/.-])(\d{1,2})(?:([-/.])(\d{1,2})\2(\d{4})(?![\d/])|\.(\d{1,2})\.(\d\d)(?=$|,? \d\d?:))"
)
# Seconds, or milliseconds, with what ASP.NET puts around them.
_UNIX = re.compile(r"(?:/date\()?(?:(\d{10})\d{3}|(\d{9,10}))(?:\.\d*)?(?:(?:[+-]\d{4})?\)/)?")
_UNIX_RANGE: Final = range(631_152_000, 1_900_000_000)  # from 1990 to 2030; beyond it, ten digits may be a day and hour
# A month may go by two names, "آذار/مارس"; a year of two digits ends the date, or the hour follows.
_DAY_MONTH_YEAR: Final = (
    r"(?<![\d/.-])(?P<day>\d{{1,2}})(?:er|st|nd|rd|th|o|°)?[\s.,/-]*(?:[^\W\d_]{{1,2}}\s+)?{month}"
    r"(?:\s?[/(-]?\s?{other}\)?)?[\s.,،/-]*(?:[^\W\d_]{{1,2}}\s+)?(?P<year>\d{{4}}|\d\d(?=$|,? \d\d?:))(?!\d)"
)
_MONTH_DAY_YEAR: Final = (
    r"{month}(?:\s?[/(-]?\s?{other}\)?)?[\s.]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:[,،]\s*|\s+)"
    r"(?:\d\d:\d\d:\d\d\s+(?:[a-z]{{2,5}}\s+|[+-]\d{{4}}\s+)?)?(?P<year>\d{{4}})(?!\d)"  # as C and Twitter have it
)
_WORD = re.compile(r"[^\W\d_]{2}")
_NOBODYS = re.compile(
    r"\(?(?:untitled|unnamed|anonymous|unspecified|unknown)\)?|document ?\d*|(?:word|microsoft word) (?:document|- .*)"
    r"|powerpoint presentation|présentation powerpoint|user|admin|administrator|owner|microsoft office user"
    r"|python-docx|python-pptx|openpyxl|apache poi",
    re.IGNORECASE,
)
_FIRST_SHORT_YEAR: Final = 70  # two digits from there on are of the last century, as POSIX has it

_CODES: Final = {name: language.code for language in LANGUAGES for name in language.called.split()}


def language_code(value: str) -> str:
    """The ISO 639-1 code of a language tag or name (``ar-DZ``, ``fra``, ``Arabic``), ``und`` when unknown."""
    word = re.split(r"[-_,;\s]", value.strip().lower(), maxsplit=1)[0]
    if word in _CODES:
        return _CODES[word]
    return word if re.fullmatch(r"[a-z]{2}", word) else "und"


def given_by_people(fields: Mapping[str, object]) -> dict[str, str]:
    """The properties of a document, less what programs write where nobody gave a title or an author."""
    given = {name: str(value).strip() for name, value in fields.items() if value}
    return {name: value for name, value in given.items() if value and not _NOBODYS.fullmatch(value)}


def iso_date(value: str) -> str:
    """The day a date names, as ``YYYY-MM-DD`` in the writer's own time zone; empty when it is not certain.

    Reads ISO 8601, RFC 822, compact dates, Unix times (as days of UTC), and days with the name of a month. A day of the
    Hijri calendar beside the same in ours is passed over. ``03/04/2011`` may be March or April and is left out, as is a
    year or a month alone, and what names two days.
    """
    text = _hijri().sub(" ", normalise(value[:100]).strip())
    if found := _UNIX.fullmatch(text):
        seconds = int(found[1] or found[2])
        return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds in _UNIX_RANGE else ""
    days = {
        *(_day(int(found[1]), int(found[3] or found[4]), int(found[5])) for found in _YEAR_FIRST.finditer(text)),
        *(_day(*map(int, found.groups())) for found in _COMPACT.finditer(text)),
        *(_day_first(found) for found in _DAY_FIRST.finditer(text)),
        *(_named(found) for found in _dates_in_words(text)),
    }
    return days.pop() if len(days) == 1 else ""


def _dates_in_words(text: str) -> Iterator[re.Match[str]]:
    for pattern in _month_patterns() if _WORD.search(text) else ():  # the tables take a while to load
        yield from pattern.finditer(text)


def _day_first(found: re.Match[str]) -> str:
    """With full stops the day always stands first; otherwise only where it cannot be a month."""
    first, second, year = int(found[1]), int(found[3] or found[5]), _whole_year(int(found[4] or found[6]))
    if first == second or first > 12 or found[2] in (".", None):
        return _day(year, second, first)
    return _day(year, first, second) if second > 12 else ""


def _named(found: re.Match[str]) -> str:
    month, other = _months()[found["month"]], _months().get(found["other"] or "")
    return _day(_whole_year(int(found["year"])), month, int(found["day"])) if other in (None, month) else ""


def _whole_year(year: int) -> int:
    return year if year >= 100 else year + (1900 if year >= _FIRST_SHORT_YEAR else 2000)


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Name -> number, by our tables and CLDR's; names that are different months in two languages are left out."""
    numbers: dict[str, set[int]] = {}
    for language in LANGUAGES:
        tables = [dict(enumerate(names, 1)) for names in (language.names.months, language.names.short_months)]
        if language.code in localedata.locale_identifiers():
            tables += [Locale(language.code).months["format"][width] for width in ("wide", "abbreviated")]
        for number, forms in (pair for table in tables for pair in table.items()):
            for name in forms.split("|"):
                numbers.setdefault(normalise(name.rstrip(".")), set()).add(number)
    return {name: found.pop() for name, found in numbers.items() if len(found) == 1 and _is_word(name)}


def _is_word(name: str) -> bool:
    return len(name) > 1 and not any(map(str.isdigit, name))


@lru_cache(maxsize=1)
def _month_patterns() -> tuple[re.Pattern[str], ...]:
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    month, other = (rf"(?<![^\W\d_])(?P<{group}>{names})(?![^\W\d_])" for group in ("month", "other"))
    return tuple(re.compile(form.format(month=month, other=other)) for form in (_DAY_MONTH_YEAR, _MONTH_DAY_YEAR))


@lru_cache(maxsize=1)
def _hijri() -> re.Pattern[str]:
    """A day, month and year in digits, as such a calendar's era follows them."""
    eras = "|".join(each.numbers.eras["AH"] for each in LANGUAGES if "AH" in each.numbers.eras)
    return re.compile(rf"\d{{1,4}}([-/.])\d{{1,2}}\1\d{{1,4}} ?(?:{normalise(eras)})(?!\w)")


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat() if year >= 1000 else ""
    except ValueError:
        return ""
