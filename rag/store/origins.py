"""Where articles were read from: sources (files), and the places in them that hold each article.

A source is skipped when its bytes are unchanged. Places with the same text share one stored article, which lives as
long as one of them does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from rag.documents import Article
from rag.store.database import Store
from rag.store.rows import text_hash
from rag.store.schema import RowError, checksum, store_errors


class ArticlePlace(NamedTuple):
    """One place an article was read from: its source, the article it has now, and the id that would have alone.

    publisher: who published it there, as the place tells.
    """

    origin: str
    source: str
    article_id: str
    own_id: str
    publisher: str = ""


class Origins:
    """The tables ``sources`` and ``origins``; changes belong inside the store's transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: sqlite3.Connection = store.connection

    def everything(self) -> tuple[list[tuple[str, str, str]], list[ArticlePlace]]:
        """All sources (origin, path, hash) and all places. Raises IndexDamagedError."""
        with store_errors(self._store.path):
            sources = self._connection.execute("SELECT origin, path, sha256 FROM sources").fetchall()
            rows = self._connection.execute(
                "SELECT origin, source, article_id, own_id, publisher, checksum FROM origins"
            ).fetchall()
            places = [ArticlePlace(*row[:-1]) for row in rows]
            if any(checksum(p.article_id, p.publisher) != row[-1] for p, row in zip(places, rows, strict=True)):
                raise RowError("a place of an article fails its checksum")
        return sources, places

    def clear(self) -> None:
        """Forget every source and place; the articles stay."""
        self._connection.execute("DELETE FROM origins")
        self._connection.execute("DELETE FROM sources")

    def knows(self, source: str) -> bool:
        """Whether the source is noted."""
        return self._connection.execute("SELECT 1 FROM sources WHERE origin = ?", (source,)).fetchone() is not None

    def record_source(self, source: str, path: str, sha256: str) -> None:
        """Note a source; an empty hash means that it is not read to its end."""
        self._connection.execute(
            "INSERT INTO sources VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET path = excluded.path, sha256 = excluded.sha256",
            (source, path, sha256),
        )

    def record(self, place: ArticlePlace) -> None:
        """Note what a place holds."""
        if self._place(place.origin) == place:
            return
        if place.publisher:
            self._store.mark_changed()
        self._connection.execute(
            "INSERT OR REPLACE INTO origins (origin, source, article_id, own_id, publisher, checksum) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (*place, checksum(place.article_id, place.publisher)),
        )

    def of_source(self, source: str) -> set[str]:
        """The places noted in a source."""
        return {row[0] for row in self._connection.execute("SELECT origin FROM origins WHERE source = ?", (source,))}

    def of_article(self, article_id: str) -> list[str]:
        """Every place the article was read from."""
        rows = self._connection.execute(
            "SELECT origin FROM origins WHERE article_id = ? ORDER BY origin", (article_id,)
        )
        return [row[0] for row in rows]

    def article_at(self, origin: str) -> str:
        """The id of the article a place holds; empty for an unknown place."""
        place = self._place(origin)
        return place.article_id if place else ""

    def path_at(self, origin: str) -> str:
        """The path of the file that a place is in; empty for an unknown place, and for one that is in no file."""
        query = "SELECT path FROM origins JOIN sources ON sources.origin = source WHERE origins.origin = ?"
        row = self._connection.execute(query, (origin,)).fetchone()
        return str(row[0]) if row else ""

    def under(self, roots: Iterable[Path]) -> set[str]:
        """Sources that were files at or below one of the (absolute) roots."""
        found: set[str] = set()
        for origin, path in self._connection.execute("SELECT origin, path FROM sources WHERE path != ''"):
            if any(Path(path).is_relative_to(root) for root in roots):
                found.add(origin)
        return found

    def forget_source(self, source: str, generation: int) -> list[str]:
        """Drop a source with its places; returns the ids of the articles that went with it."""
        gone = [article for origin in sorted(self.of_source(source)) if (article := self.leave(origin, generation))]
        self._connection.execute("DELETE FROM sources WHERE origin = ?", (source,))
        return gone

    def forget_article(self, article_id: str) -> None:
        """Drop every place of an article; its sources count as read."""
        self._connection.execute("DELETE FROM origins WHERE article_id = ?", (article_id,))

    def leave(self, origin: str, generation: int) -> str:
        """A place no longer holds its article; returns the article's id if that was its last place, else ''.

        An article that was named after this place keeps its id and takes another place's name.
        """
        place = self._place(origin)
        if place is None:
            return ""
        if place.publisher:
            self._store.mark_changed()
        self._connection.execute("DELETE FROM origins WHERE origin = ?", (origin,))
        article_id = place.article_id
        others = self.of_article(article_id)
        if not others:
            return article_id if self._store.remove(article_id, generation) else ""
        row = self._store.live(article_id)
        if row is not None:
            article = self._store.article(row.version)
            if article.origin == origin:
                self._store.copy(replace(article, origin=others[0]), row.version, generation)
        return ""

    def split_from(self, article: Article, generation: int) -> None:
        """Before ``article`` replaces the live one of its id: other places that hold the old text keep it.

        The old text goes on under the id that the first of those places would have given it.
        """
        others = [origin for origin in self.of_article(article.id) if origin != article.origin]
        row = self._store.live(article.id)
        if not others or row is None or row.text_sha256 == text_hash(article.text):
            return
        places = [place for origin in others if (place := self._place(origin))]
        new_id = places[0].own_id
        if new_id == article.id:  # the same article given from another place
            return
        if self._store.live(new_id) is None:
            old = replace(self._store.article(row.version), id=new_id, origin=others[0])
            self._store.copy(old, row.version, generation)
        for place in places:
            self.record(place._replace(article_id=new_id))

    def _place(self, origin: str) -> ArticlePlace | None:
        query = "SELECT origin, source, article_id, own_id, publisher FROM origins WHERE origin = ?"
        row = self._connection.execute(query, (origin,)).fetchone()
        return ArticlePlace(*row) if row else None
