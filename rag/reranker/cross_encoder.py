"""Any ``CrossEncoder`` of sentence-transformers as a reranker: a hub name that was fetched, or a local folder.

Code from a model repository is never run, and pickled weights are never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from rag.documents import Float32
from rag.encoding.encoder import Report
from rag.encoding.model_folders import ModelFolder, ModelIdentity
from rag.encoding.placement import GRAPHS, Placement
from rag.errors import SettingsError
from rag.reranker.scoring import LONGEST, PassageScorer
from rag.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

SETTING = "ISNAD_RERANKER"
BATCH = 16  # passages scored at once: a guess for a processor
_HEAD = "ForSequenceClassification"
_KNOWN = "a cross-encoder with one label, such as BAAI/bge-reranker-v2-m3,"


def reranker_folder(name: str, placement: Placement) -> ModelFolder:
    """Where the model lies, looked at from without. Raises EncoderError where it is missing or of another kind."""
    folder = ModelFolder.find(SETTING, name, library=placement.backend not in GRAPHS)
    config = folder.config()
    folder.require_head(_HEAD, _KNOWN)
    labels = len(config.get("id2label") or ()) or int(config.get("num_labels", 2))  # transformers' default is two
    if labels != 1:
        raise folder.failed(f"it tells {labels} labels apart, and gives no score", f"Choose {_KNOWN} or unset it.")
    if not placement.graph_in(folder.path):
        folder.require_library()
        folder.require_weights()
    folder.require_tokenizer()
    return folder


class CrossEncoderReranker:
    """A cross-encoder behind the :class:`~rag.reranker.scoring.PassageScorer` protocol. Thread-safe."""

    def __init__(self, identity: ModelIdentity, model: CrossEncoder) -> None:
        self.identity = identity
        self._model = model
        self._scoring = Lock()  # its tokenizer holds padding and truncation as its state

    @classmethod
    def load(cls, name: str, placement: Placement, report: Report = lambda line: None) -> CrossEncoderReranker:
        """Load ``name``. Raises EncoderError when the library or the model is missing or cannot serve."""
        folder = reranker_folder(name, placement)
        placement.require_backend()
        report(f"Loading the reranker {name} with sentence-transformers")
        with folder.loading():
            from sentence_transformers import CrossEncoder
            from torch import nn

            model = CrossEncoder(
                str(folder.path),
                device=placement.resolved(),
                max_length=min(LONGEST, int(folder.config().get("max_position_embeddings", LONGEST))),
                activation_fn=nn.Identity(),  # logits: a share near 1 tells good passages no more apart
                **placement.library_options(folder.path),
                trust_remote_code=False,
                local_files_only=True,
            )
            if placement.backend == "torch":
                placement.settle(model)
            reranker = cls(folder.identity(), model)
            scores = reranker.score("word", ["word", "another word"])
        if scores.shape != (2,) or not np.isfinite(scores).all():
            raise folder.failed("its scores are no numbers", f"Choose {_KNOWN} or unset it.")
        return reranker

    def score(self, question: str, passages: Sequence[str]) -> Float32:
        """(n,) logits."""
        if not passages:
            return np.empty(0, dtype=np.float32)
        with self._scoring:
            pairs = [(question, passage) for passage in passages]
            return np.asarray(self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False), dtype=np.float32)


def load_reranker(settings: Settings, report: Report = lambda line: None) -> PassageScorer | None:
    """The reranker named by ``settings.reranker``; None where there is none.

    Raises EncoderError, and SettingsError for a number of passages that nothing can be reranked by.
    """
    if not settings.reranker:
        return None
    if settings.rerank_passages < 2:
        raise SettingsError(f"ISNAD_RERANK_PASSAGES is {settings.rerank_passages}.", "Choose 2 or more, such as 20.")
    placement = Placement.of(settings)
    folder = reranker_folder(settings.reranker, placement)
    if graph := placement.graph_in(folder.path):
        from rag.reranker.onnx_reranker import OnnxReranker

        return OnnxReranker.load(folder, graph, placement, report)
    return CrossEncoderReranker.load(settings.reranker, placement, report)
