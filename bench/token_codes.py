"""What packing the token vectors costs: retrieval with float32, int8 and product codes, their size and their speed.

    python -m bench.token_codes [../shared/data]

Each set is indexed as the program does it, and the candidates it proposes for each question are ranked with the tokens
packed and unpacked by each code, everything else alike. The table was trained on other texts (bench/token_table.py).
Writes ``bench/results/token_codes.md``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from bench.reports import write_report
from rag.documents import Filters, Float32
from rag.encoding.encoder import Encoder, Encoding, PassageText
from rag.encoding.loading import load_encoder, load_token_code, token_code_name
from rag.encoding.token_codes import INT8, TokenCode
from rag.evaluation import metrics
from rag.evaluation.evaluation_set import EvaluationSet, GoldQuestion, load_set
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.retrieval.candidates import Candidate
from rag.retrieval.fusion import Fusion
from rag.retrieval.late_interaction import QueryTokens, interact, token_similarities
from rag.retrieval.retriever import Retriever
from rag.settings import Settings

SETS = ("xquad-ar-ar", "xquad-en-ar", "xquad-ar-en", "arcd", "news-ar")
TOP_K = 10
RERANKED, ROUNDS = 50, 30
FLOAT = "float32"


@dataclass(frozen=True)
class Asked:
    """A question with the passages proposed for it."""

    gold: GoldQuestion
    tokens: QueryTokens
    candidates: Sequence[Candidate]


def main(root: Path) -> None:
    """Measure every set, then size and speed, and write the table."""
    encoder = Recorder(load_encoder(Settings.load(), print))
    names = (INT8, token_code_name(encoder.fingerprint))
    loaded = {name: load_token_code(name, encoder.fingerprint.dimension) for name in names}
    codes = {name: code for name, code in loaded.items() if code is not None}
    table = {name: measure(load_set(root / name), encoder, codes) for name in SETS}
    some = list(encoder.tokens.values())[:RERANKED]
    queries = [encoder.encode_query(gold.question) for gold in load_set(root / SETS[0]).questions[:10]]
    costs = {name: cost(code, some, queries) for name, code in codes.items()}
    write_report("token_codes", "python -m bench.token_codes ../shared/data", markdown(table, costs))


class Recorder:
    """The encoder, remembering the token vectors of each passage."""

    def __init__(self, encoder: Encoder) -> None:
        self.fingerprint = encoder.fingerprint
        self.encode_query, self.token_spans = encoder.encode_query, encoder.token_spans
        self._encoder = encoder
        self.tokens: dict[PassageText, Float32] = {}

    def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
        """As the encoder's."""
        for passage, encoding in zip(passages, self._encoder.encode_passages(passages), strict=True):
            self.tokens[passage] = encoding.tokens
            yield encoding


def _packed(code: TokenCode, tokens: Float32) -> Float32:
    return code.unpack(code.pack(tokens))


def measure(given: EvaluationSet, encoder: Recorder, codes: Mapping[str, TokenCode]) -> dict[str, float]:
    """mrr@10 by code."""
    encoder.tokens.clear()
    with tempfile.TemporaryDirectory() as folder:
        index_given(given.articles.values(), index_dir=Path(folder), encoder=encoder)
        index = Index.open(Path(folder), encoder.fingerprint)
        retriever = Retriever(index, encoder, Fusion.load())
        asked = [ask(gold, retriever) for gold in given.questions if gold.answers]
        centring = index.centring
        index.close()
    turns: dict[str, Callable[[Float32], Float32]] = {FLOAT: lambda tokens: tokens}
    turns |= {name: partial(_packed, code) for name, code in codes.items()}
    figures = {}
    for name, turn in turns.items():
        seen: dict[int, Float32] = {}

        def centred(
            candidate: Candidate, turn: Callable[[Float32], Float32] = turn, seen: dict[int, Float32] = seen
        ) -> Float32:
            passage = candidate.passage
            if passage.key not in seen:
                tokens = turn(encoder.tokens[PassageText(candidate.article.title, passage.text)])
                seen[passage.key] = centring.centre_tokens(tokens, passage.language)
            return seen[passage.key]

        figures[name] = metrics.mean(reciprocal_rank(each, centred) for each in asked)
    print(given.name, {name: round(value, 4) for name, value in figures.items()}, flush=True)
    return figures


def ask(gold: GoldQuestion, retriever: Retriever) -> Asked:
    """What the program proposes, with the signals that do not depend on tokens."""
    query = retriever.query(gold.question)
    return Asked(gold, query.tokens, retriever.rank(query, retriever.propose(query, Filters(), TOP_K)))


def reciprocal_rank(asked: Asked, centred: Callable[[Candidate], Float32]) -> float:
    """Of the first relevant article among ten, ranked with the given tokens."""
    fusion = Fusion.load()
    scores: dict[str, float] = {}
    for candidate in asked.candidates:
        similarity = centred(candidate) @ asked.tokens.vectors.T
        found = interact(asked.tokens, candidate.passage, candidate.spans, similarity)
        sentence = float(found.sentence_scores.max(initial=-1))
        score = fusion.score(replace(candidate.signals, late=found.score, sentence=sentence))
        scores[candidate.article.id] = max(score, scores.get(candidate.article.id, -np.inf))
    ranking = sorted(scores, key=lambda article: -scores[article])
    return metrics.reciprocal_rank(ranking, asked.gold.relevant, 10)


def cost(code: TokenCode, passages: Sequence[Float32], queries: Sequence[Encoding]) -> tuple[float, float, float]:
    """Bytes a token, tokens a passage, and milliseconds of all passages against a question, the quickest of ROUNDS."""
    packed = [code.pack(tokens) for tokens in passages]
    count = sum(map(len, passages))
    mean = np.concatenate(passages).mean(axis=0)
    waits = []
    for turn in range(ROUNDS):
        encoding = queries[turn % len(queries)]
        query = QueryTokens.build(encoding.tokens, encoding.weights)
        tick = time.perf_counter()
        token_similarities(query, code, packed, mean)
        waits.append(1e3 * (time.perf_counter() - tick))
    return sum(map(len, packed)) / count, count / len(passages), min(waits)


def markdown(table: Mapping[str, Mapping[str, float]], costs: Mapping[str, tuple[float, float, float]]) -> str:
    """Codes down, sets across."""
    heads = ["tokens as", *(f"{name} mrr@10" for name in table), "bytes a token", f"ms, {RERANKED} passages"]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for name in next(iter(table.values())):
        size, _, wait = costs.get(name, (4 * 384, 0, float("nan")))
        cells = [
            *(f"{table[each][name]:.4f}" for each in table),
            f"{size:.0f}",
            "" if np.isnan(wait) else f"{wait:.1f}",
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    length = next(iter(costs.values()))[1]
    lines += ["", f"The {RERANKED} passages have {length:.0f} tokens each on average; the quickest of {ROUNDS} runs."]
    return "\n".join(lines)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
