"""The bundled reader as a hub's graph of ONNX: it must mark what the bundled reader marks, in either precision."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.documents import Span
from rag.encoding import model_folders
from rag.encoding.bundled_encoder import open_session
from rag.encoding.bundled_graph import Precision, build_reading_graph
from rag.encoding.placement import Placement
from rag.errors import EncoderError, SettingsError
from rag.reader.bundled_reader import BundledReader
from rag.reader.loading import load_reader, require_reader
from rag.reader.transformer_reader import TransformerReader
from rag.reader.windows import Window
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.tiny_graphs import score_graph
from tests.tiny_hub import changed, tiny_head, tiny_reader
from tests.tiny_weights import tiny_tokenizer, tiny_weights
from training.hub_graphs import write_reader_graphs

TEXT = "the cat sat on the mat. the dog ran away."
ARABIC = "جلس القط على القطّ في بيتٍ ."
WINDOWS = (
    Window(TEXT, (Span(0, 23), Span(24, len(TEXT)))),
    Window("dog", (Span(0, 3),)),
    Window(ARABIC, (Span(0, len(ARABIC)),)),
    Window("cat  ran,\n\nmat?", (Span(0, 9), Span(11, 15))),
    Window("", (Span(0, 0),)),
)
PRECISIONS: dict[str, Precision] = {"onnx": "float32", "onnx-int8": "int8"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Without any weights but the graphs'."""
    made = tiny_reader(tmp_path_factory.mktemp("models") / "tiny-reader")
    write_reader_graphs(made, tiny_weights(), tiny_head())
    (made / "model.safetensors").unlink()
    return made


@pytest.fixture(scope="module", params=PRECISIONS)
def pair(request, folder, tmp_path_factory) -> tuple[TransformerReader, BundledReader]:
    path = tmp_path_factory.mktemp("bundled")
    (path / "model.onnx").write_bytes(build_reading_graph(tiny_weights(), PRECISIONS[request.param], tiny_head()))
    loaded = TransformerReader.load(str(folder), Placement("cpu", request.param))
    loaded._knows_absence = True  # whatever its random weights say of the probes
    return loaded, BundledReader(tiny_tokenizer(path), open_session(path / "model.onnx"))


@pytest.mark.parametrize("question", ["who sat on the mat ?", "where", "القط", "", "who " * 200])
def test_it_marks_what_the_bundled_reader_marks(pair, question) -> None:
    found, wanted = ([mark for marks in each.read(question, WINDOWS) for mark in marks] for each in pair)
    assert [mark and mark[:2] for mark in found] == [mark and mark[:2] for mark in wanted]
    margins = [[mark.margin for mark in marks if mark] for marks in (found, wanted)]
    assert margins[0] == pytest.approx(margins[1], abs=1e-4)


@pytest.mark.parametrize("backend", PRECISIONS)
def test_it_needs_nothing_but_what_the_default_has(folder, monkeypatch, backend) -> None:
    monkeypatch.setattr(model_folders, "find_spec", lambda name: None)
    told: list[str] = []
    settings = Settings(reader=str(folder), backend=backend)
    require_reader(settings)
    chosen = load_reader(settings, HashEncoder(), told.append)
    assert isinstance(chosen, TransformerReader)
    assert any("onnxruntime from model" in line for line in told)


def test_graphs_are_models_of_their_own(folder) -> None:
    whole, rounded = (TransformerReader.load(str(folder), Placement("cpu", each)).identity for each in PRECISIONS)
    assert whole.name == rounded.name == "tiny-reader"
    assert whole.sha256 != rounded.sha256


def test_without_a_graph_the_library_is_asked_for(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(model_folders, "find_spec", lambda name: None)
    with pytest.raises(EncoderError, match="needs sentence-transformers"):
        require_reader(Settings(reader=str(tiny_reader(tmp_path / "plain")), backend="onnx"))


def test_a_graph_without_a_head_is_told_at_the_start(tmp_path) -> None:
    folder = tiny_reader(tmp_path / "headless")
    score_graph(folder / "onnx" / "model.onnx", output="last_hidden_state")
    with pytest.raises(EncoderError, match="it gives last_hidden_state, and not end_logits") as caught:
        load_reader(Settings(reader=str(folder), backend="onnx"), HashEncoder())
    assert "Choose a reader" in caught.value.hint


def test_another_kind_of_model_is_told_before_its_graph_is_opened(folder, tmp_path) -> None:
    other = tiny_reader(tmp_path / "other")
    score_graph(other / "onnx" / "model.onnx")
    changed(other / "config.json", architectures=["BertForSequenceClassification"])
    with pytest.raises(EncoderError, match="BertForSequenceClassification, and a reader is"):
        require_reader(Settings(reader=str(other), backend="onnx"))


def test_no_gpu_is_promised(folder) -> None:
    with pytest.raises(SettingsError, match="runs on a processor"):
        load_reader(Settings(reader=str(folder), backend="onnx", device="cuda"), HashEncoder())
