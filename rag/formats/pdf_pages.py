"""The text of one PDF page in reading order, from pypdf.

Latin pages are taken as pypdf gives them, which is in the order they were written. Pages of Arabic or Hebrew
are taken by position instead (pypdf's layout mode, its glyphs put in the order of their places first): producers write
such runs in either order, but all draw them alike. Their lines, drawn left to right, are then put back into the order
they are read: the inverse of the reordering of the Unicode bidirectional algorithm (UAX 9, rules L2 and L4) for the
levels that news has, right-to-left text with Latin words and numbers in it, or the other way round.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from typing import Any, Final

from rag.formats.drawing_order import GlyphWidths, from_the_left
from rag.formats.pdf_fonts import fonts_of

# A glyph of several letters (lam-alef, the name of God) must be turned round as one: until then it is one character
# of the private planes, and the letters it stands for are put in afterwards.
_FIRST_STAND_IN: Final = 0x100000
_GLYPHS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_GLYPH = re.compile(rb"(<[0-9A-Fa-f]+>\s*)<((?:[0-9A-Fa-f]{4}){2,8})>")
# Where the font changes before a comma or a full stop, pypdf sees a gap.
_STRAY_SPACE = re.compile(r"(?<=\w) +(?=[,.](?:\s|$))")
# Some programs draw vowel signs on a line of their own; with no letter before it a sign cannot be read.
_LONE_SIGN = re.compile(r"(?<!\S)[\u064b-\u0652\u0670]+")
_ARTICLE = re.compile(r"(?<!\w)[وبفك]?ال\w\w")
_ARTICLE_TURNED = re.compile(r"\w\wلا[وبفك]?(?!\w)")
# A pair may begin on one line and end on the next. Text between two pairs looks turned round, but pairs are one more.
_BRACKETS = re.compile(r"\([^()]{0,300}\)|«[^«»]{0,300}»")
_BRACKETS_TURNED = re.compile(r"\)[^()]{0,300}\(|»[^«»]{0,300}«")
_GAP: Final = re.compile(r"(?<=\S) {3,}(?=\S)")

_RIGHT: Final = (
    "\u0590-\u05ff\u0608\u060b\u060d\u061b-\u065f\u066d-\u06dc\u06de-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00100000-\U0010fffd"  # what stands for ligatures here
)
_LEFT: Final = "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u02b8\u0370-\u058f\u0900-\u1fff\u2c00-\u2dff\u3040-\u9fff\uac00-\ud7ff"
_DIGIT: Final = "0-9\u0660-\u0669\u06f0-\u06f9"
# A percent sign is drawn on either side, by what stands before its number (rules W2 and W5); it is read after it.
_NUMBER: Final = f"[{_DIGIT}]+(?:[.,:/\u060c\u066b\u066c][{_DIGIT}]+)*[%\u066a\u2030]?"
_RIGHT_CHAR = re.compile(f"[{_RIGHT}]")
_LEFT_CHAR = re.compile(f"[{_LEFT}]")
# What keeps its order inside right-to-left text: Latin words with all between them, and numbers.
_KEPT = re.compile(f"(?:{_NUMBER})?[{_LEFT}](?:[^{_RIGHT}]*[{_LEFT}{_DIGIT}])?|{_NUMBER}|.", re.DOTALL)
_RIGHT_RUN = re.compile(f"[{_RIGHT}](?:[^{_LEFT}]*[{_RIGHT}])?")
MIRRORED: Final = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


def page_text(page: Any) -> str:
    """The page's lines. A page's columns follow one another."""
    text: str = page.extract_text()
    if not is_right_to_left(text):
        return _STRAY_SPACE.sub("", text)
    letters = _stand_in_for_ligatures(page)
    _draw_from_the_left(page)
    drawn = "\n".join(_column_by_column(page.extract_text(extraction_mode="layout").split("\n")))
    read = _with_brackets(logical_order(drawn))
    return _LONE_SIGN.sub("", (drawn if _is_backwards(read) else read).translate(letters))


def _with_brackets(text: str) -> str:
    """Some programs name a bracket by how it is drawn, others by its meaning: as most pairs of the page have it."""
    inside_out = len(_BRACKETS_TURNED.findall(text)) > len(_BRACKETS.findall(text))
    return text.translate(MIRRORED) if inside_out else text


def _is_backwards(text: str) -> bool:
    """Whether more words end in the Arabic article turned round than begin with it.

    Programs that know nothing of Arabic draw its letters from the left: it looks wrong, and is in order already.
    """
    return len(_ARTICLE_TURNED.findall(text)) > len(_ARTICLE.findall(text))


def _stand_in_for_ligatures(page: Any) -> dict[int, str]:
    """Changes the page's fonts in memory; returns the letters of each stand-in."""
    from pypdf.generic import DecodedStreamObject, NameObject

    letters: dict[int, str] = {}

    def stand_in(found: re.Match[bytes]) -> bytes:
        text = bytes.fromhex(found[2].decode()).decode("utf-16-be", errors="replace")
        if not has_right_to_left(text):
            return found[0]
        code = _FIRST_STAND_IN + len(letters)
        letters[code] = text
        return found[1] + b"<" + chr(code).encode("utf-16-be").hex().encode() + b">"

    for _, font in fonts_of(page):
        if "/ToUnicode" in font:
            table = font["/ToUnicode"].get_data()
            stream = DecodedStreamObject()
            stream.set_data(_GLYPHS.sub(lambda block: _GLYPH.sub(stand_in, block[0]), table))
            font[NameObject("/ToUnicode")] = stream
    return letters


