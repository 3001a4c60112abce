"""The operator's page: what it tells, to whom, and taking keys and embeds back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from rag.serving.api import build_api
from rag.serving.gate.access import KeyRing
from rag.serving.gate.embeds import EmbedBook
from rag.settings import Settings
from tests.fake_assistant import FAILING, FakeAssistant

QUESTIONS = ("Which countries formed the joint staff?", "Which countries?", "ما عاصمة اليابان؟")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = build_api(Settings(index_dir=tmp_path), FakeAssistant())
    yield TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False)
    app.state.site.jobs.close()


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def told(client: TestClient, **headers: str) -> Any:
    response = client.get("/api/v1/admin", headers=headers)
    assert response.status_code == 200
    return response.json()


def test_it_tells_how_the_server_does_and_no_question(client: TestClient) -> None:
    for question in QUESTIONS:
        client.post("/api/v1/ask", json={"question": question})
    client.post("/api/v1/ask", json={"question": FAILING})
    client.get("/api/v1/articles/none")
    found = told(client)

    assert found["index"]["articles"] == 4
    assert found["index"]["languages"] == {"ar": 1, "en": 1, "fr": 1}
    assert found["outcomes"] == {"answered": 2, "not_found": 1}
    [day] = found["days"]
    assert {name: day[name] for name in found["outcomes"]} == found["outcomes"]
    slow = [stage["ms"] for stage in found["stages"]]
    assert slow == sorted(slow, reverse=True)
    assert {stage["count"] for stage in found["stages"]} <= {1, 2, 3}
    assert [(each["route"], each["status"]) for each in found["problems"]] == [("article", 404), ("ask", 503)]
    assert not any(question in json.dumps(found, ensure_ascii=False) for question in (*QUESTIONS, FAILING))


def test_it_lists_the_last_jobs_by_what_came_of_them(client: TestClient) -> None:
    assert told(client)["jobs"] == []
    made = client.post("/api/v1/articles", json={"articles": [{"text": "The dam opened on Monday. It feeds towns."}]})
    job = made.json()["id"]
    while client.get(f"/api/v1/jobs/{job}").json()["state"] not in ("done", "failed"):
        pass

    [shown] = told(client)["jobs"]
    assert (shown["id"], shown["state"], shown["error"]) == (job, "done", None)
    assert shown["counts"]["indexed"] == 1


def test_a_key_and_an_embed_are_taken_back_at_once(client: TestClient, tmp_path: Path) -> None:
    keys, embeds = KeyRing.open(tmp_path), EmbedBook.open(tmp_path)
    admin, secret = keys.create("operator", ["admin"])
    reader, readers = keys.create("reader", ["ask"])
    embed = embeds.create("site", ["https://news.example"])
    found = told(client, **bearer(secret))
    assert [(key["name"], key["scopes"]) for key in found["keys"]] == [("operator", ["admin"]), ("reader", ["ask"])]
    assert [each["origins"] for each in found["embeds"]] == [["https://news.example"]]
    assert not any(part in json.dumps(found) for part in (secret, readers, "sha256"))

    for path in (f"keys/{reader.id}", f"embeds/{embed.id}"):
        assert client.post(f"/api/v1/{path}/revoke", headers=bearer(secret)).status_code == 204
        assert client.post(f"/api/v1/{path}/revoke", headers=bearer(secret)).status_code == 404
    assert client.get("/api/v1/articles", headers=bearer(readers)).status_code == 401
    found = told(client, **bearer(secret))
    assert ([key["id"] for key in found["keys"]], found["embeds"]) == ([admin.id], [])


@pytest.mark.parametrize("path", ["/admin", "/admin/page.js", "/api/v1/admin"])
def test_only_the_scope_admin_reaches_it(client: TestClient, tmp_path: Path, path: str) -> None:
    assert client.get(path).status_code == 200, "on this machine, where no key is needed"
    secrets = {scope: KeyRing.open(tmp_path).create(scope, [scope])[1] for scope in ("ask", "ingest", "admin")}

    assert client.get(path).status_code == 401
    statuses = {scope: client.get(path, headers=bearer(secret)).status_code for scope, secret in secrets.items()}
    assert statuses == {"ask": 403, "ingest": 403, "admin": 200}


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_a_page_of_another_site_cannot_take_a_key_back(
    client: TestClient, tmp_path: Path, headers: dict[str, str]
) -> None:
    embed = EmbedBook.open(tmp_path).create("site", ["https://news.example"])
    refused = client.post(f"/api/v1/embeds/{embed.id}/revoke", headers=headers)

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "cross_origin")
    assert len(EmbedBook.open(tmp_path).list()) == 1
    assert client.get(f"/api/v1/embeds/{embed.id}/revoke").status_code == 405


def test_its_policy_allows_nothing_but_its_own_files(client: TestClient) -> None:
    page = client.get("/admin")

    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert "<script>" not in page.text
    assert client.get("/admin/other.js").status_code == 404
