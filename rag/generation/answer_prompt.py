"""What a model is asked for an answer: the question with its day, conversation and passages, within its context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.documents import Hit, Turn
from rag.entities.lexicon import Name, is_known, render
from rag.generation.prompt_passages import REFUSAL_TOKEN, TokenBudget, count_tokens, newest_turns, write_passages
from rag.generation.prompts import Message, Prompts

BRIEF = 3  # sentences: what is read at a glance
# The conversation may take an eighth of the model's context beside passages: a guess.
_BESIDE_PASSAGES = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model is to answer, in which language, in at most how many sentences; today: the day of the question."""

    question: str
    language: str
    history: Sequence[Turn] = ()
    today: date | None = None
    sentences: int = BRIEF


@dataclass(frozen=True, slots=True)
class AnswerPrompt:
    """Writes the messages of an answer."""

    prompts: Prompts
    budget: TokenBudget

    def room(self, asked: Asked) -> int:
        """Tokens left for passages; :meth:`cost` says how many one takes."""
        return self.budget.room(*(message.content for message in self._filled(asked, (), "0" * 16)))

    def cost(self, hit: Hit) -> int:
        """Tokens that a passage takes, its labels included."""
        return count_tokens(write_passages([hit], self.prompts.passage, "0" * 16)[0])

    def messages(
        self, asked: Asked, hits: Sequence[Hit], delimiter: str, most: int | None = None
    ) -> tuple[list[Message], int]:
        """The chat, and how many of the passages fit, ``most`` at most; the best one always goes in."""
        passages = write_passages(hits, self.prompts.passage, delimiter)[:most]
        for used in range(len(passages), 0, -1):
            messages = self._filled(asked, passages[:used], delimiter)
            if used == 1 or self.budget.room(*(message.content for message in messages)) >= 0:
                return messages, used
        raise ValueError("an answer needs at least one passage")

    def _filled(self, asked: Asked, passages: Sequence[str], delimiter: str) -> list[Message]:
        values = {
            "language": language_name(asked.language),
            "today": (asked.today or date.today()).isoformat(),
            "sentences": str(asked.sentences),
            "delimiter": delimiter,
            "refusal_rule": self.prompts.refuse.fill({"token": REFUSAL_TOKEN}).strip(),
            "passages": "\n\n".join(passages),
            "question": asked.question,
        }
        turns = newest_turns(asked.history, self.budget.context // _BESIDE_PASSAGES)
        return self.prompts.answer.messages(values, turns)


def language_name(code: str) -> str:
    """The language's English name, for a prompt: ``ar`` is "Arabic"."""
    return (is_known(code) and render(Name("language", code), "en")) or "the language of the question"