def _draw_from_the_left(page: Any) -> None:
    """Changes the page's contents in memory."""
    from pypdf.generic import ContentStream, NameObject

    widths = {}
    for name, font in fonts_of(page):
        with suppress(KeyError, TypeError, ValueError, IndexError):  # what a damaged font draws stays where it is
            widths[name] = GlyphWidths.of(font)
    contents = ContentStream(page["/Contents"].get_object(), page.pdf, "bytes")
    contents.operations = from_the_left(contents.operations, widths)
    page[NameObject("/Contents")] = contents


def _column_by_column(lines: list[str]) -> list[str]:
    """Lines drawn side by side put one under the other, the right column first.

    A gutter is a place in the line where most lines have a gap of three spaces or more. A line without a gap there,
    such as a headline, stands between what is above and below it; so does what an empty line parts from the columns.
    """
    gutter = _gutter(lines)
    if not gutter:
        return lines
    top = _columns_begin(lines, gutter)
    done, right, left = lines[:top], list[str](), list[str]()
    for line in lines[top:]:
        if line[gutter - 1 : gutter + 1].strip():
            done += [*_column_by_column(right), *_column_by_column(left), line]
            right, left = [], []
        else:
            right.append(line[gutter:])
            left.append(line[:gutter])
    return done + _column_by_column(right) + _column_by_column(left)


def _columns_begin(lines: list[str], gutter: int) -> int:
    """The line after the last empty one above the first that has text in both columns."""
    both = (at for at, line in enumerate(lines) if line[:gutter].strip() and line[gutter:].strip())
    first = next(both, 0)
    return max((at + 1 for at in range(first) if not lines[at].strip()), default=0)


def _gutter(lines: list[str]) -> int:
    """The character at which a gutter runs, 0 where the page has one column."""
    gaps: Counter[int] = Counter()
    for line in lines:
        for gap in _GAP.finditer(line):
            gaps.update(range(gap.start() + 1, gap.end()))
    if not gaps:
        return 0
    place, count = max(gaps.items(), key=lambda item: (item[1], -item[0]))
    return place if count >= 5 and 2 * count > sum(bool(line.strip()) for line in lines) else 0


def has_right_to_left(text: str) -> bool:
    """Whether any letter of ``text`` is written from right to left."""
    return _RIGHT_CHAR.search(text) is not None


def logical_order(page: str) -> str:
    """The page's lines in reading order. The page's majority decides where a line begins; lines all Latin stay."""
    right_page = is_right_to_left(page)
    return "\n".join(_logical(line, right_page or is_right_to_left(line)) for line in page.split("\n"))


def is_right_to_left(text: str) -> bool:
    """Whether most letters of ``text`` are."""
    return len(_RIGHT_CHAR.findall(text)) > len(_LEFT_CHAR.findall(text))


def _logical(line: str, begins_right: bool) -> str:
    if not has_right_to_left(line):
        return line
    return _turned(line) if begins_right else _RIGHT_RUN.sub(lambda run: _turned(run[0]), line)


def _turned(line: str) -> str:
    pieces: list[str] = []
    for found in _KEPT.finditer(line):
        if found[0] == ")" and pieces and "(" in pieces[-1][1:]:  # a bracket that Latin words opened (rule N0)
            pieces[-1] += ")"
        else:
            pieces.append(found[0])
    return "".join(piece.translate(MIRRORED) if len(piece) == 1 else piece for piece in reversed(pieces))
