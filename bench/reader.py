"""What the reader adds to quoting sentences, and how much its say counts.

    python -m bench.reader ../shared/data ../shared/train

Only questions the reader was not trained on are asked (whole topics of XQuAD and ARCD were kept from it). The weight of
its word in the choice of sentences, and how far below the best a further sentence may score, are learnt: chosen on all
but one fold of topics in turn and reported on that one, then on everything for ``rag/calibration/``. The outcomes come
after: ``python -m bench.outcomes``.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bench.reports import write_report
from rag.answering.extractive import Extractive
from rag.answering.judge import Judge
from rag.answering.sentence_choice import ScoredSentence, SentenceChoice
from rag.answering.signals import marked_sentence
from rag.answering.window_reader import WindowReader
from rag.documents import Filters, Span
from rag.encoding.encoder import Encoder
from rag.encoding.loading import load_encoder
from rag.evaluation.evaluation_set import GoldQuestion, load_set
from rag.evaluation.metrics import exact_match, f1, mean, percentile
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.reader.loading import load_reader
from rag.reader.windows import AnswerReader, Window
from rag.retrieval.candidates import Findings, Query
from rag.retrieval.fusion import Fusion
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from training.examples import read_examples, spent
from training.validation import validation_sets

SETS = ("xquad-ar-ar", "xquad-en-ar", "xquad-es-ar", "xquad-ar-en", "xquad-en-en", "arcd")
CALIBRATION = Path(__file__).parents[1] / "rag" / "calibration"
READING = (0.0, 0.02, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3)
MARGINS = (0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.12, 0.13, 0.15)
SENTENCES = 2.0  # quoted on average, at most
TIMED_SET, TIMED, TURNS = "xquad-en-ar", 80, 3
FOLDS = 5
BEST = 5  # passages that are judged


class Asked(NamedTuple):
    """One question: its sentences best first without a reader, and what the reader found in some of them."""

    set_name: str
    gold: GoldQuestion
    query: Query
    ranked: Sequence[ScoredSentence]
    found: Findings

    @property
    def fold(self) -> int:
        """The fold of its first article, so that a paragraph's questions stay together."""
        return sum(self.gold.answers[0].article_id.split("-", 1)[1].encode()) % FOLDS


class Figures(NamedTuple):
    """Shares, 0 to 1: the answer lies in a quoted sentence; F1 of the surest words marked in one, and of the quotes.

    sentences: how many are quoted.
    """

    hit: float
    short_f1: float
    quoted_f1: float
    sentences: float


def main(data: Path, train: Path) -> None:
    """Ask, learn, report."""
    encoder = load_encoder(Settings.load(), print)
    reader = load_reader(Settings.load(), encoder, print)
    if reader is None:
        raise SystemExit("There is no reader: unset ISNAD_READER and ISNAD_READING.")
    known = spent(train)
    asked = [one for name in SETS for one in ask_set(data / name, encoder, reader, known)]
    alone = SentenceChoice.load()
    left_out: list[Figures] = []
    for fold in range(FOLDS):
        choice = best_choice([one for one in asked if one.fold != fold], alone)
        left_out += [figures_of(one, choice) for one in asked if one.fold == fold]
        print(f"fold {fold} left out: reading {choice.reading}, margin {choice.margin}", flush=True)
    order = [one for fold in range(FOLDS) for one in asked if one.fold == fold]
    choice = best_choice(asked, alone)
    save_choice(choice)
    report(
        [(one, figures_of(one, alone), figures) for one, figures in zip(order, left_out, strict=True)],
        [*gold_paragraphs(train, reader), "", waits(data / TIMED_SET, encoder, reader, known)],
    )


def ask_set(folder: Path, encoder: Encoder, reader: AnswerReader, known: frozenset[str]) -> Iterator[Asked]:
    """Every question of the set that the reader was not trained on."""
    given, choice = load_set(folder), SentenceChoice.load(with_reader=True)
    with tempfile.TemporaryDirectory() as scratch:
        index_given(list(dict.fromkeys(given.articles.values())), index_dir=Path(scratch), encoder=encoder)
        index = Index.open(Path(scratch), encoder.fingerprint)
        retriever, windows = Retriever(index, encoder, Fusion.load()), WindowReader(reader)
        for gold in given.questions:
            if gold.id not in known:
                found = retriever.search(retriever.query(gold.question), Filters(article_ids=gold.candidates), BEST)
                ranked = choice.rank(found.query, windows.rank(found.query.text, found.candidates)[:BEST])
                yield Asked(given.name, gold, found.query, ranked, windows.find(found.query.text, ranked, choice))
        index.close()


