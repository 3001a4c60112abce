"""Packed token vectors: their size, their error, and vectors that are hard to pack."""

from __future__ import annotations

import numpy as np
import pytest

from rag.encoding.token_codes import pack_tokens, split_codes, unpack_tokens


def random_tokens(count: int, dimension: int, size: float = 1.0) -> np.ndarray:
    return (np.random.default_rng(count).standard_normal((count, dimension)) * size).astype(np.float32)


@pytest.mark.parametrize(("count", "dimension"), [(0, 384), (1, 1), (1, 384), (7, 32), (300, 384)])
def test_size_and_shape(count, dimension):
    packed = pack_tokens(random_tokens(count, dimension))
    assert len(packed) == count * (dimension + 2)
    tokens = unpack_tokens(packed, dimension)
    assert tokens.shape == (count, dimension)
    assert tokens.dtype == np.float32


@pytest.mark.parametrize("size", [1e-2, 1.0, 30.0, 1e4])
def test_every_value_is_within_half_a_level(size):
    tokens = random_tokens(50, 64, size)
    largest = np.abs(tokens).max(axis=1, keepdims=True)
    # half a level, and what fp16 (11 bits) loses of the scale
    allowed = largest / 127 / 2 + np.abs(tokens) * 2**-11
    assert (np.abs(unpack_tokens(pack_tokens(tokens), 64) - tokens) <= allowed * 1.001).all()


def test_each_token_has_its_own_scale():
    """A token a thousand times larger beside it costs a small one nothing."""
    small, large = random_tokens(1, 64), random_tokens(1, 64, 1000)
    together = unpack_tokens(pack_tokens(np.vstack([small, large])), 64)
    np.testing.assert_array_equal(together[0], unpack_tokens(pack_tokens(small), 64)[0])


def test_directions_are_kept():
    tokens = random_tokens(200, 384)
    found = unpack_tokens(pack_tokens(tokens), 384)
    cosines = (tokens * found).sum(1) / np.linalg.norm(tokens, axis=1) / np.linalg.norm(found, axis=1)
    assert cosines.min() > 0.9999


@pytest.mark.parametrize("value", [0.0, 1e-30, 1e-9])
def test_a_vector_of_nearly_nothing_becomes_zero_and_never_nan(value):
    tokens = np.vstack([np.full((1, 8), value, dtype=np.float32), random_tokens(1, 8)])
    found = unpack_tokens(pack_tokens(tokens), 8)
    np.testing.assert_allclose(found[0], 0, atol=1e-4)
    assert np.isfinite(found).all()


def test_packing_what_was_unpacked_changes_nothing():
    codes = pack_tokens(random_tokens(20, 16))
    assert pack_tokens(unpack_tokens(codes, 16)) == codes


def test_scales_and_levels_multiply_to_the_vectors():
    codes = pack_tokens(random_tokens(5, 16))
    scales, levels = split_codes(codes, 16)
    assert (scales.shape, scales.dtype) == ((5,), np.float32)
    assert (levels.shape, levels.dtype) == ((5, 16), np.int8)
    assert (np.abs(levels).max(axis=1) == 127).all()
    np.testing.assert_array_equal(unpack_tokens(codes, 16), scales[:, None] * levels)


def test_codes_of_another_dimension_are_refused():
    with pytest.raises(ValueError, match="reshape"):
        unpack_tokens(pack_tokens(random_tokens(3, 16)), 15)
