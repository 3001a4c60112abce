"""Questions that readers voted on, as lines of a drafted set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.documents import Article
from rag.errors import EvaluationError
from rag.evaluation.set_draft import draft_set
from rag.evaluation.voted import CHECK, FEEDBACK_FILE, JUDGE, voted_stubs

TEXT = "The dam was opened in 1932. It took seven years to build it, and six hundred workers."
ARTICLE = Article("dam", TEXT, language="en")
QUOTE = {"article_id": "dam", "start": 0, "end": 27, "text": TEXT[:27]}


def vote(question: str, vote: str = "up", status: str = "answered", quotes: list[Any] | None = None) -> dict[str, Any]:
    quoted = [QUOTE] if quotes is None else quotes
    return {"vote": vote, "question": question, "language": "en", "status": status, "quotes": quoted}


def keep(folder: Path, *votes: object) -> Path:
    lines = "".join(json.dumps(each) + "\n" for each in votes)
    (folder / FEEDBACK_FILE).write_text(lines + '{"vote": "up", "quest', "utf-8")
    return folder


@pytest.mark.parametrize(
    ("given", "answerable", "answers", "note"),
    [
        (vote("When?"), True, [QUOTE], CHECK),
        (vote("When?", status="not_found", quotes=[]), False, [], CHECK),
        (vote("When?", "down"), None, [], JUDGE),
        (vote("When?", "down", "not_found", []), None, [], JUDGE),
        (vote("When?", "down") | {"reason": "missing"}, False, [], CHECK),
        (vote("When?", status="related"), None, [], JUDGE),
        (vote("When?", quotes=[QUOTE | {"article_id": "gone"}]), None, [], JUDGE),
        (vote("When?", quotes=[QUOTE | {"text": "The dam was closed in 1932."}]), None, [], JUDGE),
    ],
    ids=[
        "liked",
        "refusal liked",
        "disliked",
        "refusal disliked",
        "not in the articles",
        "related",
        "article gone",
        "article changed",
    ],
)
def test_what_a_vote_makes_of_a_question(
    tmp_path: Path, given: object, answerable: bool | None, answers: list[object], note: str
) -> None:
    (stub,) = voted_stubs(keep(tmp_path, given), {"dam": ARTICLE})
    asked = {"question": "When?", "language": "en"}
    assert stub == {**asked, "answerable": answerable, "answers": answers, "note": note}


def test_the_last_vote_on_a_question_counts(tmp_path: Path) -> None:
    stubs = voted_stubs(keep(tmp_path, vote("When?"), vote("Who?"), vote("When?", "down")), {"dam": ARTICLE})
    assert {stub["question"]: stub["answerable"] for stub in stubs} == {"When?": None, "Who?": True}


def test_a_question_within_a_conversation_has_those_before_it_and_a_vote_of_its_own(tmp_path: Path) -> None:
    followed = vote("When?", "down") | {"history": ["Which dam is it?"]}
    stubs = voted_stubs(keep(tmp_path, vote("When?"), followed), {"dam": ARTICLE})
    assert [(stub.get("history"), stub["answerable"]) for stub in stubs] == [(None, True), (["Which dam is it?"], None)]


@pytest.mark.parametrize("lines", [None, [{"vote": "up", "answer_id": "a"}]], ids=["no votes", "no questions"])
def test_votes_without_questions_are_told_with_the_setting(tmp_path: Path, lines: list[object] | None) -> None:
    if lines is not None:
        keep(tmp_path, *lines)
    with pytest.raises(EvaluationError) as error:
        voted_stubs(tmp_path, {})
    assert "ISNAD_LOG_QUESTIONS" in error.value.hint


def test_a_draft_begins_with_them(tmp_path: Path) -> None:
    drafted = draft_set(tmp_path / "new", [ARTICLE], 1, votes_in=keep(tmp_path, vote("When?")))
    first, second = map(json.loads, (tmp_path / "new" / "questions.jsonl").read_text("utf-8").splitlines())
    assert (drafted.voted, first["question"], first["id"], second["question"]) == (1, "When?", "1", "")
