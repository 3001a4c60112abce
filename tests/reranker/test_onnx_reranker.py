"""A cross-encoder's graph of ONNX as the reranker."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer

from rag.encoding import model_folders
from rag.errors import EncoderError
from rag.reranker.cross_encoder import load_reranker
from rag.settings import Settings
from tests.tiny_graphs import INPUTS, score_graph
from tests.tiny_hub import changed, tiny_reader

PASSAGES = ["the cat sat on the mat .", "the dog", "", "cat " * 400]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(model_folders, "find_spec", lambda name: None)  # nothing but what the default has
    made = tiny_reader(tmp_path / "tiny-reranker")
    (made / "model.safetensors").unlink()
    changed(made / "config.json", architectures=["BertForSequenceClassification"], id2label={"0": "LABEL_0"})
    score_graph(made / "onnx" / "model_quantized.onnx", (*INPUTS, "token_type_ids"))
    return made


def test_it_scores_each_pair_as_its_graph_does(folder) -> None:
    reranker = load_reranker(Settings(reranker=str(folder), backend="onnx-int8"))
    assert reranker is not None
    assert reranker.identity.name == "tiny-reranker"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(256)  # as many as the model has positions
    pairs = [tokenizer.encode("where", passage) for passage in PASSAGES]
    wanted = [np.mean(np.array(pair.ids) + 10 * np.array(pair.type_ids)) for pair in pairs]
    assert reranker.score("where", PASSAGES) == pytest.approx(np.array(wanted), rel=1e-5)
    assert reranker.score("where", []).shape == (0,)


def test_without_its_graph_the_library_is_asked_for(folder) -> None:
    with pytest.raises(EncoderError, match="needs sentence-transformers"):
        load_reranker(Settings(reranker=str(folder), backend="onnx"))


def test_two_labels_are_told(folder) -> None:
    changed(folder / "config.json", id2label={"0": "no", "1": "yes"})
    with pytest.raises(EncoderError, match="2 labels"):
        load_reranker(Settings(reranker=str(folder), backend="onnx-int8"))
