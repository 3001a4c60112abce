"""A model's text held to the articles, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.answering.model_answer import Grounding, ModelDraft
from rag.answering.sentence_choice import SentenceChoice
from rag.answering.sentence_stream import SentenceStream
from rag.documents import AnswerSentence, Filters
from rag.retrieval.retriever import Retriever
from tests.answering.staff import COFFEE, STAFF, over


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    yield from over(tmp_path_factory.mktemp("index"), STAFF, COFFEE)


def ground(retriever: Retriever, text: str) -> ModelDraft:
    query = retriever.query("joint staff", "en")
    candidates = retriever.search(query, Filters(), 5).candidates
    staff = next(n for n, c in enumerate(candidates, 1) if c.article.id == "staff")
    grounding, stream = Grounding(retriever, SentenceChoice.load(), candidates, "en"), SentenceStream(5, "en")
    for part in [*stream.feed(text.replace("[S]", f"[{staff}]")), *stream.finish()]:
        if isinstance(part, AnswerSentence):
            grounding.add(part)
    return grounding.finish()


def test_each_written_sentence_quotes_the_one_it_rests_on(retriever: Retriever) -> None:
    made = ground(retriever, "Algeria, Mali and Niger formed it in May [S]. The staff sits in Tamanrasset [S].")
    assert [c.quote for c in made.draft.citations] == [
        "Algeria, Mali and Niger formed a joint staff in May.",
        "The joint staff sits in Tamanrasset.",
    ]
    assert made.draft.text == "Algeria, Mali and Niger formed it in May. [1] The staff sits in Tamanrasset. [2]"
    assert made.supported
    assert made.warnings == ()


def test_an_invented_number_is_marked_and_an_invented_answer_given_up(retriever: Retriever) -> None:
    made = ground(
        retriever, "The staff sits in Tamanrasset [S]. Algeria sent 7,000 soldiers [S]. Mali and Niger joined [S]."
    )
    assert [sentence.unsupported for sentence in made.draft.sentences] == [False, True, False]
    assert made.supported
    assert made.warnings == ("One sentence of the answer is not borne out by the articles.",)
    assert not ground(retriever, "Algeria sent 7,000 soldiers in 1987 [S].").supported


def test_an_answer_in_another_language_is_said_to_be(retriever: Retriever) -> None:
    made = ground(retriever, "يقع مقر هيئة الأركان في تمنراست [S].")
    assert any("another language" in warning for warning in made.warnings)


def test_a_text_without_sentences_is_not_supported(retriever: Retriever) -> None:
    assert not ground(retriever, "").supported


def test_marks_of_lists_and_tables_are_no_claims(retriever: Retriever) -> None:
    made = ground(
        retriever,
        "1. **Algeria**, Mali and Niger formed it in May [S].\n2. It sits in Tamanrasset [S].\n\n"
        "| The joint staff | sits in |\n|---|---|\n| The joint staff | Tamanrasset [S] |",
    )
    assert not any(sentence.unsupported for sentence in made.draft.sentences)
    assert made.draft.sentences[3].citations == ()
    assert made.draft.text.startswith(
        "1. **Algeria**, Mali and Niger formed it in May. [1]\n2. It sits in Tamanrasset. [2]"
    )
    assert made.draft.text.endswith("\n|---|---|\n| The joint staff | Tamanrasset [2] |")


def test_the_words_that_the_model_names_choose_the_quote(retriever: Retriever) -> None:
    candidates = retriever.search(retriever.query("joint staff", "en"), Filters(), 5).candidates
    said = AnswerSentence("The joint staff was formed by Algeria, Mali and Niger in May.")
    for words, quote in (
        ("", "Algeria, Mali and Niger formed a joint staff in May."),
        ("“sits in Tamanrasset”.", "The joint staff sits in Tamanrasset."),
        ("nobody wrote this", "Algeria, Mali and Niger formed a joint staff in May."),
    ):
        grounding = Grounding(retriever, SentenceChoice.load(), candidates, "en", {said.text: words})
        _, cited = grounding.add(said)
        assert cited is not None
        assert cited.quote == quote
