"""Which sentences of the ranked passages answer the question: scored one by one, then as few as the question needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np

from rag.answering.contraries import tells_contrary
from rag.answering.expectation import expectation_of, find_expected
from rag.answering.sources import source_of
from rag.documents import Article, Float32, Int32, Span
from rag.entities.mentions import find_names
from rag.entities.numerals import find_numbers
from rag.resources import calibration
from rag.retrieval.candidates import Candidate, Findings, FoundWords, Query, SentencePlace
from rag.retrieval.late_interaction import sentence_of_tokens

MOST = 3  # sentences an extractive answer may quote: a bound, so that an answer is read at a glance
# Names and numbers that sentences of two languages share, and their share of all. Of translated sentences of news with
# three, 65 to 70 % are known by it, and 1 in 1,400 pairs of neighbours in a story is mistaken for a translation.
SHARED, ALIKE = 3, 0.6
SEVERAL = 2.0  # times the margin where several things are asked for, which may stand in several sentences: a guess
# How likely a sentence that was not read is taken to answer: a cautious guess between read in vain and undecided (.5).
UNREAD = 0.3
CONTRARY = 0.1  # of the score of a sentence that tells of the contrary event: a guess
_WEIGHTS = calibration("sentences.json")
# A line of so few words without a stop is taken for a heading, which names the question's words and answers nothing:
# a guess.
_HEADING_WORDS = 10
_STOP = re.compile(r"[.!?؟؛۔…。！？|][\"'»”’)\]]*\s*$")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """One sentence of one passage.

    similarity: (n, m) of its tokens and the question's; spans: (n, 2) of those tokens in the passage's text.
    found: the words a reader marked in it, where one read it.
    """

    candidate: Candidate
    span: Span
    score: float
    similarity: Float32
    spans: Int32
    expected: tuple[Span, ...]
    found: FoundWords | None = None

    @property
    def place(self) -> SentencePlace:
        """Its article and where in it the sentence starts."""
        return self.article.id, self.span.start

    @property
    def number(self) -> int:
        """Which of its passage's sentences it is, from zero."""
        return self.candidate.passage.sentences.index(self.span)

    @property
    def article(self) -> Article:
        """Where the sentence stands."""
        return self.candidate.article

    @property
    def language(self) -> str:
        """Of its passage."""
        return self.candidate.passage.language

    @property
    def text(self) -> str:
        """The sentence itself, exactly."""
        return self.span.of(self.article.text)

    def token(self, row: int) -> Span:
        """Where one of its tokens stands in the article."""
        return _shift(Span(*self.spans[row].tolist()), self.candidate.passage.start)


