"""The checkpoints of runs as the weights the product reads.

    python -m training.export FOLDER[=SHARE] ... [--output SAFETENSORS]

Several runs become the mean of their weights by their shares, which reads better than any of them where one began with
another's weights (Wortsman et al. 2022, "Model soups"). Written in int8, with what made them beside.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from rag.reader.weights import WEIGHTS, write_trained
from training.loop import CHECKPOINT


def main(arguments: Sequence[str]) -> int:
    """Read, mix, write."""
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    parser.add_argument("runs", nargs="+", metavar="FOLDER[=SHARE]", type=_run)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    given = parser.parse_args(arguments)
    export(given.runs, given.output)
    return 0


def export(runs: Sequence[tuple[Path, float]], output: Path) -> None:
    """The mean of the runs' weights, each counted by its share."""
    saved = [torch.load(folder / CHECKPOINT, map_location="cpu", weights_only=True) for folder, _ in runs]
    whole = sum(share for _, share in runs)
    tensors = {
        name.replace("_", "."): sum(
            (share / whole * one["tensors"][name] for one, (_, share) in zip(saved, runs, strict=True)), torch.tensor(0)
        ).numpy()
        for name in saved[0]["tensors"]
    }
    told: list[dict[str, Any]] = [
        {"share": share / whole, "steps": one["step"], "held out": _figures(folder)}
        for one, (folder, share) in zip(saved, runs, strict=True)
    ]
    write_trained(tensors, output, {"made_by": "python -m training, python -m training.export", "runs": told})


def _run(text: str) -> tuple[Path, float]:
    folder, _, share = text.partition("=")
    return Path(folder), float(share or 1)


def _figures(folder: Path) -> str:
    lines = (folder / "log.txt").read_text("utf-8").splitlines()
    return next((line.split("done ", 1)[1] for line in reversed(lines) if " done " in line), "not finished")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
