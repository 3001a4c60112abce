"""What a sentence of a model says of its task rather than of the world: that nothing was found, a greeting, a lead-in.

No list of phrases tells these: a sentence is compared with a few of its kind (``assets/remarks.json``) by the encoder,
in any language, once the words of the question are taken out of it; and since an article may say itself that nobody
knows, the articles must meet it less than those do, and it must be less like what denies something of the world.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

import numpy as np

from rag.answering.responding import claim_of
from rag.documents import AnswerSentence, Float32
from rag.entities.lexicon import WORD
from rag.resources import asset
from rag.retrieval.retriever import Retriever
from rag.text.analyser import analyse
from rag.text.answer_text import without_markup
from rag.text.folding import normalise

Remark = Literal["", "refusal", "talk", "lead-in"]

_FILE = asset("remarks.json")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_REPEATS = re.compile(r"(?:[^:：]{0,16}[:：])?\W*")  # what may stand before the question where it is only repeated
_ASKING = ("?", "؟", "？")
_LIKE, _BY = 0.55, {"refusal": 0.38, "talk": 0.3}  # see docs/models.md for what these tell apart
_LEAD_IN = re.compile(r"^\s*[#|]|[:：]\W*$|^\s*\*\*[^*]+\*\*\W*$")  # headings too, and the head of a table


class Remarks:
    """Tells the remarks of one answer to one question. The examples are encoded when the first sentence asks."""

    def __init__(self, retriever: Retriever, question: str, language: str) -> None:
        self._retriever, self._language = retriever, language
        self._question = normalise(question).strip(" ?؟")
        self._asked = {term.text for term in analyse(question, language)}
        self._examples: dict[str, Float32] = {}

    def kind_of(self, written: AnswerSentence, text: str, relevance: float) -> Remark:
        """What kind of remark a sentence is, ``text`` without its markup; empty for one that says something.

        relevance: how far above chance the passages meet it (see :class:`rag.retrieval.fusion.Signals`).
        """
        if _LEAD_IN.search(written.text) and not written.citations:
            return "lead-in"
        before, asked, after = normalise(text).partition(self._question) if self._question else ("", "", "")
        if asked and _REPEATS.fullmatch(before) and not WORD.search(after):
            return "talk"  # "Question: How long is it?"
        if text.endswith(_ASKING):
            return "talk"
        says_so = claim_of(without_markup(written.text), self._language) != without_markup(written.text)
        whole = self._pooled(text)
        rest = whole if says_so else self._pooled(self._without_question(text))
        refusal, talk = self._likeness(rest, "refusal"), self._likeness(whole, "talk")
        if talk >= max(refusal, relevance + _BY["talk"]):
            return "talk"
        if refusal >= max(_LIKE, relevance + _BY["refusal"], self._likeness(rest, "denial")):
            return "refusal"
        return "talk" if talk >= relevance + _BY["talk"] else ""

    def _likeness(self, pooled: Float32, kind: str) -> float:
        if kind not in self._examples:
            self._examples[kind] = np.stack([self._pooled(each) for each in _examples(kind, self._language)])
        return float((self._examples[kind] @ pooled).max())

    def _pooled(self, text: str) -> Float32:
        return self._retriever.query(text, self._language).pooled

    def _without_question(self, text: str) -> str:
        """The sentence without the words of the question: "The passages do not say who the."."""

        def kept(match: re.Match[str]) -> str:
            terms = [term.text for term in analyse(match.group(), self._language)]
            return "" if terms and self._asked.issuperset(terms) else match.group()

        return " ".join(WORD.sub(kept, text).split())


def without_label(text: str) -> str:
    """A text that begins with its own name, as small models' do ("**Answer:** The …"), without it."""
    return _label().sub("", text, count=1)


def may_be_label(text: str) -> bool:
    """Whether a text that is still being written may yet turn out to begin with its own name."""
    bare = _EDGES.sub("", text).casefold()
    return any(label.casefold().startswith(bare) for label in _labels())


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"^[\W_]*(?:{'|'.join(map(re.escape, _labels()))})[\s*_]*[:：][\s*_]*", re.IGNORECASE)


@cache
def _labels() -> Sequence[str]:
    return [each for several in _all_examples()["label"].values() for each in several]


def _examples(kind: str, language: str) -> Sequence[str]:
    """Those of the language, or of all where it has none: the encoder reads across languages."""
    examples = _all_examples()[kind]
    return examples.get(language) or [each for several in examples.values() for each in several]


@cache
def _all_examples() -> Mapping[str, Mapping[str, Sequence[str]]]:
    examples: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(_FILE.read_text("utf-8"))
    return examples
