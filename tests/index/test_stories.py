from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rag.index.stories import stories_of
from rag.text.signature import PLACES, RUN_PLACES, signature_of

RANDOM = np.random.default_rng(7)


def fresh() -> np.ndarray:
    return RANDOM.integers(0, 2**32, PLACES, dtype=np.uint32)


def changed(signature: np.ndarray, places: int) -> np.ndarray:
    """The same but for so many places of the runs, chosen at random."""
    other = signature.copy()
    other[RANDOM.permutation(RUN_PLACES)[:places]] = fresh()[:places]
    return other


def stories(signatures: list[np.ndarray], publishers: list[str] | None = None) -> list[int]:
    names = publishers or [str(n) for n in range(len(signatures))]
    return list(stories_of([signature.astype("<u4").tobytes() for signature in signatures], names))


def test_nothing_and_one() -> None:
    assert stories([]) == []
    assert stories([fresh()]) == [0]


def test_reprints_take_the_number_of_the_first() -> None:
    a, b = fresh(), fresh()
    assert stories([a, b, changed(a, 10), b, changed(a, 20), fresh()]) == [0, 1, 0, 1, 0, 5]


@pytest.mark.parametrize(
    ("publishers", "expected"),
    [(["x", "y"], [0, 0]), (["x", "x"], [0, 1]), (["", "y"], [0, 1]), (["", ""], [0, 1])],
)
def test_a_reworded_story_is_one_between_publishers_only(publishers: list[str], expected: list[int]) -> None:
    a = fresh()
    assert stories([a, changed(a, 16)], publishers) == expected
    assert stories([a, changed(a, 4)], publishers) == [0, 0]


def test_texts_too_short_to_compare_are_stories_of_their_own() -> None:
    a = fresh().astype("<u4").tobytes()
    assert stories_of([b"", a, b"", a], ["w", "x", "y", "z"]).tolist() == [0, 1, 2, 1]


def test_a_story_retold_day_by_day_does_not_become_one() -> None:
    days = [fresh()]
    for day in range(1, 8):  # each takes a fifth of its places from the one before
        nxt = days[-1].copy()
        nxt[8 * day : 8 * day + 8] = fresh()[:8]
        nxt[:4] = days[0][:4]
        days.append(nxt)
    found = stories(days)
    assert len(set(found)) > 1
    for later, first in enumerate(found):
        same = (days[later] == days[first])[:RUN_PLACES].mean()
        assert same >= 0.6


def test_the_order_of_the_others_changes_nothing() -> None:
    groups = [fresh() for _ in range(30)]
    signatures = [changed(groups[n % 30], 8) for n in range(300)]
    order = RANDOM.permutation(300)
    one, other = stories(signatures), stories([signatures[n] for n in order])
    together = {frozenset(n for n in range(300) if one[n] == story) for story in set(one)}
    assert together == {frozenset(int(order[n]) for n in range(300) if other[n] == story) for story in set(other)}
    assert len(together) == 30


@pytest.mark.parametrize("places", [0, 8, 16])
def test_nearly_all_pairs_are_found_among_many(places: int) -> None:
    originals = [fresh() for _ in range(2000)]
    found = stories([*originals, *(changed(signature, places) for signature in originals)])
    missed = sum(found[2000 + n] != n for n in range(2000))
    assert missed <= 40  # two of a hundred at three quarters of the places
    assert found[:2000] == list(range(2000))


@pytest.mark.parametrize(
    "name",
    ["xquad-ar-ar", "xquad-ar-en", "xquad-en-ar", "xquad-en-en", "xquad-es-ar", "xquad-mixed", "arcd", "news-ar"],
)
def test_paragraphs_of_one_encyclopaedia_article_are_not_one_story(shared_dir: Path, name: str) -> None:
    lines = (shared_dir / "data" / name / "articles.jsonl").read_text("utf-8").splitlines()
    articles = [json.loads(line) for line in lines]
    found = stories_of([signature_of(a["text"]) for a in articles], [a.get("source", "") for a in articles])
    assert found.tolist() == list(range(len(articles)))
