"""What of an answer may be shown where nothing can be taken back, and all of it as text alone.

Chat, widget and the typed events show a model's words as they come and replace them at the end. A pipe or a client that
reads only ``content`` cannot: there a sentence waits until it is verified, and what is to be told of it is in the text.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing

from rag.answering.citations import marked
from rag.answering.outcome_texts import flag_text
from rag.asking import Delta, Ended, Event, Started, Verified
from rag.documents import Answer


def told(answer: Answer) -> str:
    """The answer for whoever sees nothing else: what is not borne out says so in its place, the warnings at the end."""
    text, at, flag = answer.answer, 0, flag_text(answer.language)
    for sentence in answer.sentences:
        said = next((said for said in (marked(sentence), sentence.text) if said in text[at:]), "")
        end = text.find(said, at) + len(said)
        if sentence.unsupported and said:
            text = f"{text[:end]} ({flag}){text[end:]}"
            end += len(flag) + 3
        at = end if said else at
    return "\n\n".join([text, *noted(answer)])


def noted(answer: Answer) -> list[str]:
    """The warnings, each as a paragraph."""
    return [f"Note: {warning}" for warning in answer.warnings]


def only_standing(
    events: Generator[Event, None, None], tell: Callable[[Answer], str] = told
) -> Generator[Event, None, None]:
    """The start, text that will stand, and the end. The text comes to ``tell`` of the whole answer.

    Where what was verified does not stand in the end, since most of the answer was not, all of it is told after it.
    """
    said = ""
    with closing(events):
        for event in events:
            if isinstance(event, Started):
                yield event
            elif isinstance(event, Verified) and event.text.startswith(said):
                yield Delta(event.text[len(said) :])
                said = event.text
            elif isinstance(event, Ended):
                whole = tell(event.answer)
                rest = whole[len(said) :] if whole.startswith(said) else f"\n\n{whole}"
                if rest:
                    yield Delta(rest)
                yield event
