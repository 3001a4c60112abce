"""Articles over HTTP: listed, read, uploaded as files or JSON, deleted; uploads reach a real index."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from rag.serving.api import build_api
from rag.serving.jobs import MAX_QUEUED
from rag.settings import Settings
from tests.fake_assistant import ARTICLES, SAHEL, FakeAssistant

TEXT = "The ministry opened a solar station of sixty megawatts. It will feed twenty thousand homes."


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def client(assistant: FakeAssistant, tmp_path: Path) -> Iterator[TestClient]:
    app = build_api(Settings(index_dir=tmp_path, max_upload_mb=1, questions_per_minute=1000), assistant)
    with TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False) as client:
        yield client
    app.state.site.jobs.close()


def finished(client: TestClient, response: Any) -> dict[str, Any]:
    assert response.status_code == 202, response.text
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        job: dict[str, Any] = client.get(f"/api/v1/jobs/{response.json()['id']}").json()
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.02)
    raise AssertionError("the job does not end")


def stored(index_dir: Path) -> dict[str, str]:
    import sqlite3
    from contextlib import closing

    from rag.store.schema import STORE_NAME

    with closing(sqlite3.connect(index_dir / STORE_NAME)) as connection:
        query = "SELECT article_id, title FROM article_versions WHERE removed_in IS NULL"
        return dict(connection.execute(query).fetchall())


def test_the_list_pages_and_filters(client: TestClient) -> None:
    first = client.get("/api/v1/articles", params={"limit": 2}).json()

    assert (first["total"], len(first["articles"])) == (len(ARTICLES), 2)
    assert first["articles"][0] == {
        "id": SAHEL.id,
        "title": SAHEL.title,
        "language": "ar",
        "source": SAHEL.source,
        "date": "2011-10-12",
        "url": SAHEL.url,
        "author": SAHEL.author,
        "origin": SAHEL.origin,
        "characters": len(SAHEL.text),
    }
    query = {"languages": ["ar", "fr"], "since": "2011-10-13"}
    assert [a["id"] for a in client.get("/api/v1/articles", params=query).json()["articles"]] == ["armes-libye"]


def test_an_article_comes_with_its_text_and_an_unknown_one_is_404(client: TestClient) -> None:
    assert client.get(f"/api/v1/articles/{SAHEL.id}").json()["text"] == SAHEL.text

    missing = client.get("/api/v1/articles/none")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "query",
    [{"offset": -1}, {"limit": 0}, {"limit": 1000}, {"since": "yesterday"}, {"offset": "NaN"}, {"offset": 10**30}],
)
def test_bad_paging_is_refused(client: TestClient, query: dict[str, Any]) -> None:
    assert client.get("/api/v1/articles", params=query).status_code == 422


def test_json_articles_are_indexed_and_replaced_by_id(client: TestClient, tmp_path: Path) -> None:
    article = {"id": "solar", "title": "Solar", "text": TEXT, "date": "2024-01-05", "language": "en"}
    first = finished(client, client.post("/api/v1/articles", json={"articles": [article]}))
    again = finished(client, client.post("/api/v1/articles", json={"articles": [article]}))
    changed = {**article, "text": TEXT + " A second one follows.", "title": "Two stations"}
    second = finished(client, client.post("/api/v1/articles", json={"articles": [changed]}))

    assert [
        job["report"]["counts"][name] for job, name in ((first, "indexed"), (again, "unchanged"), (second, "replaced"))
    ] == [1, 1, 1]
    assert stored(tmp_path) == {"solar": "Two stations"}


def test_articles_without_an_id_do_not_replace_each_other(client: TestClient, tmp_path: Path) -> None:
    for text in (TEXT, TEXT.replace("solar", "wind")):
        finished(client, client.post("/api/v1/articles", json={"articles": [{"text": text}]}))

    assert len(stored(tmp_path)) == 2


def test_one_bad_file_never_stops_a_batch(client: TestClient, tmp_path: Path) -> None:
    files = [
        ("files", ("../../etc/solar.md", f"---\ntitle: Solar\n---\n{TEXT}".encode(), "text/markdown")),
        ("files", ("broken.json", b"{", "application/json")),
        ("files", ("program.exe", b"MZ\0\0", "application/octet-stream")),
        ("files", ("", b"no name", "text/plain")),
        ("files", ("empty.txt", b"", "text/plain")),
    ]
    job = finished(client, client.post("/api/v1/articles", files=files))

    assert job["report"]["indexed"] == ["uploads/solar.md"]
    assert {"uploads/broken.json", "uploads/program.exe", "uploads/empty.txt"} <= {
        f["origin"] for f in job["report"]["failed"]
    }
    assert all(failure["reason"] and failure["cure"] for failure in job["report"]["failed"])
    assert job["progress"]["sources_done"] == 1 + len(job["report"]["failed"])  # what failed is done with, too
    assert list(stored(tmp_path).values()) == ["Solar"]
    assert not (tmp_path.parent / "etc").exists()


def test_an_article_is_deleted(client: TestClient, tmp_path: Path) -> None:
    finished(client, client.post("/api/v1/articles", json={"articles": [{"id": "solar", "text": TEXT}]}))

    assert client.delete("/api/v1/articles/solar").status_code == 204
    assert stored(tmp_path) == {}
    assert client.delete("/api/v1/articles/solar").status_code == 404


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"json": {"articles": []}}, 422, "bad_request"),
        ({"json": {"articles": [{"title": "no text"}]}}, 422, "bad_request"),
        ({"json": {"articles": [{"text": "x", "id": "../../etc"}]}}, 422, "bad_request"),
        ({"json": {"articles": [{"text": "x", "txet": "y"}]}}, 422, "bad_request"),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 422, "bad_request"),
        (
            {"content": b'{"articles":[{"text":"\\ud800"}]}', "headers": {"Content-Type": "application/json"}},
            422,
            "bad_request",
        ),
        ({"content": b"[" * 100_000, "headers": {"Content-Type": "application/json"}}, 422, "bad_request"),
        ({"content": b"x", "headers": {"Content-Type": "text/plain"}}, 415, "bad_media_type"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, 400, "bad_request"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "bad_request"),
        ({"files": {"other": ("a.txt", b"x")}}, 422, "bad_request"),
        ({"json": {"articles": [{"text": "x" * 1_100_000}]}}, 413, "too_large"),
    ],
)
def test_what_is_no_upload_is_refused(client: TestClient, request_: dict[str, Any], status: int, code: str) -> None:
    response = client.post("/api/v1/articles", **request_)

    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_a_failed_ingestion_is_told_by_its_job(client: TestClient, assistant: FakeAssistant) -> None:
    assistant.encoder = None  # type: ignore[assignment]
    job = finished(client, client.post("/api/v1/articles", json={"articles": [{"text": TEXT}]}))

    assert job["state"] == "failed"
    assert job["error"]["code"] == "internal_error"
    assert client.get("/api/v1/jobs/none").status_code == 404


def test_too_many_waiting_uploads_are_told_to_come_back(client: TestClient) -> None:
    import threading

    release = threading.Event()
    board = client.app.state.site.jobs  # type: ignore[attr-defined]
    board._ingest = lambda articles, progress, look_around: release.wait(20) or 1 / 0
    try:
        for _ in range(MAX_QUEUED):
            assert client.post("/api/v1/articles", json={"articles": [{"text": TEXT}]}).status_code == 202
        refused = client.post("/api/v1/articles", json={"articles": [{"text": TEXT}]})
    finally:
        release.set()

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")


def test_a_delete_waits_for_its_turn_and_is_told_when_that_is_far(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    finished(client, client.post("/api/v1/articles", json={"articles": [{"id": "solar", "text": TEXT}]}))
    board = client.app.state.site.jobs  # type: ignore[attr-defined]
    begun, release = threading.Event(), threading.Event()

    def at_work() -> None:
        begun.set()
        release.wait(20)

    board._queue(at_work)
    assert begun.wait(10)
    monkeypatch.setattr(type(board).in_turn, "__defaults__", (0.05,))
    assert client.delete("/api/v1/articles/solar").status_code == 503
    monkeypatch.setattr(type(board).in_turn, "__defaults__", (20,))
    threading.Timer(0.1, release.set).start()
    assert client.delete("/api/v1/articles/solar").status_code == 204
    assert release.is_set()


def test_no_path_of_the_server_leaves_it(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "feedback.jsonl").mkdir()
    told = (
        client.delete("/api/v1/articles/none").text
        + client.post("/api/v1/feedback", json={"answer_id": "a", "vote": "up"}).text
    )

    assert '"index_missing"' in told
    assert '"storage_failed"' in told
    assert str(tmp_path) not in told


def test_a_vote_is_kept_without_the_question(client: TestClient, tmp_path: Path) -> None:
    assert client.post("/api/v1/feedback", json={"answer_id": "a1", "vote": "up"}).status_code == 204
    assert client.post("/api/v1/feedback", json={"answer_id": "a1", "vote": "sideways"}).status_code == 422

    lines = (tmp_path / "feedback.jsonl").read_text().splitlines()
    assert len(lines) == 1
    assert '"answer_id": "a1", "vote": "up"' in lines[0]
    for given in ({"vote": "none"}, {"vote": "down", "reason": "unreadable"}):
        assert client.post("/api/v1/feedback", json={"answer_id": "a1", **given}).status_code == 204
    assert client.post("/api/v1/feedback", json={"answer_id": "a1", "vote": "down", "reason": "so"}).status_code == 422
    last = json.loads((tmp_path / "feedback.jsonl").read_text().splitlines()[-1])
    assert (last["vote"], last["reason"]) == ("down", "unreadable")


def test_uploaded_columns_go_by_the_names_given(client: TestClient, tmp_path: Path) -> None:
    files = [("files", ("table.csv", f"headline,story\nMapped,{TEXT}\n".encode(), "text/csv"))]
    job = finished(client, client.post("/api/v1/articles", files=files, data={"map": "title=headline,text=story"}))
    assert list(stored(tmp_path).values()) == ["Mapped"]
    job = finished(client, client.post("/api/v1/articles", files=files, data={"map": "text=body"}))
    assert "no 'body', which is to be the text; there are: headline, story" in job["report"]["failed"][0]["reason"]
    reply = client.post("/api/v1/articles", files=files, data={"map": "story=text"})
    assert reply.status_code == 422
    assert "no field 'story'" in reply.json()["error"]["message"]


def test_a_misspelt_filter_is_refused_not_ignored(client: TestClient) -> None:
    response = client.get("/api/v1/articles", params={"langauges": "ar"})

    assert response.status_code == 422
    assert "langauges" in response.json()["error"]["message"]
