"""Load on servers of its own: latency, processor time, errors and memory at several numbers of users.

    python -m bench.load [--set ../shared/data/xquad-en-ar] [--beside CHECKOUT] [--users 1 8 32 72] [--seconds 20]

Each user asks one question after another without a pause. Without ``--set`` the questions are what the sample corpus
suggests and some that it cannot answer, asked again and again; with it those of an evaluation set over its articles, in
an order that asks each once before any comes again. ``--beside`` names the checkout of another commit, with ``.venv``,
which is measured in turn with this one, and so is this one without a reader: TURNS times, and the middle is told.
The last number of users is twice what the places and the queue hold: more are answered 503, which is no failure.
Writes ``bench/results/load.md``.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Any

import httpx
import numpy as np

from bench.reports import write_report
from rag.evaluation.evaluation_set import load_set
from rag.serving.gate.limits import QUEUE_FACTOR
from rag.settings import Settings

CAPACITY = Settings().max_concurrent * (1 + QUEUE_FACTOR)  # at work and waiting
UNANSWERABLE = ("Who won the 2010 World Cup?", "ما عاصمة اليابان؟", "Quelle est la hauteur de la tour Eiffel ?")


TICKS = os.sysconf("SC_CLK_TCK")
HERE = Path(__file__).parents[1]
TURNS = 3
SIDE_BY_SIDE = (1, 8)


async def questions_of(client: httpx.AsyncClient, asked: Path | None = None) -> list[str]:
    """Of a set; or what the server's articles suggest, in every language, and a few that they do not answer."""
    if asked is not None:
        return [gold.question for gold in load_set(asked).questions]
    suggested = (await client.get("/api/v1/session")).json()["questions"]
    return [*itertools.chain.from_iterable(suggested.values()), *UNANSWERABLE]


async def measure(client: httpx.AsyncClient, questions: list[str], users: int, seconds: float) -> dict[str, Any]:
    """Percentiles in milliseconds of ``users`` asking in turn for ``seconds``, and how every request ended."""
    ends, latencies = Counter[str](), []
    deadline = time.monotonic() + seconds

    in_turn = itertools.cycle(questions)

    async def ask() -> None:
        while time.monotonic() < deadline:
            question = next(in_turn)
            begun = time.perf_counter()
            try:
                status = str((await client.post("/api/v1/ask", json={"question": question})).status_code)
            except httpx.HTTPError as error:
                status = type(error).__name__
            ends[status] += 1
            if status == "200":
                latencies.append(1000 * (time.perf_counter() - begun))

    await asyncio.gather(*(ask() for _ in range(users)))
    p50, p95, p99 = np.percentile(latencies, [50, 95, 99]).round(1) if latencies else (None, None, None)
    return {
        "users": users,
        "requests": ends.total(),
        "per_s": round(len(latencies) / seconds, 1),
        "ms": {"p50": p50, "p95": p95, "p99": p99},
        "ends": dict(ends),
    }


