"""Flipped bytes and truncations of every file of an index: found, or without effect; never a wrong answer."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from rag.errors import IndexDamagedError, IsnadError
from rag.index.generations import Generations
from rag.store.schema import STORE_NAME
from tests.storage import CORPUS, article, everything, give, opened

Harm = Callable[[Path, random.Random], None]
WRONG = "WRONG"


def flip(path: Path, choose: random.Random) -> None:
    """Change one byte."""
    data = bytearray(path.read_bytes())
    data[choose.randrange(len(data))] ^= choose.randrange(1, 256)
    path.write_bytes(data)


def cut(path: Path, choose: random.Random) -> None:
    """Lose the end."""
    with path.open("r+b") as file:
        file.truncate(choose.randrange(path.stat().st_size))


def build(folder: Path) -> Path:
    """An index of two generations, some rows of which are removed, with every kind of file there is."""
    give(folder, CORPUS)
    give(folder, [article(f"n{i}", f"Item number {i} of the news. It was reported at {i} o'clock.") for i in range(12)])
    return folder


def files_of(index_dir: Path) -> list[Path]:
    """All files of the current state of the index, relative to it."""
    newest = Generations(index_dir).folder(Generations(index_dir).numbers()[0])
    paths = [index_dir / STORE_NAME, index_dir / "manifest.json", *sorted(newest.iterdir())]
    return [path.relative_to(index_dir) for path in paths]


@cache
def content_of(pristine: Path) -> object:
    """All that the sound index says."""
    return everything(opened(pristine))


def harm_once(pristine: Path, work: Path, name: Path, harm: Harm, choose: random.Random) -> str:
    """Damage one file of a copy and use the index; returns what came of it."""
    expected = content_of(pristine)
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(pristine, work)
    harm(work / name, choose)
    try:
        index = opened(work)
        found = everything(index)
    except IndexDamagedError:
        return "refused: damaged"
    except IsnadError as error:
        return f"refused: {error.code}"
    except (AssertionError, KeyError, ValueError, OSError):
        return WRONG
    if found != expected:
        return WRONG
    return "rebuilt" if (work / "quarantine").exists() else "no effect"


def rebuild_once(pristine: Path, work: Path, harm: Harm, choose: random.Random) -> str:
    """Damage the store of a copy and have a generation built from it."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(pristine, work)
    shutil.rmtree(work / "generations")
    harm(work / STORE_NAME, choose)
    return harm_once(pristine, work.with_name("second"), Path(STORE_NAME), lambda path, _: _move(work, path), choose)


def _move(work: Path, path: Path) -> None:
    shutil.rmtree(path.parent)
    shutil.copytree(work, path.parent)


def run(work: Path, flips: int, cuts: int, seed: int = 0) -> Iterator[tuple[str, str, Counter[str]]]:
    """(file, harm, outcomes) for every file and both harms, and for rebuilding from a harmed store."""
    choose = random.Random(seed)
    pristine = build(work / "pristine")
    for name in files_of(pristine):
        for kind, harm, times in (("flip", flip, flips), ("cut", cut, cuts)):
            outcomes = Counter(harm_once(pristine, work / "harmed", name, harm, choose) for _ in range(times))
            yield name.name if name.parent == Path() else f"…/{name.name}", kind, outcomes
    for kind, harm, times in (("flip", flip, flips), ("cut", cut, cuts)):
        outcomes = Counter(rebuild_once(pristine, work / "harmed", harm, choose) for _ in range(times))
        yield f"{STORE_NAME}, then rebuilt", kind, outcomes
