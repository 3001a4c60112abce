"""Learns when to refuse, with cross-validation, and writes ``rag/calibration/refusal.json``.

    python -m bench.calibrate ../shared/data

Answerable: questions of the sets with answers (where retrieval found the article) and those NoMIRACL says are. Not
answerable: the same questions with the articles that answer taken out of what was found, and NoMIRACL's others. A
logistic rule by Newton's method; every set weighs the same; figures are of the folds left out.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from rag.documents import Filters
from rag.encoder import load_encoder
from rag.evaluation_set import EvaluationSet, load_set
from rag.fusion import Fusion
from rag.index import Index
from rag.ingestion import index_given
from rag.refusal import features
from rag.retrieval import Candidate, Query, Retriever
from rag.sentence_choice import SentenceChoice
from rag.settings import Settings

SETS = ("nomiracl", "arcd", "xquad-ar-ar", "xquad-en-ar", "xquad-es-ar", "xquad-ar-en", "xquad-en-en")
OUTPUT = Path(__file__).parent.parent / "rag" / "calibration" / "refusal.json"
QUESTIONS = 300  # of each set
FOLDS, RIDGE, ERRORS = 5, 1.0, 0.05  # share of answerable questions the threshold may refuse on sets with answers


def main(root: Path) -> None:
    """Gather the cases of every set, learn, and write."""
    encoder = load_encoder(Settings.load(), print)
    choice = SentenceChoice.load()
    rows: list[tuple[str, str, bool, dict[str, float]]] = []
    for name in SETS:
        given = load_set(root / name)
        with tempfile.TemporaryDirectory() as folder:
            index_given(given.articles.values(), index_dir=Path(folder), encoder=encoder)
            retriever = Retriever(Index.open(Path(folder), encoder.fingerprint), encoder, Fusion.load())
            for question, answerable, query, candidates in cases(given, retriever):
                ranked = choice.rank(query, candidates)
                if ranked:
                    rows.append((name, question, answerable, features(query, candidates, ranked)))
        print(name, sum(row[0] == name for row in rows), "cases", flush=True)
    save(rows)


def cases(given: EvaluationSet, retriever: Retriever) -> Iterator[tuple[str, bool, Query, Sequence[Candidate]]]:
    """(question id, whether what follows answers it, the query, its five best candidates)."""
    for gold in given.questions[:QUESTIONS]:
        query = retriever.read(gold.question)
        filters = Filters(article_ids=gold.candidates)
        found = retriever.rank(query, retriever.propose(query, filters, 20))
        if not gold.answers:
            yield gold.id, gold.answerable, query, found[:5]
            continue
        relevant = {answer.article_id for answer in gold.answers}
        if any(candidate.article.id in relevant for candidate in found[:5]):
            yield gold.id, True, query, found[:5]
        yield gold.id, False, query, [c for c in found if c.article.id not in relevant][:5]


def save(rows: Sequence[tuple[str, str, bool, dict[str, float]]]) -> None:
    """Learn on all rows, report on the folds left out, and write the rule with its figures."""
    sets = np.array([row[0] for row in rows])
    answerable = np.array([row[2] for row in rows])
    names = list(rows[0][3])
    figures = np.array([[row[3][name] for name in names] for row in rows])
    fold = np.array([sum(row[1].encode()) % FOLDS for row in rows])
    weight = 1 / np.array([(sets == name).sum() for name in sets])
    weight *= len(rows) / weight.sum()
    held_out = np.zeros(len(rows))
    for each in range(FOLDS):
        train = fold != each
        solution = fit(figures[train], answerable[train], weight[train])
        held_out[~train] = predict(figures[~train], solution)
    solution = fit(figures, answerable, weight)
    with_answers = sets != "nomiracl"
    threshold = float(np.quantile(held_out[with_answers & answerable], ERRORS))
    table = {name: rates(held_out[sets == name], answerable[sets == name], threshold) for name in SETS}
    for name, line in table.items():
        print(f"{name:12} hallucination {line['hallucination_rate']:.3f}  error {line['error_rate']:.3f}")
    learnt = {
        "weights": {name: round(float(value), 4) for name, value in zip(names, solution[1:], strict=True)},
        "offset": round(float(solution[0]), 4),
        "threshold": round(threshold, 4),
        "made_by": "python -m bench.calibrate ../shared/data",
        "held_out": table,
    }
    OUTPUT.write_text(json.dumps(learnt, indent=2) + "\n", "utf-8")


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
    return 1 / (1 + np.exp(-(solution[0] + figures @ solution[1:])))


def rates(scores: np.ndarray, answerable: np.ndarray, threshold: float) -> dict[str, float]:
    """NoMIRACL's: answered among the unanswerable, refused among the answerable."""
    return {
        "hallucination_rate": round(float((scores[~answerable] >= threshold).mean()), 4),
        "error_rate": round(float((scores[answerable] < threshold).mean()), 4),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
