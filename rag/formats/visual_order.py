"""Lines of Arabic or Hebrew as they are drawn, left to right, put back into the order they are read.

The inverse of the reordering of the Unicode bidirectional algorithm (UAX 9, rules L2 and L4) for the levels that news
has: right-to-left text with Latin words and numbers in it, or the other way round.
"""

from __future__ import annotations

import re
from typing import Final

_RIGHT: Final = (
    "\u0590-\u05ff\u0608\u060b\u060d\u061b-\u065f\u066d-\u06dc\u06de-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00100000-\U0010fffd"  # what pdf_pages lets stand for ligatures
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
