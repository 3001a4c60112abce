"""Each check in health and in each of its ailments, by the cure it names."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
from dataclasses import replace

import pytest

from rag.__main__ import main
from rag.answering import models
from rag.answering.models import LoadedModels
from rag.commands import doctor, model_checks
from rag.commands.finding import Finding
from rag.errors import EncoderError, SettingsError
from rag.index import engines
from rag.index.faiss_engine import FAISS
from rag.ingestion.indexing import index_articles
from rag.retrieval.calibration import Calibration
from rag.retrieval.chance import Chance
from rag.store.schema import STORE_NAME
from tests.engines import qdrant_engine
from tests.fakes import FixedScorer, HashEncoder
from tests.faulty_endpoint import running


@pytest.fixture
def encoder(monkeypatch):
    monkeypatch.setattr(doctor, "load_encoder", lambda settings: HashEncoder())


@pytest.fixture
def corpus(settings):
    settings.corpus_dir.mkdir()
    (settings.corpus_dir / "one.txt").write_text("A staff was formed. It has four members.", encoding="utf-8")
    return settings.corpus_dir


def only(findings):
    (finding,) = findings
    return finding


def test_a_healthy_index_is_counted(settings, corpus, encoder):
    index_articles([corpus], index_dir=settings.index_dir, encoder=HashEncoder())
    found = list(doctor.check_encoder(settings))
    assert [finding.state for finding in found] == ["ok", "ok"]
    assert found[0].message.startswith("hash, ")
    assert found[1].message == "1 articles, 1 passages, generation 1"


def test_no_index_yet(settings, encoder):
    _, index = doctor.check_encoder(settings)
    assert (index.check, index.state) == ("index", "problem")
    assert "python -m rag index" in index.cure


def test_an_index_of_another_encoder(settings, corpus, encoder):
    index_articles([corpus], index_dir=settings.index_dir, encoder=HashEncoder(name="other"))
    _, index = doctor.check_encoder(settings)
    assert index.state == "problem"
    assert "--rebuild" in index.cure


def test_an_encoder_that_cannot_be_loaded_stops_short_of_the_index(settings, monkeypatch):
    def fail(settings):
        raise EncoderError("The wheel is missing.", "Set ISNAD_ENCODER.")

    monkeypatch.setattr(doctor, "load_encoder", fail)
    found = only(doctor.check_encoder(settings))
    assert found == Finding("encoder", "problem", "The wheel is missing.", "Set ISNAD_ENCODER.")


def test_unusable_settings_stop_everything_else():
    def fail():
        raise SettingsError("Unknown setting ISNAD_X.", "Did you mean ISNAD_Y?")

    program, settings = doctor.examine(fail)
    assert program.state == "ok"
    assert (settings.check, settings.state, settings.cure) == ("settings", "problem", "Did you mean ISNAD_Y?")


def test_secrets_are_named_but_never_shown(settings, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "very-secret")
    found = only(doctor.check_settings(settings))
    assert "OPENAI_API_KEY" in found.message
    assert "very-secret" not in found.message


def test_a_folder_that_is_a_file(settings, tmp_path):
    (tmp_path / "file").touch()
    index, _ = doctor.check_disk(replace(settings, index_dir=tmp_path / "file" / "index"))
    assert (index.state, index.cure) == ("problem", "Remove it or name another folder.")


def test_a_folder_that_cannot_be_written_to(settings, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert [finding.state for finding in doctor.check_disk(settings)] == ["problem", "problem"]


def test_a_folder_that_may_not_be_entered_does_not_end_the_examination(settings, encoder, monkeypatch):
    def check_disk(settings):
        raise PermissionError(13, "Permission denied", "/x/index")

    monkeypatch.setattr(doctor, "check_disk", check_disk)
    found = {finding.check: finding for finding in doctor.examine(lambda: settings)}
    assert (found["disk"].state, found["disk"].message) == ("problem", "Permission denied: /x/index.")
    assert found["disk"].cure.startswith("Check the disk and the folder's permissions")
    assert found["port"].state


def test_a_disk_that_is_nearly_full(settings, monkeypatch):
    usage = type("Usage", (), {"free": 10 * 2**20})
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    index, cache = doctor.check_disk(settings)
    assert (index.state, cache.state) == ("warning", "warning")
    assert "only 10 MB free" in index.message


def test_faiss_is_told_of(settings):
    found = only(doctor.check_engine(settings))
    assert (found.check, found.state, found.message) == ("search", "ok", "FAISS, on this machine")


def test_a_qdrant_that_is_not_there(settings):
    pytest.importorskip("qdrant_client", reason="needs the package qdrant-client")
    given = replace(settings, qdrant_url="http://127.0.0.1:9", qdrant_api_key="very-secret")
    found = only(doctor.check_engine(given))
    assert (found.check, found.state) == ("search", "problem")
    assert found.message.startswith("Qdrant at http://127.0.0.1:9 does not answer")
    assert "ISNAD_QDRANT_URL" in found.cure
    assert "very-secret" not in str(found)


@pytest.mark.parametrize(
    ("url", "states"),
    [
        ("http://qdrant.example:6333", ["ok", "warning"]),
        ("https://qdrant.example:6333", ["ok"]),
        ("http://127.0.0.1:6333", ["ok"]),
    ],
)
def test_a_key_that_is_sent_in_the_clear(settings, monkeypatch, url, states):
    monkeypatch.setattr(engines, "load_engine", lambda settings: FAISS)
    given = replace(settings, qdrant_url=url, qdrant_api_key="very-secret")
    assert [finding.state for finding in doctor.check_engine(given)] == states


def test_a_search_engine_that_lost_passages(settings, corpus, encoder, monkeypatch):
    engine = qdrant_engine()
    monkeypatch.setattr(engines, "load_engine", lambda settings: engine)
    index_articles([corpus], index_dir=settings.index_dir, encoder=HashEncoder(), engine=engine)
    assert list(doctor.check_encoder(settings))[1].state == "ok"
    client = engine._server._client
    client.delete(client.get_collections().collections[0].name, points_selector=[1])
    index = list(doctor.check_encoder(settings))[1]
    assert (index.state, index.cure) == ("problem", "Run: python -m rag index")


@pytest.mark.parametrize(("make", "state"), [(False, "warning"), (True, "warning")])
def test_a_corpus_that_is_missing_or_empty(settings, make, state):
    if make:
        settings.corpus_dir.mkdir()
    found = only(doctor.check_corpus(settings))
    assert (found.state, bool(found.cure)) == (state, True)


def test_a_corpus_that_is_there(settings, corpus):
    assert only(doctor.check_corpus(settings)).state == "ok"


def test_a_port_in_use_and_a_free_one(settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = replace(settings, port=server.getsockname()[1])
        found = only(doctor.check_port(taken))
        assert found.state == "warning"
        assert "ISNAD_PORT" in found.cure
    assert only(doctor.check_port(taken)).state == "ok"


def test_an_address_that_is_not_this_machines(settings):
    assert only(doctor.check_port(replace(settings, host="192.0.2.1"))).state == "warning"


@pytest.fixture(scope="module")
def endpoint():
    """A model endpoint on loopback, one case a model name, which lists the model ``good``."""
    with running() as server:
        yield server


def test_no_endpoint_is_no_ailment(settings):
    assert only(doctor.check_endpoint(settings)).state == "ok"


@pytest.mark.parametrize("model", ["good", "plain_options", "whole", "length", "openai_budget", "gemma_system"])
def test_an_endpoint_that_completes_a_few_words(settings, endpoint, model):
    found = only(doctor.check_endpoint(replace(settings, openai_base_url=endpoint.url, llm_model=model)))
    assert found.state == "ok"
    assert found.message.startswith(f"{endpoint.url} answers with {model}, ")
    assert endpoint.requests[-1]["messages"][-1]["content"].startswith("Answer with one word")


@pytest.mark.parametrize(
    ("model", "message", "cure"),
    [
        ("unknown_model", "The model's endpoint does not know the model.", "It lists: good. Set ISNAD_LLM_MODEL to"),
        ("wrong_key", "The model's endpoint refused the key.", "Check OPENAI_API_KEY."),
        ("openrouter_402", "The account at the model's endpoint has no credit left.", ""),
        ("html_200", "The model's endpoint sent a page instead of an answer.", "Check OPENAI_BASE_URL; it usually"),
        ("whole_list", "The endpoint's reply is not in OpenAI's format.", ""),
        ("server_error", "The model's endpoint failed.", ""),
        ("empty_content", "The model gave an empty answer.", ""),
    ],
)
def test_an_endpoint_that_does_not(settings, endpoint, model, message, cure):
    found = only(doctor.check_endpoint(replace(settings, openai_base_url=endpoint.url, llm_model=model)))
    assert (found.state, found.message) == ("problem", f"{endpoint.url}: {message}")
    assert found.cure.startswith(cure)
    assert bool(found.cure) is bool(cure)


@pytest.mark.parametrize(
    ("given", "state", "message", "cure"),
    [
        ({"openai_base_url": "http://127.0.0.1:1/v1"}, "warning", "OPENAI_BASE_URL is set, but ISNAD_LLM_MODEL", "Set"),
        ({"openai_api_key": "sk-secret"}, "warning", "OPENAI_API_KEY is set, but ISNAD_LLM_MODEL is not", "Set ISNAD"),
        (
            {"llm_model": "tiny"},
            "problem",
            "ISNAD_LLM_MODEL is 'tiny', but there is no endpoint",
            "Set OPENAI_BASE_URL",
        ),
    ],
)
def test_half_a_model_is_told_with_its_cure(settings, given, state, message, cure):
    found = only(doctor.check_endpoint(replace(settings, **given)))
    assert found.state == state
    assert found.message.startswith(message)
    assert found.cure.startswith(cure)
    assert "sk-secret" not in str(found)


def test_an_endpoint_that_is_not_there(settings):
    found = only(doctor.check_endpoint(replace(settings, openai_base_url="http://127.0.0.1:9/v1", llm_model="tiny")))
    assert (found.state, found.message) == (
        "problem",
        "http://127.0.0.1:9/v1: The model's endpoint cannot be reached.",
    )


def test_an_address_that_answers_no_call(settings):
    azure = replace(settings, openai_base_url="https://x.openai.azure.com", llm_model="gpt")
    found = only(doctor.check_endpoint(azure))
    assert (found.state, found.cure) == ("problem", "Set it to https://x.openai.azure.com/openai/v1")


def flip(path, place):
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)
        file.seek(place)
        file.write(bytes([byte[0] ^ 0xFF]))


def test_a_damaged_generation_is_found_and_mended(settings, corpus, encoder):
    index_articles([corpus], index_dir=settings.index_dir, encoder=HashEncoder())
    vectors = max(settings.index_dir.glob("generations/*/*"), key=lambda path: path.stat().st_size)
    flip(vectors, vectors.stat().st_size // 2)
    _, index = doctor.check_encoder(settings)
    assert (index.state, index.cure) == ("problem", "Run: python -m rag doctor --repair")
    assert index.message.endswith(".")
    assert not index.message.endswith("..")
    assert only(doctor.mend(settings)).message == "the store is sound; generation 2 serves"
    assert list(doctor.check_encoder(settings))[1].state == "ok"


def test_a_damaged_store_gives_up_what_it_still_holds(settings, corpus, encoder):
    for name in ("two", "three"):
        (corpus / f"{name}.txt").write_text(f"Another staff, number {name}, was formed. " * 40, encoding="utf-8")
    index_articles([corpus], index_dir=settings.index_dir, encoder=HashEncoder())
    store = settings.index_dir / STORE_NAME
    flip(store, store.read_bytes().rindex(b"Another staff, number two"))
    assert list(doctor.check_encoder(settings))[1].state == "problem"
    mended = only(doctor.mend(settings))
    assert (mended.state, mended.cure) == ("warning", "Read the lost ones again: python -m rag index")
    assert list(doctor.check_encoder(settings))[1].state == "ok"


def test_mending_without_a_store(settings):
    found = only(doctor.mend(settings))
    assert (found.check, found.state) == ("repair", "problem")


def test_the_command_lists_findings_and_fails_when_something_is_wrong(settings, encoder, monkeypatch, capsys):
    monkeypatch.setenv("ISNAD_INDEX_DIR", str(settings.index_dir))
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "problem index        There is no index in" in said
    assert main(["doctor", "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)
    assert {finding["check"] for finding in findings} >= {"settings", "encoder", "index", "endpoint", "port"}


def test_models_as_shipped_and_models_of_which_nothing_was_learnt(settings, monkeypatch):
    given = replace(settings, reading=False)
    monkeypatch.setattr(model_checks, "load_encoder", lambda settings: HashEncoder(384, "multilingual-e5-small"))
    assert only(model_checks.check_models(given)) == Finding("calibration", "ok", "as shipped with the bundled models")
    monkeypatch.setattr(model_checks, "load_encoder", lambda settings: HashEncoder())
    found = only(model_checks.check_models(given))
    assert (found.state, found.message.split(":")[0]) == ("warning", "Nothing was learnt for hash")
    assert "python -m rag calibrate" in found.cure


def test_late_interaction_that_was_left_out_is_told(settings, monkeypatch):
    monkeypatch.setattr(model_checks, "load_encoder", lambda settings: HashEncoder())
    given, named = replace(settings, reading=False), LoadedModels(HashEncoder()).named
    shipped = Calibration.shipped(named, Chance())
    fusion = replace(shipped.fusion, by_token=False)
    replace(shipped, fusion=fusion, origin="learnt", sets=("mine",)).save(given.index_dir, named)
    told, _ = model_checks.check_models(given)
    assert told == Finding("late interaction", "ok", "brings nothing with hash on mine: left out")


def test_a_reranker_is_told_with_its_wait_and_one_that_fails_with_its_cure(settings, monkeypatch):
    monkeypatch.setattr(model_checks, "load_encoder", lambda settings: HashEncoder())
    monkeypatch.setattr(models, "load_reranker", lambda settings, report: FixedScorer({}))
    reranker, _ = model_checks.check_models(replace(settings, reading=False, rerank_passages=7))
    assert re.fullmatch(r"fixed, \d+ ms more a question \(7 passages\)", reranker.message)
    monkeypatch.undo()
    monkeypatch.setattr(model_checks, "load_encoder", lambda settings: HashEncoder())
    failed = only(model_checks.check_models(replace(settings, reading=False, reranker="nobody/nothing")))
    assert (failed.state, "models fetch" in failed.cure) == ("problem", True)
