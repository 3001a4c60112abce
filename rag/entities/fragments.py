"""A few words in fragments: names, numbers and times rendered, the little words looked up, the rest as it is.

Phrases come from the tables of the text's language (:mod:`rag.languages.language`: terms, units, titles) and, in Arabic
letters, from the cities of GeoNames; the longest that begins at a word is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from rag.documents import Gloss
from rag.entities.cities import cities
from rag.entities.glossary import find_renderings, script_for
from rag.entities.lexicon import WORD, split_forms
from rag.entities.mentions import find_names
from rag.entities.numerals import find_numbers, forms_of, write_number
from rag.entities.periods import find_periods
from rag.languages.registry import of
from rag.text.folding import normalise, script_of

ROUGH, PERIOD, ORDINAL = "rough", "period", "ordinal"  # keys of "hundreds", of a century or a decade, of "nineteenth"
ENDING, OF = "ending", "of"  # keys of what makes digits an ordinal, and of a term
FRACTIONS = ("half", "a_third", "two_thirds", "quarter")  # keys of terms that are numbers too
_TIMES = ("month", "hijri", "weekday")
_ELISION = re.compile("['’]?")

FragmentKind = Literal["name", "time", "number", "term", "unit", "title", "and", "word", "mark"]


class Fragment(NamedTuple):
    """A part of the text: what is shown for it, and for a term its key."""

    kind: FragmentKind
    text: str
    shown: str
    key: str = ""


class _Phrase(NamedTuple):
    words: tuple[str, ...]  # folded
    kind: FragmentKind
    key: str


def find_fragments(text: str, source: str, target: str) -> Iterator[Fragment]:
    """The text from left to right, each part once; articles that are words of their own are left out."""
    kinds = _kinds(text, source)
    rendered = {gloss.start: gloss for gloss in find_renderings(text, source, target)}
    glosses = _ordinals(text, source, target) | _numbers_in_words(text, source, target) | rendered
    articles = normalise(of(source).names.articles).split()
    at = 0
    while at < len(text):
        gloss, word = glosses.get(at), WORD.match(text, at)
        if gloss is not None:
            kind, key = kinds.get(at, ("name", ""))
            yield Fragment(kind, gloss.text, gloss.gloss, key)
            at = gloss.end
        elif at and text[at - 1].isdecimal() and (ending := _ordinal_ending(source).match(text, at)):
            yield Fragment("word", ending.group(), "", ENDING)
            at = ending.end()
        elif word is None:
            yield Fragment("mark", text[at], text[at])
            at += 1
        elif cut := next((place for place in range(at + 1, word.end()) if place in glosses), 0):
            if text[at] == of(source).and_letter:  # the letters before a name: "and", or a preposition
                yield Fragment("and", text[at], "")
            at = cut
        elif normalise(word.group()) in articles:
            at = _ELISION.match(text, word.end()).end()  # type: ignore[union-attr]  # it matches nothing too
        elif script_of(word.group()) == script_for(target) != script_for(source):
            yield Fragment("name", word.group(), word.group())
            at = word.end()
        elif word.group()[0].isdecimal():
            yield Fragment("number", word.group(), normalise(word.group()))
            at = word.end()
        else:
            found = list(_phrase(text, word, source, target))
            yield from found
            at += sum(len(piece.text) for piece in found)


@lru_cache(maxsize=8)
def _ordinal_ending(language: str) -> re.Pattern[str]:
    """What makes the digits before it an ordinal."""
    known = of(language)
    endings = [re.escape(each) + r"(?!\w)" for each in split_forms(known.numbers.ordinal_endings)]
    stop = [r"\.(?=\s+[^\W\d])"] if known.sentences.ordinal_stop else []
    return re.compile("|".join([*endings, *stop]) or "(?!)")


def _kinds(text: str, language: str) -> dict[int, tuple[FragmentKind, str]]:
    """Where times and numbers begin; the others that are rendered are names."""
    kinds: dict[int, tuple[FragmentKind, str]] = {}
    for number in find_numbers(text, language):
        kinds[number.start] = ("number", ROUGH if number.rough else ORDINAL if number.is_ordinal else "")
    for name, start, _ in find_names(text, language):
        kinds[start] = ("time", "") if name.kind in _TIMES else ("name", name.kind)
    return kinds | {period.start: ("time", PERIOD) for period in find_periods(text, language)}


def _ordinals(text: str, source: str, target: str) -> dict[int, Gloss]:
    """Ordinals and decades alone, which no quote is glossed with: in a short answer they are the answer."""
    shown = of(target).numbers
    if shown.write_ordinal is None or shown.write_decade is None or script_for(source) == script_for(target):
        return {}
    numbers = [number for number in find_numbers(text, source) if number.value % 1 == 0]
    after_a_number = {b.start for a, b in pairwise(numbers) if not text[a.end : b.start].strip()}  # 17 ثانية: seconds
    fractions, decades = _folded_forms(source)
    found: dict[int, Gloss] = {}
    for number in numbers:
        words = normalise(text[number.start : number.end])
        if number.is_ordinal and number.start not in after_a_number and words not in fractions:
            write = shown.write_decade if words in decades else shown.write_ordinal
            found[number.start] = Gloss(
                number.start, number.end, text[number.start : number.end], write(int(number.value))
            )
    return found


def _numbers_in_words(text: str, source: str, target: str) -> dict[int, Gloss]:
    """Between languages of one script, whose readers read each other's digits but not "one thousand"."""
    if script_for(source) != script_for(target):
        return {}
    return {
        each.start: Gloss(each.start, each.end, text[each.start : each.end], write_number(each, text, target))
        for each in find_numbers(text, source)
        if not (each.in_digits or each.vague or each.is_ordinal)
    }


