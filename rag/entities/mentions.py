"""Spotting names in a text: countries, peoples, languages, months and weekdays.

Arabic is read through its proclitics (و ف ب ك ل ال) and folded spelling. Where a form is also a common word (مالي is
"Mali" and "financial", "May" is a verb) it counts only beside a cue, such as a preposition, another country in a list
or the day of the month: a wrong gloss is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rag.entities.lexicon import WORD, Entry, Name, base_language, is_known, lexicon, split_forms
from rag.languages.registry import of
from rag.text.folding import fold, normalise

_JOINT = re.compile(r"[\s\-–—'’&.,()]{1,4}")
_LIST_JOINT = re.compile(r"\s*[،,؛;/–—-]\s*")
_MARK = re.compile(r"[\u0640\u064b-\u0652\u0670]")


class Mention(NamedTuple):
    """A name found in a text, at ``text[start:end]`` (a separable proclitic is left out)."""

    name: Name
    start: int
    end: int


class _Word(NamedTuple):
    raw: str
    folded: str
    start: int
    end: int


class _Candidate(NamedTuple):
    entries: tuple[Entry, ...]  # what the same words may name
    first: int  # index of the first word, and one past the last
    last: int
    start: int
    end: int


def find_names(text: str, language: str) -> list[Mention]:
    """Names of ``text``, left to right, the longest form winning; empty for a language CLDR does not know."""
    language = base_language(language)
    if not is_known(language):
        return []
    return list(_page(text, language).mentions())


def possible_names(text: str, language: str) -> list[Mention]:
    """Every name some words of ``text`` could be, the doubtful ones too: for asking whether a text may speak of one."""
    language = base_language(language)
    return list(_page(text, language).possible()) if is_known(language) else []


@dataclass(frozen=True, slots=True)
class _Page:
    """A text as words, and the two steps over it: look the words up, then weigh what is doubtful by its neighbours."""

    text: str
    words: tuple[_Word, ...]
    language: str

    def mentions(self) -> Iterator[Mention]:
        candidates = list(self._candidates())
        certain = {i for c in candidates if not c.entries[0].ambiguous for i in range(c.first, c.last)}
        for candidate in candidates:
            entry = next((e for e in candidate.entries if self._accepts(candidate, e, certain)), None)
            if entry is not None and entry.name is not None:
                yield Mention(entry.name, candidate.start, candidate.end)

    def possible(self) -> Iterator[Mention]:
        for at, word in enumerate(self.words):
            for reading, dropped in _readings(word, self.language):
                for entry in lexicon(self.language).get(reading, ()):
                    if entry.name is not None and self._follows(at, entry, word.start + dropped):
                        last = self.words[at + len(entry.words) - 1]
                        yield Mention(entry.name, word.start + dropped, last.end)

    def _candidates(self) -> Iterator[_Candidate]:
        at = 0
        while at < len(self.words):
            found = self._match(at)
            if found is not None:
                yield found
            at = found.last if found is not None else at + 1

    def _match(self, at: int) -> _Candidate | None:
        """The longest entries that start at a word, read whole first and then without its proclitics."""
        best: _Candidate | None = None
        for reading, dropped in _readings(self.words[at], self.language):
            for entry in lexicon(self.language).get(reading, ()):
                start, last = self.words[at].start + dropped, at + len(entry.words)
                if (best is not None and last < best.last) or not self._follows(at, entry, start):
                    continue
                if best is None or last > best.last:
                    best = _Candidate((entry,), at, last, start, self.words[last - 1].end)
                elif best.start == start:
                    best = best._replace(entries=(*best.entries, entry))
        return best

    def _follows(self, at: int, entry: Entry, start: int) -> bool:
        """The rest of the entry's words stand where they should, closely, and are spelt as they must be."""
        written = self.words[at : at + len(entry.words)]
        if tuple(word.folded for word in written[1:]) != entry.words[1:]:
            return False
        if any(not _JOINT.fullmatch(self.text, a.end, b.start) for a, b in pairwise(written)):
            return False
        spelt = self.text[start : written[-1].end]
        if entry.form in split_forms(of(self.language).names.exact):
            return entry.form in (spelt, _MARK.sub("", spelt))
        return not entry.is_initials or spelt == entry.form.rstrip(".")

    def _accepts(self, candidate: _Candidate, entry: Entry, certain: set[int]) -> bool:
        """Casing, and for what is also a common word a cue beside it, make the entry a name here."""
        if entry.name is None:
            return True
        before = self.words[candidate.first - 1] if candidate.first else None
        after = self.words[candidate.last] if candidate.last < len(self.words) else None
        dated = any(word is not None and word.raw.isdigit() for word in (before, after))
        if not self._cased_well(entry, self.words[candidate.first : candidate.last], dated):
            return False
        proclitic = self.text[candidate.start - 1] if candidate.start > self.words[candidate.first].start else ""
        if entry.name.kind == "language":
            return self._cued(before, proclitic, "before_languages")
        if not entry.ambiguous or self._listed(candidate, certain):
            return True
        if entry.name.kind == "people" or entry.listed:
            return False
        if entry.name.kind in ("month", "hijri"):
            return dated or self._cued(before, "", "before_months") or self._cued(after, "", "after_months")
        is_person = after is not None and after.raw[0].isupper()  # Chad Smith
        return not is_person and self._cued(before, proclitic, "before_countries")

    def _listed(self, candidate: _Candidate, certain: set[int]) -> bool:
        """Another name stands beside it, joined by a comma, a slash or "and": موريتانيا ومالي."""
        known = of(self.language)
        conjunctions, and_letter = _folded_words(known.names.conjunctions), known.and_letter
        for near, step in ((candidate.first - 1, -1), (candidate.last, 1)):
            if not 0 <= near < len(self.words):
                continue
            if self.words[near].folded in conjunctions and near + step in certain:
                return True
            left, right = sorted((near, near - step))
            joined = _LIST_JOINT.fullmatch(self.text, self.words[left].end, self.words[right].start)
            if near in certain and (joined or self.words[right].folded[:1] == and_letter):
                return True
        return False

    def _cued(self, word: _Word | None, proclitic: str, table: str) -> bool:
        cues = _cues(table, self.language)
        return proclitic in cues or (word is not None and word.folded in cues)

    def _cased_well(self, entry: Entry, written: Sequence[_Word], dated: bool) -> bool:
        """Capitals where the form has them; a month or day written small is not taken from a capital (Mars)."""
        assert entry.name is not None
        wanted = [m.group() for m in WORD.finditer(entry.form)]
        if len(wanted) != len(written):  # joined Arabic
            return True
        if entry.name.kind in ("month", "weekday") and wanted[0].islower() and written[0].raw[0].isupper():
            return dated
        articles = _folded_words(of(self.language).names.articles)
        return all(
            word.raw[0].isupper() or form.lower() in articles
            for form, word in zip(wanted, written, strict=True)
            if form[0].isupper()
        )


