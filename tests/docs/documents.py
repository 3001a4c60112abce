"""The documents as their tests read them: fenced blocks, and the commands in them."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import ROOT

SERVER = "http://127.0.0.1:7860"  # where the documents say that the program listens
# They install something, fetch a model, never end, or print nothing.
NOT_RUN = ("make ", "ISNAD_ENCODER=", "ISNAD_HOST=", "docker ", "export ")
PAGES = ("README.md", "CONTRIBUTING.md", *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/*.md")))


def read(document: str) -> str:
    """The text of a document, named from the root of the repository."""
    return Path(ROOT / document).read_text(encoding="utf-8")


def blocks(document: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", read(document), re.DOTALL | re.MULTILINE)


def commands(document: str) -> list[str]:
    """The shell commands that end by themselves, one by one."""
    scripts = [*blocks(document, "bash"), *blocks(document, "sh")]
    lines = [line for script in scripts for line in script.replace("\\\n", "").splitlines()]
    return [line for line in lines if line and not line.startswith(NOT_RUN)]
