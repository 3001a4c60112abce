"""What the chat shows in each of its states, from the stand-in assistant to HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rag.chat.conversation import BadRequest, Conversation
from rag.chat.events import ChatEvents
from rag.chat.evidence_panel import article_view, evidence_view
from rag.chat.exchange_tools import copy_text
from rag.chat.interface_texts import Problem, texts_in
from rag.chat.keeping import keep, restore
from rag.chat.page import brand, problem_view, standby, theme_switch
from rag.documents import GUIDE, AnswerSentence, AppliedFilters, Article, Filters
from rag.errors import StorageError
from rag.settings import Settings
from tests.fake_assistant import FAILING, HOSTILE_STRINGS, MISSILE_SENTENCE, SAHEL, STAFF_SENTENCE, FakeAssistant
from tests.test_rendering import Reader

EN = texts_in("en")
CONTAINERS = {"article", "blockquote", "dialog", "div", "footer", "header", "li", "ol", "p", "section", "ul"}
ALLOWED_TAGS = CONTAINERS | {"bdi", "button", "code", "h1", "h2", "h3", "mark", "meter", "rp", "rt", "ruby"}
ALLOWED_TAGS |= {"details", "nav", "span", "summary", "strong", "time"}


def make(assistant: FakeAssistant | None = None, **options: Any) -> ChatEvents:
    return ChatEvents(assistant or FakeAssistant(), Settings(), today=lambda: date(2024, 3, 31), **options)


def ask(question: str, conversation: Conversation = (), events: ChatEvents | None = None) -> Conversation:
    return list((events or make()).ask(question, conversation, Filters(), EN))[-1]


def shown(question: str, language: str = "en") -> str:
    return make().current(ask(question), texts_in(language))


def test_a_cited_answer_shows_quote_highlights_captions_and_a_marker() -> None:
    markup = shown("Which countries formed the joint staff?")
    captions = re.findall(r"<rt [^>]*>(.*?)</rt>", markup)
    assert captions == ["Algeria", "Mauritania", "Mali", "Niger"]
    assert "<mark>هيئة أركان مشتركة</mark>" in markup
    answers = re.findall(r'<mark class="answers" title="The words that answer">(.*?)</mark>', markup)
    assert [Reader(re.sub(r"<rp>.*?</rp>|<rt .*?</rt>", "", each)).text for each in answers] == [
        "موريتانيا ومالي والنيجر"
    ]
    assert markup.count('data-action="marker"') == 2
    assert '<span dir="auto" lang="en" class="short-gloss">Mauritania, Mali, Niger</span>' in markup
    assert "Quoted word for word" in markup
    assert "confidence" not in markup


@pytest.mark.parametrize(
    ("question", "language", "label"),
    [
        ("countries", "en", ' <span class="sure">Sure</span>'),
        ("missiles", "fr", ' <span class="likely">Probable</span>'),
        ("missiles", "ar", ' <span class="likely">مرجّح</span>'),
        ("hostile", "en", ""),
    ],
)
def test_the_label_stands_over_the_short_answer_only(question: str, language: str, label: str) -> None:
    texts = texts_in(language)
    markup = shown(question, language)
    assert f'<div class="short-label">{texts.say("short_answer")} {label.strip()}</div>' in markup
    footer = markup[markup.index("<footer") :]
    assert not any(texts.say(key) in footer for key in ("label_sure", "label_likely"))


@pytest.mark.parametrize(
    ("question", "told"),
    [("How many missiles?", "Only one source says so"), ("Combien de missiles ?", "Une seule source le dit")],
)
def test_words_of_one_source_among_several_are_told_to_be_so(question: str, told: str) -> None:
    assert re.findall(r'<p [^>]*class="short-note">(.*?)</p>', shown(question, "ar")) == [told]
    assert "short-note" not in shown("countries")


def test_markers_are_isolated_and_named() -> None:
    marker = re.search(r"<bdi>(<button[^>]*data-action=\"marker\"[^>]*>)1</button></bdi>", shown("countries"))
    assert marker
    assert f'aria-label="Quote 1: {SAHEL.title}"' in marker[1]


def test_the_evidence_names_its_article() -> None:
    markup = evidence_view(ask("countries"), EN)
    text = Reader(markup).text
    assert SAHEL.title in text
    assert SAHEL.source in text
    assert "12 October 2011" in text
    assert "Arabic" in text
    assert 'href="https://news.example/ar/sahel?part=1&amp;lang=ar"' in markup
    assert 'data-event="open" data-key="1" data-number="1"' in markup


def test_the_evidence_marks_the_words_that_answer_and_says_what_its_marks_mean() -> None:
    markup = evidence_view(ask("countries"), texts_in("fr"))
    assert '<mark class="answers" title="Les mots qui répondent">' in markup
    legend = '<mark class="answers">Les mots qui répondent</mark> <mark>Mots proches de la question</mark>'
    assert f'<p class="legend">{legend}</p>' in markup
    assert "legend" not in evidence_view(ask("summary"), EN)


def test_a_written_answer_shows_who_wrote_it_and_what_is_not_borne_out() -> None:
    markup = shown("summary")
    assert "Written by " in markup
    assert "fake-1b" in markup
    assert '<bdi class="flag">Not borne out by the articles</bdi>' in markup
    assert "One sentence is not borne out" in markup
    assert len(re.findall(r'class="unsupported"', markup)) == 1


def test_sentences_of_one_quote_stand_together_with_one_marker() -> None:
    exchange = ask("missiles")[-1]
    assert exchange.answer is not None
    first, second = exchange.answer.citations
    quote = SAHEL.text[first.start : SAHEL.text.index("\n\n", first.start)]
    quote = quote.replace("ولم تعرف", "ولم\n تعرف")  # a sentence's white space is tidied, a quote's is not
    whole = replace(first, quote=quote, end=first.start + len(quote))
    cut = len(MISSILE_SENTENCE)
    sentences = (
        AnswerSentence(quote[:cut], (1,)),
        AnswerSentence(" ".join(quote[cut:].split()), (1,)),
        AnswerSentence(f"{second.quote} [2]", (2,)),
    )
    answer = replace(exchange.answer, sentences=sentences, citations=(whole, second), short_answer=None)
    markup = make().current((replace(exchange, answer=answer, citations=answer.citations),), EN)
    paragraphs = re.findall(r'(?s)<p dir="auto" lang="(\w+)">(.*?)</p>', markup)
    assert [language for language, _ in paragraphs] == ["ar", "fr"]
    assert Reader(paragraphs[0][1]).text == f"{quote}1"
    assert "ولم\n تعرف" in paragraphs[0][1]
    assert "<mark>ألف صاروخ</mark>" in paragraphs[0][1]
    assert markup.count('data-action="marker"') == 2


@pytest.mark.parametrize(
    ("question", "language", "said", "heading"),
    [
        ("Who won the 2010 World Cup?", "en", "No article answers this question.", "They are not an answer."),
        ("ما عاصمة اليابان؟", "ar", "لا تجيب المقالات عن هذا السؤال.", "وهي ليست إجابة."),
        ("Qui a gagné la Coupe du monde ?", "fr", "Aucun article ne répond à cette question.", "pas une réponse."),
    ],
)
@pytest.mark.parametrize("interface", ["en", "ar", "fr"])
def test_a_refusal_speaks_the_language_of_the_question(
    question: str, language: str, said: str, heading: str, interface: str
) -> None:
    conversation = ask(question)
    markup = make().current(conversation, texts_in(interface))
    panel = evidence_view(conversation, texts_in(interface))
    assert said in markup
    assert f'class="refusal" lang="{language}"' in markup
    assert "marker" not in markup
    assert heading in panel
    assert 'class="number"' not in panel
    assert panel.count('class="card"') == 3


@pytest.mark.parametrize(
    ("question", "language", "lead"),
    [
        ("What did the visit cost?", "en", "The articles may not answer this question."),
        ("كم كلفت الزيارة؟", "ar", "قد لا تجيب المقالات عن هذا السؤال."),
        ("Combien la visite a-t-elle coûté ?", "fr", "Les articles ne répondent peut-être pas à cette question."),
    ],
)
@pytest.mark.parametrize("interface", ["en", "ar"])
def test_what_is_only_related_is_quoted_and_named_as_such(
    question: str, language: str, lead: str, interface: str
) -> None:
    conversation, own = ask(question), texts_in(language)
    markup = make().current(conversation, texts_in(interface))
    block = markup[markup.index('<div class="related"') : markup.index("<footer")]
    assert block.startswith(f'<div class="related" lang="{language}" dir="{own.direction}">')
    assert f'<p class="related-title">{own.say("related")}</p>' in block
    assert lead in block
    assert re.findall(r'<blockquote dir="auto" lang="(\w+)">', block) == ["ar", "fr"]
    assert re.findall(r'<time[^>]*datetime="([^"]*)"', block) == ["2011-10-12", "2011-10-15"]
    assert block.count('data-action="marker"') == 2
    assert 'class="short' not in markup
    assert 'class="sentences' not in markup


def test_the_evidence_of_what_is_only_related_says_so_in_the_language_of_the_question() -> None:
    panel = evidence_view(ask("كم كلفت الزيارة؟"), EN)
    assert '<h3 lang="ar" dir="rtl">أقرب الجمل، وقد لا تجيب.</h3>' in panel
    assert panel.count('class="number"') == panel.count('data-event="open"') == 2
    assert "legend" not in panel


def test_what_is_only_related_can_be_voted_on_opened_and_copied() -> None:
    events = make(feedback=lambda *_: None)
    conversation = ask("visit")
    voted = events.voted(conversation, {"key": "1", "vote": "down"})
    thumbs = re.findall(r'icon-(?:un)?helpful"[^>]*aria-pressed="(\w+)"', events.current(voted, EN))
    assert thumbs == ["false", "true"]
    assert "quoted-span" in events.opened(conversation, {"key": "1", "number": "2"}, EN)
    answer = conversation[-1].answer
    assert answer is not None
    first, second = answer.citations
    lead, one, two = copy_text(answer).split("\n\n")
    assert lead == "The articles may not answer this question. The nearest they say:"
    assert one.endswith(f"“{first.quote}”")
    assert two.endswith(f"“{second.quote}”")


def answered(question: str, **changes: Any) -> Conversation:
    """A conversation whose one answer differs so from the stand-in's."""
    exchange = ask(question)[-1]
    assert exchange.answer is not None
    answer = replace(exchange.answer, **changes)
    return (replace(exchange, answer=answer, citations=answer.citations),)


