"""Models from the hub: looked up, fetched and then found without it; a hub on this machine stands in for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import constants

from rag.__main__ import main
from rag.encoding.fetching import chosen_models, download, look_up, wanted_extras
from rag.encoding.model_folders import ModelFolder
from rag.errors import EncoderError
from rag.settings import Settings
from tests.tiny_hub import TinyHub, tiny_reader

NAME = "some/tiny-reader"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TinyHub]:
    folder = tiny_reader(tmp_path / "repository")
    for name in ("pytorch_model.bin", "modeling.py", "README.md", "flax_model.msgpack"):
        (folder / name).write_text("not wanted")
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.onnx").write_bytes(b"graph")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    made = TinyHub(some__tiny_reader=folder)
    made.repositories = {NAME: folder}
    with made.open() as address:
        monkeypatch.setattr(constants, "ENDPOINT", address)
        monkeypatch.setattr(
            constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}"
        )
        monkeypatch.setattr("huggingface_hub.hf_api.api.endpoint", address)
        yield made


def test_a_model_is_told_of_before_it_is_fetched(hub) -> None:
    found = look_up(NAME)
    assert (found.name, found.licence) == (NAME, "mit")
    assert sorted(found.files) == ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]
    assert found.size == sum((hub.repositories[NAME] / file).stat().st_size for file in found.files)
    assert hub.served == []


def test_what_a_backend_wants_is_fetched_besides(hub) -> None:
    assert "onnx/model.onnx" in look_up(NAME, "onnx").files


def test_one_graph_is_fetched_with_its_weights_and_needs_no_safetensors(hub) -> None:
    graphs = hub.repositories[NAME] / "onnx"
    for name in ("model_int8.onnx", "model_quantized.onnx", "model_quantized.onnx_data"):
        (graphs / name).write_bytes(b"graph")
    (graphs.parent / "model.safetensors").unlink()
    folder = download(look_up(NAME, "onnx-int8"))
    fetched = {path.name for path in (folder / "onnx").iterdir()}
    assert fetched == {"model_quantized.onnx", "model_quantized.onnx_data"}


def test_what_was_fetched_is_found_without_a_network(hub, monkeypatch) -> None:
    folder = download(look_up(NAME))
    assert not {"pytorch_model.bin", "modeling.py"} & {*hub.served, *(each.name for each in folder.iterdir())}
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("rag.encoding.model_folders.find_spec", lambda name: True)
    found = ModelFolder.find("ISNAD_READER", NAME)
    assert found.path == folder
    assert found.short_name == "tiny-reader"
    found.require_safe()
    found.require_head("ForQuestionAnswering", "one")
    assert len(found.identity().sha256) == 64


@pytest.mark.parametrize(
    ("harm", "message", "cure"),
    [
        (lambda hub, patch: hub.repositories.clear(), f"The hub has no model {NAME}", "Check the name"),
        (lambda hub, patch: setattr(hub, "gated", True), "accept its terms", "HF_TOKEN"),
        (lambda hub, patch: patch.setattr(constants, "HF_HUB_OFFLINE", True), "HF_HUB_OFFLINE is set", "Unset it"),
        (lambda hub, patch: (hub.repositories[NAME] / "model.safetensors").unlink(), "no safetensors", "another"),
        (
            lambda hub, patch: patch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9"),
            "could not be fetched",
            "network",
        ),
    ],
    ids=["unknown", "gated", "offline", "pickled", "no hub"],
)
def test_what_cannot_be_fetched_is_told_with_its_cure(hub, monkeypatch, harm, message, cure) -> None:
    harm(hub, monkeypatch)
    with pytest.raises(EncoderError, match=message) as caught:
        download(look_up(NAME))
    assert cure in caught.value.hint


def test_the_command_fetches_what_the_settings_name(hub, monkeypatch, capsys) -> None:
    monkeypatch.setenv("ISNAD_READER", NAME)
    assert main(["models", "fetch"]) == 0
    told = capsys.readouterr().out
    assert f"{NAME}: " in told
    assert " MB in 4 files, licence: mit" in told
    assert "HF_HUB_OFFLINE=1" in told
    assert "model.safetensors" in hub.served


def test_the_command_fetches_what_is_named_and_no_licence_is_told(hub, capsys) -> None:
    hub.licence = None
    assert main(["models", "fetch", NAME]) == 0
    assert "no licence named" in capsys.readouterr().out


def test_nothing_is_fetched_for_the_bundled_models_or_a_folder(hub, monkeypatch, capsys, tmp_path) -> None:
    monkeypatch.setenv("ISNAD_READER", str(tmp_path))
    assert main(["models", "fetch"]) == 0
    assert "Nothing to fetch" in capsys.readouterr().err
    assert hub.served == []


TORCH = ("torch", "ISNAD_READER is any/reader, which runs on PyTorch")
QDRANT = ("qdrant", "ISNAD_QDRANT_URL is http://q:6333")


@pytest.mark.parametrize(
    ("chosen", "extras"),
    [
        ({}, []),
        ({"reader": ""}, []),
        ({"reader": "any/reader"}, [TORCH]),
        ({"encoder": "any/encoder"}, [("torch", "ISNAD_ENCODER is any/encoder, which runs on PyTorch")]),
        ({"reader": "any/reader", "qdrant_url": "http://q:6333"}, [TORCH, QDRANT]),
    ],
)
def test_the_settings_say_what_must_be_installed(chosen, extras, capsys, monkeypatch) -> None:
    assert wanted_extras(Settings(**chosen)) == extras
    for name, value in chosen.items():
        monkeypatch.setenv(f"ISNAD_{name.upper()}", value)
    assert main(["models", "needs"]) == 0
    assert capsys.readouterr().out == "".join(f"{extra} {why}\n" for extra, why in extras)


def test_a_graph_needs_nothing_more_installed(tmp_path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"")
    named = Settings(reader=str(tmp_path), reranker=str(tmp_path))
    assert [extra for extra, _ in wanted_extras(named)] == ["torch"]
    assert wanted_extras(replace(named, backend="onnx")) == []
    assert [extra for extra, _ in wanted_extras(Settings(encoder=str(tmp_path), backend="onnx"))] == ["torch"]


def test_only_what_is_neither_bundled_nor_empty_is_chosen() -> None:
    assert chosen_models(Settings()) == {}
    assert chosen_models(Settings(encoder="a/b", reader="c")) == {"ISNAD_ENCODER": "a/b", "ISNAD_READER": "c"}
