"""The figures against values worked out by hand, over outcomes made by hand."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from rag.documents import Answer, Article, Citation, Evidence, Filters, Question, ShortAnswer
from rag.errors import EvaluationError
from rag.evaluation.evaluation_set import EvaluationSet, GoldAnswer, GoldQuestion
from rag.evaluation.measurement import DEPTH, Outcome, evaluate, figures, put_questions
from tests.fake_assistant import FakeAssistant
from tests.fakes import HashEncoder

TEXT = "كانت الجزائر قد بادرت. Mali followed."
ARTICLES = {name: Article(id=name, text=TEXT, language="ar") for name in "abc"}
GOLD = GoldAnswer("a", 5, 12, "الجزائر")
QUESTION = GoldQuestion("1", "Who began?", "en", True, (GOLD,))
UNANSWERABLE = GoldQuestion("2", "?", "en", False)


def citation(start=0, end=22, article_id="a", quote=None):
    text = TEXT[start:end] if quote is None else quote
    return Citation(1, article_id, "", "", "", "", "ar", text, start, end, 0.5)


def answer(*citations, short="", plain="x"):
    return Answer(
        id="1",
        question="?",
        language="en",
        status="answered" if citations else "not_found",
        answer=plain,
        plain_answer=plain,
        short_answer=ShortAnswer(short, 1, 5, 12) if short else None,
        sentences=(),
        citations=citations,
        passages=(),
        confidence=0.5,
        answerer="extractive",
    )


def outcome(gold=QUESTION, ranking=("a",), given=None, ms=10.0):
    return Outcome(gold, ranking, answer(citation()) if given is None else given, ms)


def measured(*outcomes):
    return figures(EvaluationSet("set", ARTICLES, [o.gold for o in outcomes]), outcomes)


@pytest.mark.parametrize(
    ("quotes", "hit"),
    [
        ([citation()], True),
        ([citation(5, 12)], True),
        ([citation(6, 22)], False),
        ([citation(0, 11)], False),
        ([citation(article_id="b")], False),
        ([citation(23, 30), citation(0, 12)], True),
        ([], False),
    ],
)
def test_a_hit_is_a_known_span_inside_one_quote_of_its_article(quotes, hit):
    assert outcome(given=answer(*quotes)).hit is hit


def test_the_shortest_text_is_judged():
    assert outcome(given=answer(citation(), short="الجزائر", plain="long")).shortest_text == "الجزائر"
    assert outcome(given=answer(citation(), plain="long")).shortest_text == "long"
    assert outcome(given=answer(plain="No article answers.")).shortest_text == ""
    assert outcome(given=replace(answer(citation()), status="related")).shortest_text == ""


def test_retrieval_figures_by_hand():
    both = replace(QUESTION, answers=(GOLD, replace(GOLD, article_id="c")))
    found = measured(outcome(ranking=("b", "a")), outcome(both, ("a", "b", "c")))["retrieval"]
    assert found["recall@1"] == (0 + 1 / 2) / 2
    assert found["recall@5"] == 1.0
    assert found["mrr@10"] == (1 / 2 + 1) / 2
    assert found["map"] == round((1 / 2 + (1 + 2 / 3) / 2) / 2, 4)
    first = 1 / math.log2(3)
    second = (1 + 1 / math.log2(4)) / (1 + 1 / math.log2(3))
    assert found["ndcg@10"] == round((first + second) / 2, 4)


def test_answer_figures_by_hand():
    right = outcome(given=answer(citation(), short="الجزائر"))
    long = outcome(given=answer(citation(23, 37, quote="Mali followed!"), plain="الجزائر Mali followed now"))
    refused = outcome(given=answer())
    found = measured(right, long, refused)["answers"]
    assert found == {
        "hit": round(1 / 3, 4),
        "f1": round((1 + 2 * 1 / (4 + 1) + 0) / 3, 4),
        "exact_match": round(1 / 3, 4),
        "citation_exact": 1 / 2,
    }


def test_short_answers_are_right_where_they_share_most_words_with_a_known_one():
    right = outcome(given=answer(citation(), short="الجزائر"))
    wrong = outcome(given=answer(citation(), short="Mali"))
    long = outcome(given=answer(citation(), short="كانت الجزائر قد بادرت"))  # F1 .4
    false = outcome(UNANSWERABLE, given=answer(citation(), short="Mali"))
    spanless = outcome(replace(QUESTION, answers=()), given=answer(citation(), short="Mali"))
    none = outcome(given=answer(citation()))
    found = measured(right, wrong, long, false, spanless, none)["short_answers"]
    assert found == {"shown": 3 / 4, "right": 1 / 4}
    assert measured(none)["short_answers"] == {"shown": 0.0}


def test_figures_a_set_cannot_give_are_left_out():
    found = measured(outcome(UNANSWERABLE, given=answer()))
    assert found["retrieval"] == {}
    assert found["answers"] == {}
    assert found["short_answers"] == {}
    assert found["refusal"] == {
        "hallucination_rate": 0.0,
        "related_rate_unanswerable": 0.0,
        "precision": 1.0,
        "recall": 1.0,
    }


def test_answerable_questions_without_spans_count_for_refusal_only():
    spanless = replace(QUESTION, answers=())
    found = measured(outcome(spanless), outcome(spanless, given=answer()))
    assert found["retrieval"] == {}
    assert found["answers"] == {"citation_exact": 1.0}
    assert found["refusal"] == {"error_rate": 0.5, "related_rate_answerable": 0.0, "precision": 0.0}


def test_latencies_are_percentiles_of_asking():
    found = measured(*[outcome(ms=float(ms)) for ms in range(1, 102)])["latency_ms"]
    assert found == {"p50": 51.0, "p95": 96.0, "p99": 100.0}


class Recorder(FakeAssistant):
    """An assistant that finds the same passages for every question and notes what it was asked."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def search(self, query, *, filters=None, top_k=None):
        self.calls.append(("search", query, filters, top_k))
        return [Evidence(name, at, at + 1, "x", 1.0 - at) for at, name in enumerate("bbab")]

    def ask(self, question):
        self.calls.append(("ask", question))
        return answer(citation())