def test_what_is_said_besides_is_folded_and_not_copied() -> None:
    first, second = answered("missiles")[0].citations
    conversation = answered("missiles", citations=(first, replace(second, also_said=True)))
    main, _, folded = make().current(conversation, EN).partition('<details class="also-said"><summary>Also said (1)')
    assert (first.quote in Reader(main).text, second.quote in Reader(folded).text) == (True, True)
    assert evidence_view(conversation, EN).count('class="card"') == 2
    answer = conversation[0].answer
    assert answer is not None
    assert first.quote in copy_text(answer)
    assert f"“{second.quote}”" not in copy_text(answer)


@pytest.mark.parametrize(
    ("language", "since", "until", "note"),
    [
        ("en", "2011-10-01", "2011-10-31", "1 October 2011 – 31 October 2011</button></p>"),
        ("ar", "2011-10-01", "", "1 أكتوبر 2011 – …</button></p>"),
    ],
)
def test_days_that_the_question_names_are_told(language: str, since: str, until: str, note: str) -> None:
    conversation = answered("missiles", applied_filters=AppliedFilters(since, until, from_question=True))
    assert note in make().current(conversation, texts_in(language))
    chosen = answered("missiles", applied_filters=AppliedFilters(since, until, from_question=False))
    assert note not in make().current(chosen, texts_in(language))


