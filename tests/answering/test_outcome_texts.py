"""What an answer says of itself where nothing answers, or where what was found may not."""

from __future__ import annotations

import json

import pytest

from rag.answering.citations import strip_markers
from rag.answering.outcome_texts import as_related, guide_text, refusal_text
from rag.answering.writing import AnswerDraft
from rag.documents import AnswerSentence, Citation, ShortAnswer
from rag.resources import asset

TEXTS = json.loads(asset("outcomes.json").read_text("utf-8"))
ARABIC, FRENCH = "تنسّق دول الساحل\nأمنها (NATO) عام 2011.", "Alger a reçu le président."


def draft(*quotes: str) -> AnswerDraft:
    cited = [Citation(n, f"a{n}", "", "", "", "", "und", q, 10, 10 + len(q), 0.5) for n, q in enumerate(quotes, 1)]
    sentences = tuple(AnswerSentence(" ".join(c.quote.split()), (c.number,)) for c in cited)
    return AnswerDraft("as an answer [1]", sentences, tuple(cited), ShortAnswer("2011", 1, 45, 49, label="sure"))


def test_outcomes_are_worded_in_many_languages_and_english_otherwise() -> None:
    assert {"ar", "en", "fr"} <= TEXTS.keys()
    names = {"not_found", "related", "filtered", "beyond", "flag", "lone", "guide"}
    assert all(texts.keys() == names for texts in TEXTS.values())
    assert all(refusal_text(code) == texts["not_found"] for code, texts in TEXTS.items())
    assert refusal_text("sw") == TEXTS["en"]["not_found"]
    assert refusal_text("fr", filtered=True) == f"{TEXTS['fr']['not_found']} {TEXTS['fr']['filtered']}"


def test_a_guide_shows_examples_a_line_each() -> None:
    assert guide_text("ar", ["من؟", "متى؟"]) == f"{TEXTS['ar']['guide']}\n\n– من؟\n\n– متى؟"
    assert guide_text("sw", []) == TEXTS["en"]["guide"]


@pytest.mark.parametrize(("asked_in", "worded_in"), [*((code, code) for code in TEXTS), ("sw", "en")])
def test_a_related_draft_says_first_that_it_may_be_no_answer(asked_in: str, worded_in: str) -> None:
    written = as_related(draft(ARABIC, FRENCH), asked_in)
    assert written.text.split("\n\n") == [
        TEXTS[worded_in]["related"],
        "“\u2068تنسّق دول الساحل أمنها (NATO) عام 2011.\u2069” [1]",
        "“\u2068Alger a reçu le président.\u2069” [2]",
    ]


def test_a_related_draft_keeps_its_quotes_and_claims_nothing() -> None:
    given = draft(ARABIC, FRENCH)
    written = as_related(given, "en")
    assert (written.sentences, written.citations, written.short) == (given.sentences, given.citations, None)
    assert strip_markers(written.text) == written.text.replace(" [1]", "").replace(" [2]", "")
