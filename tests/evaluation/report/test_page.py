"""The report over outcomes made by hand: what it says, what it leaves out, and that nothing it shows is markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from rag.documents import Article, Evidence
from rag.evaluation.evaluation_set import EvaluationSet
from rag.evaluation.measurement import Measurement, figures
from rag.evaluation.report.page import write_report
from rag.evaluation.report.tables import set_names
from tests.evaluation.test_measurement import ARTICLES, GOLD, QUESTION, TEXT, answer, citation, outcome
from tests.fake_assistant import HOSTILE_STRINGS
from tests.test_rendering import Reader, shown

UNANSWERABLE = replace(QUESTION, id="2", answers=(), answerable=False, language="fr", question="Qui commande ?")
NEAREST = Evidence("a", 0, 22, "كانت الجزائر قد بادرت.", 0.4, title="بادرة", language="ar")


def measured(*outcomes, name="my-set", articles=ARTICLES):
    given = EvaluationSet(name, articles, [o.gold for o in outcomes])
    rest = {"articles": len(articles), "passages": 7, "questions": len(outcomes), "peak_rss_mb": 100.0}
    index = {"passages_per_s": 10.0, "seconds": 1.0, "bytes": 2**20}
    return Measurement(given, outcomes, {"dataset": name, **rest, "index": index, **figures(given, outcomes)})


def page(*measurements, **facts):
    return write_report(measurements, {"Isnad": "1", **facts})


def text_of(markup):
    body = markup[markup.index("<body>") :]
    return " ".join(Reader(re.sub(r"(?=<)", " ", body)).text.split())


def test_the_page_says_in_words_what_was_measured():
    refused = outcome(given=replace(answer(), passages=(NEAREST,), confidence=0.1))
    said = text_of(page(measured(outcome(), refused, outcome(UNANSWERABLE))))
    assert "3 questions in English and French, put to 3 articles in Arabic (7 passages)." in said
    assert "For 50.0 % of the questions a quote holds the answer." in said
    assert "Of the questions that have an answer, 50.0 % were refused." in said
    assert "Of those that have none, 100.0 % were answered all the same." in said


def test_a_wrong_answer_is_shown_beside_the_one_expected():
    wrong = replace(answer(citation(23, 37)), confidence=0.75)
    said = text_of(page(measured(outcome(given=wrong, ranking=("b", "a")))))
    assert "The right article quoted, but not the sentence that answers 1" in said
    assert "Who began? confidence 0.75 · right article at rank 2 · question 1" in said
    assert "Expected كانت الجزائر قد بادرت. Mali followed. a" in said
    assert "Answered Mali followed. a" in said


def test_a_refusal_is_shown_with_what_was_nearest():
    refused = outcome(given=replace(answer(), passages=(NEAREST,)), ranking=())
    said = text_of(page(measured(refused)))
    assert "right article not ranked" in said
    assert "Refused; the nearest passage كانت الجزائر قد بادرت. بادرة · a" in said


def test_what_is_only_related_is_shown_as_such_beside_the_answer_expected():
    related = replace(answer(citation(23, 37)), status="related", confidence=0.4)
    follow_up = replace(QUESTION, history=("Who was there?", "And then?"))
    said = text_of(page(measured(outcome(follow_up, given=related), outcome(UNANSWERABLE, given=related))))
    assert "Quoted as related only, though an article answers 1" in said
    assert "Quoted as related only, and no article answers 1 · 50.0 %" in said
    assert "after: Who was there? And then? · confidence 0.40" in said
    assert "Related only Mali followed. a" in said
    assert "Of the questions that have an answer, 0.0 % were refused. Of those that have none, 0.0 % were" in said


def test_short_answers_given_are_judged_in_words_and_marked():
    markup = page(measured(outcome(given=answer(citation(), short="الجزائر")), outcome(given=answer(citation(23, 37)))))
    assert "Of the short answers given, 100.0 % were right." in text_of(markup)
    wrong = answer(citation(0, 11), short="الجزائر")
    assert '<mark class="answers">' in page(measured(outcome(given=wrong)))


def test_what_nothing_answers_expects_a_refusal():
    said = text_of(page(measured(outcome(UNANSWERABLE))))
    assert "Answered, though no article answers 1" in said
    assert "Expected No answer: no article has one." in said


def test_right_answers_are_not_among_the_worst():
    assert "The worst questions" not in text_of(page(measured(outcome())))


@pytest.mark.parametrize(
    ("outcomes", "titles"),
    [
        (
            [outcome(), *[outcome(given=replace(answer(citation()), confidence=0.9))] * 10],
            {"Recall by rank", "Right answers by confidence"},
        ),
        ([outcome(UNANSWERABLE)], set()),
        ([outcome(), outcome(UNANSWERABLE)], {"Recall by rank", "Refusal"}),
    ],
)
def test_a_set_gets_the_plots_it_can_give(outcomes, titles):
    drawn = set(re.findall(r"<figcaption>([^<]+)</figcaption>", page(measured(*outcomes))))
    assert drawn == {"What became of the questions", "Time to answer"} | titles


def test_figures_that_a_set_cannot_give_have_no_row():
    said = text_of(page(measured(outcome(UNANSWERABLE))))
    assert "hallucination rate questions without" in said
    assert "recall@1" not in said


def test_a_figure_has_its_interval_and_its_cases():
    markup = page(measured(*[outcome()] * 20))
    assert 'title="95 %: 0.839 to 1.000, of 20"' in markup


def test_several_sets_begin_with_an_overview_that_leads_to_each():
    one = page(measured(outcome()))
    both = page(measured(outcome(), name="first"), measured(outcome(UNANSWERABLE), name="ثانية"))
    assert "All sets" not in one
    assert '<a href="#set-2"><bdi dir="auto">ثانية</bdi></a>' in both
    assert '<section class="set" id="set-2">' in both
    assert both.index("All sets") < both.index('id="set-1"') < both.index('id="set-2"')


def test_every_jump_has_where_to_land():
    markup = page(measured(outcome(UNANSWERABLE), outcome(given=answer())), measured(outcome()))
    targets = set(re.findall(r'href="#([^"]+)"', markup))
    assert targets
    assert targets <= set(re.findall(r'id="([^"]+)"', markup))


def test_questions_are_also_told_by_language():
    said = text_of(page(measured(outcome(), outcome(UNANSWERABLE))))
    assert "By the language of the question" in said
    assert "By the language" not in text_of(page(measured(outcome())))


def test_each_text_finds_its_own_direction_and_names_its_language():
    markup = page(measured(outcome(given=answer(citation(23, 37)))))
    assert '<h5 dir="auto" lang="en">Who began?</h5>' in markup
    assert re.search(r'<blockquote dir="auto" lang="ar">كانت <mark>الجزائر</mark> قد', markup)


def test_of_many_known_answers_those_beside_the_quote_are_shown():
    articles = {
        name: Article(name, TEXT, language=language)
        for name, language in zip("abcd", ("ar", "fr", "en", "de"), strict=True)
    }
    gold = replace(QUESTION, answers=tuple(replace(GOLD, article_id=name) for name in "abcd"))
    wrong = answer(citation(23, 37, article_id="d"))
    markup = page(measured(outcome(gold, given=wrong), articles=articles))
    expected = markup[markup.index("<h6>Expected") : markup.index("<h6>Answered")]
    assert re.findall(r'<blockquote dir="auto" lang="(\w+)">', expected) == ["de", "en"]
    assert "and 2 more" in expected


def test_a_long_article_is_shown_around_the_answer_and_cut_between_words():
    text = f"{'قبل ' * 100}الجزائر{' بعد' * 100}"
    start = text.index("الجزائر")
    gold = replace(GOLD, start=start, end=start + 7)
    made = outcome(replace(QUESTION, answers=(gold,)), given=replace(answer(), passages=(NEAREST,)))
    markup = page(measured(made, articles={"a": Article("a", text, language="ar")}))
    (quoted,) = re.findall(r'lang="ar">(… .*? …)</blockquote>', markup)
    words = re.sub(r"<[^>]+>", "", quoted).strip("… ").split()
    assert set(words) == {"قبل", "الجزائر", "بعد"}
    assert 100 < len(" ".join(words)) < 230


@pytest.mark.parametrize("hostile", HOSTILE_STRINGS)
def test_nothing_shown_is_markup(hostile):
    article = Article("a", hostile, title=hostile, language=hostile, url=hostile)
    gold = replace(
        QUESTION,
        id=hostile,
        question=hostile,
        language=hostile,
        answers=(replace(GOLD, start=0, end=len(hostile), text=hostile),),
    )
    quote = replace(citation(0, 1, quote=hostile), title=hostile, article_id="a", url=hostile, language=hostile)
    wrong = replace(answer(quote), answerer=hostile, answer=hostile)
    nearest = replace(NEAREST, text=hostile, title=hostile, url=hostile, language=hostile)
    refused = replace(answer(), passages=(nearest,))
    markup = page(
        measured(outcome(gold, given=wrong), outcome(gold, given=refused), name=hostile, articles={"a": article}),
        Fact=hostile,
    )
    markup.encode("utf-8")
    clean = page(measured(outcome(gold, given=wrong), outcome(gold, given=refused), articles={"a": article}), Fact="x")
    seen = Reader(markup)
    assert set(seen.tags) <= set(
        Reader(page(measured(outcome(given=answer(citation(23, 37))), outcome(given=answer())))).tags
    ) | {"a", "p"}
    assert len(seen.tags) == len(Reader(clean).tags), "a hostile name adds no element"
    assert shown(hostile) in seen.text


@pytest.mark.parametrize(
    ("codes", "named"),
    [
        (["ar"], " in Arabic"),
        (["fr", "ar", "ar"], " in Arabic and French"),
        (["ar", "fr", "en"], " in Arabic, French and English"),
        (["ar", "fr", "en", "de"], " in 4 languages"),
        (["und"], ""),
        (["und", "ar"], " in Arabic"),
        (["zzz"], " in zzz"),
        ([], ""),
    ],
)
def test_languages_in_a_sentence(codes, named):
    assert set_names(codes) == named