@pytest.mark.parametrize("question", ["missiles", "World Cup", FAILING])
def test_what_a_question_was_limited_to_is_stated_whatever_becomes_of_it(question: str) -> None:
    filters = Filters(("fr",), ("Le <b>Courrier",), "2011-10-01", "")
    *_, conversation = make().ask(question, (), filters, EN)
    stated = re.search('<p class="limits">(.*?)</p>', make().current(conversation, EN))
    assert stated
    assert Reader(stated[1].replace("<bdi", " <bdi")).text == (
        "Searched only in French Le <b>Courrier 1 October 2011 – …"
    )
    assert 'class="limits"' not in shown(question)


def test_a_question_is_asked_again_in_its_place_with_its_filters() -> None:
    assistant = FakeAssistant()
    events, french = make(assistant), Filters(languages=("fr",))
    *_, first = events.ask("missiles", (), french, EN)
    *_, both = events.ask("countries", first, Filters(), EN)
    *_, last = events.again(both, {"key": "2", "any": "true"}, EN)
    assert [(e.key, e.question, e.any_time) for e in last] == [(1, "missiles", False), (2, "countries", True)]
    *_, longer = events.again(both, {"key": "1"}, EN)
    assert [(e.key, e.question, e.filters) for e in longer][2:] == [(3, "missiles", french)]
    assert assistant.asked[-2].any_time
    with pytest.raises(BadRequest):
        events.again(both, {"key": "7"}, EN)


