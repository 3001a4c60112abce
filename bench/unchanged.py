"""How long ``index`` takes over a folder of which nothing has changed.

    python -m bench.unchanged [../shared/data] [--articles 10000]

The files are those of ``bench/memory.py``, and so is what stands in for the encoder, which nothing unchanged asks for.
The second run is measured, as wall and as processor time. Writes ``bench/results/unchanged.md``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from bench.growth import Figures, apart
from bench.growth_corpus import MadeEncoder, RealCorpus
from bench.memory import written
from bench.reports import write_report

HEADS = {"files": "{:,.0f}", "unchanged": "{:,.0f}", "seconds": "{:.1f}", "CPU seconds": "{:.1f}"}


def main() -> None:
    """Write, index, index again, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--articles", type=int, default=10_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="isnad-unchanged-") as scratch:
        apart(written, args.root, Path(scratch) / "news", args.articles)
        figures = apart(indexed_again, args.root, Path(scratch), args.articles)
    row = " | ".join(form.format(figures[name]) for name, form in HEADS.items())
    table = f"| {' | '.join(HEADS)} |\n{'|---' * len(HEADS)}|\n| {row} |"
    print(write_report("unchanged", "python -m bench.unchanged", table).read_text("utf-8"))


def indexed_again(root: Path, scratch: Path, count: int) -> Figures:
    """What a second run over the folder costs."""
    from rag.encoding.loading import load_encoder
    from rag.ingestion.indexing import index_articles
    from rag.settings import Settings

    made = MadeEncoder(load_encoder(Settings.load()), RealCorpus.load(root), seed=0)
    folders, index = [scratch / "news"], scratch / "index"
    index_articles(folders, index_dir=index, encoder=made)
    began, spent = time.perf_counter(), time.process_time()
    report = index_articles(folders, index_dir=index, encoder=made)
    seconds, processor = time.perf_counter() - began, time.process_time() - spent
    return {"files": count, "unchanged": len(report.unchanged), "seconds": seconds, "CPU seconds": processor}


if __name__ == "__main__":
    main()
