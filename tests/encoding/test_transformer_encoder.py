"""Encoders that sentence-transformers loads: a folder made from the bundled weights must equal the bundled encoder."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from rag.encoding import transformer_encoder
from rag.encoding.bundled_encoder import BundledEncoder
from rag.encoding.encoder import Encoding, PassageText
from rag.encoding.loading import load_encoder
from rag.encoding.model_folders import ModelFolder
from rag.encoding.prefixes import prefixes_of
from rag.encoding.transformer_encoder import TITLE_TOKENS, TransformerEncoder
from rag.errors import EncoderError
from rag.settings import Settings
from tests.bundled import LANGUAGES, corpus_texts, cosines, exact_encoder, needs_wheel, unvocalised
from tests.model_folder import write_model_folder

QUESTIONS = (
    "which countries formed the joint staff?",
    "متى أنشئت هيئة الأركان المشتركة؟",
    "Qui a invité le président malien ?",
    "so…  ½ ﷺ x\u00a0y",
    "؟",
)

installed = pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None, reason="needs sentence-transformers"
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The bundled weights as a local sentence-transformers model; removed again, for it is half a gigabyte."""
    needs_wheel()
    with tempfile.TemporaryDirectory() as parent:
        yield write_model_folder(Path(parent) / "local-e5-small")


@pytest.fixture(scope="module")
def encoder(folder: Path) -> TransformerEncoder:
    return TransformerEncoder.load(str(folder))


@pytest.fixture(scope="module")
def exact() -> BundledEncoder:
    return exact_encoder()


def assert_alike(found: Encoding, wanted: Encoding) -> None:
    assert found.spans.tolist() == wanted.spans.tolist()
    assert found.pooled.shape == wanted.pooled.shape
    assert cosines(found.pooled, wanted.pooled) > 0.999
    assert found.tokens.shape == wanted.tokens.shape
    assert (cosines(found.tokens, wanted.tokens) > 0.999).all()
    assert (found.weights > 0).tolist() == (wanted.weights > 0).tolist()
    assert found.pooled.dtype == found.tokens.dtype == found.weights.dtype == np.float32
    assert found.spans.dtype == np.int32


# -- the same model, loaded the other way ------------------------------------------------------------------------


@installed
@pytest.mark.torch
class TestAgainstTheBundledEncoder:
    def test_the_fingerprint_says_what_it_is(self, encoder):
        known = encoder.fingerprint
        assert (known.name, known.dimension) == ("local-e5-small", 384)
        assert (known.query_prefix, known.passage_prefix) == ("query: ", "passage: ")
        assert len(known.sha256) == 64

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_questions(self, encoder, exact, question):
        assert_alike(encoder.encode_query(question), exact.encode_query(question))
        assert encoder.token_spans(question).tolist() == exact.token_spans(question).tolist()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_passages_with_and_without_titles(self, encoder, exact, language):
        texts = [unvocalised(text) for text in corpus_texts(language)]
        halves = [text.split(". ", 1) for text in texts[1:]]
        passages = [PassageText("", texts[0]), *(PassageText(half[0][:150], half[-1]) for half in halves)]
        pairs = zip(encoder.encode_passages(passages), exact.encode_passages(passages), strict=True)
        for found, wanted in pairs:
            assert_alike(found, wanted)

    def test_a_long_text_is_read_in_windows(self, encoder, exact):
        text = unvocalised("\n".join(corpus_texts("ar", 20_000)))[:5000]
        (found,), (wanted,) = (each.encode_passages([PassageText("", text)]) for each in (encoder, exact))
        assert len(found.spans) > 2 * transformer_encoder.LONGEST
        assert found.spans.tolist() == wanted.spans.tolist()
        assert len(found.tokens) == len(found.spans)
        assert cosines(found.pooled, wanted.pooled) > 0.99  # windows are not cut at the same tokens

    def test_vectors_have_length_one(self, encoder):
        long = PassageText("", "word " * 1200)
        for encoding in encoder.encode_passages([PassageText("", "word"), long, PassageText("", "")]):
            assert np.linalg.norm(encoding.pooled) == pytest.approx(1, abs=1e-5)


