"""Whether the articles answer a question: what was found is read where the answer may stand, ranked by it, and judged.

Everything that a reader reads it reads here. Whoever writes the answer gets the judgement and reads no more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering.outcome import NOTHING, OutcomeRules, Ruling
from rag.answering.reranking import Reranking
from rag.answering.sentence_choice import ScoredSentence, SentenceChoice
from rag.answering.signals import closeness, margin_of, marked_sentence, signals
from rag.answering.window_reader import WindowReader
from rag.errors import SettingsError
from rag.reader.remembering import RememberingReader
from rag.reader.windows import AnswerReader
from rag.retrieval.calibration import Calibration
from rag.retrieval.candidates import Candidate, Query, Retrieved
from rag.text.folding import normalise

# Share of the best passage's relevance from which a passage goes to a model with it, and how many may: guesses.
WEAK, CONTEXT = 1 / 3, 20
BARE = 2  # words up to which a text without a question's words or mark may be thanks as well as a subject
SUBJECT = 0.42  # relevance from which bare words are what a passage is about; thanks and greetings reach .36
_MARK = re.compile(r"[?؟？;]")  # the last is Greek
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Case:
    """A question to be judged, and the passages found for it, best first.

    scored: the same passages as they count in the choice of sentences. relevance: of the best passage, where the
    question leans on a conversation; None for one that stands alone. further: what was found after these.
    """

    query: Query
    candidates: Sequence[Candidate]
    scored: Sequence[Candidate]
    relevance: float | None = None
    further: Sequence[Candidate] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """A question with what was found for it, and the outcome.

    Passages and sentences are best first; what a reader found in a sentence is in its ``found``. chosen: the sentences
    that may answer. marked: the one whose marked words are the short answer; None where no words are likely enough.
    quotes: how many the text is to have, where what is wished for says so. context: the passages for whoever writes in
    words of their own; none where nothing is to be written. asked: the question as it was reworded to be searched for.
    beyond: that all this is of other days than the question names.
    """

    query: Query
    candidates: Sequence[Candidate]
    sentences: Sequence[ScoredSentence]
    outcome: Ruling
    chosen: Sequence[ScoredSentence] = ()
    marked: ScoredSentence | None = None
    quotes: int = 0
    context: Sequence[Candidate] = ()
    asked: str = ""
    beyond: bool = False

    def as_beyond(self) -> Judgement:
        """The same of other days than were asked about: near at most, and without a short answer."""
        outcome = self.outcome._replace(status="related", certainty=0.0, label="")
        return replace(self, outcome=outcome, marked=None, beyond=True)

    @property
    def at_length(self) -> bool:
        """Whether more is wished for than what answers a question: a list, a summary or a comparison."""
        return bool(self.quotes) or self.outcome.status == "not_found"


@dataclass(frozen=True, slots=True)
class Judge:
    """Ranks passages and sentences and decides the outcome; without ``windows`` nothing is read for that.

    reranking: what orders passages before they are read, if there is a reranker.
    """

    choice: SentenceChoice
    rules: OutcomeRules
    windows: WindowReader | None = None
    reranking: Reranking | None = None

    @classmethod
    def load(
        cls,
        reader: AnswerReader | None = None,
        min_confidence: float = 0.0,
        calibration: Calibration | None = None,
        reranking: Reranking | None = None,
    ) -> Judge:
        """With what was learnt: for the bundled models, unless a calibration of those chosen is given.

        min_confidence: what an answer needs besides. Raises SettingsError for one beyond 0 to 1.
        """
        if not 0 <= min_confidence <= 1:
            raise SettingsError(f"ISNAD_MIN_CONFIDENCE is {min_confidence:g}.", "Choose a number from 0 to 1.")
        reads = reader is not None
        windows = WindowReader(RememberingReader(reader)) if reader is not None else None
        if calibration is None:
            rules = OutcomeRules.load(with_reader=reads, least=min_confidence)
            return cls(SentenceChoice.load(with_reader=reads), rules, windows, reranking)
        rules = OutcomeRules.of(calibration.outcomes, min_confidence)
        if calibration.origin == "borrowed":
            rules = rules.with_caution()
        return cls(SentenceChoice(**calibration.sentences), rules, windows, reranking)

    def passages(self, found: Retrieved) -> list[Candidate]:
        """What was found, the best of it reranked, read and ranked anew."""
        text, ranked = found.query.text, self.reranked(found).candidates
        return list(ranked) if self.windows is None else self.windows.rank(text, ranked)

    def reranked(self, found: Retrieved) -> Retrieved:
        """The same, the best of it in the order of the reranker if there is one."""
        if self.reranking is None:
            return found
        return Retrieved(found.query, self.reranking.rank(found.query.text, found.candidates))

    def sentences(self, query: Query, candidates: Sequence[Candidate]) -> list[ScoredSentence]:
        """Every sentence of the candidates, best first; the best are read, which may change the order."""
        ranked = self.choice.rank(query, candidates)
        if self.windows is None:
            return ranked
        return self.choice.with_found(ranked, self.windows.find(query.text, ranked, self.choice))

    def case(self, found: Retrieved, top_k: int) -> Case:
        """A question that stands alone, with the ``top_k`` best passages."""
        ranked = self.passages(found)
        best = ranked[:top_k]
        return Case(found.query, best, best, further=ranked[top_k:])

    def judge(self, case: Case) -> Judgement:
        """Rank the sentences of the passages, and tell the outcome."""
        query = case.query
        sentences = self.sentences(query, case.scored)
        figures = self.figures(case, sentences) if sentences else {}
        if not figures or (case.relevance is None and asks_nothing(query, figures["relevance"])):
            return Judgement(query, case.candidates, sentences, NOTHING)
        marked = marked_sentence(sentences)
        outcome = self.rules.judge(figures, marked.found is not None)
        chosen = self._chosen(query, sentences)
        context = () if outcome.status == "not_found" else telling([*case.candidates, *case.further], chosen)
        told = marked if outcome.label else None
        return Judgement(query, case.candidates, sentences, outcome, chosen, told, context=context)

    def figures(self, case: Case, sentences: Sequence[ScoredSentence]) -> dict[str, float]:
        """What the outcome is told by; of a question within a conversation the relevance is that of its case.

        Passages taken together meet a question no worse than one of them.
        """
        figures = signals(case.query, case.scored, sentences)
        if case.relevance is None:
            return figures
        return {**figures, "relevance": case.relevance, "together": max(figures["together"], case.relevance)}

    def _chosen(self, query: Query, sentences: Sequence[ScoredSentence]) -> list[ScoredSentence]:
        """The best sentence and its rivals, but for those whose own passage is not near enough to be shown at all."""
        best, *rivals = self.choice.choose(query, sentences)
        return [best, *(each for each in rivals if self.is_near(query, each))]

    def is_near(self, query: Query, sentence: ScoredSentence) -> bool:
        """Whether a sentence's own passage is near enough to the question to be shown."""
        candidate = sentence.candidate
        reading = margin_of(sentence) if sentence.found else 0.0
        return self.rules.found.holds(closeness(query, candidate, [candidate], reading))


def telling(candidates: Sequence[Candidate], chosen: Sequence[ScoredSentence]) -> list[Candidate]:
    """The passages that tell of the subject: the best, those quoted, and those that meet it nearly as well."""
    quoted = {sentence.candidate.passage.key for sentence in chosen}
    least = WEAK * max(candidates[0].signals.relevance, 0.0)
    first, *others = candidates
    return [first, *(c for c in others if c.signals.relevance >= least or c.passage.key in quoted)]


def asks_nothing(query: Query, relevance: float) -> bool:
    """Whether it holds no term, or only bare words of which no passage tells."""
    return not query.terms or (is_bare(query) and relevance < SUBJECT)


def is_bare(query: Query) -> bool:
    """Whether it asks nothing: only a word or two, such as "thanks" or "coffee"."""
    words = len(_WORD.findall(normalise(query.text)))  # a letter and its accent are one, however they are written
    return len(query.terms) <= BARE and words <= len(query.terms) and not _MARK.search(query.text)
