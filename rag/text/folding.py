"""Text folded for comparison: one spelling for what readers take to be the same word.

Arabic: alef forms and hamza carriers, alef maqsura and ya, ta marbuta and ha become one letter each; vowel signs
and tatweel go; presentation forms and the Persian letters for kaf and ya become the plain ones. Latin, Greek and
Cyrillic: case and accents go. Digits of every script become 0 to 9. The choices for Arabic are those of light
stemming (Larkey, Ballesteros and Connell 2002, "Improving stemming for Arabic information retrieval").

Folding works character by character, so every folded character knows where it came from.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

_ARABIC = {
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ٲ": "ا",
    "ٳ": "ا",
    "ؤ": "و",
    "ئ": "ي",
    "ى": "ي",
    "ی": "ي",
    "ۍ": "ي",
    "ې": "ي",
    "ے": "ي",
    "ۓ": "ي",
    "ک": "ك",
    "ڪ": "ك",
    "ة": "ه",
    "ۀ": "ه",
    "ە": "ه",
    "ہ": "ه",
    "ۂ": "ه",
    "ۃ": "ه",
    "ھ": "ه",
    "ـ": "",
}
_OTHER = {
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "æ": "ae",
    "œ": "oe",
    # One apostrophe, one hyphen and one quotation mark, or "l’armée" and "l'armée" are two words.
    **dict.fromkeys("‘’ʼ＇", "'"),
    **dict.fromkeys("‐‑", "-"),
    **dict.fromkeys("“”„", '"'),
}

# Marks that carry no meaning for search. Those of Indic scripts and of Thai are vowels: they stay.
_DROPPED_MARKS = (
    (0x0300, 0x036F),
    (0x0483, 0x0487),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x08D3, 0x08FF),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
)

# First word of a character's Unicode name -> ISO 15924 code. Kana is told from Han: only Japanese has it.
_SCRIPTS = {
    "ARABIC": "arab",
    "LATIN": "latn",
    "CYRILLIC": "cyrl",
    "GREEK": "grek",
    "HEBREW": "hebr",
    "CJK": "hani",
    "HIRAGANA": "kana",
    "KATAKANA": "kana",
    "HANGUL": "hang",
    "DEVANAGARI": "deva",
    "BENGALI": "beng",
    "GURMUKHI": "guru",
    "GUJARATI": "gujr",
    "TAMIL": "taml",
    "TELUGU": "telu",
    "KANNADA": "knda",
    "MALAYALAM": "mlym",
    "SINHALA": "sinh",
    "THAI": "thai",
    "LAO": "laoo",
    "MYANMAR": "mymr",
    "KHMER": "khmr",
    "TIBETAN": "tibt",
    "GEORGIAN": "geor",
    "ARMENIAN": "armn",
    "ETHIOPIC": "ethi",
    "TIFINAGH": "tfng",
    "SYRIAC": "syrc",
}


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back. ``offsets`` has one entry more than ``text``: the original's length."""

    text: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that ``text[start:end]`` came from; vowel signs after them included.

        A ligature unfolds into several characters, which all come from the one.
        """
        first, last = self.offsets[start], self.offsets[end]
        return first, max(last, self.offsets[end - 1] + 1) if end > start else last


def normalise(text: str) -> str:
    """``text`` folded, without the way back."""
    return text.translate(_TABLE)


def fold(text: str) -> Folded:
    """``text`` folded, with the original offset of every character.

    Raises nothing: lone surrogates, NUL and unassigned characters stay as they are.
    """
    folded = text.translate(_TABLE)
    if len(folded) == len(text) and text.isascii():
        return Folded(folded, tuple(range(len(text) + 1)))
    offsets = [i for i, char in enumerate(text) for _ in _TABLE[ord(char)]]
    return Folded(folded, (*offsets, len(text)))


def script_of(text: str) -> str:
    """The ISO 15924 code, in lower case, of the script most letters are in; ``zyyy`` when there are none."""
    return next(iter(scripts_of(text)), "zyyy")


def scripts_of(text: str) -> dict[str, int]:
    """Letters per script, most frequent first; on a tie the script seen first."""
    counts: Counter[str] = Counter()
    for char, number in Counter(text).items():
        if script := _script(char):
            counts[script] += number
    return dict(counts.most_common())


class _FoldingTable(dict[int, str]):
    """Code point to folded string, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_char(chr(code))
        return folded


_TABLE = _FoldingTable()


def _fold_char(char: str) -> str:
    if _is_dropped(char):
        return ""
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    compatible = unicodedata.normalize("NFKC", char).casefold()
    if "⁄" in compatible:  # "6½" must not read 61/2
        return char
    return "".join(_fold_letter(c) for c in compatible)


def _fold_letter(char: str) -> str:
    if char in _ARABIC:
        return _ARABIC[char]
    if char in _OTHER:
        return _OTHER[char]
    if char == "й":  # its mark is no accent: it makes another letter, which the Russian stemmer needs
        return char
    if _is_dropped(char):
        return ""
    # Decomposing Hangul or kana would break the letter itself, so a mark that is not an accent stops it.
    decomposed = unicodedata.normalize("NFD", char)
    base, marks = decomposed[0], decomposed[1:]
    if not marks or not all(_is_dropped(mark) for mark in marks):
        return char
    return _ARABIC.get(base, _OTHER.get(base, base))


def _is_dropped(char: str) -> bool:
    code = ord(char)
    return any(first <= code <= last for first, last in _DROPPED_MARKS) or unicodedata.category(char) == "Cf"


@cache
def _script(char: str) -> str:
    if not char.isalpha():
        return ""
    name = unicodedata.name(unicodedata.normalize("NFKC", char)[0], "")
    return _SCRIPTS.get(name.split(" ", 1)[0], "zzzz")
