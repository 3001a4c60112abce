"""A passage as a point of a Qdrant collection: what it is found by, and what filters look at.

A point's number is the passage's key, and it never changes: a generation sees the points that were ``added`` in or
before it and ``removed`` after it, so that a question is answered from one publication, however much changes meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from qdrant_client import models

from rag.documents import Filters, Float32, Int64, UInt64
from rag.encoding.centring import Centring
from rag.index.keyword_index import saturation
from rag.index.live_passages import LivePassages
from rag.store.rows import COUNTS, ArticleRow

POOLED, TOKENS, TERMS = "pooled", "tokens", "terms"
LIVE = 2**31 - 1  # the generation in which what is not removed is removed
ROWS_AT_A_TIME = 256  # read from the store together: a bound on memory
NUMBERS_A_REQUEST = 2_000_000  # about 16 MB of JSON; a server takes 32 unless told otherwise
_DECIMALS: Final = 4  # half of them is what the 16 bits a number that the server keeps can tell

PAYLOAD: Final = {
    "added": models.PayloadSchemaType.INTEGER,
    "removed": models.PayloadSchemaType.INTEGER,
    "article": models.PayloadSchemaType.KEYWORD,
    "language": models.PayloadSchemaType.KEYWORD,
    "source": models.PayloadSchemaType.KEYWORD,
    "date": models.PayloadSchemaType.DATETIME,
}


def layout(dimension: int, by_token: bool = True) -> dict[str, Any]:
    """How a collection keeps its vectors, as arguments of ``create_collection``.

    by_token: whether the encoder's token vectors mean something by themselves, and are kept.

    Only the pooled vectors have a graph, over one byte a dimension in memory. Tokens are read from the disk for the
    passages that it proposes. Shards and replicas are the server's own settings.
    """
    small = models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=True)
    most = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
    dot = {"size": dimension, "distance": models.Distance.DOT, "on_disk": True}
    tokens = models.VectorParams(
        **dot,
        datatype=models.Datatype.FLOAT16,
        hnsw_config=models.HnswConfigDiff(m=0),
        multivector_config=most,
    )
    return {
        "vectors_config": {
            POOLED: models.VectorParams(**dot, quantization_config=models.ScalarQuantization(scalar=small)),
            **({TOKENS: tokens} if by_token else {}),
        },
        "sparse_vectors_config": {TERMS: models.SparseVectorParams()},
        "on_disk_payload": True,
    }


def batches(
    live: LivePassages, rows: Int64, generation: int, centring: Centring, mean_length: float
) -> Iterator[list[models.PointStruct]]:
    """Some rows as points of ``generation``, as many at a time as a request may carry."""
    waiting: list[models.PointStruct] = []
    numbers = 0
    for start in range(0, len(rows), ROWS_AT_A_TIME):
        for point, size in _points(live, rows[start : start + ROWS_AT_A_TIME], generation, centring, mean_length):
            if waiting and numbers + size > NUMBERS_A_REQUEST:
                yield waiting
                waiting, numbers = [], 0
            waiting.append(point)
            numbers += size
    if waiting:
        yield waiting


def _points(
    live: LivePassages, rows: Int64, generation: int, centring: Centring, mean_length: float
) -> Iterator[tuple[models.PointStruct, int]]:
    keys = live.columns.keys[rows]
    code, by_token = live.profile.load_token_code(), live.profile.fingerprint.has_tokens
    stored = zip(
        rows.tolist(),
        live.centred(rows, centring),
        live.view.tokens(keys.tolist()),
        live.view.blobs("terms", keys),
        strict=True,
    )
    for row, pooled, (codes, _), counts in stored:
        tokens = centring.centre_tokens(code.unpack(codes if by_token else b""), live.languages[row])
        vector = {POOLED: _numbers(pooled, 2 * _DECIMALS), **_tokens(tokens), **_terms(counts, mean_length)}
        payload = _payload(live.articles[live.columns.articles[row]], generation)
        point = models.PointStruct(id=int(live.columns.keys[row]), vector=vector, payload=payload)
        yield point, tokens.size + pooled.size


def _numbers(vectors: Float32, decimals: int) -> list[Any]:
    numbers: list[Any] = np.round(vectors.astype(np.float64), decimals).tolist()
    return numbers


def _tokens(tokens: Float32) -> dict[str, Any]:
    return {TOKENS: _numbers(tokens, _DECIMALS)} if len(tokens) else {}


def _terms(data: bytes, mean_length: float) -> dict[str, Any]:
    counts = np.frombuffer(data, dtype=COUNTS)
    return {TERMS: sparse(counts["term"], saturation(counts["count"], mean_length))} if len(counts) else {}


def sparse(terms: UInt64, values: Float32) -> models.SparseVector:
    """A value for each hash of a term, folded to the 32 bits that Qdrant has; two that meet there are added."""
    places, owners = np.unique((terms & np.uint64(0xFFFFFFFF)).astype(np.uint32), return_inverse=True)
    sums = np.bincount(owners, weights=values, minlength=len(places))
    return models.SparseVector(indices=places.tolist(), values=sums.tolist())


def _payload(row: ArticleRow, generation: int) -> dict[str, Any]:
    named = {"article": row.article_id, "language": row.language, "source": row.source, "date": row.date}
    return {"added": generation, "removed": LIVE, **{name: value for name, value in named.items() if value}}


def visible(generation: int, filters: Filters) -> models.Filter:
    """The points that a generation shows and whose article passes, as :meth:`Filters.accepts`."""
    must = [_within("added", lte=generation), _within("removed", gt=generation)]
    for name, values in (
        ("language", filters.languages),
        ("source", filters.sources),
        ("article", filters.article_ids),
    ):
        if values:
            must.append(_among(name, values))
    if filters.since or filters.until:
        span = models.DatetimeRange(gte=filters.since or None, lte=filters.until or None)
        must.append(models.FieldCondition(key="date", range=span))
    return models.Filter(must=must)


def since(name: str, first: int) -> models.Filter:
    """The points that were added, or removed, in ``first`` or later; live ones are not removed."""
    return models.Filter(must=[_within(name, gte=first, lt=LIVE)])


def removed_by(last: int) -> models.Filter:
    """The points that were removed in ``last`` or before."""
    return models.Filter(must=[_within("removed", lte=last)])


def _within(name: str, **bounds: int) -> models.FieldCondition:
    return models.FieldCondition(key=name, range=models.Range(**bounds))


def _among(name: str, values: Sequence[str]) -> models.FieldCondition:
    return models.FieldCondition(key=name, match=models.MatchAny(any=list(values)))
