"""The answers of a language model, held to the articles; where it fails or is not borne out, their own words."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from rag.answering.extractive import Extractive
from rag.answering.judge import Judgement
from rag.answering.model_answer import Grounding, ModelDraft
from rag.answering.model_context import context_of
from rag.answering.sentence_stream import SentenceStream
from rag.answering.short_answer import objection, short_answer
from rag.answering.writing import AnswerPiece, AnswerWriter, WritingTask, Written
from rag.asking import Cited, Delta, Verified
from rag.documents import AnswerSentence, Turn
from rag.errors import AnswererError
from rag.generation.answer_prompt import BRIEF, Asked
from rag.generation.model_answerer import ModelAnswerer
from rag.generation.screening import Refused
from rag.settings import Settings

OWN_WORDS = "These are the articles' own words."
NOT_BORNE_OUT = "The model's answer was not borne out by the articles."
SILENT = "The model found no answer."
BESIDE = "The model's answer did not say what was asked."
LONGER = 6  # sentences asked for of a summary, a list or a comparison
CUT = ("cut_short", "filtered")  # endings before which whole sentences stand


@dataclass(frozen=True, slots=True)
class ModelWriter(AnswerWriter):
    """Writes with the model where it holds, and otherwise quotes."""

    model: ModelAnswerer
    extractive: Extractive

    @classmethod
    def build(cls, settings: Settings, extractive: Extractive) -> ModelWriter:
        """The model of the settings. Raises SettingsError for one without an endpoint, PromptError for bad prompts."""
        return cls(ModelAnswerer.build(settings), extractive)

    @property
    def name(self) -> str:
        """``llm:`` and the model."""
        return self.model.name

    @property
    def failures(self) -> int:
        """How many calls in a row the endpoint has failed; zero while it answers, or was never asked."""
        return self.model.failures

    def condense(self, question: str, history: Sequence[Turn]) -> str:
        """The question as the model words it, where that can be used."""
        return self.model.condense(question, history)

    def quoted(self, judgement: Judgement) -> Written:
        """The articles' own words, until the model's are there."""
        return self.extractive.written(judgement)

    def write(self, task: WritingTask) -> Generator[AnswerPiece, None, Written]:
        """The model's text as it comes, each sentence with the quote it rests on; quotes where that does not hold."""
        language, status = task.judgement.query.reply_in, task.judgement.outcome.status
        length = LONGER if task.judgement.at_length else BRIEF
        asked, prompt = Asked(task.question, language, task.history, task.today, length), self.model.prompt
        context = context_of(task.judgement, task.retriever, prompt.room(asked), prompt.cost)
        sentences = SentenceStream(len(context), language)
        supports: dict[str, str] = {}
        grounding = Grounding(task.retriever, self.extractive.choice, context, language, supports, task.question)
        grounding.is_settled = self.model.is_settled
        pieces = self.model.write(asked, [candidate.hit for candidate in context], supports)
        cut, refused = "", False
        try:
            yield from _stream(pieces, sentences, grounding)
        except Refused:  # of the rest, where sentences came before
            refused = True
        except AnswererError as error:
            if error.outcome not in CUT:
                return (yield from self._quote(task, sentences, error.message))
            cut = error.message
        yield from _grounded(sentences.finish(cut=bool(cut)), grounding)
        grounded = grounding.finish()
        if (refused and not grounded.claimed) or grounded.refused:
            if status == "related" or task.judgement.outcome.label:
                return (yield from self._quote(task, sentences, SILENT if task.judgement.outcome.label else ""))
            return Written(None, self.name)
        if not (grounded.supported and grounded.responds):
            reason = BESIDE if grounded.supported else NOT_BORNE_OUT
            return (yield from self._quote(task, sentences, cut or reason))
        return self._checked(grounded, task, cut)

    def _quote(
        self, task: WritingTask, said: SentenceStream, warning: str = ""
    ) -> Generator[AnswerPiece, None, Written]:
        """The quotes in place of the model's text, set apart from what of it was shown; or that nothing was found."""
        if said.begun:
            yield Delta("\n\n")
        written = yield from self.extractive.write(task)
        told = f"{warning} {OWN_WORDS}" if written.draft else warning
        return replace(written, warnings=(told,) if warning else ())

    def _checked(self, grounded: ModelDraft, task: WritingTask, cut: str) -> Written:
        """The model's draft with the reader's short answer where a quote holds it, or its objection."""
        draft, judgement = grounded.draft, task.judgement
        objected = objection(judgement, draft.text, draft.citations)
        short = None if objected else short_answer(judgement, draft.citations)
        warnings = tuple(filter(None, (cut, *grounded.warnings, objected)))
        return Written(replace(draft, short=short), self.name, warnings)


def _stream(
    pieces: Generator[str | None, None, None], sentences: SentenceStream, grounding: Grounding
) -> Generator[AnswerPiece, None, None]:
    """The model's text word by word, and after each sentence its quote, where that is new, and its marker."""
    with closing(pieces):
        for piece in pieces:
            if piece is None:
                sentences.restart()
                grounding.restart()
                grounding.is_settled = True
            else:
                yield from _grounded(sentences.feed(piece), grounding)


def _grounded(parts: Iterable[str | AnswerSentence], grounding: Grounding) -> Iterator[AnswerPiece]:
    for part in parts:
        if isinstance(part, str):
            yield Delta(part)
            continue
        sentence, new = grounding.add(part)
        yield from map(Cited, new)
        yield from (Delta(f" [{number}]") for number in sentence.citations)
        if part.citations and grounding.standing:  # a sentence that the model cites for is no thought
            yield Verified(grounding.standing)
