"""Progress of long steps: a bar in a terminal, a line now and then in a log.

:class:`ProgressBar` is what a step is told to call; it knows nothing of the step but a name and two counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from rich import progress as bars
from rich.console import Console

_LINE_EVERY_S = 5.0  # where there is no terminal, so that a log stays short


class ProgressBar:
    """Call with (what is being done, how many are done, of how many; 0 where unknown), as often as is handy."""

    def __init__(self, console: Console, title: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._title = title
        self._clock = clock
        self._started = clock()
        self._next_line = self._started + _LINE_EVERY_S
        self._tasks: dict[str, bars.TaskID] = {}
        self._began: dict[str, float] = {}
        self._bar = bars.Progress(
            bars.TextColumn("{task.description}"),
            bars.BarColumn(),
            bars.MofNCompleteColumn(),
            bars.TextColumn("{task.fields[rate]}"),
            bars.TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> ProgressBar:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, what: str, done: int, of: int, rate: str = "") -> None:
        """Show it, at most as often as a reader can follow."""
        self._began.setdefault(what, self._clock() if self._began else self._started)
        if self._console.is_terminal:
            if what not in self._tasks:
                self._tasks[what] = self._bar.add_task(f"{self._title}: {what}", total=None, rate="")
            self._bar.update(self._tasks[what], completed=done, total=of or None, rate=rate)
        elif (now := self._clock()) >= self._next_line:
            self._next_line = now + _LINE_EVERY_S
            began = self._began[what]
            left = _left((now - began) * (of - done) / done) if 0 < done < of else ""
            self._console.print(", ".join(filter(None, (f"{self._title}: {done} of {of or '?'} {what}", rate, left))))


def _left(seconds: float) -> str:
    return f"about {seconds:.0f} s left" if seconds < 100 else f"about {seconds / 60:.0f} min left"