@installed
@pytest.mark.torch
class TestEncoding:
    def test_an_empty_text_has_no_tokens(self, encoder):
        (encoding,) = encoder.encode_passages([PassageText("", "")])
        assert (encoding.tokens.shape, encoding.spans.shape, encoding.weights.shape) == ((0, 384), (0, 2), (0,))

    def test_no_passages_are_no_encodings(self, encoder):
        assert list(encoder.encode_passages([])) == []

    def test_passages_come_in_the_order_given(self, encoder):
        texts = [PassageText("", f"{i} " + "word " * (i * 7 % 13)) for i in range(70)]
        found = list(encoder.encode_passages(texts))
        assert [len(each.spans) for each in found] == [len(encoder.token_spans(text)) for _, text in texts]
        assert_alike(found[-1], next(encoder.encode_passages(texts[-1:])))

    def test_a_long_title_is_cut_and_the_text_is_not(self, encoder):
        (encoding,) = encoder.encode_passages([PassageText("missile " * 300, "The end.")])
        assert (encoding.spans[:, 1] == 0).sum() == TITLE_TOKENS
        assert encoding.spans[TITLE_TOKENS:].tolist() == encoder.token_spans("The end.").tolist()

    def test_a_short_window_still_reads_every_token(self, encoder):
        """A model of 32 positions: the title takes its quarter, and the text follows in pieces."""
        short = TransformerEncoder(encoder.fingerprint, encoder._model, 32)
        text = corpus_texts("ar")[0]
        (encoding,) = short.encode_passages([PassageText("missile " * 300, text)])
        placed = encoding.spans[encoding.spans[:, 1] > 0]
        assert placed.tolist() == encoder.token_spans(text).tolist()
        assert len(encoding.tokens) == len(encoding.spans) == len(encoding.weights)

    def test_threads_get_the_same_vectors(self, encoder):
        """The tokenizer keeps padding as a setting, so unguarded threads fail or read each other's."""
        texts = [PassageText("", text) for text in corpus_texts("en", 150)]
        wanted, spans = list(encoder.encode_passages(texts)), encoder.token_spans(texts[0].text)

        def work(turn: int) -> list[Encoding]:
            assert all(encoder.token_spans(texts[0].text).tolist() == spans.tolist() for _ in range(20))
            return list(encoder.encode_passages(texts))

        with ThreadPoolExecutor(6) as pool:
            for found in pool.map(work, range(12)):
                for left, right in zip(found, wanted, strict=True):
                    assert_alike(left, right)


@pytest.mark.parametrize(
    ("spans", "budget", "expected"),
    [
        ([], 4, []),
        ([(0, 2), (3, 5)], 2, []),
        ([(0, 2), (3, 5), (6, 8)], 2, [5]),
        ([(0, 2), (3, 5), (6, 7), (8, 9), (9, 10), (11, 12)], 4, [7]),  # before the word that would be cut
        ([(i, i + 1) for i in range(9)], 4, [4, 8]),  # one long word
        ([(0, 1), (2, 3), *((i, i + 1) for i in range(3, 10))], 4, [5, 9]),  # no word begins in the piece's second half
    ],
)
def test_a_long_text_is_cut_before_words(spans, budget, expected):
    assert list(transformer_encoder._cuts(np.array(spans, dtype=np.int32).reshape(-1, 2), budget)) == expected


# -- prefixes ----------------------------------------------------------------------------------------------------

E5 = ("query: ", "passage: ")
NONE = ("", "")
WEB_TASK = "Instruct: Given a web search query, retrieve relevant passages that answer the query"
SEARCHING = "Represent this sentence for searching relevant passages: "


@pytest.mark.parametrize(
    ("name", "prompts", "expected"),
    [
        ("intfloat/multilingual-e5-small", {}, E5),
        ("intfloat/e5-base-v2", None, E5),
        ("local-E5-small", {"query": "", "document": ""}, E5),
        ("sentence-transformers/LaBSE", {}, NONE),
        ("BAAI/bge-m3", {}, NONE),
        ("some/base5", {}, NONE),
        ("some/e50-model", {}, NONE),
        ("e5-fans/LaBSE", {}, NONE),  # the owner's name says nothing
        ("any/model", {"query": "q: ", "passage": "p: "}, ("q: ", "p: ")),
        ("any/model", {"query": "q: ", "document": "d: "}, ("q: ", "d: ")),
        ("any/e5-like", {"query": "q: "}, ("q: ", "")),
        ("intfloat/multilingual-e5-large-instruct", {}, (WEB_TASK + "\nQuery: ", "")),  # a task in words, not a prefix
        ("Qwen/Qwen3-Embedding-0.6B", {}, (WEB_TASK + "\nQuery:", "")),
        (
            "Qwen/Qwen3-Embedding-0.6B",
            {"query": "Instruct: mine\nQuery:", "document": ""},
            ("Instruct: mine\nQuery:", ""),
        ),
        ("Alibaba-NLP/gte-Qwen2-1.5B-instruct", {}, (WEB_TASK + "\nQuery: ", "")),
        ("thenlper/gte-large", {}, NONE),
        ("Alibaba-NLP/gte-multilingual-base", {}, NONE),
        ("BAAI/bge-large-en-v1.5", {}, (SEARCHING, "")),
        ("BAAI/bge-small-zh-v1.5", {}, ("为这个句子生成表示以用于检索相关文章：", "")),
        ("BAAI/bge-reranker-v2-m3", {}, NONE),
        ("Snowflake/snowflake-arctic-embed-m", {}, (SEARCHING, "")),
        ("Snowflake/snowflake-arctic-embed-l-v2.0", {}, ("query: ", "")),
        ("google/embeddinggemma-300m", {}, ("task: search result | query: ", "title: none | text: ")),
        ("nomic-ai/any", {"search_query": "a: ", "search_document": "b: "}, ("a: ", "b: ")),
    ],
)
def test_prefixes_are_declared_or_the_familys_or_none(name, prompts, expected):
    assert prefixes_of(ModelFolder("", name, Path()).short_name, prompts) == expected


