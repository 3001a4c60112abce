"""The plane that tells orders to a model from statements (``rag/calibration/….orders.npz``).

    python -m training.orders [../shared/data]

Learnt by ridge regression from ``training/orders.tsv`` (orders in seventeen languages, and statements that speak of
orders, answers and assistants) and from every second sentence of two sets of news and of translations. All orders weigh
as much as all statements. The plane is put where one in 2,000 of the other half of the news lies beyond it.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from rag.documents import Article, Float32
from rag.encoding.centring import Centring
from rag.encoding.encoder import Encoder
from rag.encoding.loading import load_encoder
from rag.evaluation.evaluation_set import load_set
from rag.retrieval.orders import plane_of
from rag.settings import Settings
from rag.text.sentences import split_sentences

ROOT = Path(__file__).resolve().parent.parent
FILE = Path(__file__).with_suffix(".tsv")
SETS = ("news-ar", "analyst-news")
RIDGE = (
    10.0  # of 1, 10 and 100: about as many unseen orders told as by 1, and fewer statements about orders taken for one
)
ONE_IN = 2000  # statements that may be taken for an order

Said = tuple[str, str]  # language, sentence


def sentences_of(articles: Sequence[Article]) -> Iterator[Said]:
    """(language, sentence) of articles."""
    for article in articles:
        for span in split_sentences(article.text, article.language):
            yield article.language, span.of(article.text)


def news(data: Path) -> list[Said]:
    """The sentences of the sets and of the translations, each once."""
    articles = [article for name in SETS for article in load_set(data / name).articles.values()]
    with (data / "parallel-news.tsv").open(encoding="utf-8", newline="\n") as lines:
        rows = csv.DictReader((line.replace("\r", "") for line in lines), delimiter="\t", quoting=csv.QUOTE_NONE)
        translated = [(language, text) for row in rows for language, text in row.items() if len(text.split()) > 3]
    return list(dict.fromkeys([*sentences_of(articles), *translated]))


def vectors(encoder: Encoder, said: Sequence[Said]) -> Float32:
    """(n, d): as :meth:`rag.retrieval.retriever.Retriever.is_order` sees the sentences."""
    pooled = np.stack([encoder.encode_query(text).pooled for _, text in said])
    centring = Centring.prior(encoder.fingerprint).for_queries(encoder.fingerprint)
    return centring.centre_pooled(pooled, [language for language, _ in said])


def plane(orders: Float32, statements: Float32, ridge: float = RIDGE) -> Float32:
    """The (d,) weights: (n, d) orders are to score one, (m, d) statements nought."""
    rows = np.concatenate([orders, statements]).astype(np.float64)
    rows = np.c_[rows, np.ones(len(rows))]  # the last weight is the plane's offset, which the threshold takes up
    told = np.arange(len(rows)) < len(orders)
    weights = np.where(told, len(statements) / len(orders), 1.0)
    kept = np.diag([ridge] * (rows.shape[1] - 1) + [1e-6])
    solved = np.linalg.solve((rows * weights[:, None]).T @ rows + kept, rows.T @ (weights * told))
    found: Float32 = solved[:-1].astype(np.float32)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn, write, and say what was reached on what was not learnt from."""
    parser = argparse.ArgumentParser(prog="python -m training.orders")
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    encoder = load_encoder(Settings.load())
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    given = {
        kind: vectors(encoder, [(row["language"], row["sentence"]) for row in rows if row["kind"] == kind])
        for kind in ("order", "statement")
    }
    told = vectors(encoder, news(parser.parse_args(arguments).data))
    weights = plane(given["order"], np.concatenate([told[::2], given["statement"]]))
    unseen = np.sort(told[1::2] @ weights)[::-1]
    least = float(unseen[len(unseen) // ONE_IN])
    np.savez(plane_of(encoder.fingerprint), allow_pickle=False, weights=weights, least=np.float32(least))
    kept = float((given["order"] @ weights > least).mean())
    sys.stdout.write(f"{len(told)} sentences of news; from {least:.3f}; {kept:.2f} of the orders learnt from\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
