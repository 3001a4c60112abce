"""Packed token vectors: what every code promises, and each one's size, error and vectors that are hard to pack."""

from __future__ import annotations

import numpy as np
import pytest

from rag.encoding.encoder import Fingerprint
from rag.encoding.loading import load_token_code, token_code_name
from rag.encoding.product_code import BLOCK, ProductCode
from rag.encoding.token_codes import INT8, ScalarCode, TokenCode
from rag.errors import IndexMismatchError

DIMENSION = 16


def random_tokens(count: int, dimension: int, size: float = 1.0) -> np.ndarray:
    return (np.random.default_rng(count).standard_normal((count, dimension)) * size).astype(np.float32)


def product_code() -> ProductCode:
    """Four groups of four dimensions, with centroids that no data chose."""
    random = np.random.default_rng(1)
    rotation, _ = np.linalg.qr(random.standard_normal((DIMENSION, DIMENSION)))
    centroids = random.standard_normal((4, 256, 4)) / 4
    return ProductCode(random_tokens(1, DIMENSION)[0], rotation.astype(np.float32), centroids.astype(np.float32))


CODES = pytest.mark.parametrize("code", [ScalarCode(DIMENSION), product_code()], ids=["int8", "product"])


# -- what every code promises ------------------------------------------------------------------------------------


@CODES
@pytest.mark.parametrize("count", [0, 1, 7, 300])
def test_shape_and_kind(code: TokenCode, count: int) -> None:
    tokens = code.unpack(code.pack(random_tokens(count, DIMENSION)))
    assert tokens.shape == (count, DIMENSION)
    assert tokens.dtype == np.float32


@CODES
@pytest.mark.parametrize("counts", [[5], [3, 1, 40], [4, 0, 2], [0], [BLOCK - 1, 3]])
def test_products_and_totals_are_those_of_the_unpacked_tokens(code: TokenCode, counts: list[int]) -> None:
    packed = [code.pack(random_tokens(count, DIMENSION)) for count in counts]
    tokens = np.concatenate([code.unpack(piece) for piece in packed]).astype(np.float64)
    vectors = random_tokens(3, DIMENSION)
    dots, squares, found = code.products(packed, vectors)
    assert found == counts
    np.testing.assert_allclose(dots, tokens @ vectors.T, atol=1e-4)
    np.testing.assert_allclose(squares, (tokens**2).sum(axis=1), rtol=2e-3)  # fp16 keeps eleven bits of a length
    count, total = code.total(packed)
    assert count == len(tokens)
    np.testing.assert_allclose(total, tokens.sum(axis=0), atol=1e-3)


@CODES
def test_a_token_is_packed_alike_alone_and_among_others(code: TokenCode) -> None:
    tokens = random_tokens(30, DIMENSION)
    together = code.unpack(code.pack(tokens))
    alone = np.concatenate([code.unpack(code.pack(token[None])) for token in tokens])
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_tokens_of_another_dimension_are_refused() -> None:
    with pytest.raises(ValueError, match="reshape"):
        ScalarCode(15).unpack(ScalarCode(16).pack(random_tokens(3, 16)))
    with pytest.raises(ValueError, match="shape"):  # FAISS would read on behind them
        product_code().pack(random_tokens(3, DIMENSION - 1))


# -- int8 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1e-2, 1.0, 30.0, 1e4])
def test_every_value_is_within_half_a_level(size: float) -> None:
    code, tokens = ScalarCode(64), random_tokens(50, 64, size)
    largest = np.abs(tokens).max(axis=1, keepdims=True)
    # half a level, and what fp16 (11 bits) loses of the scale
    allowed = largest / 127 / 2 + np.abs(tokens) * 2**-11
    assert (np.abs(code.unpack(code.pack(tokens)) - tokens) <= allowed * 1.001).all()


def test_a_token_has_a_byte_a_dimension_and_two_for_its_scale() -> None:
    assert len(ScalarCode(384).pack(random_tokens(7, 384))) == 7 * 386


@pytest.mark.parametrize("value", [0.0, 1e-30, 1e-9])
def test_a_vector_of_nearly_nothing_becomes_zero_and_never_nan(value: float) -> None:
    code = ScalarCode(8)
    tokens = np.vstack([np.full((1, 8), value, dtype=np.float32), random_tokens(1, 8)])
    found = code.unpack(code.pack(tokens))
    np.testing.assert_allclose(found[0], 0, atol=1e-4)
    assert np.isfinite(found).all()


def test_packing_what_was_unpacked_changes_nothing() -> None:
    code = ScalarCode(DIMENSION)
    packed = code.pack(random_tokens(20, DIMENSION))
    assert code.pack(code.unpack(packed)) == packed


# -- product codes -----------------------------------------------------------------------------------------------


def test_a_token_has_a_byte_a_group_and_four_for_scale_and_length() -> None:
    assert len(product_code().pack(random_tokens(7, DIMENSION))) == 7 * (4 + 4)


def test_each_group_takes_its_nearest_centroid_and_the_scale_fits_best() -> None:
    """Against the definition, one group at a time."""
    random = np.random.default_rng(3)
    centroids = (random.standard_normal((4, 256, 4)) / 4).astype(np.float32)
    mean, token = random_tokens(2, DIMENSION)
    code = ProductCode(mean, np.eye(DIMENSION, dtype=np.float32), centroids)
    away = token - mean
    groups = (away / np.linalg.norm(away)).reshape(4, 4)
    chosen = np.concatenate(
        [table[((table - group) ** 2).sum(axis=1).argmin()] for table, group in zip(centroids, groups, strict=True)]
    )
    wanted = mean + chosen * (away @ chosen) / (chosen @ chosen)
    np.testing.assert_allclose(code.unpack(code.pack(token[None]))[0], wanted, rtol=2e-3, atol=2e-3)


def test_the_mean_token_itself_is_no_trouble() -> None:
    code = product_code()
    mean = random_tokens(1, DIMENSION)
    np.testing.assert_allclose(code.unpack(code.pack(mean)), mean, atol=1e-4)


# -- which code an encoder has -----------------------------------------------------------------------------------


def fingerprint(name: str, dimension: int = 384) -> Fingerprint:
    return Fingerprint(name, "0" * 64, "mean", "", "", dimension)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (fingerprint("multilingual-e5-small"), "multilingual-e5-small.tokens-1"),
        (fingerprint("multilingual-e5-small", 32), INT8),  # another model of the same name
        (fingerprint("some/other-model"), INT8),
    ],
)
def test_only_the_encoder_a_table_was_trained_for_has_product_codes(given: Fingerprint, name: str) -> None:
    assert token_code_name(given) == name
    code = load_token_code(name, given.dimension)
    assert code is not None
    assert code.dimension == given.dimension


def test_the_shipped_table_has_a_hundred_bytes_a_token() -> None:
    code = load_token_code("multilingual-e5-small.tokens-1", 384)
    assert code is not None
    assert len(code.pack(random_tokens(9, 384))) == 900


def test_a_table_this_program_lacks_is_a_clear_error() -> None:
    with pytest.raises(IndexMismatchError, match=r"no table of the token codes 'e5\.tokens-99'"):
        load_token_code("e5.tokens-99", 384)
