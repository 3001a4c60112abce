"""What is Qdrant's own: what is sent, what becomes of interruptions and losses, and how its failures are told."""

from __future__ import annotations

import importlib.util
import logging
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag import files
from rag.documents import Article, Filters
from rag.errors import IndexMismatchError, QdrantError, SettingsError
from rag.index.engines import load_engine
from rag.index.faiss_engine import FAISS
from rag.index.search_engine import Probe
from rag.index.snapshot import Index
from rag.ingestion.indexing import delete_article, index_given
from rag.retrieval.fusion import Fusion
from rag.retrieval.late_interaction import by_chance
from rag.retrieval.retriever import Retriever
from rag.settings import Settings, setting_name
from tests.engines import qdrant_engine
from tests.storage import CORPUS, ENCODER, article, everything, query

pytest.importorskip("qdrant_client", reason="needs the package qdrant-client")
from qdrant_client import models

from rag.index.qdrant import points
from rag.index.qdrant.collection import Collection, made_for, name_of
from rag.index.qdrant.engine import QdrantEngine
from rag.index.qdrant.points import POOLED, TERMS, TOKENS

MALI, RAIN, JAYSH, PLUIE = CORPUS
MANY = [article(f"many {n}", f"Paper number {n} tells of rain and of gold.") for n in range(12)]


class Desk:
    """An index folder and a server, with what was asked of the server."""

    def __init__(self, index_dir: Path, engine: QdrantEngine) -> None:
        self.index_dir = index_dir
        self.engine = engine
        self.client = engine._server._client
        self.sent: list[int] = []
        upsert = self.client.upsert

        def noted(name: str, points: list[models.PointStruct], **options: object) -> object:
            self.sent += [int(point.id) for point in points]
            return upsert(name, points, **options)

        self.client.upsert = noted

    def publish(self, *articles: Article) -> Index:
        index_given(articles, index_dir=self.index_dir, encoder=ENCODER, engine=self.engine)
        return self.open()

    def delete(self, name: str) -> Index:
        delete_article(name, index_dir=self.index_dir, engine=self.engine)
        return self.open()

    def open(self) -> Index:
        return Index.open(self.index_dir, ENCODER.fingerprint, self.engine)

    @property
    def collections(self) -> list[str]:
        return sorted(found.name for found in self.client.get_collections().collections)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "index", qdrant_engine())


# -- what is sent ----------------------------------------------------------------------------------------------------


def test_only_what_came_is_sent(desk: Desk) -> None:
    desk.publish(*CORPUS, *MANY)
    assert len(desk.sent) == len(set(desk.sent)) == desk.open().counts["passages"]
    desk.sent.clear()
    index = desk.publish(replace(RAIN, text="Snow fell."), article("new", "A new one."))
    assert len(desk.sent) == 2
    assert index.is_whole()
    assert len(desk.collections) == 1


def test_a_collection_is_called_after_the_encoder(desk: Desk) -> None:
    index = desk.publish(*CORPUS)
    (name,) = desk.collections
    assert name == name_of(ENCODER.fingerprint, index.manifest.store_id, 1)
    assert name.startswith("isnad-hash-")
    assert made_for(name, index.manifest.store_id) == 1
    assert made_for(name, "another store") == made_for("isnad-1", "") == made_for("mine", "") == 0
    others = [replace(ENCODER.fingerprint, pooling="cls"), replace(ENCODER.fingerprint, sha256="1" * 64)]
    assert len({name, *(name_of(other, index.manifest.store_id, 1) for other in others)}) == 3


def test_requests_stay_small(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "NUMBERS_A_REQUEST", 3 * 13 * ENCODER.dimension)
    monkeypatch.setattr(points, "ROWS_AT_A_TIME", 5)
    sizes, noted = [], desk.client.upsert
    desk.client.upsert = lambda name, points, **options: (sizes.append(len(points)), noted(name, points, **options))
    assert desk.publish(*MANY).counts["passages"] == sum(sizes) == 12
    assert len(sizes) > 3


def test_what_no_reader_needs_is_deleted(desk: Desk) -> None:
    held = desk.publish(*CORPUS, *MANY)
    (name,) = desk.collections
    passages = held.counts["passages"]
    for turn in range(4):
        desk.publish(replace(MALI, text=f"Turn {turn} came."))
    assert desk.client.count(name).count == passages + 4
    held.close()
    desk.publish(replace(MALI, text="The last turn came."))
    assert desk.client.count(name).count == passages + 1  # of the generation before


def test_a_corpus_that_doubled_gets_a_new_collection(desk: Desk) -> None:
    held = desk.publish(*CORPUS)
    expected = everything(held)
    grown = desk.publish(*MANY)
    assert [made_for(name, grown.manifest.store_id) for name in desk.collections] == [1, 2]
    assert everything(held) == expected
    held.close()
    desk.publish(article("a", "One more."))
    desk.publish(article("b", "And one more."))
    assert [made_for(name, grown.manifest.store_id) for name in desk.collections] == [2]


