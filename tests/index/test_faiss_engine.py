"""The engine of one machine, where a generation was made for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import IndexMismatchError
from rag.files import FileRecord
from rag.index.faiss_engine import FaissEngine
from rag.index.live_passages import LivePassages
from rag.ingestion.indexing import index_given
from tests.storage import CORPUS, ENCODER, everything, give, opened


class Elsewhere(FaissEngine):
    """An engine that keeps nothing on this machine."""

    def write(self, live: LivePassages, generation: int, folder: Path) -> dict[str, FileRecord]:
        return {}


def test_a_generation_of_another_engine_is_refused_and_then_replaced(tmp_path: Path) -> None:
    index_given(CORPUS, index_dir=tmp_path, encoder=ENCODER, engine=Elsewhere())
    with pytest.raises(IndexMismatchError, match="Generation 1") as caught:
        opened(tmp_path)
    assert "python -m rag index" in caught.value.hint
    assert give(tmp_path, []).generation == 2
    assert everything(opened(tmp_path)).keys() == {article.id for article in CORPUS}
