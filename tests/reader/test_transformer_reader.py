"""Any question answering model: the bundled reader's form of one must mark what the bundled reader marks."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rag.documents import Span
from rag.encoding.bundled_encoder import open_session
from rag.encoding.bundled_graph import build_reading_graph
from rag.encoding.placement import Placement
from rag.errors import EncoderError, SettingsError
from rag.reader.bundled_reader import BundledReader
from rag.reader.loading import load_reader, require_reader
from rag.reader.spans import best_span
from rag.reader.transformer_reader import TransformerReader, _rivals
from rag.reader.windows import AnswerReader, Marked, Window
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.tiny_hub import changed, tiny_encoder, tiny_head, tiny_reader
from tests.tiny_weights import tiny_tokenizer, tiny_weights

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(
        importlib.util.find_spec("sentence_transformers") is None, reason="needs sentence-transformers, left out here"
    ),
]

TEXT = "the cat sat on the mat. the dog ran away."
SENTENCES = (Span(0, 23), Span(24, len(TEXT)))
WINDOW = Window(TEXT, SENTENCES)
ARABIC = "جلس القط على القطّ في بيتٍ ."
QUESTIONS = ("who sat on the mat ?", "where", "القط", "", "who " * 200)
WINDOWS = (
    WINDOW,
    Window("dog", (Span(0, 3),)),
    Window(ARABIC, (Span(0, len(ARABIC)),)),
    Window("cat  ran,\n\nmat?", (Span(0, 9), Span(11, 15))),
    Window("", (Span(0, 0),)),
    Window("  ", (Span(0, 2),)),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_reader(tmp_path_factory.mktemp("models") / "tiny-reader")


@pytest.fixture(scope="module")
def reader(folder: Path) -> TransformerReader:
    loaded = TransformerReader.load(str(folder), Placement("cpu"))
    loaded._knows_absence = True  # whatever its random weights say of the probes
    return loaded


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> BundledReader:
    folder = tmp_path_factory.mktemp("bundled")
    (folder / "model.onnx").write_bytes(build_reading_graph(tiny_weights(), "float32", tiny_head()))
    return BundledReader(tiny_tokenizer(folder), open_session(folder / "model.onnx"))


def marks_of(reader: AnswerReader, question: str, *windows: Window) -> list[tuple[int, int] | None]:
    found = reader.read(question, windows)
    return [(mark.start, mark.end) if mark else None for marks in found for mark in marks]


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_marks_what_the_bundled_reader_marks(reader, bundled, question) -> None:
    assert marks_of(reader, question, *WINDOWS) == marks_of(bundled, question, *WINDOWS)
    for one, other in zip(reader.read(question, WINDOWS), bundled.read(question, WINDOWS), strict=True):
        margins = [[mark.margin for mark in marks if mark] for marks in (one, other)]
        assert margins[0] == pytest.approx(margins[1], abs=1e-2)  # of logits around ten, in float32


def test_a_window_is_read_alike_in_any_company(reader) -> None:
    together = reader.read("who", [*WINDOWS] * 3)
    alone = [reader.read("who", [window])[0] for window in WINDOWS]
    for one, other in zip(together, alone * 3, strict=True):
        assert [mark and mark[:2] for mark in one] == [mark and mark[:2] for mark in other]


def test_nothing_to_read(reader) -> None:
    assert reader.read("who", []) == []


def test_a_long_text_is_read_to_its_end(reader) -> None:
    text = "the cat sat on the mat . " * 120 + "the dog ran away ."
    last = Span(len(text) - 18, len(text))
    ((first, mark),) = reader.read("who ran away", [Window(text, (Span(0, 23), last))])
    assert first is not None
    assert mark is not None
    assert last.start <= mark.start < mark.end <= last.end


def test_without_a_score_of_absence_a_margin_is_the_odds_among_words(folder) -> None:
    plain = TransformerReader.load(str(folder), Placement("cpu"))
    plain._knows_absence = False
    ((first, second),) = plain.read("who", [WINDOW])
    assert first is not None
    assert second is not None
    assert (first.margin > 0) + (second.margin > 0) <= 1  # not both can be likelier than all else


def test_the_odds_against_all_other_words() -> None:
    logits = np.random.default_rng(0).standard_normal((7, 2)).astype(np.float32)
    odds = np.exp(logits[:, 0][:, None].astype(float) + logits[:, 1])
    best = best_span(logits, 0, 7)
    mine = np.exp(best.score)
    assert best.score - _rivals(logits, best.score) == pytest.approx(np.log(mine / (odds.sum() - mine)), abs=1e-4)


@pytest.mark.parametrize("tells", [True, False])
def test_whether_it_knows_absence_is_found_out_and_told(folder, monkeypatch, tells) -> None:
    told: list[str] = []
    monkeypatch.setattr(TransformerReader, "_tells_absence", lambda *_: tells)
    assert TransformerReader.load(str(folder), Placement("cpu"), told.append)._knows_absence is tells
    assert any("without an answer" in line for line in told) is not tells


def test_it_is_chosen_by_a_setting_beside_any_encoder(folder) -> None:
    chosen = load_reader(Settings(reader=str(folder), device="cpu"), HashEncoder())
    assert isinstance(chosen, TransformerReader)
    assert chosen.identity.name == "tiny-reader"
    assert len(chosen.identity.sha256) == 64
    assert marks_of(chosen, "who", WINDOW) == marks_of(TransformerReader.load(str(folder), Placement()), "who", WINDOW)


def test_vowel_signs_after_the_last_letter_are_its_own(reader) -> None:
    marks = [mark for mark in reader.read("القط", [WINDOWS[2]])[0] if mark]
    assert all(not _is_sign(ARABIC[mark.end : mark.end + 1]) for mark in marks)


def _is_sign(character: str) -> bool:
    return "\u064b" <= character <= "\u0652"


# -- what cannot serve -------------------------------------------------------------------------------------------


def remove(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def without_head(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    path = folder / "model.safetensors"
    kept = {name: values for name, values in load_file(path).items() if not name.startswith("qa_outputs")}
    path.unlink()
    save_file(kept, path, metadata={"format": "pt"})


def cut_off(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-9])


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def half_sharded(folder: Path) -> None:
    index = {"weight_map": {"a": "model.safetensors", "b": "model-2.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


@pytest.mark.parametrize(
    ("harm", "message", "cure"),
    [
        (
            lambda folder: changed(folder / "config.json", architectures=["LlamaForCausalLM"]),
            "LlamaForCausalLM",
            "unset",
        ),
        (lambda folder: changed(folder / "config.json", architectures=["BertModel"]), "BertModel", "ISNAD_READER"),
        (lambda folder: changed(folder / "config.json", architectures=None), "no model that config", "ISNAD_READER"),
        (remove("config.json"), "no model that config.json names", "ISNAD_READER"),
        (lambda folder: (folder / "config.json").write_text("{"), "config.json cannot be read", "models fetch"),
        (lambda folder: changed(folder / "config.json", model_type="none-such"), "none-such", "ISNAD_READER"),
        (remove("model.safetensors"), "safetensors", "models fetch"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"\0" * 99), "", "models fetch"),
        (pickled, "pickled weights only", "safetensors"),
        (half_sharded, "model-2.safetensors is missing", "models fetch"),
        (without_head, "lack qa_outputs", "no head"),
        (remove("tokenizer.json"), "", "ISNAD_READER"),
    ],
)
def test_what_cannot_serve_is_told_with_its_cure(folder, tmp_path, harm, message, cure) -> None:
    broken = tmp_path / "broken-reader"
    broken.mkdir()
    for path in folder.iterdir():
        (broken / path.name).write_bytes(path.read_bytes())
    harm(broken)
    with pytest.raises(EncoderError, match="broken-reader could not be loaded") as caught:
        load_reader(Settings(reader=str(broken), device="cpu"), HashEncoder())
    assert message in caught.value.message
    assert cure in f"{caught.value}"


def test_a_tokenizer_without_offsets_is_refused(folder, monkeypatch) -> None:
    import transformers

    slow = type("Slow", (), {"is_fast": False})()
    monkeypatch.setattr(transformers.AutoTokenizer, "from_pretrained", lambda *args, **options: slow)
    with pytest.raises(EncoderError, match="no fast tokenizer") as caught:
        TransformerReader.load(str(folder), Placement("cpu"))
    assert "tokenizer.json" in caught.value.hint


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (MemoryError(), "not enough memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), "not enough memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "not enough memory"),
        (ValueError("Loading it requires you to execute the file; set `trust_remote_code=True`"), "code of its own"),
    ],
)
def test_too_little_memory_and_foreign_code_are_told(folder, monkeypatch, error, message) -> None:
    def fail(*args: object, **options: object) -> None:
        raise error

    monkeypatch.setattr("rag.reader.transformer_reader._loaded", fail)
    with pytest.raises(EncoderError, match=message):
        TransformerReader.load(str(folder), Placement("cpu"))


@pytest.mark.parametrize("name", ["no-such-owner/no-such-model", "/no/such/folder", "no such name"])
def test_what_is_not_here_is_told_before_anything_is_loaded(name) -> None:
    with pytest.raises(EncoderError, match="not on this machine") as caught:
        require_reader(Settings(reader=name))
    assert "models fetch" in caught.value.hint
    require_reader(Settings(reader=name, reading=False))


@pytest.mark.parametrize(
    ("harm", "message", "cure"),
    [
        (remove("model.safetensors"), "it has no weights", "Copy its files again"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"\0" * 99), "model.safetensors cannot", "Copy"),
        (cut_off, "model.safetensors cannot be read", "Copy its files again"),
        (lambda folder: (folder / "model.safetensors.index.json").write_text("[]"), "index.json cannot be", "Copy"),
        (remove("tokenizer.json"), "it has no tokenizer", "tokenizer.json"),
        (lambda folder: changed(folder / "config.json", architectures=7), "no model that config", "ISNAD_READER"),
    ],
)
def test_what_a_copy_lacks_is_told_before_anything_is_indexed(folder, tmp_path, harm, message, cure) -> None:
    shutil.copytree(folder, broken := tmp_path / "broken-reader")
    harm(broken)
    with pytest.raises(EncoderError, match=message) as caught:
        require_reader(Settings(reader=str(broken)))
    assert cure in caught.value.hint


def test_an_encoder_is_no_reader(tmp_path) -> None:
    with pytest.raises(EncoderError, match="BertModel, and a reader is a model …ForQuestionAnswering"):
        require_reader(Settings(reader=str(tiny_encoder(tmp_path / "encoder"))))


@pytest.mark.parametrize("setting", [{"device": "gpu"}, {"backend": "tensorflow"}])
def test_words_that_name_no_place_are_refused(folder, setting) -> None:
    with pytest.raises(SettingsError, match=next(iter(setting.values()))):
        load_reader(Settings(reader=str(folder), **setting), HashEncoder())


def test_a_gpu_that_is_not_there_is_told(folder, monkeypatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(SettingsError, match="PyTorch sees no GPU"):
        load_reader(Settings(reader=str(folder), device="cuda"), HashEncoder())


def test_a_mark_lies_within_its_sentence(reader) -> None:
    for window in WINDOWS:
        for mark, sentence in zip(reader.read("who", [window])[0], window.sentences, strict=True):
            assert mark is None or isinstance(mark, Marked)
            assert mark is None or sentence.start <= mark.start < mark.end <= sentence.end
