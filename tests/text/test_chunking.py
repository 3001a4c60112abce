"""Passages: whole sentences, within the budget, whatever the text."""

from __future__ import annotations

import itertools
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.documents import Article, Int32, Passage, Span
from rag.text import chunking
from rag.text.chunking import BUDGET, CHARS_PER_TOKEN, OVERLAP, SLICE_CHARS, split_article
from rag.text.sentences import split_sentences


def words(text: str) -> Int32:
    """A token a word."""
    return np.array([match.span() for match in re.finditer(r"\w+", text)], dtype=np.int32).reshape(-1, 2)


def letters(text: str) -> Int32:
    """A token a character that is not white space."""
    return np.array([match.span() for match in re.finditer(r"\S", text)], dtype=np.int32).reshape(-1, 2)


def article(text: str, language: str = "en") -> Article:
    return Article("a1", text, language=language)


def sentence(number: int, length: int) -> str:
    return f"Number {number} has " + " ".join(["word"] * (length - 4)) + " here."


def sizes(passages: list[Passage]) -> list[int]:
    return [len(words(passage.text)) for passage in passages]


def test_a_short_article_is_one_passage() -> None:
    text = "  The army left.\n It came back.  "
    (passage,) = split_article(article(text), words)
    assert passage == Passage("a1", 2, 31, text[2:31], "en", (Span(2, 16), Span(18, 31)))


@pytest.mark.parametrize("text", ["", " \n\t ", "\u2028"])
def test_white_space_has_no_passages(text: str) -> None:
    assert split_article(article(text), words) == []


def test_sentences_stay_whole_and_the_last_passage_is_no_crumb() -> None:
    text = " ".join(sentence(i, 60) for i in range(9))  # 540 tokens: 240 + 240 + 60 if filled from the left
    passages = split_article(article(text), words)
    assert sizes(passages) == [180, 180, 180]
    assert [len(passage.sentences) for passage in passages] == [3, 3, 3]


def test_a_short_sentence_before_the_cut_is_repeated() -> None:
    text = " ".join(sentence(i, 40) for i in range(10))
    passages = split_article(article(text), words)
    assert len(passages) > 1
    for before, after in pairwise(passages):
        assert after.sentences[0] == before.sentences[-1]


def test_a_long_sentence_is_not_repeated() -> None:
    text = " ".join(sentence(i, OVERLAP + 1) for i in range(10))
    passages = split_article(article(text), words)
    assert len(passages) > 1
    for before, after in pairwise(passages):
        assert after.start >= before.end


def test_paragraphs_are_preferred_and_their_first_sentences_need_no_overlap() -> None:
    paragraphs = [" ".join(sentence(i, 40) for i in range(5)) for _ in range(3)]
    passages = split_article(article("\n\n".join(paragraphs)), words)
    assert [passage.text for passage in passages] == paragraphs


def test_a_heading_goes_with_what_follows() -> None:
    body = " ".join(sentence(i, 45) for i in range(4))
    passages = split_article(article(f"{body}\n\nA heading of five words\n\n{body}"), words)
    assert [passage.text for passage in passages] == [body, f"A heading of five words\n\n{body}"]


def test_the_cheapest_cuts_are_the_cheapest_of_all() -> None:
    """Against brute force over every way to cut, on small random cases."""
    random = np.random.default_rng(7)
    for _ in range(60):
        count = int(random.integers(1, 8))
        sizes_ = random.integers(1, 150, count)
        ends = random.random(count) < 0.3
        ends[-1] = True
        cuts = chunking._cheapest_cuts(sizes_, ends)
        every = [[0, *inner, count] for k in range(count) for inner in itertools.combinations(range(1, count), k)]
        costs = [cost for cost in (cost_of(sizes_, ends, bounds) for bounds in every) if cost is not None]
        assert cuts[-1][1] == count
        found = cost_of(sizes_, ends, [0, *(last for _, last in cuts)])
        assert found == pytest.approx(min(costs))


