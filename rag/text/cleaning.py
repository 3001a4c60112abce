"""Text made safe to store, quote and show: what cannot be seen or only misleads is taken out, and counted.

Bidi controls and tag characters hide instructions and reverse what a reader sees ("Trojan Source", Boucher and Anderson
2021); zero-width characters break search. What writing needs is kept: the zero-width non-joiner inside Persian words
and after Indic viramas, the joiner inside emoji, the number and verse signs of Arabic.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_AR = "\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08e1\u08e3-\u08ff"
# Marks that suppress a vowel in the scripts of India and its neighbours; a joiner after one changes the letter's shape.
_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2"
_PICTURE = "\u00a9\u00ae\u200d\u20e3\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff"

# What is counted -> the characters it is. Applied in this order; each is taken out.
_REMOVED: Final = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("lone surrogates", "[\ud800-\udfff]"),
        ("control characters", "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"),
        ("bidi controls", "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"),
        ("tag characters", "[\U000e0000-\U000e007f]"),
        (
            "invisible characters",
            "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0d\ufeff"
            "\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e0fff]",
        ),
        ("private or undefined characters", "[\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]"),
        ("invisible characters", f"(?<![{_PICTURE}#*0-9])[\ufe0e\ufe0f]+|(?<=[\ufe0e\ufe0f])[\ufe0e\ufe0f]+"),
        ("zero-width joiners", f"(?<![{_AR}{_VIRAMA}])\u200c+|\u200c+(?![{_AR}\u0900-\u17ff])|(?<=\u200c)\u200c+"),
        ("zero-width joiners", f"(?<![{_PICTURE}{_VIRAMA}])\u200d+|\u200d+(?![{_PICTURE}\u0900-\u17ff])"),
    )
)
# Whether there is anything of the above: most texts have none, and are spared the nine passes.
_ANY_REMOVED = re.compile("|".join([pattern.pattern for _, pattern in _REMOVED[:6]] + ["[\ufe0e\ufe0f\u200c\u200d]"]))
_PRESENTATION = re.compile("[\ufb00-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]+")
_NEWLINE = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ODD_SPACE = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
_SPACE = re.compile(f"[{_ODD_SPACE}][{_ODD_SPACE} ]*| [{_ODD_SPACE} ]+")
_LINE_ENDS = re.compile(" *\n *")
_BLANK_LINES = re.compile("\n{3,}")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Clean text and how many characters of each suspicious kind were taken out or rewritten (zero is left out)."""

    text: str
    counts: Mapping[str, int]


def clean(text: str) -> Cleaned:
    """``text`` in NFC with ``\\n`` lines, plain spaces and nothing invisible. Never raises; idempotent."""
    counts: dict[str, int] = {}
    if not text.isascii():
        text, rewritten = _plain_letters(text)
        if rewritten:
            counts["presentation forms"] = rewritten
        text = unicodedata.normalize("NFC", text)
    text = _NEWLINE.sub("\n", text)
    for kind, pattern in _REMOVED if _ANY_REMOVED.search(text) else ():
        kept = pattern.sub("", text)
        if len(kept) < len(text):
            counts[kind] = counts.get(kind, 0) + len(text) - len(kept)
            text = kept
    return Cleaned(_even_space(unicodedata.normalize("NFC", text)), counts)


def clean_line(text: str) -> str:
    """The same on one line: for titles, names and addresses."""
    return " ".join(clean(text).text.split())


def describe(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The counts as words for a report: ``removed 3 bidi controls``."""
    return tuple(
        f"{'rewrote' if kind == 'presentation forms' else 'removed'} {count} {kind if count > 1 else kind[:-1]}"
        for kind, count in counts.items()
    )


def _plain_letters(text: str) -> tuple[str, int]:
    """Ligatures and shaped letters as plain ones; other compatibility characters (½, ², №) are left as written."""
    rewritten = 0

    def plain(found: re.Match[str]) -> str:
        nonlocal rewritten
        before = found[0]
        after = "".join(map(_plain_letter, before))
        rewritten += sum(1 for char in before if unicodedata.decomposition(char))
        return after

    return _PRESENTATION.sub(plain, text), rewritten


def _plain_letter(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    # A vowel sign by itself decomposes to a space or a tatweel that carries it; in a word it needs neither.
    carried = len(plain) > 1 and plain[0] in " \u0640" and all(map(unicodedata.combining, plain[1:]))
    return plain[1:] if carried else plain


def _even_space(text: str) -> str:
    text = _LINE_ENDS.sub("\n", _SPACE.sub(" ", text))
    return _BLANK_LINES.sub("\n\n", text).strip()
