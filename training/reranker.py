"""Train a reranker from the bundled encoder and reader, and write it as a folder that ISNAD_RERANKER can name.

    python -m training.reranker ../shared/train [--folder FOLDER] [--minutes M]

A cross-encoder (Nogueira and Cho 2019): the reader's layers, read out at the first token, taught to put the passage
that answers before those that a search finds instead (the softmax over a list, as in ListNet, Cao et al. 2007). The
folder (default ``reranker-run``) holds the log, the lessons and the checkpoint that a second start goes on from; in its
``model`` lies what can be used. A second start with no more ``--minutes`` than were worked writes what there is.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.documents import Float32
from rag.encoding.bundled_encoder import BundledEncoder
from rag.encoding.bundled_tokenizer import PAD
from rag.encoding.bundled_weights import BundledWeights, find_weights
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.reader.weights import read_trained
from rag.retrieval.fusion import Fusion
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from training.examples import read_examples
from training.hub_graphs import write_reranker_graphs
from training.log import Log
from training.loop import Loss, Training
from training.network import ReaderNetwork
from training.ranking import Ranking, RankingLessons
from training.reranker_folder import write_reranker_folder

LISTS, SORTED = 4, 256  # a step; lists sorted by length together
FROZEN = 8  # lowest layers left as the reader has them: half the work, for little
PEAK = 6e-5  # less than for the reader: it begins with a trained one
LESSONS, MODEL = "lessons.jsonl", "model"


class RerankerNetwork(ReaderNetwork):
    """A score for each sequence; begins with the reader's layers and its doubt that the text answers, turned round."""

    def __init__(
        self,
        weights: BundledWeights,
        reader: Mapping[str, Float32],
        kind: torch.dtype = torch.bfloat16,
        frozen: int = FROZEN,
    ) -> None:
        super().__init__(weights, kind, frozen)
        read = {name.replace(".", "_"): torch.from_numpy(values) for name, values in reader.items()}
        for name, values in self.fixed.items():
            self.fixed[name] = read.pop(name.replace(".", "_"), values).to(values.dtype)
        self.tensors.load_state_dict(read)
        doubt = read["head_w"].sum(dim=0, keepdim=True)
        self.tensors["head_w"] = nn.Parameter(-doubt)
        self.tensors["head_b"] = nn.Parameter(torch.zeros(1))
        self.tensors["head_pool_w"] = nn.Parameter(torch.eye(self.hidden))
        self.tensors["head_pool_b"] = nn.Parameter(torch.zeros(self.hidden))

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """As the reader's; scores float32 (batch,)."""
        first = self._drop(self.states(ids, lengths)[:, :1])[:, 0]
        pooled = functional.linear(first, self.tensors["head_pool_w"], self.tensors["head_pool_b"]).tanh()
        return functional.linear(pooled, self.tensors["head_w"], self.tensors["head_b"])[:, 0]


def ranking_loss(network: ReaderNetwork) -> Loss[Ranking]:
    """Cross entropy of the passage that answers, among those of its list."""

    def loss(group: Sequence[Ranking]) -> tuple[Tensor, int]:
        ids, lengths = padded([each for one in group for each in one.sequences])
        scores = network(ids, lengths).view(len(group), -1)
        return functional.cross_entropy(scores, torch.zeros(len(group), dtype=torch.long)), ids.numel()

    return loss


def padded(sequences: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    """Token ids (n, longest) and lengths (n,)."""
    longest = max(map(len, sequences))
    ids = torch.tensor([each + [PAD] * (longest - len(each)) for each in sequences])
    return ids, torch.tensor([len(each) for each in sequences])


def kept_lessons(data: Path, folder: Path, count: int, seed: int, log: Log) -> list[Ranking]:
    """The lessons of the run, drawn once."""
    path = folder / LESSONS
    if not path.is_file():
        encoder = BundledEncoder.load(Settings.load().cache_dir, log)
        lessons = RankingLessons(read_examples(data), encoder.tokenizer, seed)
        log(f"Indexing {len(lessons.articles)} passages")
        index_given(lessons.articles, index_dir=folder / "index", encoder=encoder)
        index = Index.open(folder / "index", encoder.fingerprint)
        log(f"Drawing {count} lessons")
        drawn = lessons.draw(count, Retriever(index, encoder, Fusion.load()))
        written = "".join(json.dumps(one.sequences) + "\n" for one in drawn)
        index.close()
        path.write_text(written, "utf-8")
    return [Ranking(tuple(json.loads(line))) for line in path.read_text("utf-8").splitlines()]


def steps_of(lessons: Sequence[Ranking], seed: int) -> list[list[Ranking]]:
    """``LISTS`` at a time, of like length, which pad little; shuffled within each ``SORTED`` of them."""
    shuffle, steps = random.Random(seed).shuffle, []
    for at in range(0, len(lessons), SORTED):
        some = sorted(lessons[at : at + SORTED], key=lambda one: max(map(len, one.sequences)))
        groups = [some[place : place + LISTS] for place in range(0, len(some), LISTS)]
        shuffle(groups)
        steps += groups
    return steps


def main(arguments: Sequence[str]) -> int:
    """Draw the lessons, train, and tell how often the best is first on lessons that were kept out."""
    parser = argparse.ArgumentParser(prog="python -m training.reranker", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of *.jsonl.gz")
    parser.add_argument("--folder", type=Path, default=Path("reranker-run"))
    parser.add_argument("--lessons", type=int, default=8000)
    parser.add_argument("--minutes", type=float, default=math.inf, help="of work, after which the run ends")
    parser.add_argument("--frozen", type=int, default=FROZEN, help="lowest layers left as the reader has them")
    parser.add_argument("--peak", type=float, default=PEAK, help="of the rate; more where little is trained")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    log = Log(given.folder / "log.txt")
    drawn = kept_lessons(given.data, given.folder, given.lessons, given.seed, log)
    steps = steps_of(drawn, given.seed)
    torch.manual_seed(given.seed)
    weights = BundledWeights.read(find_weights())
    network = RerankerNetwork(weights, read_trained(), frozen=given.frozen)
    training = Training(network, steps, ranking_loss(network), given.folder, given.seed, 60 * given.minutes, given.peak)
    training.resume()
    training.run(log, lambda: "", 1.0)
    trained = {name.replace(".", "_"): values for name, values in read_trained().items()}
    trained |= {name: values.detach().numpy() for name, values in network.tensors.items()}
    folder = write_reranker_folder(trained, weights, given.folder / MODEL)
    write_reranker_graphs(folder, weights, trained)
    log(f"Written: {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
