"""The numbers of notes, which stand glued to words where a text has lost what raised them: ``in Khartoum.3``.

A number is a note's only where the note itself stands at the foot, so that no other number is taken for one.
"""

from __future__ import annotations

import re
from typing import Final

_RAISED: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN: Final = str.maketrans(_RAISED, "0123456789")
_FOOT = re.compile(
    rf"^[ \t]*(?:[\[(]?(\d{{1,3}})[\])]?\.?[ \t]+|([{_RAISED}]{{1,3}})[ \t]*)(?=[^\W\d_]|[«“\"(])", re.MULTILINE
)
# What raised digits stand behind that are no note: a number, or a unit of one ("12 km²").
_UNIT = re.compile(r"\d[ \u00a0]?[^\W\d_]{0,3}$")
_BEFORE: Final = 8  # characters that are looked at for that
_MOST: Final = 300  # notes of a text
_DIGITS: Final = str.maketrans(
    {str(digit): f"[{digit}{chr(0x660 + digit)}{chr(0x6F0 + digit)}]" for digit in range(10)}
)


def without_note_numbers(text: str) -> str:
    """The text less the numbers of the notes at its foot, where every one of them is found, in order."""
    notes = _notes(text)
    if not notes:
        return text
    body, foot = text[: notes[0][0]], text[notes[0][0] :]
    pieces, at = [], 0
    for _, number, raised in notes:
        found = next((mark for mark in _marks(number, raised).finditer(body, at) if _is_note(body, mark, raised)), None)
        if found is None:
            return text
        pieces.append(body[at : found.start()])
        at = found.end()
    return "".join((*pieces, body[at:], foot))


def _notes(text: str) -> list[tuple[int, int, bool]]:
    """(where it begins, its number, whether that is raised) of each note at the foot: the last ones, in one order."""
    notes: list[tuple[int, int, bool]] = []
    for line in reversed(list(_FOOT.finditer(text))):
        number, raised = int((line[1] or line[2]).translate(_PLAIN)), line[1] is None
        if notes and (number != notes[0][1] - 1 or raised != notes[0][2]):
            break
        notes.insert(0, (line.start(), number, raised))
    return notes[:_MOST] if notes and (notes[0][1] == 1 or len(notes) > 1) else []


def _marks(number: int, raised: bool) -> re.Pattern[str]:
    """Where the number of a note may stand: behind a word or the mark that ends a part of a sentence."""
    if raised:
        digits = str(number).translate(str.maketrans("0123456789", _RAISED))
        return re.compile(rf"(?<=\S){digits}(?![{_RAISED}])")
    return re.compile(
        rf"(?:(?<=[^\W\d_]{{2}})|(?<=[^\s\d][.,;:!?»”\"')\]؟،؛])|(?<=\d\.)){str(number).translate(_DIGITS)}(?=\s|$|[.,;:!?)»”؟،؛])"
    )


def _is_note(body: str, mark: re.Match[str], raised: bool) -> bool:
    before = body[max(0, mark.start() - _BEFORE) : mark.start()]
    if _UNIT.search(before):
        return False
    after = body[mark.end() : mark.end() + 2].strip()
    return raised or before[-1:] != "." or not before[-2:-1].isdecimal() or not after or not after[0].islower()
