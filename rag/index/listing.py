"""The list of articles as a reader wants it: those whose names hold the words sought, in the order asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rag.documents import Int64, ListOrder
from rag.text.folding import normalise


@dataclass(frozen=True)
class Listing:
    """What articles are called, by version: their folded titles, whether they have a date, and what is searched."""

    titles: Mapping[int, str]
    dated: Mapping[int, bool]
    lines: Mapping[int, str]

    @classmethod
    def of(cls, names: Mapping[int, tuple[str, ...]]) -> Listing:
        """names: of each version the title, the date, then whatever else it may be found by."""
        folded = {version: normalise("\n".join(each)) for version, each in names.items()}
        titles = {version: line.partition("\n")[0] for version, line in folded.items()}
        return cls(titles, {version: bool(each[1]) for version, each in names.items()}, folded)

    def arranged(self, newest_first: Int64, words: str, order: ListOrder) -> Int64:
        """Those of ``newest_first`` (versions by date) that hold every word, each as part of a word too, in order."""
        wanted = normalise(words).split()
        if wanted:
            held = [all(word in self.lines.get(version, "") for word in wanted) for version in newest_first.tolist()]
            newest_first = newest_first[held]
        if order == "title":  # stable, so that the newest of one title comes first; without a title, last
            named = sorted(newest_first.tolist(), key=lambda version: (not self.titles[version], self.titles[version]))
            return np.array(named, dtype=np.int64)
        if order == "added":
            return np.sort(newest_first)[::-1]
        if order == "oldest":  # without a date, last here too
            known = np.array([self.dated[version] for version in newest_first.tolist()], dtype=np.bool_)
            return np.concatenate([newest_first[known][::-1], newest_first[~known]])
        return newest_first
