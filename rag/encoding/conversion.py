"""Files converted once into the user's cache folder, whole or not at all; their hashes are checked each time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag import files
from rag.encoding.encoder import Report
from rag.errors import StorageError, cure_of

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
        """Write every file into a folder beside it, then rename: a reader sees all of them or none."""
        with files.scratch(self.folder.with_name(f".{self.folder.name}.new")) as made:
            self.write(made)
            hashes = {file: files.sha256_of(made / file) for file in self.files}
            files.write_durably(made / HASHES, json.dumps(hashes).encode())
            if self.folder.exists():
                shutil.rmtree(self.folder)
            files.rename_durably(made, self.folder)
        return hashes

    def verified(self) -> dict[str, str]:
        """The hash of each file of a whole conversion; empty where any is missing or is not what was written."""
        try:
            hashes = json.loads((self.folder / HASHES).read_bytes())
            found = {file: files.sha256_of(self.folder / file) for file in self.files}
        except (OSError, ValueError):
            return {}
        return found if found == hashes else {}


def turn(folder: Path) -> AbstractContextManager[bool]:
    """One process converts at a time; the others wait, then find it done."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    return files.locked(folder.with_name(f".{folder.name}.lock"), create=True)


@contextmanager
def _storage_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, StorageError) as error:
        refused = error.__cause__ if isinstance(error, StorageError) else error
        cure = "Free about 250 MB there"
        if isinstance(refused, PermissionError):
            cure = cure_of(refused).removesuffix(".")
        raise StorageError(
            f"The converted model could not be written to {folder}: {getattr(refused, 'strerror', None) or refused}.",
            f"{cure}, or set ISNAD_CACHE_DIR to a folder with room.",
        ) from error
