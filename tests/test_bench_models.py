"""The table of models: what a name is, which questions are asked, and which rows are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import models, reports
from rag.errors import EncoderError
from rag.evaluation.evaluation_set import EvaluationSet, GoldQuestion

FIGURES = {
    "dataset": "arcd",
    "questions": 40,
    "retrieval": {"mrr@10": 0.91234},
    "answers": {"hit": 1.0},
    "cpu_ms": {"CPU ms": 41.4},
}
ROW = "| bundled | bundled | shipped | arcd | 40 | 0.912 | 1.000 |  |  |  | 41 |"


@pytest.mark.parametrize(
    ("architecture", "kind"),
    [
        ("XLMRobertaForQuestionAnswering", "reader"),
        ("BertForSequenceClassification", "reranker"),
        ("XLMRobertaModel", "encoder"),
    ],
)
def test_what_a_model_is_its_configuration_says(tmp_path: Path, architecture: str, kind: str) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"architectures": [architecture]}), "utf-8")
    assert models.kind_of(str(tmp_path)) == kind


def test_a_model_that_is_not_here_is_told() -> None:
    assert models.kind_of("bundled") == "bundled"
    with pytest.raises(EncoderError, match="nobody/nothing"):
        models.kind_of("nobody/nothing")


def test_a_figure_that_a_set_cannot_give_is_left_blank() -> None:
    assert models.row(("bundled", "bundled", "shipped"), FIGURES) == ROW


def test_questions_are_spread_over_those_that_no_reader_has_learnt() -> None:
    asked = [GoldQuestion(f"en-{n}", "?", "en", answerable=True) for n in range(10)]
    left = models.some(EvaluationSet("set", {}, asked), frozenset({"0", "1"}), 4).questions
    assert [gold.id for gold in left] == ["en-2", "en-4", "en-6", "en-8"]
    assert models.some(EvaluationSet("set", {}, ()), frozenset(), 4).questions == []


def test_rows_of_other_models_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (models, reports):
        monkeypatch.setattr(module, "RESULTS", tmp_path)
    assert models.kept_rows() == {}
    reports.write_report("models", "python -m bench.models NAME...", models.markdown([ROW]))
    other, anew = ROW.replace("shipped", "learnt"), ROW.replace("0.912", "0.913")
    assert list((models.kept_rows() | models.keyed(other, anew)).values()) == [anew, other]
