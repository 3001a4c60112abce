"""A question in a conversation, in a period, or for a list, a summary or a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest

from rag.answering.extractive import Extractive
from rag.answering.inquiry import Inquiry, Search, is_pasted
from rag.answering.judge import Judge, Judgement
from rag.answering.outcome import OutcomeRule
from rag.answering.reranking import Reranking
from rag.answering.stopwatch import Stopwatch
from rag.answering.wishes import Wish
from rag.documents import AppliedFilters, Article, Filters, Turn
from rag.retrieval.retriever import Retriever
from tests.answering.staff import COFFEE, LENIENT, STAFF, over
from tests.fakes import FixedScorer

TODAY = date(2011, 5, 12)
TEA = Article("tea", "Tea is served with mint. It is drunk at night. It came by sea. It costs little.", language="en")
JUDGE = replace(Judge.load(), rules=replace(LENIENT, found=OutcomeRule({"relevance": 1.0}, 0.0, 0.2, 0.2)))


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    yield from over(tmp_path_factory.mktemp("index"), STAFF, COFFEE, TEA)


def unchanged(question: str, history: Sequence[Turn]) -> str:
    return question


def judged(
    retriever: Retriever, text: str, filters: Filters = Filters(), judge: Judge = JUDGE, today: date | None = TODAY
) -> tuple[Judgement, AppliedFilters | None]:
    search = Search(retriever, filters, 5, "en", Stopwatch())
    judgement, _, applied = Inquiry.of(text, (), "en").judged(judge, search, unchanged, today)
    return judgement, applied


def quotes(judgement: Judgement) -> list[str]:
    return [citation.quote for citation in Extractive(JUDGE.choice).quote(judgement).citations]


@pytest.mark.parametrize(("text", "asks"), [("hello", False), ("in French please", False), ("Who came?", True)])
def test_greetings_ask_nothing_of_the_articles(text: str, asks: bool) -> None:
    assert Inquiry.of(text, (), "en").asks is asks


def test_another_language_asks_the_last_question_again() -> None:
    history = (Turn("user", "Who came?"), Turn("assistant", "They."), Turn("user", "When?"), Turn("assistant", "Now."))
    assert Inquiry.of("in French please", history, "en") == replace(Inquiry.of("When?", history[:2], "en"), reply="fr")
    assert Inquiry.of("in French please", (), "en").reply == "fr"


def test_more_is_told_of_what_was_asked_about_last() -> None:
    history = (Turn("user", "Who came?"), Turn("assistant", "They."), Turn("user", "thanks"), Turn("assistant", "Ask."))
    assert Inquiry.of("tell me more", history, "en") == replace(
        Inquiry.of("Who came?", (), "en"), wish=Wish("telling", ("Who came?",))
    )
    assert Inquiry.of("tell me more", (), "en").asks is False


def test_the_language_of_the_reply_changes_nothing_of_what_is_found(retriever: Retriever) -> None:
    text, found = "Which countries formed a joint staff?", []
    for reply in ("", "ar"):
        search = Search(retriever, Filters(), 5, "en", Stopwatch(), reply)
        found.append(Inquiry.of(text, (), "en", reply).judged(JUDGE, search, unchanged, None)[0])
    own, other = found
    assert (own.query.reply_in, other.query.reply_in) == ("en", "ar")
    assert [each.place for each in own.sentences] == [each.place for each in other.sentences]
    assert own.outcome == other.outcome


@pytest.mark.parametrize(
    ("text", "articles", "applied"),
    [
        ("Who formed a joint staff this month?", {"staff"}, AppliedFilters("2011-05-01", "2011-05-12", True)),
        ("Who formed a joint staff in May 2011?", {"staff"}, AppliedFilters("2011-05-01", "2011-05-31", True)),
        ("Who formed a joint staff in April 2011?", {"staff", "coffee", "tea"}, None),
        ("Who formed a joint staff?", {"staff", "coffee", "tea"}, None),
    ],
)
def test_a_period_limits_the_search_and_is_told(
    retriever: Retriever, text: str, articles: set[str], applied: AppliedFilters | None
) -> None:
    judgement, told = judged(retriever, text)
    assert {candidate.article.id for candidate in judgement.candidates} == articles
    assert told == applied


def test_what_is_found_only_on_other_days_is_related_and_never_a_short_answer(retriever: Retriever) -> None:
    judgement, told = judged(retriever, "Who formed a joint staff last month?")
    assert (judgement.outcome.status, judgement.marked, judgement.beyond) == ("related", None, True)
    assert judgement.candidates[0].article.id == "staff"
    assert told == AppliedFilters("2011-04-01", "2011-04-30", from_question=True)
    judgement, nothing = judged(retriever, "Who formed a joint staff last month?", judge=NEVER)
    assert (judgement.outcome.status, judgement.candidates, judgement.beyond, nothing) == ("not_found", [], False, told)


def test_days_that_the_caller_gave_come_first(retriever: Retriever) -> None:
    judgement, applied = judged(retriever, "Who formed a joint staff last month?", Filters(since="2011-05-01"))
    assert {candidate.article.id for candidate in judgement.candidates} == {"staff"}
    assert applied == AppliedFilters("2011-05-01", "", from_question=False)


def test_without_a_day_to_count_from_the_words_name_no_period(retriever: Retriever) -> None:
    judgement, applied = judged(retriever, "Who formed a joint staff last month?", today=None)
    assert ({candidate.article.id for candidate in judgement.candidates}, applied) == ({"staff", "coffee", "tea"}, None)


def test_a_list_quotes_each_article_once(retriever: Retriever) -> None:
    judgement, _ = judged(retriever, "Which articles talk about what is drunk?")
    assert {sentence.article.id for sentence in judgement.chosen} == {"coffee", "tea"}
    assert len(quotes(judgement)) == 2


def test_what_is_new_are_the_first_sentences_of_the_newest_articles(retriever: Retriever) -> None:
    judgement, applied = judged(retriever, "What's new?")
    assert judgement.chosen[0].article.id == "staff"
    assert {sentence.article.id for sentence in judgement.chosen[1:]} == {"coffee", "tea"}  # without a day
    assert all(sentence.number == 0 for sentence in judgement.chosen[1:])
    assert (judgement.outcome.status, applied) == ("answered", None)


def test_what_happened_in_a_period_are_its_articles(retriever: Retriever) -> None:
    judgement, applied = judged(retriever, "What happened this month?")
    assert [sentence.article.id for sentence in judgement.chosen] == ["staff"]
    assert applied == AppliedFilters("2011-05-01", "2011-05-12", from_question=True)
    judgement, _ = judged(retriever, "What happened last month?")
    assert (judgement.outcome.status, judgement.beyond) == ("related", True)


def test_what_is_told_of_a_subject_are_the_sentences_nearest_to_it(retriever: Retriever) -> None:
    judgement, _ = judged(retriever, "Tell me about tea with mint")
    assert judgement.chosen[0].text == "Tea is served with mint."
    assert judgement.outcome.status == "answered"
    judgement, _ = judged(retriever, "Tell me about drinks from the sea")  # near, and no passage's own subject
    assert judgement.outcome.status == "related"


def test_a_comparison_with_what_nothing_mentions_is_related(retriever: Retriever) -> None:
    judgement, _ = judged(retriever, "Compare tea served with mint and tea in Panama")
    assert [sentence.article.id for sentence in judgement.chosen] == ["tea"]
    assert judgement.outcome.status == "related"


@pytest.mark.parametrize(
    "text", ["Summarise the article about tea in Panama", "Which articles talk about tea in Panama?"]
)
def test_of_a_place_that_nothing_mentions_no_article_tells(retriever: Retriever, text: str) -> None:
    judgement, _ = judged(retriever, text)
    assert judgement.quotes == 0


def test_a_summary_is_the_opening_of_the_nearest_article(retriever: Retriever) -> None:
    judgement, _ = judged(retriever, "Summarise the article about tea with mint")
    assert quotes(judgement) == ["Tea is served with mint. It is drunk at night. It came by sea."]


def test_a_comparison_quotes_a_sentence_for_each_side(retriever: Retriever) -> None:
    judgement, _ = judged(retriever, "Compare coffee drunk with dates and tea served with mint")
    assert [sentence.article.id for sentence in judgement.chosen] == ["coffee", "tea"]


def test_a_wish_for_what_no_article_is_near_is_looked_up_as_it_stands(retriever: Retriever) -> None:
    never = replace(JUDGE, rules=replace(JUDGE.rules, found=OutcomeRule({}, -1.0, 0.0, 0.0)))
    judgement, _ = judged(retriever, "Summarise the article about violins", judge=never)
    assert judgement.quotes == 0


NEVER = replace(
    JUDGE, rules=replace(JUDGE.rules, answered=OutcomeRule({}, -1.0, 0.0, 0.0), found=OutcomeRule({}, -1.0, 0.0, 0.0))
)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Summarise the article about tea with mint", ["tea"]),
        ("Compare coffee drunk with dates and tea served with mint", ["coffee", "tea"]),
        ("Is tea served with mint?", []),
    ],
)
def test_what_the_rule_refuses_is_given_to_who_writes_only_as_a_summary_or_comparison(
    retriever: Retriever, text: str, given: list[str]
) -> None:
    judgement, _ = judged(retriever, text, judge=NEVER)
    assert judgement.outcome.status == "not_found"
    assert [candidate.article.id for candidate in judgement.context] == given


def test_what_is_only_related_is_given_too(retriever: Retriever) -> None:
    rules = replace(NEVER.rules, found=LENIENT.found)
    judgement, _ = judged(retriever, "Is tea served with mint?", judge=replace(NEVER, rules=rules))
    assert judgement.outcome.status == "related"
    assert judgement.context[0].article.id == "tea"


def test_a_whole_rewording_is_what_is_searched(retriever: Retriever) -> None:
    history = (Turn("user", "What is tea served with?"), Turn("assistant", "Tea is served with mint."))
    search = Search(retriever, Filters(), 5, "en", Stopwatch())
    inquiry = Inquiry.of("When is it drunk?", history, "en")
    for condensed, asked in (("When is tea drunk?", "When is tea drunk?"), ("When is wine drunk?", "")):
        judgement, *_ = inquiry.judged(JUDGE, search, lambda *_, said=condensed: said, TODAY)
        assert judgement.asked == asked
        assert (judgement.query.text == condensed) is bool(asked)


@pytest.mark.parametrize(("first", "logits"), [("tea", {"Tea": 9.0}), ("coffee", {"Coffee": 9.0})])
def test_a_follow_up_is_reranked_in_the_wording_it_is_searched_in(
    retriever: Retriever, first: str, logits: dict[str, float]
) -> None:
    history = (Turn("user", "What is welcome?"), Turn("assistant", "Tea is served with mint."))
    search, scorer = Search(retriever, Filters(), 5, "en", Stopwatch()), FixedScorer(logits)
    judge = replace(JUDGE, reranking=Reranking(scorer, 20, 1.0))
    judgement, *_ = Inquiry.of("When is it drunk?", history, "en").judged(judge, search, unchanged, TODAY)
    assert scorer.asked == ["What is welcome? When is it drunk?"]
    assert (judgement.query.text, judgement.candidates[0].article.id) == ("When is it drunk?", first)
    assert {each.article.id: each.candidate.signals.reranked for each in judgement.sentences}[first] == 9.0
    assert judgement.sentences[0].article.id == first


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("Who formed a joint staff last month?", True),
        ("Tell me who formed a joint staff last month", True),
        ("Four countries of the region said last month that they had formed a joint staff against smugglers.", False),
    ],
)
def test_the_days_of_a_pasted_sentence_count_from_its_own(retriever: Retriever, text: str, limits: bool) -> None:
    """None of these articles has a date, so that all is beyond any period."""
    search = Search(retriever, Filters(), 5, "en", Stopwatch())
    judgement, _, applied = Inquiry.of(text, (), "en").judged(JUDGE, search, unchanged, TODAY)
    assert is_pasted(text) is not limits
    assert (applied is not None, judgement.beyond, bool(judgement.candidates)) == (limits, limits, True)
