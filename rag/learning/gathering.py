"""Puts the questions of evaluation sets to their articles and keeps what the judge would judge by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.answering.follow_up import FollowUp, after_predecessors
from rag.answering.judge import Case, Judge
from rag.answering.sentence_choice import ScoredSentence
from rag.answering.signals import marked_sentence
from rag.documents import Filters, Span, Turn
from rag.evaluation.evaluation_set import GoldAnswer, GoldQuestion
from rag.evaluation.metrics import f1
from rag.learning.cases import OutcomeCase, RatedSentence, topic_of
from rag.retrieval.candidates import Retrieved
from rag.retrieval.retriever import Retriever

PROPOSED = 20  # passages asked of each side of the search
BEST = 5  # passages that are judged
KEPT = 8  # sentences of a case: what may be quoted is among the first few


@dataclass(frozen=True)
class Asker:
    """One index, and what judges what is found in it."""

    retriever: Retriever
    judge: Judge

    def search(self, question: str, articles: tuple[str, ...] = (), language: str = "") -> Retrieved:
        """Every passage worth ranking, of these articles or any."""
        query = self.retriever.query(question, language)
        return self.retriever.search(query, Filters(article_ids=articles), PROPOSED)

    def judged(self, kind: str, group: str, gold: GoldQuestion, found: Retrieved) -> Iterator[OutcomeCase]:
        """The case of these passages, unless they hold no sentence."""
        yield from self.case(kind, group, gold, self.judge.case(found, BEST))

    def case(self, kind: str, group: str, gold: GoldQuestion, judged: Case) -> Iterator[OutcomeCase]:
        """With its figures and best sentences."""
        ranked = self.judge.sentences(judged.query, judged.scored)
        if ranked:
            answers = gold.answers if kind in ("+", "missed") else ()
            sentences = [rated(each, answers) for each in ranked[:KEPT]]
            short = ranked.index(marked_sentence(ranked))
            figures = self.judge.figures(judged, ranked)
            topic = topic_of(group, gold)
            yield OutcomeCase(group, kind, gold.id, topic, figures, sentences, short, bool(gold.answers))

    def in_context(self, gold: GoldQuestion, alone: Retrieved) -> Case:
        """The question in the wording that the assistant would take; alone where it leans on none before it."""
        leaning: list[Case] = []
        for text, words in after_predecessors(gold.question, [Turn("user", each) for each in gold.history]):
            worded = self.search(text, language=alone.query.language).best(BEST)
            follow_up = FollowUp.of(self.retriever, alone, worded, words)
            leaning += [follow_up.case] if follow_up.leans else []
        if not leaning:
            return self.judge.case(alone, BEST)
        return max(leaning, key=lambda case: self.judge.judge(case).outcome.confidence)


def own_cases(asker: Asker, name: str, asked: Iterable[GoldQuestion]) -> Iterator[OutcomeCase]:
    """A set's questions over its own articles, with those that answer and without."""
    for gold in asked:
        found = asker.search(gold.question, gold.candidates)
        case = asker.in_context(gold, found)
        if not gold.answers:
            yield from asker.case("+" if gold.answerable else "un", name, gold, case)
            continue
        there = any(candidate.article.id in gold.relevant for candidate in case.candidates)
        yield from asker.case("+" if there else "missed", name, gold, case)
        if not gold.history:
            yield from asker.judged("near", name, gold, without(found, gold))


def stranger_cases(asker: Asker, group: str, asked: Sequence[GoldQuestion]) -> Iterator[OutcomeCase]:
    """Questions over the articles of another set."""
    for gold in asked:
        yield from asker.judged("stranger", group, gold, asker.search(gold.question))


def without(found: Retrieved, gold: GoldQuestion) -> Retrieved:
    """What was found in articles that do not answer."""
    return Retrieved(found.query, [each for each in found.candidates if each.article.id not in gold.relevant])


def rated(sentence: ScoredSentence, answers: Sequence[GoldAnswer]) -> RatedSentence:
    """What is kept of a sentence."""
    span, found = sentence.span, sentence.found
    holds = any(sentence.article.id == gold.article_id and nested(span, gold) for gold in answers)
    words = found.span.of(sentence.article.text) if found else ""
    right = f1(words, [gold.text for gold in answers]) if found and answers else 0.0
    return RatedSentence(sentence.score, found.margin if found else None, holds, right)


def nested(span: Span, gold: GoldAnswer) -> bool:
    """Whether one lies in the other."""
    start, end = max(span.start, gold.start), min(span.end, gold.end)
    return (start, end) in ((gold.start, gold.end), (span.start, span.end))
