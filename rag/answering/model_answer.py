"""A model's text held to the evidence: each sentence matched to the sentence it rests on, quoted, and verified.

The model cites passages; what is shown cites sentences. Each written sentence is matched by late interaction, across
languages, to the one sentence of its passages it is nearest to, which becomes the quote. What the evidence does not
bear out is marked; an answer mostly unsupported is not given at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from rag.answering.citations import joined
from rag.answering.evidence import EvidenceText
from rag.answering.extractive import cite
from rag.answering.sentence_choice import SentenceChoice
from rag.answering.verification import verify
from rag.answering.writing import AnswerDraft
from rag.documents import AnswerSentence, Citation
from rag.generation.model_answerer import speaks
from rag.retrieval.candidates import Candidate, SentencePlace
from rag.retrieval.retriever import Retriever
from rag.text.answer_text import without_markup
from rag.text.folding import normalise

# Two guesses, not tuned.
NEAREST = 5  # sentences among which that is looked for whose words the model names: a guess
_EDGES = " .,;:!?،؛؟…\"'«»“”"
RESTS_ON = 2  # sentences a written one may be made of
UNSUPPORTED = 0.5  # share of unsupported sentences from which the quotes themselves are the better answer


@dataclass(frozen=True, slots=True)
class ModelDraft:
    """A draft, what to tell of it, and whether the evidence bears it out on the whole."""

    draft: AnswerDraft
    warnings: tuple[str, ...]
    supported: bool


class Grounding:
    """Grounds one written answer, sentence by sentence, in the candidates that its markers number from one.

    ``language`` is the one the answer was asked for in. ``supports``: the words that the model says bear a sentence
    out, by the sentence's own; where one of the nearest sentences holds them, that one is quoted.
    """

    def __init__(
        self,
        retriever: Retriever,
        choice: SentenceChoice,
        candidates: Sequence[Candidate],
        language: str,
        supports: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._retriever, self._choice, self._candidates = retriever, choice, candidates
        self._language, self._supports = language, supports
        self.restart()

    def restart(self) -> None:
        """Begin anew: the sentences added so far are taken back."""
        self._sentences: list[AnswerSentence] = []
        self._citations: dict[SentencePlace, Citation] = {}  # in the order first cited

    def add(self, written: AnswerSentence) -> tuple[AnswerSentence, Citation | None]:
        """The next sentence with the number of its quote and the verdict on it; the quote, where it is a new one."""
        text = without_markup(written.text)
        if not text:  # a rule between the rows of a table
            self._sentences.append(replace(written, citations=()))
            return self._sentences[-1], None
        cited = [self._candidates[number - 1] for number in written.citations] or self._candidates
        query = self._retriever.query(text, self._language)
        ranked = self._choice.rank(query, self._retriever.rescore(query, cited))
        words = normalise(self._supports.get(text, "")).strip(_EDGES)
        holds = (each for each in ranked[:NEAREST] if words and words in normalise(each.text))
        source = next(holds, next(iter(ranked), None))
        new = None
        if source is not None and source.place not in self._citations:
            new = self._citations[source.place] = cite(len(self._citations) + 1, query, [source])
        numbers = (self._citations[source.place].number,) if source else ()
        near = [EvidenceText(each.text, each.candidate.passage.language) for each in ranked[:RESTS_ON]]
        verdict = verify(text, self._language, _evidence(cited), near)
        unsupported = not verdict.supported or source is None
        grounded = replace(written, citations=numbers, unsupported=unsupported)
        self._sentences.append(grounded)
        return grounded, new

    @property
    def standing(self) -> str:
        """The text so far, where every sentence of it is borne out; empty otherwise."""
        return "" if any(sentence.unsupported for sentence in self._sentences) else self._text

    @property
    def _text(self) -> str:
        return joined(self._sentences)

    def finish(self) -> ModelDraft:
        """The whole answer."""
        sentences = tuple(self._sentences)
        unsupported = sum(sentence.unsupported for sentence in sentences)
        texts = list(filter(None, (without_markup(sentence.text) for sentence in sentences)))
        return ModelDraft(
            AnswerDraft(self._text, sentences, tuple(self._citations.values())),
            _warnings(" ".join(texts), self._language, unsupported),
            supported=bool(texts) and unsupported < UNSUPPORTED * len(texts),
        )


def _evidence(cited: Sequence[Candidate]) -> list[EvidenceText]:
    return [
        EvidenceText(text, candidate.passage.language)
        for candidate in cited
        for text in (candidate.passage.text, candidate.article.title, candidate.article.date)
        if text
    ]


def _warnings(text: str, language: str, unsupported: int) -> tuple[str, ...]:
    warnings = []
    if not speaks(text, language):
        warnings.append("The model answered in another language than the question's.")
    if unsupported:
        which = "One sentence of the answer is" if unsupported == 1 else f"{unsupported} sentences of the answer are"
        warnings.append(f"{which} not borne out by the articles.")
    return tuple(warnings)
