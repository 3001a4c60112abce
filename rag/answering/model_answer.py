"""A model's text held to the evidence: each sentence matched to the sentence it rests on, quoted, and verified.

The model cites passages; the reader gets sentences. Each written sentence is matched by late interaction, across
languages, to the one sentence of its passages it is nearest to, which becomes the quote. What the evidence does not
bear out is marked; an answer mostly unsupported is not given at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.answering import Draft, cite
from rag.answering.citations import cited_sentences
from rag.answering.sentence_choice import ScoredSentence, SentenceChoice
from rag.answering.verification import EvidenceText, verify
from rag.documents import AnswerSentence, Citation
from rag.generation.generation import speaks
from rag.retrieval.retrieval import Candidate, Retriever

UNSUPPORTED = 0.5  # share of unsupported sentences from which the quotes themselves are the better answer


@dataclass(frozen=True, slots=True)
class ModelDraft:
    """A draft, what the reader should know about it, and whether the evidence bears it out on the whole."""

    draft: Draft
    warnings: tuple[str, ...]
    supported: bool


@dataclass(frozen=True, slots=True)
class Grounding:
    """Grounds a written answer in the candidates it was written from, which the markers number from one."""

    retriever: Retriever
    choice: SentenceChoice
    candidates: Sequence[Candidate]

    def ground(self, text: str, language: str) -> ModelDraft:
        """Quote, mark and verify every sentence of ``text``, which is in ``language`` if the model obeyed."""
        written = cited_sentences(text, len(self.candidates), language)
        sources = [self._source(sentence, language) for sentence in written]
        numbers = _numbered(sources)
        verdicts = verify([sentence.text for sentence in written], [self._evidence(s) for s in written], language)
        sentences = tuple(
            AnswerSentence(
                sentence.text, (numbers[_place(source)],) if source else (), not verdict.supported or not source
            )
            for sentence, source, verdict in zip(written, sources, verdicts, strict=True)
        )
        draft = Draft(_with_markers(sentences), sentences, self._citations(written, sources, numbers, language))
        unsupported = sum(sentence.unsupported for sentence in sentences)
        supported = bool(sentences) and unsupported < UNSUPPORTED * len(sentences)
        return ModelDraft(draft, _warnings(text, language, unsupported), supported)

    def _source(self, sentence: AnswerSentence, language: str) -> ScoredSentence | None:
        """The sentence of the cited passages (of any, where none is cited) that the written one is nearest to."""
        cited = [self.candidates[number - 1] for number in sentence.citations] or self.candidates
        query = self.retriever.read(sentence.text, language)
        ranked = self.choice.rank(query, self.retriever.rescore(query, cited))
        return ranked[0] if ranked else None

    def _evidence(self, sentence: AnswerSentence) -> list[EvidenceText]:
        cited = [self.candidates[number - 1] for number in sentence.citations] or self.candidates
        return [
            EvidenceText(text, candidate.passage.language)
            for candidate in cited
            for text in (candidate.passage.text, candidate.article.title, candidate.article.date)
            if text
        ]

    def _citations(
        self,
        written: Sequence[AnswerSentence],
        sources: Sequence[ScoredSentence | None],
        numbers: dict[tuple[str, int], int],
        language: str,
    ) -> tuple[Citation, ...]:
        made: dict[int, Citation] = {}
        for sentence, source in zip(written, sources, strict=True):
            if source and numbers[_place(source)] not in made:
                number = numbers[_place(source)]
                made[number] = cite(number, self.retriever.read(sentence.text, language), [source])
        return tuple(made[number] for number in sorted(made))


def _place(source: ScoredSentence) -> tuple[str, int]:
    return source.article.id, source.span.start


def _numbered(sources: Sequence[ScoredSentence | None]) -> dict[tuple[str, int], int]:
    """Numbers from one in the order in which sentences are first cited."""
    places = dict.fromkeys(_place(source) for source in sources if source)
    return {place: number for number, place in enumerate(places, 1)}


def _with_markers(sentences: Sequence[AnswerSentence]) -> str:
    return " ".join(" ".join([s.text, *(f"[{number}]" for number in s.citations)]) for s in sentences)


def _warnings(text: str, language: str, unsupported: int) -> tuple[str, ...]:
    warnings = []
    if not speaks(text, language):
        warnings.append("The model answered in another language than the question's.")
    if unsupported:
        warnings.append(f"{unsupported} of the answer's sentences are not borne out by the articles.")
    return tuple(warnings)
