"""Drafted sets: what is picked, that no question is invented, and that nothing is written over."""

from __future__ import annotations

import json

import pytest

from rag.documents import Article
from rag.errors import CorpusError, EvaluationError, IndexMissingError
from rag.evaluation.evaluation_set import load_set
from rag.evaluation.set_draft import Drafted, draft_set, indexed_articles, read_articles
from rag.formats.articles import id_of_place
from rag.formats.drafts import NotRead
from rag.ingestion.indexing import index_given
from tests.fakes import HashEncoder

SENTENCES = (
    "A joint staff was formed by four countries in 2010. Nobody knows where the missing missiles have gone since."
)


def article(name, text=SENTENCES, language="en"):
    return Article(name, f"{text} This closing sentence belongs to article {name} alone.", language=language, title="T")


ARTICLES = [*(article(f"en-{n}") for n in range(6)), *(article(f"ar-{n}", language="ar") for n in range(2))]


def stubs(folder):
    return [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()]


def complete(folder):
    """As a user would: a question each, the answer shortened and its offsets deleted."""
    lines = []
    for number, stub in enumerate(stubs(folder)):
        for answer in stub["answers"]:
            answer["text"] = answer["text"][:-1]
            del answer["start"], answer["end"]
        lines.append(json.dumps({**stub, "question": f"Question {number}?"}))
    (folder / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")


def test_every_question_is_left_to_write_and_says_how(tmp_path):
    assert draft_set(tmp_path / "new", ARTICLES, 8) == Drafted(articles=8, answered=7, unanswered=1)
    drafted = stubs(tmp_path / "new")
    assert [stub["question"] for stub in drafted] == [""] * 8
    assert [stub["answerable"] for stub in drafted] == [True] * 7 + [False]
    assert all(stub["note"].startswith("Write a question") for stub in drafted)
    assert len({stub["id"] for stub in drafted}) == 8


def test_each_answer_is_a_whole_sentence_at_its_offsets(tmp_path):
    draft_set(tmp_path, ARTICLES, 8)
    texts = {a.id: a.text for a in ARTICLES}
    answers = [answer for stub in stubs(tmp_path) for answer in stub["answers"]]
    assert len({answer["article_id"] for answer in answers}) == 7, "one an article"
    for answer in answers:
        assert texts[answer["article_id"]][answer["start"] : answer["end"]] == answer["text"]
        assert answer["text"][0].isupper()
        assert answer["text"].endswith(".")
    assert len({answer["start"] for answer in answers}) > 1, "not always the same place"


def test_languages_take_turns(tmp_path):
    draft_set(tmp_path, ARTICLES, 4)
    assert [stub["language"] for stub in stubs(tmp_path)] == ["en", "ar", "en", "ar"]


def test_a_draft_is_the_same_each_time(tmp_path):
    for name, given in (("one", ARTICLES), ("two", ARTICLES[::-1])):
        draft_set(tmp_path / name, given, 8)
    assert stubs(tmp_path / "one") == stubs(tmp_path / "two")


def test_a_draft_is_no_set_until_it_is_written(tmp_path):
    draft_set(tmp_path, ARTICLES, 8)
    with pytest.raises(EvaluationError, match="8 of 8 questions"):
        load_set(tmp_path)
    complete(tmp_path)
    given = load_set(tmp_path)
    assert given.articles.keys() == {a.id for a in ARTICLES}
    assert sum(question.answerable for question in given.questions) == 7


@pytest.mark.parametrize("name", ["articles.jsonl", "questions.jsonl"])
def test_a_set_is_never_written_over(tmp_path, name):
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(EvaluationError, match=f"{name} exists"):
        draft_set(tmp_path, ARTICLES, 8)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    "text", ["Too short. No. Yes.", "A heading without a stop at its end is no sentence to ask for", "x" * 400 + "."]
)
def test_articles_without_a_sentence_to_ask_for_are_told(tmp_path, text):
    with pytest.raises(EvaluationError, match="None of 1 articles"):
        draft_set(tmp_path / "new", [Article("a", text, language="en")], 8)
    assert not (tmp_path / "new").exists()


def test_reprints_are_written_once(tmp_path):
    twin = Article("twin", ARTICLES[0].text, language="en")
    assert draft_set(tmp_path, [ARTICLES[0], twin], 8).articles == 1


def test_the_articles_of_an_index_are_read_without_an_encoder(tmp_path):
    index_given(ARTICLES, index_dir=tmp_path, encoder=HashEncoder())
    assert {a.id: a.text for a in indexed_articles(tmp_path)} == {a.id: a.text for a in ARTICLES}


def test_without_an_index_the_cure_is_told(tmp_path):
    with pytest.raises(IndexMissingError, match="There is no index"):
        list(indexed_articles(tmp_path / "none"))


def test_files_are_read_with_their_language_and_failures_are_kept(tmp_path):
    (tmp_path / "ar.txt").write_text("اتفقت الدول الأربع على إنشاء هيئة أركان مشتركة في الجنوب.", encoding="utf-8")
    (tmp_path / "en.md").write_text("---\nid: same\n---\nThe four countries have agreed on a staff.", encoding="utf-8")
    (tmp_path / "fr.md").write_text("---\nid: same\n---\nLes quatre pays se sont mis d'accord.", encoding="utf-8")
    (tmp_path / "empty.md").write_text("", encoding="utf-8")
    found = list(read_articles([tmp_path]))
    assert [a.language for a in found if isinstance(a, Article)] == ["ar", "en", "fr"]
    (failure,) = [a for a in found if isinstance(a, NotRead)]
    assert failure.reason == "It is empty."


def test_stories_that_share_an_id_are_all_asked_for_under_the_ids_of_the_index(tmp_path):
    texts = [f"The council of town {number} has agreed on a new bridge over the river." for number in range(3)]
    lines = [json.dumps({"id": "same", "text": text}) for text in texts]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = [a for a in read_articles([tmp_path]) if isinstance(a, Article)]
    assert [a.text for a in found] == texts
    assert [a.id for a in found] == ["same", *(id_of_place(a.origin) for a in found[1:])]
    assert all("its id 'same' is also that of" in a.warnings[0] for a in found[1:])
    draft_set(tmp_path / "set", found, 3)
    asked = (tmp_path / "set" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    known = {json.loads(line)["id"] for line in (tmp_path / "set" / "articles.jsonl").read_text().splitlines()}
    assert len(known) == 3
    assert {json.loads(line)["answers"][0]["article_id"] for line in asked} == known


def test_a_path_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(CorpusError):
        list(read_articles([tmp_path / "none"]))