@pytest.mark.parametrize("question", ["countries", "missiles"])
def test_each_quote_stands_once_in_the_answer_and_once_within_its_article_beside_it(question: str) -> None:
    conversation = ask(question)
    quotes = [" ".join(each.quote.split()) for each in conversation[-1].citations]
    sides = make().current(conversation, EN), evidence_view(conversation, EN)
    for markup in sides:
        plain = " ".join(Reader(re.sub(r"<rp>.*?</rp>|<rt .*?</rt>", "", markup)).text.split())
        assert quotes
        assert [plain.count(quote) for quote in quotes] == [1] * len(quotes)


def test_the_article_around_the_quote_is_shown_and_its_lines_that_are_headings() -> None:
    panel = evidence_view(ask("countries"), EN)
    around = re.findall('(?s)<p dir="auto" lang="ar" class="around">(.*?)</p>', panel)
    before, after = SAHEL.text.split(STAFF_SENTENCE)
    before, after = (re.sub(r"\n+", "\n", each).strip() for each in (before, after))
    assert [before.endswith(around[0]), after.startswith(around[1])] == [True, True]
    article = Article(id="a", text="What was found\n\nMuch was found. More will be\n\nThe end", language="en")
    quote = replace(ask("countries")[-1].citations[0], start=0, end=0, quote="")
    body = re.findall("<(h3|p) [^>]*>(.*?)</", article_view(article, quote, "1 1", EN).partition("reader-text")[2])
    assert body == [("h3", "What was found"), ("h3", "Much was found. More will be"), ("p", "The end")]


def test_a_greeting_is_no_refusal() -> None:
    said = "Ask about the articles.\n\n– Who came?"
    conversation = answered("World Cup", answerer=GUIDE, answer=said, plain_answer=said, passages=())
    markup = make().current(conversation, EN)
    assert "No answer found" not in markup
    assert '<p dir="auto" lang="en">– Who came?</p>' in markup


def test_a_refusal_without_passages_offers_none() -> None:
    conversation = ask("World Cup")
    exchange = conversation[-1]
    assert exchange.answer is not None
    bare = (replace(exchange, answer=replace(exchange.answer, passages=())),)
    assert "show-evidence" not in make().current(bare, EN)
    assert "nearest" not in re.sub('class="[^"]*"', "", evidence_view(bare, EN))


def test_a_problem_is_an_alert_with_its_command_set_apart() -> None:
    markup = shown(FAILING)
    assert 'role="alert"' in markup
    assert "The encoder &lt;b&gt;failed&lt;/b&gt;." in markup
    assert '<code dir="ltr">python -m rag doctor</code>' in markup


def test_while_it_runs_the_reply_is_busy_and_grows() -> None:
    states = list(make().ask("countries", (), Filters(), EN))
    first, last = make().current(states[0], EN), make().current(states[-1], EN)
    assert 'aria-busy="true"' in first
    assert "Reading the articles" in first
    assert 'aria-busy="false"' in last
    assert first.startswith('<div class="live" role="log" aria-live="polite" aria-label="Conversation">')


def test_streamed_text_gets_markers_only_for_known_citations() -> None:
    exchange = replace(ask("countries")[-1], answer=None, text="Yes [1] and [7] <b>.")
    markup = make().current((exchange,), EN)
    assert markup.count('data-action="marker"') == 1
    assert "[7]" not in markup
    assert "&lt;b&gt;" in markup


def test_stopping_keeps_the_text_and_says_so() -> None:
    events = make()
    running = next(iter(events.ask("countries", (), Filters(), EN)))
    stopped = events.stopped(running)
    assert "Stopped before the answer was complete." in events.current(stopped, EN)
    whole = ask("countries")
    assert events.stopped(whole) is whole
    assert events.stopped(()) == ()


