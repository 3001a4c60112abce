"""An encoder by its own rules: what sentence-transformers makes of a text is what is made of it here."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import pytest

from rag.encoding import placement
from rag.encoding.encoder import BY_SENTENCE, PassageText
from rag.encoding.loading import load_encoder
from rag.encoding.transformer_encoder import POOLING, TransformerEncoder
from rag.errors import EncoderError, SettingsError
from rag.settings import Settings
from tests.tiny_hub import changed, tiny_encoder, tiny_reader
from tests.tiny_weights import HIDDEN

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(
        importlib.util.find_spec("sentence_transformers") is None, reason="needs sentence-transformers, left out here"
    ),
]

PROMPTS = {"query": "query: ", "document": "passage: "}
FIRST = {"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}
LAST = {"pooling_mode_mean_tokens": False, "pooling_mode_lasttoken": True}
LARGEST = {"pooling_mode_mean_tokens": False, "pooling_mode_max_tokens": True}
UNPROMPTED = {"include_prompt": False}
TEXTS = ("the cat sat on the mat.", "where", "القط جلس على بيت", "dog ran away , cat ? mat")


@pytest.mark.parametrize("pooling", [{}, FIRST, LAST, LARGEST, UNPROMPTED, {**FIRST, **UNPROMPTED}], ids=str)
def test_a_vector_is_what_the_library_makes_of_the_text(tmp_path, pooling) -> None:
    encoder = TransformerEncoder.load(str(tiny_encoder(tmp_path / "model", PROMPTS, **pooling)))
    model: Any = encoder._model
    questions = model.encode(list(TEXTS), prompt_name="query")
    passages = model.encode(list(TEXTS), prompt_name="document")
    found = [encoder.encode_query(text).pooled for text in TEXTS]
    assert np.abs(np.array(found) - questions).max() < 1e-4
    found = [each.pooled for each in encoder.encode_passages([PassageText("", text) for text in TEXTS])]
    assert np.abs(np.array(found) - passages).max() < 1e-4


@pytest.mark.parametrize(
    ("pooling", "by_token"), [({}, True), (FIRST, False), (LAST, False), (LARGEST, False)], ids=str
)
def test_tokens_have_vectors_where_a_text_is_their_mean(tmp_path, pooling, by_token) -> None:
    told: list[str] = []
    encoder = TransformerEncoder.load(str(tiny_encoder(tmp_path / "model", PROMPTS, **pooling)), told.append)
    assert encoder.fingerprint.has_tokens is by_token
    assert encoder.fingerprint.pooling == (POOLING if by_token else BY_SENTENCE)
    assert any("late interaction is left out" in line for line in told) is not by_token
    (encoding,) = encoder.encode_passages([PassageText("the cat", TEXTS[0])])
    assert encoding.tokens.shape == (len(encoding.spans) if by_token else 0, HIDDEN)
    assert encoding.spans[encoding.spans[:, 1] > 0].tolist() == encoder.token_spans(TEXTS[0]).tolist()


def test_a_vector_of_fewer_dimensions(tmp_path) -> None:
    folder = str(tiny_encoder(tmp_path / "model", PROMPTS))
    whole, short = (load_encoder(Settings(encoder=folder, encoder_dimension=size)) for size in (0, 32))
    assert short.fingerprint.dimension == 32
    full, cut = (each.encode_query(TEXTS[0]) for each in (whole, short))
    assert cut.pooled == pytest.approx(full.pooled[:32] / np.linalg.norm(full.pooled[:32]), abs=1e-5)
    assert cut.tokens == pytest.approx(full.tokens[:, :32], abs=1e-5)


@pytest.mark.parametrize("dimension", [-1, HIDDEN + 1])
def test_a_dimension_that_the_model_does_not_have(tmp_path, dimension) -> None:
    folder = tiny_encoder(tmp_path / "model", PROMPTS)
    with pytest.raises(SettingsError, match=f"ISNAD_ENCODER_DIMENSION is {dimension}, and .* has {HIDDEN}"):
        load_encoder(Settings(encoder=str(folder), encoder_dimension=dimension))


@pytest.mark.parametrize(
    "name", ["LlamaForCausalLM", "BertForQuestionAnswering", "XLMRobertaForSequenceClassification"]
)
def test_a_model_of_another_kind_is_refused(tmp_path, name) -> None:
    folder = tiny_reader(tmp_path / "other")
    changed(folder / "config.json", architectures=[name])
    with pytest.raises(EncoderError, match=f"{name}, no encoder of texts"):
        load_encoder(Settings(encoder=str(folder)))


def test_pickled_weights_are_never_read(tmp_path) -> None:
    folder = tiny_encoder(tmp_path / "model")
    (folder / "2_Dense").mkdir()
    (folder / "2_Dense" / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(EncoderError, match="pickled weights only"):
        load_encoder(Settings(encoder=str(folder)))


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_a_backend_that_is_not_installed_is_told(tmp_path, backend, monkeypatch) -> None:
    monkeypatch.setattr(placement, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=f"ISNAD_BACKEND is {backend}") as caught:
        load_encoder(Settings(encoder=str(tiny_encoder(tmp_path / "model")), backend=backend))
    assert f"sentence-transformers[{backend}]" in caught.value.hint
