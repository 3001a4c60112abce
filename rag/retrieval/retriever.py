"""A question to ranked passages: vectors and keywords propose, late interaction and fusion decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np

from rag.documents import Filters, Float32, Int32, Int64, Passage
from rag.encoding.centring import Centring
from rag.encoding.encoder import Encoder, Encoding
from rag.entities.glossary import expand_query
from rag.index.search_engine import Probe
from rag.index.snapshot import Index
from rag.retrieval.candidates import Candidate, Query, Retrieved
from rag.retrieval.chance import Chance, above_chance
from rag.retrieval.fusion import Fusion, Signals
from rag.retrieval.joined_words import separate
from rag.retrieval.late_interaction import (
    QueryTokens,
    interact,
    mean_similarities,
    of_sentences,
    token_similarities,
)
from rag.retrieval.orders import Orders
from rag.text.analyser import analyse
from rag.text.folding import script_of
from rag.text.language import detect_language

# Candidates each side proposes. In a pool of one language 20 and 20 cost at most .004 of mrr@10; in a mixed one, where
# each language needs its share, map falls from .840 (50 and 20) to .831 (30 and 20) and .813 (20 and 20).
BY_VECTOR, BY_KEYWORD = 50, 20

REMEMBERED = 4096  # sentences of articles of which it is known whether they are orders: asking costs an encoding
SCRIPT_SAMPLE = 200  # characters that tell a passage's script: a bound on the work, not tuned


class Retriever:
    """Searches one snapshot of the index. Safe for many threads; nothing of a question stays on it."""

    def __init__(self, index: Index, encoder: Encoder, fusion: Fusion, chance: Chance | None = None) -> None:
        """``chance``: the sample to compare with, if it is not the one shipped for the encoder."""
        self.index = index
        self._encoder = encoder
        self._fusion = fusion
        self._query_centring = index.centring.for_queries(encoder.fingerprint)
        has_tokens = encoder.fingerprint.has_tokens
        self._by_token = has_tokens and fusion.by_token
        self._by_mean = has_tokens and not fusion.by_token
        chance = Chance.load(encoder.fingerprint) if chance is None else chance
        self._chance = Chance() if self._by_mean else chance  # the zero of words, not of sentences
        self._orders = Orders.load(encoder.fingerprint)
        self._is_order = lru_cache(maxsize=REMEMBERED)(partial(_is_order, encoder, self._query_centring, self._orders))

    @property
    def knows_chance(self) -> bool:
        """Whether the encoder has a measured zero, so that what is above it means the same in every language."""
        return self._chance.code is not None

    def query(self, text: str, language: str = "") -> Query:
        """Encode and analyse a question, words run together taken apart; ``language`` overrides detection."""
        language = language or detect_language(text)
        text = separate(text, language, self.index.idf)
        encoding = self._encoder.encode_query(text)
        if not self._by_token:  # the question is one vector, as each sentence is; no word of it is told apart
            one, nowhere = np.ones(1, dtype=np.float32), np.zeros((0, 2), dtype=np.int32)
            by_mean = self._by_mean and len(encoding.tokens)
            whole = encoding.tokens.mean(axis=0) if by_mean else encoding.pooled
            encoding = Encoding(encoding.pooled, whole[None], nowhere, one)
        terms = tuple(dict.fromkeys(term.text for term in analyse(text, language)))
        names = [
            term.text
            for target in self.index.languages
            for name in expand_query(text, language, target)
            for term in analyse(name, target)
        ]
        return Query(
            text=text,
            language=language,
            script=script_of(text),
            pooled=self._centred(encoding, language),
            tokens=QueryTokens.build(self._query_centring.centre_tokens(encoding.tokens, language), encoding.weights),
            spans=encoding.spans,
            terms=terms,
            names=tuple(name for name in dict.fromkeys(names) if name not in terms),
        )

    def is_order(self, sentence: str, language: str) -> bool:
        """Whether a sentence of an article is an order to whoever answers, and no statement."""
        return self._is_order(sentence, language)

    def _centred(self, encoding: Encoding, language: str) -> Float32:
        return _centred(self._query_centring, encoding, language)

    def search(self, query: Query, filters: Filters, top_k: int) -> Retrieved:
        """Every passage worth ranking, best first: more than ``top_k`` where the index and the filters hold more."""
        return Retrieved(query, self.rank(query, self.propose(query, filters, top_k)))

    def propose(self, query: Query, filters: Filters, top_k: int) -> Int64:
        """Keys of the passages worth ranking, by vector and by keyword."""
        probe = Probe(
            pooled=query.pooled,
            tokens=(query.tokens.vectors * query.tokens.weights[:, None])[: None if self._by_token else 0],
            terms=[*query.terms, *query.names],
            by_vector=max(BY_VECTOR, top_k),
            by_keyword=max(BY_KEYWORD, top_k),
        )
        return self.index.propose(probe, filters)

    def rank(self, query: Query, keys: Int64) -> list[Candidate]:
        """The given passages, best first; of articles that tell one story, those of the best ranked."""
        found = self.index.hits(keys)
        codes = self.index.token_codes(keys)
        similarities = self._similarities(query, [passage for passage, _ in found], codes)
        keyword = self._keyword_shares(query, keys)
        languages = {passage.language for passage, _ in found}
        chance = self._chance.of(query.tokens, languages, self.index.centring)
        candidates = []
        for row, (passage, article) in enumerate(found):
            spans = codes[row][1]
            similarity = similarities[row]
            if not self._by_token:
                similarity = of_sentences(passage, spans, similarity)
            interaction = interact(query.tokens, passage, spans, similarity)
            above = above_chance(interaction.similarity, chance[passage.language])
            signals = Signals(
                late=interaction.score,
                sentence=float(interaction.sentence_scores.max(initial=-1)),
                keyword=float(keyword[row]) if keyword[row] and _in_script(passage, query.script) else 0.0,
                same_language=passage.language == query.language,
                relevance=float(query.tokens.mean(above)),
            )
            score = self._fusion.score(signals)
            candidates.append(Candidate(passage, article, spans, interaction, signals, score, above))
        return self._one_article_a_story(sorted(candidates, key=lambda candidate: -candidate.score))

    def rescore(self, query: Query, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The same passages against another text, such as a sentence of an answer."""
        return self.rank(query, np.array([candidate.passage.key for candidate in candidates], dtype=np.int64))

    def _one_article_a_story(self, ranked: Sequence[Candidate]) -> list[Candidate]:
        chosen: dict[int, str] = {}  # story -> article
        kept = []
        for story, candidate in zip(self.index.stories([c.passage.key for c in ranked]), ranked, strict=True):
            if chosen.setdefault(story, candidate.article.id) == candidate.article.id:
                also_in = tuple(s for s in self.index.published_by(story) if s != candidate.article.source)
                kept.append(replace(candidate, also_in=also_in) if also_in else candidate)
        return kept

    def _similarities(
        self, query: Query, passages: Sequence[Passage], codes: Sequence[tuple[bytes, Int32]]
    ) -> list[Float32]:
        """Of tokens or sentences, language by language, since each is centred by its own mean; in the order given."""
        languages = [passage.language for passage in passages]
        if self._by_mean:
            return [
                mean_similarities(query.tokens, passage, spans, self.index.token_code.unpack(packed), mean)
                for passage, (packed, spans) in zip(passages, codes, strict=True)
                for mean in [self._token_mean(query, passage.language)]
            ]
        similarities: dict[int, Float32] = {}
        for language in set(languages):
            rows = [row for row, each in enumerate(languages) if each == language]
            packed = [codes[row][0] for row in rows]
            mean = self._token_mean(query, language)
            found = token_similarities(query.tokens, self.index.token_code, packed, mean)
            similarities |= zip(rows, found, strict=True)
        return [similarities[row] for row in range(len(codes))]

    def _token_mean(self, query: Query, language: str) -> Float32:
        return self.index.centring.token_mean(language, query.tokens.vectors.shape[1])

    def _keyword_shares(self, query: Query, keys: Int64) -> Float32:
        """BM25 as a share of what a passage holding every term of the question would score, 0 to 1."""
        scores = self.index.keyword_scores([*query.terms, *query.names], keys)
        most = max(float(self.index.idf(query.terms).sum()), 1e-6)
        return np.asarray(scores / most, dtype=np.float32)


def _in_script(passage: Passage, script: str) -> bool:
    return script_of(passage.text[:SCRIPT_SAMPLE]) == script


def _is_order(encoder: Encoder, centring: Centring, orders: Orders, sentence: str, language: str) -> bool:
    """Of no retriever, so that what remembers it keeps none alive."""
    return orders.has(_centred(centring, encoder.encode_query(sentence), language))


def _centred(centring: Centring, encoding: Encoding, language: str) -> Float32:
    centred: Float32 = centring.centre_pooled(encoding.pooled[None], [language])[0]
    return centred
