"""Text to keyword terms, with the characters each came from.

Words are folded (:mod:`rag.text`), common words dropped and the rest stemmed: Arabic by light stemming in the spirit
of light10 (Larkey, Ballesteros and Connell 2002), other languages by Snowball where it has them. The script of each
word picks its stemmer, so a Latin name inside Arabic text is treated as one. Numbers get one spelling whatever their
digits and separators. Scripts written without spaces become pairs of characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from rag import arabic
from rag.stop_words import stop_words
from rag.text import Folded, fold

ANALYSER_VERSION = 1


@dataclass(frozen=True, slots=True)
class Term:
    """A keyword and where it stands: ``start`` and ``end`` index the text given to :func:`analyse`."""

    text: str
    start: int
    end: int


_ARABIC = "\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06fa-\u06ff"
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"  # kana, Han, Hangul
)
_VOWELS = "\u0900-\u0963\u0966-\u0dff"  # Indic vowel signs are part of the word, but not letters to `re`
_LETTER = rf"(?:(?![{_ARABIC}{_UNSPACED}])[^\W_]|[{_VOWELS}])"
_TOKEN = re.compile(
    rf"(?P<number>(?<![^\W_{_ARABIC}{_UNSPACED}])\d+(?:[.,'٫٬\s]\d+)*)(?P<ordinal>st|nd|rd|th|er|e|eme)?"
    rf"(?![^\W_{_ARABIC}{_UNSPACED}])"
    rf"|(?P<acronym>(?<![^\W_])(?:[^\W\d_]\.){{2,}})"
    rf"|(?P<arabic>[{_ARABIC}]+)"
    rf"|(?P<unspaced>[{_UNSPACED}]+)"
    rf"|(?P<word>{_LETTER}+)"
)

_SNOWBALL = {"en": "english", "fr": "french", "es": "spanish", "de": "german", "it": "italian", "pt": "portuguese"}
_SNOWBALL |= {"nl": "dutch", "ro": "romanian", "ru": "russian"}
_NO_ARABIC_STEMMING = frozenset(("fa", "ur"))
_DOT_GROUPS = frozenset(("de", "es", "it", "pt", "nl", "tr", "ro", "da", "id", "el"))  # 1.000 is a thousand
_COMMA_DECIMALS = _DOT_GROUPS | {"fr", "ru", "uk", "pl", "cs", "sv", "no", "fi", "bg", "hu"}  # 1,5 is one and a half
_SPACE_GROUPS = _COMMA_DECIMALS - _DOT_GROUPS | {"es", "pt"}
_NO_BREAK = frozenset("\u00a0\u202f\u2009\u2007")


def analyse(text: str, language: str) -> list[Term]:
    """The keyword terms of ``text`` in reading order; none for text without letters or digits.

    ``language`` is that of the text as a whole; it settles stemming and the meaning of ``1.000``.
    """
    folded = fold(text)
    stem_latin = _stemmer(language if language in _SNOWBALL else "en")
    terms = []
    for match in _TOKEN.finditer(folded.text):
        for term, start, end in _terms(match, folded, text, language, stem_latin):
            if term:
                terms.append(Term(term, *folded.original(start, end)))
    return terms


def _terms(
    match: re.Match[str], folded: Folded, text: str, language: str, stem: Callable[[str], str]
) -> Iterator[tuple[str, int, int]]:
    kind, token = match.lastgroup, match[0]
    start, end = match.span()
    if kind in ("number", "ordinal"):
        yield from _numbers(match, folded, text, language)
    elif kind == "unspaced":
        for i in range(max(1, len(token) - 1)):
            yield token[i : i + 2], start + i, min(end, start + i + 2)
    elif kind == "arabic":
        yield (_stem_arabic(token) if language not in _NO_ARABIC_STEMMING else token), start, end
    elif kind == "acronym":
        yield token.replace(".", ""), start, end
    elif len(token) > 1 and text[slice(*folded.original(start, end))].isupper():
        yield token, start, end  # "US" and "IT" are neither stop words nor plurals
    else:
        yield stem(token), start, end


def _numbers(match: re.Match[str], folded: Folded, text: str, language: str) -> Iterator[tuple[str, int, int]]:
    start, end = match.span("number")
    yield re.sub(r"\D", "", match["number"]), start, end


def _stem_arabic(word: str) -> str:
    return "" if word in stop_words("ar") else arabic.stem(word)


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    """Folded word to stem, empty for a stop word, remembering what it has seen."""
    import snowballstemmer

    stemmer: Any = snowballstemmer.stemmer(_SNOWBALL[language])
    stop = stop_words(language)

    @lru_cache(maxsize=100_000)
    def stem(word: str) -> str:
        return "" if word in stop else str(stemmer.stemWord(word))

    return stem
