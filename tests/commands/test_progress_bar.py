"""Progress in a terminal is a bar that leaves nothing behind; in a log it is a line every few seconds."""

from __future__ import annotations

import io

from rich.console import Console

from rag.commands.progress_bar import ProgressBar


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_log_gets_a_line_every_five_seconds():
    stream, clock = io.StringIO(), Clock()
    with ProgressBar(Console(file=stream, width=80), "indexing", clock) as bar:
        for second in range(12):
            clock.now = float(second)
            bar("files", second, 20, "3 passages/s")
    assert stream.getvalue().splitlines() == [
        "indexing: 5 of 20 files, 3 passages/s, about 15 s left",
        "indexing: 10 of 20 files, 3 passages/s, about 10 s left",
    ]


def test_a_long_wait_is_told_in_minutes():
    stream, clock = io.StringIO(), Clock()
    with ProgressBar(Console(file=stream, width=80), "indexing", clock) as bar:
        clock.now = 6.0
        bar("files", 1, 101)
    assert stream.getvalue() == "indexing: 1 of 101 files, about 10 min left\n"


def test_an_unknown_total_is_not_made_up():
    stream, clock = io.StringIO(), Clock()
    with ProgressBar(Console(file=stream, width=80), "indexing", clock) as bar:
        clock.now = 6.0
        bar("files", 7, 0)
    assert stream.getvalue() == "indexing: 7 of ? files\n"


def test_a_terminal_gets_a_bar():
    stream = io.StringIO()
    with ProgressBar(Console(file=stream, force_terminal=True, width=100), "indexing") as bar:
        bar("files", 5, 20, "3 passages/s")
        bar("files", 20, 20)
    assert "indexing: files" in stream.getvalue()
    assert "5/20" in stream.getvalue() or "20/20" in stream.getvalue()
