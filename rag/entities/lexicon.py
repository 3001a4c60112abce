"""The forms a name takes in each language, from CLDR (by way of Babel) and :mod:`rag.entities.names`.

A :class:`Name` is a CLDR code of one kind; :func:`forms` writes it in a language and :func:`lexicon` turns that round:
every form of a language, by its first word, for :mod:`rag.entities.mentions` to look up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Literal, NamedTuple

from rag.entities import name_cues, names
from rag.text.folding import normalise

Kind = Literal["territory", "people", "place", "language", "month", "hijri", "weekday"]

# A word, its vowel marks and combining accents included; digits are words of their own.
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed])*|\d+")

_CONTINENTS = ("002", "142", "150")
_NOT_TERRITORIES = ("XA", "XB", "ZZ", "QO", "EZ")
_COLUMNS = {"ar": 0, "en": 1, "fr": 2}  # of the tables in rag.entities.names
_PEOPLE_ENDINGS = ("", "ة", "ين", "ون", "ات", "ا", "تين", "ان")


@dataclass(frozen=True, slots=True)
class Name:
    """What a form stands for: a code of one kind (CLDR's of a territory, the number of a month or a place...).

    Of a people ``feminine`` says which form the text has, so that the rendering can agree.
    """

    kind: Kind
    code: str
    feminine: bool = False


class Entry(NamedTuple):
    """One form: its folded words, as written, and the name; None for a phrase that only looks like one."""

    words: tuple[str, ...]
    form: str
    name: Name | None
    ambiguous: bool

    @property
    def is_initials(self) -> bool:
        """``US`` or ``U.S.``: counts in capitals only."""
        return self.form.isupper() and len(self.form.replace(".", "")) < 5


# الرئيس المالي is a president or a treasurer: counts in a list of peoples only.
_NEVER_ALONE = tuple(Name("people", "ML", feminine) for feminine in (False, True))


def render(name: Name, language: str) -> str:
    """The name as a reader of ``language`` expects it; empty where there is no such form."""
    return next(iter(forms(name, language)), "")


@lru_cache(maxsize=4096)
def forms(name: Name, language: str) -> tuple[str, ...]:
    """Every form of a name in a language, the one to show first; none in a language CLDR does not know."""
    language = base_language(language)
    found = _forms(name, language) if is_known(language) else ()
    return tuple(dict.fromkeys(form for form in found if form))


def base_language(language: str) -> str:
    """``ar-DZ`` and ``AR_dz`` are ``ar``."""
    return re.split(r"[-_]", language.lower(), maxsplit=1)[0]


@lru_cache(maxsize=64)
def is_known(language: str) -> bool:
    """Whether CLDR has names in the language."""
    from babel import localedata

    return language not in ("", "und", "root") and bool(localedata.exists(language))


@lru_cache(maxsize=8)
def lexicon(language: str) -> dict[str, list[Entry]]:
    """First folded word -> entries, the longest first. Built once a language, some 30 ms."""
    ambiguous = {_folded_words(form) for form in split_forms(name_cues.AMBIGUOUS.get(language, ""))}
    entries: dict[str, list[Entry]] = {}
    for form, name in _all_forms(language):
        words = _folded_words(form)
        if not words or (len("".join(words)) < 3 and not form.isupper() and form not in name_cues.EXACT):
            continue
        entry = Entry(words, form, name, words in ambiguous or (language == "ar" and name in _NEVER_ALONE))
        entries.setdefault(words[0], []).append(entry)
        if language == "ar" and len(words) > 1:  # the press often loses the space: الولاياتالمتحدة
            joined = "".join(words)
            entries.setdefault(joined, []).append(entry._replace(words=(joined,)))
    for choices in entries.values():
        choices.sort(key=lambda entry: -len(entry.words))
    return entries


def _all_forms(language: str) -> Iterator[tuple[str, Name | None]]:
    locale = _locale(language)
    for phrase in split_forms(name_cues.BLOCKED.get(language, "")):
        yield phrase, None
    for code in locale.territories:
        if (len(code) == 2 and code not in _NOT_TERRITORIES) or code in _CONTINENTS:
            for form in forms(Name("territory", code), language):
                yield form, Name("territory", code)
                if "&" in form:
                    yield form.replace("&", "and"), Name("territory", code)
    places = [Name("place", str(number)) for number in range(len(names.PLACES))]
    calendar: list[Name] = [Name("weekday", str(day)) for day in range(7)]
    for number in range(1, 13):
        calendar += [Name("month", str(number)), Name("hijri", str(number))]
    for name in [*places, *calendar]:
        yield from ((form, name) for form in forms(name, language))
    for code in locale.languages:
        if len(code) == 2:
            yield locale.languages[code], Name("language", code)
    yield from _people_entries(language)


def _people_entries(language: str) -> Iterator[tuple[str, Name]]:
    for code in names.PEOPLES:
        if language == "ar":
            for form, ending in product(forms(Name("people", code), language), _PEOPLE_ENDINGS):
                name = Name("people", code, ending in ("ة", "ات", "تين"))
                yield from ((article + form + ending, name) for article in ("", "ال"))
        else:
            for feminine in (False, True):
                name = Name("people", code, feminine)
                for form in forms(name, language):
                    yield from ((form + ending, name) for ending in ("", "s"))


def _forms(name: Name, language: str) -> Iterator[str]:
    locale = _locale(language)
    if name.kind == "territory":
        yield names.SHOWN.get(name.code, {}).get(language, "")
        yield locale.territories.get(name.code, "")
        yield from split_forms(names.ALIASES.get(name.code, {}).get(language, ""))
    elif name.kind == "people":
        yield from _people_forms(names.PEOPLES[name.code], language, name.feminine)
    elif name.kind == "language":
        yield locale.languages.get(name.code, "")
    elif name.kind == "weekday":
        yield locale.days["format"]["wide"][int(name.code)]
    elif name.kind == "place":
        if language in _COLUMNS:
            yield from split_forms(names.PLACES[int(name.code)][_COLUMNS[language]])
    elif name.kind == "hijri":
        yield from split_forms(names.HIJRI_MONTHS[int(name.code) - 1][_COLUMNS.get(language, 1)])
    else:
        for variant in ("ar", "ar_DZ", "ar_LB", "ar_MA") if language == "ar" else (language,):
            yield _locale(variant).months["format"]["wide"][int(name.code)]
        yield names.ARABIC_MONTH_SPELLINGS.get(int(name.code), "") if language == "ar" else ""


def _people_forms(row: tuple[str, str, str, str], language: str, feminine: bool) -> Iterator[str]:
    if language == "ar":
        yield from (form + "ة" * feminine for form in split_forms(row[0]))
    elif language == "en":
        yield row[1]
    elif language == "fr":
        yield row[3 if feminine else 2]


def _folded_words(form: str) -> tuple[str, ...]:
    return tuple(normalise(m.group()) for m in WORD.finditer(form))


def split_forms(forms: str) -> list[str]:
    """The forms of an entry of :mod:`rag.entities.names`."""
    return forms.split("|") if forms else []


@lru_cache(maxsize=16)
def _locale(language: str) -> Any:
    from babel import Locale  # lazy: only questions that cross languages need it

    return Locale.parse(language)
