"""Values to rows of the store and back, each row checked against its checksum when it is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.documents import Article, Float32, Int32, Passage, Span
from rag.store.schema import RowError, checksum
from rag.text.signature import signature_of


class ArticleRow(NamedTuple):
    """One version of an article, all but its text. passages: how many it was cut into; signature: its text's."""

    version: int
    article_id: str
    profile: int
    removed_in: int | None
    text_sha256: str
    title: str
    language: str
    source: str
    date: str
    url: str
    author: str
    origin: str
    content_hash: str
    questions: str
    warnings: str
    passages: int
    signature: bytes
    checksum: int

    @classmethod
    def of(cls, version: int, profile: int, article: Article, passages: int) -> ArticleRow:
        """The row of a live version."""
        fields = (version, article.id, profile, None, *content_of(article), passages, signature_of(article.text))
        return cls._make((*fields, checksum(*fields)))

    @classmethod
    def checked(cls, row: Sequence[Any]) -> ArticleRow:
        """A row as it was read. Raises RowError."""
        if checksum(*row[:-1]) != row[-1]:
            raise RowError(f"article version {row[0]} fails its checksum")
        return cls(*row)

    def removed(self, generation: int) -> ArticleRow:
        """The row once the version is removed in ``generation``."""
        row = self._replace(removed_in=generation)
        return row._replace(checksum=checksum(*row[:-1]))

    @property
    def content(self) -> tuple[str, ...]:
        """Comparable with :func:`content_of` an article."""
        return tuple(self[4:15])

    def article(self, text: str) -> Article:
        """The article, given its text. Raises RowError when the text is not what was stored."""
        if text_hash(text) != self.text_sha256:
            raise RowError(f"the text of article version {self.version} fails its hash")
        given = (self.title, self.language, self.source, self.date, self.url, self.author, self.origin)
        lists = (tuple(json.loads(items)) for items in (self.questions, self.warnings))
        return Article(self.article_id, text, *given, self.content_hash, *lists)


COUNTS = np.dtype([("term", "<u8"), ("count", "<u2")])  # packed: 10 bytes a term of a passage
ARTICLE_COLUMNS = ", ".join(ArticleRow._fields)
PASSAGE_COLUMNS = 'key, version, start, "end", language, sentences, checksum'


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """A passage with all that is stored of it.

    pooled: (dimension,) float32, unit length, not centred. codes: of its
    tokens, as the profile's token code packs them. spans: (n, 2) int32 into the passage's text. counts: as
    ``rag.index.keyword_index.count_terms`` gives them.
    """

    passage: Passage
    pooled: Float32
    codes: bytes
    spans: Int32
    counts: NDArray[Any]


def text_hash(text: str) -> str:
    """SHA-256 (hex) of the text: articles with the same one are the same story."""
    return hashlib.sha256(text.encode()).hexdigest()


def hash64(text: str) -> int:
    """64 bits of BLAKE2b: a name of fixed size. Two of ten million texts share one with a chance of 1 in 400,000."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def content_of(article: Article) -> tuple[str, ...]:
    """Everything about an article but its id, with the text's hash for the text."""
    lists = [json.dumps(items, ensure_ascii=False) for items in (article.questions, article.warnings)]
    return (
        text_hash(article.text),
        *(article.title, article.language, article.source, article.date, article.url, article.author),
        *(article.origin, article.content_hash, *lists),
    )


def article_of(row: Sequence[Any]) -> Article:
    """From a row of ARTICLE_COLUMNS and then ``text``. Raises RowError."""
    return ArticleRow.checked(row[:-1]).article(row[-1])


def passage_fields(key: int, version: int, passage: Passage) -> tuple[Any, ...]:
    """The fields of PASSAGE_COLUMNS."""
    spans = np.array([(span.start, span.end) for span in passage.sentences], dtype="<i4").tobytes()
    fields = (key, version, passage.start, passage.end, passage.language, spans)
    return (*fields, checksum(*fields))


def passage_of(row: Sequence[Any], articles: Mapping[int, Article]) -> Passage:
    """From a row of PASSAGE_COLUMNS and the article of its version. Raises RowError."""
    if checksum(*row[:-1]) != row[-1] or row[1] not in articles:
        raise RowError(f"passage {row[0]} fails its checksum")
    article = articles[row[1]]
    key, _, start, end, language, sentences, _ = row
    spans = tuple(Span(int(a), int(b)) for a, b in np.frombuffer(sentences, dtype="<i4").reshape(-1, 2))
    return Passage(article.id, start, end, article.text[start:end], language, spans, key)


def blobs_of(row: Sequence[Any]) -> tuple[bytes, ...]:
    """The blobs of a row of vectors, tokens or terms: key first, checksum last. Raises RowError."""
    if checksum(*row[:-1]) != row[-1]:
        raise RowError(f"a vector, token or term row of passage {row[0]} fails its checksum")
    return tuple(row[1:-1])
