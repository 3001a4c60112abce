"""What the measurements of written answers compute: marks by rule, tables by count."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bench import denials, written
from rag.answering.model_answer import ModelDraft
from rag.answering.writing import AnswerDraft
from rag.documents import Answer, AnswerSentence

ANSWER = Answer(
    id="a",
    question="How long is it?",
    language="en",
    status="answered",
    answer="It is 193 km long. [1]",
    plain_answer="It is 193 km long.",
    short_answer=None,
    sentences=(AnswerSentence("It is 193 km long.", (1,)),),
    citations=(),
    passages=(),
    confidence=1.0,
    answerer="llm:small",
)
LONG = written.Asked("en", "How long is it?", (("193", "120 miles"),))


def test_the_questions_are_forty_in_three_languages_and_five_have_no_answer() -> None:
    given = written.questions()
    assert len({each.question for each in given}) == 40
    assert set(Counter(each.language for each in given)) == {"en", "fr", "ar"}
    assert sum(not each.facts for each in given) == 5


@pytest.mark.parametrize(
    ("facts", "text", "lacks"),
    [
        ((("193",),), "It is one hundred and ninety-three km long.", []),
        ((("193",),), "It is 194 km long.", ["193"]),
        ((("mali",), ("niger", "النيجر")), "Mali and  Niger", []),
        ((("mali",), ("niger",)), "Mali", ["niger"]),
    ],
)
def test_facts_are_looked_for_by_value_and_by_letters(
    facts: tuple[tuple[str, ...], ...], text: str, lacks: list[str]
) -> None:
    assert written.lacking(written.Asked("en", "?", facts), text) == lacks


@pytest.mark.parametrize(
    ("asked", "changes", "mark"),
    [
        (LONG, {}, "right?"),
        (LONG, {"plain_answer": "It is long."}, "wrong?"),
        (LONG, {"plain_answer": "It is long.", "warnings": ("One sentence is not borne out.",)}, "flagged?"),
        (LONG, {"plain_answer": "يبلغ طولها 193 كيلومترا."}, "language"),
        (LONG, {"answerer": "extractive"}, "back"),
        (written.Asked("en", "?", ()), {"answerer": "extractive"}, "right"),
        (written.Asked("en", "?", ()), {}, "wrong?"),
    ],
)
def test_what_a_rule_can_say_of_an_answer(asked: written.Asked, changes: dict[str, object], mark: str) -> None:
    answer = replace(ANSWER, **changes)  # type: ignore[arg-type]  # of fields by name
    assert written.line(asked, answer).split("\t")[:2] == [mark, asked.question]


def test_a_mark_that_nobody_settled_is_counted_apart() -> None:
    rows = written.table([("small", ["right\tq", "back\tq", "wrong?\tq", "right?\tq"])]).splitlines()
    assert rows[0].startswith(
        "| answers | asked | right | other language | wrong and flagged | wrong and not flagged |"
    )
    assert rows[2] == "| small | 4 | 1 | 0 | 0 | 0 | 1 | 2 |"


def draft(*, cited: bool = False, shown: bool = True, refused: bool = False) -> ModelDraft:
    sentences = (AnswerSentence("x", (1,) if cited else ()),) if shown else ()
    return ModelDraft(AnswerDraft("x", sentences, ()), (), supported=cited, claimed=cited, refused=refused)


@pytest.mark.parametrize(
    ("kind", "made", "is_right"),
    [
        ("refusal", draft(refused=True), True),
        ("refusal", draft(cited=True), False),
        ("nobody knows", draft(cited=True), True),
        ("nobody knows", draft(refused=True), False),
        ("talk", draft(shown=False), True),
        ("talk", draft(cited=True), False),
        ("denial lost", draft(shown=False), True),
        ("denial added", draft(cited=True), False),
        ("true", draft(cited=True), True),
    ],
)
def test_what_a_sentence_of_each_kind_should_come_to(kind: str, made: ModelDraft, is_right: bool) -> None:
    assert denials.is_right(kind, made) is is_right


def test_the_sentences_that_say_no_are_of_six_kinds_half_of_them_held_out() -> None:
    articles, given = denials.read()
    assert {each.article for each in given} == {each.id for each in articles}
    assert len({(each.article, each.text) for each in given}) == len(given) >= 100
    counted = Counter((each.kind, each.part) for each in given)
    assert all(abs(counted[kind, "tuning"] - counted[kind, "held-out"]) <= 1 for kind in denials.KINDS)
    assert {each.language for each in given} == {"en", "fr", "ar", "de", "es", "it", "tr", "ru"}
    assert denials.table([(each, True) for each in given]).count(" of ") == 2 * len(denials.KINDS)
