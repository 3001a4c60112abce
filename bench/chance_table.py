"""Draws the sample of unrelated tokens, ``rag/calibration/multilingual-e5-small.tokens-1.chance.npz``.

    python -m bench.chance_table [../shared]

Of the texts the table of token codes was trained on (:mod:`bench.token_table`), on which no reported figure of
retrieval is measured.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from bench.token_table import CHARS, texts
from rag.encoding.encoder import PassageText
from rag.encoding.loading import load_encoder, load_token_code, token_code_name
from rag.retrieval.chance import SAMPLE, table_of
from rag.settings import Settings


def main(shared: Path) -> None:
    """Encode, draw, pack, write."""
    encoder = load_encoder(Settings.load(), print)
    code = load_token_code(token_code_name(encoder.fingerprint), encoder.fingerprint.dimension)
    if code is None:
        raise SystemExit("There is no table of token codes for this encoder: unset ISNAD_ENCODER.")
    random, arrays = np.random.default_rng(0), {}
    for language, found in texts(shared).items():
        passages = [PassageText("", text[:CHARS]) for text in found]
        tokens = np.concatenate([each.tokens for each in encoder.encode_passages(passages)])
        drawn = tokens[random.choice(len(tokens), SAMPLE, replace=False)]
        arrays[language] = np.frombuffer(code.pack(drawn), dtype=np.uint8)
        print(f"{language}: {SAMPLE} of {len(tokens)} tokens", flush=True)
    path = table_of(encoder.fingerprint)
    np.savez(path, allow_pickle=False, **arrays)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
