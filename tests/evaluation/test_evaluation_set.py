"""Reading evaluation sets: what is accepted, and the place and cure of every mistake."""

from __future__ import annotations

import json

import pytest

from rag.errors import EvaluationError
from rag.evaluation.evaluation_set import GoldAnswer, load_set

ARTICLES = [
    {"id": "a", "language": "ar", "title": "عنوان", "text": "كانت الجزائر قد بادرت"},
    {"id": "b", "language": "en", "title": "", "text": "Line one.\nLine two.", "date": "2011-10-12", "source": "S"},
]
ANSWER = {"article_id": "a", "start": 5, "end": 12, "text": "الجزائر"}
QUESTION = {"id": "1", "question": "Who began?", "language": "en", "answerable": True, "answers": [ANSWER]}


def write(folder, articles=ARTICLES, questions=(QUESTION,)):
    for name, records in (("articles.jsonl", articles), ("questions.jsonl", questions)):
        lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_a_set_is_read_whole(tmp_path):
    given = load_set(write(tmp_path, questions=[QUESTION, {**QUESTION, "id": "2", "candidates": ["b"]}]))
    assert given.name == tmp_path.name
    assert given.articles["b"].text == "Line one.\nLine two."
    assert (given.articles["b"].date, given.articles["b"].source, given.articles["b"].url) == ("2011-10-12", "S", "")
    first, second = given.questions
    assert first.answers == (GoldAnswer("a", 5, 12, "الجزائر"),)
    assert first.relevant == {"a"}
    assert (first.candidates, second.candidates) == ((), ("b",))


def test_a_follow_up_names_the_questions_before_it(tmp_path):
    plain, later = load_set(write(tmp_path, questions=[QUESTION, {**QUESTION, "history": ["Who?", "When?"]}])).questions
    assert (plain.history, later.history) == ((), ("Who?", "When?"))


@pytest.mark.parametrize("history", ["Who?", [1], [" "], [{"role": "user", "content": "Who?"}]])
def test_a_history_that_is_no_list_of_questions_is_told(tmp_path, history):
    with pytest.raises(EvaluationError, match="line 1: history"):
        load_set(write(tmp_path, questions=[{**QUESTION, "history": history}]))


def test_articles_of_one_text_are_one_and_keep_both_ids(tmp_path):
    twins = [{"id": name, "language": "en", "text": "the same"} for name in "xy"]
    answer = {"article_id": "y", "start": 0, "end": 3, "text": "the"}
    question = {"question": "?", "answerable": True, "answers": [answer], "candidates": ["x", "y"]}
    given = load_set(write(tmp_path, twins, [question]))
    assert [article.id for article in given.articles.values()] == ["x", "x"]
    assert given.articles.keys() == {"x", "y"}
    assert given.questions[0].relevant == {"x"}
    assert given.questions[0].candidates == ("x",)


def test_an_answer_without_offsets_is_looked_up(tmp_path):
    question = {**QUESTION, "answers": [{"article_id": "b", "text": "two"}]}
    assert load_set(write(tmp_path, questions=[question])).questions[0].answers == (GoldAnswer("b", 15, 18, "two"),)


def test_white_space_around_an_answer_is_no_part_of_it(tmp_path):
    answer = {"article_id": "b", "start": 9, "end": 15, "text": "\nLine "}
    given = load_set(write(tmp_path, questions=[{**QUESTION, "answers": [answer]}]))
    assert given.questions[0].answers == (GoldAnswer("b", 10, 14, "Line"),)


def test_questions_not_written_yet_are_counted(tmp_path):
    stubs = [{**QUESTION, "question": empty} for empty in ("", " \n")]
    with pytest.raises(EvaluationError, match=r"^2 of 3 questions in .* are not written yet; .*line 2\.") as error:
        load_set(write(tmp_path, questions=[QUESTION, *stubs]))
    assert error.value.hint == "Write them, or delete their lines."


@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_blank_lines_and_a_byte_order_mark_are_passed_over(tmp_path, blank):
    write(tmp_path, questions=[blank, QUESTION, blank])
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(load_set(tmp_path).questions) == 1


