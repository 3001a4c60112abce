"""The languages there are. Nothing but this list and a language's own file names it.

To add one: write its file beside ``fr.py``, with as much of :class:`~rag.languages.language.Language` as is known, and
put it into :data:`LANGUAGES`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from rag.languages.ar import AR
from rag.languages.en import EN
from rag.languages.fr import FR
from rag.languages.language import Language
from rag.languages.others import OTHERS

# Of languages that share a script, the first is meant where nothing tells.
LANGUAGES: tuple[Language, ...] = (AR, EN, FR, *OTHERS)
_BY_CODE = {language.code: language for language in LANGUAGES}


def of(code: str) -> Language:
    """The language of an ISO 639-1 code; one of which nothing is known where it is not in the list."""
    return _BY_CODE.get(code) or _unknown(code)


def in_script(script: str) -> list[Language]:
    """The languages of a script (ISO 15924, in lower case) that a text can be told to be in."""
    return [language for language in LANGUAGES if language.script == script and language.function_words]


def words_of_all(table: Callable[[Language], str]) -> frozenset[str]:
    """The words of one table of every language together, as written."""
    return frozenset(word for language in LANGUAGES for word in table(language).split())


@lru_cache(maxsize=256)
def _unknown(code: str) -> Language:
    return Language(code)
