"""The log of a run."""

from __future__ import annotations

import time
from pathlib import Path


class Log:
    """Prints a line with the time, and keeps it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, line: str) -> None:
        """Tell it."""
        line = f"{time.strftime('%H:%M:%S')} {line}"
        print(line, flush=True)
        with self.path.open("a", encoding="utf-8") as kept:
            kept.write(line + "\n")
