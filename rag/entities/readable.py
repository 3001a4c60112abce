"""A few words of another language made readable: names, numbers and dates rendered, and the little words between them.

For a short answer, not for a sentence: nothing is translated but what tables know for certain (names of CLDR and of
GeoNames, numbers, prepositions, units, titles). A name that no table has is written by its sound, and the whole then
begins with "≈": it is near, not exact. Ordinary words are left out, as "…", and where they are most of it nothing is
shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rag.entities.fragments import ENDING, FRACTIONS, OF, ORDINAL, PERIOD, ROUGH, Fragment, find_fragments
from rag.entities.glossary import script_for
from rag.entities.lexicon import base_language, split_forms
from rag.entities.romanisation import is_known, romanise
from rag.languages.registry import of
from rag.text.folding import normalise
from rag.text.stop_words import is_stop_word

APPROXIMATE = "≈ "
GAP = "…"
_LONGEST_NAME = 5  # words
_BEFORE_NAMES = ("year", "month", "day", "city", "country")  # "the year 1997", "the city Cairo": the name says it all
_PLACES = ("city", "village", "town", "river", "lake", "mount", "island", "street", "province", "airport", "port")

_SOUND = "sound"  # the key of a name written by its sound
_AFTER = ("last", "next")
_JOINING = ("and", "or", "in")
_DIRECTIONS = ("north", "south", "east", "west", "north_east", "north_west", "south_east", "south_west")
_FEW = re.compile("[3-9]|10")  # of these Arabic has the plural, of more the singular
_COMMA = {True: "، ", False: ", "}  # in Arabic letters, and in others
_MARKS = {True: {",": "،", ";": "؛", "?": "؟"}, False: {"،": ",", "؛": ";", "؟": "?", "٪": "%"}}

_NAMED = frozenset(("name", "time", "number"))


def readable(text: str, text_language: str, reader_language: str, asks_name: bool = False) -> str:
    """The text for a reader of another language; empty where too little can be shown, or it reads like the text.

    ``asks_name``: the question asks for a person or a place, so that words no table has are most likely a name.
    """
    source, target = base_language(text_language), base_language(reader_language)
    if source == target or not script_for(target):
        return ""
    foreign = script_for(source) != script_for(target)
    pieces = _without_repetition(list(find_fragments(text, source, target)))
    if foreign:
        pieces = list(_with_names(pieces, source, target, asks_name))
    kept = [piece for piece in pieces if piece.kind not in ("mark", "and")]
    gaps = sum(piece.kind == "word" for piece in kept)
    same = all(piece.shown.casefold() in ("", piece.text.casefold()) for piece in kept if piece.key != "and")
    named = any(piece.kind in _NAMED or piece.key in FRACTIONS for piece in kept)
    if (same and not foreign) or (gaps and (same or not named or not foreign or 2 * gaps > len(kept))):
        return ""
    written = _joined(_in_order(pieces, target), target)
    if written.casefold() == text.casefold() or not written.strip(f" {GAP}"):
        return ""
    return f"{APPROXIMATE if any(piece.key == _SOUND for piece in kept) else ''}{written}"


def _says(piece: Fragment) -> bool:
    return piece.kind not in ("mark", "and") and piece.key != "and"


def _said(pieces: Sequence[Fragment]) -> list[Fragment]:
    return [piece for piece in pieces if _says(piece)]


def _without_repetition(pieces: list[Fragment]) -> list[Fragment]:
    """Without what the next piece says again: the year before its number, a month by its two names.

    And without what ties a day to its month, and that to its year: "the 21st of June".
    """
    kept: list[Fragment] = []
    for at, piece in enumerate(pieces):
        following = next((each for each in pieces[at + 1 :] if each.text.strip()), None)
        kind = following.kind if following is not None else "mark"
        if piece.key in _BEFORE_NAMES and kind in _NAMED and not (kept and kept[-1].kind == "number"):
            continue
        if _ties_a_date(_said(kept), piece, _said(pieces[at + 1 :])):
            continue
        if piece.key == "from" and kind == "time" and (day := next(reversed(_said(kept)), None)) and day.key == ORDINAL:
            kept[kept.index(day)] = day._replace(shown=re.sub(r"\D+$", "", day.shown))
            continue  # "the 21st of March"
        if len(kept) > 1 and kept[-1].text == "/" and kept[-2].shown == piece.shown:
            kept.pop()
            continue
        kept.append(piece)
    return kept


def _ties_a_date(before: Sequence[Fragment], piece: Fragment, after: Sequence[Fragment]) -> bool:
    kinds = [each.kind for each in before[-2:]]
    following = [each.kind for each in after if each.key != OF][:1]
    if piece.key == ENDING:
        return following == ["time"] or kinds == ["time", "number"]
    return piece.key == OF and [*kinds[-1:], *following] in (["number", "time"], ["time", "number"])


def _with_names(pieces: Sequence[Fragment], source: str, target: str, asks_name: bool) -> Iterator[Fragment]:
    """Runs of words that are most likely a name written by their sound; the others stay words."""
    first = next((piece for piece in pieces if piece.kind == "word"), None)
    if first is not None and len(first.text) > 1 and is_stop_word(normalise(first.text), source):
        pieces = [piece for piece in pieces if piece is not first]  # "it was Abu al-Qasim"
    is_clause = _is_clause(pieces, source)
    before: Fragment | None = None
    for is_run, group in groupby(pieces, key=lambda piece: piece.kind == "word" or piece.text in (" ", "-")):
        run = list(group)
        words = [piece.text for piece in run if piece.kind == "word"]
        by_sound = (
            is_run and words and of(source).script == "arab" and _is_name(words, before, asks_name and not is_clause)
        )
        for at, piece in enumerate(run):
            yield from _by_sound(piece, source, target, at > 0) if by_sound and piece.kind == "word" else (piece,)
        before = next((piece for piece in reversed(run) if piece.text.strip()), before)


def _is_clause(pieces: Sequence[Fragment], source: str) -> bool:
    """Whether the words say something of one another: a stop word is among them, or a preposition between them."""
    words = [at for at, piece in enumerate(pieces) if piece.kind == "word"]
    between = pieces[words[0] : words[-1]] if words else ()
    said = [normalise(pieces[at].text) for at in words]
    return any(len(word) > 1 and is_stop_word(word, source) for word in said) or any(
        piece.kind == "term" and piece.key not in (*_JOINING, *_PLACES) for piece in between
    )


def _is_name(words: Sequence[str], before: Fragment | None, asks_name: bool) -> bool:
    if len(words) > _LONGEST_NAME:
        return False
    known = sum(map(is_known, words))
    with_article = [word.startswith("ال") and not is_known(word) for word in words]
    if sum(with_article) > 1 or (sum(with_article) and not any(map(is_known, words)) and len(words) > 1):
        return False  # رجال الشرطة, العنف المحدود: "the policemen", "limited violence"
    is_titled = (
        before is not None and before.kind == "title" and (before.text[:2] == words[0][:2] or words[0][:2] != "ال")
    )
    is_place = before is not None and before.key in _PLACES
    return asks_name or is_titled or is_place or known > 1 or known == len(words)


def _by_sound(piece: Fragment, source: str, target: str, inside: bool) -> Iterator[Fragment]:
    """A word of a name; "and" before it where it is written onto a word inside one, or onto a name of the table."""
    text, and_letter = piece.text, of(source).and_letter
    if text[:1] == and_letter and (is_known(text[1:]) or (inside and len(text) > 3 and not is_known(text))):
        yield Fragment("and", and_letter, "")
        text = text[1:]
    yield Fragment("name", text, romanise(text, target) or GAP, _SOUND)


def _in_order(pieces: Sequence[Fragment], target: str) -> list[Fragment]:
    """The pieces with adjectives first where the reader's language has them so: "Algerian president", "last May"."""
    ordered: list[Fragment] = []
    for piece in pieces:
        place = next((at for at in range(len(ordered) - 1, -1, -1) if _says(ordered[at])), -1)
        last = ordered[place] if place >= 0 else None
        describes = (piece.key == "people" and last and last.kind == "title") or (
            piece.key in _AFTER and last and last.kind == "time"
        )
        ordered.insert(place if describes and of(target).adjective_first else len(ordered), piece)
    return ordered


