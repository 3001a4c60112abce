"""What is read once is not read again, within bounds."""

from __future__ import annotations

import threading

from rag.documents import Span
from rag.reader.remembering import RememberingReader
from rag.reader.windows import Marked, Window
from tests.fakes import ScriptedReader


def window(text: str) -> Window:
    return Window(text, (Span(0, len(text)),))


RAIN, SNOW, SUN = map(window, ("Rain fell.", "Snow fell.", "The sun rose."))


def test_it_tells_what_the_reader_tells() -> None:
    told = RememberingReader(ScriptedReader(Rain=2.0)).read("what fell?", [RAIN, SNOW])
    assert told == ScriptedReader(Rain=2.0).read("what fell?", [RAIN, SNOW])


def test_a_window_is_read_once_for_a_question_and_again_for_another() -> None:
    reader = ScriptedReader(Rain=2.0)
    remembering = RememberingReader(reader)
    first = remembering.read("what fell?", [RAIN, SNOW])
    assert remembering.read("what fell?", [SNOW, SUN, RAIN])[::2] == first[::-1]
    assert reader.read_texts == ["Rain fell.", "Snow fell.", "The sun rose."]
    remembering.read("what rose?", [RAIN])
    assert reader.read_texts[-1] == "Rain fell."


def test_the_same_text_with_other_sentences_is_another_window() -> None:
    reader = ScriptedReader()
    remembering = RememberingReader(reader)
    remembering.read("what fell?", [Window("Rain fell.", (Span(0, 10),))])
    (marks,) = remembering.read("what fell?", [Window("Rain fell.", (Span(0, 4), Span(5, 10)))])
    assert len(marks) == 2


def test_the_longest_unused_leaves_first() -> None:
    reader = ScriptedReader()
    remembering = RememberingReader(reader, kept=2)
    for each in (RAIN, SNOW, RAIN, SUN, RAIN):
        remembering.read("what fell?", [each])
    assert reader.read_texts == ["Rain fell.", "Snow fell.", "The sun rose."]
    remembering.read("what fell?", [SNOW])
    assert reader.read_texts[-1] == "Snow fell."


def test_more_windows_than_are_kept_are_all_told() -> None:
    remembering = RememberingReader(ScriptedReader(Rain=1.0), kept=1)
    assert len(remembering.read("what fell?", [RAIN, SNOW, SUN, RAIN])) == 4


def test_half_a_character_is_a_question_like_any_other() -> None:
    assert RememberingReader(ScriptedReader()).read("\ud800?", [RAIN]) == ScriptedReader().read("?", [RAIN])


def test_many_threads_read_what_one_does() -> None:
    remembering = RememberingReader(ScriptedReader(Rain=1.0), kept=2)
    wanted = ScriptedReader(Rain=1.0).read("?", [RAIN, SNOW, SUN])
    told: list[list[list[Marked | None]]] = []

    def ask() -> None:
        told.extend(remembering.read("?", [RAIN, SNOW, SUN]) for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert told == [wanted] * 200