@pytest.mark.parametrize(
    ("passages", "fits"), [(50, True), (100, True), (200, True), (49, False), (201, False), (0, False)]
)
def test_how_long_a_collection_serves(passages: int, fits: bool) -> None:
    assert Collection("c", 100, 1.0, None).fits(passages) is fits  # type: ignore[arg-type]


def test_two_stores_on_one_server_keep_apart(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other", desk.engine)
    first = desk.publish(*CORPUS)
    second = other.publish(*MANY)
    for turn in range(3):
        other.publish(article("more", f"Turn {turn}."))
    assert everything(first).keys() == {a.id for a in CORPUS}
    assert everything(second).keys() == {a.id for a in MANY}


# -- one query -------------------------------------------------------------------------------------------------------


def test_tokens_are_compared_by_the_server_as_late_interaction_does(desk: Desk) -> None:
    retriever = Retriever(desk.publish(*CORPUS), ENCODER, Fusion.load())
    asked = retriever.query("Which army chiefs met by the border?", "en")
    tokens = asked.tokens.vectors * asked.tokens.weights[:, None]
    (name,) = desk.collections
    found = desk.client.query_points(name, query=tokens.tolist(), using="tokens", limit=10).points
    hits = retriever.search(asked, Filters(), 10).candidates
    ranked = {c.passage.key: c.signals.late + float(by_chance(np.array(len(c.spans)))) for c in hits}
    assert {point.id for point in found} == ranked.keys()
    for point in found:
        assert point.score == pytest.approx(ranked[point.id], abs=2e-3)


def test_proposals_take_one_request(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    index = desk.publish(*CORPUS, *MANY)
    asked: list[dict[str, Any]] = []
    real = desk.client.query_points
    monkeypatch.setattr(desk.client, "query_points", lambda *a, **k: asked.append(k) or real(*a, **k))
    tokens = np.eye(2, ENCODER.dimension, dtype=np.float32)
    probe = Probe(query(index, "rain"), tokens, ["rain"], 4, 2)
    assert 0 < len(index.propose(probe, Filters(languages=("en",)))) <= 6
    (request,) = asked
    assert [side.using for side in request["prefetch"]] == ["pooled", "tokens", "terms"]
    bare = replace(probe, tokens=tokens * 0, terms=[])
    index.propose(bare)
    assert [side.using for side in asked[-1]["prefetch"]] == ["pooled"]


# -- interruptions and losses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["upsert", "fsync collection.json", "rename 000002", "rename manifest.json"])
def test_a_publication_that_was_cut_short_is_never_seen(desk: Desk, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    held = desk.publish(*CORPUS, *MANY)
    expected = everything(held)

    def cut(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    changes = [replace(RAIN, text="Snow fell."), article("late", "Late news."), replace(MANY[0], text="Other words.")]
    with monkeypatch.context() as patched:
        patched.setattr(files, "checkpoint", cut)
        with pytest.raises(KeyboardInterrupt):
            desk.publish(*changes)
    assert everything(held) == everything(desk.open()) == expected
    desk.delete("late")
    index = desk.publish(MALI)
    assert everything(index).keys() == expected.keys()
    assert index.article("rain").text == "Snow fell."
    assert index.is_whole()
    assert everything(held) == expected


def test_a_new_collection_that_was_cut_short_goes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.publish(*CORPUS)
    with monkeypatch.context() as patched:
        patched.setattr(
            files, "checkpoint", lambda name: (_ for _ in ()).throw(KeyboardInterrupt) if name == "upsert" else None
        )
        with pytest.raises(KeyboardInterrupt):
            desk.publish(*MANY)
    assert len(desk.collections) == 2
    index = desk.publish()
    assert everything(index).keys() == {a.id for a in [*CORPUS, *MANY]}
    assert [made_for(name, index.manifest.store_id) for name in desk.collections] == [1, 2]


def test_points_that_were_lost_are_sent_again(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    index = desk.publish(*CORPUS)
    (name,) = desk.collections
    desk.client.delete(name, points_selector=desk.sent[:1])
    assert not index.is_whole()
    with caplog.at_level(logging.WARNING):
        again = desk.publish()
    assert "all is sent again" in caplog.text
    assert again.generation == index.generation + 1
    assert again.is_whole()
    assert everything(again).keys() == {a.id for a in CORPUS}


def test_a_collection_that_was_lost_is_told_and_made_again(desk: Desk) -> None:
    index = desk.publish(*CORPUS)
    expected = everything(index)
    desk.client.delete_collection(desk.collections[0])
    with pytest.raises(QdrantError, match="holds no collection isnad-hash-") as caught:
        desk.open()
    assert "python -m rag index" in caught.value.hint
    assert everything(desk.publish()) == expected


def test_a_collection_of_another_encoder_is_refused(desk: Desk) -> None:
    desk.publish(*CORPUS)
    desk.client.update_collection(desk.collections[0], metadata={"encoder": {"name": "other"}})
    with pytest.raises(QdrantError, match="of this encoder"):
        desk.open()


def test_the_engine_may_change_at_any_time(desk: Desk) -> None:
    index_given(CORPUS, index_dir=desk.index_dir, encoder=ENCODER)
    local = Index.open(desk.index_dir, ENCODER.fingerprint)
    with pytest.raises(IndexMismatchError, match="was not published to Qdrant"):
        desk.open()
    shared = desk.publish()
    assert everything(shared) == everything(local)
    with pytest.raises(IndexMismatchError, match="ISNAD_QDRANT_URL is not set"):
        Index.open(desk.index_dir, ENCODER.fingerprint, FAISS)
    index_given([], index_dir=desk.index_dir, encoder=ENCODER)
    assert everything(Index.open(desk.index_dir, ENCODER.fingerprint)) == everything(shared)


def test_a_damaged_generation_is_made_again(desk: Desk) -> None:
    expected = everything(desk.publish(*CORPUS))
    path = desk.index_dir / "generations" / "000001" / "vocabulary.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    index = desk.open()
    assert (index.generation, everything(index)) == (2, expected)
    assert len(desk.sent) == 2 * index.counts["passages"]


def test_what_was_published_outlives_the_server(tmp_path: Path) -> None:
    before = Desk(tmp_path / "index", qdrant_engine(tmp_path / "qdrant"))
    expected = everything(before.publish(*CORPUS))
    before.client.close()
    after = Desk(tmp_path / "index", qdrant_engine(tmp_path / "qdrant"))
    assert everything(after.open()) == expected
    assert everything(after.publish(article("new", "A new one."))).keys() == {*expected, "new"}
    assert len(after.sent) == 1
    after.client.close()


# -- reaching the server ---------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[tuple[str, dict[str, Any]]]:
    """A loopback server that gives every request the same answer, and notes the keys it was given."""
    answer: dict[str, Any] = {"status": 200, "body": "{}", "keys": []}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer["keys"].append(self.headers["api-key"])
            self.send_response(answer["status"])
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(str(answer["body"]).encode())

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}", answer
        http.shutdown()


def test_without_an_address_faiss_searches() -> None:
    assert load_engine(Settings()) is FAISS
    assert FAISS.describe() == "FAISS, on this machine"


def test_a_server_is_named_with_its_version(server: tuple[str, dict[str, Any]]) -> None:
    url, answer = server
    answer["body"] = '{"title": "qdrant", "version": "1.20.0"}'
    assert load_engine(Settings(qdrant_url=url, qdrant_api_key="s3cret")).describe() == f"Qdrant 1.20.0 at {url}"
    assert answer["keys"] == ["s3cret"]


@pytest.mark.parametrize(
    ("status", "message", "hint"),
    [
        (401, "refuses the key", "ISNAD_QDRANT_API_KEY"),
        (403, "refuses the key", "ISNAD_QDRANT_API_KEY"),
        (404, "no longer holds the index", "python -m rag index"),
        (500, "answered 500", "log"),
        (200, "does not answer as it should", "ISNAD_QDRANT_URL"),
    ],
)
def test_what_a_server_refuses_is_told_with_the_cure(
    server: tuple[str, dict[str, Any]], status: int, message: str, hint: str
) -> None:
    url, answer = server
    answer |= {"status": status, "body": "<html>"}
    with pytest.raises(QdrantError, match=message) as caught:
        load_engine(Settings(qdrant_url=url, qdrant_api_key="s3cret")).describe()
    assert url in caught.value.message
    assert hint in caught.value.hint
    assert "s3cret" not in str(caught.value)


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(QdrantError, match=r"http://127\.0\.0\.1:9 does not answer") as caught:
        load_engine(Settings(qdrant_url="http://user:pass@127.0.0.1:9")).describe()
    assert "pass" not in str(caught.value)


@pytest.mark.parametrize("body", ["<html>", "{}", "[]", '{"result": null}'])
def test_a_server_that_is_something_else(server: tuple[str, dict[str, Any]], tmp_path: Path, body: str) -> None:
    url, answer = server
    answer["body"] = body
    engine = load_engine(Settings(qdrant_url=url))
    with pytest.raises(QdrantError, match="does not answer as it should"):
        index_given(CORPUS, index_dir=tmp_path, encoder=ENCODER, engine=engine)


@pytest.mark.parametrize("url", ["localhost:6333", "ftp://127.0.0.1", "http://", "qdrant"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(SettingsError, match="ISNAD_QDRANT_URL"):
        load_engine(Settings(qdrant_url=url))


def test_the_package_is_asked_for_only_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match="qdrant-client is not installed") as caught:
        load_engine(Settings(qdrant_url="http://127.0.0.1:10"))
    assert "pip install 'qdrant-client>=1.16,<2'" in caught.value.hint


def test_the_documentation_names_what_there_is() -> None:
    told = (Path(__file__).parents[3] / "docs" / "qdrant.md").read_text("utf-8")
    assert set(re.findall(r"ISNAD_[A-Z_]+", told)) <= {setting_name(field) for field in Settings.__dataclass_fields__}
    assert all(f"`{name}`" in told for name in [*points.PAYLOAD, POOLED, TOKENS, TERMS, QdrantError.code])


def test_the_key_is_not_shown() -> None:
    assert "s3cret" not in repr(Settings(qdrant_api_key="s3cret"))
