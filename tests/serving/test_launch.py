"""The start of the server: the application built whole, the corpus indexed when there is no index, clear refusals."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rag.errors import AccessError
from rag.serving.launch import build_app, load_assistant, serve
from rag.settings import Settings
from tests.fake_assistant import FakeAssistant
from tests.fakes import HashEncoder


async def build(settings: Settings) -> TestClient:
    return TestClient(build_app(settings, FakeAssistant()), base_url="http://localhost")


def test_the_chat_the_api_and_their_docs_are_one_application(tmp_path: Path) -> None:
    client = asyncio.run(build(Settings(index_dir=tmp_path)))

    assert "gradio" in client.get("/").text
    assert client.get("/api/v1/articles").json()["total"] == 4
    assert client.get("/readyz").status_code == 200


def test_a_page_that_is_not_there_is_refused_in_our_own_words(tmp_path: Path) -> None:
    client = asyncio.run(build(Settings(index_dir=tmp_path)))

    for path in ("/nope", "/nope.css", "/gradio_api/nope"):
        refused = client.get(path)
        assert refused.status_code == 404
        assert refused.json() == {
            "error": {"code": "not_found", "message": "There is no such page.", "hint": "See / and /docs."}
        }


def test_the_icon_is_ours(tmp_path: Path) -> None:
    icon = asyncio.run(build(Settings(index_dir=tmp_path))).get("/favicon.ico")

    assert icon.headers["content-type"] == "image/svg+xml"
    assert icon.content == Path("rag/assets/icon.svg").read_bytes()


def test_without_an_index_the_corpus_is_read_first_with_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "dam.md").write_text("---\ntitle: Dam\n---\nThe dam opened on Monday. It feeds two towns.")
    (corpus / "broken.json").write_text("{")
    monkeypatch.setattr("rag.encoding.loading.load_encoder", lambda settings, report: HashEncoder())
    settings = Settings(corpus_dir=corpus, index_dir=tmp_path / "index", reading=False)

    told: list[str] = []

    assert load_assistant(settings, told.append).status()["articles"] == 1
    assert [line.partition(",")[0].partition(" It")[0] for line in told] == [
        f"There is no index yet: reading {corpus}.",
        "done: 2 of 2 files",
        "Not read: corpus/broken.json:",
    ]

    again: list[str] = []
    assert load_assistant(settings, again.append).status()["generation"] == 1  # reads nothing again
    assert again == []


@pytest.mark.parametrize(("corpus", "amiss"), [(False, "does not exist."), (True, "holds no article.")])
def test_without_an_index_and_articles_it_serves_an_empty_one_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, corpus: bool, amiss: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("rag.encoding.loading.load_encoder", lambda settings, report: HashEncoder())
    if corpus:
        (tmp_path / "corpus").mkdir()

    told: list[str] = []
    assistant = load_assistant(Settings(reading=False), told.append)
    assert assistant.status()["articles"] == 0
    assert assistant.ask("Who built the dam?").status == "not_found"
    assert told[0] == (
        f"There are no articles yet: {tmp_path / 'corpus'} {amiss} "
        "Add some at /articles or by python -m rag index FOLDER."
    )


def test_a_public_address_without_keys_is_refused_before_anything_slow(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match=r"Listening on 0\.0\.0\.0") as caught:
        serve(Settings(host="0.0.0.0", index_dir=tmp_path), pytest.fail)
    assert "keys create" in caught.value.hint


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(openai_base_url="http://127.0.0.1:1/v1"), "OPENAI_BASE_URL is set, but ISNAD_LLM_MODEL is not"),
        (Settings(openai_api_key="sk-secret"), "OPENAI_API_KEY is set, but ISNAD_LLM_MODEL is not"),
        (Settings(), ""),
    ],
)
def test_an_endpoint_without_a_model_is_told_at_the_start(tmp_path: Path, settings: Settings, told: str) -> None:
    said: list[str] = []
    with pytest.raises(AccessError):  # which ends the start right after
        serve(replace(settings, host="0.0.0.0", index_dir=tmp_path), said.append)
    assert [line[: len(told)] for line in said] == [told] * bool(told)
    assert "sk-secret" not in "".join(said)
