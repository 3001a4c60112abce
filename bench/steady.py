"""The memory of a server that is asked one different question after another, and what its memories hold at most.

    python -m bench.steady [../shared/data] [--articles arcd] [--questions 10000]

The whole of it in one process: the API, the default models, an index of the articles of one set, and a client that asks
the questions of every set, each once; then the same with a year behind them, and with the next one. Memory is told
TIMES times. In the end every ``lru_cache`` of the program is listed with what it holds and may hold, and what
the reader remembers. Writes ``bench/results/steady.md``.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import os
import tempfile
from collections.abc import Iterator, Sequence
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from bench.load import resident_mb
from bench.reports import write_report
from rag.evaluation.evaluation_set import load_set
from rag.reader.remembering import RememberingReader

TIMES = 10
TOLD = 100
FIRST_YEAR = 1_800


class Memory(NamedTuple):
    """Something kept: its name, how many it holds and may hold. None: its keys are a fixed set, as languages are."""

    name: str
    held: int
    most: int | None


def main() -> None:
    """Index, ask, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--articles", default="arcd", help="the set that is indexed (default: arcd)")
    parser.add_argument("--questions", type=int, default=10_000)
    args = parser.parse_args()
    sets = [load_set(path.parent) for path in sorted(args.root.glob("*/questions.jsonl"))]
    texts = dict.fromkeys(gold.question for each in sets for gold in each.questions)
    with tempfile.TemporaryDirectory(prefix="isnad-steady-") as scratch:
        api = served(args.root / args.articles / "articles.jsonl", Path(scratch))
        asked = itertools.islice(different(list(texts)), args.questions)
        sizes = asyncio.run(ask(api, asked, max(args.questions // TIMES, 1)))
    command = f"python -m bench.steady --articles {args.articles} --questions {args.questions}"
    print(write_report("steady", command, markdown(sizes, memories())).read_text("utf-8"))


def different(texts: Sequence[str]) -> Iterator[str]:
    """The texts, and then again with a year behind each, without end: no question comes twice."""
    yield from texts
    for year in itertools.count(FIRST_YEAR):
        yield from (f"{text} ({year})" for text in texts)


def served(articles: Path, folder: Path) -> Any:
    """The API over the articles of one file."""
    from rag.assistant import Assistant
    from rag.encoding.loading import load_encoder
    from rag.ingestion.indexing import index_articles
    from rag.serving.api import build_api
    from rag.settings import Settings

    settings = Settings(index_dir=folder / "index", corpus_dir=folder, questions_per_minute=1_000_000)
    encoder = load_encoder(settings)
    index_articles([articles], index_dir=settings.index_dir, encoder=encoder)
    return build_api(settings, Assistant.load(settings, encoder=encoder))


async def ask(api: Any, questions: Iterator[str], every: int) -> list[tuple[int, float]]:
    """(questions answered, MB of this process) at the first and after each ``every``."""
    sizes = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://127.0.0.1") as client:
        for number, question in enumerate(questions, 1):
            (await client.post("/api/v1/ask", json={"question": question})).raise_for_status()
            if number == 1 or number % every == 0:
                sizes.append((number, resident_mb(os.getpid())))
                print(*sizes[-1], flush=True)
    return sizes


def memories() -> list[Memory]:
    """Every cache of the program's own that holds as many as TOLD, the fullest first."""
    found = []
    for each in gc.get_objects():
        if type(each) is _lru_cache_wrapper and (each.__module__ or "").startswith("rag."):
            info = each.cache_info()
            found.append(Memory(f"{each.__module__}.{each.__qualname__}", info.currsize, info.maxsize))
        elif type(each) is RememberingReader:
            found.append(Memory("what the reader read", each.held, each.kept))
    return sorted((each for each in found if each.held >= TOLD), key=lambda each: -each.held)


def markdown(sizes: Sequence[tuple[int, float]], kept: Sequence[Memory]) -> str:
    """Memory by questions, and the memories."""
    lines = ["| questions | MB |", "|---|---|"]
    lines += [f"| {number:,} | {size:.0f} |" for number, size in sizes]
    lines += ["", "| kept | holds | at most |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| `{name}` | {held:,} | {bound(most)} |" for name, held, most in kept)])


def bound(most: int | None) -> str:
    """In words where it is no number."""
    return "its keys are a fixed set" if most is None else f"{most:,}"


if __name__ == "__main__":
    main()
