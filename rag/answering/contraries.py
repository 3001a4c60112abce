"""Whether a sentence tells of the contrary of what is asked.

A reader marks the day of a birth for that of a death as surely as for that of the birth: a day after a name. What tells
is which of the two question and sentence name.
"""

from __future__ import annotations

from functools import lru_cache

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
_CONTRARY_TO = tuple(way for pair in _CONTRARIES for way in (pair, pair[::-1]))


def tells_contrary(question: str, language: str, sentence: str, told_in: str) -> bool:
    """Whether one of two contrary events is asked about, and the sentence, in ``told_in``, names only the other."""
    asked = _asked(question, language)
    if not asked:  # of most questions
        return False
    told = events(sentence, told_in)
    return any(one in asked and other not in asked and other in told and one not in told for one, other in _CONTRARY_TO)


@lru_cache(maxsize=16)  # one question is held against many sentences
def _asked(question: str, language: str) -> frozenset[str]:
    return frozenset(events(question, language))
