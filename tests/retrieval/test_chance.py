"""What unrelated text gives, and how far above it a passage lies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.encoding.centring import Centring, unit
from rag.encoding.encoder import Fingerprint
from rag.encoding.token_codes import ScalarCode
from rag.retrieval.chance import NEAREST, USUAL, Chance, above_chance
from rag.retrieval.late_interaction import QueryTokens
from tests.bundled import exact_encoder

QUERY = QueryTokens.build(np.eye(2, 4, dtype=np.float32), np.array([3, 1], dtype=np.float32))
CODE = ScalarCode(4)


def sample(*rows: list[float]) -> bytes:
    return CODE.pack(unit(np.array(rows, dtype=np.float32)))


def test_chance_is_the_mean_of_the_nearest_few_of_the_passages_language() -> None:
    near, far = [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]
    chance = Chance({"ar": sample(*[near] * NEAREST, *[far] * 20), "en": sample(*[far] * 20)}, CODE)
    alone, among = chance.of(QUERY, ["ar"], Centring()), chance.of(QUERY, ["ar", "en", "ja"], Centring())
    np.testing.assert_allclose(alone["ar"], [1, 0], atol=0.01)
    np.testing.assert_allclose(among["ar"], [1, 0], atol=0.01)
    np.testing.assert_allclose(among["en"], [0, 0], atol=0.01)
    np.testing.assert_allclose(among["ja"], [0.5, 0], atol=0.01)
    assert chance.of(QUERY, [], Centring()) == {}


def test_an_encoder_we_do_not_know_has_the_usual_chance() -> None:
    chance = Chance.load(Fingerprint("another", "0" * 64, "mean", "", "", 4))
    np.testing.assert_allclose(chance.of(QUERY, ["ar"], Centring())["ar"], [USUAL, USUAL])


def test_a_sample_that_was_learnt_from_too_few_words_is_none(tmp_path: Path) -> None:
    (tmp_path / "learnt.npz").write_bytes(Chance().to_bytes())
    chance = Chance.load(Fingerprint("another", "0" * 64, "mean", "", "", 4), tmp_path / "learnt.npz")
    np.testing.assert_allclose(chance.of(QUERY, ["ar"], Centring())["ar"], [USUAL, USUAL])


def test_a_table_of_another_dimension_is_not_used() -> None:
    known = exact_encoder().fingerprint
    assert Chance.load(known).samples
    assert not Chance.load(replace(known, dimension=known.dimension + 8)).samples


@pytest.mark.parametrize(
    ("met", "wanted"), [([1.0, 1.0], 1), ([0.2, 0.4], 0), ([0.6, 0.4], 0.75 * 0.5), ([0.2, 0.1], 0.25 * -0.5)]
)
def test_relevance_runs_from_what_chance_gives_to_the_same_words(met: list[float], wanted: float) -> None:
    similarity = np.array([met, [-1, -1]], dtype=np.float32)
    above = above_chance(similarity, np.array([0.2, 0.4], dtype=np.float32))
    assert QUERY.weights @ above == pytest.approx(wanted, abs=1e-6)


def test_a_passage_without_tokens_is_not_relevant() -> None:
    assert above_chance(np.zeros((0, 2), np.float32), np.zeros(2, np.float32)).tolist() == [-1, -1]


def test_every_language_finds_about_as_much_by_chance() -> None:
    encoder = exact_encoder()
    chance, centring = Chance.load(encoder.fingerprint), Centring.prior(encoder.fingerprint)
    questions = {"en": "Who won the 2010 World Cup?", "ja": "ワールドカップの優勝国は？", "hi": "विश्व कप किसने जीता?"}
    for language, text in questions.items():
        encoding = encoder.encode_query(text)
        tokens = centring.for_queries(encoder.fingerprint).centre_tokens(encoding.tokens, language)
        query = QueryTokens.build(tokens, encoding.weights)
        for level in chance.of(query, ["ar", "en", "fr", "de"], centring).values():
            assert 0.1 < query.weights @ level < 0.5
