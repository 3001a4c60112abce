"""Learns for the models chosen what ranking, sentence choice and the outcomes count by, from evaluation sets.

One after another, since each rests on the one before: the zero of chance, the weights of ranking, those of sentences,
and the three rules. What is told of each is of the folds left out.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

from rag.answering.models import LoadedModels
from rag.answering.sentence_choice import SentenceChoice
from rag.documents import Article
from rag.encoding.loading import load_token_code, token_code_name
from rag.errors import EvaluationError
from rag.evaluation.evaluation_set import EvaluationSet, GoldQuestion
from rag.evaluation.measurement import ShowProgress
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.learning.cases import OutcomeCase, OutcomeCases
from rag.learning.chance_sample import draw_sample
from rag.learning.gathering import Asker, own_cases, stranger_cases
from rag.learning.memory import RememberingScorer
from rag.learning.outcomes import LearntOutcomes, learn_outcomes, loaded
from rag.learning.ranking_weights import LearntRanking, RankedQuestion, learn_interaction, learn_ranking
from rag.learning.sentence_weights import learn_choice
from rag.reader.remembering import RememberingReader
from rag.retrieval.calibration import Calibration
from rag.retrieval.retriever import Retriever

FEWEST = 40  # questions with an answer, and cases without: of fewer a rule of ten weights is chance
QUESTIONS = 500  # of each set, at most
STRANGERS_EVERY = 3  # of another set's questions: they are easily told


@dataclass(frozen=True)
class Plan:
    """What is learnt from. unlearnt: names of sets that are only measured. shown: see :func:`learn_outcomes`."""

    sets: Sequence[EvaluationSet]
    unlearnt: frozenset[str] = frozenset()
    shown: Mapping[str, float] = field(default_factory=dict)
    questions: int = QUESTIONS
    fewest: int = FEWEST

    def asked(self, given: EvaluationSet) -> Sequence[GoldQuestion]:
        """Questions spread evenly over the set, which may be sorted by whether they can be answered."""
        return given.questions[:: -(-len(given.questions) // self.questions) or 1]

    def corpora(self) -> Iterator[list[EvaluationSet]]:
        """The sets, those over the same articles together."""
        by_articles: dict[frozenset[Article], list[EvaluationSet]] = {}
        for given in self.sets:
            by_articles.setdefault(frozenset(given.articles.values()), []).append(given)
        yield from by_articles.values()

    def learns_from(self, corpus: Sequence[EvaluationSet]) -> bool:
        """Whether any of these sets is learnt from."""
        return any(given.name not in self.unlearnt for given in corpus)

    def strangers(self, corpus: Sequence[EvaluationSet]) -> Iterator[EvaluationSet]:
        """The sets whose questions these articles do not answer: no article and no question's id is shared."""
        if not self.learns_from(corpus):
            return
        texts = {article.text for given in corpus for article in given.articles.values()}
        ids = {gold.id for given in corpus for gold in given.questions}
        for other in self.sets:
            shares = any(each.text in texts for each in other.articles.values())
            if other.name not in self.unlearnt and not shares and not any(each.id in ids for each in other.questions):
                yield other

    def require_enough(self, cases: Sequence[OutcomeCase]) -> None:
        """Raises EvaluationError where there are too few cases of one side."""
        own = [each.kind for each in cases if each.group not in self.unlearnt]
        answered, others = own.count("+"), own.count("near") + own.count("un")
        if min(answered, others) < self.fewest:
            raise EvaluationError(
                f"The sets give {answered} questions with what answers them and {others} without; "
                f"each must be {self.fewest}.",
                "Add questions: python -m rag evaluate --make-set NEW drafts some. Articles beside those that answer, "
                "and questions that none answers, give the others.",
            )


@dataclass(frozen=True)
class Calibrated:
    """What was learnt, what the rules did on the folds left out, and lines that say what changed."""

    calibration: Calibration
    outcomes: LearntOutcomes
    lines: Sequence[str]


def calibrate(plan: Plan, models: LoadedModels, before: Calibration, progress: ShowProgress) -> Calibrated:
    """Learn from the sets, beginning with what counts now. Raises EvaluationError where they are too few."""
    with ExitStack() as stack:
        learning = _Learning.begun(plan, models, before, progress, stack)
        ranking = learning.ranking(before)
        calibration = replace(before, fusion=ranking.fusion, origin="learnt")
        cases = learning.cases(calibration)
        plan.require_enough(cases)
        learnt_from = [each for each in cases if each.group not in plan.unlearnt]
        choice, more = learn_choice(learnt_from, SentenceChoice(**before.sentences))
        if choice != SentenceChoice(**before.sentences):
            calibration = replace(calibration, sentences=asdict(choice))
            cases = learning.cases(calibration)
    reads, reranks = models.reader is not None, models.reranker is not None
    named = models.named  # what is shipped was learnt from sets that may be these, with the bundled models
    borrowed = None if named.are_bundled else Calibration.shipped(named, before.chance).outcomes
    gathered = OutcomeCases(cases, plan.unlearnt)
    outcomes = learn_outcomes(gathered, plan.shown, reads=reads, reranks=reranks, borrowed=borrowed)
    names = tuple(each.name for each in plan.sets if each.name not in plan.unlearnt)
    calibration = replace(calibration, outcomes=loaded(outcomes), sets=names, chance=learning.before.chance)
    return Calibrated(calibration, outcomes, [*ranking.lines, *more])


