"""What a question wishes for, where it is no lookup: a greeting, help, what is new, a list, a summary, a comparison.

Told by the phrases of each language (:class:`rag.languages.language.Wishes`): what they do not match is a lookup, so
that a phrase that is not known costs nothing but the convenience.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.entities.lexicon import split_forms
from rag.languages.registry import LANGUAGES, of
from rag.text.folding import Folded, fold, normalise

Wished = Literal["greeting", "help", "language", "more", "newest", "list", "telling", "summary", "comparison", "lookup"]
_EDGES = " \t\n\u00a0?!.,،؟؛;:\"'«»“”…👍🙏"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished for. subjects: of what, in the question's own words, two of them for a comparison.

    language: the ISO 639-1 code of the one to reply in, where the wish says that.
    """

    kind: Wished
    subjects: tuple[str, ...] = ()
    language: str = ""


LOOKUP = Wish("lookup")


def wish_of(question: str, language: str) -> Wish:
    """The wish of ``question``, which is in ``language``. A greeting is known in whatever language it is."""
    folded = fold(question)
    bare = folded.text.strip(_EDGES)
    if spoken := _greetings().get(bare):
        return Wish("greeting", language=spoken)
    wishes = of(language).wishes
    if wishes.helps and re.fullmatch(wishes.helps, bare):
        return Wish("help", language=language)
    if wishes.more and re.fullmatch(wishes.more, bare):
        return Wish("more")
    if wishes.newest and re.fullmatch(wishes.newest, bare):
        return Wish("newest")
    for pattern in wishes.speaks:
        if (found := re.fullmatch(pattern, bare)) and (code := _called(found["language"])):
            return Wish("language", language=code)
    return next(_about(question, folded, language), LOOKUP)


def _about(question: str, folded: Folded, language: str) -> Iterator[Wish]:
    wishes = of(language).wishes
    kinds: tuple[tuple[Wished, tuple[str, ...]], ...] = (
        ("list", wishes.lists),
        ("telling", wishes.tells),
        ("summary", wishes.summarises),
        ("comparison", wishes.compares),
    )
    for kind, patterns in kinds:
        for pattern in patterns:
            if found := re.match(pattern, folded.text.strip()):
                led = len(folded.text) - len(folded.text.lstrip())
                spans = [found.span(group) for group in range(1, 1 + found.re.groups)]
                said = [_original(question, folded, start + led, end + led) for start, end in spans]
                if all(said):
                    yield Wish(kind, tuple(said))


def _original(question: str, folded: Folded, start: int, end: int) -> str:
    first, last = folded.original(start, end)
    return question[first:last].strip(_EDGES)


@lru_cache(maxsize=1)
def _greetings() -> dict[str, str]:
    """Greeting -> its language, the first of those that share it."""
    forms = ((normalise(form), each.code) for each in reversed(LANGUAGES) for form in split_forms(each.wishes.greets))
    return dict(forms)


def _called(name: str) -> str:
    """The code of a language by what people call it, in any language."""
    return _codes().get(normalise(name), "")


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    names = {normalise(word): each.code for each in LANGUAGES for word in each.called.split() if len(word) > 3}
    return names | {name.removeprefix("ال"): code for name, code in names.items()}
