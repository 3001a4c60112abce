"""The reader beside a language model: its short answer where the two agree, a warning where they do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.extractive import Extractive
from rag.answering.judge import Judge
from rag.answering.outcome import OutcomeRule, OutcomeRules
from rag.answering.short_answer import objection
from rag.assistant import Assistant
from rag.documents import Answer, Article, Filters, Span
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.retrieval.candidates import FoundWords
from rag.retrieval.fusion import Fusion
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from tests.answering.staff import LENIENT
from tests.fakes import HashEncoder, ScriptedReader
from tests.faulty_endpoint import running

ENCODER = HashEncoder(dimension=64)
TEXT = "Four states met and formed a joint staff in May. It sits in Tamanrasset."


def asked(
    folder: Path, question: str, reader: ScriptedReader, model: str = "good", rules: OutcomeRules = LENIENT
) -> Answer:
    """What comes of a model that says "Four states met [1].", or of another case of the faulty endpoint."""
    index_given([Article("staff", TEXT, title="Staff", language="en")], index_dir=folder, encoder=ENCODER)
    with running() as endpoint:
        settings = Settings(index_dir=folder, llm_model=model, openai_base_url=endpoint.url)
        index = Index.open(folder, ENCODER.fingerprint)
        assistant = Assistant(settings, ENCODER, index, replace(Judge.load(reader), rules=rules))
        return assistant.ask(question)


def test_where_they_agree_the_short_answer_stands(tmp_path: Path) -> None:
    answer = asked(tmp_path, "Which four states met and formed a joint staff?", ScriptedReader(**{"Four states": 20.0}))
    assert answer.answerer == "llm:good"
    assert answer.short_answer is not None
    assert answer.short_answer.text == "Four states"
    assert answer.citations[answer.short_answer.citation - 1].quote.startswith("Four states")
    assert not answer.warnings


@pytest.mark.parametrize(
    ("question", "warned"),
    [
        ("Which states met and formed a staff?", ""),
        ("How many states met?", ""),
        (
            "When did the states meet?",
            "The model's answer did not say what was asked. These are the articles' own words.",
        ),
    ],
)
def test_what_does_not_say_what_is_asked_gives_way_to_quotes(tmp_path: Path, question: str, warned: str) -> None:
    answer = asked(tmp_path, question, ScriptedReader())
    assert answer.answerer == ("extractive" if warned else "llm:good")
    assert answer.warnings == ((warned,) if warned else ())
    assert answer.citations[0].quote.startswith("Four states met")


@pytest.mark.parametrize(("margin", "warned"), [(20.0, True), (-5.0, False)])
def test_where_they_do_not_a_reader_that_is_sure_warns(tmp_path: Path, margin: float, warned: bool) -> None:
    answer = asked(tmp_path, "It sits in Tamanrasset?", ScriptedReader(Tamanrasset=margin))
    said = [warning for warning in answer.warnings if "“Tamanrasset” (Staff)" in warning]
    assert bool(said) is warned
    if warned:
        assert answer.short_answer is None


NEVER = OutcomeRule({}, -1.0, 0.0, 0.0)
RELATED = replace(LENIENT, answered=NEVER)
NOT_FOUND = replace(RELATED, found=NEVER)
SUMMARY = "Summarise the article about the joint staff"


@pytest.mark.parametrize(
    ("question", "rules", "model", "status", "answerer", "warned"),
    [
        ("Which states met?", RELATED, "good", "answered", "llm:good", False),
        ("Which states met?", RELATED, "refuses", "related", "extractive", False),
        ("Which states met?", RELATED, "wrong_key", "related", "extractive", True),
        ("Which states met?", LENIENT, "refuses", "not_found", "llm:refuses", False),
        ("Which states met?", NOT_FOUND, "good", "not_found", "extractive", False),
        (SUMMARY, NOT_FOUND, "good", "answered", "llm:good", False),
        (SUMMARY, NOT_FOUND, "refuses", "not_found", "llm:refuses", False),
        (SUMMARY, NOT_FOUND, "wrong_key", "not_found", "extractive", True),
    ],
)
def test_the_rule_stands_before_the_model_only_where_it_knows_better(
    tmp_path: Path, question: str, rules: OutcomeRules, model: str, status: str, answerer: str, warned: bool
) -> None:
    answer = asked(tmp_path, question, ScriptedReader(), model, rules)
    assert (answer.status, answer.answerer, bool(answer.warnings)) == (status, answerer, warned)
    assert all(("own words" in warning) is bool(answer.citations) for warning in answer.warnings)


@pytest.mark.parametrize(
    ("words", "said", "objected"),
    [
        ("Four", "Four states met.", False),
        ("Four", "4 states met.", False),
        ("Four", "Six states met.", True),
        ("Four", "States met.", True),
        ("states", "Countries met.", False),
        ("4,000", "4.000 states met.", False),  # as another language writes it
        ("4,000", "4.001 states met.", True),
    ],
)
def test_numbers_the_text_does_not_give(tmp_path: Path, words: str, said: str, objected: bool) -> None:
    text = TEXT.replace("Four", words) if words[0].isdecimal() else TEXT
    assert is_objected(tmp_path, text, words, said) is objected


@pytest.mark.parametrize(
    ("words", "said", "objected"),
    [
        ("Amadou Diallo", "Amadou Diallo met them.", False),
        ("Amadou Diallo", "It was Diallo.", False),  # by a part of it
        ("Amadou Diallo", "أمادو ديالو", False),  # by its sound
        ("Amadou Diallo", "Tamanrasset met them.", True),
        ("Algeria", "Mali met them.", True),
        ("joint staff", "A council met.", False),  # no name: it may be said otherwise
    ],
)
def test_names_the_text_does_not_give(tmp_path: Path, words: str, said: str, objected: bool) -> None:
    assert is_objected(tmp_path, TEXT.replace("Four states", f"Four states of {words}"), words, said) is objected


def is_objected(tmp_path: Path, text: str, words: str, said: str) -> bool:
    """Whether a reader that is sure of the words objects to what is said."""
    index_given([Article("staff", text, language="en")], index_dir=tmp_path, encoder=ENCODER)
    judge = replace(Judge.load(ScriptedReader(**{words: 20.0})), rules=LENIENT)
    retriever = Retriever(Index.open(tmp_path, ENCODER.fingerprint), ENCODER, Fusion.load())
    query = retriever.query("Which four states met?", "en")
    judgement = judge.judge(judge.case(retriever.search(query, Filters(), 5), 5))
    best = judgement.sentences[0]
    assert best.found == FoundWords(Span(text.index(words), text.index(words) + len(words)), 20.0)
    citations = Extractive(judge.choice).quote(judgement).citations
    return bool(objection(judgement, said, citations))
