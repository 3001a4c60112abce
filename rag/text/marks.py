"""Marks that stand in a text and tell where its words come from: ``[0:12:05]`` before a sentence of subtitles, and
``[OCR p. 3]`` before a page that was recognised from its picture.
"""

from __future__ import annotations

import re
from typing import Final

_MARK: Final = re.compile(r"^\[(\d+:\d\d:\d\d|(?:OCR )?p\. \d+)\]", re.MULTILINE)


def time_mark(seconds: float) -> str:
    """The mark of a time since the beginning."""
    minutes, second = divmod(int(seconds), 60)
    return f"[{minutes // 60}:{minutes % 60:02}:{second:02}]"


def page_mark(number: int, recognised: bool) -> str:
    """The mark of a page, from 1."""
    return f"[{'OCR ' if recognised else ''}p. {number}]"


def mark_at(text: str, position: int) -> str:
    """What the nearest mark before, or at, the position says (``0:12:05``, ``OCR p. 3``); empty where there is none."""
    said = ""
    for mark in _MARK.finditer(text, 0, min(len(text), position + 1 + _LONGEST)):
        if mark.start() > position:
            break
        said = mark[1]
    return said


_LONGEST: Final = 20  # characters of a mark: it may begin at the position itself
