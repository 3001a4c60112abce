"""Names and numbers of one language rendered for the reader of another, from CLDR (by way of Babel).

:func:`find_glosses` explains a quote; :func:`expand_query` puts a question's names into the articles' language for
keyword search.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.documents import Gloss
from rag.lexicon import base_language, forms, render
from rag.mentions import Mention, find_names
from rag.text import normalise


def find_glosses(
    text: str,
    text_language: str,
    reader_language: str,
    offset: int = 0,
    within: Sequence[tuple[int, int]] | None = None,
) -> tuple[Gloss, ...]:
    """Names and numbers of ``text`` rendered for a reader of another language, in order, not overlapping.

    ``offset`` is the place of ``text`` in its article: every position, given in ``within`` or returned, counts from
    the article's start. ``within`` keeps only the glosses that touch one of its ranges. Nothing is glossed within one
    language, from or into one CLDR does not know, or where the rendering reads like the text.
    """
    source, target = base_language(text_language), base_language(reader_language)
    if source == target:
        return ()
    glosses = (_gloss(text, mention, target, offset) for mention in find_names(text, source))
    return tuple(
        gloss
        for gloss in glosses
        if gloss.gloss
        and normalise(gloss.text) != normalise(gloss.gloss)
        and (within is None or any(start < gloss.end and gloss.start < end for start, end in within))
    )


def expand_query(question: str, language: str, target: str) -> list[str]:
    """The names of a question in the articles' language, in every form in use (ماي, مايو and أيار for May)."""
    source, target = base_language(language), base_language(target)
    if source == target:
        return []
    found = (form for mention in find_names(question, source) for form in forms(mention.name, target))
    return list(dict.fromkeys(found))


def _gloss(text: str, mention: Mention, language: str, offset: int) -> Gloss:
    name, start, end = mention
    return Gloss(start + offset, end + offset, text[start:end], render(name, language))
