"""The answerers there are. To add one, write it (:class:`rag.answering.writing.AnswerWriter`) and name it here.

Its name goes into ``Answerer`` in :mod:`rag.documents` too, from which the surfaces know what may be asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.answering.extractive import Extractive
from rag.answering.sentence_choice import SentenceChoice
from rag.answering.writing import EXTRACTIVE, AnswerWriter
from rag.documents import Answerer, Translation
from rag.errors import SettingsError
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.answering.translation import Translator

AUTO = "auto"
# What to say of an answerer that the settings leave out.
_MISSING = {"llm": ("No language model is configured.", "Set ISNAD_LLM_MODEL and OPENAI_BASE_URL.")}


@dataclass(frozen=True, slots=True)
class Answerers:
    """Every answerer that may be asked for, by name; the first one answers where none is. A model translates too."""

    writers: Mapping[str, AnswerWriter]
    translator: Translator | None = None

    @classmethod
    def build(cls, settings: Settings, choice: SentenceChoice) -> Answerers:
        """As the settings say. Raises SettingsError for a model without an endpoint, PromptError for bad prompts."""
        extractive = Extractive(choice)
        writers: dict[str, AnswerWriter] = {}
        translator = None
        if settings.llm_model:
            from rag.answering.model_writer import ModelWriter  # lazy: only who has a model needs it
            from rag.answering.translation import Translator

            writers["llm"] = model = ModelWriter.build(settings, extractive)
            translator = Translator(model.model)
        return cls({**writers, EXTRACTIVE: extractive}, translator)

    def named(self, answerer: Answerer = "auto") -> AnswerWriter:
        """The one asked for. Raises SettingsError where the settings leave it out."""
        name = next(iter(self.writers)) if answerer == AUTO else answerer
        if name not in self.writers:
            raise SettingsError(*_MISSING.get(name, (f"There is no answerer {name!r}.", "Ask for another.")))
        return self.writers[name]

    def translate(self, text: str, spoken: str, language: str) -> Translation:
        """A text in another language. Raises SettingsError without a model, and as :meth:`Translator.translate`."""
        if self.translator is None:
            raise SettingsError(*_MISSING["llm"])
        return self.translator.translate(text, spoken, language)
