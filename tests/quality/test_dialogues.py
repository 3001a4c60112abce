"""Floors of the second question of a dialogue, over the sample corpus (``python -m bench.dialogues``)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bench.dialogues import Dialogue, Outcome, dialogues, measure
from rag.assistant import Assistant
from rag.documents import Question, Turn
from rag.settings import Settings
from tests.conftest import ROOT

GIVEN = dialogues()


@pytest.fixture(scope="module")
def assistant(bundled_encoder, corpus_index) -> Assistant:
    return Assistant.load(replace(Settings(), index_dir=corpus_index), encoder=bundled_encoder)


@pytest.fixture(scope="module", params=[2, pytest.param(1, marks=pytest.mark.slow)])
def judged(request, assistant) -> list[tuple[Dialogue, Outcome]]:
    """Every second dialogue, or each."""
    given = GIVEN[:: request.param]
    return list(zip(given, measure(assistant, True, given), strict=True))


def shares(judged, kind: str) -> Outcome:
    """The share of dialogues of a kind that found, cited and quoted what they should."""
    outcomes = [outcome for dialogue, outcome in judged if dialogue.kind == kind]
    return Outcome(*(sum(column) / len(outcomes) for column in zip(*outcomes, strict=True)))


def test_the_set_is_large_and_varied_enough():
    kinds = Counter(dialogue.kind for dialogue in GIVEN)
    assert kinds["follow"] >= 24
    assert kinds["topic"] >= 12
    assert kinds["stranger"] >= 24
    assert {language for dialogue in GIVEN for language in dialogue.languages} == {"ar", "en", "fr"}
    assert len({(dialogue.first, dialogue.second) for dialogue in GIVEN}) == len(GIVEN)
    answered = [d for d in GIVEN if d.answers]
    crossing = [d for d in answered if not any(name.endswith(d.languages[1]) for name in d.answers)]
    assert len(crossing) >= len(answered) / 3


@pytest.mark.parametrize("dialogue", [d for d in GIVEN if d.answers], ids=lambda dialogue: dialogue.second)
def test_the_words_that_answer_stand_in_their_article(dialogue):
    for name, words in dialogue.answers.items():
        assert words in " ".join((ROOT / "corpus" / f"{name}.md").read_text(encoding="utf-8").split())


def test_a_follow_up_finds_what_its_predecessor_spoke_of(judged):
    found, cited, quoted = shares(judged, "follow")
    assert cited >= 0.9
    assert found >= 0.85
    assert quoted >= 0.8


def test_a_new_subject_is_not_dragged_back_to_the_old_one(judged):
    _, cited, quoted = shares(judged, "topic")
    assert cited >= 0.85
    assert quoted >= 0.85


def test_a_predecessor_does_not_vouch_for_what_nothing_answers(assistant, judged):
    strangers = [dialogue for dialogue, _ in judged if dialogue.kind == "stranger"]
    alone = measure(assistant, False, strangers)
    assert shares(judged, "stranger").found >= sum(each.found for each in alone) / len(strangers) - 0.05


def test_a_third_question_stays_with_what_the_second_was_about(assistant):
    def last_answer(*questions):
        history: tuple[Turn, ...] = ()
        for question in questions:
            answer = assistant.ask(Question(question, history))
            history += (Turn("user", question), Turn("assistant", answer.plain_answer))
        return answer.plain_answer

    assert "1945" in last_answer("Who discovered penicillin?", "Who got the Nobel prize with him?", "When?")
    nationalised = last_answer("When did the Suez Canal open?", "Who nationalised it?", "And when was that?")
    assert "٢٦ يوليو ١٩٥٦" in nationalised


def test_the_history_helps(assistant, judged):
    follow = [dialogue for dialogue, _ in judged if dialogue.kind == "follow"]
    alone = measure(assistant, False, follow)
    assert shares(judged, "follow").quoted >= sum(each.quoted for each in alone) / len(follow) + 0.2
