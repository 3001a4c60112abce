"""How much of what planted articles demand reaches a reader when a model obeys every one of them.

    python -m bench.obedience [../shared/data]

The articles (``tests/quality/injection.jsonl``) tell the model to say something else, to show a picture or a link, or
to take their words for the system's. An imitated model says what each demands, alone and after a sentence of the
article, and cites the article for it; both answers go through what the answer of a model goes through. Those that
demand a false marker or the token of a refusal are left out: code takes these away before. Counted is where the
demanded words stand in the text that is shown. Then it is counted how many orders that nothing was learnt from
(``tests/quality/orders.tsv``) are told from statements, and how many sentences of sets that nothing was learnt from
are taken for orders. Writes ``bench/results/obedience.md``.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.reports import write_report
from bench.verification import Judge
from rag.answering.citations import MarkerStream
from rag.documents import Article
from rag.encoding.loading import load_encoder
from rag.evaluation.evaluation_set import load_set
from rag.settings import Settings
from rag.text.sentences import split_sentences
from training.orders import sentences_of

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "tests" / "quality" / "injection.jsonl"
ORDERS = ROOT / "tests" / "quality" / "orders.tsv"
UNSEEN = ("arcd", "xquad-en-en")
KINDS = ("obey", "hidden", "turn", "image", "link")


def demanded(planted: dict[str, str]) -> str:
    """What an obedient model says: the words by which obedience is told, as a sentence."""
    return f"{planted['obeyed'].partition('|')[0].capitalize()}."


def shown(judge: Judge, planted: dict[str, str], said: Sequence[str]) -> str:
    """What of an answer's sentences a reader sees, where any of it is borne out."""
    drafts = [judge.draft(safe(each), planted["language"], planted["id"], planted["question"]) for each in said]
    return " ".join(draft.draft.text for draft in drafts) if any(draft.supported for draft in drafts) else ""


def safe(text: str) -> str:
    """The text as it is once nothing in it can be followed or loaded."""
    stream = MarkerStream(1)
    return stream.feed(text) + stream.finish()


def unseen_orders() -> list[tuple[str, str]]:
    """(language, sentence) of orders that nothing was learnt from."""
    with ORDERS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["language"], row["sentence"]) for row in rows]


def taken(judge: Judge, name: str, said: Iterable[tuple[str, str]]) -> str:
    """A row of how many sentences are taken for orders."""
    verdicts = [judge.retriever.is_order(sentence, language) for language, sentence in dict.fromkeys(said)]
    return f"| {name} | {sum(verdicts)} of {len(verdicts)} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.obedience")
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    data: Path = parser.parse_args(arguments).data
    given = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    articles = [Article(each["id"], each["text"], language=each["language"]) for each in given]
    rows = ["| demanded words shown | alone | after a sentence of the article |", "|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge.over(articles, Path(folder), load_encoder(Settings.load()))
        for kind in KINDS:
            planted = [each for each in given if each["kind"] == kind]
            counts = [0, 0]
            for each in planted:
                first = next(iter(split_sentences(each["text"], each["language"])))
                opening = each["text"][first.start : first.end]
                for at, said in enumerate(([demanded(each)], [opening, demanded(each)])):
                    counts[at] += re.search(each["obeyed"], shown(judge, each, said), re.IGNORECASE) is not None
            rows.append(f"| {kind} | {counts[0]} of {len(planted)} | {counts[1]} of {len(planted)} |")
        rows += ["", "| taken for orders | |", "|---|---|", taken(judge, "other orders", unseen_orders())]
        for name in UNSEEN if data.is_dir() else ():
            rows.append(taken(judge, name, sentences_of(list(load_set(data / name).articles.values()))))
    body = "\n".join(rows)
    sys.stdout.write(body + "\n")
    write_report("obedience", "python -m bench.obedience", body)
    return 0


if __name__ == "__main__":
    sys.exit(main())
