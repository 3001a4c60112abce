"""The default program over the sample corpus, searched by Qdrant and by FAISS: the same passages, the same answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag import assistant as assistants
from rag.assistant import Assistant
from rag.documents import Filters
from rag.ingestion.indexing import index_articles
from rag.settings import Settings
from tests.conftest import ROOT
from tests.engines import qdrant_engine
from tests.quality.test_corpus_answers import MUST, QUESTIONS


@pytest.fixture(scope="module")
def both(
    bundled_encoder, corpus_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Assistant, Assistant]]:
    """Two assistants over one store: of its first generation, in FAISS, and of its second, in Qdrant."""
    copy = shutil.copytree(corpus_index, tmp_path_factory.mktemp("corpus") / "index")
    settings = replace(Settings(), index_dir=Path(copy))
    where = {"index_dir": settings.index_dir, "encoder": bundled_encoder}
    engine = qdrant_engine()
    with pytest.MonkeyPatch.context() as patch:
        local = Assistant.load(settings, encoder=bundled_encoder)
        index_articles([ROOT / "corpus"], **where, engine=engine)
        patch.setattr(assistants, "load_engine", lambda settings: engine)
        remote = Assistant.load(settings, encoder=bundled_encoder)
        local._published = local._manifest_stamp()  # keep the first generation
        yield local, remote


@pytest.mark.parametrize(
    "filters",
    [Filters(), Filters(languages=("ar",)), Filters(since="2011-01-01", until="2012-12-31")],
    ids=["all", "arabic", "dated"],
)
@pytest.mark.parametrize("step", [20, pytest.param(1, marks=pytest.mark.slow)])
def test_the_best_passages_and_their_scores_are_the_same(
    both: tuple[Assistant, Assistant], filters: Filters, step: int
) -> None:
    for gold in QUESTIONS[::step]:
        local, remote = (each.search(gold["question"], filters=filters, top_k=5) for each in both)
        assert [(p.article_id, p.start) for p in remote] == [(p.article_id, p.start) for p in local], gold["question"]
        assert [p.score for p in remote] == pytest.approx([p.score for p in local], abs=1e-4)


@pytest.mark.parametrize("question", MUST)
def test_the_answers_are_the_same(both: tuple[Assistant, Assistant], question: str) -> None:
    local, remote = (each.ask(question) for each in both)
    assert replace(remote, id="", timings_ms={}) == replace(local, id="", timings_ms={})
