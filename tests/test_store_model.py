"""The index against a dictionary, by random walks: which text is there, and which places hold it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rag.documents import Article
from rag.encoding.encoder import Encoding, PassageText
from rag.index.backup import backup_index, restore_index
from rag.index.generations import Generations
from rag.index.repair import check_index
from rag.index.snapshot import Index
from rag.ingestion import batch as batches
from rag.ingestion.indexing import delete_article, index_articles, index_given
from rag.store.database import Store
from rag.store.origins import Origins
from tests.fakes import HashEncoder
from tests.storage import MEMORY, everything, opened

TEXTS = [f"Story {n} begins here.\n\nIt goes on for {n} days, and then it ends." for n in range(6)]
NAMES = [f"f{n}.txt" for n in range(5)]
IDS = ["g0", "g1", "g2"]


class Interrupted(HashEncoder):
    """Stops in the middle of its second batch, as Ctrl-C would."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.batches = 0

    def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
        self.batches += 1
        if self.batches == 2:
            raise KeyboardInterrupt
        return super().encode_passages(passages)


class IndexModel(RuleBasedStateMachine):
    """``files``: what is in the folder. ``read``: which text each file had when it was read. ``held``: the index."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(dir=MEMORY))
        self.corpus, self.index_dir = self.root / "corpus", self.root / "index"
        self.corpus.mkdir()
        self.encoder = HashEncoder()
        self.files: dict[str, str] = {}
        self.read: dict[str, str] = {}
        self.held: dict[str, str] = {}
        self.saved: tuple[dict[str, str], dict[str, str], HashEncoder] | None = None
        self.snapshots: list[tuple[Index, object]] = []

    def teardown(self) -> None:
        for snapshot, _ in self.snapshots:
            snapshot.close()
        shutil.rmtree(self.root)

    @initialize()
    def start(self) -> None:
        self.write(NAMES[0], TEXTS[0])
        self.index(prune=False)

    @rule(name=st.sampled_from(NAMES), text=st.sampled_from(TEXTS))
    def write(self, name: str, text: str) -> None:
        (self.corpus / name).write_text(text)
        self.files[f"corpus/{name}"] = text

    @precondition(lambda self: len(self.files) > 1)
    @rule(data=st.data())
    def unlink(self, data: st.DataObject) -> None:
        origin = data.draw(st.sampled_from(sorted(self.files)))
        del self.files[origin]
        (self.corpus / Path(origin).name).unlink()

    @precondition(lambda self: self.files)
    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def rename(self, data: st.DataObject, name: str) -> None:
        origin = data.draw(st.sampled_from(sorted(self.files)))
        (self.corpus / Path(origin).name).rename(self.corpus / name)
        self.files[f"corpus/{name}"] = self.files.pop(origin)

    def _indexed(self, prune: bool, rebuild: bool = False) -> None:
        for origin, text in self.files.items():
            if rebuild or self.read.get(origin) != text:
                self.read[origin] = self.held[origin] = text
        if prune:
            for origin in self.read.keys() - self.files.keys():
                del self.read[origin]
                self.held.pop(origin, None)

    @rule(prune=st.booleans())
    def index(self, prune: bool) -> None:
        index_articles([self.corpus], index_dir=self.index_dir, encoder=self.encoder, prune=prune)
        self._indexed(prune)

    @rule(prune=st.booleans(), rebuild=st.booleans())
    def index_in_two_goes(self, prune: bool, rebuild: bool) -> None:
        for encoder in (Interrupted(self.encoder.fingerprint.name), self.encoder):
            try:
                index_articles([self.corpus], index_dir=self.index_dir, encoder=encoder, prune=prune, rebuild=rebuild)
            except KeyboardInterrupt:
                continue
            break
        self._indexed(prune, rebuild)

    @rule(number=st.integers(0, 2))
    def rebuild(self, number: int) -> None:
        self.encoder = HashEncoder(name=f"hash{number}")
        index_articles([self.corpus], index_dir=self.index_dir, encoder=self.encoder, rebuild=True)
        self._indexed(prune=False, rebuild=True)

    @rule(name=st.sampled_from(IDS), text=st.sampled_from(TEXTS))
    def give(self, name: str, text: str) -> None:
        index_given([Article(name, text)], index_dir=self.index_dir, encoder=self.encoder)
        self.held[name] = text

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        text = data.draw(st.sampled_from(sorted(set(self.held.values()))))
        found = everything(opened(self.index_dir, self.encoder))
        delete_article(next(name for name, (owner, _) in found.items() if owner.text == text), index_dir=self.index_dir)
        self.held = {origin: held for origin, held in self.held.items() if held != text}

    @rule()
    def back_up(self) -> None:
        backup_index(self.index_dir, self.root / "saved")
        self.saved = dict(self.read), dict(self.held), self.encoder

    @precondition(lambda self: self.saved is not None)
    @rule()
    def restore(self) -> None:
        assert self.saved is not None
        restore_index(self.index_dir, self.root / "saved")
        self.read, self.held, self.encoder = dict(self.saved[0]), dict(self.saved[1]), self.saved[2]

    @rule()
    def damage(self) -> None:
        generations = Generations(self.index_dir)
        path = generations.folder(generations.current().generation) / "rows.npy"
        path.write_bytes(path.read_bytes()[:-1])

    @precondition(lambda self: len(self.snapshots) < 3)
    @rule()
    def hold(self) -> None:
        snapshot = opened(self.index_dir, self.encoder)
        self.snapshots.append((snapshot, everything(snapshot)))

    @precondition(lambda self: self.snapshots)
    @rule(data=st.data())
    def let_go(self, data: st.DataObject) -> None:
        snapshot, _ = self.snapshots.pop(data.draw(st.integers(0, len(self.snapshots) - 1)))
        snapshot.close()

    @invariant()
    def the_index_is_as_the_model(self) -> None:
        if not self.index_dir.exists():
            return
        index = opened(self.index_dir, self.encoder)
        texts = sorted(owner.text for owner, _ in everything(index).values())
        assert texts == sorted(set(self.held.values()))
        index.close()
        with Store.open(self.index_dir) as store:
            rows = [row for row in map(store.live, store.live_ids()) if row]
            places = {
                origin: store.article(r.version).text
                for r in rows
                for origin in Origins(store).of_article(r.article_id)
            }
        assert places == self.held
        assert check_index(self.index_dir) == []

    @invariant()
    def snapshots_are_as_they_were(self) -> None:
        for snapshot, expected in self.snapshots:
            snapshot._cache.clear()
            assert everything(snapshot) == expected


def walk(examples: int, steps: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "BATCH_PASSAGES", 2)
        run_state_machine_as_test(
            IndexModel,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_random_walks() -> None:
    walk(examples=10, steps=15)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_ten_thousand_steps() -> None:
    walk(examples=200, steps=50)
