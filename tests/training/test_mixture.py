"""Lessons: where the answers stand in them, what is held out, and that a seed gives the same again."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from rag.encoding.bundled_tokenizer import BundledTokenizer
from tests.tiny_weights import tiny_tokenizer
from training import mixture
from training.examples import ARCD, XQUAD, Example, read_examples
from training.mixture import Lesson, Mixture, token_span

CONTEXT = {"en": "the cat sat on the mat . the dog ran away .", "ar": "القط جلس على بيت ."}
ANSWER = {"en": "on the mat", "ar": "على بيت"}


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> BundledTokenizer:
    return tiny_tokenizer(tmp_path_factory.mktemp("tokenizer"))


def example(source: str, language: str, topic: int = 0, number: int = 0, answered: bool = True) -> Example:
    context = CONTEXT[language] + " ." * number
    start = context.index(ANSWER[language])
    answers = ((start, start + len(ANSWER[language])),) if answered else ()
    return Example(f"q{topic}-{number}", source, language, f"where {language}", context, answers, topic)


def pool() -> list[Example]:
    others = [example(name, "en", number=n) for name in mixture.SHARES if name != XQUAD for n in range(2)]
    pairs = [example(XQUAD, language, number=n) for language in ("ar", "en") for n in range(2)]
    strange = [answerless(name, "where en the dog ran away .") for name in ("qamr", "squadshifts-new_wiki")]
    return [*pairs, *others, *strange, example("pquad", "en", topic=1, answered=False)]


def answerless(source: str, context: str) -> Example:
    return replace(example(source, "en", topic=9), context=context, answers=())


def words(tokenizer: BundledTokenizer, lesson: Lesson) -> list[str]:
    return [str(tokenizer.model.id_to_token(each)).strip("▁") for each in lesson.ids[lesson.start : lesson.end + 1]]


def test_a_lesson_marks_the_answer_or_the_first_token(tokenizer: BundledTokenizer) -> None:
    lessons = list(Mixture(pool(), tokenizer, seed=1).lessons(400))
    marked = [words(tokenizer, one) for one in lessons if one.start]
    assert {tuple(each) for each in marked} == {("on", "the", "mat"), ("على", "بيت")}
    assert all(one.context_at <= one.start <= one.end < len(one.ids) - 1 for one in lessons if one.start)
    absent = sum(one.start == one.end == 0 for one in lessons)
    assert 0.1 < absent / len(lessons) < 0.4


def test_a_small_window_still_holds_the_answer(tokenizer: BundledTokenizer, monkeypatch) -> None:
    monkeypatch.setattr(mixture, "WINDOWS", ((4, 0.5), (2, 0.5)))
    lessons = [one for one in Mixture(pool(), tokenizer, seed=2).lessons(300) if one.start]
    assert {len(one.ids) - one.context_at - 1 for one in lessons} == {2, 4}
    assert {tuple(words(tokenizer, one)) for one in lessons} >= {("on", "the", "mat"), ("on", "the")}


def test_questions_and_contexts_come_in_different_languages(tokenizer: BundledTokenizer) -> None:
    only = [one for one in pool() if one.source == XQUAD]
    drawn = Mixture([*only, *(one for one in pool() if one.source != XQUAD)], tokenizer, seed=3)
    pairs = {
        (words(tokenizer, one)[0] == "على", "▁ar" in str(tokenizer.model.id_to_token(one.ids[3])))
        for one in drawn.lessons(300)
        if one.start
    }
    assert len(pairs) >= 2


def test_the_same_seed_gives_the_same_and_less_is_its_beginning(tokenizer: BundledTokenizer) -> None:
    long = list(Mixture(pool(), tokenizer, seed=4).lessons(60))
    assert list(Mixture(pool(), tokenizer, seed=4).lessons(20)) == long[:20]
    assert list(Mixture(pool(), tokenizer, seed=5).lessons(20)) != long[:20]


def test_what_is_held_out_is_never_a_lesson(tokenizer: BundledTokenizer) -> None:
    secret = example(ARCD, "ar", topic=2)
    assert secret.held_out
    with_secret = [*pool(), secret]
    assert list(Mixture(with_secret, tokenizer, seed=6).lessons(50)) == list(
        Mixture(pool(), tokenizer, seed=6).lessons(50)
    )


@pytest.mark.parametrize(
    ("source", "topic", "held"), [(XQUAD, 2, True), (XQUAD, 3, False), (ARCD, 5, True), ("pquad", 2, False)]
)
def test_each_third_topic_of_two_sources_is_held_out(source: str, topic: int, held: bool) -> None:
    assert example(source, "en", topic=topic).held_out is held


@pytest.mark.parametrize(("start", "end", "span"), [(4, 7, (1, 1)), (5, 6, (1, 1)), (4, 11, (1, 2)), (99, 100, None)])
def test_the_tokens_of_an_answer(tokenizer: BundledTokenizer, start: int, end: int, span) -> None:
    assert token_span(tokenizer.tokenize([CONTEXT["en"]])[0], start, end) == span


def test_files_are_read_with_their_topics(tmp_path: Path) -> None:
    rows = [
        {
            "id": str(n),
            "language": "ar",
            "question": "?",
            "context": f"c{n // 2}",
            "answers": [{"start": 0, "text": "c"}] * 2,
        }
        for n in range(24)
    ]
    with gzip.open(tmp_path / "xquad-dev.ar.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    read = read_examples(tmp_path)
    assert [one.topic for one in read] == [0] * 10 + [1] * 10 + [2] * 4
    assert {one.answers for one in read} == {((0, 1),)}
    assert [one.held_out for one in islice(read, 18, 22)] == [False, False, True, True]


def test_a_folder_without_data_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no"):
        read_examples(tmp_path)


def test_a_strange_context_resembles_the_question_and_holds_no_answer(tokenizer: BundledTokenizer) -> None:
    near, far = "where en ran the cat ?", "the cat ran away ."
    drawn = Mixture([*pool(), answerless("piaf", near), answerless("piaf", far)], tokenizer, seed=7)
    assert drawn._stranger(example("piaf", "en")) == near
    assert drawn._stranger(example("pquad", "en")) is None  # every other context of the source holds the answer
