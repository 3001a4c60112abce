"""What kind of thing a question asks for, where its own words say so: a country, a language, a time, a number.

A sentence that holds such a thing answers better than one that only talks about it, and the thing itself is what
should be marked. Only plain interrogatives count: a question that names no kind expects none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.documents import Span
from rag.entities.mentions import find_names
from rag.entities.numerals import find_numbers
from rag.languages.language import Kind
from rag.languages.registry import of
from rag.text.folding import normalise

SEVERAL = 3  # how many a sentence should hold to satisfy a question in the plural: a guess


class Expectation(NamedTuple):
    """What is asked for, and how many make a full answer."""

    kind: Kind
    wanted: int

    def met(self, found: int) -> float:
        """Share of the wanted number that a sentence holds, 0 to 1."""
        return min(found / self.wanted, 1.0)


_WRITTEN_ON = 3  # letters before a name that are no word of their own: "in ", بال
_TIMES = ("month", "hijri", "weekday")


def expectation_of(question: str, language: str) -> Expectation | None:
    """The first kind whose interrogative the question holds; None for most questions."""
    folded = normalise(question)
    plural = of(language).statements.asks_several
    for kind, pattern in of(language).statements.asks.items():
        if match := re.search(pattern, folded):
            several = plural and kind in ("country", "language") and re.search(plural, match.group())
            return Expectation(kind, SEVERAL if several else 1)
    return None


def asks_for_name(question: str, language: str) -> bool:
    """Whether what is asked for has a name of its own: a person, a place, a work."""
    pattern = of(language).statements.asks_name
    return bool(pattern) and re.search(pattern, normalise(question)) is not None


def names_only_a_country(words: str, language: str) -> bool:
    """Whether words are a country's name and hardly more: what a question for a city is not answered by."""
    named = [each for each in find_names(words, language) if each.name.kind == "territory"]
    return len(named) == 1 and len(words.strip()) - (named[0].end - named[0].start) <= _WRITTEN_ON


def asks_for_city(question: str, language: str) -> bool:
    """Whether a city, a town or a village is asked for."""
    pattern = of(language).statements.asks_city
    return bool(pattern) and re.search(pattern, normalise(question)) is not None


def find_expected(kind: Kind, text: str, language: str) -> list[Span]:
    """Where ``text`` holds things of the kind, in order."""
    return sorted(_found(kind, text, language), key=lambda span: span.start)


def _found(kind: Kind, text: str, language: str) -> Iterator[Span]:
    if kind in ("number", "time"):
        for number in find_numbers(text, language):
            if not number.vague and (kind == "number" or (number.in_digits and 1000 <= number.value <= 2100)):
                yield Span(number.start, number.end)
    if kind == "number":
        return
    wanted = {"country": ("territory",), "language": ("language", "people"), "time": _TIMES}[kind]
    for mention in find_names(text, language):
        if mention.name.kind in wanted:
            yield Span(mention.start, mention.end)