def test_candidates_restrict_both_verbs_and_an_article_ranks_where_its_best_passage_does():
    recorder, told = Recorder(), []
    gold = replace(QUESTION, candidates=("a", "b"))
    given = EvaluationSet("set", ARTICLES, [gold])
    (made,) = put_questions(given, recorder, lambda *step: told.append(step))
    pool = Filters(article_ids=("a", "b"))
    assert recorder.calls == [("search", "Who began?", pool, DEPTH), ("ask", Question("Who began?", filters=pool))]
    assert made.ranking == ("b", "a")
    assert made.ask_ms > 0
    assert told == [("questions", 0, 1), ("questions", 1, 1)]


def test_the_questions_before_a_follow_up_are_its_history_and_its_passages_its_ranking():
    asked = FakeAssistant()
    gold = replace(QUESTION, question="summary", history=("countries", "What did the visit cost?", "missiles"))
    (made,) = put_questions(EvaluationSet("set", ARTICLES, [gold]), asked, lambda *step: None)
    assert [question.text for question in asked.asked] == [*gold.history, "summary"]
    roles = [[turn.content for turn in question.history if turn.role == "user"] for question in asked.asked]
    assert roles == [[], ["countries"], ["countries"], ["countries", "missiles"]], (
        "what is only related teaches nothing"
    )
    assert made.ranking == tuple(passage.article_id for passage in made.answer.passages)


def test_a_set_is_measured_from_its_files_to_its_figures(tmp_path, settings):
    folder = tmp_path / "tiny"
    folder.mkdir()
    articles = [
        {"id": "staff", "language": "en", "title": "Staff", "text": "A joint staff was formed. It has four members."},
        {"id": "twin", "language": "en", "title": "Staff", "text": "A joint staff was formed. It has four members."},
        {
            "id": "missiles",
            "language": "en",
            "title": "",
            "text": "Missiles disappeared. Nobody knows where they went.",
        },
    ]
    gold = {"article_id": "twin", "start": 2, "end": 13, "text": "joint staff"}
    questions = [
        {
            "id": "1",
            "question": "Which joint staff was formed?",
            "language": "en",
            "answerable": True,
            "answers": [gold],
        },
        {"id": "2", "question": "joint staff", "language": "en", "answerable": False, "candidates": ["missiles"]},
    ]
    for name, records in (("articles", articles), ("questions", questions)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    steps = []
    measurement = evaluate(folder, settings, HashEncoder(), lambda *step: steps.append(step))
    result = measurement.figures
    assert [outcome.gold.id for outcome in measurement.outcomes] == ["1", "2"]
    assert (result["dataset"], result["articles"], result["passages"], result["questions"]) == ("tiny", 3, 2, 2)
    assert result["retrieval"]["recall@1"] == 1.0
    assert result["answers"].get("citation_exact", 1.0) == 1.0
    assert result["index"]["bytes"] > 0
    assert result["peak_rss_mb"] > 10
    assert steps[-1] == ("questions", 2, 2)
    assert not settings.index_dir.exists(), "the index measured is a temporary one"


def test_an_article_that_cannot_be_indexed_is_named(tmp_path, settings):
    article, question = {"id": "blank", "text": " "}, {"question": "?", "answerable": False}
    (tmp_path / "articles.jsonl").write_text(json.dumps(article), encoding="utf-8")
    (tmp_path / "questions.jsonl").write_text(json.dumps(question), encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"Article blank of .* cannot be indexed"):
        evaluate(tmp_path, settings, HashEncoder())