def cost_of(sizes_: np.ndarray, ends: np.ndarray, bounds: list[int]) -> float | None:
    total = 0.0
    for first, last in pairwise(bounds):
        filled = sizes_[first:last].sum()
        if filled > BUDGET:
            return None
        if first and not ends[first - 1] and sizes_[first - 1] <= OVERLAP and filled + sizes_[first - 1] <= BUDGET:
            filled += sizes_[first - 1]
        total += (filled / chunking.TARGET - 1) ** 2 + (0 if ends[last - 1] else chunking.BROKEN_PARAGRAPH)
    return total


def test_a_sentence_over_the_budget_is_cut_after_clauses() -> None:
    text = "وقال إن " + ", ".join(["one two three four"] * 150) + "."
    passages = split_article(article(text), words)
    assert max(sizes(passages)) <= BUDGET
    assert all(passage.text.endswith((",", ".")) for passage in passages)


def test_a_sentence_over_the_budget_without_clauses_is_cut_between_words() -> None:
    text = "word " * 1000 + "end."
    passages = split_article(article(text), words)
    assert max(sizes(passages)) <= BUDGET
    assert {word for passage in passages for word in passage.text.split()} == {"word", "end."}


def test_without_spaces_a_cut_parts_no_character_from_its_marks() -> None:
    text = "e\u0301" * 3000
    passages = split_article(article(text), letters)
    assert "".join(passage.text for passage in passages) == text
    assert all(not passage.text.startswith("\u0301") for passage in passages)


def test_text_without_tokens_counts_by_its_length() -> None:
    passages = split_article(article("*" * 100_000), words)
    assert max(len(passage.text) for passage in passages) <= BUDGET * CHARS_PER_TOKEN


def test_each_passage_has_its_own_language() -> None:
    english = " ".join(sentence(i, 50) for i in range(4))
    arabic = " ".join(["وكشفت مصادر مطلعة أن ممثلين عن الدول عقدوا اجتماعا لتنسيق الجهود."] * 18)
    passages = split_article(article(f"{arabic}\n\n{english}", "ar"), words)
    assert {passage.language for passage in passages} == {"ar", "en"}
    assert [passage.language for passage in split_article(article("2011 - 2012", "fr"), words)] == ["fr"]


def test_a_long_article_is_tokenised_in_slices_cut_at_white_space() -> None:
    text = "The ministers met on Monday. " * 10_000
    given: list[str] = []

    def spy(part: str) -> Int32:
        given.append(part)
        return words(part)

    passages = split_article(article(text), spy)
    assert "".join(given) == text
    assert max(map(len, given)) <= SLICE_CHARS
    assert all(part.endswith((" ", "\n")) for part in given)
    assert passages == split_article(article(text), words)


def test_the_seed(seed_path: Path) -> None:
    text = seed_path.read_text(encoding="utf-8")
    passages = split_article(article(text, "ar"), words)
    sentences = split_sentences(text, "ar")
    assert max(sizes(passages)) <= BUDGET
    assert sorted({span.start for passage in passages for span in passage.sentences}) == [s.start for s in sentences]
    assert {passage.language for passage in passages} == {"ar"}


@pytest.mark.timeout(60)  # quadratic work would take many minutes
@pytest.mark.parametrize("piece", ["a. ", "a" * 50, "word ", "\n\nA.", "كلمة، ", "你"])
def test_time_grows_with_the_text_only(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert split_article(article(text), words)


pieces = st.sampled_from(
    [
        "word ",
        "كلمة ",
        "Stop. ",
        "توقف. ",
        "\n\n",
        "، ",
        ", ",
        "你",
        "e\u0301",
        "\u064e",
        "\x00",
        "\ud800",
        "\u202e",
        "😀\u200d😀",
    ]
)


@settings(deadline=None)
@given(st.lists(st.tuples(pieces, st.integers(1, 400)), max_size=8), st.sampled_from([words, letters]))
def test_passages_keep_every_promise(runs: list[tuple[str, int]], token_spans) -> None:
    text = "".join(piece * times for piece, times in runs)
    passages = split_article(article(text), token_spans)
    starts = token_spans(text)[:, 0]
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        assert np.count_nonzero((starts >= passage.start) & (starts < passage.end)) <= BUDGET
        for before, after in pairwise(passage.sentences):
            assert text[before.end : after.start].strip() == ""
    spans = sorted({span for passage in passages for span in passage.sentences}, key=lambda span: span.start)
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
