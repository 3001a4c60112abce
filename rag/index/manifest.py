"""The manifest: which generation is published, what made it, and what its files must be.

Each generation's folder holds its own manifest; the one at the top, replaced by a rename, says which is current.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag import files
from rag.errors import IndexDamagedError
from rag.files import FileRecord
from rag.store.profile import Profile

MANIFEST_NAME = "manifest.json"
CALIBRATION_FOLDER = "calibration"  # of the index: what was learnt for models, beside what is searched


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation. ``revision`` is the store's when it was made: a higher one means unpublished changes."""

    generation: int
    store_id: str
    revision: int
    profile: Profile
    articles: int
    passages: int
    files: Mapping[str, FileRecord]

    def to_bytes(self) -> bytes:
        """JSON with its own SHA-256; :meth:`from_bytes` accepts these very bytes only."""
        return _sealed(asdict(self))

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Raises ValueError when any byte was changed."""
        try:
            body: dict[str, Any] = json.loads(data)["manifest"]
            profile = Profile.from_dict(body["profile"])
            records = {name: FileRecord(**record) for name, record in body["files"].items()}
            manifest = cls(**{**body, "profile": profile, "files": records})
        except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
            raise ValueError(f"not a manifest: {error!r}") from error
        if _sealed(body) != data:  # not of the manifest's own bytes: a profile may have fields that came later
            raise ValueError("its hash is wrong")
        return manifest

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Raises FileNotFoundError, or IndexDamagedError when it is not a whole manifest."""
        try:
            return cls.from_bytes(path.read_bytes())
        except ValueError as error:
            raise IndexDamagedError(f"{path} is damaged: {error}.") from error

    def verify(self, folder: Path) -> None:
        """Raises IndexDamagedError unless every file in ``folder`` is what the manifest says."""
        for name, record in self.files.items():
            files.verify(folder / name, record)

    def require_store(self, store_id: str, revision: int) -> None:
        """Raises IndexDamagedError unless the generation was made from this store, and the store lost nothing since."""
        if self.store_id != store_id:
            raise IndexDamagedError(f"Generation {self.generation} was made from another store than the one beside it.")
        if self.revision > revision:  # as when the store's log was cut off; keys may mean other passages by now
            raise IndexDamagedError(f"Generation {self.generation} is newer than the store beside it.")


def _sealed(body: Mapping[str, Any]) -> bytes:
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return (json.dumps({"manifest": body, "sha256": digest}, sort_keys=True, indent=1) + "\n").encode()