BROKEN_QUESTIONS = {
    "not JSON": ("{", "line 2: not JSON"),
    "a list": ("[]", "line 2: list, wanted a JSON object"),
    "no question": ({**QUESTION, "question": None}, "line 2: question is nothing, wanted str"),
    "a number for a question": ({**QUESTION, "question": 3}, "line 2: question is 3, wanted str"),
    "answerable as text": ({**QUESTION, "answerable": "yes"}, "line 2: answerable is 'yes', wanted bool"),
    "answers as an object": ({**QUESTION, "answers": {}}, "line 2: answers is {}, wanted list"),
    "an answer as text": ({**QUESTION, "answers": ["a"]}, "line 2: an answer is 'a', wanted an object"),
    "an offset of true": ({**QUESTION, "answers": [{**ANSWER, "start": True}]}, "line 2: start is True, wanted int"),
    "an offset that is off": ({**QUESTION, "answers": [{**ANSWER, "start": 4}]}, r"line 2: a\[4:12\] reads"),
    "an offset from the end": ({**QUESTION, "answers": [{**ANSWER, "start": -17, "end": 12}]}, "line 2: a"),
    "no text": ({**QUESTION, "answers": [{**ANSWER, "end": 5, "text": ""}]}, "line 2: an answer in a has no text"),
    "nothing to look up": ({**QUESTION, "answers": [{"article_id": "b", "text": ""}]}, "2: an answer in b has no text"),
    "white space": ({**QUESTION, "answers": [{"article_id": "b", "text": "\n"}]}, "line 2: an answer in b has no text"),
    "text that is not there": ({**QUESTION, "answers": [{"article_id": "b", "text": "three"}]}, "2: b does not hold"),
    "text that is there twice": ({**QUESTION, "answers": [{"article_id": "b", "text": "Line"}]}, "2: b holds 'Line' m"),
    "an end alone": ({**QUESTION, "answers": [{"article_id": "b", "text": "one", "end": 8}]}, "line 2: start is nothi"),
    "an unknown article": ({**QUESTION, "answers": [{**ANSWER, "article_id": "z"}]}, "line 2: no article 'z'"),
    "an unknown candidate": ({**QUESTION, "candidates": ["z"]}, "line 2: no article 'z'"),
    "a candidate that is a list": ({**QUESTION, "candidates": [[]]}, r"line 2: no article \[\]"),
    "nested too deep": ("[" * 100_000, "line 2: not JSON"),
}


@pytest.mark.parametrize("case", BROKEN_QUESTIONS)
def test_a_broken_question_is_told_by_file_and_line(tmp_path, case):
    record, message = BROKEN_QUESTIONS[case]
    with pytest.raises(EvaluationError, match=message) as error:
        load_set(write(tmp_path, questions=[QUESTION, record]))
    assert "questions.jsonl" in error.value.message
    assert error.value.hint


@pytest.mark.parametrize(
    ("articles", "message"),
    [
        ([{"id": "a"}], "line 1: text is nothing, wanted str"),
        ([*ARTICLES, ARTICLES[0]], "line 3: the id 'a' occurs twice"),
        ([{**ARTICLES[0], "date": 2011}], "line 1: date is 2011, wanted str"),
        ([], "articles.jsonl is empty"),
    ],
)
def test_a_broken_article_is_told_by_file_and_line(tmp_path, articles, message):
    with pytest.raises(EvaluationError, match=message):
        load_set(write(tmp_path, articles))


def test_a_folder_that_is_no_set(tmp_path):
    with pytest.raises(EvaluationError, match=r"articles\.jsonl does not exist"):
        load_set(tmp_path)
    stray = tmp_path / "stray.tsv"
    stray.touch()
    with pytest.raises(EvaluationError, match="does not exist"):
        load_set(stray)


def test_a_file_that_is_not_utf8(tmp_path):
    write(tmp_path)
    (tmp_path / "questions.jsonl").write_bytes(b'{"question": "\xff"}')
    with pytest.raises(EvaluationError, match="cannot be read"):
        load_set(tmp_path)


def test_the_shared_sets_are_well_formed(shared_dir):
    for folder in sorted(path for path in (shared_dir / "data").iterdir() if path.is_dir()):
        given = load_set(folder)
        assert given.questions, folder
        assert all(question.answerable for question in given.questions if question.answers), folder
