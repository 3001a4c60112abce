"""A sentence-transformers folder made from the bundled weights: the same model, for the other way of loading one."""

from __future__ import annotations

from pathlib import Path

from rag.encoding.bundled_weights import BundledWeights, find_weights
from training.hub_folders import write_encoder_folder


def write_model_folder(folder: Path, *, tokenizer: bool = True, prompts: dict[str, str] | None = None) -> Path:
    """Write the model; ``tokenizer`` False leaves its file out, ``prompts`` are declared as the model's own."""
    weights = BundledWeights.read(find_weights())
    return write_encoder_folder(folder, weights, tokenizer=tokenizer, prompts=prompts or {})
