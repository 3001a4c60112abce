"""The retriever over a small index made with the stand-in encoder, against numpy where there is something to count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.documents import Article, Evidence, Filters
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.retrieval.fusion import Fusion
from rag.retrieval.late_interaction import by_chance
from rag.retrieval.retriever import Retriever
from rag.text.analyser import analyse
from tests.engines import ENGINES, new_engine
from tests.fakes import HashEncoder

ENCODER = HashEncoder(dimension=64)
ARTICLES = [
    Article(
        "staff",
        "Four states formed a joint staff in May. It sits in Tamanrasset.",
        language="en",
        source="Wire",
        date="2011-05-02",
    ),
    Article(
        "coffee",
        "Coffee is a sign of welcome. It is drunk with dates.",
        language="en",
        source="Desk",
        date="2015-12-01",
    ),
    Article(
        "missiles", "Thousands of missiles vanished. Experts look for them in the desert.", language="en", source="Wire"
    ),
    Article(
        "arkan", "شكلت أربع دول هيئة أركان مشتركة. مقرها في تمنراست.", language="ar", source="مكتب", date="2011-05-03"
    ),
]


@pytest.fixture(scope="module", params=ENGINES)
def retriever(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder: Path = tmp_path_factory.mktemp("index")
    engine = new_engine(request.param)
    index_given(ARTICLES, index_dir=folder, encoder=ENCODER, engine=engine)
    index = Index.open(folder, ENCODER.fingerprint, engine)
    yield Retriever(index, ENCODER, Fusion.load())
    index.close()


def found(retriever: Retriever, question: str, filters: Filters = Filters(), top_k: int = 4) -> list[str]:
    return [c.article.id for c in retriever.search(retriever.query(question), filters, top_k).best(top_k).candidates]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Which states formed the joint staff?", "staff"),
        ("Is coffee drunk with dates?", "coffee"),
        ("Which missiles vanished?", "missiles"),
        ("ما الدول التي شكلت هيئة أركان مشتركة؟", "arkan"),
    ],
)
def test_the_article_with_the_words_comes_first(retriever: Retriever, question: str, first: str) -> None:
    assert found(retriever, question)[0] == first


def test_words_run_together_are_found_as_two(retriever: Retriever) -> None:
    assert retriever.query("أين هيئةأركان مشتركة؟").text == "أين هيئة أركان مشتركة؟"
    assert found(retriever, "هيئةأركان")[0] == "arkan"


def test_top_k_and_order(retriever: Retriever) -> None:
    candidates = retriever.search(retriever.query("joint staff in the desert"), Filters(), 3).best(3).candidates
    scores = [candidate.score for candidate in candidates]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(languages=("ar",)), {"arkan"}),
        (Filters(sources=("Wire",)), {"staff", "missiles"}),
        (Filters(since="2011-05-03"), {"coffee", "arkan"}),
        (Filters(until="2011-05-02"), {"staff"}),
        (Filters(article_ids=("coffee", "staff")), {"coffee", "staff"}),
        (Filters(languages=("fr",)), set()),
    ],
)
def test_filters_hold(retriever: Retriever, filters: Filters, ids: set[str]) -> None:
    assert set(found(retriever, "joint staff", filters)) == ids


def test_signals_are_those_of_brute_force(retriever: Retriever) -> None:
    query = retriever.query("Which states formed the joint staff?")
    for candidate in retriever.search(query, Filters(), 4).candidates:
        ((codes, spans),) = retriever.index.token_codes([candidate.passage.key])
        tokens = retriever.index.centring.centre_tokens(
            retriever.index.token_code.unpack(codes), candidate.passage.language
        )
        best = (tokens @ query.tokens.vectors.T).max(axis=0)
        wanted = float(best @ query.tokens.weights - by_chance(np.array(len(tokens))))
        assert candidate.signals.late == pytest.approx(wanted, abs=1e-3)
        assert np.array_equal(candidate.spans, spans)


def test_keywords_do_not_count_across_scripts(retriever: Retriever) -> None:
    found = retriever.search(retriever.query("Which states formed the joint staff?"), Filters(), 4)
    by_id = {candidate.article.id: candidate for candidate in found.candidates}
    assert by_id["staff"].signals.keyword > 0.3
    assert by_id["arkan"].signals.keyword == 0
    assert not by_id["arkan"].signals.same_language


def test_the_language_given_wins_over_the_one_detected(retriever: Retriever) -> None:
    assert retriever.query("Tamanrasset", "fr").language == "fr"


def test_rescoring_keeps_the_passages(retriever: Retriever) -> None:
    candidates = retriever.search(retriever.query("joint staff"), Filters(), 3).best(3).candidates
    again = retriever.rescore(retriever.query("missiles vanished"), candidates)
    assert {c.passage.key for c in again} == {c.passage.key for c in candidates}
    assert again[0].article.id == "missiles"


def test_an_index_without_articles_finds_nothing(tmp_path: Path) -> None:
    index_given([], index_dir=tmp_path, encoder=ENCODER)
    retriever = Retriever(Index.open(tmp_path, ENCODER.fingerprint), ENCODER, Fusion.load())
    assert retriever.search(retriever.query("anything"), Filters(), 5).candidates == []


REPORT = (
    "The ministers of four countries met in Tamanrasset on Monday and agreed to found a joint staff against smugglers. "
    "Its officers will share what they know of convoys in the desert, and each army keeps to its own side of the line. "
    "A second meeting is planned in the spring, when the heads of state are to sign what their ministers agreed."
)


def test_of_reprints_the_best_is_kept_and_names_the_others(tmp_path: Path) -> None:
    reprints = [
        Article(f"reprint-{n}", f"{source}. {REPORT}", title="A joint staff", language="en", source=source)
        for n, source in enumerate(["Wire", "Sahel", "Radio", "Wire"])
    ]
    copy = replace(reprints[0], id="copy", source="Agency", origin="copy")
    longer = replace(reprints[1], id="longer", text=f"{reprints[1].text} Observers doubt the sum of nine millions.")
    index_given([*ARTICLES[2:], *reprints, copy, longer], index_dir=tmp_path, encoder=ENCODER)
    retriever = Retriever(Index.open(tmp_path, ENCODER.fingerprint), ENCODER, Fusion.load())

    def told(question: str, filters: Filters = Filters()) -> list[tuple[str, tuple[str, ...]]]:
        found = retriever.search(retriever.query(question), filters, 5).candidates
        return [(c.article.id, c.also_in) for c in found if c.article.text.endswith((REPORT, "millions."))]

    ((first, also_in),) = told("Who met in Tamanrasset?")
    assert first in {"reprint-0", "reprint-1", "reprint-2", "reprint-3", "longer"}
    assert len(also_in) == 3
    assert {*also_in} < {"Wire", "Sahel", "Radio", "Agency"}
    assert told("Who doubts the sum of nine millions?") == [("longer", ("Wire", "Radio", "Agency"))]
    assert told("Who met in Tamanrasset?", Filters(sources=("Radio",))) == [("reprint-2", ("Wire", "Sahel", "Agency"))]
    hit = retriever.search(retriever.query("Who met in Tamanrasset?"), Filters(sources=("Radio",)), 5).candidates[0].hit
    assert Evidence.from_hit(hit).also_in == hit.also_in == ("Wire", "Sahel", "Agency")


def test_names_are_searched_in_the_articles_language(retriever: Retriever) -> None:
    query = retriever.query("What did Algeria say in May?", "en")
    said = {term.text for term in analyse("الجزائر", "ar")}
    assert said <= set(query.names)
    assert not said & set(query.terms)
    assert not set(query.names) & set(query.terms)
