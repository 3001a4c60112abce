"""Which language a text is in; made for questions of two or three words.

The script decides where one language we know owns it. For those that several share (Latin, Arabic, Cyrillic) three
kinds of evidence add up: the words that hold sentences together, letters, and endings. Each piece counts for one,
shared out among the languages that have it, so "que" says little and "quién" all. A trained model is no better on
questions and worse on the shortest ones, where a single function word is all there is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from rag.languages.registry import in_script, of
from rag.text.folding import scripts_of

_READ_CHARS = 4000  # more tells nothing new

# Han without kana is taken for Chinese.
_BY_SCRIPT = {
    "grek": "el",
    "hebr": "he",
    "kana": "ja",
    "hani": "zh",
    "hang": "ko",
    "deva": "hi",
    "beng": "bn",
    "guru": "pa",
    "gujr": "gu",
    "taml": "ta",
    "telu": "te",
    "knda": "kn",
    "mlym": "ml",
    "sinh": "si",
    "thai": "th",
    "laoo": "lo",
    "mymr": "my",
    "khmr": "km",
    "tibt": "bo",
    "geor": "ka",
    "armn": "hy",
    "ethi": "am",
}
# A character of these says as much as so many letters.
_LETTERS_A_CHARACTER = {"hani": 3, "kana": 2, "hang": 2}
_LONGEST_ENDING = 6
_SHORTEST_ENDED = 5  # letters of a word whose ending counts
_TELLING_LETTERS = 60  # a guess: a sentence or two
_CLEARLY = 2  # likewise
_LETTER_WEIGHT = 0.5
_ENDING_WEIGHT = 0.3
_WORD = re.compile(r"[^\W\d_]+")

Shares = Mapping[str, Mapping[str, float]]


def detect_language(text: str, default: str = "und") -> str:
    """The ISO 639-1 code of the language most of ``text`` is in; ``default`` where nothing tells."""
    text = text[:_READ_CHARS]
    scripts = {code: count * _LETTERS_A_CHARACTER.get(code, 1) for code, count in scripts_of(text).items()}
    script = max(scripts, key=scripts.__getitem__, default="")
    if script in ("hani", "kana"):
        return "ja" if "kana" in scripts else "zh"
    if script in _BY_SCRIPT or not script:
        return _BY_SCRIPT.get(script, default)
    scores = _evidence(text.lower(), script)
    codes = _codes(script)
    if not scores:  # a name alone in Latin letters says nothing
        return default if default in codes or not codes or script == "latn" else codes[0]
    best = max(scores.values())
    leaders = [code for code in codes if scores.get(code, 0) > best - 1e-9]
    return default if default in leaders else leaders[0]


def settle_language(text: str, declared: str) -> str:
    """The language declared, unless ``text`` says enough and is clearly in another; ``und`` where it only denies it.

    Pages are made from templates in another language, and call themselves by it. Among languages of one script, another
    must have twice the evidence, and of a language that nothing is known of here, a text cannot tell that it is not it.
    """
    text = text[:_READ_CHARS]
    scripts = scripts_of(text)
    script, known = next(iter(scripts), ""), of(declared)
    other_script = "arab" in (script, known.script) and bool(script and known.script) and script != known.script
    if sum(scripts.values()) >= _TELLING_LETTERS:
        found = detect_language(text, declared)
        scores = _evidence(text.lower(), script)
        clear = known.function_words and scores.get(found, 0) > _CLEARLY * scores.get(declared, 0)
        if found != "und" and (declared == "und" or other_script or clear):
            return found
    return "und" if other_script and "latn" in (script, known.script) else declared


def _evidence(text: str, script: str) -> dict[str, float]:
    """Points for each language of the script that has any."""
    scores: dict[str, float] = defaultdict(float)
    letters = _tables(script)[1]
    for char, count in Counter(text).items():
        for code, share in letters.get(char, {}).items():
            scores[code] += share * count
    for word, count in Counter(_WORD.findall(text)).items():
        for code, share in _told_by(word, script):
            scores[code] += share * count
    return scores


@lru_cache(maxsize=50_000)  # words come again: of a long article every passage is looked at
def _told_by(word: str, script: str) -> tuple[tuple[str, float], ...]:
    """Points for each language by a word and its endings."""
    words, _, endings = _tables(script)
    told: dict[str, float] = defaultdict(float, words.get(word, {}))
    for length in range(2, _LONGEST_ENDING + 1) if len(word) >= _SHORTEST_ENDED else ():
        for code, share in endings.get(word[-length:], {}).items():
            told[code] += share
    return tuple(told.items())


@cache
def _codes(script: str) -> list[str]:
    return [language.code for language in in_script(script)]


@cache
def _tables(script: str) -> tuple[Shares, Shares, Shares]:
    languages = in_script(script)
    return (
        _shares({language.code: language.function_words.split() for language in languages}, 1),
        _shares({language.code: language.letters for language in languages}, _LETTER_WEIGHT),
        _shares({language.code: language.endings.split() for language in languages}, _ENDING_WEIGHT),
    )


def _shares(marks: Mapping[str, Iterable[str]], weight: float) -> Shares:
    """Each mark's weight, shared out evenly among the languages that have it."""
    owners: dict[str, list[str]] = {}
    for code, group in marks.items():
        for mark in dict.fromkeys(group):
            owners.setdefault(mark, []).append(code)
    return {mark: dict.fromkeys(codes, weight / len(codes)) for mark, codes in owners.items()}