@lru_cache(maxsize=8)
def _folded_forms(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """What the tables of ordinals have too: fractions and decades."""
    known = of(language)
    fractions = "|".join(known.terms.get(key, "") for key in FRACTIONS)
    decades = "|".join(known.numbers.decades.values())
    return frozenset(map(normalise, fractions.split("|"))), frozenset(map(normalise, decades.split("|")))


def _phrase(text: str, word: re.Match[str], source: str, target: str) -> Iterator[Fragment]:
    """The longest phrase of the tables that begins with a word, or the word alone."""
    for form, dropped in forms_of(normalise(word.group()), source):
        for phrase in _phrases(source).get(form, ()):
            end = _end_of(phrase, text, word)
            if phrase.kind == "name" and not _is_spelt(phrase, text[word.start() + dropped : end]):
                continue
            if end and (shown := _shown(phrase, target)):
                starts_with_and = dropped and word.group()[0] == of(source).and_letter
                if starts_with_and:
                    yield Fragment("and", word.group()[0], "")
                yield Fragment(phrase.kind, text[word.start() + bool(starts_with_and) : end], shown, phrase.key)
                return
    says_of = any(phrase.key == OF for phrase in _phrases(source).get(normalise(word.group()), ()))
    yield Fragment("word", word.group(), "", OF if says_of else "")


def _is_spelt(phrase: _Phrase, written: str) -> bool:
    """Whether a city's name is written as its own: جدة is Jeddah, جده is his grandfather, and السيول are floods."""
    return written[-1:] == phrase.key[-1] and written[:2] == phrase.key[:2]


def _end_of(phrase: _Phrase, text: str, first: re.Match[str]) -> int:
    """Where the phrase ends in the text; 0 where its other words do not follow."""
    end = first.end()
    for wanted in phrase.words[1:]:
        word = re.compile(r"[\s-]*").match(text, end)
        following = WORD.match(text, word.end() if word else end)
        if following is None or normalise(following.group()) != wanted:
            return 0
        end = following.end()
    return end


@lru_cache(maxsize=8)
def _phrases(language: str) -> dict[str, list[_Phrase]]:
    """First folded word -> phrases, the longest first."""
    known = of(language)
    tables: tuple[tuple[FragmentKind, dict[str, str]], ...] = (
        ("term", dict(known.terms)),
        ("unit", dict(known.units)),
        ("title", dict(known.titles)),
        ("name", {form: form for form in (cities("en") if known.script == "arab" else ())}),
    )
    phrases: dict[str, list[_Phrase]] = {}
    for kind, table in tables:
        for key, forms in table.items():
            for form in split_forms(forms):
                words = tuple(normalise(match.group()) for match in WORD.finditer(form))
                if words:
                    phrases.setdefault(words[0], []).append(_Phrase(words, kind, key))
    for choices in phrases.values():
        choices.sort(key=lambda phrase: -len(phrase.words))
    return phrases


def _shown(phrase: _Phrase, target: str) -> str:
    known = of(target)
    if phrase.kind == "name":
        return cities(target)[phrase.key]
    table = {"term": known.terms, "unit": known.units, "title": known.titles}[phrase.kind]
    return table.get(phrase.key, "")
