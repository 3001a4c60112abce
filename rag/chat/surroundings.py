"""What stands around a quote in its article: the sentences before it and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.asking import Answering
from rag.documents import Article, Citation
from rag.errors import IsnadError
from rag.text.sentences import split_sentences

MOST_CHARS = 360  # on each side: two or three sentences, which is what a panel has room for; not tuned


@dataclass(frozen=True, slots=True)
class Around:
    """The whole sentences just before and just after the quote of that number, as the article has them."""

    number: int
    before: str
    after: str


def surroundings(assistant: Answering, citations: Sequence[Citation]) -> tuple[Around, ...]:
    """What stands around each quote whose article is still as it was when it was quoted."""
    found = []
    for cited in citations:
        try:
            article = assistant.article(cited.article_id)
        except IsnadError:  # removed since; its quote stands alone
            continue
        if article.text[cited.start : cited.end] == cited.quote:
            found.append(_around(article, cited))
    return tuple(found)


def _around(article: Article, cited: Citation) -> Around:
    head, tail = article.text[max(0, cited.start - 3 * MOST_CHARS) : cited.start], article.text[cited.end :]
    tail = tail[: 3 * MOST_CHARS]  # of an article of any length, what is near is cut into sentences
    earlier = [s.start for s in split_sentences(head, article.language) if len(head) - s.start <= MOST_CHARS]
    later = [s.end for s in split_sentences(tail, article.language) if s.end <= MOST_CHARS]
    before = head[earlier[0] :] if earlier else ""
    after = tail[: later[-1]] if later else ""
    return Around(cited.number, before.strip(), after.strip())
