"""The contract of every engine: what it finds is what brute force over the store finds, in every generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.documents import Article, Filters
from rag.index.engines import load_engine
from rag.index.search_engine import Probe, SearchEngine
from rag.index.snapshot import Index
from rag.ingestion.indexing import delete_article, index_given
from rag.settings import Settings
from rag.text.analyser import analyse
from tests.engines import ENGINES, new_engine
from tests.fakes import HashEncoder, accepts
from tests.storage import CORPUS, ENCODER, article, by_keyword, by_vector, everything, query

MALI, RAIN, JAYSH, PLUIE = CORPUS
Publish = Callable[..., Index]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Of one server for all tests, each with a store of its own."""
    pytest.importorskip("qdrant_client", reason="needs the package qdrant-client")
    from tests.qdrant_http import serving

    with serving("s3cret") as url:
        yield url


@pytest.fixture(params=[*ENGINES, "qdrant over HTTP"])
def engine(request: pytest.FixtureRequest) -> SearchEngine:
    if request.param in ENGINES:
        return new_engine(request.param)
    return load_engine(Settings(qdrant_url=request.getfixturevalue("address"), qdrant_api_key="s3cret"))


@pytest.fixture
def publish(engine: SearchEngine, tmp_path: Path) -> Publish:
    def give(*articles: Article, encoder: HashEncoder = ENCODER) -> Index:
        index_given(articles, index_dir=tmp_path, encoder=encoder, engine=engine)
        return Index.open(tmp_path, encoder.fingerprint, engine)

    return give


@pytest.fixture
def delete(engine: SearchEngine, tmp_path: Path) -> Callable[[str], Index]:
    def remove(name: str) -> Index:
        delete_article(name, index_dir=tmp_path, engine=engine)
        return Index.open(tmp_path, ENCODER.fingerprint, engine)

    return remove


def terms_of(text: str, language: str = "en") -> list[str]:
    return [term.text for term in analyse(text, language)]


def probe(index: Index, text: str) -> Probe:
    encoding = ENCODER.encode_query(text)
    tokens = index.centring.centre_tokens(encoding.tokens, "en") / np.float32(max(len(encoding.tokens), 1))
    return Probe(query(index, text), tokens, terms_of(text), 50, 20)


def ids(index: Index, keys: np.ndarray) -> set[str]:
    return {owner.id for _, owner in index.hits(keys)}


def found(index: Index, text: str, filters: Filters = Filters()) -> set[str]:
    return ids(index, index.propose(probe(index, text), filters))


# -- scores ----------------------------------------------------------------------------------------------------------


def brute_bm25(index: Index, words: list[str], keys: np.ndarray) -> list[float]:
    """Straight from the formula, over the passages of ``keys``, which are all there are."""
    counts = [
        Counter(terms_of(owner.title, owner.language) + terms_of(passage.text, passage.language))
        for passage, owner in index.hits(keys)
    ]
    mean = np.mean([sum(count.values()) for count in counts])
    scores = []
    for count in counts:
        weighed = count.total() if hasattr(count, "total") else sum(count.values())
        score = 0.0
        for word in words:
            holding = sum(word in other for other in counts)
            idf = np.log1p((len(counts) - holding + 0.5) / (holding + 0.5))
            score += idf * count[word] / (count[word] + 1.2 * (1 - 0.75 + 0.75 * weighed / mean))
        scores.append(score)
    return scores


def test_vectors_are_searched_as_brute_force_does(publish: Publish) -> None:
    index = publish(*CORPUS)
    wanted = query(index, "rain in the valley")
    keys = by_vector(index, wanted, 10)
    pooled = np.stack([ENCODER._encode(owner.title, p.text).pooled for p, owner in index.hits(keys)])
    centred = index.centring.centre_pooled(pooled, [passage.language for passage, _ in index.hits(keys)])
    assert len(keys) == index.counts["passages"]
    assert (np.diff(centred @ wanted) <= 1e-6).all()
    np.testing.assert_array_equal(by_vector(index, wanted, 2), keys[:2])


def test_keywords_are_scored_as_the_formula_says(publish: Publish) -> None:
    index = publish(*CORPUS)
    words = terms_of("the chiefs of the rainy border met for rain")
    everywhere = by_vector(index, query(index, "anything"), 100)
    expected = brute_bm25(index, words, everywhere)
    np.testing.assert_allclose(index.keyword_scores(words, everywhere), expected, rtol=1e-4)
    keys = by_keyword(index, words, 10)
    by_key = dict(zip(everywhere.tolist(), expected, strict=True))
    assert {key for key, score in by_key.items() if score} == set(keys.tolist())
    assert (np.diff([by_key[key] for key in keys.tolist()]) <= 1e-6).all()


def test_what_is_proposed_holds_the_best_of_either_side(publish: Publish) -> None:
    index = publish(*CORPUS, *(article(f"filler {n}", f"Filler number {n} tells of nothing at all.") for n in range(9)))
    given = replace(probe(index, "Rain fell on farmers"), by_vector=3, by_keyword=2)
    proposed = index.propose(given, Filters())
    assert len(set(proposed.tolist())) == len(proposed) <= 5
    assert {by_vector(index, given.pooled, 1)[0], by_keyword(index, given.terms, 1)[0]} <= set(proposed)


