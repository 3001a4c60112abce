"""kill -9 at every named step of a write and at random moments: nothing committed is lost, and the next run completes.

A run changes the corpus, starts a
process that brings the index in step (or deletes, backs up, restores, repairs), kills it, and then checks that

- the store is sound, row by row, and holds every transaction whose commit had returned;
- the index opens and is wholly the old generation or wholly the new one;
- one more run, not killed, leaves the index as if nothing had happened, and no half-written file behind.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path

from rag import files
from rag.documents import Article
from rag.errors import IndexMissingError
from rag.index.backup import backup_index, restore_index
from rag.index.generations import Generations
from rag.index.repair import check_index, repair_index
from rag.ingestion import batch as batches
from rag.ingestion.indexing import delete_article, index_articles
from rag.store.check import faults_of
from rag.store.database import Store
from tests.fakes import HashEncoder
from tests.storage import everything, opened

ACTIONS = ("index", "rebuild", "delete", "backup", "restore", "repair")
FILES = 6
Content = dict[str, tuple[Article, list[str]]]


@dataclass(frozen=True)
class Place:
    """Where one series of runs happens."""

    root: Path

    @property
    def corpus(self) -> Path:
        return self.root / "corpus"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def backup(self) -> Path:
        return self.root / "saved"

    @property
    def notes(self) -> Path:
        """Where the victim notes each step, and the store's revision after each commit."""
        return self.root / "notes"


def act(place: Place, action: str, encoder: HashEncoder) -> None:
    """What the victim does, and later what completes it."""
    if action in ("index", "rebuild"):
        rebuild = action == "rebuild"
        index_articles([place.corpus], index_dir=place.index, encoder=encoder, rebuild=rebuild, prune=True)
    elif action == "delete":
        for name in sorted(live(place.index))[:1]:
            delete_article(name, index_dir=place.index)
    elif action == "backup":
        backup_index(place.index, place.backup)
    elif action == "restore":
        restore_index(place.index, place.backup)
    else:
        repair_index(place.index)