def resident_mb(pid: int) -> float:
    """Memory of a process."""
    line = next(row for row in Path(f"/proc/{pid}/status").read_text().splitlines() if row.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


def processor_s(pid: int) -> float:
    """Seconds of the processor that a process has used, its own and the system's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def own_server(
    checkout: Path = HERE, index_dir: Path | None = None, given: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[str, int]]:
    """Address and process number of a server over ``corpus/``, or an index, without a quota, until the block ends."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        taken.close()
        if index_dir:
            shutil.copytree(index_dir, folder, dirs_exist_ok=True)
        environ = environment({"PORT": str(port), "INDEX_DIR": folder, "QUESTIONS_PER_MINUTE": "1000000", **given})
        command = [python_of(checkout), "app.py"]
        with subprocess.Popen(command, cwd=checkout, env=environ, stderr=subprocess.DEVNULL) as process:
            url = f"http://127.0.0.1:{port}"
            try:
                wait_until_ready(url, process)
                yield url, process.pid
            finally:
                process.terminate()


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """This one with settings."""
    return {**os.environ, **{f"ISNAD_{name}": value for name, value in given.items()}}


def python_of(checkout: Path) -> str:
    """Its own interpreter where it is another checkout."""
    return sys.executable if checkout == HERE else str(checkout / ".venv" / "bin" / "python")


def wait_until_ready(url: str, process: subprocess.Popen[bytes], wait_s: float = 300) -> None:
    """Return once the server answers. Raises RuntimeError when it ends or takes too long."""
    deadline = time.monotonic() + wait_s
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/readyz").is_success:
                return
        time.sleep(0.2)
    raise RuntimeError("The server did not start; `python app.py` tells why.")


async def run(
    url: str, pid: int, numbers: Sequence[int], seconds: float, asked: Path | None = None
) -> list[dict[str, Any]]:
    """One row for each number of users."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        questions = await questions_of(client, asked)
        await measure(client, questions[-10:], 1, 2)
        rows: list[dict[str, Any]] = []
        for users in numbers:
            memory, worked = resident_mb(pid), processor_s(pid)
            share = questions[len(questions) * len(rows) // len(numbers) :]  # none that another number has asked
            row = await measure(client, share, users, seconds)
            spent = 1000 * (processor_s(pid) - worked) / max(row["ends"].get("200", 0), 1)
            rows.append({**row, "cpu_ms": round(spent, 1), "rss_mb": [memory, resident_mb(pid)]})
            print(json.dumps(rows[-1]), flush=True)
    return rows


def beside(other: Path, numbers: Sequence[int], seconds: float, asked: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of each side, all turns: the other checkout, this one, and this one without a reader."""
    sides: dict[str, tuple[Path, dict[str, str]]] = {
        "before": (other, {}),
        "now": (HERE, {}),
        "now, without reading": (HERE, {"READING": "false"}),
    }
    rows: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
    with tempfile.TemporaryDirectory() as index_dir:
        command = [python_of(other), "-m", "rag", "index", str((asked / "articles.jsonl").resolve())]
        subprocess.run(command, cwd=other, env=environment({"INDEX_DIR": index_dir}), check=True)
        for _ in range(TURNS):
            for side, (checkout, given) in sides.items():
                with own_server(checkout, Path(index_dir), given) as (url, pid):
                    rows[side] += asyncio.run(run(url, pid, numbers, seconds, asked))
    return rows


def compared(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The middle of each side's turns, by users."""
    lines = ["| users | | answers/s | p50 ms | p95 ms | CPU ms an answer | errors |", "|---" * 7 + "|"]
    for users in dict.fromkeys(row["users"] for side in rows.values() for row in side):
        for side, measured in rows.items():
            turns = [row for row in measured if row["users"] == users]
            figures = [round(median(row[key] for row in turns), 1) for key in ("per_s", "cpu_ms")]
            waits = [round(median(row["ms"][key] for row in turns), 1) for key in ("p50", "p95")]
            errors = sum(row["requests"] - row["ends"].get("200", 0) - row["ends"].get("503", 0) for row in turns)
            cells = [users, side, figures[0], *waits, figures[1], errors]
            lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as a table; a refusal is an orderly 503, an error anything but that and 200."""
    heads = (
        "users | answers/s | p50 ms | p95 ms | p99 ms | refused | errors | processor ms an answer | MB before, after"
    )
    lines = [f"| {heads} |", "|---" * 9 + "|"]
    for row in rows:
        ends, asked = Counter(row["ends"]), row["requests"]
        errors = asked - ends["200"] - ends["503"]
        cells = [row["users"], row["per_s"], *row["ms"].values(), f"{ends['503'] / max(asked, 1):.1%}", errors]
        lines.append(f"| {' | '.join(map(str, [*cells, row['cpu_ms']]))} | {', '.join(map(str, row['rss_mb']))} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, dest="asked", help="folder of an evaluation set")
    parser.add_argument("--beside", type=Path, help="checkout of another commit, to compare with; needs --set")
    parser.add_argument("--users", type=int, nargs="+")
    parser.add_argument("--seconds", type=float, default=20, help="for each number of users (default: 20)")
    args = parser.parse_args()
    if args.beside:
        users = args.users or SIDE_BY_SIDE
        table = compared(beside(args.beside.resolve(), users, args.seconds, args.asked))
        print(write_report("load_compared", f"python -m bench.load --set {args.asked} --beside CHECKOUT", table))
        return
    with own_server() as (url, pid):
        rows = asyncio.run(run(url, pid, args.users or [1, 8, 32, 2 * CAPACITY], args.seconds))
    print(write_report("load", "python -m bench.load", markdown(rows)))


if __name__ == "__main__":
    main()
