"""Evaluation sets of made-up words, whose questions are met by the words they share with an article."""

from __future__ import annotations

from rag.documents import Article
from rag.evaluation.evaluation_set import EvaluationSet, GoldAnswer, GoldQuestion


def made_set(name: str, count: int, unanswerable: int = 0) -> EvaluationSet:
    """Article n says in which year works were built in town n; the question asks for the year."""
    articles = {f"{name}-{n}": made_article(name, n) for n in range(count)}
    asked = [made_question(name, n) for n in range(count)]
    nothing = [
        GoldQuestion(f"{name}-none-{n}", f"Who painted the bridge of {name}town{n}?", "en", answerable=False)
        for n in range(unanswerable)
    ]
    return EvaluationSet(name, articles, [*asked, *nothing])


def made_article(name: str, n: int) -> Article:
    text = f"The works of {name}town{n} were opened in {1900 + n}. Many people of {name}town{n + 1} saw it then."
    return Article(f"{name}-{n}", text, language="en")


def made_question(name: str, n: int) -> GoldQuestion:
    start = made_article(name, n).text.index(str(1900 + n))
    answer = GoldAnswer(f"{name}-{n}", start, start + 4, str(1900 + n))
    return GoldQuestion(f"{name}-q{n}", f"When were the works of {name}town{n} opened?", "en", True, (answer,))
