"""A program that has indexed the sample corpus, served, and a reader's shell beside it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.assistant import Assistant
from rag.encoding.encoder import Encoder
from rag.ingestion.indexing import index_articles
from rag.serving.launch import build_app
from rag.settings import Settings
from tests.conftest import ROOT
from tests.loopback import serving


@pytest.fixture(scope="package")
def served_settings(bundled_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = replace(Settings(), index_dir=tmp_path_factory.mktemp("index"), questions_per_minute=1000)
    assert index_articles([ROOT / "corpus"], index_dir=made.index_dir, encoder=bundled_encoder).failed == []
    return made


@pytest.fixture(scope="package")
def address(served_settings: Settings, bundled_encoder: Encoder) -> Iterator[str]:
    async def build() -> Any:
        return build_app(served_settings, Assistant.load(served_settings, encoder=bundled_encoder))

    with serving(asyncio.run(build())) as address:
        yield address


@pytest.fixture(scope="module")
def environ(served_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """This Python first, and an index of the reader's own, since a key made there would close the server's."""
    home = tmp_path_factory.mktemp("home")
    (home / "articles").mkdir()
    (home / "articles" / "dam.md").write_text("The dam opened on Monday.")
    index = Path(shutil.copytree(served_settings.index_dir, home / "index"))
    names = {"HOME": home, "ISNAD_INDEX_DIR": index, "ISNAD_CACHE_DIR": served_settings.cache_dir}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **{name: str(value) for name, value in names.items()}, "PATH": path}
