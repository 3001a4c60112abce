"""How much of a page's story is read, and how much else, on two public sets of pages.

    python -m bench.main_text SHINGLES SEGMENTS

SHINGLES is a checkout of scrapinghub/article-extraction-benchmark (181 pages, MIT): precision, recall and F1 over runs
of four words, a mean over pages, as its ``evaluate.py`` reckons them. SEGMENTS is the folder ``tests`` of one of
adbar/trafilatura (990 pages, Apache-2.0): the share of segments found that belong to the story, and of those left out
that do not. Neither is in this repository. A page that is refused has no precision and a recall of 0. Writes
``bench/results/main_text.md``.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.reports import write_report
from rag.documents import Article
from rag.evaluation.metrics import mean
from rag.formats.articles import read_bytes

RUN = 4  # words
_WORD = re.compile(r"\w+", re.UNICODE | re.MULTILINE | re.IGNORECASE | re.DOTALL)
_SPACE = re.compile(r"\s+")


class Match(NamedTuple):
    """Of one page: how much of what was read belongs to the story, and how much of the story was read.

    None where nothing was read, or there is no story: such a page is no part of that mean.
    """

    precision: float | None
    recall: float | None


def text_of(page: bytes) -> str:
    """The story as it is read; empty where the page is refused."""
    found = next(read_bytes(page, "page.html"))
    return found.text if isinstance(found, Article) else ""


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of RUN words; the whole of a shorter text."""
    words = _WORD.findall(text)
    return Counter(tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1)) if words)


def match(read: str, story: str) -> Match:
    """By their shared shingles."""
    got, wanted = shingles(read), shingles(story)
    shared = (got & wanted).total()
    return Match(shared / got.total() if got else None, shared / wanted.total() if wanted else None)


def shingle_matches(folder: Path) -> Iterator[Match]:
    """One a page."""
    for name, truth in json.loads((folder / "ground-truth.json").read_text("utf-8")).items():
        page = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield match(text_of(page), truth.get("articleBody", ""))


def segment_matches(folder: Path) -> Iterator[tuple[int, int, int, int]]:
    """(found, of those that belong to the story, left out, of those that do not), one a page."""
    for told in json.loads((folder / "evaldata.json").read_text("utf-8")).values():
        path = next((at for part in ("cache", "eval") if (at := folder / part / told["file"]).is_file()), None)
        if path is not None:
            text = _SPACE.sub(" ", text_of(path.read_bytes()))
            wanted, strange = ([_SPACE.sub(" ", each) for each in told[kind]] for kind in ("with", "without"))
            found, kept_out = sum(each in text for each in wanted), sum(each not in text for each in strange)
            yield found, len(wanted), kept_out, len(strange)


def main(shingles_folder: Path, segments_folder: Path) -> None:
    """Both sets, a line each."""
    pages = list(shingle_matches(shingles_folder))
    precision = mean(page.precision for page in pages if page.precision is not None)
    recall = mean(page.recall for page in pages if page.recall is not None)
    segments = list(segment_matches(segments_folder))
    found, wanted, kept_out, strange = (sum(column) for column in zip(*segments, strict=True))
    table = (
        "| pages | how many | precision | recall | F1 |\n|---|---|---|---|---|\n"
        f"| article-extraction-benchmark, shingles | {len(pages)} | {precision:.3f} | {recall:.3f} "
        f"| {2 * precision * recall / (precision + recall):.3f} |\n\n"
        "| pages | how many | segments of the story found | others left out |\n|---|---|---|---|\n"
        f"| trafilatura's, segments | {len(segments)} | {found / wanted:.3f} of {wanted} "
        f"| {kept_out / strange:.3f} of {strange} |"
    )
    sys.stdout.write(table + "\n")
    write_report("main_text", "python -m bench.main_text SHINGLES SEGMENTS", table)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
