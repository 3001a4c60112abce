"""The worst questions of a set with their evidence: what was asked, what was expected, what was quoted instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rag.documents import Article, Citation, Evidence
from rag.evaluation.evaluation_set import GoldAnswer
from rag.evaluation.measurement import Measurement, Outcome
from rag.evaluation.report.fates import Fate, count_fates, rank_of_relevant, worst
from rag.rendering import EMPTY, Html, element, join, link, marked_text, text_in

EACH = 5  # questions shown for each way to go wrong
_EXPECTED, _QUOTED = 2, 3  # known answers and quotes shown of one question
_AROUND = 110  # characters of the article shown on each side of a known answer
_EXCERPT = 320  # characters shown of a passage or a quote


def worst_questions(measured: Measurement, number: int) -> Html:
    """A group for each way to go wrong, each with its count; nothing where no question went wrong."""
    found = worst(measured.outcomes, EACH)
    if not found:
        return EMPTY
    counts = count_fates(measured.outcomes)
    groups = [_group(fate, outcomes, counts[fate], measured, number) for fate, outcomes in found.items()]
    note = (
        "Marked: on the one side the known answer in its article, on the other the words that match the question; "
        "underlined: those given as the short answer."
    )
    return join([element("h3", {}, "The worst questions"), element("p", {"class": "note"}, note), *groups])


def _group(fate: Fate, outcomes: Sequence[Outcome], count: int, measured: Measurement, number: int) -> Html:
    swatch = element("span", {"class": f"swatch {fate.slug}", "aria-hidden": "true"})
    shown = f"{len(outcomes)} of {count:,}" if len(outcomes) < count else f"{count:,}"
    return element(
        "section",
        {"class": "fate", "id": f"set-{number}-{fate.slug}"},
        element("h4", {}, swatch, element("span", {}, fate.meaning), element("span", {"class": "share"}, shown)),
        *(_question(outcome, measured.given.articles) for outcome in outcomes),
    )


def _question(outcome: Outcome, articles: Mapping[str, Article]) -> Html:
    gold, answer = outcome.gold, outcome.answer
    asked_before = [f"after: {' '.join(gold.history)}"] if gold.history else []
    facts = [
        *asked_before,
        f"confidence {answer.confidence:.2f}",
        *_place_of_right_article(outcome),
        f"question {gold.id}",
    ]
    sides = [_side("Expected", _expected(outcome, articles)), _side(*_given(outcome))]
    return element(
        "article",
        {"class": "question"},
        text_in(gold.language, "h5", {}, gold.question),
        element("p", {"class": "meta"}, join((text_in("und", "bdi", {}, fact) for fact in facts), " · ")),
        element("div", {"class": "sides"}, *sides),
    )


def _place_of_right_article(outcome: Outcome) -> Iterator[str]:
    if outcome.gold.answers:
        rank = rank_of_relevant(outcome)
        yield f"right article at rank {rank}" if rank else "right article not ranked"


def _side(title: str, parts: Sequence[Html]) -> Html:
    return element("div", {"class": "side"}, element("h6", {}, title), *parts)


def _expected(outcome: Outcome, articles: Mapping[str, Article]) -> list[Html]:
    gold = outcome.gold
    if not gold.answerable:
        return [element("p", {"class": "said"}, "No answer: no article has one.")]
    if not gold.answers:
        return [element("p", {"class": "said"}, "An answer; the set does not say which.")]
    quoted = {citation.article_id for citation in outcome.answer.citations}
    # Of many known answers, those to set beside what was quoted, then those the asker can read.
    nearest = sorted(
        gold.answers, key=lambda a: (a.article_id not in quoted, articles[a.article_id].language != gold.language)
    )
    known = [_known(answer, articles[answer.article_id]) for answer in nearest[:_EXPECTED]]
    more = len(gold.answers) - _EXPECTED
    return [*known, element("p", {"class": "said"}, f"and {more} more")] if more > 0 else known


def _known(answer: GoldAnswer, article: Article) -> Html:
    start, end = _widened(article.text, answer.start, answer.end)
    shown = marked_text(article.text[start:end], start, [(answer.start, answer.end)])
    before, after = "… " if start else "", " …" if end < len(article.text) else ""
    return _evidence(article.title, article.id, article.url, article.language, join([before, shown, after]))


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with some text on both sides, cut between words."""
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    while first and first < start and not text[first - 1].isspace():
        first += 1
    while last < len(text) and last > end and not text[last].isspace():
        last -= 1
    return first, last


def _given(outcome: Outcome) -> tuple[str, list[Html]]:
    answer = outcome.answer
    if outcome.refused:
        nearest = [_passage(passage) for passage in answer.passages[:1]]
        return "Refused; the nearest passage", nearest or [element("p", {"class": "said"}, "Nothing was found.")]
    quotes = [_quote(citation, answer.answering(citation.number)) for citation in answer.citations[:_QUOTED]]
    written = [] if answer.answerer == "extractive" else [text_in(answer.language, "p", {}, answer.answer)]
    if answer.short_answer:
        written.insert(0, text_in("und", "p", {"class": "short"}, answer.short_answer.text))
    return "Answered" if outcome.answered else "Related only", [*written, *quotes]


def _quote(citation: Citation, answers: Sequence[tuple[int, int]]) -> Html:
    text, more = citation.quote[:_EXCERPT], " …" if len(citation.quote) > _EXCERPT else ""
    shown = join([marked_text(text, citation.start, citation.highlights, answers=answers), more])
    return _evidence(citation.title, citation.article_id, citation.url, citation.language, shown)


def _passage(passage: Evidence) -> Html:
    shown = passage.text if len(passage.text) <= _EXCERPT else f"{passage.text[:_EXCERPT].rstrip()} …"
    return _evidence(passage.title, passage.article_id, passage.url, passage.language, shown)


def _evidence(title: str, article_id: str, url: str, language: str, shown: str) -> Html:
    named = [text_in("und", "bdi", {}, words) for words in dict.fromkeys((title, article_id)) if words]
    source = element("p", {"class": "source"}, join([link(url, {}, named[0]), *named[1:]], " · "))
    return element("div", {"class": "evidence"}, text_in(language, "blockquote", {}, shown), source)
