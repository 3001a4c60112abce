"""Votes on answers: one JSON line each, appended to a file beside the index. No question text, no reader."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path

from rag.errors import StorageError

FEEDBACK_FILE = "feedback.jsonl"


class FeedbackLog:
    """The votes of one installation. Safe between threads; a line is written whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def add(self, answer_id: str, vote: str, comment: str = "") -> None:
        """Append a vote. Raises StorageError when it cannot be kept."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        line = json.dumps({"time": now, "answer_id": answer_id, "vote": vote, "comment": comment}) + "\n"
        try:
            with self._lock:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    os.write(handle, line.encode())
                finally:
                    os.close(handle)
        except OSError as error:
            raise StorageError(f"The vote could not be kept: {error.strerror}.", "Free some space.") from error
