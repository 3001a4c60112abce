"""What leaves the page: a conversation as a sheet, and links that ask a question with its filters."""

from __future__ import annotations

import re

import pytest

from rag.chat.conversation import begin
from rag.chat.events import ChatEvents
from rag.chat.filter_chips import NOTHING_CHOSEN, chosen_in, link_to, linked, removable, without
from rag.chat.interface_texts import texts_in
from rag.chat.sheet import sheet
from rag.documents import Filters
from rag.settings import Settings
from tests.fake_assistant import HOSTILE_STRINGS, SAHEL, SAHEL_FR, STAFF_SENTENCE, FakeAssistant
from tests.test_rendering import Reader

EN = texts_in("en")
FILTERS = Filters(("ar", "fr"), ("صحيفة الحدود", SAHEL_FR.source), "2011-10-01", "")


def drawn(question: str, language: str = "en", filters: Filters = Filters()) -> str:
    texts = texts_in(language)
    *_, conversation = ChatEvents(FakeAssistant(), Settings()).ask(question, (), filters, texts)
    return sheet(conversation, texts)


def test_a_sheet_holds_question_answer_and_every_quote_with_its_source() -> None:
    markup = drawn("Which countries formed the joint staff?", "fr", FILTERS)
    text = Reader(re.sub(r"<rp>.*?</rp>|<rt .*?</rt>", "", markup)).text
    assert 'lang="fr" dir="ltr"' in markup
    for part in ("Which countries formed", "En bref: موريتانيا ومالي والنيجر (Mauritania, Mali, Niger) [1]", SAHEL.url):
        assert part in text
    assert "Recherché seulement dans arabe · français · صحيفة الحدود" in text
    assert f"[1] {SAHEL.title} · {SAHEL.source} · 12 octobre 2011 · {SAHEL.url}" in text
    assert text.count(STAFF_SENTENCE) == 1
    assert re.findall(r"<rt[^>]*>(.*?)</rt>", markup) == ["Algeria", "Mauritania", "Mali", "Niger"]
    assert "<button" not in markup


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("missiles", "ألف صاروخ [1] · Only one source says so"),
        ("visit", "The articles may not answer this question. The nearest they say:"),
        ("World Cup", "No article answers this question."),
        ("summary", "Six of the missiles were found again in 2013."),
    ],
)
def test_every_outcome_has_its_words_on_the_sheet(question: str, said: str) -> None:
    assert said in Reader(drawn(question)).text


def test_hostile_text_stays_text_on_a_sheet() -> None:
    markup = drawn("hostile <img src=x onerror=alert(1)>")
    assert set(Reader(markup).tags) <= {"div", "h1", "section", "h2", "p", "strong", "ol", "li", "blockquote", "bdi"}
    assert HOSTILE_STRINGS[0] in Reader(markup).text


def test_a_link_asks_the_same_question_with_the_same_filters() -> None:
    link = link_to(begin((), "ما الذي جرى؟ & <b>", FILTERS))
    assert re.fullmatch(r"[?][\w%&=+.-]+", link)
    assert (
        linked(link)
        == chosen_in(FILTERS)
        == (["ar", "fr"], ["صحيفة الحدود", SAHEL_FR.source], "dates", "2011-10-01", "")
    )
    assert linked(link_to(begin((), "x"))) == linked("") == linked("?x=1&language=fr") == NOTHING_CHOSEN


def test_each_chip_takes_its_filter_off_and_one_takes_all() -> None:
    chosen = chosen_in(FILTERS)
    chips = re.findall(r'data-name="(\w+)"(?: data-value="([^"]*)")?', removable(chosen, EN))
    assert chips[:2] == [("language", "ar"), ("language", "fr")]
    assert [name for name, _ in chips[2:]] == ["source", "source", "period", "all"]
    for name, value in chips[:-1]:
        chosen = without(chosen, name, value)
    assert chosen == without(chosen_in(FILTERS), "all", "") == NOTHING_CHOSEN
    assert removable(NOTHING_CHOSEN, EN) == ""
    assert "Last 7 days" in removable(([], None, "week", "", ""), EN)
