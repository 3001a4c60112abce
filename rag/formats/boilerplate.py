"""Lines that the files of a folder share: menus, calls to subscribe, notices of copyright.

Articles saved from one site carry the same lines around each story. A line is the site's where at least half of the
folder's files have it (of a sample, spread evenly), and five at the least.

The lines are learnt from the folder as it is on the disk whenever a file of it is read, and kept nowhere: an article
stays as it was stored until its own file changes or everything is read again, so that a line which becomes the site's
later re-indexes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from rag.documents import Article
from rag.formats.articles import read_source
from rag.formats.sources import Source, files_in

# Cautious guesses, not measured: a line of a story must not be taken for the site's.
SAMPLE: Final = 60  # files of a folder; more would only make the first file of it slower
LEAST: Final = 5  # files that share a line
_SHARE: Final = 0.5  # of the files sampled
_LINE_CHARS: Final = 200  # menus and notices are shorter than that, paragraphs longer
_FILE_BYTES: Final = 1_000_000  # a larger one is no page of a site
_FOLDERS: Final = 32  # remembered at once: files come folder by folder
_KINDS: Final = {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml"}  # one article a file, kept as lines


class Boilerplate:
    """The shared lines of each folder, learnt when a file of the folder is first asked about. Not for many threads."""

    def __init__(self) -> None:
        self._lines_of = lru_cache(_FOLDERS)(_learn)

    def without(self, article: Article, source: Source) -> Article:
        """The article, read from ``source``, less the lines its folder shares; a warning counts them.

        Articles that would lose more than half of their text are reprints of each other, not pages of a site: they
        stay whole.
        """
        lines = self._lines_of(source.path.absolute().parent) if source.suffix in _KINDS else frozenset[str]()
        if not lines:
            return article
        given = article.text.split("\n")
        kept = [line for line in given if line.strip() not in lines]
        text = "\n".join(kept).strip()
        if len(kept) == len(given) or 2 * len(text) < len(article.text):
            return article
        warning = f"left out lines that most files of its folder share: {len(given) - len(kept)}"
        return replace(article, text=text, warnings=(*article.warnings, warning))


def _learn(folder: Path) -> frozenset[str]:
    sources = [source for source in files_in(folder) if source.suffix in _KINDS]
    if len(sources) < LEAST:
        return frozenset()
    return shared_lines(_texts(sources[:: max(1, len(sources) // SAMPLE)][:SAMPLE]))


def _texts(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        if _is_small(source.path):
            yield from (found.text for found in read_source(source) if isinstance(found, Article))


def _is_small(path: Path) -> bool:
    try:
        return path.stat().st_size <= _FILE_BYTES
    except OSError:  # it went meanwhile
        return False


def shared_lines(texts: Iterable[str]) -> frozenset[str]:
    """The lines, stripped, that at least half of ``texts`` and at least five of them have."""
    counts: Counter[str] = Counter()
    read = 0
    for text in texts:  # one at a time: memory holds their lines, not the articles
        read += 1
        counts.update({line.strip() for line in text.split("\n") if len(line) <= _LINE_CHARS})
    least = max(LEAST, _SHARE * read)
    return frozenset(line for line, count in counts.items() if line and count >= least)