def _joined(pieces: Sequence[Fragment], target: str) -> str:
    """The pieces as one line: a gap for words, a comma for "and" in a list."""
    shown: list[str] = []
    last: Fragment | None = None
    for at, piece in enumerate(pieces):
        following = next((each for each in pieces[at + 1 :] if _says(each)), None)
        if _says(piece):
            shown += _between(last, piece, target)
            shown += [" "] if shown and shown[-1][-1:].isalnum() else []
            shown.append(_form(piece, last, following, target))
            last = piece
        elif piece.kind == "mark":
            shown.append(_MARKS.get(script_for(target) == "arab", {}).get(piece.text, piece.text))
        else:
            in_list = last is not None and following is not None and _NAMED.issuperset((last.kind, following.kind))
            shown.append(_COMMA[script_for(target) == "arab"] if in_list else f" {_term('and', target)} ")
    line = re.sub(rf"\s*{GAP}(?:\s*{GAP})*\s*", f" {GAP} ", "".join(shown))
    line = re.sub("[ \t\n]+", " ", re.sub(r"\s+(?=[,،;:%])", "", line))
    for pattern, contracted in of(target).contractions:
        line = re.sub(pattern, contracted, line)
    return re.sub(r",(?:\s*,)+", ",", line).strip(" ,،;؛.:")


