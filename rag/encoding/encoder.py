"""The encoder: text to one pooled vector and one vector a token, from a single pass.

:class:`Encoder` is the protocol every stage depends on. Two implementations exist: the bundled
multilingual-e5-small on onnxruntime (:mod:`rag.encoding.bundled_encoder`) and anything sentence-transformers can load
(:mod:`rag.encoding.transformer_encoder`); :mod:`rag.encoding.loading` chooses between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Protocol

from rag.documents import Float32, Int32

Report = Callable[[str], None]
BY_SENTENCE = "a vector a sentence"  # the pooling of an encoder whose token vectors mean nothing by themselves


class PassageText(NamedTuple):
    """What the encoder reads of a passage: its article's title and its own text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Encoding:
    """What one pass of the encoder yields for one text.

    pooled: (dimension,) float32, unit length.
    tokens: (n, dimension) float32, contextual vectors as the encoder gives them (neither centred nor scaled);
        special tokens and the prefix are left out. (0, dimension) where the fingerprint has no tokens.
    spans: (n, 2) int32, the characters of each token in the text given; (0, 0) for tokens of the title.
    weights: (n,) float32, how much each token tells (its surprise, or one); punctuation weighs nothing.
    """

    pooled: Float32
    tokens: Float32
    spans: Int32
    weights: Float32


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What makes two sets of vectors comparable. Stored in the database and in every manifest."""

    name: str
    sha256: str
    pooling: str
    query_prefix: str
    passage_prefix: str
    dimension: int

    @property
    def has_tokens(self) -> bool:
        """Whether token vectors mean something by themselves; else sentences have vectors in their place."""
        return self.pooling != BY_SENTENCE

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class Encoder(Protocol):
    """Query and passage are two methods, never a flag: prefixes differ and must not be mixed up."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Name, hash, pooling, prefixes and dimension."""
        ...

    def encode_query(self, text: str) -> Encoding:
        """One question; token spans index ``text``."""
        ...

    def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
        """Passages in the order given, batched inside; token spans index each passage's ``text``."""
        ...

    def token_spans(self, text: str) -> Int32:
        """(n, 2) int32: the characters of each token, for counting against a budget without encoding."""
        ...
