"""Whether what was read is a story at all: not what a server says instead of one, and not letters that mean nothing."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Final

from rag.errors import ArticleError
from rag.languages.registry import LANGUAGES
from rag.text.folding import normalise, scripts_of

# Cautious guesses: pages that are no story are short, and say so in their title or in a whole phrase of their text.
_SHORT_TITLED: Final = 1_500
_SHORT: Final = 700
_PHRASE_WORDS: Final = 3
_STATUS = re.compile(r"(?:http |error |erreur |خطا )*[45]\d\d(?!\w)(?:\W+\w+){0,4}\W*$")
_SAMPLE: Final = 5_000  # characters of a text that are judged
_LEAST_LETTERS: Final = 80  # fewer may be a list of initials
_LEAST_ODD: Final = 12
_MOST_ODD: Final = 0.05  # of the characters that are not white space
_MOST_MIXED: Final = 0.25  # of the words
_LEAST_VOWELS: Final = 0.24  # of Latin letters; languages have 0.35 and more
_LEAST_FREQUENT: Final = 0.3  # of Arabic letters; languages have 0.45 and more
# Names of glyphs, and what stands for letters that were lost on the way.
_NO_LETTER = re.compile(r"/(?:g|cid|glyph|uni|index)[0-9A-Fa-f]{2,}|\(cid:\d+\)|\?{3,}|\ufffd")
_WORD = re.compile(r"[^\W\d_]+")
_TOGETHER: Final = {"hani", "kana", "hang", "zyyy"}  # scripts whose letters stand in one word


def check_story(title: str, text: str) -> None:
    """Raises ArticleError where the text is an error page, a bot check or a wall in front of an article."""
    if len(text) > _SHORT_TITLED:
        return
    heading, said = normalise(title).strip(), normalise(text)
    reasons, phrases = _phrases()
    if (
        _STATUS.match(heading)
        or heading in reasons
        or said.strip(" .") in reasons
        or heading.startswith(phrases)
        or (len(said) < _SHORT and any(phrase in said for phrase in phrases if phrase.count(" ") + 1 >= _PHRASE_WORDS))
    ):
        raise ArticleError(
            "It is no article, but an error page, a bot check or a wall of consent.",
            "Save the page anew, as a browser shows it to you.",
        )


@cache
def _phrases() -> tuple[frozenset[str], tuple[str, ...]]:
    """(what is a whole title, what one begins with), folded."""
    told = (normalise(status.phrase) for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST)
    reasons = frozenset(phrase for phrase in told if " " in phrase or phrase in ("forbidden", "unauthorized"))
    return reasons, tuple(normalise(phrase) for each in LANGUAGES for phrase in each.no_story.split("|") if phrase)


def check_letters(text: str) -> None:
    """Raises ArticleError where the letters of ``text`` are in no language: a font's private codes, or packed data."""
    if are_no_letters(text):
        raise ArticleError(
            "Its letters are in no language: they are the codes of a font, or packed data.",
            "Recognise its text (OCR), or save it again with the program that made it.",
        )


def are_no_letters(text: str) -> bool:
    """Whether no language has letters as these: no letters at all, of several scripts in a word, or hardly a vowel.

    Each letter is judged once, with how often it stands there: this is done for every article.
    """
    sample = text[:_SAMPLE]
    inked = {char: times for char, times in Counter(sample).items() if not char.isspace()}
    odd = sum(map(len, _NO_LETTER.findall(sample))) + sum(
        times for char, times in inked.items() if unicodedata.category(char) in ("Cc", "Cn", "Co")
    )
    letters = Counter(unicodedata.normalize("NFD", normalise(sample)))
    latin, arabic = (
        {char: times for char, times in letters.items() if low <= char <= high and char.isalpha()}
        for low, high in (("a", "z"), ("ء", "ي"))
    )
    return (
        odd > max(_LEAST_ODD, _MOST_ODD * sum(inked.values()))
        or _are_mixed(sample)
        or _are_rare(latin, "aeiouy", _LEAST_VOWELS)
        or _are_rare(arabic, "اليمونرهت", _LEAST_FREQUENT)
    )


def _are_mixed(sample: str) -> bool:
    """Whether many words have letters of several scripts; each of them has one that is not of the commonest."""
    words = [word for word in _WORD.findall(sample) if len(word) > 1]
    most = _MOST_MIXED * len(words)
    apart = [times for script, times in scripts_of(sample).items() if script not in _TOGETHER]
    if len(words) < _LEAST_LETTERS // 4 or sum(apart[1:]) <= most:
        return False
    return sum(len(scripts_of(word).keys() - _TOGETHER) > 1 for word in words) > most


def _are_rare(letters: Mapping[str, int], frequent: str, least: float) -> bool:
    count = sum(letters.values())
    return count >= _LEAST_LETTERS and sum(letters.get(char, 0) for char in frequent) < least * count
