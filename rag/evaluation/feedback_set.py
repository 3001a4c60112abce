"""An evaluation set of nothing but the questions that readers voted on, ready to be measured.

Unlike in a draft (:mod:`rag.evaluation.set_draft`), what a person has yet to judge stands in a file of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rag import files
from rag.documents import Article
from rag.evaluation.set_draft import article_record, json_lines, require_no_set
from rag.evaluation.voted import voted_stubs


@dataclass(frozen=True, slots=True)
class Exported:
    """How many questions were written: those known to be answered and not, and those to review."""

    answered: int
    unanswered: int
    review: int


def export_votes(folder: Path, articles: Iterable[Article], index_dir: Path) -> Exported:
    """Write ``articles.jsonl``, ``questions.jsonl`` and ``review.jsonl``, each where it has something to hold.

    index_dir: where the votes are kept. Raises EvaluationError where a set is there already or no vote tells its
    question, and StorageError.
    """
    require_no_set(folder)
    kept = {article.id: article for article in articles}
    stubs = [{"id": str(n), **stub} for n, stub in enumerate(voted_stubs(index_dir, kept), start=1)]
    review = [stub for stub in stubs if stub["answerable"] is None]
    known = [stub for stub in stubs if stub["answerable"] is not None]
    with files.storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    files.replace_durably(folder / "articles.jsonl", json_lines(map(article_record, kept.values())))
    for name, lines in (("review.jsonl", review), ("questions.jsonl", known)):
        if lines:
            files.replace_durably(folder / name, json_lines(lines))
    answered = sum(stub["answerable"] for stub in known)
    return Exported(answered, len(known) - answered, len(review))
