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
from rag.serving.launch import build_app
from rag.settings import Settings
from tests.loopback import serving


@pytest.fixture(scope="package")
def served_settings(corpus_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    index_dir = shutil.copytree(corpus_index, tmp_path_factory.mktemp("served") / "index")
    return replace(Settings(), index_dir=Path(index_dir), questions_per_minute=1000)


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
