"""The tokenizer against the wheel's own engine, and offsets against the text they came from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rag.encoding.bundled_tokenizer import UNKNOWN, BundledTokenizer
from tests.bundled import LANGUAGES, ODD_TEXTS, corpus_texts, engine, exact_encoder

SPECIALS = 2  # <s> and </s>


@pytest.fixture(scope="module")
def tokenizer() -> BundledTokenizer:
    return exact_encoder().tokenizer


def words(tokenizer: BundledTokenizer, text: str) -> list[str]:
    (tokens,) = tokenizer.tokenize([text])
    return [text[start:end] for start, end in tokens.spans.tolist()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_equal_the_engine_on_articles(tokenizer, language):
    texts = corpus_texts(language, characters=20_000)
    assert len(texts) >= 4
    counts = [len(tokens.ids) + SPECIALS for tokens in tokenizer.tokenize([f"passage: {text}" for text in texts])]
    assert counts == [engine().token_count(text) for text in texts]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_counts_equal_the_engine_on_odd_characters(tokenizer, text):
    (tokens,) = tokenizer.tokenize([f"passage: {text}"])
    assert len(tokens.ids) + SPECIALS == engine().token_count(text)


@settings(deadline=None)  # the first example waits for the model
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0<")))
def test_counts_equal_the_engine_on_any_text(text):
    """Left out: NUL, which ends the engine's text; a literal ``<unk>``; and two unknown characters side by side, which
    SentencePiece makes one token and the engine two."""
    (tokens,) = exact_encoder().tokenizer.tokenize([f"passage: {text}"])
    assume(tokens.ids.count(UNKNOWN) < 2 and (tokens.spans[np.array(tokens.ids) == UNKNOWN] @ [-1, 1] == 1).all())
    assert len(tokens.ids) + SPECIALS == engine().token_count(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_spans_of_articles_leave_out_only_blanks(tokenizer, language):
    for text in corpus_texts(language):
        assert "".join("".join(words(tokenizer, text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("which countries?", ["which", "countries", "?"]),
        ("هيئة الأركان", ["هيئة", "الأر", "كان"]),
        ("كِتَابٌ قديـــم", ["كِتَابٌ", "قديـــم"]),  # a word keeps its vowel signs, the last one too
        ("ـــ", []),
        ("two     three", ["two", "three"]),
        ("line\n\n\nbreak", ["line", "break"]),
        ("no\u00a0break", ["no", "break"]),
        ("so… on", ["so", "…", "on"]),  # three characters after the map
        ("½ cup", ["½", "cup"]),
        ("ﻻ إله", ["ﻻ", "إله"]),  # a ligature of two letters
        ("قال ﷺ له", ["قال", "ﷺ", "ﷺ", "ﷺ", "ﷺ", "له"]),  # one character, four words
        ("ﷺ", ["ﷺ", "ﷺ", "ﷺ", "ﷺ"]),
        ("\ufeffstart", ["start"]),
        ("two\u200bthree", ["two", "three"]),
        ("\u0007bell", ["bell"]),  # deleted by the map
        ("th\u0001e\u0001 end", ["th\u0001e", "end"]),
        ("\u0001\u0002", []),
    ],
)
def test_spans_point_into_the_text_given(tokenizer, text, expected):
    assert words(tokenizer, text) == expected


@settings(deadline=None)  # the first example waits for the model
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
    | st.text(st.sampled_from("a ﷺ½…ﻻ\u200b\u0001\u00adلا \n"), max_size=30)
)
def test_spans_stay_in_the_text_and_in_order(text):
    (tokens,) = exact_encoder().tokenizer.tokenize([text])
    spans = tokens.spans
    assert spans.shape == (len(tokens.ids), 2)
    assert (spans[:, 0] < spans[:, 1]).all()  # never (0, 0), which marks a title's token
    assert (spans >= 0).all()
    assert (spans <= len(text)).all()
    assert (spans[1:] >= spans[:-1]).all()


def test_vowel_signs_change_no_token(tokenizer):
    vocalised, plain = tokenizer.tokenize(["تَأتِي الوِلايات المُتّحِدَة", "تأتي الولايات المتحدة"])
    assert vocalised.ids == plain.ids


def test_texts_are_not_truncated_and_keep_their_order(tokenizer):
    long, short = tokenizer.tokenize(["word " * 3000, "end"])
    assert len(long.ids) == 3000 + 1  # and the blank at the end
    assert len(short.ids) == 1


def test_unknown_characters_side_by_side_are_one_token(tokenizer):
    (tokens,) = tokenizer.tokenize(["a\U00013000\U00013001b"])
    assert tokens.ids[1] == UNKNOWN
    assert tokens.spans.tolist() == [[0, 1], [1, 3], [3, 4]]


def test_surprise_is_high_for_rare_words_and_nothing_for_punctuation(tokenizer):
    def surprise(word: str) -> float:
        (tokens,) = tokenizer.tokenize([word])
        assert len(tokens.ids) == 1, word
        return float(tokenizer.surprise[tokens.ids[0]])

    assert surprise("الجزائر") > surprise("من") > 0
    assert surprise("language") > surprise("the") > 0
    assert surprise("؟") == surprise("!") == 0
    assert tokenizer.surprise[UNKNOWN] == 0
