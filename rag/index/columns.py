"""What filters look at, as columns: language, source and date of every article; which story it tells and who else
published that; and which article each row is of."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from rag.documents import Filters, Int32, Int64, Mask, UInt64
from rag.files import FileRecord, read_array, write_array, write_durably
from rag.index.stories import stories_of
from rag.store.rows import ArticleRow, hash64

MAX_QUESTIONS = 500  # a bound: the chat shows a handful of them


@dataclass(frozen=True)
class Columns:
    """Articles in order of version, rows (passages) in order of key.

    versions: (a,) int64. ids: (a,) uint64, the hash of each article's id. languages, sources, dates: (a,) int32, each
    a place in the sorted list of names. stories: (a,) int32, the place of the first article that tells the same story.
    others: (2, m) int32, the place of an article and the source of a further copy of its text. keys: (n,) int64,
    ascending. articles: (n,) int32, the row's article as a place in ``versions``.
    """

    versions: Int64
    ids: UInt64
    languages: Int32
    sources: Int32
    dates: Int32
    stories: Int32
    others: Int32
    keys: Int64
    articles: Int32
    language_names: Sequence[str]
    source_names: Sequence[str]
    date_names: Sequence[str]
    questions: Sequence[tuple[str, str]]

    @classmethod
    def build(
        cls, rows: Sequence[ArticleRow], keys: Int64, versions_of_rows: Int64, copies: Sequence[tuple[str, str]] = ()
    ) -> Columns:
        """rows: of the articles, by version. keys and versions_of_rows: of each passage, by key.

        copies: (article id, source) of further copies that were not stored.
        """
        versions = np.array([row.version for row in rows], dtype=np.int64)
        languages, language_names = _coded([row.language for row in rows])
        given = [row.source for row in rows]
        codes_of, source_names = _coded([*given, *(source for _, source in copies)])
        sources, copied = codes_of[: len(rows)], codes_of[len(rows) :]
        dates, date_names = _coded([row.date for row in rows])
        questions = [(row.language, question) for row in rows for question in json.loads(row.questions)][:MAX_QUESTIONS]
        articles = np.searchsorted(versions, versions_of_rows).astype(np.int32)
        ids = _hashes([row.article_id for row in rows])
        stories = stories_of([row.signature for row in rows], given)
        places = {row.article_id: place for place, row in enumerate(rows)}
        others = np.array([[places[name] for name, _ in copies], copied], dtype=np.int32)
        codes = (versions, ids, languages, sources, dates, stories, others, keys, articles)
        return cls(*codes, language_names, source_names, date_names, questions)

    def write(self, folder: Path) -> dict[str, FileRecord]:
        """Write the files of the columns. Raises StorageError."""
        names = {
            "languages": self.language_names,
            "sources": self.source_names,
            "dates": self.date_names,
            "questions": self.questions,
        }
        table = np.stack(
            [self.versions, self.ids.view(np.int64), self.languages, self.sources, self.dates, self.stories]
        )
        return {
            "columns.json": write_durably(folder / "columns.json", json.dumps(names, ensure_ascii=False).encode()),
            "articles.npy": write_array(folder / "articles.npy", table),
            "others.npy": write_array(folder / "others.npy", self.others),
            "rows.npy": write_array(folder / "rows.npy", np.stack([self.keys, self.articles])),
        }

    @classmethod
    def load(cls, folder: Path) -> Columns:
        """From files that were verified."""
        names = json.loads((folder / "columns.json").read_bytes())
        versions, ids, *codes = np.array(read_array(folder / "articles.npy"))
        keys, articles = np.array(read_array(folder / "rows.npy"))
        languages, sources, dates, stories = (code.astype(np.int32) for code in codes)
        others = np.array(read_array(folder / "others.npy"))
        questions = [(language, question) for language, question in names["questions"]]
        lists = (names["languages"], names["sources"], names["dates"], questions)
        columns = (versions, ids.view(np.uint64), languages, sources, dates, stories, others)
        return cls(*columns, keys, articles.astype(np.int32), *lists)

    def rows_of(self, keys: Int64) -> Int64:
        """The row of each key. Raises KeyError for one that is not in this generation."""
        rows = np.searchsorted(self.keys, keys)
        known = rows < len(self.keys)
        known[known] = self.keys[rows[known]] == keys[known]
        if not known.all():
            raise KeyError(int(keys[~known][0]))
        return rows.astype(np.int64)

    def version_of(self, article_id: str) -> int | None:
        """The article's version in this generation, if it has one; whoever reads it must compare the id itself."""
        places = np.flatnonzero(self.ids == _hashes([article_id])[0])
        return int(self.versions[places[0]]) if len(places) else None

    def stories_of(self, keys: Int64) -> Int32:
        """(n,): which story the article of each passage tells; reprints tell the same."""
        stories: Int32 = self.stories[self.articles[self.rows_of(keys)]]
        return stories

    @cached_property
    def publishers(self) -> Mapping[int, Sequence[str]]:
        """The sources of each story that has more than one article or copy; those of copies last."""
        copied = self.stories[self.others[0]]
        retold = np.unique(np.concatenate([self.stories[self.stories != np.arange(len(self.stories))], copied]))
        telling = np.flatnonzero(np.isin(self.stories, retold))
        told = [*zip(self.stories[telling].tolist(), self.sources[telling].tolist(), strict=True)]
        told += zip(copied.tolist(), self.others[1].tolist(), strict=True)
        found: dict[int, dict[str, None]] = {}
        for story, source in told:
            found.setdefault(story, {})[self.source_names[source]] = None
        return {story: [name for name in names if name] for story, names in found.items()}

    def article_mask(self, filters: Filters) -> Mask:
        """(a,) bool: the articles that pass, as :meth:`Filters.accepts`."""
        mask = np.ones(len(self.versions), dtype=bool)
        if filters.languages:
            mask &= _named(self.languages, self.language_names, filters.languages)
        if filters.sources:
            mask &= _named(self.sources, self.source_names, filters.sources)
        if filters.since or filters.until:
            first = bisect_left(self.date_names, filters.since or "\0")  # the empty date sorts before both
            last = bisect_right(self.date_names, filters.until) if filters.until else len(self.date_names)
            mask &= (self.dates >= first) & (self.dates < last)
        if filters.article_ids:
            mask &= np.isin(self.ids, _hashes(filters.article_ids))
        return mask

    def row_mask(self, filters: Filters) -> Mask | None:
        """(n,) bool: the rows whose article passes; None when every row does."""
        return self.article_mask(filters)[self.articles] if filters else None

    def newest_first(self, mask: Mask) -> Int64:
        """Versions of the articles in the mask, by date and then by version, newest first."""
        chosen = np.flatnonzero(mask)
        order = np.lexsort((self.versions[chosen], self.dates[chosen]))[::-1]
        return self.versions[chosen[order]]

    def counts(self, names: Sequence[str], codes: Int32) -> dict[str, int]:
        """How many articles have each name."""
        counted = np.bincount(codes, minlength=len(names)).tolist()
        return {name: count for name, count in zip(names, counted, strict=True) if count}  # none: a copy's alone


def _coded(values: Sequence[str]) -> tuple[Int32, list[str]]:
    names = sorted(set(values))
    places = {name: place for place, name in enumerate(names)}
    return np.array([places[value] for value in values], dtype=np.int32), names


def _hashes(ids: Sequence[str]) -> UInt64:
    return np.array([hash64(article_id) for article_id in ids], dtype=np.uint64)


def _named(codes: Int32, names: Sequence[str], wanted: Sequence[str]) -> Mask:
    return np.isin(codes, [place for place, name in enumerate(names) if name in set(wanted)])
