"""Lines that the files of a folder share: menus, calls to subscribe, notices of copyright.

Articles saved from one site carry the same lines around each story. A line is the site's where at least half of the
folder's files have it (of a sample, spread evenly), and five at the least.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from rag.documents import Article
from rag.reading.corpus import read_source
from rag.reading.sources import Source

SAMPLE: Final = 60  # files of a folder
LEAST: Final = 5  # files that share a line
_SHARE: Final = 0.5
_LINE_CHARS: Final = 200
_KINDS: Final = {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml"}  # one article a file, kept as lines


class Boilerplate:
    """The shared lines of each folder among ``sources``, learnt when a file of the folder is first asked about."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._folders: dict[Path, list[Source]] = defaultdict(list)
        self._lines: dict[Path, frozenset[str]] = {}
        for source in sources:
            if source.suffix in _KINDS:
                self._folders[source.path.parent].append(source)

    def without(self, article: Article, source: Source) -> Article:
        """The article, read from ``source``, less the lines its folder shares; a warning counts them.

        Articles that would lose more than half of their text are reprints of each other, not pages of a site: they
        stay whole.
        """
        lines = self._lines_of(source) if source.suffix in _KINDS else frozenset[str]()
        if not lines:
            return article
        given = article.text.split("\n")
        kept = [line for line in given if line.strip() not in lines]
        text = "\n".join(kept).strip()
        if len(kept) == len(given) or 2 * len(text) < len(article.text):
            return article
        warning = f"left out {len(given) - len(kept)} lines that most files of its folder share"
        return replace(article, text=text, warnings=(*article.warnings, warning))

    def _lines_of(self, source: Source) -> frozenset[str]:
        folder = source.path.parent
        if folder not in self._lines:
            self._lines[folder] = _learn(self._folders[folder])
        return self._lines[folder]


def _learn(sources: Sequence[Source]) -> frozenset[str]:
    if len(sources) < LEAST:
        return frozenset()
    sample = sources[:: max(1, len(sources) // SAMPLE)][:SAMPLE]
    texts = [found.text for source in sample for found in read_source(source) if isinstance(found, Article)]
    return shared_lines(texts)


def shared_lines(texts: Sequence[str]) -> frozenset[str]:
    """The lines, stripped, that at least half of ``texts`` and at least five of them have."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({line.strip() for line in text.split("\n") if len(line) <= _LINE_CHARS})
    least = max(LEAST, _SHARE * len(texts))
    return frozenset(line for line, count in counts.items() if line and count >= least)