def victim(place: Place, action: str, kill_at: int, encoder: HashEncoder) -> None:
    """Act, and die at the step ``kill_at``; 0 to live on until killed from outside."""
    count = 0
    notes = os.open(place.notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def checkpoint(name: str) -> None:
        nonlocal count
        count += 1
        acked = f"{name}\n"
        if name == "committed" and not (place.index / "salvage").exists():
            with Store.open(place.index) as store:
                acked = f"committed : {store.get('revision')} {store.get('store_id')}\n"
        os.write(notes, acked.encode())
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    logging.disable()
    files.checkpoint = checkpoint
    batches.BATCH_PASSAGES = 2
    act(place, action, encoder)


def live(index_dir: Path) -> Content:
    """What the store says there is, read without any index."""
    try:
        with Store.open(index_dir) as store:
            rows = [store.live(article_id) for article_id in store.live_ids()]
            found = {row.article_id: row.version for row in rows if row is not None}
            return {
                name: (store.article(version), sorted(e.passage.text for e in store.encoded_passages(version)))
                for name, version in found.items()
            }
    except IndexMissingError:
        return {}


def published(index_dir: Path, encoder: HashEncoder) -> tuple[int, Content]:
    """The generation and its content; (0, nothing) when there is none."""
    try:
        index = opened(index_dir, encoder)
    except IndexMissingError:
        return 0, {}
    return index.generation, everything(index)


class Series:
    """Runs in one place, each starting from what the one before left."""

    def __init__(self, root: Path, seed: int) -> None:
        self.place = Place(root)
        self.choose = random.Random(seed)
        self.encoder = HashEncoder()
        self.context: ForkServerContext = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.faults.kill"])
        self.steps: dict[str, int] = {}
        self.place.corpus.mkdir(parents=True)
        for number in range(FILES):
            self._write(number)
        act(self.place, "index", self.encoder)
        act(self.place, "backup", self.encoder)

    def _write(self, number: int) -> None:
        words = " ".join(self.choose.choice(("rain", "news", "border", "river")) for _ in range(6))
        turn = self.choose.randrange(1000)
        (self.place.corpus / f"f{number}.txt").write_text(f"Turn {turn} of story {number}.\n\nIt tells of {words}.")

    def change(self, action: str) -> None:
        """Alter the corpus, and harm what a repair is to mend."""
        for number in self.choose.sample(range(FILES), 3):
            path = self.place.corpus / f"f{number}.txt"
            if path.exists() and self.choose.random() < 0.3:
                path.unlink()
            else:
                self._write(number)
        if action == "rebuild" and self.choose.random() < 0.5:
            self.encoder = HashEncoder(name=f"hash{self.choose.randrange(10**6)}")
        if action == "repair":
            path = Generations(self.place.index).folder(published(self.place.index, self.encoder)[0]) / "rows.npy"
            path.write_bytes(path.read_bytes()[:-1])
            if self.choose.random() < 0.5:
                with Store.open(self.place.index) as store:
                    store.connection.execute("UPDATE language_sums SET checksum = 0")

    def steps_of(self, action: str) -> int:
        """How many named steps the action has, counted on a copy."""
        if action not in self.steps:
            copy = Place(self.place.root.with_name("dry"))
            shutil.rmtree(copy.root, ignore_errors=True)
            shutil.copytree(self.place.root, copy.root)
            copy.notes.unlink(missing_ok=True)
            self._run(copy, action, 0, None)
            self.steps[action] = len(copy.notes.read_text().splitlines())
        return self.steps[action]

    def _run(self, place: Place, action: str, kill_at: int, after_s: float | None) -> int:
        process = self.context.Process(target=victim, args=(place, action, kill_at, self.encoder))
        process.start()
        if after_s is not None:
            time.sleep(after_s)
            process.kill()
        process.join(120)
        return process.exitcode or 0

    def run(self, action: str, at_step: bool) -> str:
        """One killing with its checks; returns the step it died at. Raises AssertionError."""
        place = self.place
        before = published(place.index, self.encoder)
        encoder = self.encoder
        self.change(action)
        place.notes.unlink(missing_ok=True)
        kill_at = self.choose.randint(1, max(1, self.steps_of(action))) if at_step else 0
        code = self._run(place, action, kill_at, None if at_step else self.choose.random() * 0.3)
        notes = place.notes.read_text().splitlines() if place.notes.exists() else []
        if action != "repair":
            self._check_killed(notes, before, encoder, action)
        act(place, action, self.encoder)
        if action == "repair":
            assert live(place.index) == before[1]
        act(place, "index", self.encoder)
        self._check_complete()
        if code == 0:
            return "(had ended)"
        return " ".join(notes[-1].split()[:2]) if notes and at_step else "(at random)"

    def _check_killed(self, notes: list[str], before: tuple[int, Content], encoder: HashEncoder, action: str) -> None:
        index_dir = self.place.index
        with Store.open(index_dir) as store:
            revision, store_id = int(store.get("revision")), store.get("store_id")
        assert faults_of(index_dir) == []
        for line in notes:
            if line.startswith("committed "):
                _, _, number, owner = line.split()
                assert owner != store_id or revision >= int(number), f"lost: {line} > {revision}"
        current = Generations(index_dir).current()
        if current.generation == before[0]:
            assert published(index_dir, encoder) == before
        else:
            assert published(index_dir, self.encoder)[1] == live(index_dir)
        if action == "backup":
            restore_index(self.place.root / "returned", self.place.backup)
            shutil.rmtree(self.place.root / "returned")

    def _check_complete(self) -> None:
        place = self.place
        texts = sorted(path.read_text() for path in place.corpus.iterdir())
        generation, content = published(place.index, self.encoder)
        assert content == live(place.index)
        assert set(texts) >= {owner.text for owner, _ in content.values()}
        assert check_index(place.index) == []
        stray = {path.name for path in place.index.iterdir()} - {
            *("store.sqlite3", "store.sqlite3-wal", "store.sqlite3-shm", "manifest.json", "writer.lock"),
            *("generations", "quarantine"),
        }
        assert stray <= {"restore", "salvage"}, stray
        folders = [path.name for path in (place.index / "generations").iterdir()]
        assert f"{generation:06d}" in folders
        assert all(name.isdigit() for name in folders), folders
        shutil.rmtree(place.index / "quarantine", ignore_errors=True)


def run_series(root: Path, runs: int, seed: int, tell: Callable[[str, str], None]) -> None:
    """``runs`` killings, the actions in turn, two of three at a named step; ``tell`` hears action and step of each."""
    series = Series(root / "series", seed)
    for number in range(runs):
        action = ACTIONS[number % len(ACTIONS)]
        try:
            step = series.run(action, at_step=series.choose.random() < 2 / 3)
        except BaseException as error:
            error.args = (f"run {number}, {action}, seed {seed}", *error.args)
            raise
        tell(action, step)
