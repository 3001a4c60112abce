"""Generations on the disk: numbered folders that are published by one rename, set aside when damaged, kept by twos.

::

    store.sqlite3         the truth
    manifest.json         which generation is current; replaced by a rename
    writer.lock
    generations/000012/   files of one generation with their own manifest
    quarantine/           what failed its hash, kept for whoever wants to look
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from rag import files
from rag.errors import IndexDamagedError
from rag.files import FileRecord
from rag.index.locking import unleased
from rag.index.manifest import MANIFEST_NAME, Manifest
from rag.store.schema import QUARANTINE

KEPT_GENERATIONS = 2  # the current one, and one to fall back to should that be damaged


class Generations:
    """The folders of one index. Methods that change anything belong under the writer's lock."""

    def __init__(self, index_dir: Path) -> None:
        self.index_dir = index_dir
        self.root = index_dir / "generations"
        self.quarantined = index_dir / QUARANTINE

    def folder(self, generation: int) -> Path:
        """Where a generation is, or would be."""
        return self.root / f"{generation:06d}"

    def numbers(self) -> list[int]:
        """The complete generations on the disk, newest first."""
        if not self.root.is_dir():
            return []
        return sorted((int(path.name) for path in self.root.iterdir() if path.name.isdigit()), reverse=True)

    def current(self) -> Manifest:
        """The published manifest. Raises FileNotFoundError, IndexDamagedError."""
        return Manifest.read(self.index_dir / MANIFEST_NAME)

    def manifest(self, generation: int) -> Manifest:
        """The manifest in a generation's own folder. Raises FileNotFoundError, IndexDamagedError."""
        manifest = Manifest.read(self.folder(generation) / MANIFEST_NAME)
        if manifest.generation != generation:
            raise IndexDamagedError(f"{self.folder(generation)} holds generation {manifest.generation}.")
        return manifest

    def write(
        self, generation: int, fill: Callable[[Path], Mapping[str, FileRecord]], describe: Callable[..., Manifest]
    ) -> Manifest:
        """Make the folder of a generation and publish it.

        fill: writes the files into the folder given. describe: the manifest of those files (``files=``).
        Raises StorageError; then nothing is published and what was current stays so.
        """
        self.sweep()
        fresh = self.root / f"{generation:06d}.new"
        with files.storage_errors(fresh):
            fresh.mkdir(parents=True)
        with ExitStack() as failed:
            failed.callback(self._discard, generation)  # gives the space back when the disk is full
            manifest = describe(files=fill(fresh))
            files.write_durably(fresh / MANIFEST_NAME, manifest.to_bytes())
            files.fsync_dir(fresh)
            files.rename_durably(fresh, self.folder(generation))
            self.publish(manifest)
            failed.pop_all()
        return manifest

    def _discard(self, generation: int) -> None:
        shutil.rmtree(self.root / f"{generation:06d}.new", ignore_errors=True)
        try:
            published = self.current().generation
        except (FileNotFoundError, IndexDamagedError):
            published = 0
        if published != generation:  # it is, when only the last fsync failed
            shutil.rmtree(self.folder(generation), ignore_errors=True)

    def publish(self, manifest: Manifest) -> None:
        """Make a complete generation the current one. Raises StorageError."""
        files.replace_durably(self.index_dir / MANIFEST_NAME, manifest.to_bytes(), mode=0o600)
        files.checkpoint("published")

    def sweep(self) -> None:
        """Remove what an interrupted run left half written."""
        for path in [*self.root.glob("*.new"), *self.root.glob("*.old")]:
            shutil.rmtree(path, ignore_errors=True)
        (self.index_dir / f".{MANIFEST_NAME}.new").unlink(missing_ok=True)

    def retire(self) -> int:
        """Remove all but the newest generations and those in use; returns the oldest generation that stays."""
        kept = self.numbers()[:KEPT_GENERATIONS]
        for generation in self.numbers()[KEPT_GENERATIONS:]:
            folder = self.folder(generation)
            with unleased(folder / MANIFEST_NAME) as free:
                if not free:
                    kept.append(generation)
                    continue
                old = folder.with_suffix(".old")  # so that half a removal is never taken for a generation
                with files.storage_errors(folder):
                    folder.rename(old)
                shutil.rmtree(old, ignore_errors=True)
        return min([*kept, *self._in_use_though_set_aside()], default=0)

    def _in_use_though_set_aside(self) -> Iterator[int]:
        """A reader may have opened a generation before it was damaged and moved: its rows are still needed."""
        for path in self.quarantined.glob(f"*/{MANIFEST_NAME}"):
            with unleased(path) as free:
                if not free:
                    yield int(path.parent.name.partition(".")[0])

    def quarantine(self, path: Path) -> None:
        """Move a damaged file or folder aside. Raises StorageError."""
        files.quarantine(path, self.quarantined)
