"""Floors over a part of the evaluation sets beside the repository, a little below what was last measured.

The whole sets take minutes: ``python -m rag evaluate ../shared/data/*/``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from rag.encoding.encoder import Encoder
from rag.evaluation.evaluation_set import EvaluationSet, load_set
from rag.evaluation.measurement import measure
from rag.settings import Settings

ARTICLES, QUESTIONS = 40, 60
# set -> the least each figure may be
FLOORS: Mapping[str, Mapping[str, float]] = {
    "xquad-ar-ar": {"mrr@10": 0.97, "recall@1": 0.94, "hit": 0.75, "answered": 0.85},
    "xquad-en-ar": {"mrr@10": 0.93, "recall@1": 0.9, "hit": 0.7, "answered": 0.85},
}


def part_of(given: EvaluationSet) -> EvaluationSet:
    """The first articles, and the first questions that they answer."""
    articles = dict(list(given.articles.items())[:ARTICLES])
    questions = [question for question in given.questions if question.relevant <= articles.keys()]
    return EvaluationSet(given.name, articles, questions[:QUESTIONS])


@pytest.mark.shared
@pytest.mark.parametrize("name", FLOORS)
def test_quality_stays_above_its_floor(shared_dir, bundled_encoder: Encoder, name: str):
    result = measure(part_of(load_set(shared_dir / "data" / name)), Settings(), bundled_encoder).figures
    rates = result["refusal"]
    answered = 1 - rates["error_rate"] - rates["related_rate_answerable"]
    found = {**result["retrieval"], **result["answers"], "answered": answered}
    assert found["citation_exact"] == 1.0
    assert {figure: found[figure] for figure, floor in FLOORS[name].items() if found[figure] < floor} == {}, found
