"""Subtitles: sentences with the time each was said."""

from __future__ import annotations

import pytest

from rag.errors import ArticleError
from rag.formats.drafts import ArticleDraft
from rag.formats.subtitles import read_subtitles
from rag.text.marks import mark_at, time_mark
from rag.text.sentences import split_sentences


def read(text: str) -> ArticleDraft:
    (draft,) = read_subtitles(text.encode())
    assert isinstance(draft, ArticleDraft)
    return draft


def srt(*cues: tuple[str, str, str]) -> str:
    return "\n\n".join(f"{at}\n{begin} --> {end}\n{text}" for at, (begin, end, text) in enumerate(cues, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (srt(("00:00:01,000", "00:00:04,000", "The dam on the"), ("00:00:04,000", "00:00:06,000", "river opened.")),
         ["[0:00:01] The dam on the river opened."]),
        (srt(("00:00:01,000", "00:00:02,000", "One."), ("01:02:03,500", "01:02:04,000", "اثنان.")),
         ["[0:00:01] One.", "[1:02:03] اثنان."]),
        (srt(("00:00:01,000", "00:00:02,000", "no stop"), ("00:00:09,000", "00:00:10,000", "after a pause")),
         ["[0:00:01] no stop", "[0:00:09] after a pause"]),
        (srt(("00:00:01,000", "00:00:02,000", r"{\an8}<i>Marked</i> &amp; up.")), ["[0:00:01] Marked & up."]),
        (srt(("00:00:01,000", "00:00:02,000", "first\n\n12 workers came.")), ["[0:00:01] first 12 workers came."]),
        ("WEBVTT\n\nNOTE nothing\nof it\n\nSTYLE\n::cue {}\n\nname\n00:01.000 --> 00:02.000 align:start\nSaid.\n",
         ["[0:00:01] Said."]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Amal>Yes.\n\n00:02.000 --> 00:03.000\n<v Amal>And so\n\n"
         "00:03.000 --> 00:04.000\n<v Omar>No.", ["[0:00:01] Amal: Yes.", "[0:00:02] And so", "[0:00:03] Omar: No."]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nfirst line\n\n00:02.000 --> 00:03.000\nfirst line\nsecond line",
         ["[0:00:01] first line second line"]),
    ],
)  # fmt: skip
def test_cues_become_sentences_with_their_times(text: str, said: list[str]) -> None:
    assert read(text).text.split("\n\n") == said


def test_a_header_tells_title_and_language() -> None:
    draft = read("WEBVTT - The dam\nKind: captions\nLanguage: en\n\n00:01.000 --> 00:02.000\nSaid.")
    assert (draft.title, draft.language) == ("The dam", "en")


def test_long_speech_without_stops_is_told_in_parts() -> None:
    cues = [(f"00:00:{at:02},000", f"00:00:{at + 1:02},000", f"number {at} " + "word " * 30) for at in range(12)]
    assert [part[:17] for part in read(srt(*cues)).text.split("\n\n")] == [
        "[0:00:00] number ", "[0:00:04] number ", "[0:00:08] number ",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["WEBVTT\n\n", "plain text", srt(("00:00:01,000", "00:00:02,000", "<i></i>"))])
def test_subtitles_without_speech_are_refused(text: str) -> None:
    with pytest.raises(ArticleError, match="no spoken line"):
        read(text)


TEXT = "[0:00:01] One sentence. Another one.\n\n[1:02:03] Later, at [0:00:09]."


@pytest.mark.parametrize(
    ("position", "said"),
    [(0, "0:00:01"), (10, "0:00:01"), (24, "0:00:01"), (TEXT.index("[1"), "1:02:03"), (len(TEXT), "1:02:03")],
)
def test_a_place_knows_the_mark_before_it(position: int, said: str) -> None:
    assert mark_at(TEXT, position) == said
    assert not mark_at("No [0:00:01] mark.", 10)


def test_a_mark_belongs_to_its_sentence() -> None:
    assert [span.of(TEXT) for span in split_sentences(TEXT)] == [
        "[0:00:01] One sentence.", "Another one.", "[1:02:03] Later, at [0:00:09].",
    ]  # fmt: skip
    assert time_mark(3723.9) == "[1:02:03]"
