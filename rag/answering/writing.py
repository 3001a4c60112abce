"""Who writes the answer: the articles' own sentences, or a language model held to them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answering.citations import marked
from rag.answering.extractive import Draft, Extractive, Judgement
from rag.answering.follow_up import InContext, after_predecessors
from rag.answering.sentence_stream import SentenceStream
from rag.answering.short_answer import objection, short_answer, surest
from rag.asking import Cited, Delta
from rag.documents import Answerer, AnswerSentence, Turn
from rag.errors import AnswererError, SettingsError
from rag.retrieval.reranking import AnswerReader
from rag.retrieval.retriever import Retriever
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.answering.model_answer import Grounding, ModelDraft
    from rag.generation.model_answerer import ModelAnswerer

EXTRACTIVE = "extractive"
OWN_WORDS = "These are the articles' own words."
NOT_BORNE_OUT = f"The model's answer was not borne out by the articles. {OWN_WORDS}"

Piece = Delta | Cited


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
        """As the settings say. Raises SettingsError for a model without an endpoint, or a confidence beyond 0 to 1."""
        extractive = _extractive(settings.min_confidence, reader)
        if not settings.llm_model:
            return cls(extractive)
        from rag.generation.model_answerer import ModelAnswerer  # lazy: brings the openai client

        return cls(extractive, ModelAnswerer.build(settings))

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

    def in_context(self, question: str, history: Sequence[Turn]) -> list[InContext]:
        """The question with what it may lean on, before it and as the model rewrites it; none at first."""
        readings = after_predecessors(question, history)
        if not readings or self.model is None:
            return readings
        condensed = self.model.condense(question, history)
        own = readings[0].words == question
        return [*readings, *([InContext(condensed, question if own else condensed)] if condensed != question else [])]

    def write(
        self, retriever: Retriever, judgement: Judgement, question: str, history: Sequence[Turn]
    ) -> Generator[Piece, None, Written]:
        """Yield text and citations as they come and return what is to be said in the end, which replaces them."""
        if judgement.refused:
            return Written(None)
        if self.model is None:
            return (yield from self._quote(judgement))
        return (yield from self._ask_model(self.model, retriever, judgement, question, history))

    def _quote(self, judgement: Judgement, *warnings: str) -> Generator[Piece, None, Written]:
        draft = self.extractive.write(judgement)
        yield from _pieces(draft)
        return Written(draft, EXTRACTIVE, warnings)

    def _ask_model(
        self, model: ModelAnswerer, retriever: Retriever, judgement: Judgement, question: str, history: Sequence[Turn]
    ) -> Generator[Piece, None, Written]:
        from rag.answering.model_answer import Grounding  # lazy, with the model
        from rag.generation.screening import Refused

        hits, language = [candidate.hit for candidate in judgement.candidates], judgement.query.language
        sentences = SentenceStream(len(hits), language)
        grounding = Grounding(retriever, self.extractive.choice, judgement.candidates, language)
        try:
            yield from _stream(model.write(question, language, hits, history), sentences, grounding)
        except Refused:
            return Written(None, model.name)
        except AnswererError as error:
            return (yield from self._instead(judgement, sentences, f"{error.message} {OWN_WORDS}"))
        grounded = grounding.finish()
        if not grounded.supported:
            return (yield from self._instead(judgement, sentences, NOT_BORNE_OUT))
        return self._checked(grounded, judgement, model.name)

    def _instead(self, judgement: Judgement, said: SentenceStream, warning: str) -> Generator[Piece, None, Written]:
        """The quotes in place of the model's text, set apart from what of it was shown."""
        if said.begun:
            yield Delta("\n\n")
        return (yield from self._quote(judgement, warning))

    def _checked(self, grounded: ModelDraft, judgement: Judgement, name: str) -> Written:
        """The model's draft with the reader's short answer where a quote holds it, or its objection."""
        draft, language = grounded.draft, judgement.query.language
        best = surest(self.extractive.choice.choose(judgement.query, judgement.sentences))
        objected = objection(best, draft.text, draft.citations, language)
        short = None if objected else short_answer(best, draft.citations, language)
        warnings = (*grounded.warnings, objected) if objected else grounded.warnings
        return Written(replace(draft, short=short), name, warnings)


def _pieces(draft: Draft) -> Iterator[Piece]:
    """A draft sentence by sentence, each citation right before the sentence that first names it."""
    citations = {citation.number: citation for citation in draft.citations}
    for place, sentence in enumerate(draft.sentences):
        yield from (Cited(citations.pop(number)) for number in sentence.citations if number in citations)
        yield Delta(f"{' ' if place else ''}{marked(sentence)}")


def _stream(
    pieces: Generator[str, None, None], sentences: SentenceStream, grounding: Grounding
) -> Generator[Piece, None, None]:
    """The model's text word by word, and after each sentence its quote, where that is new, and its marker."""
    with closing(pieces):
        for piece in pieces:
            yield from _grounded(sentences.feed(piece), grounding)
    yield from _grounded(sentences.finish(), grounding)


def _grounded(parts: Iterable[str | AnswerSentence], grounding: Grounding) -> Iterator[Piece]:
    for part in parts:
        if isinstance(part, str):
            yield Delta(part)
            continue
        sentence, new = grounding.add(part)
        if new is not None:
            yield Cited(new)
        yield from (Delta(f" [{number}]") for number in sentence.citations)


def _extractive(min_confidence: float, reader: AnswerReader | None) -> Extractive:
    if not 0 <= min_confidence <= 1:
        raise SettingsError(f"ISNAD_MIN_CONFIDENCE is {min_confidence:g}.", "Choose a number from 0 to 1.")
    learnt = Extractive.load(reader)
    return replace(learnt, refusal=replace(learnt.refusal, threshold=min_confidence)) if min_confidence else learnt
