"""The formats: each suffix has one, and each function is there."""

from __future__ import annotations

from collections import Counter
from importlib import import_module

import pytest

from rag.formats.registry import FORMATS, SUFFIXES, has_names, hint_for, is_readable, suffix_of


@pytest.mark.parametrize("name", FORMATS)
def test_every_function_is_there(name: str) -> None:
    assert callable(getattr(import_module(FORMATS[name].module), FORMATS[name].function))


def test_no_suffix_has_two_formats() -> None:
    suffixes = Counter(suffix for kind in FORMATS.values() for suffix in kind.suffixes)
    assert suffixes == Counter(SUFFIXES.keys())
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in suffixes)


@pytest.mark.parametrize(
    "suffix", [".json", ".csv", ".tsv", ".jsonl", ".ndjson", ".zip", ".xlsx", ".csv.gz", ".warc.gz"]
)
def test_files_that_may_hold_records(suffix: str) -> None:
    assert has_names(suffix)
    assert not has_names(".md")


@pytest.mark.parametrize(
    ("name", "suffix", "read"),
    [
        ("a.PDF", ".pdf", True),
        ("week.12.json.gz", ".json.gz", True),
        ("a.warc.gz", ".warc.gz", True),
        ("a.zip", ".zip", True),
        ("a.zip.gz", ".zip.gz", False),
        ("a.gz", ".gz", False),
        ("a", "", False),
        (".gz", "", False),
    ],
)
def test_what_tells_a_kind(name: str, suffix: str, read: bool) -> None:
    assert suffix_of(name) == suffix
    assert is_readable(suffix) == read


@pytest.mark.parametrize(
    ("suffix", "says"),
    [
        (".doc", "Save it as .docx."),
        (".xls", "Save it as .xlsx or CSV."),
        (".mp3", "Give its subtitles (.srt, .vtt) instead."),
        (".tar.gz", "Unpack it, or pack what it holds as .zip."),
        ("", "These are: .atom, "),
        (".xyz", "These are: .atom, "),
    ],
)
def test_what_is_not_read_comes_with_advice(suffix: str, says: str) -> None:
    assert hint_for(suffix).startswith(says)
    assert not is_readable(suffix)
