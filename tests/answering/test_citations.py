"""Markers in every form, never shown in halves; and the last check of every citation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.citations import (
    MarkerStream,
    check_citations,
    find_markers,
    rewrite_markers,
    strip_markers,
)
from rag.documents import Answer, AnswerSentence, Article, Citation, Gloss, ShortAnswer
from rag.errors import NotFoundError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a [1].", [(1,)]),
        ("a [2,3] b[1]", [(2, 3), (1,)]),
        ("[1-3]", [(1, 2, 3)]),
        ("[1–2, 4]", [(1, 2, 4)]),
        ("[1 and 2] [2 et 3] [1 و 4]", [(1, 2), (2, 3), (1, 4)]),
        ("【1】【2†source】", [(1,), (2,)]),
        ("［３］", [(3,)]),
        ("[١] [٢، ٣]", [(1,), (2, 3)]),
        ("[^1]", [(1,)]),
        ("[passage 1] [Passages 2 and 3] [source 4] [المقطع ٢] [passage1]", [(1,), (2, 3), (4,), (2,), (1,)]),
        ("[Source: 1] [Article 2] [Document 3] [Doc. 4] [ref #5]", [(1,), (2,), (3,), (4,), (5,)]),
        ("[المصدر: ١] [extrait 2]", [(1,), (2,)]),
        ("[page 1] [passage] [1 passage]", []),
        ("[1, 1]", [(1,)]),
        ("[0] [9] [4-99]", [(), (), (4, 5)]),
        ("[sic] [] [a1] [1000] 1] [x", []),
    ],
)
def test_markers_are_read(text: str, expected: list[tuple[int, ...]]) -> None:
    assert [m.numbers for m in find_markers(text, 5)] == expected


def test_a_marker_knows_where_it_stands() -> None:
    text = "Four states met [1, 2]."
    (marker,) = find_markers(text, 5)
    assert text[marker.start : marker.end] == "[1, 2]"


@pytest.mark.parametrize(
    ("text", "stripped", "rewritten"),
    [
        ("Four met [1].", "Four met.", "Four met [1]."),
        ("Four【2†x】 met [٣، 1].", "Four met.", "Four[2] met [3][1]."),
        ("Nobody [9] met [7].", "Nobody met.", "Nobody met."),
        ("[1-3]", "", "[1][2][3]"),
        ("Nobody [9]met", "Nobody met", "Nobody met"),
        ("] [9](x)", "] (x)", "] (x)"),
        ("قال [sic]", "قال [sic]", "قال [sic]"),
    ],
)
def test_markers_are_stripped_or_written_in_one_form(text: str, stripped: str, rewritten: str) -> None:
    assert strip_markers(text) == stripped
    assert rewrite_markers(text, 5) == rewritten


LOOSE = [
    ("Four met (2).", "Four met [2]."),
    ("Four met (1, 2). Two left (3)", "Four met [1][2]. Two left [3]"),
    ("Four met. (2) Two left.", "Four met. [2] Two left."),
    ("Four met (passage 2), two left (Source: 1).", "Four met [2], two left [1]."),
    ("اجتمعت أربع دول (٢).", "اجتمعت أربع دول [2]."),
    ("In May (2011) it had (12) members.", "In May (2011) it had (12) members."),
    ("Causes: (1) war, (2) hunger.", "Causes: (1) war, (2) hunger."),
    ("(1) War and\n(2) hunger.", "(1) War and\n(2) hunger."),
    ("Four met.¹ Two left.²", "Four met.[1] Two left.[2]"),
    ("Four states¹ met²³.", "Four states[1] met[2][3]."),
    ("It covers 40 km² or 9 m³.", "It covers 40 km² or 9 m³."),
    ("Four met.⁹", "Four met.⁹"),
    ("According to [1], four states met.", "Four [1] states met."),
    ("Two left. According to passage [2], four met.", "Two left. Four [2] met."),
    ("According to Passage 2: four met.", "Four [2] met."),
    ("Four met, according to [1].", "Four met [1]."),
    ("Four met, as stated in source 2, in May.", "Four met, in [2] May."),
    ("Selon [1], quatre pays.", "Quatre [1] pays."),
    ("وفقا للمقطع [١]، اجتمعت أربع دول.", "اجتمعت [1] أربع دول."),
    ("According to the minister, four met.", "According to the minister, four met."),
    ("It was, per capita, 2 dollars.", "It was, per capita, 2 dollars."),
]


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
@pytest.mark.parametrize(("text", "expected"), LOOSE)
def test_forms_without_brackets_become_markers(text: str, expected: str, size: int) -> None:
    assert "".join(streamed(text, size)) == expected


def streamed(text: str, size: int, passages: int = 5) -> list[str]:
    stream = MarkerStream(passages)
    return [*(stream.feed(text[i : i + size]) for i in range(0, len(text), size)), stream.finish()]


TEXTS = [
    "Four states met [1, 2]. Two left 【3†x】, they say [9].",
    "اجتمعت أربع دول [١، ٢] ثم افترقت [المقطع ٣].",
    "Four met [passage 1], two left [Passages 2 and 3].",
    "No markers, [sic] only [words in brackets] here!",
    "a [1](https://evil.example/x y) ![i](http://e.example) <b>x</b>",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_streaming_gives_the_same_text_whatever_the_pieces(text: str, size: int) -> None:
    whole = "".join(streamed(text, len(text)))
    assert "".join(streamed(text, size)) == whole


@pytest.mark.parametrize("size", [1, 2, 3])
def test_half_a_marker_is_never_shown(size: int) -> None:
    shown = ""
    for piece in streamed(TEXTS[0], size):
        shown += piece
        assert shown.count("[") == shown.count("]")
    assert shown == "Four states met [1][2]. Two left [3], they say."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Four met [1", "Four met"),
        ("Four met [", "Four met"),
        ("Four met [1, ", "Four met"),
        ("Met [passage", "Met"),
        ("", ""),
    ],
)
def test_a_marker_cut_short_is_left_out(text: str, expected: str) -> None:
    assert "".join(streamed(text, 1)) == expected


def test_a_script_without_spaces_is_not_held_for_ever() -> None:
    stream = MarkerStream(3)
    assert sum(len(stream.feed("四国会议")) for _ in range(100)) > 150


@given(st.text(alphabet="ab [1],.!()<:/2-】【و²per ", max_size=60), st.integers(1, 5))
def test_any_text_streams_as_it_is_rewritten_at_once(text: str, size: int) -> None:
    assert "".join(streamed(text, size)) == "".join(streamed(text, len(text) or 1))


ARTICLE = Article(id="a", text="مقدمة. أربع دول من منطقة الساحل وهي الجزائر ومالي.")
START, END = 7, len(ARTICLE.text)
PLACE = ARTICLE.text.index("الجزائر")
CITATION = Citation(
    *(1, "a", "", "", "", "", "ar", ARTICLE.text[START:END], START, END, 0.9),
    highlights=((PLACE, PLACE + 7),),
    glosses=(Gloss(PLACE, PLACE + 7, "الجزائر", "Algeria"),),
)
ANSWER = Answer(
    *("id", "q", "en", "answered", "Four [1] and Algeria [1][2].", "Four and Algeria."),
    short_answer=ShortAnswer("الجزائر", 1, PLACE, PLACE + 7),
    sentences=(AnswerSentence("Four and Algeria.", (1, 2)),),
    citations=(CITATION, replace(CITATION, number=2)),
    passages=(),
    confidence=0.5,
    answerer="extractive",
)


def article_of(article_id: str) -> Article:
    if article_id != "a":
        raise NotFoundError(f"No article {article_id}.")
    return ARTICLE


def test_an_exact_answer_passes_untouched() -> None:
    assert check_citations(ANSWER, article_of) is ANSWER


@pytest.mark.parametrize(
    "broken",
    [
        replace(CITATION, number=2, quote=CITATION.quote[:-1]),
        replace(CITATION, number=2, start=START + 1),
        replace(CITATION, number=2, end=END + 5),
        replace(CITATION, number=2, start=-3),
        replace(CITATION, number=2, article_id="gone"),
        replace(CITATION, number=2, highlights=((0, 3),)),
        replace(CITATION, number=2, glosses=(Gloss(PLACE, PLACE + 7, "مالي", "Mali"),)),
        replace(CITATION, number=2, quote="", start=3, end=3, highlights=(), glosses=()),
    ],
)
def test_a_citation_that_is_not_exact_goes_with_its_markers(broken: Citation) -> None:
    checked = check_citations(replace(ANSWER, citations=(CITATION, broken)), article_of)
    assert checked.citations == (CITATION,)
    assert checked.answer == "Four [1] and Algeria [1]."
    assert checked.sentences[0].citations == (1,)
    assert checked.warnings == ("A quote that does not match its article was left out.",)
    assert checked.status == "answered"
    assert checked.short_answer == ANSWER.short_answer


def test_an_answer_left_without_citations_is_not_found() -> None:
    checked = check_citations(replace(ANSWER, citations=(replace(CITATION, article_id="gone"),)), article_of)
    assert (checked.status, checked.citations, checked.short_answer) == ("not_found", (), None)
    assert checked.answer == "Four and Algeria."


@pytest.mark.parametrize(
    "short",
    [
        ShortAnswer("الجزائر", 3, PLACE, PLACE + 7),
        ShortAnswer("مالي", 1, PLACE, PLACE + 7),
        ShortAnswer("مقدمة", 1, 0, 5),
    ],
)
def test_a_short_answer_must_be_words_of_its_quote(short: ShortAnswer) -> None:
    checked = check_citations(replace(ANSWER, short_answer=short), article_of)
    assert checked.short_answer is None
    assert checked.citations == ANSWER.citations
