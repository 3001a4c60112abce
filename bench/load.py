"""Load on a server of its own over the sample corpus: latency, errors and memory at several numbers of users.

    python -m bench.load [--users 1 8 32 72] [--seconds 20]

Each user asks one question after another without a pause. Questions are the corpus's own suggestions and some that it
cannot answer. The last number of users is twice what the places and the queue hold: there the server answers 503, which
is no failure. Writes ``bench/results/load.md``.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from bench.reports import write_report
from rag.serving.gate.limits import QUEUE_FACTOR
from rag.settings import Settings

CAPACITY = Settings().max_concurrent * (1 + QUEUE_FACTOR)  # at work and waiting
UNANSWERABLE = ("Who won the 2010 World Cup?", "ما عاصمة اليابان؟", "Quelle est la hauteur de la tour Eiffel ?")


async def questions_of(client: httpx.AsyncClient) -> list[str]:
    """What the server's articles suggest, in every language, and a few that they do not answer."""
    suggested = (await client.get("/api/v1/session")).json()["questions"]
    return [*itertools.chain.from_iterable(suggested.values()), *UNANSWERABLE]


async def measure(client: httpx.AsyncClient, questions: list[str], users: int, seconds: float) -> dict[str, Any]:
    """Percentiles in milliseconds of ``users`` asking in turn for ``seconds``, and how every request ended."""
    ends, latencies = Counter[str](), []
    deadline = time.monotonic() + seconds

    async def ask(user: int) -> None:
        for question in itertools.islice(itertools.cycle(questions), user, None):
            if time.monotonic() > deadline:
                return
            begun = time.perf_counter()
            try:
                status = str((await client.post("/api/v1/ask", json={"question": question})).status_code)
            except httpx.HTTPError as error:
                status = type(error).__name__
            ends[status] += 1
            if status == "200":
                latencies.append(1000 * (time.perf_counter() - begun))

    await asyncio.gather(*(ask(user) for user in range(users)))
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


@contextmanager
def own_server() -> Iterator[tuple[str, int]]:
    """Address and process number of a server over ``corpus/``, without a quota, until the block ends."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        taken.close()
        given = {"PORT": str(port), "INDEX_DIR": folder, "QUESTIONS_PER_MINUTE": "1000000"}
        environ = {**os.environ, **{f"ISNAD_{name}": value for name, value in given.items()}}
        with subprocess.Popen([sys.executable, "app.py"], env=environ, stderr=subprocess.DEVNULL) as process:
            url = f"http://127.0.0.1:{port}"
            try:
                wait_until_ready(url, process)
                yield url, process.pid
            finally:
                process.terminate()


def wait_until_ready(url: str, process: subprocess.Popen[bytes], wait_s: float = 300) -> None:
    """Return once the server answers. Raises RuntimeError when it ends or takes too long."""
    deadline = time.monotonic() + wait_s
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/readyz").is_success:
                return
        time.sleep(0.2)
    raise RuntimeError("The server did not start; `python app.py` tells why.")


async def run(url: str, pid: int, numbers: Sequence[int], seconds: float) -> list[dict[str, Any]]:
    """One row for each number of users."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        questions = await questions_of(client)
        await measure(client, questions, 1, 2)
        rows = []
        for users in numbers:
            before = resident_mb(pid)
            row = await measure(client, questions, users, seconds)
            rows.append({**row, "rss_mb": [before, resident_mb(pid)]})
            print(json.dumps(rows[-1]), flush=True)
    return rows


def markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as a table; a refusal is an orderly 503, an error anything but that and 200."""
    lines = ["| users | answers/s | p50 ms | p95 ms | p99 ms | refused | errors | MB before, after |", "|---" * 8 + "|"]
    for row in rows:
        ends, asked = Counter(row["ends"]), row["requests"]
        errors = asked - ends["200"] - ends["503"]
        cells = [row["users"], row["per_s"], *row["ms"].values(), f"{ends['503'] / max(asked, 1):.1%}", errors]
        lines.append(f"| {' | '.join(map(str, cells))} | {', '.join(map(str, row['rss_mb']))} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, nargs="+", default=[1, 8, 32, 2 * CAPACITY])
    parser.add_argument("--seconds", type=float, default=20, help="for each number of users (default: 20)")
    args = parser.parse_args()
    with own_server() as (url, pid):
        rows = asyncio.run(run(url, pid, args.users, args.seconds))
    print(write_report("load", "python -m bench.load", markdown(rows)))


if __name__ == "__main__":
    main()