@dataclass(frozen=True, slots=True)
class SentenceChoice:
    """What counts in a sentence, learnt from evaluation sets (:mod:`rag.learning`).

    late: its late interaction; passage: its passage's score; expected: that it holds the kind of thing asked for;
    reading: how likely a reader takes the words it marked to answer. margin: how far below the best a further sentence
    may score.
    """

    late: float
    passage: float
    expected: float
    margin: float
    reading: float = 0.0

    @classmethod
    def load(cls, path: Path = _WEIGHTS, *, with_reader: bool = False) -> SentenceChoice:
        """The learnt weights, those for sentences that a reader reads where it takes part."""
        return cls(**json.loads(path.read_text("utf-8"))["with_reader" if with_reader else "weights"])

    def with_found(self, ranked: Sequence[ScoredSentence], found: Findings) -> list[ScoredSentence]:
        """The same sentences with what a reader found in some of them, best first again."""
        weighed = [self._with(found.get(each.place), each) for each in ranked]
        return sorted(weighed, key=lambda sentence: -sentence.score)

    def rank(self, query: Query, candidates: Sequence[Candidate]) -> list[ScoredSentence]:
        """Every sentence of the candidates, best first; one that overlapping passages share counts once."""
        best: dict[SentencePlace, ScoredSentence] = {}
        for candidate in candidates:
            for sentence in self._score(candidate, query):
                if sentence.place not in best or sentence.score > best[sentence.place].score:
                    best[sentence.place] = sentence
        return sorted(best.values(), key=lambda sentence: -sentence.score)

    def choose(self, query: Query, ranked: Sequence[ScoredSentence]) -> list[ScoredSentence]:
        """The best sentence, and those that come so close to it that any of them may be the answer, or part of it.

        Of what is told in several languages only one is taken, in the language of the question where it is told there;
        and no source gives all the quotes where another comes as close.
        """
        expectation = expectation_of(query.text, query.language)
        margin = self.margin * (SEVERAL if expectation and expectation.wanted > 1 else 1)
        chosen: list[ScoredSentence] = []
        for sentence in ranked:
            if chosen and sentence.score < ranked[0].score - margin:
                break
            told = next((place for place, one in enumerate(chosen) if _tell_the_same(sentence, one)), None)
            if told is None:
                chosen.append(sentence)
            elif sentence.language == query.reply_in != chosen[told].language:
                chosen[told] = sentence
        return _not_all_of_one(chosen[:MOST], chosen[MOST:])

    def lacks(self, query: Query, sentences: Sequence[ScoredSentence]) -> bool:
        """Whether several things are asked for and none of the sentences holds as many."""
        expectation = expectation_of(query.text, query.language)
        most = max(len(each.expected) for each in sentences)
        return expectation is not None and most < expectation.wanted > 1

    def _with(self, words: FoundWords | None, sentence: ScoredSentence) -> ScoredSentence:
        return replace(sentence, found=words, score=sentence.score + self.reading * likelihood(words))

    def _score(self, candidate: Candidate, query: Query) -> Iterator[ScoredSentence]:
        expectation = expectation_of(query.text, query.language)
        passage, article = candidate.passage, candidate.article
        owners = sentence_of_tokens(passage, candidate.spans)
        for number, span in enumerate(passage.sentences):
            rows = np.flatnonzero(owners == number)
            text = span.of(article.text)
            if not len(rows) or not _is_sentence(text):
                continue
            found = find_expected(expectation.kind, text, passage.language) if expectation else []
            expected = tuple(_shift(each, span.start) for each in found)
            score = (
                self.late * float(candidate.interaction.sentence_scores[number])
                + self.passage * candidate.score
                + self.expected * (expectation.met(len(found)) if expectation else 0.0)
                - CONTRARY * tells_contrary(query.text, query.language, text, passage.language)
            )
            similarity = candidate.interaction.similarity[rows]
            yield ScoredSentence(candidate, span, score, similarity, candidate.spans[rows], expected)


def likelihood(words: FoundWords | None) -> float:
    """How likely a sentence answers by what a reader marked in it, 0 to 1; None: it was not read."""
    return words.likelihood if words else UNREAD


def _is_sentence(text: str) -> bool:
    return bool(_LETTER.search(text)) and (bool(_STOP.search(text)) or len(text.split()) > _HEADING_WORDS)


def _not_all_of_one(taken: list[ScoredSentence], left: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """Of MOST separate quotes of one source the last gives way to the best of another; neighbours are one quote."""
    sources = {source_of(each.article) for each in taken}
    other = next((each for each in left if source_of(each.article) not in sources), None)
    joined = any(adjoin(one, two) or adjoin(two, one) for one, two in combinations(taken, 2))
    return taken if other is None or len(sources) > 1 or joined else [*taken[:-1], other]


def adjoin(first: ScoredSentence, second: ScoredSentence) -> bool:
    """Whether the second follows right after the first in one article."""
    same = first.article.id == second.article.id and first.span.end <= second.span.start
    return same and not first.article.text[first.span.end : second.span.start].strip()


def _shift(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _tell_the_same(one: ScoredSentence, other: ScoredSentence) -> bool:
    """The same sentence in two articles, as wire stories are reprinted; or what it tells, in another language.

    Two languages tell the same where they name the same: SHARED countries, months and numbers, and hardly another.
    """
    if one.language == other.language:
        return one.text == other.text
    named, named_too = _named(one), _named(other)
    shared = named & named_too
    return len(shared) >= SHARED and len(shared) >= ALIKE * len(named | named_too)


def _named(sentence: ScoredSentence) -> set[tuple[str, str]]:
    """What it names that every language renders alike: names of CLDR by code, and numbers by value."""
    names = {(each.name.kind, each.name.code) for each in find_names(sentence.text, sentence.language)}
    numbers = find_numbers(sentence.text, sentence.language)
    return names | {("number", f"{each.value.normalize()}") for each in numbers if not each.vague}
