"""An article cut into passages: whole sentences up to a token budget.

Where to cut is a shortest-path problem, as in breaking a paragraph into lines (Knuth and Plass 1981): every way of
cutting has a cost, low when passages are well filled and end where paragraphs end, and the cheapest wins. So the last
passage is no crumb, and no rule is needed for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from rag.documents import Article, Int32, Int64, Passage, Span
from rag.text.language import detect_language
from rag.text.sentences import split_paragraphs, split_sentences

CHUNKER_VERSION = 1
BUDGET = 256  # tokens of the longest passage; the title is not counted
TARGET = 200  # tokens of the passage that costs nothing
OVERLAP = 48  # a passage begins with the sentence before it when that has at most so many tokens
BROKEN_PARAGRAPH = 0.3  # cost of ending a passage inside a paragraph; an empty passage would cost 1
CHARS_PER_TOKEN = 16  # text with fewer tokens than that counts by its length
SLICE_CHARS = 100_000  # text given to the tokeniser at a time


_CLAUSE_END = re.compile(r"[،؛,;:–—]\s|[，；：、]")
_SPACE = re.compile(r"\s")
_INK = re.compile(r"\S")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")


def split_article(article: Article, token_spans: Callable[[str], Int32]) -> list[Passage]:
    """The passages of ``article`` in order, none over the budget; none for an article of white space.

    token_spans: text to the (n, 2) int32 character offsets of its tokens, as
    :meth:`rag.encoding.encoder.Encoder.token_spans`. A sentence that alone exceeds the budget is cut, at a clause or a
    space where there is one, and its parts count as sentences.
    """
    starts = _token_starts(article.text, token_spans)
    sentences = split_sentences(article.text, article.language)
    long = _sizes(sentences, starts) > BUDGET
    parts = (_parts(article.text, each, starts) if over else [each] for each, over in zip(sentences, long, strict=True))
    units = list(chain.from_iterable(parts))
    if not units:
        return []
    sizes = _sizes(units, starts)
    cuts = _cheapest_cuts(sizes, _paragraph_ends(article.text, units))
    return [_passage(article, units[first:last]) for first, last in cuts]


def _token_starts(text: str, token_spans: Callable[[str], Int32]) -> Int32:
    """(n,) int32, ascending: where each token of the text begins."""
    parts = [np.empty(0, dtype=np.int32)]
    begin = 0
    while begin < len(text):
        end = limit = min(begin + SLICE_CHARS, len(text))
        if limit < len(text):  # tokens do not cross white space, so cutting there changes none
            end = max(text.rfind(" ", begin, limit), text.rfind("\n", begin, limit)) + 1 or limit
        parts.append(token_spans(text[begin:end])[:, 0] + np.int32(begin))
        begin = end
    return np.concatenate(parts)


def _sizes(spans: Sequence[Span], starts: Int32) -> Int64:
    """(n,) tokens that begin in each span, or what its length makes likely if that is more; at least 1."""
    edges = np.array([(span.start, span.end) for span in spans], dtype=np.int32).reshape(-1, 2)
    tokens = np.diff(np.searchsorted(starts, edges), axis=1)
    likely = -(-np.diff(edges, axis=1) // CHARS_PER_TOKEN)
    sizes: Int64 = np.maximum(tokens, likely)[:, 0].astype(np.int64)
    return sizes


def _parts(text: str, sentence: Span, starts: Int32) -> Iterator[Span]:
    """The sentence, or parts of it that fit the budget."""
    while _sizes([sentence], starts)[0] > BUDGET:
        cut = _last_cut(text, sentence.start, _budget_end(sentence.start, starts))
        yield Span(sentence.start, sentence.start + len(text[sentence.start : cut].rstrip()))
        ink = _INK.search(text, cut, sentence.end)
        assert ink is not None  # the sentence ends in ink, and a part that reached its end would have fitted
        sentence = Span(ink.start(), sentence.end)
    yield sentence


def _budget_end(start: int, starts: Int32) -> int:
    """The furthest character to which a part that begins at ``start`` may reach."""
    over = int(np.searchsorted(starts, np.int32(start))) + BUDGET
    limit = start + BUDGET * CHARS_PER_TOKEN
    return max(min(limit, int(starts[over])) if over < len(starts) else limit, start + 1)


def _last_cut(text: str, start: int, limit: int) -> int:
    """Where to cut between the middle and ``limit``: after a clause, at white space, or between two characters."""
    middle = (start + limit) // 2
    for pattern in (_CLAUSE_END, _SPACE):
        if cuts := [match.end() for match in pattern.finditer(text, middle, limit)]:
            return cuts[-1]
    cut = limit
    while cut > middle + 1 and _continues_character(text, cut):
        cut -= 1
    return cut


def _continues_character(text: str, index: int) -> bool:
    marks = text[index : index + 1]
    return text[index - 1] == "\u200d" or marks in _JOINERS or unicodedata.category(marks or " ").startswith("M")


def _paragraph_ends(text: str, units: list[Span]) -> NDArray[np.bool_]:
    """(n,) bool: after which units a passage may well end. A heading ends a paragraph, but belongs to the next."""
    ends = {paragraph.end for paragraph in split_paragraphs(text)}
    good = [unit.end in ends and not text[unit.end - 1].isalnum() for unit in units]
    good[-1] = True
    return np.array(good)


def _cheapest_cuts(sizes: Int64, paragraph_ends: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(first, last + 1) unit of every passage of the cheapest way to cut, the repeated unit included.

    sizes: (n,) tokens of each unit, none over the budget. Time grows with n times the units a passage can hold.
    """
    count = len(sizes)
    totals = np.concatenate([[0], np.cumsum(sizes)])
    # What repeating the unit before adds to a passage that begins at each unit; a new paragraph needs no repetition.
    repeats = np.concatenate([[0], np.where((sizes[:-1] <= OVERLAP) & ~paragraph_ends[:-1], sizes[:-1], 0)])
    best = np.zeros(count + 1)
    best_first = np.zeros(count + 1, dtype=np.int64)
    repeated = np.zeros(count + 1, dtype=bool)
    low = 0
    for end in range(1, count + 1):
        low += int(np.searchsorted(totals[low:end], totals[end] - BUDGET))
        fresh = totals[end] - totals[low:end]
        fits = fresh + repeats[low:end] <= BUDGET
        filled = fresh + np.where(fits, repeats[low:end], 0)
        cost = best[low:end] + (filled / TARGET - 1) ** 2
        choice = int(np.argmin(cost))
        best[end] = cost[choice] + (0 if paragraph_ends[end - 1] else BROKEN_PARAGRAPH)
        best_first[end] = low + choice
        repeated[end] = fits[choice] and repeats[low + choice] > 0
    cuts = []
    end = count
    while end:
        first = int(best_first[end])
        cuts.append((first - int(repeated[end]), end))
        end = first
    return cuts[::-1]


def _passage(article: Article, units: list[Span]) -> Passage:
    start, end = units[0].start, units[-1].end
    text = article.text[start:end]
    return Passage(article.id, start, end, text, detect_language(text, article.language), tuple(units))