def _page(text: str, language: str) -> _Page:
    words = tuple(_Word(m.group(), normalise(m.group()), m.start(), m.end()) for m in WORD.finditer(text))
    return _Page(text, words, language)


def _readings(word: _Word, language: str) -> Iterator[tuple[str, int]]:
    """(folded word, characters dropped in front): the word itself, then without what is written onto it.

    In Arabic without و or ف, then without ب, ك or ل too; the article counts as part of a name.
    """
    yield word.folded, 0
    known = of(language)
    if not known.prepositions:
        return
    offsets = fold(word.raw).offsets
    starts = [0]
    if word.folded[:1] in known.conjunctions and len(word.folded) > 2:
        starts.append(1)
        yield word.folded[1:], offsets[1]
    for start in starts:
        rest = word.folded[start:]
        contracted = next((form for form in known.articles[1:] if rest.startswith(form)), "")
        if contracted:  # the alef of the article is not written after ل
            yield known.articles[0] + rest[len(contracted) :], offsets[start]
        elif rest[:1] in known.prepositions and len(rest) > 2:
            yield rest[1:], offsets[start + 1]


@lru_cache(maxsize=32)
def _cues(table: str, language: str) -> frozenset[str]:
    forms: str = getattr(of(language).names, table)
    return frozenset(normalise(cue) for cue in split_forms(forms))


@lru_cache(maxsize=32)
def _folded_words(words: str) -> frozenset[str]:
    return frozenset(normalise(words).split())
