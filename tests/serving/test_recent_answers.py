"""What a vote is about is kept where questions may be, and only of the answers given last."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from rag.documents import Turn
from rag.serving.recent_answers import RecentAnswers
from rag.serving.site import FeedbackLog
from tests.fake_assistant import FakeAssistant

ANSWER = FakeAssistant().ask("Which countries?")


def test_the_oldest_is_forgotten_first() -> None:
    recent = RecentAnswers(most=2)
    for name in ("a", "b", "c"):
        recent.keep(replace(ANSWER, id=name))
    assert recent.about("a") == {}
    assert recent.about("c")["question"] == "Which countries?"


def test_a_vote_holds_its_question_and_the_quotes(tmp_path: Path) -> None:
    recent = RecentAnswers()
    recent.keep(ANSWER)
    votes = FeedbackLog(tmp_path / "feedback.jsonl", recent)
    votes.add(ANSWER.id, "up")
    votes.add("another", "down")
    first, second = map(json.loads, (tmp_path / "feedback.jsonl").read_text("utf-8").splitlines())
    assert (first["question"], first["status"], first["vote"]) == (ANSWER.question, ANSWER.status, "up")
    assert [quote["text"] for quote in first["quotes"]] == [quote.quote for quote in ANSWER.quoted]
    assert "question" not in second
    assert "history" not in first


def test_of_a_follow_up_the_questions_before_it_are_kept() -> None:
    recent = RecentAnswers()
    recent.keep(ANSWER, (Turn("user", "Where is it?"), Turn("assistant", "In Mali."), Turn("user", "And when?")))
    assert recent.about(ANSWER.id)["history"] == ["Where is it?", "And when?"]
