"""How much of an answer one source may take, and how its words stand among what others say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answering.outcome_texts import lone_text
from rag.answering.sources import Standing, shared_out, source_of, standing
from rag.documents import Article
from rag.retrieval.candidates import Candidate
from tests.answering.test_signals import candidate, query


@pytest.mark.parametrize(
    ("ranked", "most", "taken"),
    [
        ("aaab", 3, "aab"),  # the last place goes to another
        ("aaa", 3, "aaa"),  # unless there is none
        ("aaabb", 3, "aab"),
        ("abab", 3, "aba"),
        ("aaaabbbc", 6, "aaaabb"),  # none lost while all have room
        ("aaaaaab", 6, "aaaaab"),
        ("a", 3, "a"),
        ("", 3, ""),
    ],
)
def test_no_source_takes_more_than_its_share_where_others_wait(ranked: str, most: int, taken: str) -> None:
    assert "".join(shared_out(ranked, most, lambda each: each)) == taken


def passage(text: str, source: str = "", language: str = "en", relevance: float = 0.5) -> Candidate:
    made = candidate(text, language, [[0.5, 0.5]])
    signals = replace(made.signals, relevance=relevance)
    return replace(made, signals=signals, article=Article(source or text, text, source=source, language=language))


SAID = passage("37 missiles disappeared in Libya.", "Spam")
DISAGREE = passage("A thousand missiles disappeared in Libya.", "Wire")


@pytest.mark.parametrize(
    ("words", "others", "stands"),
    [
        ("37", [SAID], Standing(1, 0)),
        ("37", [SAID, DISAGREE], Standing(1, 1)),
        ("37", [SAID, passage("37 missiles are gone.", "Spam"), DISAGREE], Standing(1, 1)),  # a source is one voice
        ("37", [SAID, DISAGREE, passage("Some 37 missiles.", "Daily")], Standing(2, 1)),
        ("37", [SAID, passage("اختفى 37 صاروخا.", "Daily", "ar")], Standing(2, 0)),
        ("37", [SAID, passage("اختفى نحو ألف صاروخ.", "Daily", "ar")], Standing(1, 1)),
        ("37", [SAID, passage("Missiles are sought in Libya.", "Wire")], Standing(1, 0)),  # no number is given there
        ("37", [SAID, passage("A thousand camels.", "Wire", relevance=0.2)], Standing(1, 0)),  # of something else
        ("37", [SAID, replace(DISAGREE, also_in=("Daily",))], Standing(1, 1)),
        ("37", [SAID, passage("37 missiles.", "Daily"), passage("90 launchers.", "Daily")], Standing(2, 0)),
    ],
)
def test_who_else_says_so(words: str, others: list[Candidate], stands: Standing) -> None:
    asked = query("How many missiles disappeared in Libya?", "en")
    assert standing(asked, words, others[0], others) == stands


def test_reprints_count_and_articles_without_a_source_speak_for_themselves() -> None:
    asked = query("Who discovered penicillin?", "en")
    told = passage("Penicillin was discovered by Donald Duck.")
    fleming = passage("Fleming discovered penicillin.")
    assert standing(asked, "Donald Duck", told, [told, fleming]) == Standing(1, 1)
    assert standing(asked, "Donald Duck", replace(told, also_in=("Daily",)), [fleming]) == Standing(2, 1)
    assert [source_of(each.article) for each in (told, SAID)] == [told.article.text, "Spam"]


@pytest.mark.parametrize(("stands", "alone"), [((1, 1), True), ((1, 3), True), ((2, 1), False), ((1, 0), False)])
def test_it_is_told_only_where_others_could_have_said_so(stands: tuple[int, int], alone: bool) -> None:
    assert Standing(*stands).alone is alone


def test_the_line_is_in_the_language_of_the_question() -> None:
    said = [lone_text(language) for language in ("en", "fr", "ar", "sw")]
    assert said == ["Only one source says so", "Une seule source le dit", "لا يقول ذلك إلا مصدر واحد", said[0]]
