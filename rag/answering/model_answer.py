"""A model's text held to the evidence: each sentence matched to the sentences it rests on, quoted, and verified.

The model cites passages; what is shown cites sentences. Each written sentence is matched by late interaction, across
languages, to the sentence of its passages that it is nearest to, and to others until its numbers and names are quoted.
Where the passages that it cites do not bear it out, another may. What none bears out is left out; what no sentence
comes near stays without a citation and is marked, or, where it says nothing, goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from rag.answering.citations import joined
from rag.answering.contradiction import contradicts
from rag.answering.evidence import EvidenceText
from rag.answering.extractive import cite
from rag.answering.highlighting import with_marked
from rag.answering.proper_names import Echo
from rag.answering.remarks import Remark, Remarks
from rag.answering.responding import claim_of, measures_amiss, responds
from rag.answering.sentence_choice import ScoredSentence, SentenceChoice
from rag.answering.verification import Verdict, says_something, verify
from rag.answering.writing import AnswerDraft
from rag.documents import AnswerSentence, Citation
from rag.generation.model_answerer import speaks
from rag.retrieval.candidates import Candidate, Query, SentencePlace
from rag.retrieval.retriever import Retriever
from rag.text.answer_text import without_markup
from rag.text.folding import normalise

NEAREST = 5  # sentences among which that is looked for whose words the model names: a guess
_EDGES = " .,;:!?،؛؟…\"'«»“”"
RESTS_ON = 2  # sentences a written one may be made of: a guess
MOST_QUOTES = 3  # of one sentence: a bound, so that an answer is read at a glance
# How far above chance passages must meet a sentence to be cited for it: 112 of 120 sentences over an article
# about something else are below, and of 398 over their own, two.
FLOOR = 0.03
ECHO = 0.2  # the same of a word that no name sounds like: above all changed names and below most translated ones


@dataclass(frozen=True, slots=True)
class ModelDraft:
    """A draft and what to tell of it.

    supported: whether any of it is borne out. claimed: of what the model cites for. responds: whether that holds what
    was asked for, or says itself that it does not. refused: whether it says that nothing was found, where nothing is
    borne out.
    """

    draft: AnswerDraft
    warnings: tuple[str, ...]
    supported: bool
    claimed: bool
    refused: bool
    responds: bool = True


@dataclass(frozen=True, slots=True)
class _Grounded:
    """A sentence as it is shown; ``left_out``: what it says is not borne out, or it says nothing."""

    sentence: AnswerSentence
    remark: Remark = ""
    left_out: bool = False
    claimed: bool = False  # borne out, and the model cites for it


class Grounding:
    """Grounds one written answer, sentence by sentence, in the candidates that its markers number from one.

    ``language`` is the one the answer was asked for in, by the ``question``. ``supports``: the words that the model
    says bear a sentence out, by the sentence's own; where one of the nearest sentences holds them, that one is quoted.
    """

    def __init__(
        self,
        retriever: Retriever,
        choice: SentenceChoice,
        candidates: Sequence[Candidate],
        language: str,
        supports: Mapping[str, str] = MappingProxyType({}),
        question: str = "",
    ) -> None:
        self._retriever, self._choice, self._candidates = retriever, choice, candidates
        self._language, self._supports, self._question = language, supports, question
        self._remarks = Remarks(retriever, question, language)
        self._orders: dict[SentencePlace, bool] = {}  # of the sentences that were looked at
        self.is_settled = True  # whether what is written is known to be no thought
        self.restart()

    def restart(self) -> None:
        """Begin anew: the sentences added so far are taken back."""
        self._written: list[_Grounded] = []
        self._citations: dict[SentencePlace, Citation] = {}  # in the order first cited

    def add(self, written: AnswerSentence) -> tuple[AnswerSentence, Sequence[Citation]]:
        """The next sentence with the numbers of its quotes and the verdict on it; the quotes that are new."""
        known = len(self._citations)
        grounded = self._ground(written)
        self._written.append(grounded)
        return grounded.sentence, tuple(self._citations.values())[known:]

    def _ground(self, written: AnswerSentence) -> _Grounded:
        bare, said = replace(written, citations=()), without_markup(written.text)
        text = claim_of(said, self._language)
        if not text:  # a rule between the rows of a table
            return _Grounded(bare, "lead-in")
        query = self._retriever.query(text, self._language)
        given = {each.passage.key: each for each in self._retriever.rescore(query, self._candidates)}
        relevance = max((each.signals.relevance for each in given.values()), default=-1.0)
        remark = self._remarks.kind_of(written, text, relevance)
        if remark == "talk":
            return _Grounded(bare, remark, left_out=True)
        if measures_amiss(self._question, self._language, text):
            return _Grounded(replace(bare, unsupported=True), left_out=True)
        if not remark and self._retriever.knows_chance and relevance < FLOOR:
            return _Grounded(replace(bare, unsupported=True), "", not says_something(text, self._language))
        keys = dict.fromkeys(self._candidates[number - 1].passage.key for number in written.citations)
        cited = [given[key] for key in keys if key in given]
        for passages, is_joined in _in_turn(cited, list(given.values())):
            ranked = self._choice.rank(query, passages)
            if ranked and self._is_order(ranked[0]):  # what a text tells a model to say is not borne out by it
                break
            if remark == "refusal" or (ranked and self._verdict(text, query, passages, ranked, is_joined).supported):
                quotes = () if remark else self._quoted(text, query, ranked, self._supports.get(said, ""))
                return _Grounded(replace(bare, citations=quotes), remark, claimed=bool(quotes and cited))
        return _Grounded(replace(bare, unsupported=True), left_out=True)

    def _is_order(self, sentence: ScoredSentence) -> bool:
        if sentence.place not in self._orders:
            spoken = sentence.candidate.passage.language
            self._orders[sentence.place] = self._retriever.is_order(sentence.text, spoken)
        return self._orders[sentence.place]

    def _verdict(
        self,
        text: str,
        query: Query,
        passages: Sequence[Candidate],
        ranked: Sequence[ScoredSentence],
        is_joined: bool,
    ) -> Verdict:
        if contradicts(text, self._language, query, ranked[:RESTS_ON]):
            return Verdict((text,))
        near = [_said(each) for each in ranked[:RESTS_ON]]
        evidence = [text for each in passages for text in _told(each)]
        if is_joined:  # what adds to a passage must be near what is said: a number is soon found anywhere
            added = [_said(each) for each in ranked[:NEAREST] if each.candidate is passages[-1]]
            evidence = [text for each in passages[:-1] for text in _told(each)] + added
        return verify(text, self._language, evidence, near, _echo(text, query, passages))

    def _quoted(self, text: str, query: Query, ranked: Sequence[ScoredSentence], support: str) -> tuple[int, ...]:
        """The numbers of the quotes: of the nearest sentence, and of those that have what of the text it lacks."""
        words = normalise(support).strip(_EDGES)
        named = next((each for each in ranked[:NEAREST] if words and words in normalise(each.text)), None)
        chosen = [named or ranked[0]]
        lacking = verify(text, self._language, [_said(chosen[0])]).faults
        for sentence in ranked:
            if not lacking or len(chosen) == MOST_QUOTES:
                break
            fewer = verify(text, self._language, [_said(each) for each in (*chosen, sentence)]).faults
            if len(fewer) < len(lacking):
                chosen.append(sentence)
                lacking = fewer
        for sentence in chosen:
            if sentence.place not in self._citations:
                self._citations[sentence.place] = cite(len(self._citations) + 1, query, [sentence])
        if named is not None:
            self._citations[named.place] = with_marked(self._citations[named.place], words)
        return tuple(self._citations[sentence.place].number for sentence in chosen)

    @property
    def standing(self) -> str:
        """The text so far that will stand in the end: up to the last sentence with a citation, or one in doubt.

        None without what is asked for. Of a model that may turn out to have thought, none either, unless it began with
        a sentence that it cites for and that is borne out: a thought begins by speaking of its task.
        """
        if not self.is_settled and not (self._written and self._written[0].claimed):
            return ""
        kept = self._kept()
        doubted = next((n for n, sentence in enumerate(kept) if sentence.unsupported), len(kept))
        last = max((n for n, sentence in enumerate(kept[:doubted], 1) if sentence.citations), default=0)
        return joined(kept[:last]) if self._responds(kept[:last]) else ""

    def _responds(self, sentences: Sequence[AnswerSentence]) -> bool:
        """Whether what of the sentences is borne out holds what was asked for; true of another language."""
        said = " ".join(without_markup(each.text) for each in sentences if each.citations)
        return not speaks(said, self._language) or responds(self._question, self._language, said)

    def _kept(self) -> list[AnswerSentence]:
        """The sentences to show: of what leads to others, only what others follow."""
        shown = [each for each in self._written if not each.left_out]
        while shown and shown[-1].remark == "lead-in":
            shown.pop()
        return [each.sentence for each in shown]

    def finish(self) -> ModelDraft:
        """The whole answer."""
        sentences = tuple(self._kept())
        left_out = sum(each.left_out and each.sentence.unsupported for each in self._written)
        supported = any(sentence.citations for sentence in sentences)
        refuses = any(each.remark == "refusal" for each in self._written)
        return ModelDraft(
            AnswerDraft(joined(sentences), sentences, tuple(self._citations.values())),
            _warnings(sentences, self._language, left_out),
            supported,
            claimed=any(each.claimed for each in self._written),
            refused=refuses and not supported,
            responds=refuses or self._responds(sentences),
        )


def _in_turn(cited: Sequence[Candidate], given: Sequence[Candidate]) -> Iterator[tuple[Sequence[Candidate], bool]]:
    """The passages a sentence may rest on: those that it cites, else the nearest; each other one; both, joined."""
    first = list(cited or given[:1])
    taken = {each.passage.key for each in first}
    others = [each for each in given if each.passage.key not in taken]
    yield first, False
    yield from (([each], False) for each in others)
    yield from (([*first, each], True) for each in others)


def _echo(text: str, query: Query, passages: Sequence[Candidate]) -> Echo:
    """Whether one of the passages says the words from one place of the text to another, as the encoder reads them."""

    def said(start: int, end: int) -> bool:
        rows = [row for row, (first, last) in enumerate(query.spans.tolist()) if first < end and last > start]
        return bool(rows) and max(float(each.above[rows].mean()) for each in passages) >= ECHO

    return said if query.text == text else lambda start, end: False


def _said(sentence: ScoredSentence) -> EvidenceText:
    return EvidenceText(sentence.text, sentence.candidate.passage.language)


def _told(cited: Candidate) -> list[EvidenceText]:
    """What a passage says, and the title and date of its article."""
    texts = (cited.passage.text, cited.article.title, cited.article.date)
    return [EvidenceText(text, cited.passage.language) for text in texts if text]


def _warnings(sentences: Sequence[AnswerSentence], language: str, left_out: int) -> tuple[str, ...]:
    warnings = []
    if not speaks(" ".join(without_markup(sentence.text) for sentence in sentences), language):
        warnings.append("The model answered in another language than the question's.")
    doubted = sum(sentence.unsupported for sentence in sentences)
    if left_out:
        which = "A sentence of the model was" if left_out == 1 else f"{left_out} sentences of the model were"
        warnings.append(f"{which} left out, which the articles do not bear out.")
    if doubted:
        which = "One sentence of the answer is" if doubted == 1 else f"{doubted} sentences of the answer are"
        warnings.append(f"{which} not borne out by the articles.")
    return tuple(warnings)
