"""Calibrates the bundled models, as ``python -m rag calibrate`` does any: ``rag/calibration``, ``bench/results``.

    python -m bench.calibrate [../shared] [--dry-run]

With the reader and without, on the sets of ``../shared/data`` less the questions the reader was trained on
(``../shared/train`` tells which), and XQuAD's Arabic paragraphs asked in the languages of no set besides. Nothing is
learnt from the analyst's questions: they are news, which no other set is, and stand for questions not seen. The zero of
chance is drawn from the texts that the table of token codes was trained on, on which nothing is measured.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bench.outcome_tables import markdown, nomiracl_curve, outcomes
from bench.reports import write_report
from bench.token_table import texts
from rag.answering.models import LoadedModels
from rag.commands.console import open_console
from rag.commands.progress_bar import ProgressBar
from rag.documents import Article
from rag.encoding.loading import load_token_code, token_code_name
from rag.evaluation.evaluation_set import EvaluationSet, load_set
from rag.learning.calibrator import Calibrated, Plan, calibrate
from rag.learning.chance_sample import draw_sample
from rag.resources import calibration
from rag.retrieval.calibration import Calibration
from rag.retrieval.chance import Chance, table_of
from rag.settings import Settings
from training.examples import XQUAD, Example, read_examples

SETS = ("nomiracl", "arcd", "xquad-ar-ar", "xquad-en-ar", "xquad-es-ar", "xquad-ar-en", "xquad-en-en")
MIXED = "xquad-xx-ar"  # XQuAD's Arabic paragraphs, asked in other languages in turn
ANALYST = "analyst-news"
SHOWN = {"nomiracl": 0.9}
QUESTIONS = 500  # of each set, at most
COMMAND = "python -m bench.calibrate ../shared"


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn with a reader and without, report, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.calibrate")
    parser.add_argument("shared", nargs="?", type=Path, default=Path("../shared"))
    parser.add_argument("--dry-run", action="store_true", help="report, and leave what is shipped as it is")
    given = parser.parse_args(arguments)
    console = open_console(sys.stdout)
    read = LoadedModels.load(Settings.load(), console.print)
    models = {"with_reader": read, "alone": replace(read, reader=None)}
    plan = Plan(shipped_sets(given.shared), frozenset({ANALYST}), SHOWN, QUESTIONS)
    chance = shipped_chance(given.shared, read)
    done: dict[str, Calibrated] = {}
    for name, chosen in models.items():
        before = replace(Calibration.shipped(chosen.named, chance), chance=chance)
        with ProgressBar(console, name) as progress:
            done[name] = calibrate(plan, chosen, before, progress)
        console.print("\n".join(done[name].lines))
    write_report("outcomes", COMMAND, report(done))
    if not given.dry_run:
        ship(done)
        table_of(read.encoder.fingerprint).write_bytes(chance.to_bytes())


def report(done: Mapping[str, Calibrated]) -> str:
    """The tables of both, and what was learnt besides."""
    read, alone = done["with_reader"], done["alone"]
    told = [f"- {line}" for line in read.lines]
    parts = [markdown(read.outcomes, SHOWN), nomiracl_curve(read.outcomes), "\n".join(told)]
    return "\n\n".join([*parts, "Without a reader:", "\n".join(outcomes(alone.outcomes))])


def ship(done: Mapping[str, Calibrated]) -> None:
    """Into ``rag/calibration``; the ranking is that learnt with a reader."""
    read, alone = (done[name].calibration for name in ("with_reader", "alone"))
    fusion = {name: value for name, value in asdict(read.fusion).items() if name != "reranked"}
    _write("fusion.json", {"weights": fusion, "chosen_on": list(read.sets)})
    _write("sentences.json", {"weights": alone.sentences, "with_reader": read.sentences, "chosen_on": list(read.sets)})
    _write("outcomes.json", {name: each.calibration.outcomes for name, each in done.items()})


def _write(name: str, told: Mapping[str, Any]) -> None:
    text = json.dumps({**told, "made_by": COMMAND}, indent=2, ensure_ascii=False)
    calibration(name).write_text(text + "\n", "utf-8")


def shipped_sets(shared: Path) -> list[EvaluationSet]:
    """Of each set the questions that the reader was not trained on."""
    sets = {name: load_set(shared / "data" / name) for name in SETS}
    analyst = load_set(shared / "data" / ANALYST)
    return [*unspent(sets, read_examples(shared / "train")).values(), analyst]


def unspent(sets: Mapping[str, EvaluationSet], examples: Sequence[Example]) -> dict[str, EvaluationSet]:
    """Less what the reader was trained on; and XQuAD's Arabic paragraphs in the languages of no set."""
    known = frozenset(one.id for one in examples if not one.held_out)
    left = {
        name: replace(each, questions=[gold for gold in each.questions if gold.id not in known])
        for name, each in sets.items()
    }
    arabic = left["xquad-ar-ar"]
    covered = {gold.language for each in left.values() for gold in each.questions}
    versions = {(one.id, one.language): one.question for one in examples if one.source == XQUAD}
    turns = itertools.cycle(sorted({language for _, language in versions} - covered))
    mixed = [
        replace(gold, question=versions[gold.id, language], language=language)
        for gold, language in zip(arabic.questions, turns, strict=False)
    ]
    return left | {MIXED: replace(arabic, name=MIXED, questions=mixed)}


def shipped_chance(shared: Path, models: LoadedModels) -> Chance:
    """The sample of unrelated tokens. Raises SystemExit for an encoder that no table of codes is shipped for."""
    encoder = models.encoder
    code = load_token_code(token_code_name(encoder.fingerprint), encoder.fingerprint.dimension)
    if code is None or not table_of(encoder.fingerprint).is_file():
        raise SystemExit("What is shipped is of the bundled encoder: unset ISNAD_ENCODER.")
    articles = [
        Article(f"{language} {place}", text, language=language)
        for language, found in texts(shared).items()
        for place, text in enumerate(found)
    ]
    return draw_sample(articles, encoder, code)


if __name__ == "__main__":
    main()
