"""What comes of forty questions when a model writes the answers: right, or wrong and told so, or wrong and not.

    python -m bench.written ask http://127.0.0.1:8080/v1 MODEL [--context 8192] [--tokens 500] [--language en] [--plain]
    python -m bench.written count bench/results/written-MODEL.tsv ...

``ask`` puts the questions (``tests/quality/written.jsonl``: eight in ten of what the articles of ``corpus/`` say, half
of them in another language than the article's, two summaries, and five that they do not answer) to the whole program
with the endpoint's model (``--plain``: without a schema), and writes a line for each: a mark, the question, what the
answer lacks, and the answer with its warnings. What a rule can mark is marked: in another language than asked, fallen
back to quotes or to nothing found. The rest is marked ``right?`` where it holds the facts looked for, ``wrong?`` or
``flagged?`` where it does not. Whoever reads the answers writes the marks without the question mark;
``count`` makes the table of the files. A mark that still has one is counted apart. Writes ``bench/results/written.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from bench.reports import RESULTS, write_report
from rag.answering.answerers import Answerers
from rag.answering.extractive import Extractive
from rag.answering.judge import Judge
from rag.answering.model_writer import ModelWriter
from rag.answering.standing import told
from rag.answering.writing import EXTRACTIVE
from rag.assistant import Assistant
from rag.documents import Answer, Question
from rag.encoding.loading import load_encoder
from rag.entities.numerals import find_numbers
from rag.generation.model_answerer import speaks
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_articles
from rag.reader.loading import load_reader
from rag.settings import Settings
from rag.text.folding import normalise

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 600.0  # for a small model on a slow machine
Mark = Literal["right", "language", "flagged", "wrong", "back"]
MEANING: dict[Mark, str] = {
    "right": "right",
    "language": "other language",
    "flagged": "wrong and flagged",
    "wrong": "wrong and not flagged",
    "back": "fell back",
}


@dataclass(frozen=True)
class Asked:
    """A question and the facts of a right answer, each in any of several words; none where nothing answers it."""

    language: str
    question: str
    facts: tuple[tuple[str, ...], ...]


def questions() -> list[Asked]:
    """The set, in order."""
    lines = (ROOT / "tests" / "quality" / "written.jsonl").read_text(encoding="utf-8").splitlines()
    read = (json.loads(line) for line in lines)
    return [Asked(each["language"], each["question"], tuple(map(tuple, each["facts"]))) for each in read]


def lacking(asked: Asked, text: str) -> list[str]:
    """The facts that a text does not hold: words by their letters, numbers by value, in any digits or in words."""
    folded = re.sub(r"\s+", " ", normalise(text))
    values = {str(number.value) for number in find_numbers(text, asked.language)}

    def holds(fact: str) -> bool:
        return fact in values if fact.isdecimal() else normalise(fact) in folded

    return [fact[0] for fact in asked.facts if not any(map(holds, fact))]


def mark(asked: Asked, answer: Answer) -> str:
    """What a rule can say of an answer; with a question mark where somebody has to read it."""
    if not answer.answerer.startswith("llm:") or answer.status == "not_found":
        return "back" if asked.facts else "right"
    if not speaks(answer.plain_answer, asked.language):
        return "language"
    if asked.facts and not lacking(asked, answer.plain_answer):
        return "right?"
    return "flagged?" if answer.warnings else "wrong?"


def line(asked: Asked, answer: Answer) -> str:
    """A line of the file to be marked: mark, question, lacking facts, answer with its flags and warnings."""
    said = re.sub(r"\s+", " ", told(answer))
    return "\t".join([mark(asked, answer), asked.question, ", ".join(lacking(asked, said)), said])


def program(settings: Settings, plain: bool) -> Assistant:
    """The whole program over the sample articles, in the index folder of the settings."""
    encoder = load_encoder(settings)
    index_articles([ROOT / "corpus"], index_dir=settings.index_dir, encoder=encoder)
    judge = Judge.load(load_reader(settings, encoder))
    index = Index.open(settings.index_dir, encoder.fingerprint)
    extractive = Extractive(judge.choice)
    writer = ModelWriter.build(settings, extractive)
    if plain:
        writer.model.endpoint.give_up_format()
    return Assistant(settings, encoder, index, judge, Answerers({"llm": writer, EXTRACTIVE: extractive}))


def table(files: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A row a model: how many answers have each mark, and how many nobody has read."""
    heads = ["asked", *MEANING.values(), "not read"]
    rows = []
    for name, lines in files:
        marks = Counter(each.split("\t", 1)[0] for each in lines)
        unread = sum(count for each, count in marks.items() if each not in get_args(Mark))
        rows.append(f"| {name} | {len(lines)} | {' | '.join(str(marks[each]) for each in get_args(Mark))} | {unread} |")
    return "\n".join([f"| answers | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|", *rows])


def ask(settings: Settings, languages: Sequence[str], plain: bool = False) -> Path:
    """The file of one model's answers, to be read. ``settings`` name the model."""
    path = RESULTS / f"written-{re.sub(r'[^a-z0-9.]+', '-', settings.llm_model.lower())}{'-plain' * plain}.tsv"
    with tempfile.TemporaryDirectory() as folder:
        assistant = program(replace(settings, index_dir=Path(folder)), plain)
        lines = []
        for asked in questions():
            if asked.language in languages:
                lines.append(line(asked, assistant.ask(Question(asked.question))))
                path.write_text("\n".join(lines) + "\n", encoding="utf-8")
                sys.stdout.write(f"{len(lines)} {lines[-1]}\n")
                sys.stdout.flush()
    return path


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, or count what was marked."""
    parser = argparse.ArgumentParser(prog="python -m bench.written")
    parts = parser.add_subparsers(dest="part", required=True)
    asking = parts.add_parser("ask")
    asking.add_argument("endpoint")
    asking.add_argument("model")
    asking.add_argument("--context", type=int, default=Settings().llm_context_tokens)
    asking.add_argument("--tokens", type=int, default=Settings().llm_max_tokens)
    asking.add_argument("--language", action="append", choices=["en", "fr", "ar"])
    asking.add_argument("--plain", action="store_true")
    parts.add_parser("count").add_argument("files", nargs="+", type=Path)
    args = parser.parse_args(arguments)
    if args.part == "ask":
        settings = Settings(
            openai_base_url=args.endpoint,
            openai_api_key=os.environ.get("OPENAI_API_KEY", ""),
            llm_model=args.model,
            llm_context_tokens=args.context,
            llm_max_tokens=args.tokens,
            llm_seconds=PATIENCE_S,
            llm_first_token_seconds=PATIENCE_S,
        )
        path = ask(settings, args.language or ["en", "fr", "ar"], args.plain)
        sys.stdout.write(f"Read {path} and mark it.\n")
        return 0
    read = [(path.stem.removeprefix("written-"), path.read_text("utf-8").splitlines()) for path in args.files]
    body = table(read)
    sys.stdout.write(body + "\n")
    write_report("written", "python -m bench.written count bench/results/written-*.tsv", body)
    return 0


if __name__ == "__main__":
    sys.exit(main())
