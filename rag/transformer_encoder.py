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
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.documents import Encoding, Float32, Int32
from rag.encoder import Fingerprint, PassageText, Report
from rag.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

READ_AHEAD, BATCH = 64, 8
LONGEST = 512  # tokens a window, or fewer where the model's own limit is lower
TITLE_CHARACTERS = 200
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
    """A sentence-transformers model behind the :class:`rag.encoder.Encoder` protocol. Safe for concurrent use."""

    def __init__(self, fingerprint: Fingerprint, model: SentenceTransformer, window: int) -> None:
        self.fingerprint = fingerprint
        self._model = model
        self._window = window

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
        dimension = model.get_embedding_dimension()
        assert dimension is not None
        known = Fingerprint(Path(name).name, _digest(model), "sentence-transformers", query, passage, dimension)
        return cls(known, model, min(LONGEST, model.max_seq_length or LONGEST))

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
        """(n, 2) int32 spans of the text's tokens."""
        encoded = self._model.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return np.array(encoded["offset_mapping"], dtype=np.int32).reshape(-1, 2)

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
        title = f"{passage.title[:TITLE_CHARACTERS]}\n" if passage.title else ""
        budget = max(8, self._window - 2 - len(self.token_spans(prefix + title)))
        spans = self.token_spans(passage.text)
        cuts = [0, *(int(spans[i, 0]) for i in range(budget, len(spans), budget)), len(passage.text)]
        for start, end in pairwise(cuts):
            yield _Window(owner, prefix, title, passage.text[start:end], start)

    def _run(self, batch: Sequence[_Window]) -> list[Encoding]:
        import torch  # lazy: seconds that the bundled encoder's users need not pay

        features = self._model.tokenizer(
            [window.whole for window in batch],
            padding=True,
            truncation=True,
            max_length=self._window,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            return_tensors="pt",
        )
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


def _select(window: _Window, pooled: Float32, tokens: Float32, offsets: Int32) -> Encoding:
    """Leave the prefix out, mark the title's tokens (0, 0), and shift spans to the passage."""
    kept = offsets[:, 1] > len(window.prefix)
    lead = len(window.prefix) + len(window.title)
    spans = np.where(offsets[:, 1:] > lead, np.maximum(offsets - lead, 0) + window.start, 0)[kept].astype(np.int32)
    whole = window.whole
    words = [any(map(str.isalnum, whole[start:end])) for start, end in offsets[kept].tolist()]
    return Encoding(pooled, tokens[kept], spans, np.array(words, dtype=np.float32))


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
        from sentence_transformers import SentenceTransformer  # lazy: imports torch
    except ImportError:
        raise EncoderError(
            f"The encoder {name} needs sentence-transformers, which is not installed.",
            "Run `pip install -r requirements.txt`, or unset ISNAD_ENCODER to use the bundled encoder.",
        ) from None
    try:
        return SentenceTransformer(name, trust_remote_code=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise EncoderError(
            f"The encoder {name} could not be loaded: {str(error).splitlines()[0]}",
            "Check the name, the network, or give the path of a folder that holds the model.",
        ) from error


def _prefixes(name: str, model: SentenceTransformer) -> tuple[str, str]:
    """(query, passage): the model's declared prompts, else those of its family, else nothing."""
    prompts = model.prompts or {}
    query = prompts.get("query", "")
    passage = prompts.get("passage", "") or prompts.get("document", "")
    if not query and not passage and _E5.search(Path(name).name) and "instruct" not in name.lower():
        return "query: ", "passage: "
    return query, passage


def _digest(model: SentenceTransformer) -> str:
    """SHA-256 over names and values of every parameter: the same weights, the same vectors."""
    sha = hashlib.sha256()
    for name, values in sorted(model.state_dict().items()):
        sha.update(name.encode())
        sha.update(values.detach().cpu().contiguous().float().numpy().tobytes())
    return sha.hexdigest()
