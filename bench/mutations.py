"""Files spoilt in every way, through the sandbox: each ends in a result or a refusal, in bounded time and memory.

    python -m bench.mutations [how many of each sample, 100 unless said]

A sound file of each format is cut off, has bytes flipped, pieces of it repeated inside themselves, and pieces blown up;
in archives the same is done to what they hold. Drawn from a seed, so that a run can be repeated.
``tests/test_mutations.py`` runs a few of each. Writes ``bench/results/mutations.md``, and exits with 1 where a reader
raised, hung or died without a word.
"""

from __future__ import annotations

import io
import random
import resource
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from bench.reports import write_report
from rag.formats.articles import read_bytes
from rag.formats.drafts import NotRead
from rag.formats.sandbox import WALL_S, Sandbox
from rag.formats.sources import MAX_FILE_BYTES
from tests.formats.test_articles import FORMATS
from tests.formats.test_cases import CASES

MOST_S: Final = WALL_S + 10.0  # what the sandbox lets a file have, and its end
_BLOWN_UP: Final = 200_000  # times that a short piece is repeated at most
_NESTED: Final = 3_000
# Beside the simplest file of each format, some that have more in them.
_RICH = ("heads.pdf", "footnote.docx", "textbox.docx", "ar.epub", "b2-webpage-first.html", "wp-rest.json", "dates.rss")
SAMPLES: Final[Mapping[str, bytes]] = {
    **FORMATS,
    **{path.name: path.read_bytes() for name in _RICH for path in CASES.glob(f"*/{name}")},
}


@dataclass(frozen=True)
class Outcome:
    """What became of one spoilt file. ``wrong``: why it is a fault of the program's, or nothing."""

    name: str
    seconds: float
    read: bool
    wrong: str = ""


def spoilt(data: bytes, draw: random.Random, inside: bool = True) -> bytes:
    """The file cut off, flipped, nested or blown up; an archive as often in a member."""
    if inside and data.startswith(b"PK") and draw.random() < 0.7:
        return _with_spoilt_member(data, draw)
    way = draw.choice((_cut, _flipped, _nested, _huge))
    return way(data, draw)[: 2 * MAX_FILE_BYTES]


def _cut(data: bytes, draw: random.Random) -> bytes:
    begins, ends = sorted(draw.randrange(len(data) + 1) for _ in range(2))
    return data[:begins] if draw.random() < 0.5 else data[:begins] + data[ends:]


def _flipped(data: bytes, draw: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(draw.choice((1, 10, 100))):
        made[draw.randrange(len(made))] = draw.randrange(256)
    return bytes(made)


def _piece(data: bytes, draw: random.Random) -> tuple[int, int]:
    begins = draw.randrange(len(data))
    return begins, min(len(data), begins + draw.choice((1, 5, 40, 300)))


def _nested(data: bytes, draw: random.Random) -> bytes:
    """A piece, mostly one that begins where markup, a list or an object does, many times within itself."""
    marks = [at for at, byte in enumerate(data) if byte in b"<[{(>"] or [0]
    begins = draw.choice(marks)
    ends = min(len(data), begins + draw.choice((1, 5, 20)))
    return data[:begins] + data[begins:ends] * draw.randrange(2, _NESTED) + data[ends:]


def _huge(data: bytes, draw: random.Random) -> bytes:
    begins, ends = _piece(data, draw)
    return data[:begins] + data[begins:ends] * draw.randrange(2, _BLOWN_UP // max(1, ends - begins)) + data[ends:]


def _with_spoilt_member(data: bytes, draw: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        names = given.namelist()
        chosen = draw.choice(names)
        for name in names:
            made.writestr(name, spoilt(given.read(name), draw, inside=False) if name == chosen else given.read(name))
    return buffer.getvalue()


def outcomes(samples: Mapping[str, bytes], count: int, seed: int = 1) -> Iterator[Outcome]:
    """What becomes of ``count`` spoilt files of each sample, named by its file."""
    with Sandbox() as sandbox:
        for name, data in samples.items():
            for number in range(count):
                made = spoilt(data, random.Random(f"{seed} {name} {number}"))
                yield _outcome(name, made, sandbox)


def _outcome(name: str, data: bytes, sandbox: Sandbox) -> Outcome:
    began = time.perf_counter()
    found = list(read_bytes(data, name, sandbox))
    seconds = time.perf_counter() - began
    given_up = [find for find in found if isinstance(find, NotRead) and "The reader gave up" in find.reason]
    wrong = given_up[0].reason if given_up else "neither read nor refused" if not found else ""
    if seconds > MOST_S:
        wrong = f"took {seconds:.0f} s"
    return Outcome(name, seconds, any(not isinstance(find, NotRead) for find in found), wrong)


def main(count: int) -> int:
    """Run them all, and write the report."""
    lines, wrong = ["| | files | read | slowest |", "|---|---|---|---|"], list[Outcome]()
    for name, group in groupby(outcomes(SAMPLES, count), lambda outcome: outcome.name):
        ended = list(group)
        wrong += [outcome for outcome in ended if outcome.wrong]
        slowest = max(outcome.seconds for outcome in ended)
        lines.append(f"| {name} | {len(ended)} | {sum(outcome.read for outcome in ended)} | {slowest:.1f} s |")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    note = f"{len(wrong)} ended otherwise than read or refused; the sandbox took {peak} MB at most."
    write_report("mutations", "python -m bench.mutations", "\n".join([*lines, "", note]))
    for outcome in wrong:
        print(outcome.name, outcome.wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
