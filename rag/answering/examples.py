"""The questions that articles bring along in their front matter, as examples of what may be asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

from rag.errors import NotFoundError
from rag.index.snapshot import Index
from rag.text.analyser import analyse
from rag.text.folding import normalise
from rag.text.language import detect_language

MOST_TRIED = 6  # of the articles at hand: a bound on the work, since each is asked before it is shown; not tuned


def written_questions(index: Index, language: str, of: Sequence[str] = (), but: Sequence[str] = ()) -> Iterator[str]:
    """Those in a language, each once, those of articles in other languages first; without those in ``but``.

    of: the first few of these articles, in their order.
    """
    given = _of_articles(of, index) if of else sorted(index.questions(), key=lambda pair: pair[0] == language)
    known = {_compared(question) for question in but}
    written = (q for _, q in given if detect_language(q) == language and _compared(q) not in known)
    return islice(dict.fromkeys(written), MOST_TRIED if of else None)


def _of_articles(articles: Sequence[str], index: Index) -> Iterator[tuple[str, str]]:
    """(language of the article, question), article by article; of those still there."""
    for article_id in articles:
        with suppress(NotFoundError):
            article = index.article(article_id)
            yield from ((article.language, question) for question in article.questions)


def _compared(question: str) -> tuple[str, frozenset[str]]:
    """Its first word, which asks, and its terms: "vanished from Libya" and "vanished in Libya" ask the same."""
    terms = analyse(question, detect_language(question))
    return normalise(question).partition(" ")[0], frozenset(term.text for term in terms)
