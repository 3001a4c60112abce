"""The seam of the answerers, proven by one made up for it."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import get_args

import pytest

from rag.answering.answerers import Answerers
from rag.answering.extractive import Extractive
from rag.answering.judge import Judge
from rag.answering.writing import AnswerDraft, AnswerPiece, AnswerWriter, WritingTask, Written, pieces_of
from rag.asking import Cited, Delta, Ended
from rag.assistant import Assistant
from rag.documents import Answerer, AnswerSentence, Question
from rag.errors import SettingsError
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.settings import Settings
from tests.answering.staff import COFFEE, ENCODER, STAFF

CHOICE = Judge.load().choice


class Counting(AnswerWriter):
    """Says in how many articles the answer stands, and quotes the best sentence."""

    name = "counting"

    def write(self, task: WritingTask) -> Generator[AnswerPiece, None, Written]:
        quoted = Extractive(CHOICE).quote(task.judgement)
        articles = {sentence.article.id for sentence in task.judgement.sentences}
        said = AnswerSentence(f"{len(articles)} articles speak of it.", (1,))
        draft = AnswerDraft(f"{said.text} [1]", (said,), quoted.citations[:1])
        yield from pieces_of(draft)
        return Written(draft, self.name)


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    index_given([STAFF, COFFEE], index_dir=tmp_path, encoder=ENCODER)
    answerers = Answerers({"counting": Counting(), "extractive": Extractive(CHOICE)})
    index = Index.open(tmp_path, ENCODER.fingerprint)
    return Assistant(Settings(index_dir=tmp_path), ENCODER, index, Judge.load(), answerers)


def test_an_answerer_of_ones_own_needs_a_name_and_a_way_to_write(assistant: Assistant) -> None:
    _, *between, end = assistant.stream("Algeria, Mali and Niger formed a joint staff in May")
    assert isinstance(end, Ended)
    assert (end.answer.answerer, end.answer.answer) == ("counting", "2 articles speak of it. [1]")
    assert [type(piece) for piece in between] == [Cited, Delta]
    assert end.answer.citations[0].quote in STAFF.text
    assert assistant.status()["answerer"] == "counting"
    assert assistant.status()["model_failures"] == 0


def test_it_is_not_asked_where_the_articles_do_not_answer(assistant: Assistant) -> None:
    answer = assistant.ask("zebra quantum violin")
    assert (answer.status, answer.answerer) == ("not_found", "extractive")


def test_any_other_is_there_by_its_name(assistant: Assistant) -> None:
    question = Question("Algeria, Mali and Niger formed a joint staff in May", answerer="extractive")
    assert assistant.ask(question).answerer == "extractive"


def test_without_a_model_quotes_answer_and_asking_for_the_model_is_an_error() -> None:
    answerers = Answerers.build(Settings(), CHOICE)
    assert answerers.named("auto") is answerers.named("extractive")
    assert answerers.named("auto").name == "extractive"
    with pytest.raises(SettingsError, match="No language model is configured"):
        answerers.named("llm")


def test_with_a_model_it_answers_and_every_name_may_be_asked_for() -> None:
    answerers = Answerers.build(Settings(llm_model="m", openai_base_url="http://127.0.0.1:1/v1"), CHOICE)
    assert answerers.named("auto") is answerers.named("llm")
    assert answerers.named("llm").name == "llm:m"
    assert {"auto", *answerers.writers} == set(get_args(Answerer))
