"""What a text speaks of by the words of its language's tables: properties that are measured, events with a contrary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rag.languages.registry import of
from rag.text.folding import normalise


def properties(text: str, language: str) -> set[str]:
    """The measurable properties that a text names, such as ``depth``."""
    return _named(text, _properties(language))


def events(text: str, language: str) -> set[str]:
    """The events of a kind that has a contrary, such as ``birth``."""
    return _named(text, _events(language))


def _named(text: str, patterns: Mapping[str, re.Pattern[str]]) -> set[str]:
    folded = normalise(text)
    return {name for name, words in patterns.items() if words.search(folded)}


@lru_cache(maxsize=8)
def _properties(language: str) -> Mapping[str, re.Pattern[str]]:
    return _patterns(of(language).statements.measures, language)


@lru_cache(maxsize=8)
def _events(language: str) -> Mapping[str, re.Pattern[str]]:
    return _patterns(of(language).statements.events, language)


def _patterns(table: Mapping[str, str], language: str) -> Mapping[str, re.Pattern[str]]:
    """By name, whole words, with what the language writes onto them."""
    known = of(language)
    written_on = "|".join(map(re.escape, (*known.conjunctions, *known.prepositions, *known.articles)))
    before = rf"(?:{written_on})*" if known.conjunctions else ""
    return {name: re.compile(rf"\b{before}(?:{words})\b") for name, words in table.items()}
