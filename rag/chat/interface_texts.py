"""What the chat says in Arabic, French and English, read from ``assets/interface.json``.

A text may hold named fields (``{count}``), filled by :meth:`Texts.say`. Errors hold two parts with a bar between:
what happened and what to do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rag.entities.relative_times import write_day
from rag.errors import IsnadError
from rag.resources import asset

_FILE = asset("interface.json")
LANGUAGES: Mapping[str, str] = {"ar": "العربية", "en": "English", "fr": "Français"}
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong and what to do, in the reader's language."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one interface language."""

    language: str
    lines: Mapping[str, str]

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return self.lines["direction"]

    def say(self, key: str, **fields: object) -> str:
        """The text of ``key`` with its fields filled. Raises KeyError for an unknown key or a missing field."""
        return self.lines[key].format(**fields)

    def problem(self, key: str, **fields: object) -> Problem:
        """The two parts of an error text."""
        message, hint = self.lines[key].split("|")
        return Problem(message.format(**fields), hint.format(**fields))

    def problem_of(self, error: IsnadError) -> Problem:
        """``error`` for the reader: its own words in English, those of its code in the other languages."""
        if self.language == "en":
            return Problem(error.message, error.hint)
        key = f"error_code_{error.code}"
        return self.problem(key if key in self.lines else "error_other")

    def language_name(self, code: str) -> str:
        """The name of a language in this one, from CLDR; the code itself where CLDR has none."""
        return _language_names(self.language).get(code, code)

    def date(self, iso: str) -> str:
        """An ISO date written out; anything else is returned as it is."""
        return write_day(iso, self.language) or iso


@cache
def texts_in(language: str) -> Texts:
    """The texts in ``language``, or in English where there are none."""
    known = language if language in LANGUAGES else DEFAULT_LANGUAGE
    return Texts(known, json.loads(_FILE.read_text(encoding="utf-8"))[known])


def preferred_language(accept_language: str, default: str = DEFAULT_LANGUAGE) -> str:
    """The first language of an ``Accept-Language`` header (RFC 9110, 12.5.4) that the interface speaks."""
    weighted = [_weighed(part) for part in accept_language.split(",")]
    ranked = sorted((w for w in weighted if w[0] in LANGUAGES and w[1] > 0), key=lambda w: -w[1])
    return ranked[0][0] if ranked else default


def _weighed(part: str) -> tuple[str, float]:
    tag, _, parameters = part.partition(";")
    weight = parameters.strip().removeprefix("q=")
    try:
        return tag.strip().split("-")[0].lower(), float(weight) if weight else 1.0
    except ValueError:
        return "", 0.0


@cache
def _language_names(language: str) -> Mapping[str, str]:
    from babel import Locale  # lazy: the chat alone needs it

    return {str(code): str(name) for code, name in Locale.parse(language).languages.items()}
