"""Writing an answer: what whoever does it is given and gives. :mod:`rag.answering.answerers` names those there are."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from rag.answering.citations import marked
from rag.answering.judge import Judgement
from rag.asking import Cited, Delta, Verified
from rag.documents import AnswerSentence, Citation, ShortAnswer, Status, Turn
from rag.retrieval.retriever import Retriever

EXTRACTIVE = "extractive"

AnswerPiece = Delta | Verified | Cited


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """The text of an answer with markers, its sentences, the quotes they rest on, and the words that answer."""

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    short: ShortAnswer | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The draft of an answer, None for a refusal; who wrote it, what to warn of, and whether it answers."""

    draft: AnswerDraft | None
    answerer: str = EXTRACTIVE
    warnings: tuple[str, ...] = ()
    status: Status = "answered"


@dataclass(frozen=True, slots=True)
class WritingTask:
    """A question with what was found for it and judged: as it was asked, or reworded to stand alone.

    retriever: scores a text of the writer's own against the passages. today: the day on which it is asked.
    """

    question: str
    history: Sequence[Turn]
    judgement: Judgement
    retriever: Retriever
    today: date


class AnswerWriter(Protocol):
    """Writes answers. Derive from it: ``name`` and ``write`` are needed, the rest does for most.

    Whatever is written is checked afterwards: a citation that is no exact quote is never shown.
    """

    @property
    def name(self) -> str:
        """As the Answer names it in ``answerer``; before a colon the kind, after it which one."""
        ...

    def write(self, task: WritingTask) -> Generator[AnswerPiece, None, Written]:
        """Yield text and citations as they come and return what is to be said in the end, which replaces them.

        A draft of None refuses: what was found does not answer, by the judgement or as the writer finds after all.
        """
        ...

    def quoted(self, judgement: Judgement) -> Written | None:
        """What can be shown at once, where :meth:`write` takes its time; None by who takes none."""
        return None

    def condense(self, question: str, history: Sequence[Turn]) -> str:
        """The question worded so that it stands without the conversation; unchanged by who cannot say it better."""
        return question

    @property
    def failures(self) -> int:
        """How many of the last calls to what it relies on failed, in a row; zero where it relies on nothing."""
        return 0


def pieces_of(draft: AnswerDraft) -> Iterator[AnswerPiece]:
    """A draft sentence by sentence, each citation right before the sentence that first names it."""
    citations = {citation.number: citation for citation in draft.citations}
    for place, sentence in enumerate(draft.sentences):
        yield from (Cited(citations.pop(number)) for number in sentence.citations if number in citations)
        yield Delta(f"{' ' if place else ''}{marked(sentence)}")
    yield from map(Cited, citations.values())
