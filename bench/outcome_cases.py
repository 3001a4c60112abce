"""Gathers what the rules of the three outcomes are learnt from: questions before passages that answer, or do not.

    python -m bench.outcome_cases ../shared/data ../shared/train FOLDER

FOLDER keeps the indexes and, a file a group of cases, the signals of each (JSON lines): a second run reads nothing
again, and :mod:`bench.outcomes` learns from them in seconds. Only questions the reader was not trained on are asked.
Kinds of case: ``+`` something found answers; ``missed`` it would, but was not found; ``near`` the articles that answer
are left out of what was found; ``un`` nothing answers, though the passages are on the subject; ``stranger`` the
question is another set's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bench.calibrate import BEST, OWN, SETS, STRANGERS, questions
from rag.answering.answering import Extractive
from rag.answering.follow_up import FollowUp, Reading, after_predecessors
from rag.answering.refusal import features
from rag.answering.sentence_choice import ScoredSentence
from rag.answering.signals import signals
from rag.documents import Filters, Span, Turn
from rag.encoding.encoder import Encoder, load_encoder
from rag.evaluation.evaluation_set import EvaluationSet, GoldAnswer, GoldQuestion, load_set
from rag.evaluation.metrics import f1
from rag.index.index import Index
from rag.ingestion.ingestion import index_given
from rag.reader.reader import load_reader
from rag.retrieval.chance import Chance
from rag.retrieval.fusion import Fusion
from rag.retrieval.retrieval import Candidate, Query, Retriever
from rag.settings import Settings
from training.examples import read_examples

ANALYST = "analyst-news"
KEPT = 8  # sentences of a case: what may be quoted is among the first few
STRANGERS_EVERY = 3  # of another set's questions: they are easily told


class Sentence(NamedTuple):
    """One of the best sentences: its score with reading, and what the reader marked, best first.

    holds: a gold answer lies in it, or it in one. right: F1 of the marked words; margin None where it was not read.
    """

    score: float
    margin: float | None
    holds: bool
    right: float


class Case(NamedTuple):
    """A question before a set of passages: group (set), kind, its id and topic, its signals and best sentences."""

    group: str
    kind: str
    question: str
    topic: str
    figures: dict[str, float]
    sentences: list[Sentence]

    @classmethod
    def read(cls, line: str) -> Case:
        """As :meth:`written`."""
        row = json.loads(line)
        return cls(**row | {"sentences": [Sentence(*each) for each in row["sentences"]]})

    def written(self) -> str:
        """One line of JSON."""
        return json.dumps(self._asdict(), ensure_ascii=False)


@dataclass(frozen=True)
class Asker:
    """One index with everything that answers from it."""

    retriever: Retriever
    extractive: Extractive
    chance: Chance

    def search(self, query: Query, articles: tuple[str, ...] = ()) -> list[Candidate]:
        """Every passage worth ranking, of these articles or any."""
        keys = self.retriever.propose(query, Filters(article_ids=articles), 20)
        return self.retriever.rank(query, keys)

    def judged(
        self, kind: str, group: str, gold: GoldQuestion, query: Query, found: Sequence[Candidate]
    ) -> Iterator[Case]:
        """The case of these passages, unless they hold no sentence."""
        best = self.retriever.read_best(query, found)[:BEST]
        ranked = self.extractive.rank(query, best)
        yield from self.case(kind, group, gold, query, best, ranked, {})

    def case(
        self,
        kind: str,
        group: str,
        gold: GoldQuestion,
        query: Query,
        best: Sequence[Candidate],
        ranked: Sequence[ScoredSentence],
        met: Mapping[str, float],
    ) -> Iterator[Case]:
        """With signals; ``met`` replaces those that a question in context has by both its readings."""
        if not ranked:
            return
        languages = {candidate.passage.language for candidate in best}
        chance = self.chance.of(query.tokens, languages, self.retriever.index.centring)
        figures = features(query, best, ranked) | signals(query, best, ranked, chance) | dict(met)
        answers = gold.answers if kind in ("+", "missed") else ()
        sentences = [told(each, answers) for each in ranked[:KEPT]]
        yield Case(group, kind, gold.id, topic_of(group, gold), figures, sentences)


def told(sentence: ScoredSentence, answers: Sequence[GoldAnswer]) -> Sentence:
    """What is kept of a sentence."""
    span, found = sentence.span, sentence.found
    holds = any(sentence.article.id == gold.article_id and nested(span, gold) for gold in answers)
    words = found.span.of(sentence.article.text) if found else ""
    right = f1(words, [gold.text for gold in answers]) if found and answers else 0.0
    return Sentence(sentence.score, found.margin if found else None, holds, right)


def nested(span: Span, gold: GoldAnswer) -> bool:
    """Whether one lies in the other."""
    start, end = max(span.start, gold.start), min(span.end, gold.end)
    return (start, end) in ((gold.start, gold.end), (span.start, span.end))


def topic_of(group: str, gold: GoldQuestion) -> str:
    """What must not be split between folds: an article with all its paragraphs, in every language; else the question.

    The ids of paragraphs are SET-ARTICLE-PARAGRAPH; XQuAD's are the same in each language.
    """
    if not gold.answers or group.startswith(ANALYST):
        return f"{group} {gold.id}"
    return f"{group.split('-')[0]} {gold.answers[0].article_id.split('-')[1]}"


def own_cases(asker: Asker, name: str, asked: Iterable[GoldQuestion]) -> Iterator[Case]:
    """A set's questions over its own articles, with those that answer and without."""
    for gold in asked:
        query = asker.retriever.read(gold.question)
        found = asker.search(query, gold.candidates)
        if not gold.answers:
            yield from asker.judged("+" if gold.answerable else "un", name, gold, query, found)
            continue
        there = any(candidate.article.id in gold.relevant for candidate in found[:BEST])
        yield from asker.judged("+" if there else "missed", name, gold, query, found)
        yield from asker.judged("near", name, gold, query, without(found, gold))


