"""From ranked passages to an answer: judge whether they answer, quote the sentences that do, or refuse.

The extractive answer says nothing that an article does not say: its sentences are exact quotes, with the words that
match the question marked and, for a reader of another language, names and numbers glossed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rag.answering.highlighting import highlights
from rag.answering.reading import read
from rag.answering.refusal import Refusal, features
from rag.answering.sentence_choice import ScoredSentence, SentenceChoice
from rag.answering.short_answer import short_answer, surest
from rag.documents import AnswerSentence, Citation, ShortAnswer
from rag.entities.glossary import find_glosses
from rag.resources import asset
from rag.retrieval.reranking import AnswerReader
from rag.retrieval.retriever import Candidate, Query

_REFUSALS = asset("refusals.json")


@dataclass(frozen=True, slots=True)
class Judgement:
    """A question with what was found for it, how likely that answers it, and whether to refuse."""

    query: Query
    candidates: Sequence[Candidate]
    sentences: Sequence[ScoredSentence]
    confidence: float
    refused: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of an answer with markers, its sentences, the quotes they rest on, and the words that answer."""

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    short: ShortAnswer | None = None


@dataclass(frozen=True, slots=True)
class Extractive:
    """Answers by quoting. ``reader``, where there is one, marks the words that answer and has a say in the choice."""

    choice: SentenceChoice
    refusal: Refusal
    reader: AnswerReader | None = None

    @classmethod
    def load(cls, reader: AnswerReader | None = None) -> Extractive:
        """With the learnt weights."""
        read = reader is not None
        return cls(SentenceChoice.load(with_reader=read), Refusal.load(with_reader=read), reader)

    def rank(self, query: Query, candidates: Sequence[Candidate]) -> list[ScoredSentence]:
        """Every sentence of the candidates, best first; with a reader the best are read, which may change the order."""
        sentences = self.choice.rank(query, candidates)
        if self.reader is None:
            return sentences
        return self.choice.with_reading(sentences, read(self.reader, query.text, sentences, self.choice))

    def judge(self, query: Query, candidates: Sequence[Candidate]) -> Judgement:
        """Rank the sentences of the candidates and decide whether they answer."""
        sentences = self.rank(query, candidates)
        if not sentences:
            return Judgement(query, candidates, (), 0.0, refused=True)
        confidence = self.refusal.judge(query, features(query, candidates, sentences))
        return Judgement(query, candidates, sentences, confidence, self.refusal.refuses(confidence))

    def write(self, judgement: Judgement) -> Draft:
        """Quote the chosen sentences, best first; neighbours in one article become one quote."""
        chosen = self.choice.choose(judgement.query, judgement.sentences)
        citations, sentences = [], []
        for number, quoted in enumerate(_neighbours(chosen), 1):
            citations.append(cite(number, judgement.query, quoted))
            sentences += [AnswerSentence(" ".join(sentence.text.split()), (number,)) for sentence in quoted]
        text = " ".join(f"{s.text} [{s.citations[0]}]" for s in sentences)
        return Draft(
            text, tuple(sentences), tuple(citations), short_answer(surest(chosen), citations, judgement.query.language)
        )


def cite(number: int, query: Query, quoted: Sequence[ScoredSentence]) -> Citation:
    """One quote of one or more neighbouring sentences, marked and glossed for the reader of the question."""
    first, article = quoted[0], quoted[0].article
    start, end = quoted[0].span.start, quoted[-1].span.end
    marked = tuple(span for sentence in quoted for span in highlights(query, sentence))
    quote = article.text[start:end]
    return Citation(
        number=number,
        article_id=article.id,
        title=article.heading,
        source=article.source,
        date=article.date,
        url=article.url,
        language=first.candidate.passage.language,
        quote=quote,
        start=start,
        end=end,
        score=round(max(sentence.score for sentence in quoted), 4),
        highlights=marked,
        glosses=find_glosses(quote, first.candidate.passage.language, query.language, offset=start),
        also_in=first.candidate.also_in,
    )


def refusal_text(language: str) -> str:
    """That nothing was found, in the question's language; English where we have no words of it."""
    texts = _refusal_texts()
    return texts.get(language, texts["en"])


@lru_cache(maxsize=1)
def _refusal_texts() -> dict[str, str]:
    texts: dict[str, str] = json.loads(_REFUSALS.read_text("utf-8"))
    return texts


def _neighbours(chosen: Sequence[ScoredSentence]) -> list[list[ScoredSentence]]:
    """The chosen sentences in groups: neighbours in reading order, groups in the order of their best sentence."""
    rank = {id(sentence): place for place, sentence in enumerate(chosen)}
    groups: list[list[ScoredSentence]] = []
    for _, same in groupby(sorted(chosen, key=lambda s: (s.article.id, s.span.start)), key=lambda s: s.article.id):
        for sentence in same:
            last = groups[-1][-1] if groups else None
            if last is not None and last.article.id == sentence.article.id and _adjoin(last, sentence):
                groups[-1].append(sentence)
            else:
                groups.append([sentence])
    return sorted(groups, key=lambda group: min(rank[id(sentence)] for sentence in group))


def _adjoin(first: ScoredSentence, second: ScoredSentence) -> bool:
    return not first.article.text[first.span.end : second.span.start].strip()
