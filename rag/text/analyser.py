"""Text to keyword terms, with the characters each came from.

Words are folded (:mod:`rag.text.folding`), common words dropped and the rest stemmed: Arabic by light stemming
(:mod:`rag.text.arabic`), other languages by Snowball where it has them. The script of each word picks its stemmer, so a
Latin name inside Arabic text is treated as one. Numbers get one spelling whatever their digits and separators.
Scripts written without spaces become pairs of characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from rag.languages.registry import in_script, of
from rag.text import arabic
from rag.text.folding import Folded, fold
from rag.text.stop_words import is_stop_word

ANALYSER_VERSION = 1

Piece = tuple[str, int, int]  # a term with its range in the folded text
Stem = Callable[[str], str]


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
_VOWELS = "\u0900-\u0963\u0966-\u0dff"  # Indic vowel signs are part of the word, but no letters to `re`
_LETTER = rf"(?:(?![{_ARABIC}{_UNSPACED}])[^\W\d_]|[{_VOWELS}])"
_TOKEN = re.compile(
    r"(?P<grouped>\d{1,3}(?P<mark>[ .,'٬])\d{3}(?:(?P=mark)\d{3})*(?:[.,٫]\d+)?(?!\d))"
    r"|(?P<number>\d+(?:[.,٫]\d+)*)(?:(?:st|nd|rd|th|er|ere|re|e|eme)(?![^\W_]))?"
    rf"|(?P<acronym>(?<![^\W_])(?:{_LETTER}\.)+{_LETTER}\.?(?![^\W_]))"
    rf"|(?P<code>(?<![^\W_]){_LETTER}{{1,5}}-?\d+(?![^\W_]))"
    rf"|(?P<arabic>[{_ARABIC}]+)"
    rf"|(?P<unspaced>[{_UNSPACED}]+)"
    rf"|(?P<word>{_LETTER}+)"
)
_DIGITS = re.compile(r"\d+")

_NO_BREAK = frozenset("\u00a0\u202f\u2009\u2007")  # group in every language


@dataclass(frozen=True, slots=True)
class _Stemmers:
    """How the words of one language's texts are stemmed, by their script; a stop word becomes the empty string."""

    latin: Stem
    arabic: Stem
    other: Stem


def analyse(text: str, language: str) -> list[Term]:
    """The keyword terms of ``text`` in reading order; none for text without letters or digits.

    ``language`` is that of the text as a whole; it settles stemming and the meaning of ``1.000``. Raises nothing.
    """
    folded = fold(text)
    stemmers = _stemmers(language)
    terms = []
    for match in _TOKEN.finditer(folded.text):
        kind, start = match.lastgroup, match.start()
        pieces: Iterable[Piece]
        if kind == "grouped" or kind == "number":
            pieces = _numbers(match, folded, text, language)
        elif kind == "unspaced":
            pieces = _pairs(match[0], start)
        else:
            pieces = [(_word(match, folded, text, stemmers), start, match.end())]
        terms += [Term(piece, *folded.original(first, last)) for piece, first, last in pieces if piece]
    return terms


def _word(match: re.Match[str], folded: Folded, text: str, stemmers: _Stemmers) -> str:
    token = match[0]
    if match.lastgroup == "arabic":
        return stemmers.arabic(token)
    if match.lastgroup != "word":  # an acronym or a code: "U.S." is "US", "F-16" is "F16"
        return token.replace(".", "").replace("-", "")
    if token[0] >= "\u0370":  # past the Latin letters
        return stemmers.other(token)
    if len(token) > 1 and text[slice(*folded.original(*match.span()))].isupper():
        return token  # "US" and "WHO" are neither stop words nor plurals
    return stemmers.latin(token)


def _pairs(run: str, start: int) -> Iterator[Piece]:
    """Overlapping pairs of characters; a lone character stands for itself."""
    for i in range(max(1, len(run) - 1)):
        yield run[i : i + 2], start + i, start + min(i + 2, len(run))


def _numbers(match: re.Match[str], folded: Folded, text: str, language: str) -> Iterator[Piece]:
    """One number without grouping and with a decimal point, or the parts of a date, a list or a version."""
    kind = str(match.lastgroup)
    parts = list(_DIGITS.finditer(match[kind]))
    start, end = match.span(kind)
    if kind == "grouped" and _is_group(match, folded, text, language):
        decimals = ""
        if match[kind][parts[-1].start() - 1] != match["mark"]:
            decimals = "." + parts.pop()[0]
        yield "".join(part[0] for part in parts) + decimals, start, end
    elif len(parts) == 2 and match[kind][parts[0].end()] != " " and not len(parts[0][0]) == len(parts[1][0]) == 4:
        yield f"{parts[0][0]}.{parts[1][0]}", start, end
    else:
        for part in parts:
            yield part[0], start + part.start(), start + part.end()


def _is_group(match: re.Match[str], folded: Folded, text: str, language: str) -> bool:
    mark, groups = match["mark"], of(language).numbers.groups
    if mark == " ":
        first, _ = folded.original(*match.span("mark"))
        return text[first] in _NO_BREAK or " " in groups
    return mark in "'٬" or len(_DIGITS.findall(match[0])) > 2 or mark in groups


@cache
def _stemmers(language: str) -> _Stemmers:
    script = of(language).script
    return _Stemmers(
        latin=_stemmer(of(language).latin_words or language),
        arabic=_stemmer(language if script == "arab" else in_script("arab")[0].code),
        other=_stemmer(language) if script not in ("latn", "arab") else _plain(language),
    )


@cache
def _stemmer(language: str) -> Stem:
    """Folded word to the stem its language gives it; the word itself in a language without a stemmer."""
    algorithm = of(language).stemmer
    if not algorithm:
        return _plain(language)
    stem_word = arabic.stem if algorithm == "light10" else _snowball(algorithm)

    @lru_cache(maxsize=100_000)
    def stem(word: str) -> str:
        return "" if is_stop_word(word, language) else stem_word(word)

    return stem


def _plain(language: str) -> Stem:
    return lambda word: "" if is_stop_word(word, language) else word


def _snowball(algorithm: str) -> Stem:
    import snowballstemmer  # only when there is a word for it

    stem: Stem = snowballstemmer.stemmer(algorithm).stemWord
    return stem
