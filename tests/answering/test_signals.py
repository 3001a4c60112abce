"""What tells sentences that answer from sentences that are near: each signal on sentences made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.answering import signals
from rag.answering.expectation import expectation_of, find_expected
from rag.answering.sentence_choice import ScoredSentence
from rag.documents import Article, Passage, Span
from rag.retrieval.candidates import Candidate, FoundWords, Query
from rag.retrieval.chance import above_chance
from rag.retrieval.fusion import Signals
from rag.retrieval.late_interaction import Interaction, QueryTokens


def query(text: str, language: str, weights: tuple[float, ...] = (1.0, 1.0)) -> Query:
    tokens = QueryTokens.build(np.zeros((len(weights), 1), np.float32), np.array(weights, np.float32))
    spans = np.zeros((len(weights), 2), np.int32)
    return Query(text, language, "latn", np.zeros(1, np.float32), tokens, spans, (), ())


def candidate(text: str, language: str, similarity: list[list[float]]) -> Candidate:
    """A passage that chance comes to no further than zero, so that its similarities are how far above it lies."""
    values = np.array(similarity, np.float32).reshape(-1, 2)
    passage = Passage("a", 0, len(text), text, language, (Span(0, len(text)),))
    interaction = Interaction(values, 0.0, np.zeros(1, np.float32))
    found = Signals(late=0, sentence=0, keyword=0, same_language=True, relevance=0.25)
    above = above_chance(values, np.zeros(2, np.float32))
    return Candidate(passage, Article("a", text), np.zeros((len(values), 2), np.int32), interaction, found, 0.0, above)


def sentence(
    text: str, language: str = "en", marked: str = "", margin: float = 0.0, score: float = 1.0
) -> ScoredSentence:
    of = candidate(text, language, [[0.5, 0.5]])
    start = text.find(marked)
    found = FoundWords(Span(start, start + len(marked)), margin) if marked else None
    return ScoredSentence(of, Span(0, len(text)), score, of.interaction.similarity, of.spans, (), found)


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("Who found the farmer's body?", "en", ["found", "farmer", "body"]),
        ("Qui représente la Bolivie ?", "fr", ["représente", "Bolivie"]),
        ("متى أصدرت الصين خطتها؟", "ar", ["أصدرت", "الصين", "خطتها"]),
        ("Who is it?", "en", []),
    ],
)
def test_the_telling_words_are_those_that_say_something(question: str, language: str, expected: list[str]) -> None:
    assert signals.telling_words(query(question, language)) == expected


def test_passages_together_meet_each_word_where_it_is_met_best() -> None:
    asked = query("one two", "en", (3.0, 1.0))
    first, second = candidate("a", "en", [[0.6, 0.5]]), candidate("b", "en", [[0.2, 1.0]])
    assert signals.together(asked, [first]) == pytest.approx(0.75 * 0.6 + 0.25 * 0.5)
    assert signals.together(asked, [first, second]) == pytest.approx(0.75 * 0.6 + 0.25 * 1.0)


def test_only_the_best_passages_count_together() -> None:
    poor, rich = candidate("a", "en", [[0.1, 0.1]]), candidate("b", "en", [[1.0, 1.0]])
    assert signals.together(query("one two", "en"), [poor] * signals.TOGETHER + [rich]) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("question", "language", "passage", "written", "expected"),
    [
        ("How old was the pilot of the Air Niugini plane?", "en", "سقطت طائرة شركة لوفتهانزا.", "ar", 1),
        ("What did Ahmed Touré say in 2011?", "en", "قال أحمد توري في عام 2011 إن الاتفاق قريب.", "ar", 0),
        ("What did Ahmed Touré say in 2012?", "en", "قال أحمد توري في عام 2011 إن الاتفاق قريب.", "ar", 1),
        ("Was sagte der Minister zum Vertrag?", "de", "قال الوزير شيئا.", "ar", 0),
    ],
)
def test_names_and_numbers_that_a_passage_lacks_are_counted(
    question: str, language: str, passage: str, written: str, expected: int
) -> None:
    assert signals.unheard(query(question, language), candidate(passage, written, [])) == expected


@pytest.mark.parametrize(
    ("question", "text", "marked", "expected"),
    [
        ("How many people came?", "About 300 people came on Monday.", "300 people", True),
        ("How many people came?", "Many people came on Monday.", "Many people", False),
        ("When did they come?", "They came in June 1975.", "June 1975", True),
        ("When did they come?", "They came in a hurry.", "in a hurry", False),
        ("Who came?", "The 300 came.", "The 300", False),
        ("How many people came?", "About 300 people came.", "", False),
    ],
)
def test_marked_words_fit_where_they_hold_what_is_asked_for(
    question: str, text: str, marked: str, expected: bool
) -> None:
    assert signals.fits(query(question, "en"), sentence(text, marked=marked)) is expected


@pytest.mark.parametrize(
    ("question", "text", "marked", "expected"),
    [
        ("How many people came?", "About 300 people came.", "300 people", False),
        ("How many people came?", "Many people came.", "Many people", False),  # as right as others, where measured
        ("When did they come?", "They came in a hurry.", "in a hurry", False),
        ("How deep is the canal?", "The canal is 193 kilometres long.", "193 kilometres", True),
        ("How long is the canal?", "The canal is 193 kilometres long.", "193 kilometres", False),
        ("In which city was he born?", "He was born in Morocco.", "Morocco", True),
        ("In which city was he born?", "He was born in Tangier in Morocco.", "Tangier in Morocco", False),
        ("In which country was he born?", "He was born in Morocco.", "Morocco", False),
        ("Who came?", "The 300 came.", "The 300", False),  # no kind is asked for that code knows
        ("How many people came?", "About 300 people came.", "", False),  # nothing is marked
    ],
)
def test_marked_words_misfit_where_another_kind_is_asked_for(
    question: str, text: str, marked: str, expected: bool
) -> None:
    assert signals.misfits(query(question, "en"), sentence(text, marked=marked)) is expected


@pytest.mark.parametrize(
    ("spans", "met", "worst"),
    [
        ([(0, 3), (4, 10), (11, 17)], [0.1, 0.4, 0.2], 0.2),  # "the" says nothing
        ([(0, 3), (4, 7), (7, 10), (11, 17)], [0.0, 0.1, 0.5, 0.4], 0.3),  # a word of two tokens
        ([(0, 3)], [0.5], 0.0),
    ],
)
def test_the_worst_met_telling_word(spans: list[tuple[int, int]], met: list[float], worst: float) -> None:
    asked = replace(query("the bridge Damasc", "en"), spans=np.array(spans, np.int32))
    passage = replace(candidate("A bridge.", "en", [[0.5, 0.5]]), above=np.array(met, np.float32))

    assert signals.worst_word(asked, passage) == pytest.approx(worst)


def test_margins_stay_within_bounds_and_unread_is_the_least() -> None:
    assert signals.margin_of(sentence("It is so.", marked="so", margin=3.5)) == 3.5
    assert signals.margin_of(sentence("It is so.", marked="so", margin=99)) == 12
    assert signals.margin_of(sentence("It is so.")) == -12


def test_all_signals_of_a_best_sentence_and_its_rival() -> None:
    best = sentence("About 300 people came.", marked="300 people", margin=4.0, score=1.0)
    rival = sentence("Rain fell on 20 towns.", marked="20 towns", margin=-2.0, score=0.9)
    got = signals.signals(query("How many people came?", "en"), [best.candidate, rival.candidate], [best, rival])
    assert got == pytest.approx(
        {
            "relevance": 0.25,
            "reranked": 0.0,
            "other_language": 0,
            "absent": 0,
            "reading": 4,
            "together": 0.5,
            "words": np.log(3),  # people, came
            "lead": 0.1,
            "unheard": 0,
            "worst": 0,  # no token of the question has a place here
            "fits": 1,
            "misfits": 0,
            "agreement": 1,
            "several": 0,
            "best_margin": 4,
            "rival_margin": -2,
            "sentence_length": np.log(2),
            "marked_length": np.log(3),
        }
    )


def test_a_sentence_alone_leads_by_the_most_and_has_no_rival() -> None:
    asked, alone = query("Who came?", "en"), sentence("They came.")
    got = signals.signals(asked, [alone.candidate], [alone])
    assert (got["lead"], got["rival_margin"], got["marked_length"]) == (signals.MOST_LEAD, -12, 0)
    far = [replace(alone, score=5.0), replace(alone, score=1.0)]
    assert signals.signals(asked, [alone.candidate], far)["lead"] == signals.MOST_LEAD


@pytest.mark.parametrize(
    ("question", "text", "absent"),
    [
        ("What did Algeria form?", "Algeria formed a joint staff.", 0.0),
        ("What did Japan form?", "Algeria formed a joint staff.", 1.0),
        ("What happened in 1998?", "It was formed in 2011.", 1.0),
        ("Who sits there?", "The staff sits there.", 0.0),
        ("What did Japan form?", "Japanese officers formed a joint staff.", 0.0),
        ("What did Turkey form?", "Officers of turkey farms formed a joint staff.", 0.0),  # in doubt it is named
        ("Which famous Indian was disobedient?", "Gandhi was disobedient.", 0.0),
        ("What was played in the 1970's?", "The Curse of the Daleks was played.", 0.0),
        ("How far is it from Casablanca?", "It is far from Algeria.", 1.0),
        ("How far is it from Casablanca?", "It is far from Casablanca.", 0.0),
    ],
)
def test_a_country_a_place_or_a_year_that_no_passage_names(question: str, text: str, absent: float) -> None:
    best = sentence(text)
    assert signals.signals(query(question, "en"), [best.candidate], [best])["absent"] == absent


@pytest.mark.parametrize(
    ("margins", "reading"), [((), 0.0), ((-2.0,), -2.0), ((-2.0, 5.0), 5.0), ((1e6,), 12.0), ((-1e6,), -12.0)]
)
def test_the_surest_words_of_any_sentence_are_the_reading(margins: tuple[float, ...], reading: float) -> None:
    ranked = [sentence("They came.", marked="came", margin=margin) for margin in margins] or [sentence("They came.")]
    assert signals.signals(query("Who?", "en"), [ranked[0].candidate], ranked)["reading"] == reading


@pytest.mark.parametrize(
    ("score", "margin", "second"),
    [(0.93, 6.0, True), (0.93, 4.5, False), (0.91, 9.0, False), (1.0, 5.1, True)],
)
def test_the_second_sentence_gives_the_words_only_where_they_are_clearly_likelier(
    score: float, margin: float, second: bool
) -> None:
    best = sentence("They came on Monday.", marked="Monday", margin=4.0, score=1.0)
    rival = sentence("They came on Friday.", marked="Friday", margin=margin, score=score)
    assert signals.marked_sentence([best, rival]) is (rival if second else best)


STATES = "Algeria, Mali and Niger formed a joint staff."


@pytest.mark.parametrize(
    ("question", "texts", "expected"),
    [
        ("Which countries formed it?", [STATES, "Rain fell."], 1.0),
        ("Which countries formed it?", [STATES, STATES], 0.0),
        ("Which countries formed it?", ["Rain fell.", STATES], 0.0),
        ("Which country formed it?", [STATES], 0.0),
        ("Who formed it?", [STATES], 0.0),
    ],
)
def test_several_things_asked_for_and_held_by_the_best_alone(question: str, texts: list[str], expected: float) -> None:
    asked = query(question, "en")
    expectation = expectation_of(question, "en")
    kind = expectation.kind if expectation else "country"
    ranked = [replace(sentence(text), expected=tuple(find_expected(kind, text, "en"))) for text in texts]
    assert signals.several(asked, ranked) == expected
