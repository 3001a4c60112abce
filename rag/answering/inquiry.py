"""A question on its way to a judgement: what it wishes for, in which period, alone or in a conversation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.answering.follow_up import FollowUp, Wording, is_whole, refers_back, wordings
from rag.answering.gathering import articles_about, gathered
from rag.answering.judge import Judge, Judgement
from rag.answering.periods import AskedPeriod, find_period
from rag.answering.stopwatch import Stopwatch
from rag.answering.wishes import LOOKUP, Wish, wish_of
from rag.documents import AppliedFilters, Filters, Turn
from rag.retrieval.candidates import Retrieved
from rag.retrieval.retriever import Retriever
from rag.retrieval.stuffing import unstuffed
from rag.text.language import detect_language

# Keyword terms from which a question in a conversation is judged alone as well. It is then answered so where that is
# surer, or nearly as sure and no word of it refers back. Guesses, of which the dialogues of tests/quality are as right.
STANDS, NEARLY = 3, 0.2
PASTED = 12  # words, without a question's mark: so are .3 % of the questions of any set at most, and .87 of news-ar's
WORDLESS = ("greeting", "help", "language", "more")  # wishes that ask nothing of the articles by their own words
_MARK = re.compile(r"[?؟？]")


@dataclass(frozen=True, slots=True)
class Search:
    """How one question is searched for: where, through which filters, how many passages it may draw on.

    language: of the question. reply: of the answer, where that is another.
    """

    retriever: Retriever
    filters: Filters
    top_k: int
    language: str
    clock: Stopwatch
    reply: str = ""

    def find(self, text: str, articles: tuple[str, ...] = ()) -> Retrieved:
        """Every passage worth ranking for a text, best first; ``articles``: only in these."""
        filters = replace(self.filters, article_ids=articles) if articles else self.filters
        with self.clock.measure("encode"):
            query = replace(self.retriever.query(text, self.language), wanted=self.reply)
        with self.clock.measure("search"):
            keys = self.retriever.propose(query, filters, self.top_k)
        with self.clock.measure("rerank"):
            return Retrieved(query, unstuffed(self.retriever.rank(query, keys)))

    def newest(self, count: int) -> list[str]:
        """The ids of so many of the articles that may be drawn on, the newest first."""
        return [article.id for article in self.retriever.index.articles(self.filters, limit=count)[0]]

    def within(self, period: AskedPeriod) -> Search:
        """The same in the articles of a period."""
        return replace(self, filters=replace(self.filters, since=period.since, until=period.until))

    @property
    def has_days(self) -> bool:
        """Whether it is limited to some days."""
        return bool(self.filters.since or self.filters.until)


@dataclass(frozen=True, slots=True)
class Ways:
    """How a question within a conversation may be searched for: reworded to be ``whole``, or with what it leans on."""

    whole: str
    wordings: Sequence[Wording]

    @classmethod
    def of(cls, text: str, history: Sequence[Turn], condensed: str) -> Ways:
        """``condensed``: as a model words it anew; the text itself where none does."""
        whole = condensed if is_whole(condensed, text, history) else ""
        return cls(whole, wordings(text, history, condensed))


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is looked into: a text with the turns before it, the wish it utters, its language and that of the reply."""

    text: str
    history: tuple[Turn, ...]
    wish: Wish
    language: str
    reply: str

    @classmethod
    def of(cls, text: str, history: tuple[Turn, ...], language: str, reply: str = "") -> Inquiry:
        """A text in a language, to be replied to in it or another.

        "In Arabic, please" asks the last question again, and "tell me more" what else is told of it.
        """
        wish, reply = wish_of(text, language), reply or language
        history = tuple(turn for turn in history if not _says_nothing(turn, language))
        asked = [place for place, turn in enumerate(history) if turn.role == "user"]
        if asked and wish.kind in ("language", "more"):
            again = history[asked[-1]].content
            spoken = detect_language(again, language)
            anew = LOOKUP if wish.kind == "language" else Wish("telling", (again,))
            return cls(again, history[: asked[-1]], anew, spoken, wish.language or reply)
        return cls(text, history, wish, language, wish.language or reply)

    @property
    def asks(self) -> bool:
        """Whether anything is asked of the articles: a greeting, or a call for help, does not."""
        return self.wish.kind not in WORDLESS

    def judged(
        self, judge: Judge, search: Search, condense: Callable[[str, Sequence[Turn]], str], today: date | None
    ) -> tuple[Judgement, Search, AppliedFilters | None]:
        """What was found, whether it answers, and where it was searched for: in the period that the text names.

        A period that may as well be when something happened, or that counts back from the day of a pasted sentence,
        limits the search only where that answers. Where any other has nothing near, what is near on other days, or in
        articles without a day, is ``beyond`` it. Without a ``today`` to count from its words name no period.
        """
        judgement, searched, applied = self._judged_in_period(judge, search, condense, today)
        marked = judgement.marked
        if marked is not None and search.retriever.is_order(marked.text, marked.language):
            judgement = replace(judgement, marked=None)  # what a text tells others to say is no answer
        return judgement, searched, applied

    def _judged_in_period(
        self, judge: Judge, search: Search, condense: Callable[[str, Sequence[Turn]], str], today: date | None
    ) -> tuple[Judgement, Search, AppliedFilters | None]:
        condensed = condense(self.text, self.history) if self.history else self.text
        ways = Ways.of(self.text, self.history, condensed)
        period = None if search.has_days or today is None else find_period(self.text, self.language, today)
        if period is not None:
            narrowed = search.within(period)
            judgement = self._judged(judge, narrowed, ways)
            firm, status = period.firm and not is_pasted(self.text), judgement.outcome.status
            if firm and status == "not_found":
                wider = self._judged(judge, search, ways)
                judgement = judgement if wider.outcome.status == "not_found" else wider.as_beyond()
            if firm or status == "answered":
                return judgement, narrowed, AppliedFilters(period.since, period.until, from_question=True)
        given = AppliedFilters(search.filters.since, search.filters.until, from_question=False)
        return self._judged(judge, search, ways), search, given if search.has_days else None

    def _judged(self, judge: Judge, search: Search, ways: Ways) -> Judgement:
        """As it is wished for, or looked up; what nothing near is found for may still be written about."""
        if judgement := gathered(self.wish, self.text, judge, search.find, search.newest):
            return judgement
        judgement = self._as_reworded(judge, search, ways.whole) or self._looked_up(judge, search, ways.wordings)
        if judgement.outcome.status == "not_found" and self.wish.kind in ("summary", "comparison"):
            return replace(judgement, context=articles_about(self.wish.subjects, self.text, search.find))
        return judgement

    def _as_reworded(self, judge: Judge, search: Search, whole: str) -> Judgement | None:
        """As it was reworded, where that is whole and something is found for it."""
        if not whole:
            return None
        found = search.find(whole)
        with search.clock.measure("answer"):
            judgement = judge.judge(judge.case(found, search.top_k))
        return replace(judgement, asked=whole) if judgement.outcome.status != "not_found" else None

    def _looked_up(self, judge: Judge, search: Search, ways: Sequence[Wording]) -> Judgement:
        """Alone, or in a wording that it leans on, whichever has better evidence."""
        alone = search.find(self.text)
        leaning = list(self._leaning(alone, judge, search, ways))
        if leaning and len(alone.query.terms) < STANDS:
            return max(leaning, key=lambda judgement: judgement.outcome.confidence)
        with search.clock.measure("rerank"):
            case = judge.case(alone, search.top_k)
        with search.clock.measure("answer"):
            itself = judge.judge(case)
        stands = itself.outcome.status == "answered" and not refers_back(self.text, alone.query.language)
        ahead = NEARLY if stands else 0.0
        return max([itself, *leaning], key=lambda each: each.outcome.confidence + (ahead if each is itself else 0.0))

    def _leaning(self, alone: Retrieved, judge: Judge, search: Search, ways: Sequence[Wording]) -> Iterator[Judgement]:
        """In each wording that it leans on."""
        for text, words in ways:
            found = search.find(text)
            with search.clock.measure("rerank"):
                found = judge.reranked(found)
                follow_up = FollowUp.of(search.retriever, alone, found.best(search.top_k), words)
            if follow_up.leans:
                case = replace(follow_up.case, further=found.candidates[search.top_k :])
                with search.clock.measure("answer"):
                    yield judge.judge(case)


def _says_nothing(turn: Turn, language: str) -> bool:
    """Whether a turn is a reader's thanks or the like, which no later question leans on."""
    spoken = detect_language(turn.content, language)
    return turn.role == "user" and wish_of(turn.content, spoken).kind in WORDLESS


def is_pasted(text: str) -> bool:
    """Whether it is a sentence of some article, whose story is looked for, and asks nothing itself."""
    return len(text.split()) >= PASTED and not _MARK.search(text)
