"""Questions that readers voted on, as lines of a drafted set: what they liked is answered, the rest is to be judged.

They are kept beside the index where ``ISNAD_LOG_QUESTIONS`` is on. A reader's thumb is no annotation: it says that a
quote answers, not that nothing else does, and of a thumb down nobody knows why unless its reason is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, get_args

from rag.documents import Article
from rag.errors import EvaluationError

FEEDBACK_FILE = "feedback.jsonl"
Thumb = Literal["up", "down", "none"]  # none takes back the one before
Reason = Literal["", "wrong", "missing", "unreadable", "other"]  # why it is down; missing: not in the articles
REASONS: Final[tuple[str, ...]] = get_args(Reason)[1:]
JUDGE = (
    "Readers did not like the answer. Say whether any article answers this (`answerable`), and if so name it in "
    "`answers` with the words that do; or delete this line."
)
CHECK = "Readers liked this answer. Shorten each `text` to the words that answer, and delete `start` and `end`."


def voted_stubs(index_dir: Path, articles: Mapping[str, Article]) -> list[dict[str, Any]]:
    """A line for each question that was voted on, the last vote counting where it was not taken back; quotes of
    articles that have changed are out. ``answerable`` is None where a person has to say it.

    Raises EvaluationError where no vote was kept with its question.
    """
    last = {(vote["question"], *vote.get("history", [])): vote for vote in _votes(index_dir / FEEDBACK_FILE)}
    votes = [vote for vote in last.values() if vote["vote"] != "none"]
    if not votes:
        raise EvaluationError(
            f"No vote in {index_dir / FEEDBACK_FILE} says which question it is about.",
            "Votes are kept with their questions while ISNAD_LOG_QUESTIONS is true.",
        )
    return [_stub(vote, articles) for vote in votes]


def _votes(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        return
    for line in path.read_text("utf-8").splitlines():
        try:
            vote = json.loads(line)
        except json.JSONDecodeError:  # a line that was cut off by a full disk
            continue
        if vote.get("question"):
            yield vote


def _stub(vote: Mapping[str, Any], articles: Mapping[str, Article]) -> dict[str, Any]:
    asked = {name: vote[name] for name in ("question", "language", "history") if name in vote}
    there = [
        quote
        for quote in vote["quotes"]
        if quote["article_id"] in articles
        and articles[quote["article_id"]].text[quote["start"] : quote["end"]] == quote["text"]
    ]
    if vote["vote"] == "up" and vote["status"] == "answered" and there:
        return {**asked, "answerable": True, "answers": there, "note": CHECK}
    unanswered = (vote["vote"], vote["status"]) == ("up", "not_found") or vote.get("reason") == "missing"
    if unanswered:
        return {**asked, "answerable": False, "answers": [], "note": CHECK}
    told = {name: vote[name] for name in ("reason", "comment") if vote.get(name)}
    return {**asked, "answerable": None, "answers": [], **told, "note": JUDGE}
