"""Train the reader: ``python -m training ../shared/train [--folder FOLDER]``; ``--help`` lists the rest.

Torch is needed (``pip install torch``); a GPU is used where there is one. The folder (default ``training-run``) holds
the log and the checkpoint that a second start goes on from; ``python -m training.export`` makes the product's weights
of it. On few cores that others use too, set OMP_WAIT_POLICY=passive: threads that spin for one another cost most of
the time.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

import torch

from rag.documents import Float32
from rag.encoding.bundled_encoder import open_converted
from rag.encoding.bundled_tokenizer import PAD, BundledTokenizer
from rag.encoding.bundled_weights import BundledWeights, find_weights
from rag.settings import Settings
from training.examples import Example, read_examples
from training.log import Log
from training.loop import Training, batches, read_loss
from training.mixture import Mixture
from training.network import ReaderNetwork
from training.validation import gold_paragraph_figures, validation_sets


def main(arguments: list[str]) -> int:
    """Plan, train, validate and export."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of *.jsonl.gz")
    parser.add_argument("--folder", type=Path, default=Path("training-run"))
    parser.add_argument("--lessons", type=int, default=110_000)
    parser.add_argument("--minutes", type=float, default=math.inf, help="of work, after which the run ends")
    parser.add_argument("--validations", type=int, default=4, help="in a run, the last at its end")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, help="folder of an earlier run, whose weights this one begins with")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    log = Log(given.folder / "log.txt")
    tokenizer = BundledTokenizer.from_files(open_converted(Settings.load().cache_dir, "int8", log).folder)
    examples = read_examples(given.data)
    log("Cutting the lessons")
    plan = batches(list(Mixture(examples, tokenizer, given.seed).lessons(given.lessons)), given.seed)
    log(f"{given.lessons} lessons, {len(plan)} steps, {sum(len(one.ids) for group in plan for one in group)} tokens")
    torch.manual_seed(given.seed)
    network = ReaderNetwork(BundledWeights.read(find_weights())).to("cuda" if torch.cuda.is_available() else "cpu")
    training = Training(network, plan, read_loss(network), given.folder, given.seed, 60 * given.minutes)
    if given.start:
        training.begin_with(given.start)
    training.resume()
    training.run(log, lambda: validate(network, examples, tokenizer), 1 / given.validations)
    return 0


def validate(network: ReaderNetwork, examples: list[Example], tokenizer: BundledTokenizer) -> str:
    """One line of F1 / exact match by pairing."""
    network.eval()

    @torch.inference_mode()
    def score(sequences: list[list[int]]) -> list[Float32]:
        longest, device = max(map(len, sequences)), network.levels.device
        ids = torch.tensor([one + [PAD] * (longest - len(one)) for one in sequences], device=device)
        lengths = torch.tensor([len(one) for one in sequences], device=device)
        return list(network(ids, lengths).cpu().numpy())

    figures = {
        name: gold_paragraph_figures(pairs, tokenizer, score) for name, pairs in validation_sets(examples).items()
    }
    return "  ".join(f"{name} {f1:.1f}/{exact:.1f}" for name, (f1, exact) in figures.items())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
