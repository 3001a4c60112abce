"""Any encoder that sentence-transformers can load: a hub name or a local folder.

Prefixes are the model's own prompts where it declares them, those of the e5 family where the name says so, and none
otherwise. Code from a model repository is never run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.documents import Float32, Int32
from rag.encoding.encoder import Encoding, Fingerprint, PassageText, Report
from rag.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

READ_AHEAD, BATCH = 64, 8  # passages sorted by length together, and run at once: a guess for a processor
LONGEST = 512  # tokens a window, or fewer where the model's own limit is lower
TITLE_TOKENS = 48  # or a quarter of a shorter window: a longer title would crowd the passage out
_E5 = re.compile(r"(?<![a-z0-9])e5(?![0-9])", re.IGNORECASE)


class _Window(NamedTuple):
    """What the model reads at once: ``prefix + title + text``; ``start`` is the text's offset in its passage."""

    owner: int
    prefix: str
    title: str
    text: str
    start: int

    @property
    def whole(self) -> str:
        return self.prefix + self.title + self.text


class TransformerEncoder:
    """A sentence-transformers model behind the :class:`~rag.encoding.encoder.Encoder` protocol. Thread-safe."""

    def __init__(self, fingerprint: Fingerprint, model: SentenceTransformer, window: int) -> None:
        self.fingerprint = fingerprint
        self._model = model
        self._window = window
        # padding and truncation are settings of the shared tokenizer: two threads would mix theirs up
        self._tokenizing = Lock()

    @classmethod
    def load(cls, name: str, report: Report = lambda line: None) -> TransformerEncoder:
        """Load ``name``; raises EncoderError when the library or the model is missing or cannot serve."""
        report(f"Loading the encoder {name} with sentence-transformers")
        model = _load_model(name)
        if not getattr(model.tokenizer, "is_fast", False):
            raise EncoderError(
                f"The encoder {name} has no fast tokenizer, so its tokens cannot be traced to characters.",
                "Choose a model that ships a tokenizer.json.",
            )
        query, passage = _prefixes(name, model)
        dimension = model.get_embedding_dimension() or 0
        known = Fingerprint(_short(name), _digest(model), "sentence-transformers", query, passage, dimension)
        encoder = cls(known, model, min(LONGEST, model.max_seq_length or LONGEST))
        encoder._require_token_vectors(name)
        return encoder

    def encode_query(self, text: str) -> Encoding:
        """One question; token spans index ``text``."""
        (encoding,) = self._encode(self.fingerprint.query_prefix, [PassageText("", text)])
        return encoding

    def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
        """Passages in the order given; one longer than the model's window is read in several."""
        rest = iter(passages)
        while chunk := list(islice(rest, READ_AHEAD)):
            yield from self._encode(self.fingerprint.passage_prefix, chunk)

    def token_spans(self, text: str) -> Int32:
        """(n, 2) int32 spans of the text's tokens, white space trimmed."""
        with self._tokenizing:
            encoded = self._model.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return _trim(text, np.array(encoded["offset_mapping"], dtype=np.int32).reshape(-1, 2))

    def _require_token_vectors(self, name: str) -> None:
        try:
            width = self.encode_query("word").tokens.shape[1]
        except KeyError:
            width = 0
        if width != self.fingerprint.dimension:
            raise EncoderError(
                f"The encoder {name} gives {width} dimensions a token and {self.fingerprint.dimension} a passage; "
                "ranking needs as many for both.",
                "Choose a model without a projection after its pooling.",
            )

    def _encode(self, prefix: str, passages: Sequence[PassageText]) -> list[Encoding]:
        windows = [window for owner, one in enumerate(passages) for window in self._windows(owner, prefix, one)]
        order = sorted(range(len(windows)), key=lambda i: len(windows[i].whole))
        parts: list[dict[int, Encoding]] = [{} for _ in passages]
        for at in range(0, len(order), BATCH):
            batch = [windows[i] for i in order[at : at + BATCH]]
            for window, encoding in zip(batch, self._run(batch), strict=True):
                parts[window.owner][window.start] = encoding
        return [_join([part[start] for start in sorted(part)]) for part in parts]

    def _windows(self, owner: int, prefix: str, passage: PassageText) -> Iterator[_Window]:
        title = self._shortened(passage.title)
        specials = self._model.tokenizer.num_special_tokens_to_add()
        budget = max(8, self._window - specials - len(self.token_spans(prefix + title)))
        spans = self.token_spans(passage.text)
        for start, end in pairwise([0, *_cuts(spans, budget), len(passage.text)]):
            yield _Window(owner, prefix, title, passage.text[start:end], start)

    def _shortened(self, title: str) -> str:
        """The title and a line break, cut to its share of the window."""
        spans = self.token_spans(title)
        return f"{title[: spans[: min(TITLE_TOKENS, self._window // 4), 1].max()]}\n" if len(spans) else ""

    def _run(self, batch: Sequence[_Window]) -> list[Encoding]:
        import torch  # lazy: seconds that the bundled encoder's users need not pay

        features = self._features([window.whole for window in batch])
        offsets = features.pop("offset_mapping").numpy().astype(np.int32)
        content = features.pop("special_tokens_mask").numpy() == 0
        with torch.inference_mode():
            output = self._model({name: tensor.to(self._model.device) for name, tensor in features.items()})
        pooled = output["sentence_embedding"].float().cpu().numpy()
        tokens = output["token_embeddings"].float().cpu().numpy()
        return [
            _select(window, pooled[row], tokens[row][content[row]], offsets[row][content[row]])
            for row, window in enumerate(batch)
        ]

    def _features(self, texts: list[str]) -> Any:
        with self._tokenizing:
            return self._model.tokenizer(
                texts,
                padding=True,
                truncation=True,
                max_length=self._window,
                return_offsets_mapping=True,
                return_special_tokens_mask=True,
                return_tensors="pt",
            )


