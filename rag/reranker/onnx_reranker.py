"""A cross-encoder as a graph of ONNX, on onnxruntime: neither PyTorch nor sentence-transformers is needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.documents import Float32
from rag.encoding.encoder import Report
from rag.encoding.model_folders import ModelFolder, ModelIdentity
from rag.encoding.onnx_model import OnnxModel, folder_tokenizer
from rag.encoding.placement import Placement
from rag.reranker.scoring import LONGEST

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class OnnxReranker:
    """A graph behind the :class:`~rag.reranker.scoring.PassageScorer` protocol. Thread-safe."""

    def __init__(self, identity: ModelIdentity, model: OnnxModel, tokenizer: Tokenizer, room: int) -> None:
        self.identity = identity
        self._model = model
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(min(LONGEST, room))

    @classmethod
    def load(cls, folder: ModelFolder, graph: Path, placement: Placement, report: Report) -> OnnxReranker:
        """Open ``graph``, which lies in ``folder``. Raises EncoderError where it cannot serve."""
        report(f"Loading the reranker {folder.name} with onnxruntime from {graph.name}")
        model = OnnxModel.open(folder, graph, placement, {"logits": 1})
        tokenizer, _, room = folder_tokenizer(folder)
        return cls(folder.identity(graph), model, tokenizer, room)

    def score(self, question: str, passages: Sequence[str]) -> Float32:
        """(n,) logits."""
        pairs = self._tokenizer.encode_batch([(question, passage) for passage in passages])
        return np.array([self._model.run(pair.ids, pair.type_ids)[0][0] for pair in pairs], dtype=np.float32)