def waits(folder: Path, encoder: Encoder, reader: AnswerReader, known: frozenset[str]) -> str:
    """How long a question of the set takes without the reader and with it: each the quickest of its turns."""
    given = load_set(folder)
    questions = [gold.question for gold in given.questions if gold.id not in known][:TIMED]
    with tempfile.TemporaryDirectory() as scratch:
        index_given(given.articles.values(), index_dir=Path(scratch), encoder=encoder)
        index = Index.open(Path(scratch), encoder.fingerprint)
        taken: dict[AnswerReader | None, list[list[float]]] = {None: [], reader: []}
        for _, each in itertools.product(range(TURNS), taken):
            retriever, judge = Retriever(index, encoder, Fusion.load()), Judge.load(each)
            taken[each].append([milliseconds(retriever, judge, question) for question in questions])
        index.close()
    best = [[min(turns) for turns in zip(*each, strict=True)] for each in taken.values()]
    told = [f"{percentile(each, 0.5):.0f} ms (p95 {percentile(each, 0.95):.0f})" for each in best]
    return f"A question of {given.name} takes {told[0]} without the reader and {told[1]} with it."


def milliseconds(retriever: Retriever, judge: Judge, question: str) -> float:
    """From the question to the answer."""
    began = time.perf_counter()
    judgement = judge.judge(judge.case(retriever.search(retriever.query(question), Filters(), BEST), BEST))
    if judgement.outcome.status != "not_found":
        Extractive(judge.choice).quote(judgement)
    return 1e3 * (time.perf_counter() - began)


def best_choice(asked: Sequence[Asked], alone: SentenceChoice) -> SentenceChoice:
    """The weights with the most hits and F1 together that quote at most SENTENCES; sets count alike."""
    tried = [replace(alone, reading=r, margin=m) for r, m in itertools.product(READING, MARGINS)]
    brief = [choice for choice in tried if mean(by_set(asked, choice, lambda one: one.sentences)) <= SENTENCES]
    return max(brief, key=lambda choice: mean(by_set(asked, choice, lambda one: one.hit + one.short_f1)))


def by_set(asked: Sequence[Asked], choice: SentenceChoice, figure: Callable[[Figures], float]) -> list[float]:
    """The mean of a figure over each set."""
    got: dict[str, list[float]] = defaultdict(list)
    for one in asked:
        got[one.set_name].append(figure(figures_of(one, choice)))
    return [mean(values) for values in got.values()]


def figures_of(one: Asked, choice: SentenceChoice) -> Figures:
    """What the choice makes of a question."""
    chosen = choice.choose(one.query, choice.with_found(one.ranked, one.found))
    golds = [answer.text for answer in one.gold.answers]
    hit = any(
        sentence.article.id == gold.article_id and sentence.span.start <= gold.start and gold.end <= sentence.span.end
        for gold in one.gold.answers
        for sentence in chosen
    )
    best = marked_sentence(chosen)
    short = best.found.span.of(best.article.text) if best.found else ""
    quoted = " ".join(sentence.text for sentence in chosen)
    return Figures(float(hit), f1(short, golds), f1(quoted, golds), len(chosen))


def save_choice(choice: SentenceChoice) -> None:
    """Into ``sentences.json``, beside the weights without a reader."""
    path = CALIBRATION / "sentences.json"
    kept = json.loads(path.read_text("utf-8"))
    names = ("late", "passage", "expected", "margin", "reading")
    kept["with_reader"] = {name: getattr(choice, name) for name in names}
    path.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")


def gold_paragraphs(train: Path, reader: AnswerReader) -> Iterator[str]:
    """The table of F1 and exact match when the paragraph that answers is given, as the reader is shipped (int8)."""
    yield from ("| gold paragraph given | questions | F1 | exact match |", "|---|---|---|---|")
    for name, pairs in validation_sets(read_examples(train)).items():
        got = []
        for question, one in pairs:
            ((mark,),) = reader.read(question, [Window(one.context, (Span(0, len(one.context)),))])
            golds = [one.context[start:end] for start, end in one.answers]
            words = one.context[mark.start : mark.end] if mark else ""
            got.append((f1(words, golds), exact_match(words, golds)))
        shares = (100 * mean(each) for each in zip(*got, strict=True))
        yield f"| {name} | {len(pairs)} | " + " | ".join(f"{share:.1f}" for share in shares) + " |"


def report(rows: Sequence[tuple[Asked, Figures, Figures]], gold: Sequence[str]) -> None:
    """A line a set: sentences alone, and with the reader on the folds left out."""
    lines = [
        "| set | questions | hit, sentences alone | hit, with the reader | F1 of the quotes | F1 of the short answer "
        "| sentences, alone | with the reader |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in SETS:
        own = [(alone, read) for one, alone, read in rows if one.set_name == name]
        figures = (
            mean(alone.hit for alone, _ in own),
            mean(read.hit for _, read in own),
            mean(alone.quoted_f1 for alone, _ in own),
            mean(read.short_f1 for _, read in own),
            mean(alone.sentences for alone, _ in own),
            mean(read.sentences for _, read in own),
        )
        lines.append(f"| {name} | {len(own)} | " + " | ".join(f"{value:.3f}" for value in figures) + " |")
    write_report("reader", "python -m bench.reader ../shared/data ../shared/train", "\n".join([*lines, "", *gold]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
