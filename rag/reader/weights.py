"""The reader's trained tensors: the encoder's upper layers in int8, one scale a row, and the head.

They replace their namesakes among the bundled encoder's own weights (:func:`build_reading_graph`). The file beside
them says where they come from and what they must hash to; ``rag/calibration/READER.md`` says what they are.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rag.documents import Float32
from rag.errors import EncoderError
from rag.files import sha256_of

WEIGHTS = Path(__file__).parents[1] / "calibration" / "reader.npz"
_SCALE = ".scale"
_LEVELS = 127


def provenance_of(path: Path) -> Path:
    """The JSON file that says what made the weights, with their ``sha256``."""
    return path.with_suffix(".json")


def read_trained(path: Path = WEIGHTS) -> dict[str, Float32]:
    """Every tensor in float32 by its name. Raises EncoderError where the file is missing or not what was written."""
    try:
        wanted = json.loads(provenance_of(path).read_text("utf-8"))["sha256"]
        if sha256_of(path) != wanted:
            raise ValueError("it is not the file that was published")
        with np.load(path, allow_pickle=False) as stored:
            tensors = dict(stored)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise EncoderError(f"The reader's weights {path} cannot be used: {error}.", "Install Isnad again.") from error
    return {name: _restored(name, tensors) for name in tensors if not name.endswith(_SCALE)}


def write_trained(tensors: Mapping[str, Float32], path: Path, provenance: Mapping[str, object]) -> None:
    """Round matrices to int8 by row, keep the rest, and write both files. The head stays in float."""
    stored: dict[str, np.ndarray] = {}
    for name, values in tensors.items():
        if values.ndim == 2 and not name.startswith("head"):
            scales = np.maximum(np.abs(values).max(axis=1), 1e-12).astype(np.float32) / np.float32(_LEVELS)
            stored[name] = np.rint(values / scales[:, None]).astype(np.int8)
            stored[name + _SCALE] = scales
        else:
            stored[name] = values.astype(np.float32)
    np.savez_compressed(path, **stored)  # type: ignore[arg-type]  # numpy types keyword arrays as its own option
    told = {"sha256": sha256_of(path), **provenance}
    provenance_of(path).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _restored(name: str, tensors: Mapping[str, np.ndarray]) -> Float32:
    values = tensors[name].astype(np.float32)
    return values * tensors[name + _SCALE][:, None] if name + _SCALE in tensors else values
