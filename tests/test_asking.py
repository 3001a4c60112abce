"""What holds for whoever can be asked: the assistant, a client of another server, and the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.asking import Answering, Cited, Delta, Ended, Quoted, Started
from rag.assistant import Assistant
from rag.client import IsnadClient
from rag.documents import Filters, Question, Turn
from rag.errors import NotFoundError, QuestionError, SettingsError
from rag.ingestion.indexing import index_given
from rag.serving.api import build_api
from rag.settings import Settings
from tests.fake_assistant import ARTICLES, SAHEL, SAHEL_FR, FakeAssistant
from tests.fakes import HashEncoder
from tests.loopback import serving

ENCODER = HashEncoder(dimension=64)
MISSILES = "Combien de missiles sol-air ont disparu des dépôts libyens, selon des experts ?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("index")
    index_given(ARTICLES, index_dir=folder, encoder=ENCODER)
    return Assistant.load(Settings(index_dir=folder, min_confidence=0.001, reading=False), encoder=ENCODER)


@pytest.fixture(scope="module", params=["assistant", "client", "stand-in"])
def answering(
    request: pytest.FixtureRequest, assistant: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Answering]:
    if request.param == "client":
        settings = Settings(index_dir=tmp_path_factory.mktemp("served"), questions_per_minute=1000)
        with serving(build_api(settings, assistant)) as address, IsnadClient.connect(address) as client:
            yield client
    else:
        yield assistant if request.param == "assistant" else FakeAssistant()


def test_it_is_one_protocol(answering: Answering) -> None:
    assert isinstance(answering, Answering)


def test_a_text_stands_for_a_question(answering: Answering) -> None:
    answer, same = answering.ask(MISSILES), answering.ask(Question(MISSILES))
    assert replace(answer, id="", timings_ms={}) == replace(same, id="", timings_ms={})
    assert (answer.question, answer.language, answer.status) == (MISSILES, "fr", "answered")
    for citation in answer.citations:
        assert answering.article(citation.article_id).text[citation.start : citation.end] == citation.quote


def test_the_stream_begins_with_the_question_and_ends_with_the_answer(answering: Answering) -> None:
    started, *between, ended = answering.stream(MISSILES)
    assert isinstance(started, Started)
    assert isinstance(ended, Ended)
    assert (started.question, started.language) == (ended.answer.question, ended.answer.language) == (MISSILES, "fr")
    assert started.id == ended.answer.id
    assert [event.citation for event in between if isinstance(event, Cited)] == list(ended.answer.citations)
    assert "".join(event.text for event in between if isinstance(event, Delta)) == ended.answer.answer


def test_the_articles_own_words_come_before_a_models() -> None:
    settings = Settings(questions_per_minute=1000)
    with serving(build_api(settings, FakeAssistant())) as address, IsnadClient.connect(address) as client:
        events = list(client.stream("summary"))
        (quoted,) = (event for event in events if isinstance(event, Quoted))
        assert quoted == events[1] == list(FakeAssistant().stream("summary"))[1]
        assert (quoted.answer.answerer, client.ask("summary").answerer) == ("extractive", "llm:fake-1b")


def test_a_stream_may_be_left_before_its_end(answering: Answering) -> None:
    events = answering.stream(MISSILES)
    next(events)
    events.close()
    assert answering.ask(MISSILES).status == "answered"


def test_the_whole_question_counts(answering: Answering) -> None:
    asked = Question(
        "Et les missiles ?", (Turn("user", MISSILES),), Filters(languages=("fr",)), 1, "extractive", language="en"
    )
    answer = answering.ask(asked)
    assert answer.language == "en"
    assert {citation.article_id for citation in answer.citations} == {SAHEL_FR.id}
    assert answer.answerer == "extractive"


def test_search_gives_the_best_passages_through_the_filters(answering: Answering) -> None:
    found = answering.search(MISSILES, filters=Filters(languages=("ar", "fr")), top_k=2)
    assert len(found) == 2
    assert {passage.language for passage in found} <= {"ar", "fr"}
    assert found[0].score >= found[1].score


def test_translations_need_a_model(answering: Answering) -> None:
    answer = answering.ask(Question(MISSILES, translate=True))
    assert answer.status == "answered"
    assert [quote.translation for quote in answer.citations if quote.translation] == []
    for start, end, error in ((0, 10, SettingsError), (10, 10, QuestionError), (0, 10**6, QuestionError)):
        with pytest.raises(error):
            answering.translate(SAHEL.id, start, end, "en")
    with pytest.raises(NotFoundError):
        answering.translate("none", 0, 10, "en")


def test_a_translation_comes_over_http_too() -> None:
    assistant = FakeAssistant(model="fake-1b")
    with serving(build_api(Settings(), assistant)) as address, IsnadClient.connect(address) as client:
        assert client.translate(SAHEL.id, 0, 10, "en") == assistant.translate(SAHEL.id, 0, 10, "en")
        asked = Question("missiles", translate=True)
        assert [c.translation for c in client.ask(asked).citations] == [
            c.translation for c in assistant.ask(asked).citations
        ]
        assert client.ask("missiles").citations[0].translation is None


def test_suggestions_and_status(answering: Answering) -> None:
    assert set(answering.suggestions("en", limit=2)) <= {question for each in ARTICLES for question in each.questions}
    assert len(answering.suggestions("ar", limit=1)) == 1
    assert answering.suggestions("sw") == []
    assert {"generation", "articles", "encoder", "answerer"} <= answering.status().keys()
    assert str(answering.status()["articles"]) == str(len(ARTICLES))


@pytest.mark.parametrize("question", ["", "  ", Question(""), "x" * 2001])
def test_a_question_that_cannot_be_used_is_an_error(answering: Answering, question: Question | str) -> None:
    with pytest.raises(QuestionError):
        answering.ask(question)
    with pytest.raises(QuestionError):
        list(answering.stream(question))


def test_an_article_is_whole_and_a_missing_one_an_error(answering: Answering) -> None:
    assert replace(answering.article(SAHEL.id), content_hash="") == SAHEL
    with pytest.raises(NotFoundError):
        answering.article("none")
