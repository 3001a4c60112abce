"""The forms a name takes in each language, from CLDR (by way of Babel) and what its own file adds.

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

from rag.languages.registry import of
from rag.text.folding import normalise

NameKind = Literal["territory", "people", "place", "language", "month", "hijri", "weekday"]

# A word, its vowel marks and combining accents included; digits are words of their own.
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed])*|\d+")

_CONTINENTS = ("002", "142", "150")
_NOT_TERRITORIES = ("XA", "XB", "ZZ", "QO", "EZ")
_WITHOUT_A_TABLE = "en"  # whose Hijri months are shown to readers of a language that has none


@dataclass(frozen=True, slots=True)
class Name:
    """What a form stands for: a code of one kind (CLDR's of a territory, the number of a month, the key of a place...).

    Of a people ``feminine`` says which form the text has, so that the rendering can agree.
    """

    kind: NameKind
    code: str
    feminine: bool = False


class Entry(NamedTuple):
    """One form: its folded words, as written, and the name; None for a phrase that only looks like one.

    ``ambiguous``: a common word too. ``listed``: even more so, and a name in a list of names only.
    """

    words: tuple[str, ...]
    form: str
    name: Name | None
    ambiguous: bool
    listed: bool = False

    @property
    def is_initials(self) -> bool:
        """``US`` or ``U.S.``: counts in capitals only."""
        return self.form.isupper() and len(self.form.replace(".", "")) < 5


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
    names = of(language).names
    ambiguous = {_folded_words(form) for form in split_forms(names.ambiguous)}
    listed = {_folded_words(form) for form in split_forms(names.listed)}
    exact, listed_peoples = split_forms(names.exact), names.listed_peoples.split()
    entries: dict[str, list[Entry]] = {}
    for form, name in _all_forms(language):
        words = _folded_words(form)
        if not words or (len("".join(words)) < 3 and not form.isupper() and form not in exact):
            continue
        is_listed = words in listed or (name is not None and name.kind == "people" and name.code in listed_peoples)
        entry = Entry(words, form, name, is_listed or words in ambiguous, is_listed)
        entries.setdefault(words[0], []).append(entry)
        if names.loses_spaces and len(words) > 1:
            joined = "".join(words)
            entries.setdefault(joined, []).append(entry._replace(words=(joined,)))
    for choices in entries.values():
        choices.sort(key=lambda entry: -len(entry.words))
    return entries


def _all_forms(language: str) -> Iterator[tuple[str, Name | None]]:
    locale, names = _locale(language), of(language).names
    for phrase in split_forms(names.blocked):
        yield phrase, None
    for code in locale.territories:
        if (len(code) == 2 and code not in _NOT_TERRITORIES) or code in _CONTINENTS:
            for form in forms(Name("territory", code), language):
                yield form, Name("territory", code)
                if "&" in form:
                    yield form.replace("&", "and"), Name("territory", code)
    places = [Name("place", key) for key in names.places]
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
    names, written_on = of(language).names, of(language).articles[:1]
    for code, feminine in product(names.peoples, (False, True)):
        name = Name("people", code, feminine)
        endings = names.feminine_endings if feminine else names.endings
        for article, stem, ending in product(("", *written_on), _people_stems(name, language), endings):
            yield article + stem + ending, name


def _forms(name: Name, language: str) -> Iterator[str]:
    locale, names = _locale(language), of(language).names
    if name.kind == "territory":
        yield names.shown.get(name.code, "")
        yield locale.territories.get(name.code, "")
        yield from split_forms(names.aliases.get(name.code, ""))
    elif name.kind == "people":
        ending = (names.feminine_endings if name.feminine else names.endings)[0]
        yield from (stem + ending for stem in _people_stems(name, language))
    elif name.kind == "language":
        yield locale.languages.get(name.code, "")
    elif name.kind == "weekday":
        yield locale.days["format"]["wide"][int(name.code)]
    elif name.kind == "place":
        yield from split_forms(names.places.get(name.code, ""))
    elif name.kind == "hijri":
        months = names.hijri_months or of(_WITHOUT_A_TABLE).names.hijri_months
        yield from split_forms(months[int(name.code) - 1])
    else:
        for variant in (language, *names.month_locales.split()):
            yield _locale(variant).months["format"]["wide"][int(name.code)]
        yield from split_forms(names.months[int(name.code) - 1] if names.months else "")


def _people_stems(name: Name, language: str) -> list[str]:
    names = of(language).names
    masculine = names.peoples.get(name.code, "")
    return split_forms(names.feminine.get(name.code, masculine) if name.feminine else masculine)


def _folded_words(form: str) -> tuple[str, ...]:
    return tuple(normalise(m.group()) for m in WORD.finditer(form))


def split_forms(forms: str) -> list[str]:
    """The forms of an entry of a language's table."""
    return forms.split("|") if forms else []


@lru_cache(maxsize=16)
def _locale(language: str) -> Any:
    from babel import Locale  # lazy: only questions that cross languages need it

    return Locale.parse(language)
