"""Load on a running server: latency, errors and memory at several numbers of users.

    ISNAD_QUESTIONS_PER_MINUTE=1000000 python app.py &
    python -m bench.load --pid $! --json bench/load.json

Each user asks one question after another without a pause. Questions are the corpus's own suggestions and some that it
cannot answer. Past the places and the queue (five times ISNAD_MAX_CONCURRENT) the server answers 503.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import numpy as np

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
        "per_s": round(ends.total() / seconds, 1),
        "ms": {"p50": p50, "p95": p95, "p99": p99},
        "ends": dict(ends),
    }


def resident_mb(pid: int) -> float:
    """Memory of a process, 0 when no process was named."""
    if not pid:
        return 0.0
    line = next(row for row in Path(f"/proc/{pid}/status").read_text().splitlines() if row.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


async def run(args: argparse.Namespace) -> list[dict[str, Any]]:
    """One row for each number of users."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=args.url, timeout=60, limits=limits) as client:
        questions = await questions_of(client)
        await measure(client, questions, 1, 2)
        rows = []
        for users in args.users:
            before = resident_mb(args.pid)
            row = await measure(client, questions, users, args.seconds)
            rows.append({**row, "rss_mb": [before, resident_mb(args.pid)]})
            print(json.dumps(rows[-1]), flush=True)
    return rows


def main() -> None:
    """Measure and print; with ``--json`` also write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:7860")
    parser.add_argument("--users", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--pid", type=int, default=0, help="the server's process, to watch its memory")
    parser.add_argument("--json", type=Path, help="write the rows here")
    args = parser.parse_args()
    rows = asyncio.run(run(args))
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
