"""Gathers what the rules of the three outcomes are learnt from: questions before passages that answer, or do not.

    python -m bench.outcome_cases ../shared/data ../shared/train FOLDER

FOLDER keeps the indexes and, a file a group of cases, the signals of each (JSON lines): a second run reads nothing
again, and :mod:`bench.outcomes` learns from them in seconds. Only questions the reader was not trained on are asked.
Kinds of case: ``+`` something found answers; ``missed`` it would, but was not found; ``near`` the articles that answer
are left out of what was found; ``un`` nothing answers, though the passages are on the subject; ``stranger`` the
question is another set's.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from rag.answering.follow_up import FollowUp, after_predecessors
from rag.answering.judge import Case as JudgedCase
from rag.answering.judge import Judge
from rag.answering.sentence_choice import ScoredSentence
from rag.answering.signals import marked_sentence
from rag.documents import Filters, Span, Turn
from rag.encoding.encoder import Encoder
from rag.encoding.loading import load_encoder
from rag.evaluation.evaluation_set import EvaluationSet, GoldAnswer, GoldQuestion, load_set
from rag.evaluation.metrics import f1
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.reader.loading import load_reader
from rag.retrieval.candidates import Retrieved
from rag.retrieval.fusion import Fusion
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from training.examples import XQUAD, Example, read_examples

SETS = ("nomiracl", "arcd", "xquad-ar-ar", "xquad-en-ar", "xquad-es-ar", "xquad-ar-en", "xquad-en-en")
MIXED = "xquad-xx-ar"  # XQuAD's Arabic paragraphs, asked in other languages in turn
OWN = {  # the set whose articles are indexed, and those whose questions they answer
    "nomiracl": ("nomiracl",),
    "arcd": ("arcd",),
    "xquad-ar-ar": ("xquad-ar-ar", "xquad-en-ar", "xquad-es-ar", MIXED),
    "xquad-en-en": ("xquad-en-en", "xquad-ar-en"),
}
STRANGERS = {  # whose questions to put to the same articles besides
    "arcd": ("xquad-ar-ar", "xquad-en-ar", "xquad-es-ar", MIXED),
    "xquad-ar-ar": ("arcd", "nomiracl"),
    "xquad-en-en": ("arcd", "nomiracl"),
}
QUESTIONS = 500  # of each set, at most
BEST = 5  # passages that are judged
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
    """A question before a set of passages: group (set), kind, its id and topic, its signals and best sentences.

    short: which of the sentences gives the short answer.
    """

    group: str
    kind: str
    question: str
    topic: str
    figures: dict[str, float]
    sentences: list[Sentence]
    short: int = 0

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
    """One index, and what judges what is found in it."""

    retriever: Retriever
    judge: Judge

    def search(self, question: str, articles: tuple[str, ...] = (), language: str = "") -> Retrieved:
        """Every passage worth ranking, of these articles or any."""
        query = self.retriever.query(question, language)
        keys = self.retriever.propose(query, Filters(article_ids=articles), 20)
        return Retrieved(query, self.retriever.rank(query, keys))

    def judged(self, kind: str, group: str, gold: GoldQuestion, found: Retrieved) -> Iterator[Case]:
        """The case of these passages, unless they hold no sentence."""
        yield from self.case(kind, group, gold, self.judge.case(found, BEST))

    def case(self, kind: str, group: str, gold: GoldQuestion, judged: JudgedCase) -> Iterator[Case]:
        """With its figures and best sentences."""
        ranked = self.judge.sentences(judged.query, judged.scored)
        if ranked:
            answers = gold.answers if kind in ("+", "missed") else ()
            sentences = [told(each, answers) for each in ranked[:KEPT]]
            short = ranked.index(marked_sentence(ranked))
            figures = self.judge.figures(judged, ranked)
            yield Case(group, kind, gold.id, topic_of(group, gold), figures, sentences, short)


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
        found = asker.search(gold.question, gold.candidates)
        if not gold.answers:
            yield from asker.judged("+" if gold.answerable else "un", name, gold, found)
            continue
        there = any(candidate.article.id in gold.relevant for candidate in found.candidates[:BEST])
        yield from asker.judged("+" if there else "missed", name, gold, found)
        yield from asker.judged("near", name, gold, without(found, gold))


def without(found: Retrieved, gold: GoldQuestion) -> Retrieved:
    """What was found in articles that do not answer."""
    return Retrieved(found.query, [each for each in found.candidates if each.article.id not in gold.relevant])


def stranger_cases(asker: Asker, group: str, asked: Sequence[GoldQuestion]) -> Iterator[Case]:
    """Questions over the articles of another set."""
    for gold in asked[::STRANGERS_EVERY]:
        yield from asker.judged("stranger", group, gold, asker.search(gold.question))


def analyst_cases(asker: Asker, folder: Path) -> Iterator[Case]:
    """An analyst's questions, those after others in their context; unanswerable ones are on a story's subject."""
    golds = {gold.id: gold for gold in load_set(folder).questions}
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        gold, history = golds[row["id"]], [Turn("user", each) for each in row.get("history", [])]
        found = asker.search(gold.question)
        yield from asker.case("+" if gold.answerable else "un", ANALYST, gold, in_context(asker, gold, found, history))
        if gold.answerable and not history:
            yield from asker.judged("near", ANALYST, gold, without(found, gold))


def in_context(asker: Asker, gold: GoldQuestion, alone: Retrieved, history: Sequence[Turn]) -> JudgedCase:
    """The question in the wording that the assistant would take; alone where it leans on none before it."""
    leaning: list[JudgedCase] = []
    for text, words in after_predecessors(gold.question, history):
        worded = asker.search(text, language=alone.query.language).best(BEST)
        follow_up = FollowUp.of(asker.retriever, alone, worded, words)
        leaning += [follow_up.case] if follow_up.leans else []
    if not leaning:
        return asker.judge.case(alone, BEST)
    return max(leaning, key=lambda case: asker.judge.judge(case).outcome.confidence)


def questions(sets: Mapping[str, EvaluationSet], examples: Sequence[Example]) -> dict[str, Sequence[GoldQuestion]]:
    """Of each set those the reader was not trained on, at most QUESTIONS; and XQuAD's in the languages of no set."""
    known = frozenset(one.id for one in examples if not one.held_out)
    asked = {name: sample([gold for gold in each.questions if gold.id not in known]) for name, each in sets.items()}
    covered = {gold.language for name in OWN["xquad-ar-ar"] if name in asked for gold in asked[name]}
    versions = {(one.id, one.language): one.question for one in examples if one.source == XQUAD}
    turns = itertools.cycle(sorted({language for _, language in versions} - covered))
    mixed = [
        replace(gold, question=versions[gold.id, language], language=language)
        for gold, language in zip(asked["xquad-ar-ar"], turns, strict=False)
    ]
    return asked | {MIXED: mixed}


