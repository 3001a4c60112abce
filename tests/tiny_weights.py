"""A bundled model of random weights, small enough to convert and train in a test, and a tokenizer to go with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rag.encoding.bundled_tokenizer import BundledTokenizer, write_tokenizer
from rag.encoding.bundled_weights import BLOCK, Blocks, BundledWeights

HIDDEN, LAYERS, HEADS, INTERMEDIATE, POSITIONS = 64, 3, 2, 128, 256
WORDS = tuple(
    "query: passage: who sat where the cat on mat dog ran away a . , ? بيت في القط جلس على".split()  # noqa: SIM905
)
PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
PIECES += [(f"▁{word}", -3.0) for word in WORDS] + [(mark, -2.0) for mark in ("▁", ".", ",", "?")]


def tiny_weights(seed: int = 0) -> BundledWeights:
    random = np.random.default_rng(seed)

    def blocks(rows: int, columns: int) -> Blocks:
        levels = random.integers(-8, 8, (rows, columns)).astype(np.int8)
        return Blocks(levels, random.uniform(0.01, 0.03, (rows, columns // BLOCK)).astype(np.float16))

    def vector(size: int, around: float = 0.0) -> np.ndarray:
        return (around + 0.1 * random.standard_normal(size)).astype(np.float32)

    matrices = {"emb.word": blocks(len(PIECES), HIDDEN)}
    vectors = {"emb.pos": vector(POSITIONS * HIDDEN), "emb.type": vector(HIDDEN)}
    vectors |= {"emb.ln.w": vector(HIDDEN, 1.0), "emb.ln.b": vector(HIDDEN)}
    for layer in range(LAYERS):
        name = f"l{layer}."
        matrices |= {name + part + ".w": blocks(HIDDEN, HIDDEN) for part in ("q", "k", "v", "ao")}
        matrices |= {name + "fi.w": blocks(INTERMEDIATE, HIDDEN), name + "fo.w": blocks(HIDDEN, INTERMEDIATE)}
        vectors |= {name + part + ".b": vector(HIDDEN) for part in ("q", "k", "v", "ao", "fo", "aln", "oln")}
        vectors |= {name + "fi.b": vector(INTERMEDIATE)}
        vectors |= {name + norm + ".w": vector(HIDDEN, 1.0) for norm in ("aln", "oln")}
    return BundledWeights(HIDDEN, LAYERS, HEADS, INTERMEDIATE, POSITIONS, 1e-12, PIECES, {}, matrices, vectors)


def tiny_tokenizer(folder: Path) -> BundledTokenizer:
    write_tokenizer(tiny_weights(), folder)
    return BundledTokenizer.from_files(folder)
