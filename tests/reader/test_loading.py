"""Which reader the settings choose, beside which encoder."""

from __future__ import annotations

import pytest

from rag.documents import Span
from rag.encoding.encoder import Encoder
from rag.reader import loading
from rag.reader.bundled_reader import BundledReader
from rag.reader.loading import load_reader
from rag.reader.weights import published_hash
from rag.reader.windows import Window
from rag.settings import Settings
from tests.fakes import HashEncoder

TEXT = "The bridge was opened in 1932."


def refuse(*args: object) -> None:
    raise AssertionError("a reader was loaded")


@pytest.mark.parametrize("chosen", [{"reader": ""}, {"reading": False}, {"reading": False, "reader": "any/model"}])
def test_no_reader_is_loaded_where_none_is_wanted(chosen, monkeypatch) -> None:
    monkeypatch.setattr(BundledReader, "load", refuse)
    assert load_reader(Settings(**chosen), HashEncoder()) is None


def test_the_bundled_reader_reads_beside_any_encoder(bundled_encoder: Encoder) -> None:
    windows = [Window(TEXT, (Span(0, len(TEXT)),))]
    readers = [load_reader(Settings(), encoder) for encoder in (bundled_encoder, HashEncoder())]
    assert all(isinstance(reader, BundledReader) for reader in readers)
    own, other = (reader.read("When was the bridge opened?", windows) for reader in readers if reader)
    assert own == other
    assert own[0][0] is not None
    assert TEXT[own[0][0].start : own[0][0].end] == "1932"


def test_a_reader_says_which_it_is(bundled_encoder: Encoder) -> None:
    reader = load_reader(Settings(), bundled_encoder)
    assert reader is not None
    assert reader.identity == ("bundled", published_hash())


def test_without_the_wheel_another_encoder_goes_without_and_says_so(monkeypatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(loading, "is_installed", lambda: False)
    assert load_reader(Settings(), HashEncoder(), told.append) is None
    assert "ISNAD_READER" in told[0]
