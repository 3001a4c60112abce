"""The training itself: AdamW over batches of like length, warmup and linear decay, checkpoints to go on from."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import torch
from torch import Tensor
from torch.nn import functional

from rag.encoding.bundled_tokenizer import PAD
from training.mixture import Lesson
from training.network import ReaderNetwork

TOKENS = 4096  # of a batch, padding included
SORTED = 2048  # lessons sorted by length together
PEAK, HEAD_FASTER, WARMUP, DECAY, CLIP = 1.5e-4, 4.0, 0.06, 0.01, 1.0
CHECKPOINT, CHECKPOINT_SECONDS = "checkpoint.pt", 240.0
SHOWN = 25  # steps a line of the log tells of

T = TypeVar("T")
Loss = Callable[[Sequence[T]], tuple[Tensor, int]]
"""The loss of one step's lessons, and of how many tokens it is."""


@dataclass(frozen=True)
class Batch:
    """Lessons padded together: ``ids`` (n, length), ``lengths``, ``targets`` (n, 2), ``context_at`` (n,); all int64."""

    ids: Tensor
    lengths: Tensor
    targets: Tensor
    context_at: Tensor


def batches(lessons: Sequence[Lesson], seed: int) -> list[list[Lesson]]:
    """Groups of about ``TOKENS`` tokens whose lengths are alike, shuffled within each ``SORTED`` lessons."""
    shuffle, ordered = random.Random(seed).shuffle, []
    for at in range(0, len(lessons), SORTED):
        groups: list[list[Lesson]] = []
        group: list[Lesson] = []
        for one in sorted(lessons[at : at + SORTED], key=lambda each: len(each.ids)):
            if group and (len(group) + 1) * len(one.ids) > TOKENS:
                groups.append(group)
                group = []
            group.append(one)
        groups.append(group)
        shuffle(groups)
        ordered += groups
    return ordered


def collate(group: Sequence[Lesson], device: torch.device) -> Batch:
    """Pad at the end."""
    longest = max(len(one.ids) for one in group)
    ids = torch.tensor([one.ids + [PAD] * (longest - len(one.ids)) for one in group])
    lengths = torch.tensor([len(one.ids) for one in group])
    targets = torch.tensor([[one.start, one.end] for one in group])
    starts = torch.tensor([one.context_at for one in group])
    return Batch(*(each.to(device) for each in (ids, lengths, targets, starts)))


def span_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Mean cross entropy of start and end over the text's tokens and the first, which stands for "not here"."""
    place = torch.arange(logits.shape[1], device=logits.device)[None, :]
    allowed = (place >= batch.context_at[:, None]) & (place < batch.lengths[:, None] - 1) | (place == 0)
    scores = logits.masked_fill(~allowed[..., None], -1e4).transpose(1, 2)
    return functional.cross_entropy(scores.flatten(0, 1), batch.targets.flatten())


def read_loss(network: ReaderNetwork) -> Loss[Lesson]:
    """What a reader is taught by."""

    def loss(group: Sequence[Lesson]) -> tuple[Tensor, int]:
        batch = collate(group, network.levels.device)
        return span_loss(network(batch.ids, batch.lengths), batch), batch.ids.numel()

    return loss


def rate(done: float) -> float:
    """The share of the peak rate when ``done`` (0 to 1) of the run is: linear up, then linear down to 0."""
    return max(0.0, min(done / WARMUP, (1 - done) / (1 - WARMUP)))


class Training(Generic[T]):
    """A run over a plan of steps, resumable: what it did is in ``folder/checkpoint.pt``.

    It ends with the plan or after ``seconds`` of work, whichever is first; the rate is by then back at 0.
    """

    def __init__(
        self,
        network: ReaderNetwork,
        plan: Sequence[Sequence[T]],
        loss: Loss[T],
        folder: Path,
        seed: int,
        seconds: float = math.inf,
        peak: float = PEAK,
    ) -> None:
        self.network, self.plan, self.folder, self.seed, self.seconds = network, plan, folder, seed, seconds
        self._loss = loss
        self.step, self.spent = 0, 0.0
        body = [value for name, value in network.tensors.items() if not name.startswith("head")]
        head = [value for name, value in network.tensors.items() if name.startswith("head")]
        groups = [{"params": body, "peak": peak}, {"params": head, "peak": HEAD_FASTER * peak}]
        self.optimizer = torch.optim.AdamW(groups, lr=peak, weight_decay=DECAY, fused=True)
        self.device = network.levels.device

    def begin_with(self, folder: Path) -> None:
        """Take the weights that another run ended with, and nothing else of it; OSError where it left none."""
        saved = torch.load(folder / CHECKPOINT, map_location=self.device, weights_only=True)
        self.network.tensors.load_state_dict(saved["tensors"])

    def resume(self) -> None:
        """Go on from the checkpoint, where there is one."""
        path = self.folder / CHECKPOINT
        if path.exists():
            saved = torch.load(path, map_location=self.device, weights_only=True)
            self.network.tensors.load_state_dict(saved["tensors"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.step, self.spent = saved["step"], saved["spent"]

    def save(self) -> None:
        """Write the checkpoint whole or not at all."""
        part = self.folder / "checkpoint.part"
        state = {"tensors": self.network.tensors.state_dict(), "optimizer": self.optimizer.state_dict()}
        torch.save(state | {"step": self.step, "spent": self.spent}, part)
        part.replace(self.folder / CHECKPOINT)

    @property
    def done(self) -> float:
        """The share of the run that is done, 0 to 1."""
        return min(1.0, max(self.step / len(self.plan), self.spent / self.seconds))

    def run(self, log: Callable[[str], None], validate: Callable[[], str], every: float) -> None:
        """Every batch from where the run stands; validates each ``every`` share of it and at the end."""
        saved, shown, validated = self.spent, Progress(), self.done
        while self.done < 1:
            began = time.monotonic()
            loss, tokens = self._learn(self.plan[self.step])
            self.step += 1
            self.spent += time.monotonic() - began
            shown = shown.after(loss, tokens, time.monotonic() - began)
            if shown.steps == SHOWN:
                log(f"step {self.step}/{len(self.plan)} {self.done:.1%} {shown}")
                shown = Progress()
            if self.spent - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = self.spent
            if validated + every < self.done < 1 - every / 2:
                log(f"step {self.step} {validate()}")
                validated = self.done
        self.save()
        log(f"done {validate()}")

    def _learn(self, lessons: Sequence[T]) -> tuple[float, int]:
        torch.manual_seed(self.seed + self.step)  # dropout is the same after a resumption
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * rate(self.done)
        self.network.train()
        loss, tokens = self._loss(lessons)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.tensors.values(), CLIP)
        self.optimizer.step()
        return float(loss.detach()), tokens


@dataclass(frozen=True)
class Progress:
    """What the last steps came to."""

    steps: int = 0
    loss: float = 0.0
    tokens: int = 0
    seconds: float = 0.0

    def after(self, loss: float, tokens: int, seconds: float) -> Progress:
        """With one step more."""
        return Progress(self.steps + 1, self.loss + loss, self.tokens + tokens, self.seconds + seconds)

    def __str__(self) -> str:
        return f"loss {self.loss / self.steps:.3f} {self.tokens / self.seconds:.0f} tokens/s"
