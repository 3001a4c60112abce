"""Names and numbers of one language rendered for the reader of another, from CLDR (by way of Babel).

:func:`find_glosses` explains a quote; :func:`expand_query` puts a question's names into the articles' language for
keyword search.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.documents import Gloss
from rag.entities.lexicon import Name, base_language, forms, render
from rag.entities.mentions import find_names
from rag.entities.numerals import find_numbers, write_number
from rag.entities.periods import find_periods, write_period
from rag.text.folding import script_of

_FRANCE = Name("territory", "FR")  # any name tells a language's script
_Range = tuple[int, int, str]


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
    return tuple(
        gloss
        for gloss in find_renderings(text, text_language, reader_language, offset)
        if gloss.gloss.casefold() != gloss.text.casefold()
        and (within is None or any(first < gloss.end and gloss.start < last for first, last in within))
    )


def find_renderings(text: str, text_language: str, reader_language: str, offset: int = 0) -> tuple[Gloss, ...]:
    """The same with those that read like the text: *Mali* in French is *Mali* in English."""
    source, target = base_language(text_language), base_language(reader_language)
    if source == target:
        return ()
    names = [(start, end, render(name, target)) for name, start, end in find_names(text, source)]
    taken, rendered = list(names), list(names)
    if script_for(source) != script_for(target) and script_for(target):  # who reads the script reads its numbers
        periods = [(each.start, each.end, write_period(each, target)) for each in find_periods(text, source)]
        free = [each for each in periods if _is_free(each, taken)]
        taken += free
        rendered += [*free, *(each for each in _numbers(text, source, target) if _is_free(each, taken))]
    return tuple(Gloss(s + offset, e + offset, text[s:e], gloss) for s, e, gloss in sorted(rendered) if gloss)


def expand_query(question: str, language: str, target: str) -> list[str]:
    """The names of a question in the articles' language, in every form in use (ماي, مايو and أيار for May)."""
    source, target = base_language(language), base_language(target)
    if source == target:
        return []
    found = (form for mention in find_names(question, source) for form in forms(mention.name, target))
    return list(dict.fromkeys(found))


def _numbers(text: str, source: str, target: str) -> Iterator[_Range]:
    for number in find_numbers(text, source):
        if not number.vague and not number.is_ordinal:
            yield number.start, number.end, write_number(number, text, target)


def _is_free(found: _Range, taken: Sequence[_Range]) -> bool:
    return all(found[1] <= start or end <= found[0] for start, end, _ in taken)


@lru_cache(maxsize=64)
def script_for(language: str) -> str:
    """The script of a language's names; empty for one CLDR does not know."""
    name = render(_FRANCE, language)
    return script_of(name) if name else ""
