"""A set of what readers voted on: what is known is measured, what is not is left for a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.documents import Article
from rag.errors import EvaluationError
from rag.evaluation.evaluation_set import GoldAnswer, load_set
from rag.evaluation.feedback_set import Exported, export_votes
from rag.serving.recent_answers import RecentAnswers
from rag.serving.site import FeedbackLog
from tests.fake_assistant import SAHEL, SAHEL_FR, STAFF_SENTENCE, FakeAssistant


def voted(folder: Path, *votes: tuple[str, str, str]) -> None:
    """Ask each question, and vote on its answer: (question, thumb, reason)."""
    recent, assistant = RecentAnswers(), FakeAssistant()
    log = FeedbackLog(folder / "feedback.jsonl", recent)
    for question, thumb, reason in votes:
        answer = assistant.ask(question)
        recent.keep(answer)
        log.add(answer.id, thumb, reason)


def test_a_set_is_made_that_can_be_measured(tmp_path: Path) -> None:
    voted(
        tmp_path,
        ("Which countries?", "down", "wrong"),  # and later was right
        ("Which countries?", "up", ""),
        ("How many missiles?", "down", "missing"),
        ("The visit?", "down", "unreadable"),
        ("What summary?", "up", ""),
        ("What summary?", "none", ""),
    )
    folder = tmp_path / "set"
    assert export_votes(folder, [SAHEL, SAHEL_FR], tmp_path) == Exported(answered=1, unanswered=1, review=1)
    start = SAHEL.text.index(STAFF_SENTENCE)
    answer = GoldAnswer(SAHEL.id, start, start + len(STAFF_SENTENCE), STAFF_SENTENCE)
    assert [(q.question, q.answerable, q.answers) for q in load_set(folder).questions] == [
        ("Which countries?", True, (answer,)),
        ("How many missiles?", False, ()),
    ]
    (line,) = (folder / "review.jsonl").read_text("utf-8").splitlines()
    review = json.loads(line)
    assert (review["question"], review["answerable"], review["reason"]) == ("The visit?", None, "unreadable")
    with pytest.raises(EvaluationError, match="exists"):
        export_votes(folder, [SAHEL], tmp_path)


def test_what_only_a_person_can_judge_is_no_set_yet(tmp_path: Path) -> None:
    voted(tmp_path, ("Which countries?", "down", "other"))
    assert export_votes(tmp_path / "set", [SAHEL], tmp_path) == Exported(0, 0, 1)
    assert not (tmp_path / "set" / "questions.jsonl").exists()


def test_votes_all_taken_back_are_none(tmp_path: Path) -> None:
    voted(tmp_path, ("Which countries?", "up", ""), ("Which countries?", "none", ""))
    with pytest.raises(EvaluationError, match="says which question"):
        export_votes(tmp_path / "set", [Article("a", "b")], tmp_path)