@dataclass(frozen=True)
class _Learning:
    """The sets' indexes, open, and the models, which remember what they were asked."""

    plan: Plan
    models: LoadedModels
    before: Calibration
    progress: ShowProgress
    indexes: Sequence[tuple[Sequence[EvaluationSet], Index]]

    @classmethod
    def begun(
        cls, plan: Plan, models: LoadedModels, before: Calibration, progress: ShowProgress, stack: ExitStack
    ) -> _Learning:
        """Index the sets, and draw a sample of chance for an encoder that has none."""
        encoder, indexes = models.encoder, []
        for place, corpus in enumerate(corpora := list(plan.corpora())):
            progress("sets indexed", place, len(corpora))
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="isnad-calibration-")))
            index_given(dict.fromkeys(corpus[0].articles.values()), index_dir=folder, encoder=encoder)
            indexes.append((corpus, index := Index.open(folder, encoder.fingerprint)))
            stack.callback(index.close)
        if before.chance.code is None and encoder.fingerprint.has_tokens:
            code = load_token_code(token_code_name(encoder.fingerprint), encoder.fingerprint.dimension)
            taught = [corpus for corpus in corpora if plan.learns_from(corpus)]
            articles = [each for corpus in taught for each in dict.fromkeys(corpus[0].articles.values())]
            before = replace(before, chance=draw_sample(articles, encoder, code) if code else before.chance)
        reader = RememberingReader(models.reader, kept=sys.maxsize) if models.reader else None
        reranker = RememberingScorer(models.reranker) if models.reranker else None
        return cls(plan, replace(models, reader=reader, reranker=reranker), before, progress, indexes)

    def ranking(self, before: Calibration) -> LearntRanking:
        """Its weights, with late interaction and without where the encoder has tokens, over the same indexes."""
        words, sentences = (replace(before, fusion=replace(before.fusion, by_token=each)) for each in (True, False))
        asked = self.ranked(words)
        learnt = learn_ranking(asked, words.fusion)
        if not asked or not self.models.encoder.fingerprint.has_tokens:
            return learnt
        return learn_interaction(learnt, learn_ranking(self.ranked(sentences), sentences.fusion))

    def ranked(self, calibration: Calibration) -> list[RankedQuestion]:
        """Every question that articles are known to answer, with its passages as they are ranked before reading."""
        found = []
        for asker, group, asked in self._askers(calibration, "ranked"):
            reranking = asker.judge.reranking
            for gold in asked:
                if gold.answers and not gold.history and group not in self.plan.unlearnt:
                    passages = asker.search(gold.question, gold.candidates)
                    ranked = passages.candidates
                    ranked = reranking.rank(passages.query.text, ranked) if reranking else ranked
                    found.append(RankedQuestion.of(group, gold, ranked))
        return found

    def cases(self, calibration: Calibration) -> list[OutcomeCase]:
        """Every question before what answers it and what does not."""
        found: list[OutcomeCase] = []
        for asker, group, asked in self._askers(calibration, "read"):
            found += own_cases(asker, group, asked)
        for corpus, index in self.indexes:
            asker = self._asker(index, calibration)
            for other in self.plan.strangers(corpus):
                some = self.plan.asked(other)[::STRANGERS_EVERY]
                found += stranger_cases(asker, f"{other.name} > {corpus[0].name}", some)
        return found

    def _askers(self, calibration: Calibration, what: str) -> Iterator[tuple[Asker, str, Iterator[GoldQuestion]]]:
        total, done = sum(len(self.plan.asked(each)) for each in self.plan.sets), 0
        for corpus, index in self.indexes:
            asker = self._asker(index, calibration)
            for given in corpus:
                asked = self.plan.asked(given)
                yield asker, given.name, _watched(asked, partial(self._show, what, done, total))
                done += len(asked)

    def _show(self, what: str, before: int, total: int, at: int) -> None:
        self.progress(what, before + at, total)

    def _asker(self, index: Index, calibration: Calibration) -> Asker:
        retriever = Retriever(index, self.models.encoder, calibration.fusion, self.before.chance)
        return Asker(retriever, self.models.judge(calibration))


def _watched(asked: Sequence[GoldQuestion], show: Callable[[int], None]) -> Iterator[GoldQuestion]:
    for place, gold in enumerate(asked):
        show(place)
        yield gold
