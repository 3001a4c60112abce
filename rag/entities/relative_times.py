"""Times told from the day of writing ("last May", "أمس"), and that day beside them, which who reads later needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from rag.documents import Gloss
from rag.entities.lexicon import base_language, split_forms
from rag.entities.mentions import find_names
from rag.languages.registry import of
from rag.text.folding import fold, normalise

_TIMES = ("month", "weekday")
_LOCALES = {"en": "en_GB"}  # day before month, as readers of most languages have it


def dated(text: str, language: str, reader_language: str, day: str, offset: int = 0) -> tuple[Gloss, ...]:
    """Each relative time in ``text`` glossed with the ``day`` it counts from (ISO 8601), in the reader's language.

    ``offset`` is the place of ``text`` in its article. Empty where the day is not known whole.
    """
    written = write_day(day, reader_language)
    found = find_relative_times(text, language) if written else ()
    shown = of(base_language(reader_language)).periods.as_of.format(written)
    return tuple(Gloss(start + offset, end + offset, text[start:end], shown) for start, end in found)


def find_relative_times(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Where a text counts from the day it was written: whole words for a period, or what says so beside a month."""
    language, folded = base_language(language), fold(text)
    pattern, beside = _patterns(language)
    times = [
        (len(normalise(text[: each.start])), len(normalise(text[: each.end])))
        for each in find_names(text, language)
        if each.name.kind in _TIMES
    ]
    places = [match.span() for match in pattern.finditer(folded.text)]
    for match in beside.finditer(folded.text):
        start, end = match.span()
        near = (folded.text[last:start] if last <= start else folded.text[end:first] for first, last in times)
        if any(between == " " for between in near) and not any(s < end and start < e for s, e in places):
            places.append((start, end))
    yield from (folded.original(*place) for place in sorted(places))


def write_day(day: str, language: str) -> str:
    """An ISO date in words of a language; empty for anything else."""
    from babel import UnknownLocaleError  # lazy: few answers need it
    from babel.dates import format_date

    try:
        return str(format_date(date.fromisoformat(day), "long", locale=_LOCALES.get(language, language)))
    except (ValueError, UnknownLocaleError):
        return ""


@lru_cache(maxsize=64)
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    known = of(language)
    periods = [form for forms in known.periods.relative.values() for form in split_forms(forms)]
    beside = [form for key in ("last", "next") for form in split_forms(known.terms.get(key, ""))]
    return _any(periods), _any(beside)


def _any(forms: list[str]) -> re.Pattern[str]:
    longest_first = sorted(map(normalise, forms), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!\w)")
