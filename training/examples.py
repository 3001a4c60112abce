"""Questions over contexts, as ``../shared/train`` holds them, and which of them are kept out of training.

One JSON line an example: ``{id, language, question_language, question, context, answers: [{start, text}]}``. Files are
named ``SOURCE.LANGUAGE.jsonl.gz``. The parts held out are whole topics, so that no paragraph's neighbour gives it away.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

XQUAD, ARCD = "xquad-dev", "arcd-train"
TOPIC_CONTEXTS = {XQUAD: 5, ARCD: 9}  # contexts in a row that share a topic: XQuAD has five of each article
HELD_OUT_EVERY = 3  # of these sources each third topic is for validation


@dataclass(frozen=True)
class Example:
    """A question over a context; ``answers`` are (start, end) in ``context``, empty where it does not answer."""

    id: str
    source: str
    language: str
    question: str
    context: str
    answers: tuple[tuple[int, int], ...]
    topic: int
    """Position of the context among its source's, in topics: equal for neighbours, and across languages."""

    @property
    def held_out(self) -> bool:
        """Whether it is kept for validation."""
        return self.source in TOPIC_CONTEXTS and self.topic % HELD_OUT_EVERY == HELD_OUT_EVERY - 1


def read_examples(folder: Path) -> list[Example]:
    """Every example of every file, in the order of the files' names; raises ValueError where there are none."""
    examples = [one for path in sorted(folder.glob("*.jsonl.gz")) for one in _read_file(path)]
    if not examples:
        raise ValueError(f"{folder} has no *.jsonl.gz files")
    return examples


def _read_file(path: Path) -> Iterable[Example]:
    source = path.name.split(".")[0]
    places: dict[str, int] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            place = places.setdefault(row["context"], len(places))
            answers = {(each["start"], each["start"] + len(each["text"])) for each in row["answers"]}
            topic = place // TOPIC_CONTEXTS.get(source, 5)
            yield Example(
                row["id"], source, row["language"], row["question"], row["context"], tuple(sorted(answers)), topic
            )


def spent(train: Path) -> frozenset[str]:
    """Ids of the questions the reader was trained on."""
    return frozenset(one.id for one in read_examples(train) if not one.held_out)
