"""How often a name or a number shown in the reader's language is not in the human translation of its sentence.

    python -m bench.glosses [../shared/data]

The sentences of ``parallel-news.tsv`` (news of 2018 in English, Arabic and French) are glossed from each language for
readers of the two others. A gloss is borne out where the translation has its name or its number, as an answer is
verified. The others are printed, to be read: nearly all are the translator's choice ("the president" for a name, a dual
for "two", kilometres for miles). What the last reading found misleading stands in ``MISLEADING`` and is counted and
listed in ``bench/results/glosses.md``. Before number words were told from their look-alikes it was 36. Then come the
renderings of short answers (:mod:`bench.readable_answers`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

from bench.readable_answers import report
from bench.reports import write_report
from rag.answering.evidence import EvidenceText
from rag.answering.verification import verify
from rag.entities.glossary import find_renderings
from rag.text.folding import normalise

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ar", "en", "fr")
# (line, words as written) -> why the gloss misleads its reader.
MISLEADING = {
    (109, "China"): "the South China Morning Post is a newspaper",
    (279, "Saturday"): "Saturday Night Live is a programme",
    (882, "two"): "“a one two” is the first two places of a race",
    (882, "deux"): "“un un deux”, likewise",
}


class Shown(NamedTuple):
    """A gloss of a sentence, and whether the sentence's translation bears it out."""

    line: int
    source: str
    target: str
    words: str
    gloss: str
    borne_out: bool


def sentences(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The line and the sentence in each language. The first line of the file names the languages."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        header = next(lines).split("\t")
        for number, line in enumerate(lines, 2):
            yield number, dict(zip((name.strip() for name in header), map(str.strip, line.split("\t")), strict=True))


def shown(line: int, texts: dict[str, str], source: str, target: str) -> Iterator[Shown]:
    """The glosses of one sentence for the readers of one language."""
    translation = [EvidenceText(texts[target], target)]
    for gloss in find_renderings(texts[source], source, target):
        if gloss.gloss.casefold() == gloss.text.casefold():
            continue
        said = normalise(gloss.gloss) in normalise(texts[target])
        yield Shown(
            line, source, target, gloss.text, gloss.gloss, said or verify(gloss.gloss, target, translation).supported
        )


def table(found: Sequence[Shown]) -> str:
    """For each pair of languages: how many are shown, borne out, and misleading."""
    rows = ["| from | for readers of | glosses | borne out | not | misleading |", "|---|---|---|---|---|---|"]
    for source, target in permutations(LANGUAGES, 2):
        pair = [each for each in found if (each.source, each.target) == (source, target)]
        borne = sum(each.borne_out for each in pair)
        wrong = sum((each.line, each.words) in MISLEADING for each in pair)
        rows.append(f"| {source} | {target} | {len(pair)} | {borne} | {len(pair) - borne} | {wrong} |")
    return "\n".join(rows)


def misleading(found: Sequence[Shown]) -> str:
    """Those of ``MISLEADING`` that are still shown."""
    left = {(each.line, each.words, each.gloss): MISLEADING.get((each.line, each.words)) for each in found}
    rows = [f"| {line} | {words} | {gloss} | {why} |" for (line, words, gloss), why in left.items() if why]
    return "\n".join(["| line | words | shown | why it misleads |", "|---|---|---|---|", *rows])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.glosses")
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    path: Path = parser.parse_args(arguments).data / "parallel-news.tsv"
    found = [
        each
        for line, texts in sentences(path)
        for source, target in permutations(LANGUAGES, 2)
        for each in shown(line, texts, source, target)
    ]
    texts = [each for _, each in sentences(path)]
    body = f"{table(found)}\n\n{misleading(found)}\n\n{report(texts, path.parent)}"
    write_report("glosses", "python -m bench.glosses ../shared/data", body)
    to_read = (f"{each.line} {each.source}-{each.target} {each.words} = {each.gloss}" for each in found)
    not_borne_out = (line for line, each in zip(to_read, found, strict=True) if not each.borne_out)
    sys.stdout.write("\n".join([*not_borne_out, "", body, ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
