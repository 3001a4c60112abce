"""What was learnt for the models chosen: by ``python -m rag calibrate``, or with the bundled ones, or for others.

What it learns lies beside the index, in a file named by the fingerprint of the models, so that another model never
meets weights that are not its own. The bundled models have theirs shipped. Any others borrow those, and answers are
then given with more caution, since nothing tells what their scores are worth.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from rag import files
from rag.encoding.encoder import Fingerprint
from rag.encoding.model_folders import ModelIdentity
from rag.errors import StorageError
from rag.index.manifest import CALIBRATION_FOLDER
from rag.resources import calibration
from rag.retrieval.chance import Chance, table_of
from rag.retrieval.fusion import Fusion

BUNDLED = "bundled"
_SHIPPED = {"outcomes": calibration("outcomes.json"), "sentences": calibration("sentences.json")}


@dataclass(frozen=True)
class Models:
    """The models that an answer depends on; None for one that takes no part."""

    encoder: Fingerprint
    reader: ModelIdentity | None = None
    reranker: ModelIdentity | None = None

    @property
    def key(self) -> str:
        """What the file of their calibration is called."""
        parts = [self.encoder.to_dict(), self.reader, self.reranker]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def are_bundled(self) -> bool:
        """Whether what is shipped was learnt with them."""
        read_by_bundled = self.reader is None or self.reader.name == BUNDLED
        return table_of(self.encoder).is_file() and read_by_bundled and self.reranker is None

    @property
    def names(self) -> str:
        """For people."""
        others = [each.name for each in (self.reader, self.reranker) if each]
        return ", ".join([self.encoder.name, *others])


@dataclass(frozen=True)
class Calibration:
    """Weights of ranking, of sentence choice and of the outcomes, the last two as their files have them.

    origin: learnt for these models, shipped with the bundled ones, or borrowed. sets: what it was learnt from.
    """

    fusion: Fusion
    chance: Chance
    sentences: Mapping[str, float]
    outcomes: Mapping[str, Any]
    origin: Literal["learnt", "shipped", "borrowed"]
    sets: Sequence[str] = ()

    @classmethod
    def load(cls, index_dir: Path, models: Models) -> Calibration:
        """What was learnt beside the index, else what is shipped. Raises StorageError for a file that is damaged."""
        path = file_of(index_dir, models)
        chance = Chance.load(models.encoder, path.with_suffix(".npz"))
        if not path.is_file():
            return cls.shipped(models, chance)
        try:
            read = json.loads(path.read_text("utf-8"))
            fusion = Fusion(**read["fusion"])
            return cls(fusion, chance, read["sentences"], read["outcomes"], "learnt", tuple(read["sets"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            cure = "Remove it, or make it anew: python -m rag calibrate SET"
            raise StorageError(f"The calibration {path} cannot be used: {error}.", cure) from error

    @classmethod
    def shipped(cls, models: Models, chance: Chance) -> Calibration:
        """What the bundled models were calibrated to."""
        read = {name: json.loads(path.read_text("utf-8")) for name, path in _SHIPPED.items()}
        sentences = read["sentences"]["with_reader" if models.reader else "weights"]
        outcomes = read["outcomes"]["with_reader" if models.reader else "alone"]
        return cls(Fusion.load(), chance, sentences, outcomes, "shipped" if models.are_bundled else "borrowed")

    def save(self, index_dir: Path, models: Models) -> Path:
        """Write it beside the index. Raises StorageError."""
        path = file_of(index_dir, models)
        with files.storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        if not table_of(models.encoder).is_file():
            files.replace_durably(path.with_suffix(".npz"), self.chance.to_bytes())
        told = {
            "models": models.names,
            "sets": list(self.sets),
            "fusion": asdict(self.fusion),
            "sentences": dict(self.sentences),
            "outcomes": self.outcomes,
        }
        files.replace_durably(path, (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode())
        return path


def file_of(index_dir: Path, models: Models) -> Path:
    """Where the calibration of these models is, or would be."""
    return index_dir / CALIBRATION_FOLDER / f"{models.key}.json"
