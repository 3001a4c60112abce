"""Who writes the answer: the articles' own sentences, or a language model held to them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answering.answering import Draft, Extractive, Judgement
from rag.answering.citations import MarkerStream
from rag.answering.follow_up import predecessor
from rag.answering.reading import AnswerReader
from rag.answering.short_answer import objection, short_answer
from rag.documents import Answerer, Delta, Turn
from rag.errors import AnswererError, SettingsError
from rag.retrieval.retrieval import Retriever
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.answering.model_answer import ModelDraft
    from rag.generation.generation import ModelAnswerer

EXTRACTIVE = "extractive"
NOT_BORNE_OUT = "The model's answer was not borne out by the articles; these are their own words."


@dataclass(frozen=True, slots=True)
class Written:
    """The draft of an answer, None for a refusal; who wrote it, and what the reader should know."""

    draft: Draft | None
    answerer: str = EXTRACTIVE
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes with the model where there is one and it holds, and otherwise quotes."""

    extractive: Extractive
    model: ModelAnswerer | None = None

    @classmethod
    def build(cls, settings: Settings, reader: AnswerReader | None = None) -> Writer:
        """As the settings say. Raises SettingsError for a model without an endpoint."""
        if not settings.llm_model:
            return cls(Extractive.load(reader))
        from rag.generation.generation import ModelAnswerer  # lazy: brings the openai client

        return cls(Extractive.load(reader), ModelAnswerer.build(settings))

    @property
    def name(self) -> str:
        """Who writes, as the Answer names it."""
        return self.model.name if self.model else EXTRACTIVE

    @property
    def model_failures(self) -> int:
        """How many of the last calls to the model failed, in a row; zero where there is none."""
        return self.model.failures if self.model else 0

    def using(self, answerer: Answerer) -> Writer:
        """The writer a caller asked for. Raises SettingsError for a model where none is configured."""
        if answerer == "llm" and self.model is None:
            raise SettingsError("No language model is configured.", "Set ISNAD_LLM_MODEL and OPENAI_BASE_URL.")
        return replace(self, model=None) if answerer == "extractive" else self

    def in_context(self, question: str, history: Sequence[Turn]) -> list[str]:
        """The question with what it may lean on: after its predecessor, and as the model rewrites it; none at first."""
        before = predecessor(history)
        if not before:
            return []
        condensed = self.model.condense(question, history) if self.model else question
        return [f"{before} {question}", *([condensed] if condensed != question else [])]

    def write(
        self, retriever: Retriever, judgement: Judgement, question: str, history: Sequence[Turn]
    ) -> Generator[Delta, None, Written]:
        """Yield text as it comes and return what is to be said in the end, which replaces it."""
        if judgement.refused:
            return Written(None)
        if self.model is None:
            return (yield from self._quote(judgement))
        return (yield from self._ask_model(self.model, retriever, judgement, question, history))

    def _quote(self, judgement: Judgement, *warnings: str) -> Generator[Delta, None, Written]:
        draft = self.extractive.write(judgement)
        yield Delta(draft.text)
        return Written(draft, EXTRACTIVE, warnings)

    def _ask_model(
        self, model: ModelAnswerer, retriever: Retriever, judgement: Judgement, question: str, history: Sequence[Turn]
    ) -> Generator[Delta, None, Written]:
        from rag.answering.model_answer import Grounding  # lazy, with the model
        from rag.generation.model_reading import Refused

        try:
            text = yield from _stream(model, judgement, question, history)
        except Refused:
            return Written(None, model.name)
        except AnswererError as error:
            return (yield from self._quote(judgement, f"{error.message} These are the articles' own words."))
        grounding = Grounding(retriever, self.extractive.choice, judgement.candidates)
        grounded = grounding.ground(text, judgement.query.language)
        if not grounded.supported:
            return (yield from self._quote(judgement, NOT_BORNE_OUT))
        return self._checked(grounded, judgement, model.name)

    def _checked(self, grounded: ModelDraft, judgement: Judgement, name: str) -> Written:
        """The model's draft with the reader's short answer where a quote holds it, or its objection."""
        draft, best, language = grounded.draft, judgement.sentences[0], judgement.query.language
        objected = objection(best, draft.text, draft.citations, language)
        short = None if objected else short_answer(best, draft.citations, language)
        warnings = (*grounded.warnings, objected) if objected else grounded.warnings
        return Written(replace(draft, short=short), name, warnings)


def _stream(
    model: ModelAnswerer, judgement: Judgement, question: str, history: Sequence[Turn]
) -> Generator[Delta, None, str]:
    """Show the model's text as it comes, markers whole, and return all of it."""
    hits = [candidate.hit for candidate in judgement.candidates]
    markers, shown = MarkerStream(len(hits)), []
    with closing(model.write(question, judgement.query.language, hits, history)) as pieces:
        for piece in pieces:
            shown.append(markers.feed(piece))
            if shown[-1]:
                yield Delta(shown[-1])
    if rest := markers.finish():
        shown.append(rest)
        yield Delta(rest)
    return "".join(shown)
