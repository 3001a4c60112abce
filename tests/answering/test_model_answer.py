"""A model's text held to the articles, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.answering.model_answer import Grounding, ModelDraft
from rag.answering.sentence_choice import SentenceChoice
from rag.answering.sentence_stream import SentenceStream
from rag.documents import AnswerSentence, Article, Filters
from rag.retrieval.retriever import Retriever
from tests.answering.staff import COFFEE, STAFF, over


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    yield from over(tmp_path_factory.mktemp("index"), STAFF, COFFEE)


@pytest.fixture(scope="module")
def canal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    text = "The canal joins two seas, and no locks exist in it. Ships pass the canal daily, but none at night."
    yield from over(tmp_path_factory.mktemp("canal"), Article("canal", text, language="en"))


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


def test_an_invented_sentence_is_left_out_and_an_invented_answer_given_up(retriever: Retriever) -> None:
    made = ground(
        retriever, "The staff sits in Tamanrasset [S]. Algeria sent 7,000 soldiers [S]. Mali and Niger joined [S]."
    )
    assert made.draft.text == "The staff sits in Tamanrasset. [1] Mali and Niger joined. [2]"
    assert made.supported
    assert made.warnings == ("A sentence of the model was left out, which the articles do not bear out.",)
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
        assert cited[0].quote == quote


def test_the_words_that_the_model_names_are_marked_in_the_quote(retriever: Retriever) -> None:
    candidates = retriever.search(retriever.query("joint staff", "en"), Filters(), 5).candidates
    said = AnswerSentence("It was formed by Algeria.", (1,))
    grounding = Grounding(retriever, SentenceChoice.load(), candidates, "en", {said.text: "mali AND niger formed"})
    grounding.add(said)
    (citation,) = grounding.finish().draft.citations
    marked = [citation.quote[start - citation.start : end - citation.start] for start, end in citation.highlights]
    assert any("Mali and Niger formed" in words for words in marked)


def test_a_wrong_marker_loses_no_true_sentence(retriever: Retriever) -> None:
    candidates = retriever.search(retriever.query("joint staff", "en"), Filters(), 5).candidates
    coffee = next(n for n, c in enumerate(candidates, 1) if c.article.id == "coffee")
    made = ground(retriever, f"The joint staff sits in Tamanrasset [{coffee}].")
    assert made.draft.text == "The joint staff sits in Tamanrasset. [1]"
    assert made.draft.citations[0].quote == "The joint staff sits in Tamanrasset."


def test_quotes_are_added_until_the_names_are_covered(retriever: Retriever) -> None:
    made = ground(retriever, "The joint staff of Algeria, Mali and Niger sits in Tamanrasset [S].")
    assert made.draft.sentences[0].citations == (1, 2)
    assert {c.quote for c in made.draft.citations} == {
        "Algeria, Mali and Niger formed a joint staff in May.",
        "The joint staff sits in Tamanrasset.",
    }


def test_a_lead_in_is_shown_before_what_it_leads_to_and_never_cited(retriever: Retriever) -> None:
    made = ground(retriever, "The countries are:\n- Algeria, Mali and Niger formed it [S].")
    assert made.draft.text == "The countries are:\n- Algeria, Mali and Niger formed it. [1]"
    assert (
        ground(retriever, "It sits in Tamanrasset [S]. The countries are:").draft.text == "It sits in Tamanrasset. [1]"
    )


def test_a_refusal_in_words_is_no_cited_answer(retriever: Retriever) -> None:
    alone = ground(retriever, "The passages do not say it [S].")
    assert (alone.supported, alone.refused, alone.draft.citations) == (False, True, ())
    after = ground(retriever, "The staff sits in Tamanrasset [S]. The passages do not say it.")
    assert (after.supported, after.refused) == (True, False)
    assert after.draft.text == "The staff sits in Tamanrasset. [1] The passages do not say it."


def test_what_will_stand_only_grows(retriever: Retriever) -> None:
    candidates = retriever.search(retriever.query("joint staff", "en"), Filters(), 5).candidates
    grounding = Grounding(retriever, SentenceChoice.load(), candidates, "en")
    standing = []
    for text in ("It sits in Tamanrasset.", "It has 900 men.", "The countries are:", "Algeria and Mali formed it."):
        grounding.add(AnswerSentence(text))
        standing.append(grounding.standing)
    first = "It sits in Tamanrasset. [1]"
    assert standing == [first, first, first, f"{first} The countries are: Algeria and Mali formed it. [2]"]


@pytest.mark.parametrize(
    ("text", "unsupported"),
    [
        ("Ships never pass the canal.", True),  # another clause denies something, of something else
        ("The canal joins two seas, and locks do not exist in it.", False),
        ("Locks do not exist in it.", False),
    ],
)
def test_what_is_denied_must_be_denied_in_its_own_clause(canal: Retriever, text: str, unsupported: bool) -> None:
    candidates = canal.search(canal.query("canal", "en"), Filters(), 5).candidates
    grounding = Grounding(canal, SentenceChoice.load(), candidates, "en")
    assert grounding.add(AnswerSentence(text, (1,)))[0].unsupported is unsupported


def test_what_a_short_clause_denies_is_not_affirmed(canal: Retriever) -> None:
    candidates = canal.search(canal.query("canal", "en"), Filters(), 5).candidates
    for text, unsupported in (
        ("Locks exist in it.", True),
        ("The canal joins two seas.", False),
        ("No locks exist.", False),
    ):
        grounding = Grounding(canal, SentenceChoice.load(), candidates, "en")
        assert grounding.add(AnswerSentence(text, (1,)))[0].unsupported is unsupported
