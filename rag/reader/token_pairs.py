"""A question and a text as one sequence of tokens, put together as a model's own tokenizer does it."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.documents import Int32
from rag.encoding.transformer_encoder import trimmed
from rag.reader.bundled_reader import QUESTION_TOKENS

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

LONGEST = 512  # tokens a sequence, or fewer where the model's own limit is lower
OVERLAP = 96  # tokens that two windows of a long text share: an answer and what tells that it is one


class TokenPair(NamedTuple):
    """Token ids with specials; where "not here" stands among them; the tokens of the text, and their spans in it."""

    owner: int
    ids: list[int]
    types: list[int]
    absent_at: int
    places: Int32
    spans: Int32


class PairTokenizer:
    """``room``: the most tokens that the model reads at once; ``start``: the token whose score is "not here".

    Safe for concurrent use.
    """

    def __init__(self, tokenizer: Tokenizer, room: int, start: int | None) -> None:
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._room = min(LONGEST, room)
        self._start = start
        self._tokenizing = Lock()  # truncation is a setting of the tokenizer, which threads share

    def pairs(self, question: str, texts: Sequence[str]) -> list[TokenPair]:
        """The sequences of each text, those of a long one several that overlap."""
        if not texts:
            return []
        with self._tokenizing:
            self._tokenizer.no_truncation()
            cut = self._tokenizer.encode(question, add_special_tokens=False)
            asked = question[: max((end for _, end in cut.offsets[:QUESTION_TOKENS]), default=0)]
            self._tokenizer.enable_truncation(self._room, stride=min(OVERLAP, self._room // 4), strategy="only_second")
            made = self._tokenizer.encode_batch([(asked, text) for text in texts])
        return [
            self._pair(owner, part, texts[owner]) for owner, one in enumerate(made) for part in (one, *one.overflowing)
        ]

    def _pair(self, owner: int, made: Encoding, text: str) -> TokenPair:
        offsets = np.array(made.offsets, dtype=np.int32).reshape(-1, 2)
        of_text = np.array([part == 1 for part in made.sequence_ids], dtype=bool) & (offsets[:, 1] > offsets[:, 0])
        absent_at = made.ids.index(self._start) if self._start in made.ids else 0
        places = np.flatnonzero(of_text).astype(np.int32)
        return TokenPair(owner, made.ids, made.type_ids, absent_at, places, trimmed(text, offsets[places]))
