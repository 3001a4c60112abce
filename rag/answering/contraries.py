"""Whether a sentence tells of the contrary of what is asked.

A reader marks the day of a birth for that of a death as surely as for that of the birth: a day after a name. What tells
is which of the two question and sentence name.
"""

from __future__ import annotations

from rag.entities.statements import events

# No converse ones: who says who won says who lost.
_CONTRARIES = (
    ("birth", "death"),
    ("opening", "closing"),
    ("beginning", "ending"),
    ("joining", "leaving"),
    ("rise", "fall"),
    ("appointment", "resignation"),
    ("arrest", "release"),
    ("wedding", "divorce"),
    ("signing", "force"),  # of a treaty, a law: no contraries, and as often taken for each other
)


def tells_contrary(question: str, language: str, sentence: str, told_in: str) -> bool:
    """Whether one of two contrary events is asked about, and the sentence, in ``told_in``, names only the other."""
    asked, told = events(question, language), events(sentence, told_in)
    return any(len(asked & pair) == len(told & pair) == 1 and not asked & told & pair for pair in map(set, _CONTRARIES))
