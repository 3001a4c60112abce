"""The weighted sum, and the weights that are shipped."""

from __future__ import annotations

import json

import pytest

from rag.retrieval.fusion import Fusion, Signals

FUSION = Fusion(late=2.0, sentence=3.0, keyword=5.0, other_language=0.25)


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        (Signals(0, 0, 0, same_language=True), 0.0),
        (Signals(1, 0, 0, same_language=True), 2.0),
        (Signals(0, 1, 0, same_language=True), 3.0),
        (Signals(0, 0, 1, same_language=True), 5.0),
        (Signals(0, 0, 0, same_language=False), 0.25),
        (Signals(0.5, -1, 0.1, same_language=False), 2 * 0.5 - 3 + 5 * 0.1 + 0.25),
    ],
)
def test_the_score_is_the_weighted_sum(signals, expected):
    assert FUSION.score(signals) == pytest.approx(expected)


def test_signals_are_shown_rounded_and_as_plain_numbers():
    shown = Signals(0.123456, 1 / 3, 0.0, same_language=True, relevance=0.25).to_dict()
    assert shown == {"late": 0.1235, "sentence": 0.3333, "keyword": 0.0, "same_language": 1.0, "relevance": 0.25}
    assert json.loads(json.dumps(shown)) == shown


def test_the_shipped_weights_reward_every_signal():
    fusion = Fusion.load()
    assert min(fusion.late, fusion.sentence, fusion.keyword, fusion.other_language) >= 0
    assert fusion.late > 0
    # the credit for another language never outweighs a real difference in meaning
    assert fusion.other_language < fusion.late


def test_weights_are_read_from_a_file(tmp_path):
    path = tmp_path / "fusion.json"
    path.write_text('{"weights": {"late": 1, "sentence": 2, "keyword": 3, "other_language": 4}, "made_by": "a test"}')
    assert Fusion.load(path) == Fusion(1, 2, 3, 4)


@pytest.mark.parametrize("weights", ['{"late": 1}', '{"late": 1, "sentence": 2, "keyword": 3, "dense": 4}'])
def test_missing_or_unknown_weights_are_refused(tmp_path, weights):
    path = tmp_path / "fusion.json"
    path.write_text(f'{{"weights": {weights}}}')
    with pytest.raises(TypeError):
        Fusion.load(path)
