"""Late interaction against its definition, written out token by token."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rag.documents import Passage, Span
from rag.encoding.token_codes import ScalarCode
from rag.retrieval.late_interaction import CHANCE, QueryTokens, interact, sentence_of_tokens, token_similarities

RANDOM = np.random.default_rng(7)
DIMENSION = 24
CODE = ScalarCode(DIMENSION)

# Two sentences and what follows; offsets are the article's, spans are the passage's.
TEXT = "Mali spoke. Niger agreed at once. "
PASSAGE = Passage("a", 100, 100 + len(TEXT), TEXT, sentences=(Span(100, 111), Span(112, 133)))
SPANS = np.array([[0, 0], [0, 0], [0, 4], [5, 10], [10, 11], [12, 17], [18, 24], [25, 32], [32, 33]], dtype=np.int32)
OWNERS = [-1, -1, 0, 0, 0, 1, 1, 1, 1]


def unit_rows(count: int) -> np.ndarray:
    rows = RANDOM.standard_normal((count, DIMENSION)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def make_query(count: int = 3) -> QueryTokens:
    return QueryTokens.build(unit_rows(count), np.arange(1, count + 1, dtype=np.float32))


def brute_similarity(query: QueryTokens, tokens: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Cosine of each centred passage token and each question token, one pair at a time."""
    found = np.zeros((len(tokens), len(query.vectors)))
    for i, token in enumerate(tokens.astype(np.float64)):
        centred = token - mean
        for j, wanted in enumerate(query.vectors.astype(np.float64)):
            found[i, j] = centred @ wanted / np.linalg.norm(centred)
    return found


def brute_score(query: QueryTokens, similarity: np.ndarray) -> float:
    """MaxSim: each question token takes its best passage token; less what so many tokens add by chance."""
    best = sum(
        float(weight) * max(float(similarity[i, j]) for i in range(len(similarity)))
        for j, weight in enumerate(query.weights)
    )
    return best - 0.03 * math.log(max(len(similarity), 8) / 100)


def test_twice_the_tokens_must_meet_the_question_better():
    query, similarity = make_query(), np.full((20, 3), 0.5, dtype=np.float32)
    spans = np.array([[i, i + 1] for i in range(20)], dtype=np.int32)
    text = "x" * 20
    short = Passage("a", 0, 10, text[:10], sentences=(Span(0, 10),))
    long = Passage("a", 0, 20, text, sentences=(Span(0, 20),))
    few, many = interact(query, short, spans[:10], similarity[:10]), interact(query, long, spans, similarity)
    assert few.score - many.score == pytest.approx(CHANCE * math.log(2), abs=1e-6)
    assert few.sentence_scores[0] - many.sentence_scores[0] == pytest.approx(CHANCE * math.log(2), abs=1e-6)


# -- the question's weights --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "expected"),
    [([1, 1, 2], [0.25, 0.25, 0.5]), ([0, 3, 0], [0, 1, 0]), ([0, 0], [0.5, 0.5]), ([], [])],
)
def test_weights_sum_to_one_and_only_punctuation_counts_alike(weights, expected):
    built = QueryTokens.build(unit_rows(len(weights)), np.array(weights, dtype=np.float32))
    np.testing.assert_allclose(built.weights, expected, rtol=1e-6)
    assert built.weights.dtype == np.float32


# -- similarities straight from the codes ------------------------------------------------------------------------


@pytest.mark.parametrize("counts", [[1], [5], [3, 1, 40], [4, 0, 2], [0]])
@pytest.mark.parametrize("centred", [True, False])
def test_similarities_equal_the_cosines_of_the_unpacked_and_centred_tokens(counts, centred):
    query = make_query()
    mean = (RANDOM.standard_normal(DIMENSION) * centred).astype(np.float32)
    codes = [CODE.pack(RANDOM.standard_normal((count, DIMENSION)).astype(np.float32)) for count in counts]
    found = token_similarities(query, CODE, codes, mean)
    assert [each.shape for each in found] == [(count, 3) for count in counts]
    for similarity, data in zip(found, codes, strict=True):
        assert similarity.dtype == np.float32
        wanted = brute_similarity(query, CODE.unpack(data), mean)
        np.testing.assert_allclose(similarity, wanted, atol=2e-6)


def test_similarities_are_cosines_whatever_the_tokens_length():
    query = make_query()
    mean = np.zeros(DIMENSION, dtype=np.float32)
    token = query.vectors[1:2]
    for size in (0.1, 1.0, 50.0):
        (similarity,) = token_similarities(query, CODE, [CODE.pack(token * np.float32(size))], mean)
        assert similarity[0, 1] == pytest.approx(1, abs=1e-4)


