"""Passages made ready for a prompt: numbered, labelled, fenced by a random code, within a budget of tokens.

Articles are written by strangers. What could pass for the prompt's own words is taken out of them: the code, the tokens
of chat templates, citation markers and the refusal token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.documents import Hit, Turn
from rag.generation.prompts import Prompt
from rag.text.answer_text import strip_template_tokens
from rag.text.cleaning import clean_line

REFUSAL_TOKEN = "NOT_IN_PASSAGES"  # noqa: S105 a word for the model to say, no secret
_MARKER = re.compile(r"[\[［【]\s*((?:[^\W\d_]+\s*)?\d[\d\s,،–-]*)[\]］】]")
_MARKED = re.compile(rf"\s*{_MARKER.pattern}")


@dataclass(frozen=True, slots=True)
class TokenBudget:
    """How much of the model's context the passages may fill, counted in tokens as a tokenizer of the worst kind would.

    Without the model's own tokenizer the count is an upper estimate: a token for every 3 ASCII characters and for
    every 1.5 others (Arabic under GPT, Llama and Qwen tokenizers measures 1.6 to 3.3), with ``margin`` on top.
    """

    context: int
    answer: int
    margin: float = 0.1

    def room(self, *texts: str) -> int:
        """Tokens left in the context beside the texts, the answer and the margin; negative where they do not fit."""
        return int((self.context - self.answer) / (1 + self.margin)) - sum(count_tokens(text) for text in texts)


def count_tokens(text: str) -> int:
    """An upper estimate of the tokens of a text."""
    plain = sum(1 for char in text if char.isascii())
    return int(plain / 3 + (len(text) - plain) / 1.5) + 4


def write_passages(hits: Sequence[Hit], template: Prompt, delimiter: str) -> list[str]:
    """The passages in order, numbered from one, as the model reads them."""
    return [
        template.fill(
            {
                "delimiter": delimiter,
                "number": str(number),
                "title": _label(hit.article.title, delimiter),
                "source": _label(hit.article.source, delimiter),
                "date": _label(hit.article.date, delimiter),
                "text": defuse(hit.passage.text, delimiter),
            }
        ).strip()
        for number, hit in enumerate(hits, start=1)
    ]


def defuse(text: str, delimiter: str) -> str:
    """A stranger's text without what the prompt gives a meaning to."""
    reserved = re.compile("|".join(map(re.escape, (delimiter, REFUSAL_TOKEN))), re.IGNORECASE)
    while (without := strip_template_tokens(reserved.sub("", text))) != text:  # taking one out may join another
        text = without
    return _MARKER.sub(r"(\1)", text)


def newest_turns(history: Sequence[Turn], tokens: int) -> list[Turn]:
    """The newest turns that fit, oldest first; a conversation starts with the user.

    Template tokens are gone, and the markers of earlier answers: they number quotes that are not given again.
    """
    kept: list[Turn] = []
    for turn in reversed(history):
        tokens -= count_tokens(turn.content)
        if tokens < 0:
            break
        kept.insert(0, Turn(turn.role, _MARKED.sub("", strip_template_tokens(turn.content))))
    while kept and kept[0].role != "user":
        kept.pop(0)
    return kept


def _label(text: str, delimiter: str) -> str:
    return clean_line(defuse(text, delimiter)).replace("|", "/") or "unknown"
