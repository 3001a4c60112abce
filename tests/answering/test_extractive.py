"""From candidates to quotes: sentence choice, highlights, neighbours, refusal; and a model's text held to sources."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.extractive import Extractive, refusal_text
from rag.answering.highlighting import merge
from rag.answering.model_answer import Grounding
from rag.answering.refusal import Refusal, features, is_bare
from rag.answering.sentence_choice import MOST, SentenceChoice
from rag.answering.sentence_stream import SentenceStream
from rag.documents import AnswerSentence, Article, Filters, Span
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.retrieval.fusion import Fusion
from rag.retrieval.reranking import MOST_MARGIN, Found
from rag.retrieval.retriever import Retriever
from tests.fakes import HashEncoder

ENCODER = HashEncoder(dimension=64)
TEXT = (
    "Joint staff of the Sahel\n\n"
    "Algeria, Mali and Niger formed a joint staff in May. The joint staff sits in Tamanrasset. Rain fell on the desert."
)
ARTICLES = [
    Article("staff", TEXT, title="Staff", language="en", date="2011-05-02", source="Wire"),
    Article("reprint", TEXT, title="Staff again", language="en", date="2011-05-03", source="Other"),
    Article("coffee", "Coffee is a sign of welcome. It is drunk with dates.", language="en"),
]


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder: Path = tmp_path_factory.mktemp("index")
    index_given([ARTICLES[0], ARTICLES[2]], index_dir=folder, encoder=ENCODER)
    index = Index.open(folder, ENCODER.fingerprint)
    yield Retriever(index, ENCODER, Fusion.load())
    index.close()


def ranked(retriever: Retriever, question: str, choice: SentenceChoice | None = None):
    query = retriever.read(question, "en")
    candidates = retriever.search(query, Filters(), 5)
    return query, candidates, (choice or SentenceChoice.load()).rank(query, candidates)


def test_the_sentence_with_the_words_comes_first_and_headings_never(retriever: Retriever) -> None:
    _, _, sentences = ranked(retriever, "Where does the joint staff of the Sahel sit?")
    assert sentences[0].text == "The joint staff sits in Tamanrasset."
    assert "Joint staff of the Sahel" not in {sentence.text for sentence in sentences}


def test_what_is_asked_for_lifts_a_sentence(retriever: Retriever) -> None:
    _, _, with_kind = ranked(retriever, "which countries formed the joint staff?")
    _, _, without = ranked(
        retriever, "which countries formed the joint staff?", replace(SentenceChoice.load(), expected=0.0)
    )
    assert with_kind[0].text.startswith("Algeria, Mali and Niger")
    assert with_kind[0].score - without[0].score == pytest.approx(SentenceChoice.load().expected)
    assert [span.of(TEXT) for span in with_kind[0].expected] == ["Algeria", "Mali", "Niger"]


@pytest.mark.parametrize(("margin", "count"), [(0.0, 1), (10.0, MOST)])
def test_how_many_sentences_the_margin_lets_in(retriever: Retriever, margin: float, count: int) -> None:
    choice = replace(SentenceChoice.load(), margin=margin)
    query, _, sentences = ranked(retriever, "joint staff", choice)
    assert len(choice.choose(query, sentences)) == count


def test_a_question_for_several_things_is_quoted_more_widely(retriever: Retriever) -> None:
    one, _, (first, second, *_) = ranked(retriever, "Which country formed the joint staff?")
    several, *_ = ranked(retriever, "Which countries formed the joint staff?")
    close = [replace(first, score=1.0), replace(second, score=0.85)]
    choice = replace(SentenceChoice.load(), margin=0.1)
    assert choice.choose(one, close) == close[:1]
    assert choice.choose(several, close) == close


def test_a_reprinted_sentence_is_quoted_once(tmp_path: Path) -> None:
    index_given(
        [replace(ARTICLES[0], text=TEXT + " It met."), replace(ARTICLES[1], text="It rained.\n\n" + TEXT)],
        index_dir=tmp_path,
        encoder=ENCODER,
    )
    retriever = Retriever(Index.open(tmp_path, ENCODER.fingerprint), ENCODER, Fusion.load())
    choice = replace(SentenceChoice.load(), margin=10.0)
    query, _, sentences = ranked(retriever, "where does the joint staff sit", choice)
    texts = [sentence.text for sentence in choice.choose(query, sentences)]
    assert len(texts) == len(set(texts)) == MOST


def test_neighbours_become_one_quote_and_others_their_own(retriever: Retriever) -> None:
    extractive = Extractive(replace(SentenceChoice.load(), margin=10.0), replace(Refusal.load(), threshold=0.0))
    query = retriever.read("Algeria formed a joint staff that sits in Tamanrasset", "en")
    draft = extractive.write(extractive.judge(query, retriever.search(query, Filters(), 1)))
    assert [citation.quote for citation in draft.citations] == [TEXT[TEXT.index("Algeria") :]]
    assert {number for sentence in draft.sentences for number in sentence.citations} == {1}
    assert draft.text.count("[1]") == len(draft.sentences) == 3


def test_highlights_are_whole_words_of_the_quote(retriever: Retriever) -> None:
    extractive = Extractive(SentenceChoice.load(), replace(Refusal.load(), threshold=0.0))
    query = retriever.read("Where in the desert does the joint staff sit?", "en")
    draft = extractive.write(extractive.judge(query, retriever.search(query, Filters(), 3)))
    text = TEXT
    marked = [text[start:end] for start, end in draft.citations[0].highlights]
    assert "joint" in marked
    assert "staff" in marked
    assert not {"The", "the", "in"} & set(marked), "words that say nothing"
    assert all(
        not text[start - 1].isalnum() and not text[end].isalnum() for start, end in draft.citations[0].highlights
    )


@pytest.mark.parametrize(
    ("spans", "merged"),
    [
        ([], ()),
        ([(5, 8), (1, 3)], ((1, 3), (5, 8))),
        ([(1, 4), (3, 6)], ((1, 6),)),
        ([(1, 4), (4, 6)], ((1, 6),)),
        ([(1, 9), (2, 3)], ((1, 9),)),
    ],
)
def test_merging_spans(spans: list[tuple[int, int]], merged: tuple[tuple[int, int], ...]) -> None:
    assert merge(Span(*span) for span in spans) == merged


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("What did Algeria form?", 0.0),
        ("What did Japan form?", 1.0),
        ("What happened in May 2011?", 0.0),
        ("What happened in 1998?", 1.0),
        ("Who sits there?", 0.0),
    ],
)
def test_a_country_or_year_no_passage_names(retriever: Retriever, question: str, absent: float) -> None:
    assert features(*ranked(retriever, question))["absent"] == absent


@pytest.mark.parametrize(
    ("question", "telling"),
    [
        ("which countries formed the joint staff?", True),
        ("When was the joint staff formed?", True),
        ("Who formed the joint staff?", False),
        ("How many formed the joint staff?", False),
        ("Which languages are spoken in Tamanrasset?", False),
    ],
)
def test_holding_what_was_asked_for_tells_unless_it_is_a_number(
    retriever: Retriever, question: str, telling: bool
) -> None:
    assert (features(*ranked(retriever, question))["found"] > 0.5) is telling


@pytest.mark.parametrize(
    ("margins", "reading"), [((), 0.0), ((-2.0,), -2.0), ((-2.0, 5.0), 5.0), ((1e6,), MOST_MARGIN), ((-1e6,), -12.0)]
)
def test_the_surest_words_of_any_sentence_count(
    retriever: Retriever, margins: tuple[float, ...], reading: float
) -> None:
    query, candidates, sentences = ranked(retriever, "Where does the joint staff sit?")
    read = [
        replace(sentence, found=Found(Span(0, 1), margin)) for sentence, margin in zip(sentences, margins, strict=False)
    ]
    assert features(query, candidates, [*read, *sentences[len(read) :]])["reading"] == reading


def test_the_rule_is_a_logistic_one() -> None:
    rule = Refusal({"relevance": 2.0, "absent": -1.0}, offset=-1.0, threshold=0.5)
    assert rule.confidence({"relevance": 0.5, "absent": 0.0}) == pytest.approx(0.5)
    assert rule.confidence({"relevance": 0.5, "absent": 1.0}) == pytest.approx(0.268941, abs=1e-6)
    assert not rule.refuses(0.5)
    assert rule.refuses(0.4999)
    assert rule.confidence({"relevance": 1e9, "absent": 0.0}) <= 1


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("thanks", True),
        ("joint staff", True),
        ("شكرا", True),
        ("谢谢", True),
        ("staff?", False),
        ("القهوة؟", False),
        ("thank you very much", False),
        ("who sits there", False),
        ("joint staff Tamanrasset", False),
        ("👍", True),
    ],
)
def test_a_word_or_two_without_a_mark_ask_nothing(retriever: Retriever, text: str, bare: bool) -> None:
    assert is_bare(retriever.read(text)) is bare


def test_bare_words_are_answered_only_by_what_is_about_them(retriever: Retriever) -> None:
    rule = Refusal.load()
    bare, question, termless = (retriever.read(text, "en") for text in ("staff", "staff?", "And who is that?"))
    near, far = (
        {"relevance": relevance, "other_language": 0.0, "absent": 0.0, "found": 0.0} for relevance in (0.6, 0.3)
    )
    assert rule.judge(bare, near) == rule.confidence(near)
    assert rule.judge(bare, far) == 0
    assert rule.judge(question, far) == rule.confidence(far)
    assert rule.judge(termless, near) == 0


def test_without_a_sentence_there_is_nothing_to_answer(retriever: Retriever) -> None:
    judgement = Extractive.load().judge(retriever.read("staff", "en"), [])
    assert judgement.refused
    assert judgement.confidence == 0


def test_refusals_are_worded_in_many_languages_and_english_otherwise() -> None:
    texts = json.loads((Path(__file__).parents[2] / "rag/assets/refusals.json").read_text("utf-8"))
    assert {"ar", "en", "fr"} <= texts.keys()
    assert all(refusal_text(code) == text for code, text in texts.items())
    assert refusal_text("sw") == texts["en"]


# -- a model's text --------------------------------------------------------------------------------------------------


def ground(retriever: Retriever, text: str):
    query = retriever.read("joint staff", "en")
    candidates = retriever.search(query, Filters(), 5)
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