@pytest.mark.parametrize("text", ["zebra", "!", ""])
def test_words_that_no_passage_holds(publish: Publish, text: str) -> None:
    index = publish(*CORPUS)
    assert by_keyword(index, terms_of(text), 5).tolist() == []
    assert found(index, text or "!") == {a.id for a in CORPUS}


# -- filters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(languages=("ar", "fr")),
        Filters(sources=("Wire",)),
        Filters(sources=("Wire", "nobody"), languages=("en",)),
        Filters(since="2011-10-13"),
        Filters(until="2011-10-12"),
        Filters(since="2011-10-13", until="2012-05-01"),
        Filters(article_ids=("rain", "nobody")),
        Filters(article_ids=("rain",), languages=("ar",)),
    ],
)
def test_filters_hold_on_every_side(publish: Publish, filters: Filters) -> None:
    index = publish(*CORPUS)
    expected = {a.id for a in CORPUS if accepts(filters, a)}
    words = [term for a in CORPUS for term in terms_of(a.text, a.language)]
    assert found(index, "rain", filters) == expected
    assert ids(index, by_vector(index, query(index, "rain"), 10, filters)) == expected
    assert ids(index, by_keyword(index, words, 10, filters)) == expected


# -- generations -----------------------------------------------------------------------------------------------------


def test_an_article_that_is_deleted_is_found_no_more(publish: Publish, delete: Callable[[str], Index]) -> None:
    before = publish(*CORPUS)
    after = delete("rain")
    assert found(after, "rain") == {"mali", "jaysh", "pluie"}
    assert by_keyword(after, terms_of("farmers"), 5).tolist() == []
    assert found(before, "rain") == {a.id for a in CORPUS}
    assert ids(before, by_keyword(before, terms_of("farmers"), 5)) == {"rain"}


def test_an_article_that_is_replaced_is_found_by_its_new_words_alone(publish: Publish) -> None:
    publish(*CORPUS)
    index = publish(replace(RAIN, text="Snow fell on the mountains."))
    assert by_keyword(index, terms_of("farmers"), 5).tolist() == []
    assert ids(index, by_keyword(index, terms_of("snow"), 5)) == {"rain"}


def test_filters_follow_what_is_told_of_an_article_anew(publish: Publish) -> None:
    publish(*CORPUS)
    index = publish(replace(RAIN, source="Radio", date="2020-01-01"))
    assert found(index, "rain", Filters(sources=("Weather",))) == set()
    assert found(index, "rain", Filters(sources=("Radio",), since="2020-01-01")) == {"rain"}


def test_publishing_nothing_new_changes_nothing(publish: Publish) -> None:
    first, again = publish(*CORPUS), publish(*CORPUS)
    assert first.generation == again.generation
    assert again.is_whole()


def test_every_snapshot_stays_whole_while_the_index_goes_on(publish: Publish, delete: Callable[[str], Index]) -> None:
    snapshots = [publish(*CORPUS)]
    expected = [everything(snapshots[0])]
    for turn in range(4):
        delete(CORPUS[turn].id)
        snapshots.append(publish(article(f"new {turn}", f"Turn {turn} came."), article("kept", f"Seen {turn} times.")))
        expected.append(everything(snapshots[-1]))
    for snapshot, whole in zip(snapshots, expected, strict=True):
        assert everything(snapshot) == whole
        assert found(snapshot, "Turn came") == set(whole)


def test_keyword_scores_follow_the_corpus_as_it_changes(publish: Publish, delete: Callable[[str], Index]) -> None:
    publish(*CORPUS)
    publish(
        *(article(f"more {n}", f"The chiefs met again in place {n}, and it rained. " * (1 + n % 3)) for n in range(7))
    )
    index = delete("mali")
    everywhere = by_vector(index, query(index, "anything"), 100)
    words = terms_of("the chiefs met in the rain")
    np.testing.assert_allclose(index.keyword_scores(words, everywhere), brute_bm25(index, words, everywhere), rtol=1e-4)


def test_an_index_of_nothing_finds_nothing(publish: Publish, delete: Callable[[str], Index]) -> None:
    assert by_vector(publish(), np.ones(ENCODER.dimension, dtype=np.float32), 5).tolist() == []
    publish(RAIN)
    emptied = delete("rain")
    assert found(emptied, "rain") == set()
    assert by_keyword(emptied, terms_of("rain"), 5).tolist() == []


@pytest.mark.parametrize("bad", [np.zeros(32), np.full(32, np.nan)], ids=["zero", "nan"])
def test_a_query_that_points_nowhere_is_refused(publish: Publish, bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="zero or not finite"):
        by_vector(publish(*CORPUS), bad.astype(np.float32), 5)


def test_another_encoder_starts_over(publish: Publish, engine: SearchEngine, tmp_path: Path) -> None:
    publish(*CORPUS)
    other = HashEncoder(dimension=16, name="other")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.txt").write_text("Rain fell on the valley.", encoding="utf-8")
    from rag.ingestion.indexing import index_articles

    index_articles([tmp_path / "articles"], index_dir=tmp_path, encoder=other, engine=engine, rebuild=True)
    index = Index.open(tmp_path, other.fingerprint, engine)
    assert (len(by_keyword(index, terms_of("rain"))), index.fingerprint.dimension) == (2, 16)
    assert index.is_whole()
