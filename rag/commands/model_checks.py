"""What `doctor` says of the models that read and rerank, and of what was learnt for them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from rag.answering.models import LoadedModels
from rag.commands.finding import Finding, problem
from rag.encoding.loading import load_encoder
from rag.errors import IsnadError
from rag.reranker.scoring import PassageScorer
from rag.settings import Settings

_ORIGINS = {"shipped": "as shipped with the bundled models", "learnt": "learnt from {sets}"}
_WORDS = "the joint staff was formed by four countries of the region, "  # about a dozen tokens
_REPEATED = 16  # as long a passage as most


def check_models(settings: Settings) -> Iterator[Finding]:
    """The reader and the reranker load (says what the latter adds to a question), and what they were calibrated to.

    Nothing is said where there is no encoder, which is told already.
    """
    try:
        encoder = load_encoder(settings)
    except IsnadError:
        return
    try:
        models = LoadedModels.load(settings, encoder=encoder)
        calibration = models.calibration(settings.index_dir)
    except IsnadError as error:
        yield problem("models", error)
        return
    if models.reranker:
        took = _milliseconds(models.reranker, settings.rerank_passages)
        told = f"{models.reranker.identity.name}, {took:.0f} ms more a question ({settings.rerank_passages} passages)"
        yield Finding("reranker", "ok", told)
    if encoder.fingerprint.has_tokens and not calibration.fusion.by_token:
        told = f"brings nothing with {encoder.fingerprint.name} on {', '.join(calibration.sets)}: left out"
        yield Finding("late interaction", "ok", told)
    if calibration.origin == "borrowed":
        message = f"Nothing was learnt for {models.named.names}: it answers with more caution than it may need."
        cure = "Run: python -m rag calibrate SET (docs/evaluation.md says how a set is made)."
        yield Finding("calibration", "warning", message, cure)
        return
    yield Finding("calibration", "ok", _ORIGINS[calibration.origin].format(sets=", ".join(calibration.sets)))


def _milliseconds(reranker: PassageScorer, passages: int) -> float:
    texts = [f"{place}: {_WORDS * _REPEATED}" for place in range(passages)]
    started = time.perf_counter()
    reranker.score("Which countries formed the joint staff?", texts)
    return 1000 * (time.perf_counter() - started)
