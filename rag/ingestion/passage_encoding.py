"""Articles to what is stored of their passages: vectors, token codes and counted keywords."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

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

    The keywords of a passage include its article's title. Raises EncoderError for vectors nobody could search.
    """
    texts = [PassageText(article.title, passage.text) for article, passages in articles for passage in passages]
    encodings = iter(encoder.encode_passages(texts) if texts else ())
    code = Profile.current(encoder.fingerprint).load_token_code()
    for article, passages in articles:
        yield [_encoded(article, passage, next(encodings), code) for passage in passages]


def _encoded(article: Article, passage: Passage, encoding: Encoding, code: TokenCode) -> EncodedPassage:
    try:
        pooled = usable(encoding.pooled[None, :], code.dimension)[0]
        usable(encoding.tokens, code.dimension)
        if len(encoding.tokens) != len(encoding.spans):
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
