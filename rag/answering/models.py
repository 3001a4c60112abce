"""The models an answer is made with, loaded by the settings, and what was learnt for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rag.answering.judge import Judge
from rag.answering.reranking import Reranking
from rag.encoding.encoder import Encoder, Report
from rag.encoding.loading import load_encoder
from rag.reader.loading import load_reader
from rag.reader.windows import AnswerReader
from rag.reranker.cross_encoder import load_reranker
from rag.reranker.scoring import PassageScorer
from rag.retrieval.calibration import Calibration, Models
from rag.settings import Settings


@dataclass(frozen=True)
class LoadedModels:
    """The encoder, and what reads and reranks if anything does."""

    encoder: Encoder
    reader: AnswerReader | None = None
    reranker: PassageScorer | None = None
    rerank_passages: int = 0

    @classmethod
    def load(
        cls, settings: Settings, report: Report = lambda line: None, encoder: Encoder | None = None
    ) -> LoadedModels:
        """Those that the settings name; ``encoder``: one that is loaded already. Raises IsnadError with the cure."""
        encoder = encoder or load_encoder(settings, report)
        reader = load_reader(settings, encoder, report)
        return cls(encoder, reader, load_reranker(settings, report), settings.rerank_passages)

    @property
    def named(self) -> Models:
        """What their calibration goes by."""
        others = (each.identity if each else None for each in (self.reader, self.reranker))
        return Models(self.encoder.fingerprint, *others)

    def calibration(self, index_dir: Path) -> Calibration:
        """What was learnt for them. Raises StorageError."""
        return Calibration.load(index_dir, self.named)

    def judge(self, calibration: Calibration, min_confidence: float = 0.0) -> Judge:
        """What judges with them. Raises SettingsError for a confidence beyond 0 to 1."""
        reranking = None
        if self.reranker is not None:
            reranking = Reranking(self.reranker, self.rerank_passages, calibration.fusion.reranked)
        return Judge.load(self.reader, min_confidence, calibration, reranking)
