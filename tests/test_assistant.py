"""The assistant end to end: on the stand-in encoder for behaviour, on the real one for the answers it must give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.outcome_texts import beyond_text
from rag.asking import Cited, Delta, Ended, Started
from rag.assistant import Assistant
from rag.documents import Answer, AppliedFilters, Article, Filters, Question, Turn
from rag.encoding.encoder import Encoder
from rag.errors import IndexMissingError, NotFoundError, QdrantError, QuestionError, SettingsError
from rag.ingestion.indexing import delete_article, index_articles, index_given
from rag.settings import Settings
from tests.conftest import ROOT
from tests.fakes import HashEncoder
from tests.faulty_endpoint import running

ENCODER = HashEncoder(dimension=64)
ARTICLES = [
    Article(
        "staff",
        "Four states formed a joint staff in May. It sits in Tamanrasset.",
        title="Joint staff",
        language="en",
        source="Wire",
        date="2011-05-02",
        questions=("Where does the joint staff sit?",),
    ),
    Article(
        "coffee",
        "Coffee is a sign of welcome. It is drunk with dates.",
        title="Coffee",
        language="en",
        date="2015-12-01",
    ),
]


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    settings = Settings(index_dir=tmp_path, reading=False)
    index_given(ARTICLES, index_dir=tmp_path, encoder=ENCODER)
    return Assistant.load(settings, encoder=ENCODER)


def check_quotes(assistant: Assistant, answer: Answer) -> None:
    for citation in answer.citations:
        text = assistant.article(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote
        for start, end in citation.highlights:
            assert citation.start <= start < end <= citation.end
        for gloss in citation.glosses:
            assert text[gloss.start : gloss.end] == gloss.text


def test_an_answer_quotes_exactly(assistant: Assistant) -> None:
    answer = assistant.ask("Four states formed a joint staff in May")
    assert answer.status == "answered"
    assert answer.citations[0].quote == "Four states formed a joint staff in May."
    assert answer.citations[0].title == "Joint staff"
    assert answer.answer.startswith("Four states formed a joint staff in May. [1]")
    assert "[1]" not in answer.plain_answer
    assert answer.sentences[0].citations == (1,)
    assert answer.answerer == "extractive"
    assert set(answer.timings_ms) == {"encode", "search", "rerank", "answer", "total"}
    check_quotes(assistant, answer)


def test_the_store_and_the_manifest_are_their_owners_alone(assistant: Assistant) -> None:
    folder = assistant.settings.index_dir
    files = [path for path in folder.iterdir() if path.name.startswith(("store", "manifest"))]
    assert len(files) >= 2
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    (folder / "store.sqlite3").chmod(0o644)  # as an earlier version left it
    delete_article("coffee", index_dir=folder)
    assert (folder / "store.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_refusal_is_a_state(assistant: Assistant) -> None:
    answer = assistant.ask("zebra quantum violin")
    assert answer.status == "not_found"
    assert answer.citations == ()
    assert answer.passages
    assert answer.answer == "I found nothing in the articles that answers this question."


def test_the_stream_begins_and_ends(assistant: Assistant) -> None:
    events = list(assistant.stream("Four states formed a joint staff in May"))
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Ended)
    answer = events[-1].answer
    assert events[0].id == answer.id
    assert "".join(e.text for e in events if isinstance(e, Delta)) == answer.answer
    assert tuple(e.citation for e in events if isinstance(e, Cited)) == answer.citations


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("\x00", "empty"),
        ("a" * 100_000, "100000 characters"),
        ("what \ud800?", "surrogate"),
    ],
)
def test_an_unusable_question_says_why(assistant: Assistant, question: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message) as caught:
        assistant.ask(question)
    assert caught.value.hint


@pytest.mark.parametrize("question", ["🐫🐫🐫", "2010?", "ᚠᚢᚦᚨᚱᚲ", "؟", "\u202eabc", "x" * 2000])
def test_odd_questions_are_answered_or_refused(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).status in ("answered", "related", "not_found")


def test_a_follow_up_is_read_with_its_predecessor(assistant: Assistant) -> None:
    history = (Turn("user", "Four states formed a joint staff"), Turn("assistant", "Yes. [1]"))
    answer = assistant.ask(Question("in May", history))
    assert answer.status != "not_found"
    assert answer.question == "in May"
    assert answer.citations[0].article_id == "staff"


def test_filters_reach_the_search(assistant: Assistant) -> None:
    answer = assistant.ask(Question("Four states formed a joint staff in May", filters=Filters(since="2012-01-01")))
    assert {passage.article_id for passage in answer.passages} == {"coffee"}
    assert {passage.article_id for passage in assistant.search("staff", filters=Filters(until="2012-01-01"))} == {
        "staff"
    }


def test_what_is_of_other_days_than_asked_about_is_quoted_with_a_warning(assistant: Assistant) -> None:
    text = "Which four states formed a joint staff in Tamanrasset last month?"
    answer = assistant.ask(Question(text, today="2012-01-20"))
    assert (answer.status, answer.short_answer) == ("related", None)
    assert answer.applied_filters == AppliedFilters("2011-12-01", "2011-12-31", from_question=True)
    assert answer.citations[0].article_id == "staff"
    assert answer.warnings == (beyond_text("en"),)


def test_a_passage_tells_when_it_was_said(tmp_path: Path) -> None:
    said = Article("talk", "[0:00:05] The joint staff was formed.\n\n[0:12:30] It sits in the south.", language="en")
    index_given([said], index_dir=tmp_path, encoder=ENCODER)
    assistant = Assistant.load(Settings(index_dir=tmp_path), encoder=ENCODER)
    (passage,) = assistant.search("joint staff")
    assert passage.at == "0:00:05"
    assert {each.at for each in assistant.ask(Question("Where is the joint staff?")).passages} == {"0:00:05"}


def test_a_new_generation_is_picked_up(assistant: Assistant) -> None:
    index_given(
        [Article("rain", "Rain fell for three days.", language="en")],
        index_dir=assistant.settings.index_dir,
        encoder=ENCODER,
    )
    assert assistant.ask("Rain fell for three days").citations[0].article_id == "rain"
    assert assistant.status()["articles"] == 3
    assert not assistant.refresh()
    delete_article("rain", index_dir=assistant.settings.index_dir)
    assert assistant.refresh()
    with pytest.raises(NotFoundError):
        assistant.article("rain")


@pytest.mark.parametrize(
    "shown",
    [
        lambda assistant: assistant.status()["articles"],
        lambda assistant: assistant.articles()[1],
        lambda assistant: len(assistant.suggestions("en")) + 1,
        lambda assistant: len({passage.article_id for passage in assistant.search("staff")}),
    ],
)
def test_what_was_deleted_elsewhere_is_not_shown_again(
    assistant: Assistant, shown: Callable[[Assistant], object]
) -> None:
    assert shown(assistant) == 2
    delete_article("staff", index_dir=assistant.settings.index_dir)
    assert shown(assistant) == 1
    with pytest.raises(NotFoundError):
        assistant.article("staff")


def test_a_rebuild_with_another_encoder_leaves_the_old_index_serving(
    assistant: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    corpus = tmp_path / "articles"
    corpus.mkdir()
    (corpus / "rain.txt").write_text("Rain fell for three days.")
    index_articles([corpus], index_dir=assistant.settings.index_dir, encoder=HashEncoder(64, "another"), rebuild=True)
    answer = assistant.ask("Four states formed a joint staff in May")
    assert answer.citations[0].article_id == "staff"
    assert "not served" in caplog.text


def test_a_generation_that_could_not_be_reached_is_tried_again(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*args: object) -> None:
        raise QdrantError("Qdrant does not answer.")

    delete_article("coffee", index_dir=tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("rag.assistant.Index.open", unreachable)
        assert not assistant.refresh()
    assert assistant.refresh()
    assert assistant.articles()[1] == 1


def test_status_suggestions_and_articles(assistant: Assistant) -> None:
    assert assistant.status()["passages"] == 2
    assert assistant.suggestions("en") == ["Where does the joint staff sit?"]
    assert assistant.suggestions("ar") == []
    assert assistant.suggestions("en", of=["gone", "staff"]) == ["Where does the joint staff sit?"]
    assert assistant.suggestions("en", of=["coffee"]) == []
    assert assistant.suggestions("en", but=["where does the joint staff  sit"]) == []
    assert assistant.suggestions("en", but=["Where does a joint staff sit in?"]) == []
    assert assistant.suggestions("en", but=["When does the joint staff sit?"]) != []
    page, total = assistant.articles(limit=1)
    assert (len(page), total) == (1, 2)


def test_no_index_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="rag index"):
        Assistant.load(Settings(index_dir=tmp_path / "none"), encoder=ENCODER)


def test_a_model_that_is_not_configured_is_an_error(assistant: Assistant) -> None:
    with pytest.raises(SettingsError, match="ISNAD_LLM_MODEL"):
        assistant.ask(Question("Four states", answerer="llm"))


def test_vectors_for_others(assistant: Assistant) -> None:
    query, passage = assistant.encode(["joint staff"], False)[0], assistant.encode(["joint staff"], True)[0]
    assert query.shape == passage.shape == (64,)


# -- what the program was begun for: the real article, the real encoder ------------------------------------------------


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory, seed_path: Path, bundled_encoder: Encoder) -> Assistant:
    settings = replace(Settings(), index_dir=tmp_path_factory.mktemp("seed"))
    index_articles([seed_path], index_dir=settings.index_dir, encoder=bundled_encoder)
    return Assistant.load(settings, encoder=bundled_encoder)


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("which countries formed the joint staff?", "وكانت الجزائر قد بادرت"),
        ("ما الدول التي شكلت هيئة الأركان المشتركة؟", "وكانت الجزائر قد بادرت"),
        ("Quels pays ont formé l'état-major commun ?", "وكانت الجزائر قد بادرت"),
        ("How many missiles disappeared in Libya?", "وأعلن منذ أسابيع عن اختفاء"),
        ("متى أنشئت هيئة الأركان المشتركة؟", "وكانت الجزائر قد بادرت"),
        ("Qui a invité le président malien ?", "ويشار أيضا إلى أن الرئيس المالي"),
    ],
)
def test_finds_its_sentence(seed: Assistant, question: str, begins: str) -> None:
    answer = seed.ask(question)
    assert answer.status in ("answered", "related")
    assert any(begins in citation.quote for citation in answer.citations)
    check_quotes(seed, answer)


def test_names_the_countries_in_english(seed: Assistant) -> None:
    answer = seed.ask("which countries formed the joint staff?")
    cited = next(c for c in answer.citations if "وكانت الجزائر قد بادرت" in c.quote)
    text = seed.article(cited.article_id).text
    sentence = text.index("وكانت الجزائر قد بادرت")
    marked = {text[start:end] for start, end in cited.highlights}
    assert {"الجزائر", "موريتانيا", "مالي", "النيجر"} <= marked
    glosses = [gloss.gloss for gloss in cited.glosses if gloss.start >= sentence]
    assert [name for name in glosses if name != "May"] == ["Algeria", "Mauritania", "Mali", "Niger"]


@pytest.mark.parametrize(
    ("question", "language", "text"),
    [
        ("Who won the 2010 World Cup?", "en", "I found nothing in the articles that answers this question."),
        ("ما عاصمة اليابان؟", "ar", "لم أجد في المقالات ما يجيب عن هذا السؤال."),
    ],
)
def test_refuses_in_the_language_of_the_question(seed: Assistant, question: str, language: str, text: str) -> None:
    answer = seed.ask(question)
    assert (answer.status, answer.language, answer.answer) == ("not_found", language, text)
    assert not answer.citations


def test_without_reading_it_quotes_and_marks_no_short_answer(bundled_encoder: Encoder, tmp_path: Path) -> None:
    index_articles([ROOT / "corpus" / "libya-missing-missiles.en.md"], index_dir=tmp_path, encoder=bundled_encoder)
    reading, plain = (
        Assistant.load(replace(Settings(), index_dir=tmp_path, reading=reads), encoder=bundled_encoder)
        for reads in (True, False)
    )
    question = "How many missiles disappeared in Libya?"
    short = reading.ask(question).short_answer
    assert short is not None
    assert short.text == "one thousand"
    answer = plain.ask(question)
    assert answer.short_answer is None
    assert "Roughly one thousand" in answer.citations[0].quote


def test_it_tells_that_its_model_does_not_answer_and_forgets_it_once_it_does(assistant: Assistant) -> None:
    with running() as endpoint:
        settings = Settings(index_dir=assistant.settings.index_dir, llm_model="good", openai_base_url=endpoint.url)
        good = Assistant.load(settings, encoder=ENCODER)
        bad = Assistant.load(replace(settings, llm_model="wrong_key"), encoder=ENCODER)
        assert (assistant.status()["model_failures"], bad.status()["model_failures"]) == (0, 0)
        for asked in (good, bad):
            asked.ask("Four states formed a joint staff in May")

    assert good.status()["model_failures"] == 0
    assert bad.status()["model_failures"] == 1
