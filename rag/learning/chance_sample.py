"""Draws the sample of unrelated tokens that a question is compared with (:mod:`rag.retrieval.chance`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from rag.documents import Article
from rag.encoding.encoder import Encoder, PassageText
from rag.encoding.token_codes import TokenCode
from rag.retrieval.chance import SAMPLE, Chance

CHARS = 900  # of an article, about a passage
ARTICLES = 200  # of a language, at most: a tenth of them holds as many tokens as are drawn
FEWEST = SAMPLE // 4  # tokens of a language, below which its sample says too little: a guess


def draw_sample(articles: Iterable[Article], encoder: Encoder, code: TokenCode) -> Chance:
    """Of articles by their language; the same articles give the same sample."""
    random, texts = np.random.default_rng(0), defaultdict[str, list[PassageText]](list)
    for article in articles:
        texts[article.language].append(PassageText("", article.text[:CHARS]))
    samples = {}
    for language, found in sorted(texts.items()):
        some = [found[place] for place in random.permutation(len(found))[:ARTICLES]]
        tokens = np.concatenate([each.tokens for each in encoder.encode_passages(some)])
        if len(tokens) >= FEWEST:
            drawn = tokens[random.choice(len(tokens), min(SAMPLE, len(tokens)), replace=False)]
            samples[language] = code.pack(drawn)
    return Chance(samples, code) if samples else Chance()
