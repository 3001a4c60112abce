"""The memory of one run of ``index`` over 100,000 short articles, each a file of its own.

    python -m bench.memory [../shared/data] [--articles 100000]

Files of Markdown in folders of 1,000, WORDS words each, Arabic and English, written by a process of their own; another
indexes them as ``python -m rag index FOLDER`` does. The encoder is loaded and has encoded a few hundred texts; for the
articles themselves stands in what bench/growth_corpus.py says. Writes ``bench/results/memory.md``.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from pathlib import Path

from bench.growth import Figures, apart, peak_mb
from bench.growth_corpus import MadeEncoder, RealCorpus, made_articles
from bench.reports import write_report

WORDS = 20
FOLDER = 1_000  # files
HEADS = {"files": "{:,.0f}", "articles": "{:,.0f}", "passages": "{:,.0f}", "peak MB": "{:.0f}"}


def main() -> None:
    """Write, index, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--articles", type=int, default=100_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="isnad-memory-") as scratch:
        apart(written, args.root, Path(scratch) / "news", args.articles)
        figures = apart(indexed, args.root, Path(scratch))
    print(write_report("memory", "python -m bench.memory", markdown(figures)).read_text("utf-8"))


def written(root: Path, folder: Path, count: int) -> Figures:
    """``count`` files in folders of FOLDER."""
    for number, article in enumerate(itertools.islice(made_articles(RealCorpus.load(root), 0, WORDS), count)):
        path = folder / f"{number // FOLDER:04}" / f"{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntitle: {article.title}\ndate: {article.date}\n---\n\n{article.text}\n", "utf-8")
    return {}


def indexed(root: Path, scratch: Path) -> Figures:
    """What one run over the folder costs the process that does it."""
    from rag.encoding.loading import load_encoder
    from rag.ingestion.indexing import index_articles
    from rag.settings import Settings

    made = MadeEncoder(load_encoder(Settings.load()), RealCorpus.load(root), seed=0)
    report = index_articles([scratch / "news"], index_dir=scratch / "index", encoder=made)
    assert not report.failed, report.failed[:3]
    files = sum(map(len, (report.indexed, report.duplicate)))
    counts = {"files": files, "articles": report.articles, "passages": report.passages}
    return {**counts, "peak MB": peak_mb()}


def markdown(figures: Figures) -> str:
    """One row."""
    row = " | ".join(form.format(figures[name]) for name, form in HEADS.items())
    return f"| {' | '.join(HEADS)} |\n{'|---' * len(HEADS)}|\n| {row} |"


if __name__ == "__main__":
    main()
