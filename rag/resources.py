"""The files that ship with the program: assets of the pages, what was learnt for the models, and the prompts."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(str(files("rag")))  # installed as files: models are opened by their path


def asset(name: str) -> Path:
    """A style, a script or a text of the pages."""
    return PACKAGE / "assets" / name


def calibration(name: str) -> Path:
    """Weights, tables and thresholds that were learnt (``rag/calibration``)."""
    return PACKAGE / "calibration" / name


def sample_articles() -> list[Path]:
    """The sample articles: inside an installed package, and beside it in a checkout."""
    installed = PACKAGE / "samples"
    folder = installed if installed.is_dir() else PACKAGE.parent / "corpus"
    return sorted(folder.glob("*.??.md"))


def prompts_folder() -> Path:
    """The prompts: inside an installed package, and beside it in a checkout."""
    installed = PACKAGE / "prompts"
    return installed if installed.is_dir() else PACKAGE.parent / "prompts"
