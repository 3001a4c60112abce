"""Arabic words that a question runs together, such as "الولاياتالمتحدة", taken apart by what the articles hold.

A word that no article holds is two where the articles hold both parts. Of several places the one with the commonest
parts is taken: the likeliest of two words drawn by their frequencies, as in word segmentation by a unigram model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final
from unicodedata import combining

from rag.documents import Float32
from rag.text.analyser import analyse

SHORTEST, LONGEST = 3, 40  # letters of a part beside its article, and of a word that may be two: guesses
ARTICLE: Final = "ال"
_WORD: Final = re.compile(rf"[\u0620-\u0652\u066e-\u06d3]{{{2 * SHORTEST},}}")
_UNHELD: Final = "\0"  # no analyser makes such a term

Idf = Callable[[Sequence[str]], Float32]


def separate(text: str, language: str, idf: Idf) -> str:
    """``text`` with a space in each Arabic word that is two. ``idf``: how rare terms are in the index."""
    return _WORD.sub(lambda found: _in_two(found[0], language, idf), text)


def _in_two(word: str, language: str, idf: Idf) -> str:
    whole = _terms(word, language)
    unheld = idf([_UNHELD])[0]
    if not whole or len(word) > LONGEST or idf(whole)[0] < unheld:
        return word
    rarest_sum, best = float("inf"), word
    for at in filter(lambda at: _may_end(word, at), range(SHORTEST, len(word) - SHORTEST + 1)):
        parts = [*_terms(word[:at], language), *_terms(word[at:], language)]  # a stop word has no term
        rarities = idf(parts)
        if parts and rarities.max() < unheld and rarities.sum() < rarest_sum:
            rarest_sum, best = float(rarities.sum()), f"{word[:at]} {word[at:]}"
    return best


def _may_end(word: str, at: int) -> bool:
    shorter = min(len(part.removeprefix(ARTICLE)) for part in (word[:at], word[at:]))
    return shorter >= SHORTEST and not combining(word[at])


def _terms(word: str, language: str) -> list[str]:
    return [term.text for term in analyse(word, language)]
