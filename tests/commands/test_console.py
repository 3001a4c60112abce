"""What a person sees: direction, highlights, wrapping, and nothing an article could do to the terminal."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from rag.asking import Ended
from rag.commands import console
from rag.errors import QuestionError
from tests.fake_assistant import HOSTILE, SAHEL, STAFF_SENTENCE, VISIT_SENTENCE, VISIT_SENTENCE_FR, FakeAssistant

RLI, LRI, PDI = "\u2067", "\u2066", "\u2069"
STAFF_QUESTION = "which countries formed the joint staff?"


def terminal(width=60, **options):
    return Console(file=io.StringIO(), force_terminal=True, width=width, highlight=False, markup=False, **options)


def piped(encoding="utf-8"):
    return console.open_console(io.TextIOWrapper(io.BytesIO(), encoding=encoding))


def written(screen):
    if isinstance(screen.file, io.StringIO):
        return screen.file.getvalue()
    screen.file.flush()
    return screen.file.buffer.getvalue().decode(screen.file.encoding)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الجزائر", True),
        ("Alger", False),
        ("12. الجزائر Alger", True),
        ("Alger الجزائر", False),
        ("עברית", True),
        ("2011 — ٣٠٨", False),
        ("", False),
    ],
)
def test_direction_is_that_of_the_first_strong_letter(text, expected):
    assert console.is_right_to_left(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mali", "Mali"),
        ("مالي", f"{RLI}مالي{PDI}"),
        ("Mali (مالي)", f"{LRI}Mali (مالي){PDI}"),
        ("a\u202eb", "a\ufffdb"),
        ("مالي\u2069", f"{RLI}مالي\ufffd{PDI}"),
    ],
)
def test_right_to_left_text_is_isolated_and_cannot_break_out(text, expected):
    assert console.isolate(text) == expected


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_printable_text_keeps_its_length_and_holds_nothing_unsafe(text):
    safe = console.printable(text)
    assert len(safe) == len(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", safe)


def test_an_answer_in_a_terminal_marks_its_highlights_and_isolates_every_line():
    screen = terminal()
    console.show_answer(screen, FakeAssistant().ask(STAFF_QUESTION))
    shown = written(screen)
    assert "\x1b[32mالجزائر\x1b[0m" in shown
    assert "\x1b[1;4;32mموريتانيا\x1b[0m" in shown, "what answers is marked unlike what matches"
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown)
    quote = [line for line in plain.splitlines() if re.match(rf"    {RLI}", line) and " = " not in line]
    assert len(quote) > 1, "the quote is wrapped"
    assert all(line.endswith(PDI) for line in quote)
    assert " ".join(line.strip(f" {RLI}{PDI}") for line in quote) == STAFF_SENTENCE
    assert all(cell_len(line) <= 60 for line in quote)


def test_an_answer_shows_its_source_date_link_and_glosses():
    screen = piped()
    console.show_answer(screen, FakeAssistant().ask(STAFF_QUESTION))
    shown = written(screen)
    assert f"[1] {RLI}{SAHEL.title}{PDI} · {RLI}{SAHEL.source}{PDI} · 2011-10-12 · ar" in shown
    assert SAHEL.url in shown
    assert f"{RLI}النيجر{PDI} = Niger" in shown
    assert shown.splitlines()[0].endswith("= Mauritania, Mali, Niger (sure)")
    assert "extractive · 10 ms" in shown


@pytest.mark.parametrize(("question", "label"), [("missiles", " (likely)"), ("hostile", "")])
def test_the_label_stands_after_the_short_words_it_is_of(question, label):
    screen = piped()
    answer = FakeAssistant().ask(question)
    console.show_answer(screen, answer)
    assert answer.short_answer is not None
    first, second = written(screen).splitlines()[:2]
    assert first == f"{console.isolate(answer.short_answer.text)}{label}"
    assert second == (console.isolate("Only one source says so") if question == "missiles" else "")


VISIT = {
    "What did the visit cost?": "The articles may not answer this question. The nearest they say:",
    "كم كلفت الزيارة؟": f"{RLI}قد لا تجيب المقالات عن هذا السؤال. أقرب ما ورد فيها:{PDI}",
}


@pytest.mark.parametrize(("question", "lead"), VISIT.items())
def test_what_is_only_related_is_said_to_be_and_quoted_with_its_sources(question, lead):
    screen = piped()
    console.show_answer(screen, FakeAssistant().ask(question))
    lines = written(screen).splitlines()
    assert lines[0] == lead
    assert f"    {RLI}{VISIT_SENTENCE}{PDI}" in lines
    assert f"    {VISIT_SENTENCE_FR}" in lines
    assert [line.partition(" · ")[2] for line in lines if line.startswith("[2]")] == [
        "Le Courrier du désert · 2011-10-15 · fr"
    ]
    assert "Nearest passages" not in written(screen)


def test_a_piped_answer_has_no_colour_and_keeps_each_quote_on_one_line():
    screen = piped()
    console.show_answer(screen, FakeAssistant().ask(STAFF_QUESTION))
    shown = written(screen)
    assert "\x1b" not in shown
    assert f"    {RLI}{STAFF_SENTENCE}{PDI}" in shown.splitlines()


def test_no_color_is_obeyed(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    screen = terminal()
    console.show_answer(screen, FakeAssistant().ask(STAFF_QUESTION))
    assert not re.search(r"\x1b\[(?:\d+;)*3\d", written(screen))


def test_a_written_answer_shows_its_words_its_unsupported_sentence_and_its_warning():
    screen = piped()
    console.show_answer(screen, FakeAssistant().ask("a summary, please"))
    shown = written(screen)
    assert "Four states of the Sahel set up a joint staff" in shown
    assert "Not borne out by the articles: Six of the missiles" in shown
    assert "Note: One sentence is not borne out" in shown
    assert "llm:fake-1b" in shown


def streamed(question, **changes):
    screen = piped()
    *events, end = FakeAssistant().stream(question)
    assert isinstance(end, Ended)
    console.show_stream(screen, (event for event in [*events, Ended(replace(end.answer, **changes))]))
    return written(screen)


def test_a_streamed_answer_is_not_said_twice_unless_it_became_another():
    answer = FakeAssistant().ask("a summary, please")
    assert streamed("a summary, please").count(answer.sentences[0].text) == 1
    assert streamed("a summary, please", answer="Their own words. [1]").count("Their own words.") == 1
    assert streamed("a summary, please").count("Not borne out by the articles") == 1


def test_a_stream_of_what_is_only_related_says_so_first_and_once():
    shown = streamed("What did the visit cost?")
    assert shown.startswith(
        f"{VISIT['What did the visit cost?']}\n\n“{VISIT_SENTENCE}” [1]\n\n“{VISIT_SENTENCE_FR}” [2]\n"
    )
    assert shown.count("may not answer") == 1
    assert "[1] " in shown.partition("[2]\n")[2], "the sources follow"


def test_a_streamed_refusal_is_said_once_and_followed_by_the_nearest_passages():
    shown = streamed("Who won the 2010 World Cup?")
    assert shown.count("No article answers this question.") == 1
    assert "Nearest passages (they do not answer the question):" in shown


def test_a_streamed_article_cannot_send_the_terminal_commands():
    shown = streamed("hostile")
    assert not re.search("[\x00\x1b\u202e\u2066-\u2069]", shown.partition("\n\n")[0])


def test_a_refusal_is_said_and_its_passages_are_named_as_no_answer():
    screen = piped()
    console.show_answer(screen, FakeAssistant().ask("Who won the 2010 World Cup?"))
    shown = written(screen)
    assert shown.startswith("No article answers this question.\n")
    assert "Nearest passages (they do not answer the question):" in shown
    assert "[1]" not in shown
    assert "score" not in shown  # it would read as how well the passage answers


def test_a_refusal_without_passages_promises_none():
    screen = piped()
    console.show_answer(screen, replace(FakeAssistant().ask("ما عاصمة اليابان؟"), passages=()))
    shown = written(screen)
    assert shown.startswith(f"{RLI}لا تجيب المقالات عن هذا السؤال.{PDI}\n")
    assert "Nearest" not in shown


def test_an_article_cannot_send_the_terminal_commands():
    evil = replace(HOSTILE, title="\x1b]0;owned\x07\x9b2J", text="\x1b[2Jgone")
    passage = replace(FakeAssistant().search("x")[0], title=evil.title, text=evil.text, url="http://a/\x1b[2J")
    screen = terminal(color_system=None)
    console.show_passages(screen, [passage])
    assert not re.search("[\x1b\x07\x9b]", written(screen))


def test_markup_in_an_article_is_text():
    passage = replace(FakeAssistant().search("x")[0], text="[bold red]not markup[/]", title="[link=x]y[/link]")
    screen = piped()
    console.show_passages(screen, [passage])
    assert "[bold red]not markup[/]" in written(screen)
    assert "[link=x]y[/link]" in written(screen)


def test_a_long_passage_is_shortened():
    passage = replace(FakeAssistant().search("x")[0], text="word " * 200)
    screen = piped()
    console.show_passages(screen, [passage])
    line = next(line for line in written(screen).splitlines() if "word" in line)
    assert line.endswith(" …")
    assert len(line) < 320


@pytest.mark.parametrize(("encoding", "letters"), [("utf-8", "الجزائر"), ("ascii", "\\u0627")])
def test_json_is_readable_where_the_stream_allows_and_valid_everywhere(encoding, letters):
    screen = piped(encoding)
    console.write_json(screen, {"text": "الجزائر", "broken": "\ud800"})
    assert letters in written(screen)
    assert json.loads(written(screen)) == {"text": "الجزائر", "broken": "\ud800"}


def test_a_stream_that_cannot_carry_arabic_still_gets_the_answer():
    screen = piped("ascii")
    console.show_answer(screen, FakeAssistant().ask(STAFF_QUESTION))
    assert "\\u0627\\u0644\\u062c" in written(screen)


def test_an_error_shows_its_cure_and_survives_bytes_that_are_not_text():
    screen = piped()
    console.show_error(screen, QuestionError("The question is \udcff.", "Write text."))
    assert written(screen) == "Error: The question is \ufffd.\nWrite text.\n"
