"""Articles to what is stored of their passages: vectors, token codes and counted keywords."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from rag.documents import Article, Passage
from rag.encoding.encoder import Encoder, Encoding, PassageText
from rag.encoding.token_codes import TokenCode
from rag.errors import EncoderError
from rag.index.keyword_index import count_terms
from rag.index.vector_index import usable
from rag.store.profile import Profile
from rag.store.rows import EncodedPassage
from rag.text.analyser import analyse


class PassageEncoding(Protocol):
    """Another place where :func:`encode_passages` is done, such as a cluster."""

    @property
    def batch_passages(self) -> int:
        """How many keep it busy: as many are given at once."""
        ...

    def encode(self, articles: Sequence[tuple[Article, Sequence[Passage]]]) -> Iterator[list[EncodedPassage]]:
        """The passages of each article in turn."""
        ...


def encode_passages(
    encoder: Encoder, articles: Sequence[tuple[Article, Sequence[Passage]]]
) -> Iterator[list[EncodedPassage]]:
    """The passages of each article in turn, all given to the encoder at once so that it can batch across articles.

    The keywords of a passage include its article's title. Where the encoder's token vectors mean nothing by themselves,
    the vectors of its sentences are kept in their place. Raises EncoderError for vectors nobody could search.
    """
    texts = [PassageText(article.title, passage.text) for article, passages in articles for passage in passages]
    encodings = iter(encoder.encode_passages(texts) if texts else ())
    if not encoder.fingerprint.has_tokens:
        encodings = _by_sentence(encoder, encodings, [passage for _, passages in articles for passage in passages])
    code = Profile.current(encoder.fingerprint).load_token_code()
    for article, passages in articles:
        yield [_encoded(article, passage, next(encodings), code) for passage in passages]


def _by_sentence(encoder: Encoder, encodings: Iterator[Encoding], passages: Sequence[Passage]) -> Iterator[Encoding]:
    """The passages' encodings, with the vectors of their sentences as ``tokens``."""
    sentences = [
        PassageText("", passage.text[span.start - passage.start : span.end - passage.start])
        for passage in passages
        for span in passage.sentences
    ]
    vectors = iter(encoder.encode_passages(sentences) if sentences else ())
    for encoding, passage in zip(encodings, passages, strict=True):
        own = [next(vectors).pooled for _ in passage.sentences]
        yield replace(encoding, tokens=np.array(own, dtype=np.float32).reshape(-1, len(encoding.pooled)))


def _encoded(article: Article, passage: Passage, encoding: Encoding, code: TokenCode) -> EncodedPassage:
    try:
        pooled = usable(encoding.pooled[None, :], code.dimension)[0]
        usable(encoding.tokens, code.dimension)
        if len(encoding.tokens) not in (len(encoding.spans), len(passage.sentences)):
            raise ValueError(f"{len(encoding.tokens)} token vectors have {len(encoding.spans)} spans")
    except ValueError as error:
        place = f"{article.origin or article.id} ({passage.start}-{passage.end})"
        raise EncoderError(
            f"The encoder's answer for {place} is unusable: {error}.",
            "Leave the article out, or choose another encoder.",
        ) from error
    terms = analyse(article.title, article.language) + analyse(passage.text, passage.language)
    counts = count_terms(term.text for term in terms)
    return EncodedPassage(passage, pooled, code.pack(encoding.tokens), encoding.spans, counts)
