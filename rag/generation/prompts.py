"""Prompts: files with named variables, read once, filled by LangChain's chat templates.

A prompt for a chat is split by lines holding only ``[system]``, ``[history]`` or ``[user]``; a file without them is a
plain piece of text that goes into another prompt. A variable the program does not know, or one that is left out, is an
error when the prompts are loaded, not when a reader waits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from rag.documents import Turn
from rag.errors import PromptError

# File -> the variables it must use, all of them and no others.
_VARIABLES: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"language", "today", "sentences", "delimiter", "refusal_rule", "passages", "question"}),
    "refuse": frozenset({"token"}),
    "passage": frozenset({"delimiter", "number", "title", "source", "date", "text"}),
    "condense": frozenset({"language", "conversation", "question"}),
    "translate": frozenset({"language", "delimiter", "text"}),
}
_ROLES = {"[system]": "system", "[user]": "human"}
_HISTORY = "[history]"
_SPLIT = re.compile(r"^(\[(?:system|history|user)\])[ \t]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a chat endpoint takes it: ``role`` is system, user or assistant."""

    role: str
    content: str

    def to_dict(self) -> dict[str, str]:
        """The message in OpenAI's format."""
        return {"role": self.role, "content": self.content}


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file, checked. ``text`` is a template with ``{variables}``."""

    name: str
    text: str

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with its variables filled. Raises PromptError naming what is missing or unknown."""
        _require(self.name, values.keys())
        from langchain_core.prompts import PromptTemplate  # lazy: only questions to a model need it

        return str(PromptTemplate.from_template(self.text).format(**values))

    def messages(self, values: Mapping[str, str], history: Sequence[Turn] = ()) -> list[Message]:
        """The chat messages, the history standing where the file says ``[history]``. Raises as fill does."""
        _require(self.name, values.keys())
        from langchain_core.messages import AIMessage, HumanMessage
        from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder

        pieces = iter(_SPLIT.split(self.text)[1:])
        parts: list[Any] = [
            MessagesPlaceholder("history") if head == _HISTORY else (_ROLES[head], body.strip())
            for head, body in zip(pieces, pieces, strict=True)
        ]
        earlier = [(HumanMessage if t.role == "user" else AIMessage)(content=t.content) for t in history]
        roles = {"system": "system", "human": "user", "ai": "assistant"}
        filled = ChatPromptTemplate.from_messages(parts).format_messages(**values, history=earlier)
        return [Message(roles[message.type], str(message.content)) for message in filled]


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts of a folder."""

    answer: Prompt
    refuse: Prompt
    passage: Prompt
    condense: Prompt
    translate: Prompt

    @classmethod
    def load(cls, folder: Path) -> Prompts:
        """Reads and checks every file. Raises PromptError for a file or variable that is missing or unknown."""
        return cls(**{name: _read(folder / f"{name}.txt") for name in _VARIABLES})


def _read(path: Path) -> Prompt:
    try:
        text = path.read_text(encoding="utf-8")
        used = {variable for _, variable, _, _ in Formatter().parse(text) if variable is not None}
    except (OSError, ValueError) as error:
        hint = "Restore the file or correct ISNAD_PROMPTS_DIR."
        raise PromptError(f"The prompt {path.name} cannot be read: {error}.", hint) from error
    _require(path.stem, used)
    return Prompt(path.stem, text.strip() + "\n")


def _require(name: str, given: Set[str]) -> None:
    """Raises PromptError unless exactly the prompt's variables are given."""
    wanted = _VARIABLES[name]
    if given == wanted:
        return
    faults = [
        f"{fault} {', '.join(sorted(variables))}"
        for fault, variables in (("lacks", wanted - given), ("does not know", given - wanted))
        if variables
    ]
    hint = f"Its variables, in curly brackets: {', '.join(sorted(wanted))}."
    raise PromptError(f"The prompt {name} {' and '.join(faults)}.", hint)
