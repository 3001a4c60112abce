"""Encoders whose token vectors mean nothing by themselves: each sentence has one vector, and the rest works as ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.assistant import Assistant
from rag.documents import Article, Filters
from rag.encoding.encoder import BY_SENTENCE, Encoding, Fingerprint, PassageText
from rag.encoding.token_codes import ScalarCode
from rag.errors import IndexMismatchError
from rag.index.qdrant.collection import name_of
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.retrieval.fusion import Fusion
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from tests.engines import qdrant_engine
from tests.fakes import HashEncoder

STAFF = (
    "The ministers met in the capital on a Monday. "
    "Four countries formed the joint staff in Tamanrasset. "
    "Rain is expected over the desert in the coming week."
)
ARTICLES = [
    Article("staff", STAFF, title="A meeting", language="en"),
    Article("rain", "Rain fell on the desert for a week. Palms and wells were found intact.", language="en"),
]


class SentenceEncoder(HashEncoder):
    """The same without token vectors, as an encoder is that gives the first token's for a text's."""

    def __init__(self) -> None:
        super().__init__()
        self.fingerprint: Fingerprint = replace(self.fingerprint, pooling=BY_SENTENCE)

    def encode_query(self, text: str) -> Encoding:
        return self._without(super().encode_query(text))

    def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
        return map(self._without, super().encode_passages(passages))

    def _without(self, encoding: Encoding) -> Encoding:
        return replace(encoding, tokens=np.zeros((0, self.dimension), dtype=np.float32))


ENCODER = SentenceEncoder()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("index")
    index_given(ARTICLES, index_dir=made, encoder=ENCODER)
    return made


@pytest.fixture(scope="module")
def retriever(folder: Path) -> Retriever:
    return Retriever(Index.open(folder, ENCODER.fingerprint), ENCODER, Fusion.load())


def test_a_vector_is_kept_for_each_sentence(retriever: Retriever) -> None:
    found = retriever.search(retriever.query("joint staff"), Filters(), 5).candidates
    for candidate in found:
        ((packed, spans),) = retriever.index.token_codes([candidate.passage.key])
        vectors = ScalarCode(ENCODER.dimension).unpack(packed)
        sentences = [span.of(candidate.article.text) for span in candidate.passage.sentences]
        wanted = [each.pooled for each in ENCODER.encode_passages([PassageText("", one) for one in sentences])]
        assert vectors == pytest.approx(np.array(wanted), abs=0.01)
        assert len(spans) > len(sentences)  # of tokens, by which windows are measured


def test_the_sentence_that_is_nearest_tells_the_passage(retriever: Retriever) -> None:
    first, *_ = retriever.search(retriever.query("Which countries formed the joint staff?"), Filters(), 5).candidates
    assert first.article.id == "staff"
    assert int(first.interaction.sentence_scores.argmax()) == 1
    assert first.interaction.similarity.shape == (len(first.spans), 1)
    assert first.interaction.score == pytest.approx(float(first.interaction.sentence_scores.max()), abs=0.2)


def test_every_sentence_has_the_likeness_of_its_own_vector(retriever: Retriever) -> None:
    query = retriever.query("Which countries formed the joint staff?")
    first, *_ = retriever.search(query, Filters(), 5).candidates
    centring = retriever.index.centring
    for number, span in enumerate(first.passage.sentences):
        (encoding,) = ENCODER.encode_passages([PassageText("", span.of(first.article.text))])
        likeness = float((centring.centre_tokens(encoding.pooled[None], "en") @ query.tokens.vectors[0])[0])
        inside = (first.spans[:, 0] >= span.start) & (first.spans[:, 1] <= span.end) & (first.spans[:, 1] > 0)
        assert first.interaction.similarity[inside] == pytest.approx(likeness, abs=0.02), number


def test_tokens_stand_for_their_sentences_where_late_interaction_is_left_out(tmp_path: Path) -> None:
    encoder = HashEncoder()
    index_given(ARTICLES, index_dir=tmp_path, encoder=encoder)
    retriever = Retriever(Index.open(tmp_path, encoder.fingerprint), encoder, replace(Fusion.load(), by_token=False))
    query = retriever.query("Which countries formed the joint staff?")
    first, *_ = retriever.search(query, Filters(), 5).candidates
    assert first.article.id == "staff"
    assert query.tokens.vectors.shape == (1, encoder.dimension)
    mean = retriever.index.centring.token_mean("en", encoder.dimension)
    for number, span in enumerate(first.passage.sentences):
        (encoding,) = encoder.encode_passages([PassageText("", span.of(first.article.text))])
        sentence = encoding.tokens.mean(axis=0) - mean
        likeness = float(sentence @ query.tokens.vectors[0] / np.linalg.norm(sentence))
        inside = (first.spans[:, 0] >= span.start) & (first.spans[:, 1] <= span.end) & (first.spans[:, 1] > 0)
        assert first.interaction.similarity[inside] == pytest.approx(likeness, abs=0.02), number
    assert not retriever.knows_chance
    assert len(retriever.query("?").tokens.vectors) == 1  # no word, no token


def test_a_question_is_answered_and_no_word_is_marked_for_another(folder: Path) -> None:
    assistant = Assistant.load(Settings(index_dir=folder, reading=False), encoder=ENCODER)
    answer = assistant.ask("Which countries formed the joint staff in Tamanrasset?")
    assert answer.status in ("answered", "related")
    assert answer.citations[0].quote == "Four countries formed the joint staff in Tamanrasset."
    assert answer.citations[0].highlights == ()


def test_the_index_of_one_is_not_taken_for_that_of_the_other(folder: Path) -> None:
    with pytest.raises(IndexMismatchError, match="index --rebuild"):
        Index.open(folder, HashEncoder().fingerprint)


@pytest.mark.parametrize(("encoder", "vectors"), [(ENCODER, {"pooled"}), (HashEncoder(), {"pooled", "tokens"})])
def test_qdrant_keeps_the_vectors_that_mean_something(tmp_path: Path, encoder: HashEncoder, vectors: set[str]) -> None:
    engine = qdrant_engine()
    index_given(ARTICLES, index_dir=tmp_path, encoder=encoder, engine=engine)
    client = engine._server._client
    (collection,) = client.get_collections().collections
    assert set(client.get_collection(collection.name).config.params.vectors) == vectors
    retriever = Retriever(Index.open(tmp_path, encoder.fingerprint, engine), encoder, Fusion.load())
    first, *_ = retriever.search(retriever.query("Which countries formed the joint staff?"), Filters(), 5).candidates
    assert first.article.id == "staff"


def test_a_collection_is_named_after_all_that_made_its_vectors() -> None:
    known = HashEncoder().fingerprint
    others = [replace(known, pooling=BY_SENTENCE), replace(known, dimension=16), replace(known, query_prefix="q: ")]
    names = {name_of(each, "store" * 4, 1) for each in (known, *others)}
    assert len(names) == 4
