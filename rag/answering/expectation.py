"""What kind of thing a question asks for, where its own words say so: a country, a language, a time, a number.

A sentence that holds such a thing answers better than one that only talks about it, and the thing itself is what the
reader wants to see marked. Only plain interrogatives count: a question that names no kind expects none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from rag.documents import Span
from rag.entities.mentions import find_names
from rag.entities.numerals import find_numbers
from rag.text.folding import normalise

Kind = Literal["country", "language", "time", "number"]
SEVERAL = 3  # how many a sentence should hold to satisfy a question in the plural


class Expectation(NamedTuple):
    """What is asked for, and how many make a full answer."""

    kind: Kind
    wanted: int

    def met(self, found: int) -> float:
        """Share of the wanted number that a sentence holds, 0 to 1."""
        return min(found / self.wanted, 1.0)


# matched in the folded question (rag.text.folding.normalise): lower case, no accents, Arabic letters unified
_CUES: dict[str, dict[Kind, str]] = {
    "en": {
        "country": r"\b(which|what)\b.{0,30}\b(countr(y|ies)|nations?|states)\b",
        "language": r"\b(which|what)\b.{0,20}\blanguages?\b",
        "time": r"\bwhen\b|\b(which|what)\b.{0,12}\b(year|date|month|day|century|decade)\b",
        "number": r"\bhow (many|much|old|tall|far|long|large|big|high|wide|deep)\b"
        r"|\bwhat\b.{0,20}\b(number|percent(age)?|population|share|amount)\b",
    },
    "fr": {
        "country": r"\bquel(le)?s?\b.{0,20}\b(pays|etats|nations?)\b",
        "language": r"\bquel(le)?s?\b.{0,20}\blangues?\b",
        "time": r"\bquand\b|\bquel(le)?s?\b.{0,12}\b(annee|date|mois|jour|siecle)\b",
        "number": r"\bcombien\b|\bquel(le)?s?\b.{0,20}\b(nombre|pourcentage|population|part|montant)\b",
    },
    "ar": {
        "country": r"\b(ما|اي|اية|من)\b.{0,12}(دوله|دول|بلدان|بلد)\b",
        "language": r"\b(ما|اي|باي)\b.{0,12}(لغه|لغات)",
        "time": r"\bمتي\b|\b(اي|ما)\b.{0,8}(عام|سنه|شهر|يوم|تاريخ|قرن)\b",
        "number": r"\b(كم|بكم)\b|\bما\b.{0,8}(عدد|نسبه)\b",
    },
    "es": {
        "country": r"\bque\b.{0,12}\b(pais(es)?|naciones)\b",
        "time": r"\bcuando\b|\bque\b.{0,8}\b(ano|fecha|mes|dia|siglo)\b",
        "number": r"\bcuant[oa]s?\b",
    },
    "de": {
        "country": r"\bwelche[srnm]?\b.{0,12}\b(land|lander|landern|staaten)\b",
        "time": r"\bwann\b|\bwelche[srnm]?\b.{0,8}\b(jahr|datum|monat|tag)\b",
        "number": r"\bwie ?viele?\b",
    },
}
_PATTERNS = {
    language: {kind: re.compile(pattern) for kind, pattern in cues.items()} for language, cues in _CUES.items()
}
_PLURAL = re.compile(
    r"\b(countries|nations|states|languages|quels\b.*\bpays|etats|langues|paises|naciones|lander|landern|staaten)\b"
    r"|دول\b|بلدان|لغات"
)
_TIMES = ("month", "hijri", "weekday")


def expectation_of(question: str, language: str) -> Expectation | None:
    """The first kind whose interrogative the question holds; None for most questions."""
    folded = normalise(question)
    for kind, pattern in _PATTERNS.get(language, {}).items():
        if match := pattern.search(folded):
            several = kind in ("country", "language") and _PLURAL.search(match.group())
            return Expectation(kind, SEVERAL if several else 1)
    return None


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
