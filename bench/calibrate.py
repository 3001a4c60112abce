"""Learns when to refuse, with cross-validation: ``rag/calibration/refusal.json``, ``bench/results/refusal.md``.

    python -m bench.calibrate ../shared/data ../shared/train

Two rules are learnt: one for the sentences alone, one for what the reader says of them too (:mod:`bench.reader` learns
before how much that counts in the choice of the sentence). Both see only questions the reader was not trained on;
``../shared/train`` tells which.

Answerable: questions of the sets with answers (where retrieval found the article) and those NoMIRACL says are. Not
answerable: the same questions with the articles that answer taken out of what was found (near misses), the questions
of another set (strangers to the articles), and NoMIRACL's others. A logistic rule by Newton's method; every set weighs
the same, and so do the three kinds of case in it; figures are of the folds left out.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.pictures import save_picture
from bench.reports import write_report
from rag.answering.judge import Judge
from rag.answering.refusal import features
from rag.documents import Filters
from rag.encoding.loading import load_encoder
from rag.evaluation.evaluation_set import EvaluationSet, GoldQuestion, load_set
from rag.evaluation.report.plots import Line, Mark, line_chart, percent_axis
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.reader.bundled_reader import load_reader
from rag.retrieval.candidates import Candidate, Query, Retrieved
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
COMMAND = "python -m bench.calibrate ../shared/data ../shared/train"
OUTPUT = Path(__file__).parent.parent / "rag" / "calibration" / "refusal.json"
QUESTIONS = 500  # of each set, at most
BEST = 5  # passages that are judged
FOLDS, RIDGE = 5, 1.0
ERRORS = 0.042  # share of the answerable questions of any set, of those whose article was found, that may be refused
NEAR, FAR = 0.3, 1.0  # what a near miss and a stranger weigh
# Not learnt: in these sets the sentence was chosen because it holds what was asked for, so that holding it says less
# than it does elsewhere, and questions for several countries are too few. The weight is a cautious guess.
PRIORS = {"found": 1.5}
SHOWN_ERRORS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
GPT_4 = (0.11, 0.37)  # its error and hallucination rates on NoMIRACL, as published


class Case(NamedTuple):
    """One question before one set of passages: which set and kind, and whether they answer it."""

    group: str
    question: str
    answerable: bool
    figures: dict[str, float]
    read: dict[str, float]
    """The figures with a reader's part in them."""


class Learnt(NamedTuple):
    """A rule as the program loads it and, of the folds left out, the share answered of each group and NoMIRACL's curve.

    curve: (error rate, hallucination rate) at each threshold. here: the two at the rule's own.
    """

    rule: dict[str, object]
    answered: dict[str, float]
    curve: list[tuple[float, float]]
    here: tuple[float, float]


@dataclass(frozen=True)
class Judges:
    """The chain without a reader and with it."""

    alone: Judge
    reading: Judge


def main(root: Path, train: Path) -> None:
    """Gather the cases of every set, learn, and write."""
    encoder = load_encoder(Settings.load(), print)
    reader = load_reader(encoder, Settings.load().cache_dir)
    judges = Judges(Judge.load(), Judge.load(reader))
    sets = {name: load_set(root / name) for name in SETS}
    asked = questions(sets, read_examples(train))
    cases: list[Case] = []
    for name, own_sets in OWN.items():
        with tempfile.TemporaryDirectory() as folder:
            index_given(sets[name].articles.values(), index_dir=Path(folder), encoder=encoder)
            index = Index.open(Path(folder), encoder.fingerprint)
            retriever = Retriever(index, encoder, Fusion.load())
            for each in own_sets:
                cases += [*own(each, asked[each], retriever, judges)]
            for other in STRANGERS.get(name, ()):
                cases += [*strangers(f"{other} > {name}", asked[other], retriever, judges)]
            index.close()
        print(name, len(cases), "cases", flush=True)
    alone = learn([(one, one.figures) for one in cases])
    reading = learn([(one, one.read) for one in cases])
    save(alone.rule | {"with_reader": reading.rule})
    write_report("refusal", COMMAND, markdown(alone, reading))


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


def own(name: str, asked: Sequence[GoldQuestion], retriever: Retriever, judges: Judges) -> Iterator[Case]:
    """A set's questions over its own articles, with and without those that answer."""
    for gold in asked:
        query = retriever.query(gold.question)
        found = retriever.rank(query, retriever.propose(query, Filters(article_ids=gold.candidates), 20))
        relevant = {answer.article_id for answer in gold.answers}
        if not gold.answers:
            yield from case(name, gold, gold.answerable, query, found, judges)
            continue
        if any(candidate.article.id in relevant for candidate in found[:BEST]):
            yield from case(name, gold, True, query, found, judges)
        misses = [candidate for candidate in found if candidate.article.id not in relevant]
        yield from case(name, gold, False, query, misses, judges)


def strangers(group: str, asked: Sequence[GoldQuestion], retriever: Retriever, judges: Judges) -> Iterator[Case]:
    """Questions over the articles of another set."""
    for gold in asked:
        query = retriever.query(gold.question)
        found = retriever.rank(query, retriever.propose(query, Filters(), 20))
        yield from case(group, gold, False, query, found, judges)


