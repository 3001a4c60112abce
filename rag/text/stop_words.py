"""Words too common to search for, by language.

Short lists on purpose: a word that can be part of a name or of an answer is worth more in the index than out of it.
"""

from __future__ import annotations

from functools import cache

from rag.languages.registry import of
from rag.text.folding import normalise


@cache
def stop_words(language: str) -> frozenset[str]:
    """The stop words of ``language``, folded; empty for a language without a list."""
    return frozenset(normalise(of(language).stop_words).split())


def is_stop_word(word: str, language: str) -> bool:
    """Whether a folded word is one, alone or with the letter for "and" written onto it."""
    stop, and_letter = stop_words(language), of(language).and_letter
    return word in stop or (bool(and_letter) and word[:1] == and_letter and word[1:] in stop)
