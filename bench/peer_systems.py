"""The systems that bench/peers.py sets side by side: each indexes articles in a folder and ranks them for a question.

All but BM25 have the same encoder with the prefixes it requires. A system is built in a process of its own, so that
nothing here is imported before it is wanted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.documents import Article

CHUNK, OVERLAP = 1000, 200  # characters, as LangChain's tutorials have it
Rank = Callable[[str, int], list[str]]
"""(question, passages to retrieve) to article ids, best first, each once."""
MakeIndex = Callable[[Sequence[Article], Path], Rank]
"""Index articles in an empty folder and give what ranks them."""


@dataclass(frozen=True)
class System:
    """``load(model)`` reads a sentence-transformers folder. packages: modules it needs. note: how it is set up."""

    name: str
    packages: Sequence[str]
    note: str
    load: Callable[[Path], MakeIndex]


def isnad(model: Path, reading: bool = True) -> MakeIndex:
    """This program, its own form of the weights, default settings."""
    from dataclasses import replace

    from rag.assistant import Assistant
    from rag.encoding.loading import load_encoder
    from rag.ingestion.indexing import index_given
    from rag.settings import Settings

    settings = replace(Settings.load(), encoder="bundled", reading=reading)
    encoder = load_encoder(settings)

    def index(articles: Sequence[Article], folder: Path) -> Rank:
        index_given(articles, index_dir=folder, encoder=encoder)
        assistant = Assistant.load(replace(settings, index_dir=folder), encoder=encoder)
        return lambda question, k: _once(e.article_id for e in assistant.search(question, top_k=k))

    return index


def isnad_unread(model: Path) -> MakeIndex:
    """The same without the reader."""
    return isnad(model, reading=False)


def langchain(model: Path) -> MakeIndex:
    """The recipe of LangChain's tutorials: recursive splitter, embeddings, FAISS, similarity search."""
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import Embeddings
    from sentence_transformers import SentenceTransformer

    _use_every_core()
    loaded = SentenceTransformer(str(model), device="cpu")

    class Encoded(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return _encoded(loaded, [f"passage: {text}" for text in texts])

        def embed_query(self, text: str) -> list[float]:
            return _encoded(loaded, [f"query: {text}"])[0]

    def index(articles: Sequence[Article], folder: Path) -> Rank:
        ids, texts = _chunks(articles)
        found = FAISS.from_texts(texts, Encoded(), metadatas=[{"id": each} for each in ids])
        found.save_local(str(folder))
        return lambda question, k: _once(d.metadata["id"] for d in found.similarity_search(question, k=k))

    return index


def txtai(model: Path, hybrid: bool = False) -> MakeIndex:
    """txtai's Embeddings over the same chunks; it loads the folder by its own torch code."""
    from txtai import Embeddings

    _use_every_core()
    prefixes = {"query": "query: ", "data": "passage: "}
    found = Embeddings(path=str(model), instructions=prefixes, hybrid=hybrid, gpu=False)

    def index(articles: Sequence[Article], folder: Path) -> Rank:
        ids, texts = _chunks(articles)
        found.index(enumerate(texts))  # what it held before is dropped
        found.save(str(folder / "index"))
        return lambda question, k: _once(ids[place] for place, _ in found.search(question, k))

    return index


def txtai_hybrid(model: Path) -> MakeIndex:
    """The same with its BM25 beside the vectors."""
    return txtai(model, hybrid=True)


def bm25(model: Path) -> MakeIndex:
    """bm25s over whole articles with its own tokenizer; no stop words, since it has none for Arabic."""
    import bm25s

    def words(texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stopwords=None, show_progress=False)

    def index(articles: Sequence[Article], folder: Path) -> Rank:
        ids = [article.id for article in articles]
        found = bm25s.BM25()
        found.index(words([f"{article.title} {article.text}".strip() for article in articles]), show_progress=False)
        found.save(str(folder))

        def rank(question: str, k: int) -> list[str]:
            places, scores = found.retrieve(words([question]), k=min(k, len(ids)), show_progress=False)
            return [ids[place] for place, score in zip(places[0], scores[0], strict=True) if score > 0]

        return rank

    return index


SYSTEMS = (
    System("Isnad", (), "default settings; ranks by vectors, keywords, late interaction and reading", isnad),
    System("Isnad, no reading", (), "`ISNAD_READING=false`: the same without the reader", isnad_unread),
    System(
        "LangChain recipe",
        ("langchain_community", "langchain_text_splitters", "sentence_transformers"),
        f"RecursiveCharacterTextSplitter ({CHUNK} characters, {OVERLAP} shared), sentence-transformers, FAISS",
        langchain,
    ),
    System("txtai", ("txtai", "langchain_text_splitters"), "dense; the same chunks", txtai),
    System("txtai, hybrid", ("txtai", "langchain_text_splitters"), "dense and its BM25; the same chunks", txtai_hybrid),
    System("BM25", ("bm25s",), "bm25s with its own tokenizer, whole articles; no encoder", bm25),
)


def _chunks(articles: Sequence[Article]) -> tuple[list[str], list[str]]:
    """(ids, texts) of the pieces of every article, its title before each."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    split = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP).split_text
    pairs = [(a.id, f"{a.title}\n{piece}".strip()) for a in articles for piece in split(a.text)]
    return [each for each, _ in pairs], [text for _, text in pairs]


def _encoded(model: Any, texts: list[str]) -> list[list[float]]:
    vectors: list[list[float]] = model.encode(texts, normalize_embeddings=True, show_progress_bar=False).tolist()
    return vectors


def _use_every_core() -> None:
    import torch

    torch.set_num_threads(len(os.sched_getaffinity(0)))


def _once(ids: Any) -> list[str]:
    return list(dict.fromkeys(ids))