def without(found: Sequence[Candidate], gold: GoldQuestion) -> list[Candidate]:
    """What was found in articles that do not answer."""
    return [candidate for candidate in found if candidate.article.id not in gold.relevant]


def stranger_cases(asker: Asker, group: str, asked: Sequence[GoldQuestion]) -> Iterator[Case]:
    """Questions over the articles of another set."""
    for gold in asked[::STRANGERS_EVERY]:
        query = asker.retriever.read(gold.question)
        yield from asker.judged("stranger", group, gold, query, asker.search(query))


def analyst_cases(asker: Asker, folder: Path) -> Iterator[Case]:
    """An analyst's questions, those after others in their context; unanswerable ones are on a story's subject."""
    golds = {gold.id: gold for gold in load_set(folder).questions}
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        gold, history = golds[row["id"]], [Turn("user", each) for each in row.get("history", [])]
        query = asker.retriever.read(gold.question)
        found = asker.search(query)
        yield from in_context(asker, gold, Reading(query, found), history)
        if gold.answerable and not history:
            yield from asker.judged("near", ANALYST, gold, query, without(found, gold))


def in_context(asker: Asker, gold: GoldQuestion, alone: Reading, history: Sequence[Turn]) -> Iterator[Case]:
    """The question in the reading that the assistant would take; alone where it leans on none before it."""
    kind, leaning = "+" if gold.answerable else "un", []
    for text, words in after_predecessors(gold.question, history):
        query = asker.retriever.read(text, alone.query.language)
        follow_up = FollowUp.read(asker.retriever, alone, Reading(query, asker.search(query)).best(BEST), words)
        if follow_up.leans:
            leaning.append((follow_up.judge(asker.extractive), follow_up.met))
    if not leaning:
        yield from asker.judged(kind, ANALYST, gold, *alone)
        return
    judgement, met = max(leaning, key=lambda each: each[0].confidence)
    best = list({each.candidate.passage.key: each.candidate for each in judgement.sentences}.values())
    yield from asker.case(kind, ANALYST, gold, judgement.query, best, judgement.sentences, met)


def main(root: Path, train: Path, folder: Path) -> None:
    """Every group that the folder does not hold yet."""
    encoder = load_encoder(Settings.load(), print)
    reader = load_reader(encoder, Settings.load().cache_dir)
    sets = {name: load_set(root / name) for name in (*SETS, ANALYST)}
    asked = questions({name: each for name, each in sets.items() if name in SETS}, read_examples(train))
    for name in (ANALYST, *OWN):
        index = kept_index(folder / "index" / name, sets[name], encoder)
        retriever = Retriever(index, encoder, Fusion.load(), reader)
        asker = Asker(retriever, Extractive.load(reader), Chance.load(encoder.fingerprint))
        if name == ANALYST:
            keep(folder, name, analyst_cases(asker, root / name))
        for each in OWN.get(name, ()):
            keep(folder, each, own_cases(asker, each, asked[each]))
        for other in STRANGERS.get(name, ()):
            keep(folder, f"{other} > {name}", stranger_cases(asker, f"{other} > {name}", asked[other]))
        index.close()


def kept_index(folder: Path, given: EvaluationSet, encoder: Encoder) -> Index:
    """The index of a set's articles, built where the folder has none. A build that was cut short goes on."""
    if not (folder / "built").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        index_given(dict.fromkeys(given.articles.values()), index_dir=folder, encoder=encoder)
        (folder / "built").touch()
    return Index.open(folder, encoder.fingerprint)


def keep(folder: Path, group: str, cases: Iterable[Case]) -> None:
    """Into a file of the folder, at once, unless it is there."""
    path = folder / f"{group.replace(' > ', '~')}.jsonl"
    if not path.is_file():
        lines = [each.written() for each in cases]
        path.write_text("\n".join(lines) + "\n", "utf-8")
        print(group, len(lines), "cases", flush=True)


def kept_cases(folder: Path) -> list[Case]:
    """All that were gathered."""
    return [Case.read(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