@pytest.mark.parametrize("question", ["", " ", "x" * 2001])
def test_a_bad_question_changes_nothing(question: str) -> None:
    with pytest.raises(BadRequest):
        next(make().ask(question, (), Filters(), EN))


def test_the_welcome_suggests_questions_and_gives_way_to_the_conversation() -> None:
    events = make()
    welcome = events.earlier((), texts_in("ar"))
    assert welcome.count('data-event="suggest"') == 2
    assert 'data-question="متى أنشئت هيئة الأركان المشتركة؟"' in welcome
    first = ask("countries")
    second = ask("missiles", first)
    assert events.earlier(first, EN) == ""
    assert "countries" in Reader(events.earlier(second, EN)).text
    assert "missiles" in Reader(events.current(second, EN)).text
    assert events.earlier(second, EN).count('class="exchange"') == 1


def test_an_article_opens_at_the_quote_with_its_highlights() -> None:
    markup = make().opened(ask("countries"), {"key": "1", "number": "1"}, EN)
    quoted = re.search(r'<span class="quoted-span"[^>]*>(.*?)</span>', markup)
    assert quoted
    assert Reader(re.sub(r"<rp>.*?</rp>|<rt .*?</rt>", "", quoted[1])).text == STAFF_SENTENCE
    assert "<ruby>" in quoted[1]
    assert 'class="answers" title="The words that answer"' in quoted[1]
    assert 'data-opened="1 1"' in markup
    body = Reader(re.sub(r"<rp>.*?</rp>|<rt .*?</rt>", "", markup)).text
    for paragraph in SAHEL.text.split("\n\n"):
        assert paragraph in body


def test_a_nearest_passage_has_no_score_and_is_no_quote_to_copy() -> None:
    answered, refused = (evidence_view(ask(question), EN) for question in ("countries", "nothing of the kind"))
    assert ("<meter" in answered, "data-copy" in answered) == (True, True)
    assert 'class="card"' in refused
    assert ("<meter" in refused, "data-copy" in refused) == (False, False)


def test_a_card_names_the_other_sources_of_its_story() -> None:
    exchange = ask("countries")[-1]
    cited = replace(exchange.answer.citations[0], also_in=("El <b>Watan", "وكالة"))  # type: ignore[union-attr]
    told = replace(exchange, answer=replace(exchange.answer, citations=(cited,)), citations=(cited,))  # type: ignore[type-var]
    card = evidence_view((told,), EN)
    assert 'Also in <bdi dir="auto">El &lt;b&gt;Watan</bdi> · <bdi dir="auto">وكالة</bdi>' in card
    assert "Also in" not in evidence_view((exchange,), EN)


def test_a_nearest_passage_opens_too() -> None:
    markup = make().opened(ask("World Cup"), {"key": "1", "number": "3"}, EN)
    assert "Solar station opens" in markup
    assert "quoted-span" in markup


def test_an_article_opens_at_the_part_that_a_link_names() -> None:
    start = SAHEL.text.index(MISSILE_SENTENCE)
    place = {"key": "link", "number": SAHEL.id, "start": str(start), "end": str(start + len(MISSILE_SENTENCE))}
    markup = make().opened((), place, EN)
    assert re.findall(r'quoted-span"[^>]*>(.*?)<', markup) == [MISSILE_SENTENCE]
    assert f'data-link="#article={SAHEL.id}&amp;at={place["start"]}-{place["end"]}"' in markup
    assert f'data-opened="link {SAHEL.id}"' in markup
    assert "quoted-span" not in make().opened((), place | {"start": "<b>", "end": None}, EN)
    assert "There is no article" in make().opened((), {"key": "link", "number": "<b>"}, EN)


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"key": "9", "number": "1"},
        {"key": "1", "number": "9"},
        {"key": "<b>", "number": "<b>"},
        {"key": ["1"], "number": None},
    ],
)
def test_a_place_that_is_none_opens_an_explanation(place: dict[str, Any]) -> None:
    markup = make().opened(ask("countries"), place, EN)
    assert "The article is no longer there." in markup
    assert set(Reader(markup).tags) <= ALLOWED_TAGS


def test_an_article_that_went_away_opens_an_explanation() -> None:
    conversation = ask("countries")
    exchange = conversation[-1]
    gone = (replace(exchange, citations=(replace(exchange.citations[0], article_id="gone"),)),)
    assert "There is no article" in make().opened(gone, {"key": "1", "number": "1"}, EN)


