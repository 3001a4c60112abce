"""docs/tutorial.md, from its first command to its last, in one shell and one folder; what it shows is what comes."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from tests.conftest import ROOT
from tests.docs.documents import NOT_RUN, SERVER, read
from tests.faulty_endpoint import running

OLLAMA, MODEL = "http://127.0.0.1:11434/v1", "qwen2.5:7b"
DIRECTIONS = re.compile("[\u2066-\u2069]")  # isolates that keep Arabic and Latin apart in a terminal


class Step(NamedTuple):
    """Commands, and the lines that the tutorial says they print."""

    script: str
    shown: list[str]


def steps() -> list[Step]:
    found: list[Step] = []
    for kind, block in re.findall(r"^```(bash|text)\n(.*?)^```", read("docs/tutorial.md"), re.DOTALL | re.MULTILINE):
        if kind == "bash" and not block.startswith("make "):
            found.append(Step(block, []))
        elif kind == "text":
            found[-1].shown.extend(block.splitlines())
    return found


@pytest.fixture(scope="module")
def printed(address: str, environ: Mapping[str, str]) -> list[str]:
    """What each step prints, one after another: later ones need what earlier ones made."""
    outputs = []
    with running() as endpoint:
        for step in steps():
            here = step.script.replace(SERVER, address).replace(OLLAMA, endpoint.url).replace(MODEL, "good")
            command = ["bash", "-ec", here]
            ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=180)
            assert ended.returncode == 0, f"{here}\n{ended.stdout}\n{ended.stderr}"
            outputs.append(in_one_line(ended.stdout))
    return outputs


def in_one_line(text: str) -> str:
    return " ".join(DIRECTIONS.sub("", text).split())


@pytest.mark.parametrize("number", range(len(steps())), ids=lambda number: steps()[number].script.splitlines()[0][:50])
def test_each_step_prints_what_the_tutorial_shows(printed: list[str], number: int) -> None:
    assert printed[number]
    assert [line for line in steps()[number].shown if in_one_line(line) not in printed[number]] == []


def test_the_model_of_the_tutorial_is_asked(printed: list[str]) -> None:
    (with_model,) = (output for step, output in zip(steps(), printed, strict=True) if OLLAMA in step.script)
    assert "llm:good" in with_model


def test_a_step_that_is_not_run_is_one_that_cannot_be() -> None:
    skipped = [line for line in read("docs/tutorial.md").splitlines() if line.startswith("make ")]
    assert [line for line in skipped if not line.startswith(NOT_RUN)] == []
    assert len(steps()) >= 8