def test_a_token_that_is_the_mean_meets_nothing_and_is_never_nan():
    query = make_query()
    token = unit_rows(1)
    codes = CODE.pack(token)
    (similarity,) = token_similarities(query, CODE, [codes], CODE.unpack(codes)[0])
    assert np.isfinite(similarity).all()
    assert np.abs(similarity).max() < 0.05


# -- scores ------------------------------------------------------------------------------------------------------


def test_the_score_is_the_weighted_best_over_all_tokens():
    query = make_query()
    similarity = RANDOM.uniform(-1, 1, (len(SPANS), 3)).astype(np.float32)
    interaction = interact(query, PASSAGE, SPANS, similarity)
    assert interaction.score == pytest.approx(brute_score(query, similarity), abs=1e-6)
    assert interaction.similarity is similarity


def test_sentences_are_scored_by_their_own_tokens_only():
    query = make_query()
    similarity = RANDOM.uniform(-1, 1, (len(SPANS), 3)).astype(np.float32)
    similarity[:2] = 0.99  # the title's tokens belong to no sentence
    scores = interact(query, PASSAGE, SPANS, similarity).sentence_scores
    wanted = [brute_score(query, similarity[[i for i, owner in enumerate(OWNERS) if owner == s]]) for s in (0, 1)]
    np.testing.assert_allclose(scores, wanted, atol=1e-6)


def test_a_sentence_without_tokens_scores_least():
    passage = Passage("a", 0, 12, "Yes.    Mali", sentences=(Span(0, 4), Span(5, 7), Span(8, 12)))
    spans = np.array([[0, 3], [3, 4], [8, 12]], dtype=np.int32)
    similarity = np.array([[0.1], [0.2], [0.3]], dtype=np.float32)
    query = QueryTokens.build(unit_rows(1), np.ones(1, dtype=np.float32))
    interaction = interact(query, passage, spans, similarity)
    few = 0.03 * math.log(8 / 100)  # taken off fewer than eight tokens
    np.testing.assert_allclose(interaction.sentence_scores, [0.2 - few, -1, 0.3 - few], rtol=1e-6)
    assert interaction.score == pytest.approx(0.3 - few)


def test_a_passage_without_tokens_scores_least():
    interaction = interact(make_query(), PASSAGE, np.zeros((0, 2), dtype=np.int32), np.zeros((0, 3), dtype=np.float32))
    assert interaction.score == -1
    assert interaction.sentence_scores.tolist() == [-1, -1]


@pytest.mark.parametrize("seed", range(20))
def test_any_passage_agrees_with_the_definition(seed):
    random = np.random.default_rng(seed)
    starts = np.cumsum(random.integers(1, 6, 12))
    spans = np.column_stack([starts, starts + 1]).astype(np.int32)
    cuts = sorted({0, *random.integers(1, int(starts[-1]) + 1, 3).tolist()})
    ends = [*cuts[1:], int(starts[-1]) + 2]
    sentences = tuple(Span(50 + start, 50 + end) for start, end in zip(cuts, ends, strict=True))
    passage = Passage("a", 50, 50 + ends[-1], "x" * ends[-1], sentences=sentences)
    query, similarity = make_query(4), random.uniform(-1, 1, (12, 4)).astype(np.float32)
    interaction = interact(query, passage, spans, similarity)
    assert interaction.score == pytest.approx(brute_score(query, similarity), abs=1e-6)
    for sentence, score in zip(passage.sentences, interaction.sentence_scores, strict=True):
        rows = [i for i, (start, _) in enumerate(spans) if sentence.start <= start + 50 < sentence.end]
        assert score == pytest.approx(brute_score(query, similarity[rows]) if rows else -1, abs=1e-6)


# -- whose token -------------------------------------------------------------------------------------------------


def test_tokens_belong_to_the_sentence_they_start_in():
    assert sentence_of_tokens(PASSAGE, SPANS).tolist() == OWNERS


@pytest.mark.parametrize(
    ("span", "owner"),
    [
        ((0, 0), -1),  # a title's token
        ((0, 4), 0),
        ((10, 14), 0),  # runs over the end of its sentence
        ((11, 12), 0),  # the blank between two sentences
        ((12, 13), 1),
        ((33, 34), 1),  # after the last
    ],
)
def test_edges_between_sentences(span, owner):
    assert sentence_of_tokens(PASSAGE, np.array([span], dtype=np.int32)).tolist() == [owner]


def test_a_token_before_the_first_sentence_counts_with_it():
    passage = Passage("a", 10, 20, "  Mali won", sentences=(Span(12, 20),))
    assert sentence_of_tokens(passage, np.array([[0, 2], [2, 6]], dtype=np.int32)).tolist() == [0, 0]
