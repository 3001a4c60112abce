"""What a reader is shown, what it finds there, and how that ranks passages anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.sentence_choice import ScoredSentence, SentenceChoice
from rag.answering.window_reader import CLOSE, MOST_MARGIN, WORTH, WindowReader
from rag.documents import Article, Filters, Span
from rag.retrieval.candidates import Candidate, FoundWords
from rag.retrieval.retriever import Retriever
from tests.answering.staff import over, ranked
from tests.fakes import ScriptedReader

# -- sentences -------------------------------------------------------------------------------------------------------

TEXT = (
    "Algeria, Mali and Niger formed a joint staff in May. The joint staff sits in “Tamanrasset (south)”. "
    "Rain fell on the desert. The joint staff met twice."
)
SITS = "Where does the joint staff sit?"
FIRST = replace(SentenceChoice.load(with_reader=True), margin=0.0, reading=0.0)  # quotes the best sentence alone


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    coffee = Article("coffee", "Coffee is a sign of welcome. It is drunk with dates.", language="en")
    yield from over(tmp_path_factory.mktemp("index"), Article("staff", TEXT, language="en"), coffee)


def sentences(retriever: Retriever, question: str = SITS) -> list[ScoredSentence]:
    return ranked(retriever, question)[2]


def test_the_best_sentence_is_read_with_its_neighbours(retriever: Retriever) -> None:
    reader = ScriptedReader(Tamanrasset=-3.0)
    asked = sentences(retriever)
    found = WindowReader(reader).find(SITS, asked, FIRST)
    assert reader.read_texts == [TEXT]
    assert set(found) == {sentence.place for sentence in asked if sentence.article.id == "staff"}
    words = found["staff", TEXT.index("The joint staff sits")]
    assert words.span.of(TEXT) == "Tamanrasset"
    assert words.margin == -3.0


@pytest.mark.parametrize(("before", "texts"), [("sits", []), ("Rain", [TEXT])])
def test_the_best_sentence_is_read_now_only_if_it_was_not_before(
    retriever: Retriever, before: str, texts: list[str]
) -> None:
    asked = sentences(retriever)
    place, words = next(each.place for each in asked if before in each.text), FoundWords(Span(0, 1), 7.0)
    known = [replace(each, candidate=replace(each.candidate, found={place: words})) for each in asked]
    apart = [replace(each, score=-float(row)) for row, each in enumerate(known)]
    reader = ScriptedReader()
    found = WindowReader(reader).find(SITS, apart, FIRST)
    assert reader.read_texts == texts
    assert found[place] == words


@pytest.mark.parametrize(
    ("margin", "behind", "is_read"),
    [(0.0, 0.4 * CLOSE, True), (0.0, 0.6 * CLOSE, False), (-100.0, 0.9 * CLOSE, True), (100.0, 0.1 * CLOSE, False)],
)
def test_a_sentence_that_comes_close_to_a_doubtful_one_is_read_too(
    retriever: Retriever, margin: float, behind: float, is_read: bool
) -> None:
    best, rival, third, *_ = sentences(retriever)
    known = replace(best.candidate, found={best.place: FoundWords(Span(0, 1), margin)})
    scores = [(best, 0.0), (rival, -behind), (third, -behind)]
    reader = ScriptedReader()
    WindowReader(reader).find(SITS, [replace(each, candidate=known, score=score) for each, score in scores], FIRST)
    assert len(reader.read_texts) == is_read


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (8, "The joint staff sits in “Tamanrasset (south)”."),
        (18, TEXT[: TEXT.index(" Rain")]),
        (23, TEXT[: TEXT.index(" The joint staff met")]),
        (500, TEXT),
    ],
)
def test_a_window_grows_while_there_is_room(retriever: Retriever, tokens: int, text: str) -> None:
    reader, question = ScriptedReader(), "Where does the joint staff of Tamanrasset sit?"
    asked = sentences(retriever, question)
    assert asked[0].text.startswith("The joint staff sits")
    WindowReader(reader, window_tokens=tokens).find(question, asked, FIRST)
    assert reader.read_texts == [text]


@pytest.mark.parametrize(
    ("marked", "kept"),
    [
        ("“Tamanrasset (south)”.", "Tamanrasset (south)"),
        ("“Tamanrasset (south", "Tamanrasset (south"),
        ("Tamanrasset (", "Tamanrasset"),
        ("in", "in"),
        (".", "."),
    ],
)
def test_marked_words_lose_what_hangs_at_their_edges(retriever: Retriever, marked: str, kept: str) -> None:
    found = WindowReader(ScriptedReader(**{marked: 1.0})).find(SITS, sentences(retriever), FIRST)
    assert kept in {words.span.of(TEXT) for (article, _), words in found.items() if article == "staff"}


def test_without_sentences_nothing_is_found() -> None:
    assert WindowReader(ScriptedReader()).find("why?", [], FIRST) == {}


@pytest.mark.parametrize(("margin", "share"), [(0.0, 0.5), (1000.0, 1.0), (-1000.0, 0.0)])
def test_a_margin_as_a_share(margin: float, share: float) -> None:
    assert FoundWords(Span(0, 1), margin).likelihood == pytest.approx(share)


# -- passages --------------------------------------------------------------------------------------------------------

TEXTS = {
    "staff": "Four countries formed a joint staff. It fights smuggling.",
    "seat": "The joint staff sits in Tamanrasset. Rain fell.",
    "coffee": "Coffee is a sign of welcome. It is drunk with dates.",
}
QUESTION = "Which countries formed the joint staff?"
FAR = 10.0  # far enough for every passage: these scores lie further apart than the real encoder's
SURE = FAR / WORTH  # a margin with which any of them would come first


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> list[Candidate]:
    """What is found for QUESTION, before any of it is read."""
    folder: Path = tmp_path_factory.mktemp("passages")
    for each in over(folder, *(Article(name, text, language="en") for name, text in TEXTS.items())):
        found = each.search(each.query(QUESTION, "en"), Filters(), 5)
    return list(found.candidates)


def read(
    before: Sequence[Candidate], reader: ScriptedReader, most: int = 6, reach: float = FAR, likely: float = SURE
) -> list[Candidate]:
    return WindowReader(reader, most, reach, likely=likely).rank(QUESTION, before)


def scores(candidates: Sequence[Candidate]) -> dict[str, float]:
    return {candidate.article.id: candidate.score for candidate in candidates}


def test_a_passage_whose_words_answer_comes_before_those_whose_words_do_not(before: list[Candidate]) -> None:
    after = read(before, ScriptedReader(Tamanrasset=1000.0))
    unread, lost = scores(before), WORTH * (-10.0 - MOST_MARGIN)
    assert before[0].article.id == "staff"
    assert scores(after) == pytest.approx(
        {"staff": unread["staff"] + lost, "seat": unread["seat"], "coffee": unread["coffee"] + lost}
    )
    assert [each.score for each in after] == sorted((each.score for each in after), reverse=True)


def test_each_passage_keeps_what_was_found_in_it(before: list[Candidate]) -> None:
    seat = next(each for each in read(before, ScriptedReader(Tamanrasset=3.0)) if each.article.id == "seat")
    assert [words.span.of(TEXTS["seat"]) for words in seat.found.values()] == ["Tamanrasset", "Rain"]
    assert set(seat.found) == {("seat", sentence.start) for sentence in seat.passage.sentences}


def test_where_the_best_passage_answers_no_other_is_read(before: list[Candidate]) -> None:
    reader = ScriptedReader(countries=0.0, Tamanrasset=9.0)
    after = read(before, reader)
    assert reader.read_texts == [TEXTS["staff"]]
    assert list(scores(after).items()) == list(scores(before).items())
    assert not any(candidate.found for candidate in after[1:])


@pytest.mark.parametrize(("reader", "lost"), [({"joint staff": -1.0}, 0.0), ({"Tamanrasset": -1.0}, 9 * WORTH)])
def test_passages_left_unread_lose_as_much_as_the_worst_read(
    before: list[Candidate], reader: dict[str, float], lost: float
) -> None:
    after = scores(read(before, ScriptedReader(**reader), most=2))
    assert after[before[2].article.id] == pytest.approx(before[2].score - lost)


def test_passages_far_below_the_best_are_not_read(before: list[Candidate]) -> None:
    reader = ScriptedReader()
    read(before, reader, reach=before[0].score - before[1].score)
    assert reader.read_texts == [TEXTS[before[0].article.id], TEXTS[before[1].article.id]]


@pytest.mark.parametrize(
    ("behind", "margin", "others"),
    [
        ([0.05, 0.1], -2.0, 1),  # with a margin of 4 the second would come .022 before the first, the third .028 after
        ([0.05, 0.1], -5.0, 2),
        ([0.05, 0.1], -0.1, 0),
        ([0.05, 0.1], 0.0, 0),
        ([0.12, 0.12], -12.0, 2),
        ([0.12, 0.12], -5.0, 0),
        ([0.0, 0.0], -0.1, 2),
    ],
)
def test_another_passage_is_read_only_where_it_may_still_come_first(
    before: list[Candidate], behind: list[float], margin: float, others: int
) -> None:
    scored = [replace(each, score=1 - by) for each, by in zip(before, [0.0, *behind], strict=True)]
    reader = ScriptedReader(countries=margin)
    read(scored, reader, likely=4.0)
    assert len(reader.read_texts) == 1 + others


def test_a_passage_that_answers_leaves_those_unread_that_stand_too_far_below_it(before: list[Candidate]) -> None:
    scored = [replace(each, score=score) for each, score in zip(before, [1.0, 0.99, 0.95], strict=True)]
    reader = ScriptedReader(countries=-8.0, Tamanrasset=6.0)
    read(scored, reader, likely=4.0)
    assert [text for text in TEXTS.values() if text in reader.read_texts] == [TEXTS["staff"], TEXTS["seat"]]


def test_without_passages_nothing_is_read() -> None:
    assert read([], ScriptedReader()) == []
