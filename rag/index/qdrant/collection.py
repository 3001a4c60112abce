"""Which collection holds a generation's passages, and what its vectors were made with.

Vectors are centred by the corpus's means and terms weighed by the mean length, which move as the corpus grows. A
collection keeps to those of its making, and a new one is made once the corpus has doubled or halved: then the means
stand on enough, and each passage is sent about twice in all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from rag import files
from rag.encoding.centring import Centring
from rag.encoding.encoder import Fingerprint
from rag.files import FileRecord

FOLDER = "qdrant"
COLLECTION_NAME = f"{FOLDER}/collection.json"


def name_of(fingerprint: Fingerprint, store_id: str, generation: int) -> str:
    """Of the encoder, the store, and the generation that the collection was made for."""
    model = "".join(letter if letter.isalnum() else "-" for letter in fingerprint.name)[-60:]
    digest = blake2b(json.dumps(fingerprint.to_dict(), sort_keys=True).encode(), digest_size=6).hexdigest()
    return f"isnad-{model}-{digest}-{store_id[:12]}-{generation}"


def made_for(name: str, store_id: str) -> int:
    """The generation that a collection of the store was made for; 0 for any other collection."""
    head, _, generation = name.rpartition("-")
    ours = name.startswith("isnad-") and head.endswith(f"-{store_id[:12]}") and generation.isdecimal()
    return int(generation) if ours else 0


@dataclass(frozen=True)
class Collection:
    """passages: how many there were when it was made; mean_length: of their terms."""

    name: str
    passages: int
    mean_length: float
    centring: Centring

    def fits(self, passages: int) -> bool:
        """Whether so many passages are near enough to what it was made for."""
        return self.passages <= 2 * passages and passages <= 2 * self.passages

    def write(self, folder: Path) -> dict[str, FileRecord]:
        """Write it into a folder of its own below the generation's. Raises StorageError."""
        place = folder / FOLDER
        with files.storage_errors(place):
            place.mkdir()
        facts = {"name": self.name, "passages": self.passages, "mean_length": self.mean_length}
        records = {
            "collection.json": files.write_durably(place / "collection.json", json.dumps(facts).encode()),
            **self.centring.write(place),
        }
        files.fsync_dir(place)
        return {f"{FOLDER}/{name}": record for name, record in records.items()}

    @classmethod
    def load(cls, folder: Path) -> Collection:
        """From files that were verified."""
        facts = json.loads((folder / COLLECTION_NAME).read_bytes())
        return cls(facts["name"], facts["passages"], facts["mean_length"], Centring.load(folder / FOLDER))
