"""What a reranker learns from: a question, a passage that answers it, and those a search finds that do not.

The passages are found by the program's own retriever, so that they are as hard to tell apart as those it will rank.
As for the reader, any question of XQuAD goes with a paragraph in any of its languages.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.documents import Article, Filters
from rag.encoding.bundled_tokenizer import BundledTokenizer
from rag.reader.bundled_reader import ReadingTokens
from rag.retrieval.retriever import Retriever
from training.examples import ARCD, XQUAD, Example
from training.mixture import CONTEXT_WEIGHTS, QUESTION_WEIGHTS, token_span

SHARES = {XQUAD: 0.5, ARCD: 0.14, "squadshifts-new_wiki": 0.12, "piaf": 0.1, "pquad": 0.14}  # of all draws
CONTEXTS = 300  # of a source and language that are searched, at most: what is encoded takes a while
OTHERS, NEAREST = 3, 10  # passages beside the one that answers, drawn among the nearest so many
TOKENS = 208  # of a passage that are shown: most are shorter than the longest passage of the index


class Ranking(NamedTuple):
    """Token ids of the question with each passage; the first answers."""

    sequences: tuple[list[int], ...]


class RankingLessons:
    """Draws lessons; the same seed and the same index give the same lessons."""

    def __init__(self, examples: Sequence[Example], tokenizer: BundledTokenizer, seed: int) -> None:
        self._random = random.Random(seed)
        self._tokenizer, self._tokens = tokenizer, ReadingTokens(tokenizer)
        self._pools: dict[str, list[Example]] = defaultdict(list)
        self._parallel: dict[str, dict[str, Example]] = defaultdict(dict)
        contexts: dict[tuple[str, str], dict[str, Article]] = defaultdict(dict)
        for one in examples:
            if one.held_out or one.source not in SHARES or not one.answers:
                continue
            pool = contexts[one.source, one.language]
            if one.context not in pool and len(pool) == CONTEXTS:
                continue
            name = f"{one.source} {one.language} {len(pool)}"
            pool.setdefault(one.context, Article(name, one.context, language=one.language, source=one.source))
            if one.source != XQUAD or one.language == "ar":
                self._pools[one.source].append(one)
            self._parallel[one.id][one.language] = one
        for questions in self._pools.values():
            self._random.shuffle(questions)
        self.articles = [article for pool in contexts.values() for article in pool.values()]

    def draw(self, count: int, retriever: Retriever) -> Iterator[Ranking]:
        """``count`` lessons, less those for which too little was found; ``retriever``: over :attr:`articles`."""
        names, shares = zip(*SHARES.items(), strict=True)
        taken: dict[str, int] = defaultdict(int)
        for _ in range(count):
            (name,) = self._random.choices(names, shares)
            one = self._pools[name][taken[name] % len(self._pools[name])]
            taken[name] += 1
            question = one.question
            if name == XQUAD:
                question = self._pick(self._parallel[one.id], QUESTION_WEIGHTS).question
                one = self._pick(self._parallel[one.id], CONTEXT_WEIGHTS)
            others = self._others(question, one, retriever)
            if len(others) == OTHERS:
                yield self._ranking(question, one, others)

    def _pick(self, versions: dict[str, Example], weights: dict[str, float]) -> Example:
        languages = sorted(versions)
        (language,) = self._random.choices(languages, [weights.get(each, 1.0) for each in languages])
        return versions[language]

    def _others(self, question: str, one: Example, retriever: Retriever) -> list[str]:
        """Passages in the context's language that hold no answer."""
        answers = [one.context[start:end] for start, end in one.answers]
        filters = Filters(languages=(one.language,), sources=(one.source,))
        found = retriever.search(retriever.query(question), filters, NEAREST).candidates
        texts = [
            each.passage.text
            for each in found
            if each.article.text != one.context and not any(answer in each.passage.text for answer in answers)
        ]
        nearest = texts[:NEAREST]
        return self._random.sample(nearest, min(OTHERS, len(nearest)))

    def _ranking(self, question: str, one: Example, others: Sequence[str]) -> Ranking:
        asked, context, *texts = self._tokenizer.tokenize([question, one.context, *others])
        first, last = token_span(context, *self._random.choice(one.answers)) or (0, 0)
        room = max(0, len(context.ids) - TOKENS)
        low, high = min(room, max(0, last + 1 - TOKENS)), min(room, first)
        at = self._random.randint(min(low, high), high)
        shown = [context.ids[at : at + TOKENS], *(text.ids[:TOKENS] for text in texts)]
        return Ranking(tuple(self._tokens.pair(asked.ids, each).ids for each in shown))
