"""A model's text in pieces: words as they come, sentences whole, markers never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.citations import joined
from rag.answering.sentence_stream import SentenceStream
from rag.documents import AnswerSentence


def streamed(text: str, size: int = 1, passages: int = 3) -> list[str | AnswerSentence]:
    stream = SentenceStream(passages, "en")
    fed = [part for i in range(0, len(text), size) for part in stream.feed(text[i : i + size])]
    return [*fed, *stream.finish()]


def sentences(parts: list[str | AnswerSentence]) -> list[AnswerSentence]:
    return [part for part in parts if isinstance(part, AnswerSentence)]


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Four met [1]. Two left [2,3].", [("Four met.", (1,)), ("Two left.", (2, 3))]),
        ("Four met. [1] Two left. [2]", [("Four met.", (1,)), ("Two left.", (2,))]),
        ("Four met.[1] Two left.", [("Four met.", (1,)), ("Two left.", ())]),
        ("[1] Four met.", [("Four met.", (1,))]),
        ("Four [1] met [1].", [("Four met.", (1,))]),
        ("اجتمعت أربع دول [١]. ثم افترقت [٢].", [("اجتمعت أربع دول.", (1,)), ("ثم افترقت.", (2,))]),
        ("Answer: Four met [1]. Two left.", [("Four met.", (1,)), ("Two left.", ())]),
        ("**Final answer:** Four met [1].", [("Four met.", (1,))]),
        ("Réponse : quatre pays [1].", [("quatre pays.", (1,))]),
        ("الجواب: اجتمعت أربع دول [1].", [("اجتمعت أربع دول.", (1,))]),
        ("Answer four questions: who met [1].", [("Answer four questions: who met.", (1,))]),
        ("Answer:", []),
        ("Yes.", [("Yes.", ())]),
        ("", []),
        ("[1]", []),
    ],
)
def test_sentences_keep_their_numbers(text: str, expected: list[tuple[str, tuple[int, ...]]], size: int) -> None:
    assert [(s.text, s.citations) for s in sentences(streamed(text, size))] == expected


def test_words_come_before_their_sentence_is_whole() -> None:
    parts = streamed("Four states met in May [2]. Two of them left.")
    first = next(place for place, part in enumerate(parts) if isinstance(part, AnswerSentence))
    assert len(parts[:first]) > 3
    assert "".join(str(part) for part in parts[:first]) == "Four states met in May."
    assert parts[first] == AnswerSentence("Four states met in May.", (2,))


def test_a_boundary_within_what_was_shown_is_let_pass() -> None:
    stream = SentenceStream(3, "en")
    shown = [*stream.feed("It rose to 3. 5 million "), *stream.feed("people left. Then more came."), *stream.finish()]
    said = "".join(part for part in shown if isinstance(part, str))
    assert said == " ".join(sentence.text for sentence in sentences(shown))


def test_nothing_is_begun_until_something_is_shown() -> None:
    stream = SentenceStream(3, "en")
    assert list(stream.feed("[1] ")) == []
    assert not stream.begun
    assert list(stream.feed("Four states ")) != []
    assert stream.begun


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Four met [1]. Two left [2].", ["Four met.", "Two left."]),
        ("Four met [1]. Two le", ["Four met."]),
        ("Four met [1]. It cost 1.", ["Four met."]),
        ("Four met [1]. It was led by Dr.", ["Four met."]),
        ("اجتمعت أربع دول [١]. ثم افترقت", ["اجتمعت أربع دول."]),
        ("Four", []),
        ("", []),
    ],
)
def test_of_a_text_that_was_cut_whole_sentences_are_kept(text: str, kept: list[str]) -> None:
    stream = SentenceStream(3, "en")
    parts = [*stream.feed(text), *stream.finish(cut=True)]
    assert [sentence.text for sentence in sentences(parts)] == kept


def test_what_is_taken_back_leaves_nothing() -> None:
    stream = SentenceStream(3, "en")
    list(stream.feed("Four met [1]. Two "))
    stream.restart()
    assert not stream.begun
    assert [s.text for s in sentences([*stream.feed("Six met [1]."), *stream.finish()])] == ["Six met."]


@given(st.text(alphabet="aB. [1]!?\n,و؟", max_size=60), st.integers(1, 7))
def test_what_is_shown_is_what_the_sentences_say(text: str, size: int) -> None:
    parts = streamed(text, size)
    said = "".join(part for part in parts if isinstance(part, str))
    assert said == "".join(sentence.lead + sentence.text for sentence in sentences(parts))[1:]
    assert "[1]" not in said


def test_lines_and_paragraphs_are_kept_between_sentences() -> None:
    text = "It has:\n- Mali [1]\n- Niger [2].\n\n\nThat is all. Yes [1]."
    parts = sentences(streamed(text, 3))
    assert [each.lead for each in parts] == [" ", "\n", "\n", "\n\n", " "]
    assert joined(parts) == "It has:\n- Mali [1]\n- Niger. [2]\n\nThat is all. Yes. [1]"
    rows = sentences(streamed("| State | Men |\n|---|---|\n| Mali | 200 [1] |"))
    assert joined(rows) == "| State | Men |\n|---|---|\n| Mali | 200 [1] |"
