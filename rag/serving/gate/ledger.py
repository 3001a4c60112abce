"""A small table in a JSON file: written whole and atomically, read again when another process changed it.

Keys and embeds live in one each. An unreadable file raises: access is never granted on a guess.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rag import files
from rag.errors import StorageError

Row = dict[str, Any]


class Ledger:
    """Rows of ``path``, in order. Safe between threads and, through a lock file, between processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._rows: tuple[Row, ...] = ()

    def rows(self) -> tuple[Row, ...]:
        """The rows as of now; costs one ``stat`` while nothing changes. Raises StorageError when damaged."""
        with self._lock:
            seen = self._stamp()
            if seen != self._seen:
                self._rows = self._read() if seen else ()
                self._seen = seen
            return self._rows

    def change(self, edit: Callable[[list[Row]], list[Row]]) -> None:
        """Replace the rows by ``edit(rows)``; another process's change cannot be lost in between."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with files.locked(self.path.with_suffix(".lock"), create=True):
            rows = edit([dict(row) for row in (self._read() if self._stamp() else ())])
            try:
                files.replace_durably(self.path, json.dumps(rows, indent=1).encode(), mode=0o600)
            except StorageError as error:
                raise StorageError(error.message, "Free some space, and check the folder's permissions.") from error

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> tuple[Row, ...]:
        try:
            rows = json.loads(self.path.read_bytes())
            if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
                return tuple(rows)
        except (OSError, ValueError):
            pass
        raise StorageError(f"{self.path.name} cannot be read.", f"Restore {self.path} or remove it to begin anew.")