def test_an_article_changed_since_is_shown_without_a_wrong_mark() -> None:
    citation = ask("countries")[-1].citations[0]
    changed = replace(SAHEL, text="X" + SAHEL.text)
    assert "quoted-span" not in article_view(changed, citation, "1 1", EN)


def test_a_quote_over_two_paragraphs_is_marked_in_both() -> None:
    article = Article(id="a", text="One two.\n\nThree four.")
    citation = replace(
        ask("countries")[-1].citations[0], quote="two.\n\nThree", start=4, end=15, highlights=(), glosses=()
    )
    assert re.findall(r'quoted-span"[^>]*>(.*?)</span>', article_view(article, citation, "1 1", EN)) == [
        "two.",
        "Three",
    ]


def test_votes_reach_the_callback_and_stay_with_the_answer() -> None:
    votes: list[tuple[str, str]] = []
    events = make(feedback=lambda answer, vote, reason: votes.append((answer, vote)))
    conversation = ask("countries", events=events)
    assert 'data-event="vote"' in events.current(conversation, EN)
    voted = events.voted(conversation, {"key": "1", "vote": "up"})
    assert votes == [("answer-1", "up")]
    assert re.findall(r'aria-pressed="(\w+)"', events.current(voted, EN)) == ["true", "false"]


@pytest.mark.parametrize("vote", [{}, {"key": "1", "vote": "<b>"}, {"key": "2", "vote": "up"}, {"key": "1"}])
def test_votes_that_mean_nothing_are_dropped(vote: dict[str, Any]) -> None:
    votes: list[tuple[str, str]] = []
    events = make(feedback=lambda *given: votes.append(given))
    conversation = ask("countries", events=events)
    assert events.voted(conversation, vote) is conversation
    assert votes == []


def test_a_vote_that_cannot_be_kept_is_not_shown_as_kept() -> None:
    def full(answer: str, vote: str, reason: str) -> None:
        raise StorageError("The disk is full.")

    conversation = ask("countries")
    assert make(feedback=full).voted(conversation, {"key": "1", "vote": "up"}) is conversation


def test_without_a_callback_there_are_no_thumbs() -> None:
    assert 'data-event="vote"' not in shown("countries")


def test_filters_are_read_from_the_controls() -> None:
    assert make().filters((["ar"], None, "week", None, None), EN) == Filters(("ar",), (), "2024-03-24", "2024-03-31")


def test_the_copied_text_carries_its_sources() -> None:
    answer = ask("countries")[-1].answer
    assert answer is not None
    copied = copy_text(answer)
    assert copied.startswith(STAFF_SENTENCE)
    assert f"[1] {SAHEL.title}, {SAHEL.source}, 2011-10-12, {SAHEL.url}\n“{STAFF_SENTENCE}”" in copied


def test_markers_left_in_a_sentence_are_not_shown_twice() -> None:
    exchange = ask("summary")[-1]
    assert exchange.answer is not None
    sentences = (AnswerSentence("Said so [1][2].", (1, 2)),)
    markup = make().current((replace(exchange, answer=replace(exchange.answer, sentences=sentences)),), EN)
    assert "[1]" not in re.sub(r'data-copy="[^"]*"', "", markup)
    assert markup.count('data-action="marker"') == 2


def test_the_header_and_the_counter_carry_what_the_page_needs() -> None:
    header = brand({"articles": 12}, texts_in("ar"))
    assert 'data-language="ar" data-direction="rtl"' in header
    assert "عدد المقالات: 12" in header
    assert 'data-limit="2000" data-words="{length} of {limit} characters" hidden' in standby(2000, EN)
    assert standby(2000, EN).count('class="lost"') == 2


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_hostile_text_in_every_field_stays_text(language: str) -> None:
    texts = texts_in(language)
    events = make(feedback=lambda *_: None)
    conversation = ask(f"hostile {' '.join(HOSTILE_STRINGS)}")
    refused = ask(HOSTILE_STRINGS[1])
    drawn = [
        events.current(conversation, texts),
        events.current(refused, texts),
        evidence_view(conversation, texts),
        events.opened(conversation, {"key": "1", "number": "1"}, texts),
        problem_view(Problem(HOSTILE_STRINGS[0], f"`{HOSTILE_STRINGS[1]}`")),
        brand({"articles": HOSTILE_STRINGS[0]}, texts),
    ]
    for markup in drawn:
        seen = Reader(markup)
        assert set(seen.tags) <= ALLOWED_TAGS
        assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("src", "style", "srcdoc")]
        assert not [value for name, value in seen.attributes if name == "href"]


