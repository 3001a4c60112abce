"""Translations of quotes by a language model, its numbers and names held to the quote, kept by quote.

A translation is the model's words, not an article's, and is shown as such; what code cannot see in a written sentence
(:mod:`rag.answering.verification`) it cannot see here either.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from decimal import Decimal
from typing import Protocol

from rag.answering.evidence import EvidenceText
from rag.answering.verification import verify
from rag.documents import Translation
from rag.entities.lexicon import is_known
from rag.entities.numerals import find_numbers
from rag.errors import QuestionError
from rag.text.answer_text import neutralise

MOST_CHARS = 4000  # of a text, MOST_KEPT of translations: bounds, some paragraphs and a few megabytes
MOST_KEPT = 2000


class TranslatingModel(Protocol):
    """Whoever translates, by name; :class:`rag.generation.model_answerer.ModelAnswerer` does."""

    @property
    def name(self) -> str:
        """As a translation names it."""
        ...

    def translate(self, text: str, language: str) -> str:
        """The text in another language. Raises AnswererError."""
        ...


class Translator:
    """Translates with one model. Safe for many threads."""

    def __init__(self, model: TranslatingModel) -> None:
        self._model = model
        self._kept: OrderedDict[tuple[str, str], Translation] = OrderedDict()
        self._lock = threading.Lock()

    def translate(self, text: str, spoken: str, language: str) -> Translation:
        """A text, which is in ``spoken``, in another language, as ISO 639-1 codes.

        Raises QuestionError for a language that is not known or a text too long, AnswererError where the model fails.
        """
        if not is_known(language):
            raise QuestionError(f"There is no language {language!r} to translate into.", "Give its ISO 639-1 code.")
        if len(text) > MOST_CHARS:
            raise QuestionError(f"The text has {len(text)} characters; {MOST_CHARS} are translated at once.", "Cut it.")
        with self._lock:
            if (text, language) in self._kept:
                self._kept.move_to_end((text, language))
                return self._kept[text, language]
        written = neutralise(self._model.translate(text, language))
        made = Translation(written, language, self._model.name, is_borne_out(written, language, text, spoken))
        with self._lock:
            self._kept[text, language] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made


def is_borne_out(translation: str, language: str, text: str, spoken: str) -> bool:
    """Whether the numbers and names of a translation stand in the text, and the text's numbers in the translation."""
    numbers = _numbers(text, spoken) <= _numbers(translation, language, every=True)
    return numbers and verify(translation, language, [EvidenceText(text, spoken)]).supported


def _numbers(text: str, language: str, every: bool = False) -> set[Decimal]:
    """Those written in digits, or also in words."""
    return {number.value for number in find_numbers(text, language) if every or number.in_digits}
