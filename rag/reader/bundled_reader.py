"""Reads windows of text for the words that answer a question, on onnxruntime.

A reading model in the manner of Devlin et al. 2019 (BERT on SQuAD 2.0): start and end logits for every token, and the
first token for "not here". It is the bundled encoder with trained upper layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.documents import Float32, Span
from rag.encoding.bundled_encoder import MODEL, NAME, PASSAGE_PREFIX, QUERY_PREFIX, open_session
from rag.encoding.bundled_graph import build_reading_graph
from rag.encoding.bundled_tokenizer import BEGIN, END, BundledTokenizer, Tokens
from rag.encoding.bundled_weights import BundledWeights, find_weights
from rag.encoding.conversion import Conversion
from rag.encoding.encoder import Report
from rag.encoding.model_folders import ModelIdentity
from rag.reader.spans import agreement, best_span
from rag.reader.weights import WEIGHTS, published_hash, read_trained
from rag.reader.windows import Marked, Window

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CONVERSION = 2  # raise when the graph changes
CONTEXT_TOKENS = 432  # of a window; with a question within the model's 512 positions
QUESTION_TOKENS = 64  # what a question keeps, so that a pasted page leaves room for the passage


class Pair(NamedTuple):
    """``ids`` of the whole sequence, specials included, and where its text begins."""

    ids: list[int]
    context_at: int


class ReadingTokens:
    """Puts a question and a stretch of text together as one sequence, the form the reader was trained on.

    ``<s> query: QUESTION </s> passage: TEXT </s>``, with the prefixes the encoder knows.
    """

    def __init__(self, tokenizer: BundledTokenizer) -> None:
        query, passage = tokenizer.tokenize([QUERY_PREFIX.rstrip(), PASSAGE_PREFIX.rstrip()])
        self._before, self._between = [BEGIN, *query.ids], [END, *passage.ids]

    def pair(self, question: Sequence[int], context: Sequence[int]) -> Pair:
        """The sequence of a question's and a text's ids (no specials)."""
        lead = [*self._before, *question[:QUESTION_TOKENS], *self._between]
        return Pair([*lead, *context, END], len(lead))


class BundledReader:
    """Marks answers. Safe for concurrent use."""

    def __init__(self, tokenizer: BundledTokenizer, session: InferenceSession, sha256: str = "") -> None:
        self.identity = ModelIdentity("bundled", sha256)
        self._tokenizer = tokenizer
        self._session = session
        self._pairs = ReadingTokens(tokenizer)

    @classmethod
    def load(
        cls, tokenizer: BundledTokenizer, cache_dir: Path, report: Report = lambda line: None, weights: Path = WEIGHTS
    ) -> BundledReader:
        """Open the converted model, converting it first where the cache has none.

        Raises EncoderError where weights are missing or damaged, StorageError where the cache cannot be written.
        """
        published = published_hash(weights)
        folder = cache_dir / f"{NAME}-reader-{published[:12]}-{CONVERSION}"

        def write(made: Path) -> None:
            encoder = BundledWeights.read(find_weights())
            (made / MODEL).write_bytes(build_reading_graph(encoder, "int8", read_trained(weights)))

        Conversion(folder, (MODEL,), write, f"Converting the reader (once, a few seconds) into {folder}").open(report)
        return cls(tokenizer, open_session(folder / MODEL), published)

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Marked | None]]:
        """For each window the best words of each of its sentences, None for one without tokens that could be read."""
        if not windows:
            return []
        asked, *texts = self._tokenizer.tokenize([question, *(window.text for window in windows)])
        pairs = [self._pairs.pair(asked.ids, text.ids[:CONTEXT_TOKENS]) for text in texts]
        logits = [self._run(pair.ids) for pair in pairs]
        return [
            [_mark(scores[pair.context_at :], scores[0], text, sentence) for sentence in window.sentences]
            for window, text, pair, scores in zip(windows, texts, pairs, logits, strict=True)
        ]

    def _run(self, sequence: Sequence[int]) -> Float32:
        """One window alone: what is found in it is the same whatever is read beside it.

        In a batch the products round to steps that all its windows share, and one costs as much time as alone: 48 ms
        of one core, and 48, 49, 51 and 54 in batches of 2, 4, 8 and 16.
        """
        ids = np.array([sequence], dtype=np.int64)
        (logits,) = self._session.run(None, {"ids": ids, "mask": np.ones(ids.shape, dtype=np.int32)})
        return np.asarray(logits[0], dtype=np.float32)


def _mark(logits: Float32, absent: Float32, text: Tokens, sentence: Span) -> Marked | None:
    """``logits`` (n, 2) from the window's first token on; ``absent`` (2,)."""
    starts = text.spans[: len(logits) - 1, 0]  # the last is </s>
    first, stop = np.searchsorted(starts, [sentence.start, sentence.end])
    if first == stop:
        return None
    span = best_span(logits, int(first), int(stop))
    start, end = text.spans[span.first, 0], text.spans[span.last, 1]
    margin = span.score - float(absent.sum())
    return Marked(int(start), min(int(end), sentence.end), margin, agreement(logits[: len(starts)], span))
