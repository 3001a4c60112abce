"""The page of the articles and what it asks for: who may do what, and the samples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rag.resources import asset, sample_articles
from rag.serving.api import build_api
from rag.settings import Settings
from tests.conftest import ROOT
from tests.fake_assistant import SAHEL, SAHEL_FR, FakeAssistant


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = build_api(Settings(index_dir=tmp_path, max_upload_mb=7), FakeAssistant())
    yield TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False)
    app.state.site.jobs.close()


def test_without_keys_on_loopback_everything_may_be_done(client: TestClient) -> None:
    told = client.get("/api/v1/library").json()

    assert (told["may_add"], told["may_delete"], told["max_upload_mb"]) == (True, True, 7)
    assert (told["articles"], told["jobs"]) == (4, [])
    assert told["languages"] == {"ar": 1, "en": 1, "fr": 1}
    assert told["samples"] == 22


@pytest.mark.parametrize(
    ("scopes", "may_add", "may_delete"),
    [(["ask"], False, False), (["ask", "ingest"], True, False), (["admin"], True, True)],
)
def test_a_key_may_do_what_its_scopes_say_however_it_is_sent(
    client: TestClient, scopes: list[str], may_add: bool, may_delete: bool
) -> None:
    site = client.app.state.site  # type: ignore[attr-defined]
    key, secret = site.keys.create("someone", scopes)
    session = f"isnad_session={site.sessions.begin(key.id)}"
    for headers in ({"Authorization": f"Bearer {secret}"}, {"Cookie": session}):
        told = client.get("/api/v1/library", headers=headers).json()
        assert (told["may_add"], told["may_delete"]) == (may_add, may_delete)
        assert (client.post("/api/v1/samples", headers=headers).status_code == 202) is may_add
    assert client.get("/api/v1/library").status_code == 401


def test_the_samples_are_those_of_the_repository_without_the_page_about_them() -> None:
    assert [path.name for path in sample_articles()] == sorted(p.name for p in (ROOT / "corpus").glob("*.??.md"))


def test_the_page_comes_with_its_files_and_no_others(client: TestClient) -> None:
    page = client.get("/articles")

    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for path, status in (("/articles/page.js", 200), ("/articles/page.css", 200), ("/articles/articles.html", 404)):
        assert client.get(path).status_code == status


def test_the_list_takes_words_and_an_order(client: TestClient) -> None:
    found = client.get("/api/v1/articles", params={"words": "armes", "order": "title"}).json()
    assert [one["id"] for one in found["articles"]] == [SAHEL_FR.id]
    assert client.get("/api/v1/articles", params={"order": "best"}).status_code == 422
    assert client.get("/api/v1/articles", params={"words": SAHEL.source}).json()["total"] == 1


def test_what_the_page_translates_is_what_files_are_said_to_be_in_every_language() -> None:
    rows = re.findall(r'^  "(.+)": (\{.*\}),$', asset("articles.js").read_text("utf-8"), re.MULTILINE)
    folders = (ROOT / "rag" / "formats", ROOT / "rag" / "ingestion")
    source = "".join(path.read_text("utf-8") for folder in folders for path in sorted(folder.glob("*.py")))

    assert len(rows) > 30
    for said, words in rows:
        assert re.search(re.escape(said).replace(r"\{n\}", r"\{[^{}]+\}"), source), said
        told = re.findall(r'[{,](\w+):"([^"]+)"', words)
        assert [(language, text.count("{n}")) for language, text in told] == [
            (each, said.count("{n}")) for each in ("fr", "ar")
        ], said
