from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from rag.documents import Float32
from rag.errors import IndexDamagedError
from rag.index import vector_index
from rag.index.vector_index import INDEX_NAME, VECTORS_NAME, VectorIndex, usable

DIMENSION = 48


def clustered(count: int, dimension: int = DIMENSION, seed: int = 0) -> Float32:
    """Unit vectors around a few hundred centres, as passages lie around topics."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((max(count // 50, 1), dimension))
    vectors = centres[rng.integers(len(centres), size=count)] + 0.7 * rng.standard_normal((count, dimension))
    unit: Float32 = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit


def questions(vectors: Float32, count: int) -> Float32:
    """Unit vectors near some of the vectors, as a question lies near its passage."""
    rng = np.random.default_rng(8)
    moved = vectors[rng.integers(len(vectors), size=count)] + 0.1 * rng.standard_normal((count, vectors.shape[1]))
    unit: Float32 = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    return unit


def build(folder: Path, vectors: Float32, chunk: int = 700) -> VectorIndex:
    chunks = (vectors[start : start + chunk] for start in range(0, len(vectors), chunk))
    VectorIndex.write(folder, chunks, vectors[:: max(1, len(vectors) // 3000)], len(vectors))
    return VectorIndex.load(folder)


@pytest.fixture(scope="module")
def vectors() -> Float32:
    return clustered(6000)


@pytest.fixture(scope="module", params=["exact", "quantised"])
def index(request: pytest.FixtureRequest, vectors: Float32, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "quantised":
            patch.setattr(vector_index, "EXACT_LIMIT", 1000)
            patch.setattr(vector_index, "CANDIDATES", 400)
        folder = tmp_path_factory.mktemp(request.param)
        built = build(folder, vectors)
    assert (folder / VECTORS_NAME).exists() == (request.param == "quantised")
    return built


def nearest(vectors: Float32, query: Float32, k: int, mask: np.ndarray | None = None) -> np.ndarray:
    scores = vectors @ query
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
        k = min(k, int(mask.sum()))
    return np.argsort(-scores, kind="stable")[:k]


def test_search_finds_what_brute_force_finds(index: VectorIndex, vectors: Float32) -> None:
    queries = questions(vectors, 100)
    found = 0
    for query in queries:
        rows, scores = index.search(query, 20)
        assert rows.dtype == np.int64
        assert scores.dtype == np.float32
        np.testing.assert_allclose(scores, vectors[rows] @ query, atol=1e-5)
        assert (np.diff(scores) <= 1e-6).all()
        found += len(set(rows) & set(nearest(vectors, query, 20)))
    assert found / 2000 >= 0.99


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1, 0.002])
def test_a_mask_is_kept_and_costs_no_recall(index: VectorIndex, vectors: Float32, share: float) -> None:
    rng = np.random.default_rng(3)
    mask = rng.random(len(vectors)) < share
    found = wanted = 0
    for query in questions(vectors, 40):
        rows, _ = index.search(query, 20, mask)
        best = nearest(vectors, query, 20, mask)
        assert mask[rows].all()
        assert len(rows) == len(best)
        found += len(set(rows) & set(best))
        wanted += len(best)
    assert found / wanted >= 0.99


def test_a_mask_of_far_rows_still_finds_them(index: VectorIndex, vectors: Float32) -> None:
    query = vectors[0]
    mask = np.zeros(len(vectors), dtype=bool)
    mask[np.argsort(vectors @ query)[: len(vectors) // 4]] = True
    rows, _ = index.search(query, 10, mask)
    assert len(set(rows) & set(nearest(vectors, query, 10, mask))) >= 9


@pytest.mark.parametrize("k", [0, -1])
def test_no_rows_asked_for(index: VectorIndex, vectors: Float32, k: int) -> None:
    rows, scores = index.search(vectors[0], k)
    assert len(rows) == len(scores) == 0


def test_an_empty_mask_finds_nothing(index: VectorIndex, vectors: Float32) -> None:
    rows, _ = index.search(vectors[0], 5, np.zeros(len(vectors), dtype=bool))
    assert len(rows) == 0


def test_more_asked_for_than_there_is(tmp_path: Path) -> None:
    index = build(tmp_path, clustered(7))
    rows, _ = index.search(clustered(1, seed=9)[0], 50)
    assert sorted(rows) == list(range(7))


def test_a_larger_index_looks_at_more_candidates(
    vectors: Float32, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("EXACT_LIMIT", "CANDIDATES", "CANDIDATES_PER_HIT"):
        monkeypatch.setattr(vector_index, name, 1)
    built = build(tmp_path, vectors)
    found = {}
    for share in (len(vectors), 50):
        monkeypatch.setattr(vector_index, "CANDIDATE_SHARE", share)
        found[share] = sum(built.search(q, 1)[0][0] == nearest(vectors, q, 1)[0] for q in questions(vectors, 100))
    assert found[50] >= 99
    assert found[len(vectors)] < found[50]


def test_the_length_of_the_query_does_not_matter(index: VectorIndex, vectors: Float32) -> None:
    rows, scores = index.search(vectors[5], 8)
    longer_rows, longer_scores = index.search(vectors[5] * np.float32(37), 8)
    assert rows.tolist() == longer_rows.tolist()
    np.testing.assert_allclose(scores, longer_scores, atol=1e-6)


def test_take_returns_the_vectors_in_the_order_asked(index: VectorIndex, vectors: Float32) -> None:
    rows = np.array([5, 0, 5999, 5], dtype=np.int64)
    np.testing.assert_array_equal(index.take(rows), vectors[rows])
    assert index.take(np.zeros(0, dtype=np.int64)).shape == (0, DIMENSION)


def test_an_empty_index_answers_nothing(tmp_path: Path) -> None:
    VectorIndex.write(tmp_path, iter(()), np.zeros((0, DIMENSION), dtype=np.float32), 0)
    index = VectorIndex.load(tmp_path)
    rows, scores = index.search(np.ones(DIMENSION, dtype=np.float32), 5)
    assert (index.count, len(rows), len(scores)) == (0, 0, 0)


def _spoilt(value: float) -> Float32:
    vectors = clustered(10)
    vectors[3, 4] = value
    return vectors


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (_spoilt(np.nan), "not finite"),
        (_spoilt(np.inf), "not finite"),
        (np.zeros((3, DIMENSION), dtype=np.float32), "zero"),
        (clustered(3, DIMENSION + 1), "wanted"),
        (np.ones(DIMENSION, dtype=np.float32), "wanted"),
    ],
    ids=["nan", "infinite", "zero", "too wide", "flat"],
)
def test_unusable_vectors_are_refused(bad: Float32, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        usable(bad, DIMENSION)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_unusable_queries_and_rows_are_refused(
    index: VectorIndex, vectors: Float32, tmp_path: Path, value: float
) -> None:
    query = vectors[0].copy()
    query[1] = value
    with pytest.raises(ValueError, match="not finite"):
        index.search(query, 3)
    with pytest.raises(ValueError, match="not finite"):
        build(tmp_path, _spoilt(value))


def test_a_query_of_another_encoder_is_refused(index: VectorIndex) -> None:
    with pytest.raises(ValueError, match=r"wanted \(n, 48\)"):
        index.search(np.ones(DIMENSION + 1, dtype=np.float32), 3)


def test_fewer_vectors_than_promised_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="9 vectors given, wanted 10"):
        VectorIndex.write(tmp_path, [clustered(9)], clustered(9), 10)


def test_bytes_that_are_no_index_are_damage(tmp_path: Path) -> None:
    (tmp_path / INDEX_NAME).write_bytes(b"not an index at all")
    with pytest.raises(IndexDamagedError, match=INDEX_NAME):
        VectorIndex.load(tmp_path)


def test_many_threads_get_what_one_gets(index: VectorIndex) -> None:
    queries = clustered(64, seed=5)
    alone = [index.search(query, 10)[0].tolist() for query in queries]
    together: list[list[int]] = [[] for _ in queries]

    def work(start: int) -> None:
        for i in range(start, len(queries), 8):
            together[i] = index.search(queries[i], 10)[0].tolist()

    threads = [threading.Thread(target=work, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone
