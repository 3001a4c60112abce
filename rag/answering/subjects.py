"""The places and years that a question asks about, and whether what was found speaks of them.

Both are told alike in every language: the names by their codes in Unicode CLDR, the years by their digits.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from rag.entities.mentions import Mention, find_names, possible_names
from rag.entities.numerals import find_numbers

_PLACES = ("territory", "place")  # names of the lexicon
_UNIONS = {"UN", "EU", "EZ"}


def is_absent(question: str, language: str, told: Iterable[tuple[str, str]]) -> bool:
    """Whether texts, each with its language, do not mention all that is asked about; read only while one is missing.

    No peoples are asked about, since what is said of a famous Indian need not speak of India; and no round years, which
    stand for decades and for the bounds of a span.
    """
    missing = _named(find_names(question, language), _PLACES)
    missing |= {year for year in _years(question, language) if not year.endswith("0")}
    for text, told_in in told:
        if not missing:
            break
        missing -= _named(possible_names(text, told_in), (*_PLACES, "people")) | _years(text, told_in)
    return bool(missing)


def is_elsewhere(question: str, language: str, words: str, sentence: str, passage: str, told_in: str) -> bool:
    """Whether a sentence, or else its passage, speaks of countries beside those in its marked words, and of none that
    is asked about.

    Of countries only: of a canal is told which seas it joins, and of any country what its delegate says at the UN.
    """
    asked = _countries(find_names(question, language), ("territory",))
    if not asked:
        return False
    in_sentence, in_passage, in_words = (
        _countries(possible_names(text, told_in), ("territory", "people")) for text in (sentence, passage, words)
    )
    spoken_of = in_sentence or in_passage
    return not asked & spoken_of and bool(spoken_of - in_words)


def _countries(mentions: Iterable[Mention], kinds: Container[str]) -> set[str]:
    """The codes of countries. Regions have numbers, and unions codes as countries have."""
    return {code for code in _named(mentions, kinds) if code.isalpha()} - _UNIONS


def _named(mentions: Iterable[Mention], kinds: Container[str]) -> set[str]:
    """The codes of names of the kinds."""
    return {each.name.code for each in mentions if each.name.kind in kinds}


def _years(text: str, language: str) -> set[str]:
    return {str(n.value) for n in find_numbers(text, language) if n.in_digits and 1000 <= n.value <= 2100}
