"""The outcome of one check of `doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.errors import IsnadError


@dataclass(frozen=True, slots=True)
class Finding:
    """``cure`` is one sentence, empty where nothing is wrong."""

    check: str
    state: Literal["ok", "warning", "problem"]
    message: str
    cure: str = ""


def problem(check: str, error: IsnadError) -> Finding:
    """What an error found, with its cure."""
    return Finding(check, "problem", error.message, error.hint)
