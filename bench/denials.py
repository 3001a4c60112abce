"""What the code makes of sentences that say no: that nothing was found, that nobody knows, that something is not so.

    python -m bench.denials

``bench/denials.tsv`` has ten short articles and 150 sentences about them in English, French and Arabic, written by
hand, of which the odd ones of each kind (``tuning``) were looked at while the rules were made and the even ones
(``held-out``) were counted only. Each goes through what the sentence of a model goes through, and is right where

refusal       it is taken for a refusal
nobody knows  it has a citation, since the article says itself that nobody knows
talk          it is left out without a word
denial lost   it has no citation: it affirms what its article denies
denial added  it has no citation: it denies what its article says
true          it has a citation, whether it denies something or not

Writes ``bench/results/denials.md``.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.reports import write_report
from bench.verification import Judge
from rag.answering.model_answer import ModelDraft
from rag.documents import Article
from rag.encoding.loading import load_encoder
from rag.settings import Settings

FILE = Path(__file__).parent / "denials.tsv"
KINDS = ("refusal", "nobody knows", "talk", "denial lost", "denial added", "true")
PARTS = ("tuning", "held-out")
COMMAND = "python -m bench.denials"


@dataclass(frozen=True)
class Said:
    """A sentence of one kind, the question it answers, and the article it is about."""

    kind: str
    part: str
    article: str
    language: str
    question: str
    text: str


def read(file: Path = FILE) -> tuple[list[Article], list[Said]]:
    """The articles and the sentences."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    articles = [Article(row["article"], row["text"], language=row["language"]) for row in rows if not row["part"]]
    return articles, [Said(**row) for row in rows if row["part"]]


def is_right(kind: str, draft: ModelDraft) -> bool:
    """Whether a draft of the sentence alone is what its kind should come to."""
    if kind == "refusal":
        return draft.refused
    if kind == "talk":
        return not (draft.draft.sentences or draft.warnings or draft.refused)
    return draft.supported == (kind in ("true", "nobody knows"))


def table(judged: Iterable[tuple[Said, bool]]) -> str:
    """How many sentences of each kind and part are right."""
    sentences, right = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for said, is_so in judged:
        sentences[said.kind, said.part] += 1
        right[said.kind, said.part] += is_so
    rows = [
        f"| {kind} | {' | '.join(f'{right[kind, part]} of {sentences[kind, part]}' for part in PARTS)} |"
        for kind in KINDS
    ]
    return "\n".join([f"| right | {' | '.join(PARTS)} |", "|---" * (len(PARTS) + 1) + "|", *rows])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, name the wrong ones of the first part, and write the report."""
    articles, given = read()
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge.over(articles, Path(folder), load_encoder(Settings.load()))
        judged = [
            (said, is_right(said.kind, judge.draft(said.text, said.language, said.article, said.question)))
            for said in given
        ]
    body = table(judged)
    for said, is_so in judged:
        if not is_so and said.part == "tuning":
            sys.stdout.write(f"{said.kind}: {said.text}\n")
    sys.stdout.write(f"\n{body}\n")
    write_report("denials", COMMAND, body)
    return 0


if __name__ == "__main__":
    sys.exit(main())
