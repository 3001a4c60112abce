"""The checkpoint of a run as the weights the product reads: ``python -m training.export training-run [OUTPUT.npz]``.

Writes the weights in int8 and, beside them, what made them and the figures of the run's last validation.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from rag.reader.weights import WEIGHTS, write_trained


def main(folder: Path, output: Path = WEIGHTS) -> None:
    """Convert ``folder/checkpoint.pt``."""
    saved = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=True)
    tensors = {name.replace("_", "."): values.numpy() for name, values in saved["tensors"].items()}
    lines = (folder / "log.txt").read_text("utf-8").splitlines()
    figures = next((line.split("done ", 1)[1] for line in reversed(lines) if " done " in line), "not finished")
    made_by = "python -m training ../shared/train && python -m training.export training-run"
    told = {"made_by": made_by, "steps": saved["step"], "gold paragraph given, F1/EM, held out": figures}
    write_trained(tensors, output, told)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