def sample(questions: Sequence[GoldQuestion]) -> Sequence[GoldQuestion]:
    """Questions spread evenly over the set, which may be sorted by whether they can be answered."""
    return questions[:: -(-len(questions) // QUESTIONS)]


def spent(train: Path) -> frozenset[str]:
    """Ids of the questions the reader was trained on."""
    return frozenset(one.id for one in read_examples(train) if not one.held_out)


def case(
    group: str,
    gold: GoldQuestion,
    answerable: bool,
    query: Query,
    found: Sequence[Candidate],
    judges: Judges,
) -> Iterator[Case]:
    """The case, unless nothing was found that could be judged."""
    best, read = found[:BEST], judges.reading.passages(Retrieved(query, found))[:BEST]
    if ranked := judges.alone.sentences(query, best):
        figures = features(query, read, judges.reading.sentences(query, read))
        yield Case(group, gold.id, answerable, features(query, best, ranked), figures)


def learn(cases: Sequence[tuple[Case, dict[str, float]]]) -> Learnt:
    """Learn on all cases, report on the folds left out."""
    answerable = np.array([one.answerable for one, _ in cases])
    groups = np.array([f"{one.group} {'+' if one.answerable else '-'}" for one, _ in cases])
    reads = any(figures["reading"] for _, figures in cases)
    names = [name for name in cases[0][1] if name not in PRIORS and (reads or name != "reading")]
    figures = np.array([[given[name] for name in names] for _, given in cases])
    weight = balanced(groups, answerable)
    fold = np.array([sum(one.question.encode()) % FOLDS for one, _ in cases])
    held_out = np.zeros(len(cases))
    for each in range(FOLDS):
        train = fold != each
        held_out[~train] = predict(figures[~train], fit(figures[train], answerable[train], weight[train]))
    solution = fit(figures, answerable, weight)
    judged = answerable & (groups != "nomiracl +")
    threshold = min(float(np.quantile(held_out[groups == g], ERRORS)) for g in set(groups[judged]))
    answered = {
        group: round(float((held_out[groups == group] >= threshold).mean()), 4) for group in sorted(set(groups))
    }
    rule: dict[str, object] = {
        "weights": {name: round(float(value), 4) for name, value in zip(names, solution[1:], strict=True)} | PRIORS,
        "offset": round(float(solution[0]), 4),
        "threshold": round(threshold, 4),
        "made_by": COMMAND,
        "answered, of the folds left out": answered,
    }
    curve = trades(held_out[groups == "nomiracl +"], held_out[groups == "nomiracl -"])
    return Learnt(rule, answered, curve, (1 - answered["nomiracl +"], answered["nomiracl -"]))


def trades(answerable: np.ndarray, unanswerable: np.ndarray) -> list[tuple[float, float]]:
    """(error rate, hallucination rate) at every threshold that tells two confidences apart, the lowest first."""
    levels = np.unique(np.concatenate([answerable, unanswerable, [np.inf]]))
    return [(float((answerable < level).mean()), float((unanswerable >= level).mean())) for level in levels]


def markdown(alone: Learnt, reading: Learnt) -> str:
    """The share answered by group, what NoMIRACL's error rate buys, and its curve as a picture."""
    lines = ["Of the folds left out; + answerable, - not, > questions of one set to the articles of another.", ""]
    lines += ["| answered | sentences alone | with the reader |", "|---|---|---|"]
    lines += [f"| {group} | {share:.3f} | {reading.answered[group]:.3f} |" for group, share in alone.answered.items()]
    lines += [
        "",
        "| NoMIRACL: hallucination rate at an error rate of | sentences alone | with the reader |",
        "|---|---|---|",
    ]
    for error in SHOWN_ERRORS:
        cells = [f"{min(h for e, h in learnt.curve if e <= error):.3f}" for learnt in (alone, reading)]
        lines.append(f"| {error:.2f} | " + " | ".join(cells) + " |")
    says = "NoMIRACL: hallucination rate against error rate, with the reader, of the folds left out"
    chart = line_chart(
        says,
        percent_axis("error rate: refused, though answerable"),
        percent_axis("hallucination rate"),
        [Line([(0, 1), (1, 0)], style="ceiling"), Line(reading.curve, steps=True)],
        [Mark("the default", *reading.here), Mark("GPT-4 (Thakur et al. 2024)", *GPT_4)],
    )
    return "\n".join([*lines, "", save_picture("refusal", chart, says)])


def save(learnt: Mapping[str, object]) -> None:
    """Write both rules with their figures."""
    OUTPUT.write_text(json.dumps(learnt, indent=2) + "\n", "utf-8")


def balanced(groups: np.ndarray, answerable: np.ndarray) -> np.ndarray:
    """Every group alike but for NEAR and FAR, and both answers alike."""
    weight = np.zeros(len(groups))
    for group in set(groups):
        kind = 1.0 if group.endswith("+") else FAR if ">" in group else NEAR
        weight[groups == group] = kind / (groups == group).sum()
    weight[~answerable] *= weight[answerable].sum() / weight[~answerable].sum()
    balanced_weight: np.ndarray = weight * len(weight) / weight.sum()
    return balanced_weight


def fit(figures: np.ndarray, labels: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Offset and weights of a ridge logistic regression, by Newton's method."""
    inputs = np.column_stack([np.ones(len(figures)), figures])
    solution = np.zeros(inputs.shape[1])
    ridge = np.diag([0.0, *[RIDGE] * figures.shape[1]])
    for _ in range(50):
        p = predict(figures, solution)
        gradient = inputs.T @ (weight * (p - labels)) + ridge @ solution
        hessian = (inputs * (weight * p * (1 - p))[:, None]).T @ inputs + ridge
        step = np.linalg.solve(hessian, gradient)
        solution -= step
        if np.abs(step).max() < 1e-8:
            break
    return solution


def predict(figures: np.ndarray, solution: np.ndarray) -> np.ndarray:
    """Probabilities."""
    odds: np.ndarray = np.exp(-(solution[0] + figures @ solution[1:]))
    return 1 / (1 + odds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
