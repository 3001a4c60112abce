"""Text cut into sentences, as spans of the text.

Rules, not a model: every stop, exclamation or question mark and every line break is a candidate, and the characters
around it decide. One pass over the text; no rule looks further than a few words back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.documents import Span

_CLOSERS = r"[\"'”’»›)\]}＂」』）】］〉》]"
_CANDIDATE = re.compile(
    rf"(?P<stop>[.!?؟۔…。！？｡।॥։።]+)(?:\s?{_CLOSERS}(?!\w))*"
    r"|(?P<line>[^\S\n\r]*(?:\r\n|\n|\r)\s*)"
)
_ALWAYS = frozenset("。！？｡।॥۔։።")
_ARABIC = "\u0620-\u064a\u0671-\u06d3"
_LAST_WORD = re.compile(r"[^\s\"'“”«»()\[\]{}،؛,;:؟!?]*$")
_NEXT_WORD = re.compile(r"\s*[\"'“‘«‹(\[{¿¡「『（\-–—*•]*\s*([^\W_]*)")
_LIST_MARK = re.compile(r"(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,4})$")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Followed by a name, a number or more of the same sentence: never the end.
_OPENING = _set(
    """
    mr mrs ms mm mme mmes mlle mlles m dr drs pr prof me st ste ss sr sra srta rev hon gov gen lt col sgt cpl
    capt cmdr adm maj pres sen rep messrs no nos nr n° vol fig figs p pp art arts al cf vs v e.g i.e eg ie viz
    approx ca p.ex ex c.-à-d z.b d.h u.a bzw ggf vgl dott sig ing arq av blvd bd tel tél د أ م أ.د ا.د أ.م م.م ص
    ج ط ت رقم
    """
)
# May end a sentence: only what follows tells.
_ENDING = _set(
    """
    etc inc ltd co corp jr sr bros dept est univ a.m p.m am pm u.s u.k u.n e.u usw etw
    """
)
_MONTHS = _set(
    """
    jan feb mar apr jun jul aug sep sept oct nov dec janv févr fév avr juil sept oct nov déc
    """
)
_STARTERS = _set(
    """
    the a an in on at it he she they we i but and this that these those there however when while after before
    his her its their for as with if le la les il elle ils elles un une en dans mais ce cette ces
    """
)
LONG_SENTENCE_WORDS = 40
_SEMICOLON = re.compile(r"؛")


def split_sentences(text: str, language: str = "und") -> list[Span]:
    """Sentences in order, trimmed of white space; together they hold every character that is not white space.

    ``language`` decides what script and shape leave open, such as German ordinals. Linear in the text's length.
    """
    spans = []
    start = 0
    for end in [*_boundaries(text, language), len(text)]:
        if span := _trimmed(text, start, end):
            spans.append(span)
        start = end
    return spans


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return Span(start + left, start + right) if right > left else None


def _boundaries(text: str, language: str) -> Iterator[int]:
    for match in _CANDIDATE.finditer(text):
        if match["line"] is not None:
            if _breaks_at_line(text, match):
                yield match.end()
        elif _ends_at_stop(text, match, language):
            yield match.end()


def _breaks_at_line(text: str, match: re.Match[str]) -> bool:
    if match[0].count("\n") > 1 or match[0].count("\r\r"):
        return True
    following = text[match.end() : match.end() + 1]
    return not following.islower()


def _ends_at_stop(text: str, match: re.Match[str], language: str) -> bool:
    stop, end = match["stop"], match.end()
    if not _ALWAYS.isdisjoint(stop):
        return True
    following = text[end : end + 1]
    previous = _LAST_WORD.search(text, max(0, match.start() - 40), match.start())
    word = previous[0] if previous else ""
    if following and not following.isspace():
        return _runs_together(text, word, match)
    next_match = _NEXT_WORD.match(text, end, end + 60)
    next_word = next_match[1] if next_match else ""
    if next_word[:1].islower():
        return False
    if stop == ".":
        return not _is_abbreviation(text, word, next_word, match.start(), language)
    return True


def _runs_together(text: str, word: str, match: re.Match[str]) -> bool:
    following = text[match.end()]
    if len(word) < 2 or "." in word or "/" in word or "@" in word:
        return False
    if "\u0620" <= following <= "\u06d3":
        return following.isalpha() and word not in _OPENING
    if match["stop"] != "." or match.end() > match.end("stop"):
        return following.isupper()
    return word[-2:].islower() and following.isupper() and text[match.end() + 1 : match.end() + 2].islower()


def _is_abbreviation(text: str, word: str, next_word: str, stop: int, language: str) -> bool:
    lowered = word.lower()
    if lowered in _OPENING or (lowered in _MONTHS and next_word.isdigit()):
        return True
    if "." in word or lowered in _ENDING:
        return next_word.lower() not in _STARTERS and bool(next_word) and not next_word[0] >= "\u0600"
    if len(word) == 1 and word.isalpha() and (word.isupper() or word >= "\u0600"):
        return word not in ("م", "ه")
    if word.isdigit() and len(word) <= 3:
        begins_line = text[max(0, stop - len(word) - 1) : stop - len(word)] in ("", "\n", "\r")
        return begins_line or (language in ("de", "tr", "da", "no", "cs", "hu", "fi") and len(word) <= 2)
    return False
