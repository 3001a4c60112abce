"""Names of people in Arabic letters, as their sound is written in Latin ones: بشار الأسد is Bashar al-Assad.

Arabic leaves short vowels out, so the letters alone give محمد as "mhmd". Common names come from a table
(``assets/people.tsv``); the others are spelt letter by letter (``spells`` in the reader's language file), with a vowel
put wherever consonants could not be said together. What comes out is near the name and seldom its spelling: whoever
shows it says so.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.languages.language import Table
from rag.languages.registry import of
from rag.resources import asset
from rag.text.folding import normalise

_DEFAULT = "en"  # as whose readers expect it where the reader's own language does not say
_MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")
_ARTICLE = "ال"
_VOWELS = "اآأإىوية"  # heard as such between consonants; two of them as consonants before a vowel
_GLIDES = {"و": "w", "ي": "y"}
_NATIVE = re.compile("[حعصضطظذقءؤئثخ]")  # hardly in names from elsewhere, whose g and o are written غ and و
_FOREIGN = {"غ": "g", "و": "o"}
# Consonants that are said together: at the end of a name (Mark, Kent), and at its start where it is foreign (Trump).
_ENDING = re.compile("[رلن][بتدجسزفكقطذشمغ]|م[بف]|رن|ست|كس")
_DIGRAPH = ("تش", "چ")
_STARTING = re.compile("[بتدكغفج][رل]|س[بتكملن]|ش[رتم]")


def is_known(word: str) -> bool:
    """Whether a word is a name of the table, or a part of one."""
    return normalise(word) in _people()


def romanise(word: str, language: str) -> str:
    """One word of a name, for a reader of ``language``; a capital where names have one."""
    if known := _people().get(normalise(word)):
        english, _, french = known.partition("\t")
        return french or english if language == "fr" else english
    bare = _MARKS.sub("", word).replace(*_DIGRAPH)
    if bare.startswith(_ARTICLE) and len(bare) > 4:
        return f"al-{_spelt(bare[2:], language, foreign=False)}"
    return _spelt(bare, language, foreign=_NATIVE.search(bare) is None)


def _spelt(word: str, language: str, foreign: bool) -> str:
    table = of(language).names.spells or of(_DEFAULT).names.spells
    if foreign:
        table = {**table, **_FOREIGN}
    sounds = _voiced([_sound(word, at, table) for at in range(len(word))], word, foreign)
    return re.sub(r"([aeiou])\1{2,}", r"\1\1", "".join(sounds)).capitalize()


def _sound(word: str, at: int, table: Table) -> str:
    """The letters for one letter of a word; empty for one that is not heard."""
    letter, before, after = word[at], word[at - 1 : at], word[at + 1 : at + 2]
    if letter in _GLIDES and (at == 0 or after in tuple("اآأىة")):
        return _GLIDES[letter]
    if letter == "ع" and at > 0 and (before in tuple(_VOWELS) or after in tuple(_VOWELS)):
        return ""
    if (letter == "ا" and before in tuple("أإآ")) or (letter in tuple("أإ") and at == 0 and after in _GLIDES):
        return ""
    if letter == "ه" and at == len(word) - 1 and before not in tuple(_VOWELS):
        return "a"
    return table.get(letter, "")


def _voiced(sounds: list[str], word: str, foreign: bool) -> list[str]:
    """The sounds with an "a" wherever consonants need one: between the first two, and before the last of several."""
    voiced: list[str] = []
    run = 0  # consonants since the last vowel
    for at, sound in enumerate(sounds):
        if not sound:
            continue
        if _is_vowel(sound):
            run = 0
        else:
            pair, last_pair = word[at - 1 : at + 1], word[at - 2 : at]
            starts = run == 1 and not any(map(_is_vowel, voiced)) and not (foreign and _STARTING.fullmatch(pair))
            is_last = not any(sounds[at + 1 :])
            third = run >= 2 and (is_last or not (foreign and _ENDING.fullmatch(last_pair)))
            ends = run == 1 and is_last and voiced[:-1] and not _ENDING.fullmatch(pair)
            if starts or third or ends:
                voiced.append("a")
                run = 0
            run += 1
        voiced.append(sound)
    return voiced


def _is_vowel(sound: str) -> bool:
    return sound[0] in "aeiou"


@lru_cache(maxsize=1)
def _people() -> dict[str, str]:
    """Folded name -> English, and French after a tab where that differs."""
    lines = asset("people.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t", 1) for line in lines if line and not line.startswith("#"))
    return {normalise(arabic): latin for arabic, latin in rows}