@pytest.mark.parametrize(
    ("name", "short"),
    [("intfloat/multilingual-e5-small", "multilingual-e5-small"), ("/models/my-e5/", "my-e5"), ("LaBSE", "LaBSE")],
)
def test_the_short_name_is_the_models_own(name, short):
    assert ModelFolder("", name, Path()).short_name == short


def test_the_short_name_of_the_folder_one_is_in(tmp_path, monkeypatch):
    (tmp_path / "my-e5").mkdir()
    monkeypatch.chdir(tmp_path / "my-e5")
    assert ModelFolder("", ".", Path()).short_name == "my-e5"


@installed
@pytest.mark.torch
def test_another_name_and_declared_prompts_change_what_is_encoded(folder, encoder):
    plain = TransformerEncoder.load(str(shutil.copytree(folder, folder.with_name("plain-small"), symlinks=True)))
    assert (plain.fingerprint.query_prefix, plain.fingerprint.passage_prefix) == NONE
    assert plain.fingerprint.sha256 == encoder.fingerprint.sha256
    question, bare = encoder.encode_query("Mali"), plain.encode_query("Mali")
    assert question.spans.tolist() == bare.spans.tolist()
    assert cosines(question.pooled, bare.pooled) < 0.999


# -- what cannot serve -------------------------------------------------------------------------------------------


def test_a_missing_library_names_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError, match="needs sentence-transformers") as caught:
        load_encoder(Settings(encoder="intfloat/multilingual-e5-small"))
    assert "pip install 'sentence-transformers" in caught.value.hint
    assert "ISNAD_ENCODER" in caught.value.hint


@pytest.mark.parametrize("tokenizer", [SimpleNamespace(is_fast=False), object()])
@installed
@pytest.mark.torch
def test_a_model_without_a_fast_tokenizer_is_refused(tokenizer, monkeypatch, tmp_path):
    (tmp_path / "old-model").mkdir()
    monkeypatch.setattr(transformer_encoder, "_load_model", lambda *_: SimpleNamespace(tokenizer=tokenizer))
    with pytest.raises(EncoderError, match="old-model could not be loaded: it has no fast tokenizer"):
        TransformerEncoder.load(str(tmp_path / "old-model"))


@installed
@pytest.mark.torch
@pytest.mark.timeout(120)  # it must not wait for a hub
def test_an_unknown_model_fails_at_once_while_offline(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderError, match="no-such-owner/no-such-model could not be loaded") as caught:
        load_encoder(Settings(encoder="no-such-owner/no-such-model"))
    assert "Check the name" in caught.value.hint


@installed
@pytest.mark.torch
@pytest.mark.parametrize("harm", ["empty", "no weights", "cut weights", "no tokenizer", "bad config"])
def test_a_broken_folder_is_an_error_that_names_it(folder, tmp_path, harm, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    broken = tmp_path / "broken-e5"
    broken.mkdir()
    if harm != "empty":
        for path in folder.rglob("*"):
            if path.is_file():
                (broken / path.relative_to(folder)).parent.mkdir(exist_ok=True)
                (broken / path.relative_to(folder)).symlink_to(path)
    for name, wanted in (("model.safetensors", "weights"), ("tokenizer.json", "tokenizer"), ("config.json", "config")):
        if wanted in harm:
            (broken / name).unlink()
    if harm == "cut weights":
        (broken / "model.safetensors").write_bytes(b"\0" * 100)
    if harm == "bad config":
        (broken / "config.json").write_text("{not json")
    with pytest.raises(EncoderError, match="broken-e5"):
        load_encoder(Settings(encoder=str(broken)))
