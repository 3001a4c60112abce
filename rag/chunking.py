"""An article cut into passages: whole sentences up to a token budget.

Where to cut is a shortest-path problem, as in breaking a paragraph into lines (Knuth and Plass 1981): every way of
cutting has a cost, low when passages are well filled and end where paragraphs end, and the cheapest wins. So the last
passage is not a crumb, and no rule is needed for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from rag.documents import Article, Int32, Passage, Span
from rag.language import detect_language
from rag.sentences import split_sentences

CHUNKER_VERSION = 1
BUDGET = 256  # tokens of the longest passage
TARGET = 200  # tokens of the passage we like best
OVERLAP = 48  # a passage begins with the sentence before it when that has at most so many tokens
PARAGRAPH_BONUS = 0.3  # cost saved by ending a passage where a paragraph ends
CHARS_PER_TOKEN = 16  # text the encoder has few tokens for still counts by its length
SLICE_CHARS = 100_000  # text given to the tokeniser at a time

Int64 = NDArray[np.int64]

_PARAGRAPH = re.compile(r"[^\S\n]*\n[^\S\n]*\n|\r\n[^\S\n]*\r\n")
_CLAUSE = re.compile(r"[،؛,;:，；：、–—]\s|\s")


def split_article(article: Article, token_spans: Callable[[str], Int32]) -> list[Passage]:
    """The passages of ``article`` in order, none over the budget; none for an article of white space.

    token_spans: text to the (n, 2) int32 character offsets of its tokens, as :meth:`rag.encoder.Encoder.token_spans`.
    """
    text = article.text
    sentences = split_sentences(text, article.language)
    starts = _token_starts(text, sentences, token_spans)
    units = [piece for sentence in sentences for piece in _pieces(text, sentence, starts)]
    if not units:
        return []
    sizes = np.array([_size(unit, starts) for unit in units], dtype=np.int64)
    ends_paragraph = np.array([_ends_paragraph(text, units, i) for i in range(len(units))])
    return [_passage(article, units[first:last]) for first, last in _cheapest_cuts(sizes, ends_paragraph)]


def _token_starts(text: str, sentences: list[Span], token_spans: Callable[[str], Int32]) -> Int32:
    """(n,) int32, ascending: where each token of the text begins. Long texts go in slices of whole sentences."""
    parts: list[Int32] = []
    begin = 0
    for i, sentence in enumerate(sentences):
        final = i == len(sentences) - 1
        while final or sentence.end - begin >= SLICE_CHARS:
            end = len(text) if final and len(text) - begin <= SLICE_CHARS else min(sentence.end, begin + SLICE_CHARS)
            parts.append(token_spans(text[begin:end])[:, 0] + np.int32(begin))
            begin = end
            if end >= sentence.end:
                break
    return np.concatenate(parts).astype(np.int32) if parts else np.empty(0, dtype=np.int32)


def _size(span: Span, starts: Int32) -> int:
    """Tokens that begin in ``span``, or what its length makes likely if that is more."""
    low, high = np.searchsorted(starts, (span.start, span.end))
    return max(int(high - low), -(-len(span) // CHARS_PER_TOKEN))


def _pieces(text: str, sentence: Span, starts: Int32) -> Iterator[Span]:
    """The sentence, or parts of it that fit the budget, cut after a clause or between words where there is one."""
    while _size(sentence, starts) > BUDGET:
        low = int(np.searchsorted(starts, sentence.start))
        limit = sentence.start + BUDGET * CHARS_PER_TOKEN
        if low + BUDGET < len(starts):
            limit = min(limit, int(starts[low + BUDGET]))
        middle = sentence.start + (limit - sentence.start) // 2
        cuts = [m.end() for m in _CLAUSE.finditer(text, middle, limit)]
        cut = cuts[-1] if cuts else max(limit, sentence.start + 1)
        yield Span(sentence.start, sentence.start + len(text[sentence.start : cut].rstrip()))
        rest = text[cut : sentence.end]
        sentence = Span(cut + len(rest) - len(rest.lstrip()), sentence.end)
    if len(sentence):
        yield sentence


def _ends_paragraph(text: str, units: list[Span], index: int) -> bool:
    if index == len(units) - 1:
        return True
    return _PARAGRAPH.search(text, units[index].end, units[index + 1].start) is not None


def _cheapest_cuts(sizes: Int64, ends_paragraph: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(first, last + 1) unit of every passage, overlap included, of the cheapest way to cut."""
    count = len(sizes)
    totals = np.concatenate([[0], np.cumsum(sizes)])
    # What the unit before adds to a passage that begins at each unit, where it is short enough to be repeated.
    overlaps = np.concatenate([[0], np.where(sizes[:-1] <= OVERLAP, sizes[:-1], 0)])
    best = np.zeros(count + 1)
    best_first = np.zeros(count + 1, dtype=np.int64)
    low = 0
    for end in range(1, count + 1):
        low += int(np.searchsorted(totals[low:end], totals[end] - BUDGET))
        fresh = totals[end] - totals[low:end]
        filled = np.where(fresh + overlaps[low:end] <= BUDGET, fresh + overlaps[low:end], fresh)
        cost = best[low:end] + ((filled - TARGET) / TARGET) ** 2 + (0 if ends_paragraph[end - 1] else PARAGRAPH_BONUS)
        choice = int(np.argmin(cost))
        best[end], best_first[end] = cost[choice], low + choice
    cuts = []
    end = count
    while end:
        first = int(best_first[end])
        repeated = overlaps[first] and totals[end] - totals[first] + overlaps[first] <= BUDGET
        cuts.append((first - 1 if repeated else first, end))
        end = first
    return cuts[::-1]


def _passage(article: Article, units: list[Span]) -> Passage:
    start, end = units[0].start, units[-1].end
    text = article.text[start:end]
    return Passage(article.id, start, end, text, detect_language(text, article.language), tuple(units))
