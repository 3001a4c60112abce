"""Whether a sentence denies something, and whether a text can be told to: the words for no, not and never.

What an answer denies must be denied in the clause it rests on. The converse is asked of short clauses only, since "Four
states met, but Egypt did not come" bears out that four states met: what a sentence affirms is denied where it is the
short denied clause that it is nearest to.
"""

from __future__ import annotations

import re
from itertools import pairwise

from rag.documents import Span
from rag.languages.registry import of

_PAUSE = re.compile(r"[,،.;؛:!?()]")
_SHORT = 9  # words of a clause, of two letters or more: a denial of more may be of a part of it. A guess.


def denial_in(sentence: str, language: str) -> str:
    """The words by which a sentence denies something; empty where it does not, or in a language without a list."""
    denial = of(language).statements.denies
    match = denial.search(sentence) if denial is not None else None
    return match.group() if match is not None else ""


def may_deny(text: str, language: str) -> bool:
    """Whether anything in a text could be told as a denial; true in a language without a list."""
    negatives = of(language).statements.may_deny
    return negatives is None or negatives.search(text) is not None


def denied_clauses(text: str, language: str) -> list[Span]:
    """The short clauses of a text that deny what they say; none in a language without a list."""
    negates = of(language).statements.negates
    if negates is None:
        return []
    short = (each for each in clauses(text, language) if len(re.findall(r"\w{2,}", each.of(text))) <= _SHORT)
    return [each for each in short if negates.search(each.of(text))]


def clauses(text: str, language: str) -> list[Span]:
    """The clauses of a text, roughly, in order.

    One begins after a pause, and where "and" is written onto the word that denies: ولا توجد فيها أهوسة.
    """
    negates, and_letter = of(language).statements.negates, of(language).and_letter
    denials = negates.finditer(text) if negates is not None and and_letter else ()
    begun = (match.start() for match in denials if text[match.start()] == and_letter)
    cuts = sorted({0, len(text), *(match.end() for match in _PAUSE.finditer(text)), *begun})
    return [Span(start, end) for start, end in pairwise(cuts)]
