"""Files converted once into the user's cache folder, whole or not at all; their hashes are checked each time."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.encoding.encoder import Report
from rag.errors import StorageError
from rag.files import sha256_of

HASHES = "hashes.json"


@dataclass(frozen=True)
class Conversion:
    """What is made: ``write`` puts ``files`` into the folder it is given, which becomes ``folder``.

    ``told`` is reported before it is made.
    """

    folder: Path
    files: tuple[str, ...]
    write: Callable[[Path], None]
    told: str

    def open(self, report: Report) -> dict[str, str]:
        """The hash (hex) of each file, made first where any is missing or damaged.

        Raises StorageError where the folder cannot be written, and whatever ``write`` raises.
        """
        hashes = self.verified()
        if not hashes:
            with _storage_errors(self.folder), turn(self.folder):
                hashes = self.verified()  # another process may have made it while this one waited
                if not hashes:
                    report(self.told)
                    hashes = self.make()
        return hashes

    def make(self) -> dict[str, str]:
        """Write every file into a temporary sibling, then rename: a reader sees all of them or none."""
        with tempfile.TemporaryDirectory(dir=self.folder.parent, prefix=".converting-") as name:
            made = Path(name) / "made"
            made.mkdir()
            self.write(made)
            hashes = {file: sha256_of(made / file) for file in self.files}
            (made / HASHES).write_text(json.dumps(hashes), "utf-8")
            if self.folder.exists():
                shutil.rmtree(self.folder)
            made.rename(self.folder)
        return hashes

    def verified(self) -> dict[str, str]:
        """The hash of each file of a whole conversion; empty where any is missing or is not what was written."""
        try:
            hashes = json.loads((self.folder / HASHES).read_bytes())
            found = {file: sha256_of(self.folder / file) for file in self.files}
        except (OSError, ValueError):
            return {}
        return found if found == hashes else {}


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """One process converts at a time; the others wait, then find it done. The system drops a dead one's lock."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder.with_name(f".{folder.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _storage_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The converted model could not be written to {folder}: {error.strerror or error}.",
            "Free about 250 MB there, or set ISNAD_CACHE_DIR to a folder with room.",
        ) from error
