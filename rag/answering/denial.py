"""Whether a sentence denies something, and whether a text can be told to: the words for no, not and never.

What an answer denies must be denied in what it rests on. The converse is not asked: "Four states met, but Egypt did not
come" bears out that four states met.
"""

from __future__ import annotations

from rag.languages.registry import of


def denial_in(sentence: str, language: str) -> str:
    """The words by which a sentence denies something; empty where it does not, or in a language without a list."""
    denial = of(language).statements.denies
    match = denial.search(sentence) if denial is not None else None
    return match.group() if match is not None else ""


def may_deny(text: str, language: str) -> bool:
    """Whether anything in a text could be told as a denial; true in a language without a list."""
    negatives = of(language).statements.may_deny
    return negatives is None or negatives.search(text) is not None