def test_quotes_stand_in_until_the_written_answer_is_there() -> None:
    states = list(make().ask("summary", (), Filters(), EN))
    growing, ended = (make().current(state, EN) for state in (states[1], states[-1]))
    assert "Writing an answer…" in growing
    assert "Meanwhile, in the articles’ own words" in growing
    assert STAFF_SENTENCE.split()[-1] in growing
    assert 'class="meanwhile"' not in ended
    stopped = make().current(make().stopped(states[1]), EN)
    assert "Stopped before" in stopped
    assert 'class="meanwhile"' in stopped


TRANSLATING = FakeAssistant(model="fake-1b")


def test_a_foreign_quote_is_translated_on_demand_and_stays_so() -> None:
    events = make(TRANSLATING)
    asked = ask("missiles", events=events)
    assert evidence_view(asked, EN, events.translates).count('data-event="translate"') == 2
    assert 'data-event="translate"' not in evidence_view(asked, EN, make().translates)
    translated = events.translated(asked, {"key": "1", "number": "1"})
    markup = evidence_view(translated, EN, events.translates)
    assert "Translated by fake-1b: not the article’s words" in markup
    assert "&lt;b&gt;en&lt;/b&gt;: word0 word1" in markup
    assert markup.count('data-event="translate"') == 1
    assert restore(keep(translated))[0].citations == translated[0].citations
    assert events.translated(asked, {"key": "9", "number": "1"}) == asked


def test_a_translation_that_does_not_hold_is_told() -> None:
    events = make(TRANSLATING)
    translated = events.translated(ask("missiles", events=events), {"key": 1, "number": 2})
    assert "may not be those of the text" in evidence_view(translated, EN, events.translates)


def test_paragraphs_of_a_foreign_article_are_translated_on_demand() -> None:
    events = make(TRANSLATING)
    asked = ask("countries", events=events)
    opened = events.opened(asked, {"key": "1", "number": "1"}, EN)
    assert opened.count('data-event="translate"') == SAHEL.text.count("\n\n") + 1
    assert 'data-event="translate"' not in events.opened(asked, {"key": "1", "number": "1"}, texts_in("ar"))
    place = {"key": "1", "number": "1", "start": "0", "end": "20"}
    assert 'data-slot="1 1 0"' in opened
    made = events.translated_part(asked, place, texts_in("fr"))
    assert 'data-arrived="1 1 0"' in made
    assert "&lt;b&gt;fr&lt;/b&gt;: word0" in made
    for wrong in ({**place, "end": "x"}, {**place, "key": "7"}, {**place, "end": "999999"}):
        assert 'class="problem"' in events.translated_part(asked, wrong, EN)


@pytest.mark.parametrize(("language", "words"), [("ar", "المقالات"), ("en", "Articles"), ("fr", "Articles")])
def test_the_header_leads_to_the_articles(language: str, words: str) -> None:
    assert f'href="/articles">{words}</a>' in theme_switch(texts_in(language))


def test_a_thumb_says_why_and_is_taken_back() -> None:
    votes: list[tuple[str, str, str]] = []
    events = make(feedback=lambda *vote: votes.append(vote))
    conversation = ask("missiles", ask("countries", events=events), events)
    for given in ({"vote": "down"}, {"vote": "down", "reason": "missing"}, {"vote": "down", "reason": "missing"}):
        conversation = events.voted(conversation, {"key": "2", **given})
    assert votes == [("answer-1", "down", reason) for reason in ("", "missing", "")]
    conversation = events.voted(conversation, {"key": "2", "vote": "down"})
    assert (votes[-1], conversation[-1].vote) == (("answer-1", "none", ""), "")
    assert "reasons" not in events.current(conversation, EN)


@pytest.mark.parametrize("kept", [True, False])
def test_who_votes_is_told_where_the_question_is_kept(kept: bool) -> None:
    events = replace(make(feedback=lambda *vote: None), settings=Settings(log_questions=kept))
    voted = events.voted(ask("countries"), {"key": "1", "vote": "down"})
    assert ("The question is kept with it" in events.current(voted, EN)) is kept
