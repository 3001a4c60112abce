"""The answers given last, so that a vote can be kept with the question it is about, if questions may be kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from rag.documents import Answer, Turn

MOST = 2000  # answers: who votes does so soon


class RecentAnswers:
    """What votes are about, by the answer's id. Safe between threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._told: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, answer: Answer, history: Sequence[Turn] = ()) -> None:
        """The question with those asked before it, the outcome, and the quotes that answered."""
        quotes = [
            {"article_id": each.article_id, "start": each.start, "end": each.end, "text": each.quote}
            for each in answer.quoted
        ]
        told = {"question": answer.question, "language": answer.language, "status": answer.status, "quotes": quotes}
        if earlier := [turn.content for turn in history if turn.role == "user"]:
            told["history"] = earlier
        with self._lock:
            self._told[answer.id] = told
            while len(self._told) > self._most:
                self._told.popitem(last=False)

    def about(self, answer_id: str) -> dict[str, Any]:
        """What is kept of an answer; nothing of one that is not known, or no longer."""
        with self._lock:
            return self._told.get(answer_id, {})
