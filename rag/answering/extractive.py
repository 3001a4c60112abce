"""The extractive answer: exact quotes of the sentences that answer, so that it says nothing no article says.

The words that match the question are marked and, for who asks in another language, names and numbers glossed.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rag.answering.highlighting import highlights, matches
from rag.answering.judge import Judgement
from rag.answering.outcome_texts import as_related
from rag.answering.sentence_choice import ScoredSentence, SentenceChoice, adjoin
from rag.answering.short_answer import short_answer
from rag.answering.writing import EXTRACTIVE, AnswerDraft, AnswerPiece, AnswerWriter, WritingTask, Written, pieces_of
from rag.asking import Cited, Delta
from rag.documents import AnswerSentence, Citation, Gloss
from rag.entities.glossary import find_glosses
from rag.entities.outlets import render_outlet
from rag.entities.relative_times import dated
from rag.retrieval.candidates import Query
from rag.text.marks import mark_at

MOST_SHOWN = 2  # quotes in the text of an answer


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
        written = self.written(task.judgement)
        draft = written.draft
        if draft and written.status == "answered":
            yield from pieces_of(draft)
        elif draft:  # what is said of the quotes comes before them, wherever they are shown
            yield from map(Cited, draft.citations)
            yield Delta(draft.text)
        return written

    def written(self, judgement: Judgement) -> Written:
        """The quotes in the state that they were judged to be in."""
        status = judgement.outcome.status
        return Written(None) if status == "not_found" else Written(self.quote(judgement), status=status)

    def quote(self, judgement: Judgement) -> AnswerDraft:
        """The best quotes, neighbours in one article as one; further ones are kept beside the text."""
        groups, answers = _neighbours(judgement.chosen), judgement.outcome.status == "answered"
        shown = self._shown(judgement, groups)
        groups = groups if answers else groups[:shown]
        citations = [
            replace(cite(number, judgement.query, quoted), also_said=number > shown)
            for number, quoted in enumerate(groups, 1)
        ]
        sentences = [
            AnswerSentence(" ".join(sentence.text.split()), (number,))
            for number, quoted in enumerate(groups[:shown], 1)
            for sentence in quoted
        ]
        text = " ".join(f"{s.text} [{s.citations[0]}]" for s in sentences)
        draft = AnswerDraft(text, tuple(sentences), tuple(citations), short_answer(judgement, citations[:shown]))
        return draft if answers else as_related(draft, judgement.query.reply_in)

    def _shown(self, judgement: Judgement, groups: Sequence[Sequence[ScoredSentence]]) -> int:
        """One quote; two where it lacks some of what is asked for, the second has the short answer, or none may answer.

        Of the sentences quoted so, two in three answer an analyst's question; were three quoted, every second.
        """
        if judgement.quotes:
            return judgement.quotes
        if judgement.outcome.status != "answered" or self.choice.lacks(judgement.query, groups[0]):
            return MOST_SHOWN
        marked = judgement.marked.place if judgement.marked else None
        held = (number for number, quoted in enumerate(groups, 1) if marked in [each.place for each in quoted])
        return min(next(held, 1), MOST_SHOWN)


def cite(number: int, query: Query, quoted: Sequence[ScoredSentence]) -> Citation:
    """One quote of one or more neighbouring sentences, marked and glossed for whoever asked."""
    first, article = quoted[0], quoted[0].article
    start, end = quoted[0].span.start, quoted[-1].span.end
    marked = tuple(span for sentence in quoted for span in highlights(query, sentence))
    quote, language = article.text[start:end], first.candidate.passage.language
    return Citation(
        number=number,
        article_id=article.id,
        title=article.heading,
        source=article.source,
        date=article.date,
        url=article.url,
        language=language,
        quote=quote,
        start=start,
        end=end,
        score=round(max(sentence.score for sentence in quoted), 4),
        highlights=marked,
        glosses=_glosses(quote, language, query.reply_in, article.date, start),
        also_in=first.candidate.also_in,
        at=mark_at(article.text, start),
        title_glosses=find_glosses(article.heading, language, query.reply_in),
        source_gloss=render_outlet(article.source, query.reply_in),
        matches=tuple(match for sentence in quoted for match in matches(query, sentence)),
    )


def _glosses(quote: str, language: str, reader: str, day: str, offset: int) -> tuple[Gloss, ...]:
    """What the quote names, rendered, and the day that its relative times count from, in order."""
    times = dated(quote, language, reader, day, offset)
    names = find_glosses(quote, language, reader, offset)
    kept = [each for each in names if not any(each.start < time.end and time.start < each.end for time in times)]
    return tuple(sorted([*kept, *times], key=lambda gloss: gloss.start))


def _neighbours(chosen: Sequence[ScoredSentence]) -> list[list[ScoredSentence]]:
    """The chosen sentences in groups: neighbours in reading order, groups in the order of their best sentence."""
    rank = {id(sentence): place for place, sentence in enumerate(chosen)}
    groups: list[list[ScoredSentence]] = []
    for _, same in groupby(sorted(chosen, key=lambda s: (s.article.id, s.span.start)), key=lambda s: s.article.id):
        for sentence in same:
            last = groups[-1][-1] if groups else None
            if last is not None and adjoin(last, sentence):
                groups[-1].append(sentence)
            else:
                groups.append([sentence])
    return sorted(groups, key=lambda group: min(rank[id(sentence)] for sentence in group))
