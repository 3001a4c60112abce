"""Sentences that say nothing of the world: told by likeness to examples, less what the articles say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.answering.remarks import Remarks
from rag.documents import AnswerSentence
from rag.retrieval.retriever import Retriever
from tests.answering.staff import COFFEE, STAFF, over


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    yield from over(tmp_path_factory.mktemp("index"), STAFF, COFFEE)


@pytest.mark.parametrize(
    ("text", "cited", "relevance", "kind"),
    [
        ("The passages do not say who built the canal.", (), 0.0, "refusal"),
        ("The passages do not say who built the canal.", (1,), 0.0, "refusal"),
        ("The passages do not say who built the canal.", (), 0.9, ""),  # an article says so
        ("Let me know if you need anything else!", (), 0.1, "talk"),
        ("Let me check the passages first.", (), 0.0, "talk"),
        ("The company has not announced the price.", (), 0.2, ""),  # denies something of the world
        ("Question: Who built the canal?", (1,), 0.5, "talk"),
        ("Who built the canal is not told, but the sultan paid.", (1,), 0.5, ""),
        ("Was it the sultan who built the canal?", (1,), 0.5, "talk"),
        ("The countries are:", (), 0.5, "lead-in"),
        ("## The canal", (), 0.5, "lead-in"),
        ("**The canal**", (), 0.5, "lead-in"),
        ("**1869**", (1,), 0.5, ""),
        ("| Country | Year |", (), 0.5, "lead-in"),
        ("Ferdinand de Lesseps dug it.", (), 0.1, ""),
    ],
)
def test_what_a_sentence_says_of_its_task(
    retriever: Retriever, text: str, cited: tuple[int, ...], relevance: float, kind: str
) -> None:
    remarks = Remarks(retriever, "Who built the canal?", "en")
    assert remarks.kind_of(AnswerSentence(text, cited), text, relevance) == kind


def test_a_language_without_examples_has_those_of_all(retriever: Retriever) -> None:
    remarks = Remarks(retriever, "Wie?", "nl")
    assert remarks.kind_of(AnswerSentence("I hope this helps."), "I hope this helps.", 0.1) == "talk"
