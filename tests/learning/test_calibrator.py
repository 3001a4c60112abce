"""A calibration from beginning to end, with stand-ins for the models."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.answering.models import LoadedModels
from rag.answering.outcome import OutcomeRules
from rag.documents import Float32
from rag.encoding.encoder import Encoding
from rag.encoding.model_folders import ModelIdentity
from rag.errors import EvaluationError
from rag.evaluation.evaluation_set import EvaluationSet
from rag.learning.calibrator import Calibrated, Plan, calibrate
from rag.learning.change_report import change_table, markdown
from rag.reader.windows import Marked, Window
from rag.retrieval.calibration import Calibration
from tests.fakes import HashEncoder
from tests.learning.made_sets import made_set

YEAR, TOWN = re.compile(r"\d{4}"), re.compile(r"\w+town\d+")


class YearReader:
    """Marks the year of a sentence that names the question's town first, with a good margin."""

    identity = ModelIdentity("years", "1" * 64)

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Marked | None]]:
        return [[self._mark(question, window.text, s.start, s.end) for s in window.sentences] for window in windows]

    def _mark(self, question: str, text: str, start: int, end: int) -> Marked | None:
        year, town = YEAR.search(text, start, end), TOWN.search(text, start, end)
        if not year:
            return None
        asked = TOWN.search(question)
        right = bool(asked and town and asked[0] == town[0]) and question.startswith("When")
        return Marked(year.start(), year.end(), 6.0 if right else -6.0)


class TownScorer:
    """Scores a passage by whether it begins with the question's town."""

    identity = ModelIdentity("towns", "2" * 64)

    def score(self, question: str, passages: Sequence[str]) -> Float32:
        asked = TOWN.findall(question)[:1]
        return np.array([8.0 if TOWN.findall(each)[:1] == asked else -8.0 for each in passages], dtype=np.float32)


class SwayingEncoder(HashEncoder):
    """Tokens that lie far off, one to this side and the next to the other: only their mean tells anything."""

    def _encode(self, title: str, text: str) -> Encoding:
        encoding = super()._encode(title, text)
        tokens = encoding.tokens.copy()
        pairs = len(tokens) // 2 * 2
        away = 3 * np.random.default_rng(pairs).standard_normal((pairs // 2, self.dimension)).astype(np.float32)
        tokens[0:pairs:2] += away
        tokens[1:pairs:2] -= away
        return replace(encoding, tokens=tokens)


MODELS = LoadedModels(HashEncoder(), YearReader(), TownScorer(), rerank_passages=10)


def learnt(plan: Plan, index_dir: Path, models: LoadedModels = MODELS) -> tuple[Calibration, Calibrated]:
    before = models.calibration(index_dir)
    return before, calibrate(plan, models, before, lambda what, done, of: None)


@pytest.fixture(scope="module")
def sets() -> tuple[EvaluationSet, EvaluationSet]:
    return made_set("east", 32, unanswerable=6), made_set("west", 8)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, sets: tuple[EvaluationSet, EvaluationSet]) -> Calibrated:
    return learnt(Plan(sets, fewest=6), tmp_path_factory.mktemp("none"))[1]


def test_what_answers_is_told_from_what_does_not(done: Calibrated) -> None:
    cases = done.outcomes.cases
    for name in ("east", "west"):
        assert done.outcomes.is_answered[cases.of(name, "+")].mean() >= 0.85
        assert done.outcomes.is_answered[cases.of(name, "near")].mean() < 0.1
    assert {case.kind for case in cases.cases} == {"+", "near", "un", "stranger"}
    assert done.calibration.sets == ("east", "west")


def test_a_calibration_is_found_by_its_models_alone(tmp_path: Path, done: Calibrated) -> None:
    path = done.calibration.save(tmp_path, MODELS.named)
    assert path.parent == tmp_path / "calibration"
    found = MODELS.calibration(tmp_path)
    assert (found.origin, found.fusion, found.sets) == ("learnt", done.calibration.fusion, done.calibration.sets)
    assert found.outcomes == done.calibration.outcomes
    assert found.chance.samples == done.calibration.chance.samples
    assert found.chance.samples.keys() == {"en"}
    assert MODELS.judge(found).rules == OutcomeRules.of(done.calibration.outcomes)
    others = (replace(MODELS, reader=None), replace(MODELS, encoder=HashEncoder(name="another")))
    assert [each.calibration(tmp_path).origin for each in others] == ["borrowed", "borrowed"]


def test_late_interaction_is_left_out_where_tokens_mean_nothing(tmp_path: Path) -> None:
    plan = Plan([made_set("small", 20, unanswerable=4)], fewest=3)
    models = LoadedModels(SwayingEncoder(dimension=64, name="swaying"))
    before, found = learnt(plan, tmp_path, models)
    assert before.fusion.by_token
    assert not found.calibration.fusion.by_token
    assert any(line.startswith("late interaction: left out") for line in found.lines)
    found.calibration.save(tmp_path, models.named)
    stored = models.calibration(tmp_path)
    assert not stored.fusion.by_token
    assert not learnt(plan, tmp_path, models)[1].calibration.fusion.by_token  # both are tried again


def test_models_without_a_calibration_answer_with_more_caution(tmp_path: Path) -> None:
    borrowed, shipped = MODELS.judge(MODELS.calibration(tmp_path)).rules, OutcomeRules.load(with_reader=True)
    assert borrowed.answered.threshold == shipped.answered.threshold + 1
    assert borrowed.short.threshold == shipped.sure < borrowed.sure == np.inf
    assert borrowed.found == shipped.found


def test_nothing_is_learnt_from_a_set_that_is_only_measured(
    tmp_path: Path, sets: tuple[EvaluationSet, EvaluationSet], done: Calibrated
) -> None:
    alone = learnt(Plan(sets[:1], fewest=6), tmp_path)[1]
    measured = learnt(Plan(sets, unlearnt=frozenset({"west"}), fewest=6), tmp_path)[1]
    assert measured.calibration.outcomes == alone.calibration.outcomes != done.calibration.outcomes
    assert measured.calibration.sets == ("east",)
    assert measured.outcomes.cases.of("west", "+").sum() == 8


@pytest.mark.parametrize(
    ("given", "told"),
    [(made_set("few", 5), "5 questions"), (EvaluationSet("none", {}, ()), "0 questions")],
    ids=["few", "none"],
)
def test_too_few_questions_are_told_with_the_cure(tmp_path: Path, given: EvaluationSet, told: str) -> None:
    with pytest.raises(EvaluationError, match=told) as error:
        learnt(Plan([given]), tmp_path)
    assert "--make-set" in error.value.hint


def test_the_report_has_a_row_a_set_and_says_what_was_learnt(tmp_path: Path, done: Calibrated) -> None:
    before = MODELS.calibration(tmp_path)
    rows = {row[0]: row[1:] for row in change_table(before, done.outcomes)}
    assert rows.keys() == {"east", "west"}
    answered, refused, wrongly, *_ = rows["east"]
    assert int(answered.split(" → ")[1]) >= 85
    assert int(wrongly.split(" → ")[1]) < 15
    assert refused.split(" → ")[1] in ("0", "1", "2")
    text = markdown("Calibration of towns", before, done.outcomes, list(done.lines))
    assert text.startswith("# Calibration of towns\n\n- ranking: ")
    assert "\n- choice of sentences: " in text
    assert "| east | " in text
    assert "folds left out.\n" in text
    lent = done.outcomes._replace(short=done.outcomes.short._replace(borrowed=True))
    assert "only its thresholds are of these cases" in markdown("Calibration of towns", before, lent, [])