def _between(last: Fragment | None, piece: Fragment, target: str) -> list[str]:
    """ "of" after a title without a name ("president of Algeria") or "hundreds"."""
    if last is None:
        return []
    needs_of = (_is_office(last, piece) and last.text[:2] != "ال") or (
        last.key == ROUGH and piece.kind in ("unit", "name")
    )
    return [f" {_term('of', target)} "] if needs_of else []


def _is_office(piece: Fragment, following: Fragment | None) -> bool:
    """Whether it is a title or a direction of what follows: "president of Algeria", "the north of Mali"."""
    if following is None or not (piece.kind == "title" or piece.key in _DIRECTIONS):
        return False
    return following.kind == "name" and following.key not in (_SOUND, "people")


def _without_article(title: str, target: str) -> str:
    """Without that of its last word where articles are written onto words, as Arabic has it before a name."""
    *before, last = title.split()
    article = next((each for each in of(target).articles if last.startswith(each)), "")
    return " ".join([*before, last.removeprefix(article)])


def _form(piece: Fragment, last: Fragment | None, following: Fragment | None, target: str) -> str:
    if piece.kind == "word":
        return GAP
    forms = split_forms(piece.shown)
    if piece.kind == "title" and _is_office(piece, following):
        return _without_article(forms[0], target)
    if piece.kind == "unit" and last is not None and last.kind == "number":
        several = _FEW.fullmatch(last.shown) if script_for(target) == "arab" else last.shown != "1"
        return forms[min(1, len(forms) - 1)] if several else forms[0]
    if piece.key == "from" and last is not None and last.key == ROUGH:
        return _term("of", target) or forms[0]
    if piece.key == "in" and following is not None and following.kind not in ("number", "unit"):
        key = "in_period" if following.key == PERIOD else "in" if following.kind == "time" else "in_place"
        return _term(key, target) or forms[0]
    return forms[0]


def _term(key: str, target: str) -> str:
    return next(iter(split_forms(of(target).terms.get(key, ""))), "")
