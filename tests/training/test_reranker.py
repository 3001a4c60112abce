"""The reranker's network against the folder written of it, its loss, and the lessons it learns from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.encoding.bundled_tokenizer import BundledTokenizer
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.reader.bundled_reader import ReadingTokens
from rag.retrieval.fusion import Fusion
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.tiny_weights import tiny_tokenizer, tiny_weights
from training import ranking
from training.examples import Example
from training.hub_graphs import write_reranker_graphs
from training.ranking import OTHERS, Ranking, RankingLessons

torch = pytest.importorskip("torch", reason="needs torch")
from training.loop import Training  # noqa: E402  # after the check that torch is there
from training.network import ReaderNetwork  # noqa: E402
from training.reranker import RerankerNetwork, padded, ranking_loss  # noqa: E402
from training.reranker_folder import write_reranker_folder  # noqa: E402

pytestmark = pytest.mark.torch
ASKED, TEXTS = "who sat where ?", ["the cat sat on the mat .", "a dog ran away ."]


def network(seed: int = 0) -> RerankerNetwork:
    torch.manual_seed(seed)
    reader = ReaderNetwork(tiny_weights(), torch.float32, frozen=1)
    read = {name.replace("_", "."): values.detach().numpy() for name, values in reader.tensors.items()}
    return RerankerNetwork(tiny_weights(), read, torch.float32, frozen=1)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> BundledTokenizer:
    return tiny_tokenizer(tmp_path_factory.mktemp("tokenizer"))


def test_the_folder_scores_as_the_network_does(tmp_path: Path, tokenizer: BundledTokenizer) -> None:
    from rag.encoding.placement import Placement
    from rag.reranker.cross_encoder import CrossEncoderReranker, load_reranker
    from rag.reranker.onnx_reranker import OnnxReranker

    trained = network().eval()
    with torch.no_grad():
        for values in trained.tensors.values():
            values.add_(0.05 * torch.randn_like(values))
        asked, *texts = tokenizer.tokenize([ASKED, *TEXTS])
        sequences = [ReadingTokens(tokenizer).pair(asked.ids, text.ids).ids for text in texts]
        expected = trained(*padded(sequences)).numpy()
    tensors = {name: values.detach().numpy() for name, values in trained.tensors.items()}
    folder = write_reranker_folder(tensors, replace(tiny_weights(), normalisation={1: "", 9: " "}), tmp_path / "tiny")
    reranker = CrossEncoderReranker.load(str(folder), Placement(device="cpu"))
    assert reranker.score(ASKED, TEXTS) == pytest.approx(expected, abs=1e-3)
    assert abs(expected[0] - expected[1]) > 0.01
    assert reranker.identity.name == "tiny"
    assert reranker.score(ASKED, []).shape == (0,)
    write_reranker_graphs(folder, tiny_weights(), tensors)
    for backend, near in (("onnx", 1e-3), ("onnx-int8", 0.05)):
        graph = load_reranker(Settings(reranker=str(folder), backend=backend))
        assert isinstance(graph, OnnxReranker)
        assert graph.score(ASKED, TEXTS) == pytest.approx(expected, abs=near)


def test_it_learns_to_put_the_passage_that_answers_first(tmp_path: Path) -> None:
    random = np.random.default_rng(0)

    def lesson() -> Ranking:
        lists = [[0, *random.integers(10, 20, 8).tolist(), 2] for _ in range(3)]
        lists[0][4] = 9  # by which the passage that answers is known
        return Ranking(tuple(lists))

    plan = [[lesson() for _ in range(4)] for _ in range(30)]
    trained = network()
    loss = ranking_loss(trained)
    before = loss(plan[0])[0].item()
    Training(trained, plan, loss, tmp_path, seed=0, peak=2e-3).run(lambda line: None, lambda: "", every=1.0)
    after = loss(plan[0])[0].item()
    assert before == pytest.approx(np.log(3), abs=0.8)
    assert after < 0.6 * before


def made_examples() -> Iterator[Example]:
    for n in range(9):
        text = f"The bridge of town{n} was opened in {1900 + n}."
        start = text.index(str(1900 + n))
        asked = f"When was the bridge of town{n} opened?"
        yield Example(f"q{n}", "piaf", "fr", asked, text, ((start, start + 4),), topic=n)


def test_a_lesson_is_a_question_with_what_answers_it_and_what_does_not(
    tmp_path: Path, tokenizer: BundledTokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "SHARES", {"piaf": 1.0})
    lessons = RankingLessons(list(made_examples()), tokenizer, seed=0)
    assert [article.source for article in lessons.articles] == ["piaf"] * 9
    encoder = HashEncoder()
    index_given(lessons.articles, index_dir=tmp_path, encoder=encoder)
    index = Index.open(tmp_path, encoder.fingerprint)
    drawn = list(lessons.draw(12, Retriever(index, encoder, Fusion.load())))
    index.close()
    assert {len(one.sequences) for one in drawn} == {1 + OTHERS}
    assert {tuple(sequence[:2]) for one in drawn for sequence in one.sequences} == {(0, 4)}  # <s> query:
