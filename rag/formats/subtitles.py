"""Subtitles (SubRip and WebVTT): sentences put together again from cues, each marked with the time it begins."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rag.errors import ArticleError
from rag.formats.decoding import decode
from rag.formats.drafts import Find, draft_from_fields
from rag.text.marks import time_mark

_TIME = r"(?:(\d{1,4}):)?(\d\d):(\d\d)[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}.*")
_NO_SPEECH = re.compile(r"\ufeff?(?:WEBVTT|NOTE|STYLE|REGION)\b")
_TITLE = re.compile(r"\ufeff?WEBVTT[ \t]+(?:-[ \t]*)?(.+)")
_LANGUAGE = re.compile(r"^Language:[ \t]*(\S+)", re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.\S+)?\s+([^>]+)>")
_MARKUP = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_SENTENCE_END = re.compile(r"[.!?؟…۔][\"'”’»)\]]*$")
_PAUSE_S: Final = 3.0  # a guess: who is silent for so long begins anew
_MOST_CHARS: Final = 500  # automatic subtitles may have no stops: a time is told this often at the least
_ROLLING_S: Final = 0.1  # cues that follow at once and repeat a line scroll it up


@dataclass(slots=True)
class _Cue:
    """What is shown from ``start`` to ``end``, in seconds."""

    start: float
    end: float
    lines: list[str]


def read_subtitles(data: bytes) -> Iterator[Find]:
    """One article. Raises ArticleError where nothing is said."""
    decoded = decode(data)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    paragraphs = _sentences(_cues(text.split("\n")))
    if not paragraphs:
        raise ArticleError("It holds no spoken line.", "Check that it is a file of subtitles.")
    title, language = _TITLE.match(text), _LANGUAGE.search(text.partition("\n\n")[0])
    fields = {"title": title[1] if title else "", "language": language[1] if language else ""}
    yield draft_from_fields(fields, body="\n\n".join(paragraphs), warnings=decoded.warnings)


def _cues(lines: Sequence[str]) -> list[_Cue]:
    """Every line belongs to the cue above it, but counters, names of cues, notes and styles."""
    cues: list[_Cue] = []
    outside = True  # in a note or a style, until a line is empty
    for number, line in enumerate(lines):
        if timing := _TIMING.match(line):
            cues.append(_Cue(_seconds(*timing.groups()[:4]), _seconds(*timing.groups()[4:]), []))
            outside = False
        elif not line.strip():
            outside = not cues
        elif _NO_SPEECH.match(line) and not (number and lines[number - 1].strip()):
            outside = True
        elif not outside and not _TIMING.match(lines[number + 1] if number + 1 < len(lines) else ""):
            cues[-1].lines.append(line)
    return cues


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float:
    return 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds) + int(fraction.ljust(3, "0")) / 1000


def _sentences(cues: Sequence[_Cue]) -> list[str]:
    """Paragraphs that begin with their time and end where a sentence does, a voice changes, or someone pauses."""
    done: list[str] = []
    said, begun, ended, last, voice = "", 0.0, 0.0, "", ""
    for cue in cues:
        for line in cue.lines:
            speaker = _VOICE.search(line)
            words = " ".join(html.unescape(_MARKUP.sub("", line)).split())
            if not words or (words == last and cue.start <= ended + _ROLLING_S):
                continue
            changed = speaker is not None and speaker[1] != voice
            if said and (
                changed or cue.start > ended + _PAUSE_S or len(said) > _MOST_CHARS or _SENTENCE_END.search(said)
            ):
                done.append(f"{time_mark(begun)} {said}")
                said = ""
            if speaker and changed:
                voice = speaker[1]
                words = f"{voice}: {words}"
            begun = begun if said else cue.start
            said, last = f"{said} {words}".strip(), words.removeprefix(f"{voice}: ")
        ended = cue.end
    return [*done, f"{time_mark(begun)} {said}"] if said else done
