"""What the rules are learnt from: a question before passages that answer it, or do not.

Kinds of case: ``+`` something found answers; ``missed`` it would, but was not found; ``near`` the articles that answer
are left out of what was found; ``un`` nothing answers, though the passages are on the subject; ``stranger`` the
question is another set's.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.documents import Mask
from rag.evaluation.evaluation_set import GoldQuestion

Floats = NDArray[np.float64]

FOLDS = 5
RIGHT = 0.5  # F1 from which marked words count as the answer
_PARAGRAPH = re.compile(r"[^-]+-([^-]+)-[^-]+")  # ids of XQuAD, ARCD: LANGUAGE-ARTICLE-PARAGRAPH


class RatedSentence(NamedTuple):
    """One of the best sentences: its score with reading, and what the reader marked, best first.

    holds: a known answer lies in it, or it in one. right: F1 of the marked words; margin None where it was not read.
    """

    score: float
    margin: float | None
    holds: bool
    right: float


class OutcomeCase(NamedTuple):
    """A question before a set of passages: group (set), kind, its id and topic, its signals and best sentences.

    short: which of the sentences gives the short answer. known: whether it is known which words answer.
    """

    group: str
    kind: str
    question: str
    topic: str
    figures: dict[str, float]
    sentences: list[RatedSentence]
    short: int = 0
    known: bool = True

    @classmethod
    def read(cls, line: str) -> OutcomeCase:
        """As :meth:`written`."""
        row = json.loads(line)
        return cls(**row | {"sentences": [RatedSentence(*each) for each in row["sentences"]]})

    def written(self) -> str:
        """One line of JSON."""
        return json.dumps(self._asdict(), ensure_ascii=False)


@dataclass(frozen=True)
class OutcomeCases:
    """All cases as arrays (n,). unlearnt: groups that stand for questions not seen; nothing is learnt from them."""

    cases: Sequence[OutcomeCase]
    unlearnt: frozenset[str] = frozenset()

    @cached_property
    def groups(self) -> NDArray[np.str_]:
        """The set, or ``A > B`` for strangers."""
        return np.array([case.group for case in self.cases])

    @cached_property
    def kinds(self) -> NDArray[np.str_]:
        """As above."""
        return np.array([case.kind for case in self.cases])

    @cached_property
    def folds(self) -> NDArray[np.int64]:
        """By topic."""
        return np.array([fold_of(case.topic) for case in self.cases])

    @cached_property
    def learnt_from(self) -> Mask:
        """Those of groups that are learnt from."""
        learnt: Mask = ~np.isin(self.groups, sorted(self.unlearnt))
        return learnt

    @cached_property
    def short_right(self) -> Mask:
        """Whether the words marked for a short answer are the answer."""
        return np.array([case.sentences[case.short].right >= RIGHT for case in self.cases])

    @cached_property
    def marked(self) -> Mask:
        """Whether words are marked for a short answer."""
        return np.array([case.sentences[case.short].margin is not None for case in self.cases])

    @cached_property
    def asked(self) -> Mask:
        """Which have an answer that marked words can be held against, and marked words."""
        known = np.array([case.known for case in self.cases])
        asked: Mask = np.isin(self.kinds, ("+", "missed")) & self.marked & known & self.learnt_from
        return asked

    def figures(self, names: Iterable[str]) -> Floats:
        """(n, names), products worked out."""
        return np.array([[value_of(name, case.figures) for name in names] for case in self.cases])

    def of(self, group: str, *kinds: str) -> Mask:
        """Which are of a group and one of the kinds."""
        own: Mask = (self.groups == group) & np.isin(self.kinds, kinds)
        return own

    def sets(self, kind: str = "+") -> list[str]:
        """The groups learnt from that have cases of a kind."""
        return sorted({c.group for c in self.cases if c.kind == kind and c.group not in self.unlearnt})


def value_of(name: str, figures: Mapping[str, float]) -> float:
    """Of a signal, or of a product of several, written ``a*b``."""
    return prod(figures[each] for each in name.split("*"))


def fold_of(topic: str) -> int:
    """The fold of a topic, the same in every run."""
    return zlib.crc32(topic.encode()) % FOLDS


def topic_of(group: str, gold: GoldQuestion) -> str:
    """What must not be split between folds: an article with all its paragraphs, in every language; else the question.

    The ids of paragraphs are LANGUAGE-ARTICLE-PARAGRAPH in public sets; XQuAD's are the same in each language.
    """
    family = group.split("-")[0]
    if not gold.answers:
        return f"{family} {gold.id}"
    article = gold.answers[0].article_id
    paragraph = _PARAGRAPH.fullmatch(article)
    return f"{family} {paragraph[1] if paragraph else article}"
