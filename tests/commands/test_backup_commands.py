"""``backup`` and ``restore`` from the command line."""

from __future__ import annotations

import pytest

from rag.__main__ import main
from rag.index.snapshot import Index
from rag.ingestion.indexing import delete_article, index_articles
from tests.fakes import HashEncoder


@pytest.fixture
def indexed(settings, monkeypatch):
    settings.corpus_dir.mkdir()
    (settings.corpus_dir / "one.txt").write_text("A staff was formed. It has four members.", encoding="utf-8")
    index_articles([settings.corpus_dir], index_dir=settings.index_dir, encoder=HashEncoder())
    monkeypatch.setenv("ISNAD_INDEX_DIR", str(settings.index_dir))
    return settings


def articles(settings):
    index = Index.open(settings.index_dir, HashEncoder().fingerprint)
    found, _ = index.articles()
    index.close()
    return found


def test_what_was_deleted_comes_back(indexed, tmp_path, capsys):
    (article,) = articles(indexed)
    assert main(["backup", str(tmp_path / "copy")]) == 0
    delete_article(article.id, index_dir=indexed.index_dir)
    assert articles(indexed) == []
    assert main(["restore", str(tmp_path / "copy")]) == 0
    assert articles(indexed) == [article]
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"Wrote {tmp_path / 'copy'}, ")
    assert said[1] == "The index holds 1 articles in 1 passages."


@pytest.mark.parametrize(
    ("command", "content"), [("restore", None), ("restore", b"not a store"), ("restore", b""), ("backup", None)]
)
def test_what_cannot_be_done_is_told_and_changes_nothing(indexed, tmp_path, capsys, monkeypatch, command, content):
    before = articles(indexed)
    file = tmp_path / "copy"
    if content is not None:
        file.write_bytes(content)
    if command == "backup":
        monkeypatch.setenv("ISNAD_INDEX_DIR", str(tmp_path / "none"))
    assert main([command, str(file)]) == 1
    assert capsys.readouterr().err.startswith("Error: ")
    assert articles(indexed) == before
