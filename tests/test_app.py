"""The composition root: the application built whole, the corpus indexed when there is no index, clear ends."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import app as root
from rag.errors import AccessError, CorpusError
from rag.settings import Settings
from tests.fake_assistant import FakeAssistant
from tests.fakes import HashEncoder


async def build(settings: Settings) -> TestClient:
    return TestClient(root.build_app(settings, FakeAssistant()), base_url="http://localhost")


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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "dam.md").write_text("---\ntitle: Dam\n---\nThe dam opened on Monday. It feeds two towns.")
    (corpus / "broken.json").write_text("{")
    monkeypatch.setattr("rag.encoding.encoder.load_encoder", lambda settings, report: HashEncoder())
    settings = Settings(corpus_dir=corpus, index_dir=tmp_path / "index")

    assert root.load_assistant(settings).status()["articles"] == 1
    told = capsys.readouterr().err
    assert "There is no index yet" in told
    assert "done: 2 of 2 files, 1 articles" in told
    assert "Not read: corpus/broken.json: It is not valid JSON" in told

    assert root.load_assistant(settings).status()["generation"] == 1  # the second start reads nothing again
    assert capsys.readouterr().err == ""


def test_a_missing_corpus_is_told_with_its_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.encoding.encoder.load_encoder", lambda settings, report: HashEncoder())

    with pytest.raises(CorpusError) as caught:
        root.load_assistant(Settings(corpus_dir=tmp_path / "none", index_dir=tmp_path / "index"))
    assert caught.value.hint


def test_a_public_address_without_keys_is_refused_before_anything_slow(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match=r"Listening on 0\.0\.0\.0") as caught:
        root.serve(Settings(host="0.0.0.0", index_dir=tmp_path))
    assert "keys create" in caught.value.hint


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(openai_base_url="http://127.0.0.1:1/v1"), "OPENAI_BASE_URL is set, but ISNAD_LLM_MODEL is not"),
        (Settings(openai_api_key="sk-secret"), "OPENAI_API_KEY is set, but ISNAD_LLM_MODEL is not"),
        (Settings(), ""),
    ],
)
def test_an_endpoint_without_a_model_is_told_at_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Settings, told: str
) -> None:
    with pytest.raises(AccessError):  # which ends the start right after
        root.serve(replace(settings, host="0.0.0.0", index_dir=tmp_path))
    said = capsys.readouterr().err
    assert said.startswith(told)
    assert bool(said) is bool(told)
    assert "sk-secret" not in said


def test_an_interrupt_while_starting_leaves_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(settings: Settings) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(root, "serve", interrupted)

    assert root.main() == 130
    assert capsys.readouterr().err == "Interrupted.\n"


def test_a_folder_that_may_not_be_entered_is_told_with_its_cure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def locked(settings: Settings) -> None:
        raise PermissionError(13, "Permission denied", "/x/manifest.json")

    monkeypatch.setattr(root, "serve", locked)

    assert root.main() == 2
    told = capsys.readouterr().err
    assert told.startswith("Error: Permission denied: /x/manifest.json. Check the disk and the folder's permissions")


@pytest.mark.parametrize("name", ["ISNAD_PROT", "ISNAD_PORT"])
def test_wrong_settings_end_with_two_and_no_traceback(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, "x")

    assert root.main() == 2
    told = capsys.readouterr().err
    assert told.startswith("Error: ")
    assert name in told
    assert "Traceback" not in told


def test_an_argument_is_refused_rather_than_ignored(capsys: pytest.CaptureFixture[str]) -> None:
    assert root.main(["--port", "8000"]) == 2
    told = capsys.readouterr().err
    assert "--port 8000" in told
    assert "ISNAD_PORT" in told
