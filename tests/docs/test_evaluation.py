"""docs/evaluation.md: its commands are understood, and it names every figure and every field there is."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from rag.__main__ import build_parser
from rag.evaluation.evaluation_set import GoldAnswer, GoldQuestion
from rag.evaluation.report.tables import FIGURES
from tests.docs.documents import read

TEXT = read("docs/evaluation.md")
COMMANDS = re.findall(r"^python -m rag ([^#\n]+)", TEXT, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_understood(command):
    assert build_parser().parse_args(command.split()).command.name in ("evaluate", "calibrate")


@pytest.mark.parametrize("kind", [GoldQuestion, GoldAnswer])
def test_every_field_of_a_set_is_told(kind):
    for field in fields(kind):
        assert re.search(rf"[`{{ ]{field.name}[`,}}]", TEXT), field.name


@pytest.mark.parametrize("key", sorted({re.sub(r"\d+$", "k", f.key) if "recall@" in f.key else f.key for f in FIGURES}))
def test_every_figure_is_told(key):
    assert f"`{key}`" in TEXT
