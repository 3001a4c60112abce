"""The reader's trained tensors: the encoder's upper layers in int8, one scale a row, and the head.

They replace their namesakes among the bundled encoder's own weights (:func:`build_reading_graph`). The file beside
them says where they come from and what they must hash to; ``rag/calibration/READER.md`` says what they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rag.documents import Float32
from rag.errors import EncoderError
from rag.resources import calibration

WEIGHTS = calibration("reader.safetensors")
_SCALE = ".scale"
_LEVELS = 127  # of int8, on either side of zero


def provenance_of(path: Path) -> Path:
    """The JSON file that says what made the weights, with their ``sha256``."""
    return path.with_suffix(".json")


def published_hash(path: Path = WEIGHTS) -> str:
    """What the weights must hash to (SHA-256, hex). Raises EncoderError where that cannot be read."""
    try:
        return str(json.loads(provenance_of(path).read_text("utf-8"))["sha256"])
    except (OSError, ValueError, KeyError) as error:
        raise _unusable(path, error) from error


def read_trained(path: Path = WEIGHTS) -> dict[str, Float32]:
    """Every tensor in float32 by its name. Raises EncoderError where the file is missing or not what was published."""
    from safetensors import SafetensorError  # lazy: only a conversion needs it
    from safetensors.numpy import load

    wanted = published_hash(path)
    try:
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != wanted:
            raise ValueError("it is not the file that was published")
        tensors = load(data)
    except (OSError, ValueError, SafetensorError) as error:
        raise _unusable(path, error) from error
    return {name: _restored(name, tensors) for name in tensors if not name.endswith(_SCALE)}


def write_trained(tensors: Mapping[str, Float32], path: Path, provenance: Mapping[str, object]) -> None:
    """Round matrices to int8 by row, keep the rest, and write both files. The head stays in float."""
    from safetensors.numpy import save

    stored: dict[str, np.ndarray] = {}
    for name, values in tensors.items():
        if values.ndim == 2 and not name.startswith("head"):
            scales = np.maximum(np.abs(values).max(axis=1), 1e-12).astype(np.float32) / np.float32(_LEVELS)
            stored[name] = np.rint(values / scales[:, None]).astype(np.int8)
            stored[name + _SCALE] = scales
        else:
            stored[name] = values.astype(np.float32)
    data = save(stored)
    path.write_bytes(data)
    told = {"sha256": hashlib.sha256(data).hexdigest(), **provenance}
    provenance_of(path).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _unusable(path: Path, error: Exception) -> EncoderError:
    return EncoderError(f"The reader's weights {path} cannot be used: {error}.", "Install Isnad again.")


def _restored(name: str, tensors: Mapping[str, np.ndarray]) -> Float32:
    values = tensors[name].astype(np.float32)
    return values * tensors[name + _SCALE][:, None] if name + _SCALE in tensors else values
