"""Trains the table of the bundled encoder's token codes, ``rag/calibration/multilingual-e5-small.tokens-1.npz``.

    python -m bench.token_table [../shared]

On token vectors of texts that no reported figure is measured on: NoMIRACL's Arabic articles and the reading data in
French, English and Persian. The rotation begins with the principal axes, dealt out so that groups of four carry alike
much (Ge, He, Ke and Sun 2013, section 4.2), and is then refined in turn with the centroids (section 4.1).
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import faiss
import numpy as np

from rag.documents import Float32
from rag.encoding.encoder import PassageText
from rag.encoding.loading import load_encoder
from rag.encoding.product_code import BITS
from rag.evaluation.evaluation_set import load_set
from rag.settings import Settings

TABLE = Path(__file__).parents[1] / "rag" / "calibration" / "multilingual-e5-small.tokens-1.npz"
GROUPS = 96
ARTICLES = 500  # of NoMIRACL
READING = {"piaf.fr": 220, "squadshifts-new_wiki.en": 180, "squadshifts-reddit.en": 80, "pquad.fa": 120}
CHARS = 900
REFINED_ON, REFINEMENTS = 60_000, 6


def main(shared: Path) -> None:
    """Train and write."""
    encoder = load_encoder(Settings.load(), print)
    passages = [PassageText("", text[:CHARS]) for found in texts(shared).values() for text in found]
    tokens = np.concatenate([each.tokens for each in encoder.encode_passages(passages)])
    print(f"{len(passages)} texts, {len(tokens)} tokens", flush=True)
    mean = tokens.mean(axis=0)
    directions = tokens - mean
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    rotation = refined(balanced(directions), directions)
    quantiser = trained(directions @ rotation, 20)
    centroids = faiss.vector_to_array(quantiser.centroids).reshape(GROUPS, 1 << BITS, -1)
    arrays = {"mean": mean, "rotation": rotation, "centroids": centroids}
    np.savez(TABLE, **{name: array.astype(np.float16) for name, array in arrays.items()})
    print(f"{TABLE}: {TABLE.stat().st_size / 1e6:.2f} MB")


def texts(shared: Path) -> dict[str, list[str]]:
    """The texts that the table is trained on by language, the same each time."""
    random = np.random.default_rng(0)
    articles = list(dict.fromkeys(load_set(shared / "data" / "nomiracl").articles.values()))
    found = {"ar": [articles[place].text for place in random.choice(len(articles), ARTICLES, replace=False)]}
    for name, count in READING.items():
        with gzip.open(shared / "train" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            contexts = list(dict.fromkeys(json.loads(line)["context"] for line in lines))
        drawn = [contexts[place] for place in random.choice(len(contexts), count, replace=False)]
        found.setdefault(name.split(".")[1], []).extend(drawn)
    return found


def balanced(directions: Float32) -> Float32:
    """(d, d): the principal axes, each given in turn, largest first, to the group that carries least so far."""
    variances, axes = np.linalg.eigh(directions.T @ directions / len(directions))
    variances = np.maximum(variances, 1e-3 * variances.mean())  # the encoder's last normalisation leaves one at zero
    width = directions.shape[1] // GROUPS
    groups: list[list[int]] = [[] for _ in range(GROUPS)]
    carried = np.zeros(GROUPS)  # log of the product of variances, above the smallest
    for axis in np.argsort(-variances):
        group = min((g for g in range(GROUPS) if len(groups[g]) < width), key=lambda g: (carried[g], len(groups[g])))
        groups[group].append(int(axis))
        carried[group] += np.log(variances[axis] / variances.min()) + 1e-3
    return axes[:, np.concatenate(groups)].astype(np.float32)


def refined(rotation: Float32, directions: Float32) -> Float32:
    """The rotation that fits the centroids, the centroids that fit it, in turn."""
    some = directions[:: max(1, len(directions) // REFINED_ON)]
    for _ in range(REFINEMENTS):
        rotated = np.ascontiguousarray(some @ rotation)
        quantiser = trained(rotated, 6)
        decoded = quantiser.decode(quantiser.compute_codes(rotated))
        print(f"cosine {float(np.mean((rotated * decoded).sum(1) / np.linalg.norm(decoded, axis=1))):.4f}", flush=True)
        left, _, right = np.linalg.svd(some.T @ decoded)
        rotation = (left @ right).astype(np.float32)
    return rotation


def trained(rotated: Float32, rounds: int) -> faiss.ProductQuantizer:
    """Centroids of each group by k-means."""
    quantiser = faiss.ProductQuantizer(rotated.shape[1], GROUPS, BITS)
    quantiser.cp.niter = rounds
    quantiser.train(np.ascontiguousarray(rotated))
    return quantiser


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
