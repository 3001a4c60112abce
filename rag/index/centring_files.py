"""A generation's centring, as plain arrays beside the indexes it was used for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rag.documents import Float32
from rag.encoding.centring import Centring
from rag.files import FileRecord, read_array, write_array, write_durably


def write_centring(centring: Centring, folder: Path) -> dict[str, FileRecord]:
    """Write the means and the languages they are of. Raises StorageError."""
    languages = {"pooled": list(centring.pooled), "tokens": list(centring.tokens)}
    return {
        "centring.json": write_durably(folder / "centring.json", json.dumps(languages).encode()),
        "centring_pooled.npy": write_array(folder / "centring_pooled.npy", _stacked(centring.pooled)),
        "centring_tokens.npy": write_array(folder / "centring_tokens.npy", _stacked(centring.tokens)),
    }


def read_centring(folder: Path) -> Centring:
    """From files that were verified."""
    languages = json.loads((folder / "centring.json").read_bytes())
    pooled, tokens = (
        dict(zip(languages[kind], np.array(read_array(folder / f"centring_{kind}.npy")), strict=True))
        for kind in ("pooled", "tokens")
    )
    return Centring(pooled, tokens)


def _stacked(means: Mapping[str, Float32]) -> Float32:
    return np.stack(list(means.values())).astype(np.float32) if means else np.zeros((0, 0), dtype=np.float32)
