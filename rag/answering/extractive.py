"""The extractive answer: exact quotes of the sentences that answer, so that it says nothing no article says.

The words that match the question are marked and, for who asks in another language, names and numbers glossed.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.answering.highlighting import highlights
from rag.answering.judge import Judgement
from rag.answering.sentence_choice import ScoredSentence, SentenceChoice
from rag.answering.short_answer import short_answer, surest
from rag.answering.writing import EXTRACTIVE, AnswerDraft, AnswerPiece, AnswerWriter, WritingTask, Written, pieces_of
from rag.documents import AnswerSentence, Citation
from rag.entities.glossary import find_glosses
from rag.retrieval.candidates import Query


@dataclass(frozen=True, slots=True)
class Extractive(AnswerWriter):
    """Answers by quoting the sentences that ``choice`` takes."""

    choice: SentenceChoice

    @property
    def name(self) -> str:
        """``extractive``."""
        return EXTRACTIVE

    def write(self, task: WritingTask) -> Generator[AnswerPiece, None, Written]:
        """The quotes, sentence by sentence."""
        draft = self.quote(task.judgement)
        yield from pieces_of(draft)
        return Written(draft)

    def quote(self, judgement: Judgement) -> AnswerDraft:
        """The chosen sentences, best first; neighbours in one article become one quote."""
        chosen = self.choice.choose(judgement.query, judgement.sentences)
        citations, sentences = [], []
        for number, quoted in enumerate(_neighbours(chosen), 1):
            citations.append(cite(number, judgement.query, quoted))
            sentences += [AnswerSentence(" ".join(sentence.text.split()), (number,)) for sentence in quoted]
        text = " ".join(f"{s.text} [{s.citations[0]}]" for s in sentences)
        short = short_answer(surest(chosen), citations, judgement.query)
        return AnswerDraft(text, tuple(sentences), tuple(citations), short)


def cite(number: int, query: Query, quoted: Sequence[ScoredSentence]) -> Citation:
    """One quote of one or more neighbouring sentences, marked and glossed for whoever asked."""
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