def _cuts(spans: Int32, budget: int) -> Iterator[int]:
    """Ends of pieces of at most ``budget`` tokens: before a word, or in one that fills half a piece."""
    at = 0
    while len(spans) - at > budget:
        most = at + budget
        at = next((i for i in range(most, most - budget // 2, -1) if spans[i, 0] > spans[i - 1, 1]), most)
        yield int(spans[at - 1, 1])


def _select(window: _Window, pooled: Float32, tokens: Float32, offsets: Int32) -> Encoding:
    """Leave the prefix out, mark the title's tokens (0, 0), and shift spans to the passage."""
    kept = offsets[:, 1] > len(window.prefix)
    lead = len(window.prefix) + len(window.title)
    offsets = _trim(window.whole, offsets[kept])
    spans = np.where(offsets[:, 1:] > lead, np.maximum(offsets - lead, 0) + window.start, 0).astype(np.int32)
    words = [any(map(str.isalnum, window.whole[start:end])) for start, end in offsets.tolist()]
    return Encoding(pooled, tokens[kept], spans, np.array(words, dtype=np.float32))


def _trim(text: str, spans: Int32) -> Int32:
    """Move starts past the blanks that some tokenizers count to the word behind them."""
    trimmed = [(end - (len(text[start:end].lstrip()) or end - start), end) for start, end in spans.tolist()]
    return np.array(trimmed, dtype=np.int32).reshape(-1, 2)


def _join(windows: list[Encoding]) -> Encoding:
    """The windows of one passage as one encoding: pooled vectors averaged by their tokens."""
    if len(windows) == 1:
        joined = windows[0].pooled
    else:
        joined = np.sum([len(window.tokens) * window.pooled for window in windows], axis=0)
    joined = joined / max(float(np.linalg.norm(joined)), 1e-9)
    fields: list[list[NDArray[np.generic]]] = [[getattr(w, n) for w in windows] for n in ("tokens", "spans", "weights")]
    tokens, spans, weights = (np.concatenate(each) for each in fields)
    return Encoding(joined.astype(np.float32), tokens, spans, weights)


def _load_model(name: str) -> SentenceTransformer:
    try:
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer  # lazy: imports torch
    except ImportError:
        raise EncoderError(
            f"The encoder {name} needs sentence-transformers, which is not installed.",
            "Run `pip install 'sentence-transformers>=5.2,<7'`, or unset ISNAD_ENCODER to use the bundled encoder.",
        ) from None
    try:
        return SentenceTransformer(name, trust_remote_code=False)
    except (OSError, ValueError, RuntimeError, ImportError, SafetensorError) as error:
        reason, _, _ = str(error).partition("\n")
        raise EncoderError(
            f"The encoder {name} could not be loaded: {reason}",
            "Check the name, the network, or give the path of a folder that holds the model.",
        ) from error


def _short(name: str) -> str:
    """A hub name without its owner; a folder's own name."""
    return Path(name).resolve().name


def _prefixes(name: str, model: SentenceTransformer) -> tuple[str, str]:
    """(query, passage): the model's declared prompts, else those of its family, else nothing."""
    prompts = model.prompts or {}
    query = prompts.get("query", "")
    passage = prompts.get("passage", "") or prompts.get("document", "")
    if not query and not passage and _E5.search(_short(name)) and "instruct" not in name.lower():
        return "query: ", "passage: "
    return query, passage


def _digest(model: SentenceTransformer) -> str:
    """SHA-256 over names and values of every parameter: the same weights, the same vectors."""
    sha = hashlib.sha256()
    for name, values in sorted(model.state_dict().items()):
        sha.update(name.encode())
        sha.update(values.detach().cpu().contiguous().float().numpy().tobytes())
    return sha.hexdigest()
