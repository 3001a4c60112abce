"""The formats: each suffix has one, and each function is there."""

from __future__ import annotations

from collections import Counter
from importlib import import_module

import pytest

from rag.formats.registry import FORMATS, SUFFIXES, has_names


@pytest.mark.parametrize("name", FORMATS)
def test_every_function_is_there(name: str) -> None:
    assert callable(getattr(import_module(FORMATS[name].module), FORMATS[name].function))


def test_no_suffix_has_two_formats() -> None:
    suffixes = Counter(suffix for kind in FORMATS.values() for suffix in kind.suffixes)
    assert suffixes == Counter(SUFFIXES.keys())
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in suffixes)


@pytest.mark.parametrize("suffix", [".json", ".csv", ".tsv", ".jsonl", ".ndjson", ".zip"])
def test_files_that_may_hold_records(suffix: str) -> None:
    assert has_names(suffix)
    assert not has_names(".md")