def sample(questions: Sequence[GoldQuestion]) -> Sequence[GoldQuestion]:
    """Questions spread evenly over the set, which may be sorted by whether they can be answered."""
    return questions[:: -(-len(questions) // QUESTIONS)]


def main(root: Path, train: Path, folder: Path) -> None:
    """Every group that the folder does not hold yet, with a reader and without."""
    encoder = load_encoder(Settings.load(), print)
    judges = {"alone": Judge.load(), "with_reader": Judge.load(load_reader(Settings.load(), encoder))}
    sets = {name: load_set(root / name) for name in (*SETS, ANALYST)}
    asked = questions({name: each for name, each in sets.items() if name in SETS}, read_examples(train))
    for name in (ANALYST, *OWN):
        index = kept_index(folder / "index" / name, sets[name], encoder)
        retriever = Retriever(index, encoder, Fusion.load())
        for kept, judge in judges.items():
            gather(folder / kept, name, asked, Asker(retriever, judge), root / ANALYST)
        index.close()


def gather(folder: Path, name: str, asked: Mapping[str, Sequence[GoldQuestion]], asker: Asker, analyst: Path) -> None:
    """All cases over one index."""
    folder.mkdir(parents=True, exist_ok=True)
    if name == ANALYST:
        keep(folder, name, analyst_cases(asker, analyst))
    for each in OWN.get(name, ()):
        keep(folder, each, own_cases(asker, each, asked[each]))
    for other in STRANGERS.get(name, ()):
        keep(folder, f"{other} > {name}", stranger_cases(asker, f"{other} > {name}", asked[other]))


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
