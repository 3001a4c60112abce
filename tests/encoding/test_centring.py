"""Language means: where they come from, what is subtracted, and that a small corpus cannot subtract itself away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.encoding.centring import ANY, PRIOR_PASSAGES, PRIOR_TOKENS, Centring, LanguageSums, unit
from rag.encoding.encoder import Fingerprint

BUNDLED = Fingerprint("multilingual-e5-small", "0" * 64, "mean", "query: ", "passage: ", 384)
AR = np.array([1.0, 0.0, 0.0], dtype=np.float32)
ANYONE = np.array([0.0, 0.0, 1.0], dtype=np.float32)
KNOWN = Centring({"ar": AR, ANY: ANYONE}, {"ar": 2 * AR, ANY: 2 * ANYONE})


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(len(shape)).standard_normal(shape).astype(np.float32)


def sums(passages: int, mean: np.ndarray, tokens: int, token_mean: np.ndarray) -> LanguageSums:
    return LanguageSums(passages, passages * mean, tokens, tokens * token_mean)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[3, 4]], [[0.6, 0.8]]),
        ([[0, 0]], [[0, 0]]),
        ([[0, -2], [5, 0]], [[0, -1], [1, 0]]),
        (np.zeros((0, 2)), np.zeros((0, 2))),
    ],
)
def test_unit(rows, expected):
    np.testing.assert_allclose(unit(np.array(rows, dtype=np.float32)), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("language", "mean"),
    [("ar", AR), ("fr", ANYONE), ("und", ANYONE)],  # a language without a mean has that of all
)
def test_pooled_vectors_lose_their_languages_mean(language, mean):
    vectors = random(4, 3)
    wanted = [(row - mean) / np.linalg.norm(row - mean) for row in vectors]
    np.testing.assert_allclose(KNOWN.centre_pooled(vectors, [language] * 4), wanted, rtol=1e-5)


def test_every_row_has_its_own_language():
    vectors = random(3, 3)
    found = KNOWN.centre_pooled(vectors, ["ar", "fr", "ar"])
    for row, language in enumerate(["ar", "fr", "ar"]):
        np.testing.assert_allclose(found[row : row + 1], KNOWN.centre_pooled(vectors[row : row + 1], [language]))


@pytest.mark.parametrize(("language", "mean"), [("ar", 2 * AR), ("zz", 2 * ANYONE)])
def test_tokens_lose_their_languages_mean_token(language, mean):
    tokens = random(5, 3)
    np.testing.assert_allclose(KNOWN.centre_tokens(tokens, language), unit(tokens - mean), rtol=1e-6)
    np.testing.assert_array_equal(KNOWN.token_mean(language, 3), mean)


def test_without_means_nothing_is_subtracted():
    vectors = random(4, 3)
    np.testing.assert_array_equal(Centring().centre_pooled(vectors, ["ar"] * 4), unit(vectors))
    np.testing.assert_array_equal(Centring().centre_tokens(vectors, "ar"), unit(vectors))
    assert Centring().token_mean("ar", 3).tolist() == [0, 0, 0]


def test_nothing_centred_is_nothing():
    assert KNOWN.centre_pooled(np.zeros((0, 3), dtype=np.float32), []).shape == (0, 3)
    assert KNOWN.centre_tokens(np.zeros((0, 3), dtype=np.float32), "ar").shape == (0, 3)


def test_a_vector_that_is_its_languages_mean_becomes_zero_and_never_nan():
    assert KNOWN.centre_pooled(AR[None], ["ar"]).tolist() == [[0, 0, 0]]


# -- means of a corpus -------------------------------------------------------------------------------------------


def test_the_corpus_counts_against_the_prior_by_its_passages_and_tokens():
    mean, token_mean = random(3), random(3) + 1
    found = Centring.estimate(KNOWN, {"ar": sums(PRIOR_PASSAGES, mean, 3 * PRIOR_TOKENS, token_mean)})
    np.testing.assert_allclose(found.pooled["ar"], (mean + AR) / 2, rtol=1e-5)
    np.testing.assert_allclose(found.tokens["ar"], (3 * token_mean + 2 * AR) / 4, rtol=1e-5)
    assert found.pooled["ar"].dtype == found.tokens["ar"].dtype == np.float32


def test_a_language_the_prior_lacks_starts_from_the_mean_of_all():
    mean = random(3)
    found = Centring.estimate(KNOWN, {"fr": sums(PRIOR_PASSAGES, mean, PRIOR_TOKENS, mean)})
    np.testing.assert_allclose(found.pooled["fr"], (mean + ANYONE) / 2, rtol=1e-5)


def test_languages_of_the_prior_alone_are_kept():
    found = Centring.estimate(KNOWN, {"fr": sums(1, random(3), 1, random(3))})
    assert set(found.pooled) == set(found.tokens) == {"ar", "fr", ANY}
    np.testing.assert_array_equal(found.pooled["ar"], AR)


def test_without_a_prior_the_mean_is_shrunk_towards_nothing():
    mean = random(3)
    found = Centring.estimate(Centring(), {"ar": sums(PRIOR_PASSAGES, mean, PRIOR_TOKENS, mean)})
    np.testing.assert_allclose(found.pooled["ar"], mean / 2, rtol=1e-5)


def test_without_a_prior_a_language_of_no_article_has_the_mean_of_all():
    means = np.stack([random(3), random(3) + 1])
    given = {
        "ar": sums(PRIOR_PASSAGES, means[0], PRIOR_TOKENS, means[1]),
        "en": sums(3 * PRIOR_PASSAGES, means[1], PRIOR_TOKENS, means[0]),
    }
    found = Centring.estimate(Centring(), given)
    np.testing.assert_allclose(found.pooled[ANY], (means[0] + 3 * means[1]) / 5, rtol=1e-5)
    np.testing.assert_allclose(found.tokens[ANY], (means[0] + means[1]) / 3, rtol=1e-5)
    question = unit(random(1, 3))
    np.testing.assert_allclose(found.centre_pooled(question, ["fr"]), unit(question - found.pooled[ANY]), rtol=1e-5)
    assert Centring.estimate(Centring(), {}) == Centring()


def test_a_corpus_of_one_passage_does_not_subtract_itself_away():
    vector = unit(random(1, 3))
    found = Centring.estimate(Centring(), {"ar": sums(1, vector[0], 100, vector[0])})
    assert (found.centre_pooled(vector, ["ar"]) @ vector.T).item() > 0.999


# -- the shipped table -------------------------------------------------------------------------------------------


def test_the_bundled_encoder_has_shipped_means_of_either_side():
    prior = Centring.prior(BUNDLED)
    queries = prior.for_queries(BUNDLED)
    for means in (prior.pooled, prior.tokens, queries.pooled, queries.tokens):
        assert {"ar", "en", "fr", ANY} <= set(means)
        assert all(mean.shape == (384,) and mean.dtype == np.float32 for mean in means.values())
        assert all(np.isfinite(mean).all() for mean in means.values())
    assert 0.5 < np.linalg.norm(prior.pooled["ar"]) < 1  # the mean of unit vectors that lie close together
    assert not np.array_equal(prior.pooled["ar"], queries.pooled["ar"])
    assert not np.array_equal(prior.pooled["ar"], prior.pooled["en"])


@pytest.mark.parametrize("stranger", [replace(BUNDLED, name="another"), replace(BUNDLED, dimension=768)])
def test_an_encoder_we_do_not_know_has_no_prior_and_its_passages_stand_in_for_queries(stranger):
    assert Centring.prior(stranger) == Centring()
    assert KNOWN.for_queries(stranger) is KNOWN


def test_shipped_means_are_those_of_the_bundled_encoder(bundled_encoder):
    """Two languages' texts that mean the same come closer once each loses its mean."""
    english = bundled_encoder.encode_query("The president arrived in Algiers on Monday.").pooled
    arabic = bundled_encoder.encode_query("وصل الرئيس إلى الجزائر يوم الاثنين.").pooled
    other = bundled_encoder.encode_query("Coffee is grown in more than seventy countries.").pooled
    queries = Centring.prior(bundled_encoder.fingerprint).for_queries(bundled_encoder.fingerprint)
    ar, en, far = queries.centre_pooled(np.array([arabic, english, other]), ["ar", "en", "en"])
    assert ar @ en - en @ far > arabic @ english - english @ other
