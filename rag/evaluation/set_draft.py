"""A draft of an evaluation set from a user's own articles: all of them, and questions that wait to be written.

A question is never invented: one made from a sentence shares its words, and would measure how well words are matched.
A stub holds a sentence that some question could have for its answer. It is picked by a hash of the article's id, so
that a draft is the same each time and neither the beginning of articles nor their plainest sentences are preferred.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

from rag import files
from rag.documents import Article, Span
from rag.errors import EvaluationError, IndexMissingError
from rag.evaluation.voted import voted_stubs
from rag.formats.articles import set_apart
from rag.formats.drafts import NO_NAMES, NotRead
from rag.formats.sources import find_sources
from rag.index.faiss_engine import FAISS
from rag.index.generations import Generations
from rag.index.search_engine import SearchEngine
from rag.index.snapshot import Index
from rag.ingestion.source_reading import SourceArticle, read_sources
from rag.store.schema import require_store_file
from rag.text.language import detect_language
from rag.text.sentences import split_sentences

ANSWERED_EACH = 5  # stubs with an answer to one without
SHORTEST, LONGEST = 40, 300  # characters of a sentence worth asking for
STOPS, CLOSERS = (".", "!", "?", "؟", "…", "。", "।"), "»”\"')"
PAGE = 256  # articles taken from the index at once
WRITE_ANSWERED = (
    "Write a question that this sentence answers, in words of your own and in the language your readers ask in; "
    "correct `language`. Then shorten `text` to the words that answer, and delete `start` and `end`."
)
WRITE_UNANSWERED = (
    "Write a question on the subjects of these articles that none of them answers, and its `language`; "
    "or delete this line."
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """How much was written: articles, stubs with and without an answer, and questions that readers voted on."""

    articles: int
    answered: int
    unanswered: int
    voted: int = 0


def draft_set(folder: Path, articles: Iterable[Article], questions: int, votes_in: Path | None = None) -> Drafted:
    """Write ``articles.jsonl`` and ``questions.jsonl`` into ``folder``, with up to ``questions`` stubs in all.

    votes_in: the folder of the index whose readers' questions come before them (:mod:`rag.evaluation.voted`).
    Articles of one text are written once. Raises EvaluationError where a set is there already or the articles offer
    nothing to ask, and StorageError.
    """
    require_no_set(folder)
    kept = list({article.text: article for article in articles}.values())
    unanswered = questions // (ANSWERED_EACH + 1)
    answered = list(islice(_answered_stubs(kept), questions - unanswered))
    if not answered:
        hint = f"Articles need sentences of {SHORTEST} to {LONGEST} characters."
        raise EvaluationError(f"None of {len(kept)} articles holds a sentence to ask for.", hint)
    empty = [{"question": "", "language": "und", "answerable": False, "answers": [], "note": WRITE_UNANSWERED}]
    voted = voted_stubs(votes_in, {article.id: article for article in kept}) if votes_in else []
    lines = [*voted, *answered, *empty * unanswered]
    stubs = [{"id": str(number), **stub} for number, stub in enumerate(lines, start=1)]
    with files.storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    # The questions last: a folder with articles alone is not taken for a set.
    files.replace_durably(folder / "articles.jsonl", json_lines(map(article_record, kept)))
    files.replace_durably(folder / "questions.jsonl", json_lines(stubs))
    return Drafted(len(kept), len(answered), unanswered, len(voted))


def require_no_set(folder: Path) -> None:
    """Raises EvaluationError where any part of a set is in ``folder``."""
    for name in ("articles.jsonl", "questions.jsonl"):
        if (folder / name).exists():
            raise EvaluationError(f"{folder / name} exists.", "Name another folder: a set is never written over.")


def indexed_articles(index_dir: Path, engine: SearchEngine = FAISS) -> Iterator[Article]:
    """Every article of the index. Loads no encoder. Raises IndexMissingError and what :meth:`Index.open` raises."""
    try:
        manifest = Generations(index_dir).current()
    except FileNotFoundError:
        require_store_file(index_dir)
        raise IndexMissingError(f"No index is published in {index_dir}.", "Run: python -m rag index") from None
    index = Index.open(index_dir, manifest.profile.fingerprint, engine)
    try:
        for start in range(0, index.counts["articles"], PAGE):
            yield from index.articles(offset=start, limit=PAGE)[0]
    finally:
        index.close()


def read_articles(paths: Sequence[Path]) -> Iterator[Article | NotRead]:
    """The articles of files and folders, under the ids that ingestion would give them, and what could not be read.

    Raises CorpusError for a path that does not exist or holds nothing.
    """
    known: dict[str, str] = {}
    for found in read_sources(find_sources(paths), lambda origin: "", NO_NAMES):
        if isinstance(found, NotRead):
            yield found
        elif isinstance(found, SourceArticle):
            article = found.article
            other = known.setdefault(article.id, article.origin)
            if other != article.origin:
                article = set_apart(article, other)
            if article.language in ("", "und"):
                yield replace(article, language=detect_language(article.text))
            else:
                yield article


def _answered_stubs(articles: Sequence[Article]) -> Iterator[dict[str, Any]]:
    """A stub for each article that offers a sentence, the languages in turn, most articles first."""
    sizes = Counter(article.language for article in articles)
    groups: dict[str, list[Article]] = {language: [] for language, _ in sizes.most_common()}
    for article in sorted(articles, key=_digest):
        groups[article.language].append(article)
    for article in chain.from_iterable(zip_longest(*groups.values())):
        if article is not None and (sentence := _pick(article)):
            yield _stub(article, sentence)


def _stub(article: Article, sentence: Span) -> dict[str, Any]:
    answer = {
        "article_id": article.id,
        "text": sentence.of(article.text),
        "start": sentence.start,
        "end": sentence.end,
    }
    known = {"question": "", "language": article.language, "answerable": True, "answers": [answer]}
    return {**known, "note": WRITE_ANSWERED}


def _pick(article: Article) -> Span | None:
    """One of the article's whole sentences of a fair length; headings and lists have no stop at their end."""
    sentences = [
        sentence
        for sentence in split_sentences(article.text, article.language)
        if SHORTEST <= len(sentence) <= LONGEST and sentence.of(article.text).rstrip(CLOSERS).endswith(STOPS)
    ]
    return sentences[_digest(article) % len(sentences)] if sentences else None


def _digest(article: Article) -> int:
    return int.from_bytes(sha256(article.id.encode()).digest()[:8], "big")


def article_record(article: Article) -> dict[str, str]:
    """Its line in ``articles.jsonl``."""
    names = ("id", "language", "title", "text", "date", "source", "url")
    values = {name: getattr(article, name) for name in names}
    return {name: value for name, value in values.items() if value}


def json_lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    """The records as UTF-8 JSON, one a line."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode("utf-8")
