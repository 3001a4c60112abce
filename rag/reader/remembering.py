"""A reader that remembers: what was read of a window for a question is not read again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b

from rag.encoding.model_folders import ModelIdentity
from rag.reader.windows import AnswerReader, Marked, Window

# Windows: about 1 kB each, so 10 MB at most, and some thousand questions.
KEPT = 10_000


class RememberingReader:
    """Another reader with a memory of ``kept`` windows, the longest unused leaving first. Safe for concurrent use.

    What it keeps is known by the hash of question and window: no text of anyone stays, and as a window is its own
    text, none goes stale when the index changes.
    """

    def __init__(self, reader: AnswerReader, kept: int = KEPT) -> None:
        self._reader = reader
        self.kept = kept
        self._known: OrderedDict[bytes, list[Marked | None]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def identity(self) -> ModelIdentity:
        """Of the reader that reads."""
        return self._reader.identity

    @property
    def held(self) -> int:
        """Windows that it remembers by now."""
        return len(self._known)

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Marked | None]]:
        """As that reader, of the windows that are new to it."""
        keys = [_key(question, window) for window in windows]
        with self._lock:
            found = {key: self._known[key] for key in keys if key in self._known}
        new = {key: window for key, window in zip(keys, windows, strict=True) if key not in found}
        if new:
            found |= zip(new, self._reader.read(question, list(new.values())), strict=True)
        with self._lock:
            for key, marks in found.items():
                self._known[key] = marks
                self._known.move_to_end(key)
            while len(self._known) > self.kept:
                self._known.popitem(last=False)
        return [found[key] for key in keys]


def _key(question: str, window: Window) -> bytes:
    return blake2b(repr((question, window.text, window.sentences)).encode(), digest_size=16).digest()
