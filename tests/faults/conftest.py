from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage import MEMORY


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In memory: these tests write, and wait for the disk, more than all others."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)
