"""Dates and languages as files write them, made uniform. What is not certain stays unknown: nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Final

from rag.languages.registry import LANGUAGES

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[t ,z+].*)?")
_COMPACT = re.compile(r"(?:d:)?(\d{4})(\d\d)(\d\d)(?:\d{6}|t).*|(\d{4})(\d\d)(\d\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[t ,].*)?")
_DAY_MONTH_YEAR = re.compile(
    r"(?:\w+[,،]? +)?(\d{1,2})(?:er|st|nd|rd|th)?[ -]+([^\W\d][^\d,]*?)\.?,?[ -]+(\d{4})(?:\D.*)?"
)
_MONTH_DAY_YEAR = re.compile(r"(?:\w+, +)?([^\W\d]+)\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})(?:\D.*)?")

_CODES: Final = {name: language.code for language in LANGUAGES for name in language.called.split()}


def language_code(value: str) -> str:
    """The ISO 639-1 code of a language tag or name (``ar-DZ``, ``fra``, ``Arabic``), ``und`` when unknown."""
    word = re.split(r"[-_,;\s]", value.strip().lower(), maxsplit=1)[0]
    if word in _CODES:
        return _CODES[word]
    return word if re.fullmatch(r"[a-z]{2}", word) else "und"


def iso_date(value: str) -> str:
    """The day a date names, as ``YYYY-MM-DD`` in the writer's own time zone; empty when it is not certain.

    Reads ISO 8601, RFC 822, compact dates, and days with the name of a month that a language's file has. ``03/04/2011``
    may be March or April and is left out, as is a year or a month alone.
    """
    text = _western_digits(value).strip().lower()[:100]
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := _COMPACT.fullmatch(text):
        return _day(*(int(part) for part in found.groups() if part))
    if found := _DAY_FIRST.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if first == second or first > 12:
            return _day(year, second, first)
        return _day(year, first, second) if second > 12 else ""
    if (found := _DAY_MONTH_YEAR.fullmatch(text)) and (number := _month(found[2])):
        return _day(int(found[3]), number, int(found[1]))
    if (found := _MONTH_DAY_YEAR.fullmatch(text)) and (number := _month(found[1])):
        return _day(int(found[3]), number, int(found[2]))
    return ""


def _western_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    tables = (table for each in LANGUAGES for table in (each.names.months, each.names.short_months))
    numbered = ((number, forms.lower()) for table in tables for number, forms in enumerate(table, 1) if forms)
    return {name: number for number, names in numbered for name in names.split("|")}


def _month(name: str) -> int:
    return _months().get(unicodedata.normalize("NFC", name).strip(), 0)


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat() if year >= 1000 else ""
    except ValueError:
        return ""
