"""Whether two words, in Arabic or Latin letters, are one name by sound: "Touré" and توري, "Bouteflika" and بوتفليقة.

Words become strings of sounds and are aligned with weighted edits (after Zobel and Dart 1996, "Phonetic string
matching", with the classes that transliteration between the two scripts confuses): vowels, h, w, y and ʿayn cost
little, kindred sounds (g, j, q; s, z, sh; t, d; f, v, b) cost a part, others the whole.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from rag.text.folding import normalise, script_of

# Longest first: what is written -> the sound. V is any vowel, A is ʿayn, x is kh, X is sh or ch.
_LATIN = {
    "tch": "X", "sch": "X", "zh": "J",
    "dj": "J", "kh": "x", "gh": "G", "ch": "X", "sh": "X", "th": "T", "dh": "D", "ph": "F",
    "ck": "K", "qu": "K", "gu": "G", "oo": "V", "ou": "V", "x": "KS", "b": "B", "p": "B", "v": "F", "f": "F", "w": "W",
    "t": "T", "d": "D", "j": "J", "g": "G", "k": "K", "q": "K", "c": "K", "s": "S", "z": "Z", "h": "H", "r": "R",
    "l": "L", "m": "M", "n": "N", "y": "Y", "a": "V", "e": "V", "i": "V", "o": "V", "u": "V", "ce": "SV", "ci": "SV",
    "cy": "SV", "ge": "JV", "gi": "JV", "'": "", "ts": "S",
}  # fmt: skip
_ARABIC = {
    "تش": "X", "ب": "B", "پ": "B", "ت": "T", "ط": "T", "ث": "T", "ج": "J", "چ": "X", "ح": "H", "ه": "H", "خ": "x",
    "د": "D", "ض": "D", "ذ": "D", "ظ": "Z", "ر": "R", "ز": "Z", "س": "S", "ص": "S", "ش": "X", "ع": "A", "غ": "G",
    "ف": "F", "ڤ": "F", "ق": "K", "ك": "K", "گ": "G", "ل": "L", "م": "M", "ن": "N", "و": "W", "ي": "Y", "ا": "V",
    "كس": "KS",
}  # fmt: skip
_PIECES = {
    "latn": (re.compile("|".join(sorted(_LATIN, key=len, reverse=True))), _LATIN),
    "arab": (re.compile("|".join(sorted(_ARABIC, key=len, reverse=True))), _ARABIC),
}
# Letters that are written and not said: Hughes, Knight, Wright, Psy, Combs; and at the end of French names.
_SILENT = re.compile(r"gh(?=t|e?s?$)|(?<=m)b(?=s?$)|^k(?=n)|^p(?=[sf])|^w(?=r)")
_SILENT_END = re.compile(r"(?<=\w{3})(?:l?[tdxpz]s?|(?<=[^s])s)$")
_LIGHT = {"V": 0.15, "H": 0.25, "A": 0.2, "W": 0.35, "Y": 0.3}
_CONFUSED = {
    0.1: ("VW", "VY", "VA"),
    0.25: ("VH", "AH", "GJ", "Kx"),
    0.35: (
        "GK", "JK", "Gx", "Jx", "SZ", "SX", "TD", "DZ", "FB", "WF", "WB",
        "Xx", "XK", "JX", "JZ", "JY", "GH", "xH", "WY",
    ),
    0.5: ("TS", "KS", "TX"),
    0.7: ("NM", "RL"),
}  # fmt: skip
_SWAP = {pair: cost for cost, pairs in _CONFUSED.items() for p in pairs for pair in (p, p[::-1])}


def _least_costs() -> dict[str, float]:
    """What leaving a sound out costs at least, be it first taken for others: 1 for those not named."""
    least = {sound: _LIGHT.get(sound, 1.0) for pair in _SWAP for sound in pair} | _LIGHT
    for _ in least:
        for pair, cost in _SWAP.items():
            least[pair[0]] = min(least[pair[0]], cost + least[pair[1]])
    return least


_LEAST = _least_costs()


@lru_cache(maxsize=20_000)
def sounds(word: str) -> str:
    """The sounds of a word of one script, doubled ones once; empty for other scripts than Arabic and Latin."""
    folded = re.sub("^x", "sh", normalise(word))  # Xi, Xining
    pieces, table = _PIECES.get(script_of(folded), (None, {}))
    if pieces is None:
        return ""
    return re.sub(r"(.)\1+", r"\1", "".join(table[m.group()] for m in pieces.finditer(folded)))


@lru_cache(maxsize=20_000)
def readings(word: str) -> tuple[str, ...]:
    """The sounds of a word, as in Spanish too, and without what may be silent in it; none for other scripts."""
    folded = normalise(word)
    spanish = folded.replace("ll", "y")  # Villarreal, Mallorca: فياريال, مايوركا
    written = (folded, spanish, *(silent.sub("", folded) for silent in (_SILENT, _SILENT_END)))
    return tuple(dict.fromkeys(filter(None, map(sounds, written))))


def distance(first: str, second: str, most: float = math.inf) -> float:
    """How far two sound strings are apart: the cost of the edits per consonant of the longer, 0 when they agree.

    From ``most`` on it is not worked out to its end: what is returned then is beyond ``most`` all the same, since the
    least cost of a row never falls, and two strings are no nearer than what all sounds of each cost at least.
    """
    longer = max(_weight(first), _weight(second), 1.0)
    if abs(_least_weight(first) - _least_weight(second)) > most * longer + 1e-9:
        return math.inf
    row = [0.0]
    for sound in second:
        row.append(row[-1] + _LIGHT.get(sound, 1.0))
    for sound in first:
        before, row = row, [row[0] + _LIGHT.get(sound, 1.0)]
        for i, other in enumerate(second):
            swap = before[i] + (0.0 if sound == other else _SWAP.get(sound + other, 1.2))
            row.append(min(swap, before[i + 1] + _LIGHT.get(sound, 1.0), row[i] + _LIGHT.get(other, 1.0)))
        if min(row) > most * longer:
            return math.inf
    return row[-1] / longer


@lru_cache(maxsize=20_000)
def _weight(said: str) -> float:
    return sum(0.4 if sound in _LIGHT else 1.0 for sound in said)


@lru_cache(maxsize=20_000)
def _least_weight(said: str) -> float:
    return sum(_LEAST.get(sound, 1.0) for sound in said)
