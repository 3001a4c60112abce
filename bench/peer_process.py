"""One system in a process of its own, told over a pipe what to do, so that its memory and its threads are its own."""

from __future__ import annotations

import contextlib
import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from bench.peer_systems import SYSTEMS, Rank
from rag.documents import Article


@dataclass(frozen=True)
class Indexed:
    """What indexing cost. start: seconds from the process's start to the encoder loaded."""

    start: float
    seconds: float
    disk_bytes: int


@dataclass(frozen=True)
class Asked:
    """Rankings of article ids and the seconds each question took."""

    rankings: list[list[str]]
    seconds: list[float]


class PeerProcess:
    """A system that runs elsewhere and works only while it is asked something."""

    def __init__(self, name: str, model: Path) -> None:
        context = multiprocessing.get_context("spawn")  # a fresh interpreter, with nothing of ours in memory
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, name, model, time.time()), daemon=True)
        self._process.start()
        theirs.close()

    def index(self, articles: Sequence[Article]) -> Indexed:
        """Index the articles anew; the questions that follow are put to them."""
        self._pipe.send(list(articles))
        found: Indexed = self._pipe.recv()
        return found

    def ask(self, questions: Sequence[str], passages: int) -> Asked:
        """Put the questions one at a time, retrieving so many passages for each."""
        self._pipe.send((list(questions), passages))
        found: Asked = self._pipe.recv()
        return found

    def peak_mb(self) -> float:
        """The most memory it has held."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

    def __enter__(self) -> PeerProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipe.close()  # it then ends by itself
        self._process.join()


def _serve(pipe: Connection, name: str, model: Path, began: float) -> None:
    index = next(system for system in SYSTEMS if system.name == name).load(model)
    start = time.time() - began
    with tempfile.TemporaryDirectory(prefix="isnad-peers-") as scratch, contextlib.suppress(EOFError):
        while True:
            told = pipe.recv()
            if isinstance(told, list):
                folder = Path(tempfile.mkdtemp(dir=scratch))
                tick = time.perf_counter()
                rank = index(told, folder)
                pipe.send(Indexed(start, time.perf_counter() - tick, _bytes_in(folder)))
            else:
                pipe.send(_asked(rank, *told))


def _asked(rank: Rank, questions: Sequence[str], passages: int) -> Asked:
    rankings, seconds = [], []
    for question in questions:
        tick = time.perf_counter()
        rankings.append(rank(question, passages))
        seconds.append(time.perf_counter() - tick)
    return Asked(rankings, seconds)


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
