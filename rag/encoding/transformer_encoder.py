"""Any encoder that sentence-transformers can load: a hub name or a local folder.

Prefixes, pooling and projection are the model's own. Where a text's vector is the mean of its tokens' (as e5's), those
mean something by themselves and passages are ranked by late interaction; where it is the first token's or the last
one's, or is projected, they need not, and each sentence gets a vector instead (:mod:`rag.ingestion.passage_encoding`).
Which it is, is measured. Code from a model repository is never run.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.documents import Float32, Int32
from rag.encoding.encoder import BY_SENTENCE, Encoding, Fingerprint, PassageText, Report
from rag.encoding.model_folders import ModelFolder
from rag.encoding.placement import Placement
from rag.encoding.prefixes import prefixes_of
from rag.errors import SettingsError
from rag.files import sha256_of

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

READ_AHEAD, BATCH = 64, 8  # passages sorted by length together, and run at once: a guess for a processor
LONGEST = 512  # tokens a window, or fewer where the model's own limit is lower
TITLE_TOKENS = 48  # or a quarter of a shorter window: a longer title would crowd the passage out
SETTING = "ISNAD_ENCODER"
POOLING = "sentence-transformers"
PROBE = "The bridge was opened in 1932, and it was designed by Amina Haddad."
MEAN = 0.95  # cosine of a text's vector and its tokens' mean, from which it is taken to be that, or a weighted one
_OTHER = ("CausalLM", "QuestionAnswering", "SequenceClassification", "TokenClassification", "ConditionalGeneration")


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
    def load(
        cls, name: str, report: Report = lambda line: None, placement: Placement = Placement(), dimension: int = 0
    ) -> TransformerEncoder:
        """Load ``name`` and try it; ``dimension``: kept of each vector, 0 for all.

        Raises EncoderError when the library or the model is missing or cannot serve, SettingsError for a dimension
        that it does not have.
        """
        folder = ModelFolder.find(SETTING, name)
        _require_encoder(folder)
        placement.require_backend()
        if not placement.exported_in(folder.path):
            folder.require_safe()
        report(f"Loading the encoder {name} with sentence-transformers")
        with folder.loading():
            model = _load_model(folder, placement)
            if not getattr(model.tokenizer, "is_fast", False):
                raise folder.failed(
                    "it has no fast tokenizer, so its tokens cannot be traced to characters",
                    "Choose a model that ships a tokenizer.json.",
                )
            known = _fingerprint(folder, model, dimension, placement)
            if placement.backend == "torch":
                placement.settle(model)
            encoder = cls(known, model, min(LONGEST, model.max_seq_length or LONGEST))
            if not encoder._has_token_vectors():
                encoder.fingerprint = replace(known, pooling=BY_SENTENCE)
                report(f"The token vectors of {name} mean nothing by themselves: late interaction is left out.")
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
        return trimmed(text, np.array(encoded["offset_mapping"], dtype=np.int32).reshape(-1, 2))

    def _has_token_vectors(self) -> bool:
        """Whether a text's vector is the mean of its tokens' vectors, and those have its dimensions."""
        features = self._features([PROBE])
        mask = features["attention_mask"][0].numpy() > 0
        output = self._output(features)
        tokens, pooled = output.get("token_embeddings"), output["sentence_embedding"][0]
        if tokens is None or tokens.shape[2] != len(pooled):
            return False
        mean = tokens[0][mask].mean(axis=0)
        return float(mean @ pooled) >= MEAN * float(np.linalg.norm(mean) * np.linalg.norm(pooled))

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
        features = self._features([window.whole for window in batch])
        offsets = features.pop("offset_mapping").numpy().astype(np.int32)
        content = features.pop("special_tokens_mask").numpy() == 0
        if batch[0].prefix and not all(getattr(module, "include_prompt", True) for module in self._model):
            features["prompt_length"] = self._prompt_length(batch[0].prefix)
        output, dimension = self._output(features), self.fingerprint.dimension
        encodings = []
        for row, window in enumerate(batch):
            tokens = output["token_embeddings"][row][content[row]][:, :dimension] if self._by_token else None
            pooled = output["sentence_embedding"][row][:dimension]
            encodings.append(_select(window, pooled, tokens, offsets[row][content[row]]))
        return encodings

    @property
    def _by_token(self) -> bool:
        return self.fingerprint.has_tokens

    def _prompt_length(self, prefix: str) -> int:
        """Tokens up to the text, as sentence-transformers counts them."""
        return len(self._features([prefix])["input_ids"][0]) - 1

    def _output(self, features: Any) -> dict[str, Float32]:
        """What the model makes of them, in float32 on the processor."""
        import torch  # lazy: seconds that the bundled encoder's users need not pay

        given = {
            name: value.to(self._model.device) if isinstance(value, torch.Tensor) else value
            for name, value in features.items()
            if name not in ("offset_mapping", "special_tokens_mask")
        }
        with torch.inference_mode():
            output = self._model(given)
        wanted = ("sentence_embedding", *(("token_embeddings",) if "token_embeddings" in output else ()))
        return {name: output[name].float().cpu().numpy() for name in wanted}

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


def _select(window: _Window, pooled: Float32, tokens: Float32 | None, offsets: Int32) -> Encoding:
    """Leave the prefix out, mark the title's tokens (0, 0), and shift spans to the passage.

    tokens: None where the encoder has no vectors of them, and then the encoding has none.
    """
    kept = offsets[:, 1] > len(window.prefix)
    lead = len(window.prefix) + len(window.title)
    offsets = trimmed(window.whole, offsets[kept])
    spans = np.where(offsets[:, 1:] > lead, np.maximum(offsets - lead, 0) + window.start, 0).astype(np.int32)
    words = [any(map(str.isalnum, window.whole[start:end])) for start, end in offsets.tolist()]
    vectors = np.zeros((0, len(pooled)), dtype=np.float32) if tokens is None else tokens[kept]
    return Encoding(pooled, vectors, spans, np.array(words, dtype=np.float32))


def trimmed(text: str, spans: Int32) -> Int32:
    """Move starts past the blanks, and what has no width, that some tokenizers count to the word behind them."""
    moved = [(_first_visible(text, start, end), end) for start, end in spans.tolist()]
    return np.array(moved, dtype=np.int32).reshape(-1, 2)


def _first_visible(text: str, start: int, end: int) -> int:
    seen = (at for at in range(start, end) if not text[at].isspace() and unicodedata.category(text[at]) != "Cf")
    return next(seen, start)


def _join(windows: list[Encoding]) -> Encoding:
    """The windows of one passage as one encoding: pooled vectors averaged by their tokens."""
    if len(windows) == 1:
        joined = windows[0].pooled
    else:
        joined = np.sum([len(window.spans) * window.pooled for window in windows], axis=0)
    joined = joined / max(float(np.linalg.norm(joined)), 1e-9)
    fields: list[list[NDArray[np.generic]]] = [[getattr(w, n) for w in windows] for n in ("tokens", "spans", "weights")]
    tokens, spans, weights = (np.concatenate(each) for each in fields)
    return Encoding(joined.astype(np.float32), tokens, spans, weights)


def _load_model(folder: ModelFolder, placement: Placement) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer  # lazy: imports torch

    return SentenceTransformer(
        str(folder.path),
        trust_remote_code=False,
        local_files_only=True,
        device="cpu" if placement.backend == "torch" else None,  # moved once its weights are hashed
        **placement.library_options(folder.path),
    )


def _fingerprint(folder: ModelFolder, model: SentenceTransformer, dimension: int, placement: Placement) -> Fingerprint:
    whole = model.get_embedding_dimension() or 0
    if not 0 <= dimension <= whole:
        raise SettingsError(
            f"ISNAD_ENCODER_DIMENSION is {dimension}, and {folder.name} has {whole}.", "Choose fewer, or 0 for all."
        )
    query, passage = prefixes_of(folder.short_name, model.prompts)
    sha256 = _digest(model, folder.path, placement)
    return Fingerprint(folder.short_name, sha256, POOLING, query, passage, dimension or whole)


def _require_encoder(folder: ModelFolder) -> None:
    """Raises EncoderError for a model of another kind, of which sentence-transformers would make a poor encoder."""
    names = folder.architectures()
    if (folder.path / "modules.json").is_file() or not any(name.partition("For")[2] in _OTHER for name in names):
        return
    raise folder.failed(f"it is {names[0]}, no encoder of texts", "Choose a sentence-transformers model.")


def _digest(model: SentenceTransformer, folder: Path, placement: Placement) -> str:
    """SHA-256 over names and values of every parameter, or of what another runtime reads: the same, alike vectors."""
    sha = hashlib.sha256()
    for name, values in sorted(model.state_dict().items()):
        sha.update(name.encode())
        sha.update(values.detach().cpu().contiguous().float().numpy().tobytes())
    if placement.backend != "torch":
        for path in placement.exported_in(folder) or sorted(folder.glob("*.safetensors")):
            sha.update(f"{path.name} {sha256_of(path)}".encode())
    return sha.hexdigest()
