"""Days as a reader types them: ``2011-10-12``, ``12/10/2011``, ``2011``, ``octobre 2011``, ``last week``, ``أمس``.

The words of the three languages come from CLDR by way of dateparser; what it does not know is no date.
"""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime, time
from typing import Final

LANGUAGES: Final = ["en", "fr", "ar"]
MOST_CHARS: Final = 60  # longer than any day in words of the three languages
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNCLEAR = re.compile(r"(?!\d{4}\Z)\d+|\d{4}-(?:00|1[3-9]|[2-9]\d)")  # a lone number, which may count anything
# "since 2011" says no more in a field named From than "2011" does.
_OPENING = re.compile(r"^(?:since|from|until|depuis|à partir de|dès|jusqu['’]?(?:à|en)|en|in|منذ|من|حتى|في)\s+", re.I)
_UNKNOWN_TO_DATEPARSER: Final = {"العام الماضي": "السنة الماضية"}
_CENTURIES: Final = (1000, 2999)  # four digits beyond are no year of an article


def day_meant(words: str, today: date, last: bool = False) -> date | None:
    """The day meant, counted back from ``today``; of a month or a year the first day, or the ``last``.

    None for what is no day. A slashed date is read day first, as two of the three languages write it.
    """
    words = words.strip()
    if _ISO.fullmatch(words):
        try:
            return date.fromisoformat(words)
        except ValueError:
            return None
    if len(words) > MOST_CHARS or _UNCLEAR.fullmatch(words):
        return None
    words = _UNKNOWN_TO_DATEPARSER.get(words, words)
    found = _parse(words, today, last) or _parse(_OPENING.sub("", words), today, last)
    return found if found and _CENTURIES[0] <= found.year <= _CENTURIES[1] else None


def _parse(words: str, today: date, last: bool) -> date | None:
    import dateparser  # lazy: half a second that a page without dates need not pay

    edge = "last" if last else "first"
    settings = {
        "RELATIVE_BASE": datetime.combine(today, time.min),
        "PREFER_DAY_OF_MONTH": edge,
        "PREFER_MONTH_OF_YEAR": edge,
        "PREFER_DATES_FROM": "past",
        "DATE_ORDER": "DMY",
        "PARSERS": ["relative-time", "absolute-time"],
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own affairs
        found = dateparser.parse(words, languages=LANGUAGES, settings=settings)
    return found.date() if found else None
