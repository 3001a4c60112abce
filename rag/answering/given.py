"""What a caller gives with a question, checked or made fit: its text, the turns before it, the day it is asked on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rag.documents import Turn
from rag.errors import QuestionError


def usable_text(question: str, most: int) -> str:
    """The question without surrounding space, of at most so many characters. Raises QuestionError."""
    if len(question) > most:
        raise QuestionError(
            f"The question has {len(question)} characters, and at most {most} are allowed.",
            "Shorten it, or raise ISNAD_MAX_QUESTION_CHARS.",
        )
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise QuestionError(
            f"The question holds half a character at position {error.start} (a lone surrogate).",
            "Send valid Unicode text.",
        ) from None
    question = question.replace("\x00", " ").strip()
    if not question:
        raise QuestionError("The question is empty.", "Write a question, for example: Who signed the agreement?")
    return question


def as_asked(history: Sequence[Turn], most: int) -> tuple[Turn, ...]:
    """The turns, a reader's no longer than a question may be: they are searched for as it is."""
    return tuple(replace(turn, content=turn.content[:most]) if turn.role == "user" else turn for turn in history)


def day_of(today: str) -> date:
    """The day given, or this one. Raises QuestionError for what is no day."""
    try:
        return date.fromisoformat(today) if today else date.today()
    except ValueError:
        raise QuestionError(
            f"today is {today!r}, which is no day.", "Give it as YYYY-MM-DD, or leave it out."
        ) from None
