"""What cannot be a reranker is refused before anything is loaded, with the cure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from rag.encoding.placement import Placement
from rag.errors import EncoderError, SettingsError
from rag.reranker.cross_encoder import CrossEncoderReranker, load_reranker
from rag.settings import Settings

ONE, TWO = {"0": "LABEL_0"}, {"0": "no", "1": "yes"}


def folder_of(path: Path, config: Mapping[str, object], weights: str = "model.safetensors") -> str:
    path.mkdir()
    (path / "config.json").write_text(json.dumps(config), "utf-8")
    (path / weights).write_bytes(b"")
    return str(path)


@pytest.mark.parametrize(
    ("config", "weights", "told"),
    [
        ({"architectures": ["LlamaForCausalLM"]}, "model.safetensors", "it is LlamaForCausalLM"),
        ({"architectures": ["BertModel"]}, "model.safetensors", "it is BertModel"),
        ({}, "model.safetensors", "it is no model"),
        ({"architectures": ["BertForSequenceClassification"], "id2label": TWO}, "model.safetensors", "2 labels"),
        ({"architectures": ["BertForSequenceClassification"]}, "model.safetensors", "2 labels"),
        ({"architectures": ["BertForSequenceClassification"], "id2label": ONE}, "pytorch_model.bin", "pickled"),
    ],
    ids=["causal", "no head", "nothing", "two labels", "labels by default", "pickled"],
)
def test_a_model_of_another_kind_is_told(tmp_path: Path, config: dict[str, object], weights: str, told: str) -> None:
    with pytest.raises(EncoderError, match=told) as error:
        CrossEncoderReranker.load(folder_of(tmp_path / "model", config, weights), Placement())
    assert error.value.message.startswith("The reranker ")
    assert error.value.hint


def test_one_that_is_not_here_is_told_with_the_command_that_fetches_it() -> None:
    with pytest.raises(EncoderError) as error:
        load_reranker(Settings(reranker="nobody/nothing"))
    assert "python -m rag models fetch nobody/nothing" in error.value.hint


@pytest.mark.parametrize("most", [1, 0, -5])
def test_too_few_passages_to_rank_are_told(most: int) -> None:
    with pytest.raises(SettingsError, match="ISNAD_RERANK_PASSAGES"):
        load_reranker(Settings(reranker="any/model", rerank_passages=most))


def test_without_the_setting_there_is_none() -> None:
    assert load_reranker(Settings()) is None


@pytest.mark.torch
def test_weights_that_are_damaged_are_told(tmp_path: Path) -> None:
    config = {"architectures": ["BertForSequenceClassification"], "id2label": ONE, "model_type": "bert"}
    with pytest.raises(EncoderError, match="could not be loaded"):
        CrossEncoderReranker.load(folder_of(tmp_path / "model", config), Placement(device="cpu"))
