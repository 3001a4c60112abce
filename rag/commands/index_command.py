"""``python -m rag index``: reads articles into the index, shows how far it is, and reports what became of each."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from rag.commands import console
from rag.commands.command import Command, Run
from rag.commands.progress_bar import ProgressBar
from rag.commands.web_index import reports_in_json, rounds, seconds_of, show_reports, web_arguments, web_sources
from rag.errors import CorpusError, IsnadError

if TYPE_CHECKING:
    from rag.encoding.encoder import Encoder
    from rag.formats.drafts import FieldNames
    from rag.ingestion.passage_encoding import PassageEncoding
    from rag.ingestion.report import IngestionProgress, IngestionReport, ProgressCallback
    from rag.ingestion.web_sources import WebSourceReport

STDIN = Path("-")
_LOOK_EVERY_S = 2.0  # a bound: listing a folder of 10,000 files takes a tenth of it
_LISTED = 50  # files of one kind in a report; --json has all


def index(run: Run) -> int:
    """Bring the index in step with what is given; 1 when any of it failed."""
    from rag.encoding.loading import load_encoder
    from rag.formats.drafts import field_names
    from rag.formats.sandbox import recognise
    from rag.ingestion.web_addresses import is_url

    names = field_names(run.args.map)
    given = run.args.path or [str(run.settings.corpus_dir)]
    urls, paths = list(filter(is_url, given)), [Path(path) for path in given if not is_url(path)]
    if STDIN in paths and (len(given) > 1 or run.args.watch or run.args.rebuild or run.args.prune):
        raise CorpusError("`-` (articles from standard input) was given with more.", "Give it alone.")
    if (run.args.every and (paths or not urls)) or (run.args.watch and urls):
        raise CorpusError("Addresses are fetched --every so often, folders are put under --watch.", "Run them apart.")
    if run.args.ocr != "auto":
        recognise(run.args.ocr)
    turns = rounds(seconds_of(run.args.every) if run.args.every else 0)
    _require_models(run)
    encoder = load_encoder(run.settings, run.report)
    with _cluster(run, encoder) as cluster:
        once = partial(_index_once, run, encoder, paths, names, cluster)
        code = _show(run, once(run.args.rebuild)) if paths else 0
        code = max(code, _index_web(run, encoder, urls, cluster, turns)) if urls else code
        if run.args.watch:
            run.report("Watching for changes; Ctrl-C ends it.")
            for _ in changes(paths):
                try:
                    _show(run, once(rebuild=False))
                except IsnadError as error:  # the folder empty for a moment, another writer: the next change may do
                    console.show_error(run.err, error)
    return code


def _require_models(run: Run) -> None:
    """What is wrong with a reader or reranker: not needed here, but told before an hour's work rather than after it."""
    from rag.reader.loading import require_reader

    require_reader(run.settings)
    if run.settings.reranker:
        from rag.encoding.placement import Placement
        from rag.reranker.cross_encoder import reranker_folder

        reranker_folder(run.settings.reranker, Placement.of(run.settings))


def _index_web(
    run: Run, encoder: Encoder, urls: Sequence[str], cluster: PassageEncoding | None, turns: Iterable[None]
) -> int:
    """Fetch the addresses, once or at every turn; 1 when any of the last turn failed."""
    from rag.index.engines import load_engine
    from rag.ingestion.indexing import index_events

    code, sources = 0, web_sources(run, urls)
    for _ in turns:
        try:
            with ProgressBar(run.err, "indexing") as bar:
                report = index_events(
                    sources.events,
                    index_dir=run.settings.index_dir,
                    encoder=encoder,
                    engine=load_engine(run.settings),
                    progress=_progress(bar),
                    elsewhere=cluster,
                )
            code = _show(run, report, sources.reports)
        except IsnadError as error:  # another writer, a full disk: what was fetched comes again with the next turn
            if not run.args.every:
                raise
            console.show_error(run.err, error)
    return code


def _cluster(run: Run, encoder: Encoder) -> AbstractContextManager[PassageEncoding | None]:
    """Where passages are encoded, if not here."""
    if not run.args.ray:
        return nullcontext()
    from rag.ingestion.ray_encoding import on_ray
    from rag.store.profile import Profile

    return on_ray(run.args.ray, run.settings, Profile.current(encoder.fingerprint))


def changes(paths: Sequence[Path], sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Yields each time something under the paths has changed and then rested for one look. Ctrl-C ends it."""
    indexed = current = _snapshot(paths)
    try:
        while True:
            sleep(_LOOK_EVERY_S)
            before, current = current, _snapshot(paths)
            if current == before != indexed:
                indexed = current
                yield
    except KeyboardInterrupt:
        return


def _snapshot(paths: Sequence[Path]) -> frozenset[tuple[str, int, int]]:
    """(path, change time, size) of every file; one that vanishes meanwhile is not there."""
    found = set()
    for path in paths:
        for file in path.rglob("*") if path.is_dir() else (path,):
            try:
                status = file.stat()
            except OSError:
                continue
            found.add((str(file), status.st_mtime_ns, status.st_size))
    return frozenset(found)


def _index_once(
    run: Run,
    encoder: Encoder,
    paths: Sequence[Path],
    names: FieldNames,
    cluster: PassageEncoding | None,
    rebuild: bool,
) -> IngestionReport:
    from rag.formats.articles import read_bytes
    from rag.index.engines import load_engine
    from rag.ingestion.indexing import index_articles, index_given

    index_dir, engine = run.settings.index_dir, load_engine(run.settings)
    with ProgressBar(run.err, "indexing") as bar:
        progress = _progress(bar)
        if STDIN in paths:
            articles = read_bytes(sys.stdin.buffer.read(), "stdin.jsonl", names=names)
            return index_given(
                articles, index_dir=index_dir, encoder=encoder, engine=engine, progress=progress, elsewhere=cluster
            )
        return index_articles(
            paths,
            index_dir=index_dir,
            encoder=encoder,
            engine=engine,
            rebuild=rebuild,
            prune=run.args.prune,
            names=names,
            progress=progress,
            elsewhere=cluster,
        )


def _progress(bar: ProgressBar) -> ProgressCallback:
    def show(event: IngestionProgress) -> None:
        rate = f"{event.articles} articles, {event.passages_per_s:.0f} passages/s" if event.passages else ""
        bar("files", event.sources_done, event.sources, rate)

    return show


def _show(run: Run, report: IngestionReport, web: Sequence[WebSourceReport] = ()) -> int:
    if run.args.json:
        console.write_json(run.out, {**report.to_dict(), **reports_in_json(web)})
        return int(bool(report.failed))
    done = ", ".join(f"{count} {what}" for what, count in report.counts.items() if count) or "nothing to do"
    run.out.print(f"{done[0].upper()}{done[1:]}, in {report.seconds:.1f} s.")
    run.out.print(f"The index holds {report.articles} articles in {report.passages} passages.")
    show_reports(run, web)
    _list(run, "Failed", [f"{f.origin}: {f.reason} {f.hint}" for f in report.failed], "bold red")
    _list(run, "Skipped", _gathered([(s.origin, f"{s.reason} {s.hint}") for s in report.skipped]), "bold")
    _list(run, "Warnings", _gathered(report.warnings), "yellow")
    return int(bool(report.failed))


def _gathered(remarks: Sequence[tuple[str, str]]) -> list[str]:
    """A line for each remark, or one for all the files that share it, as those of one site do."""
    origins: dict[str, list[str]] = {}
    for origin, remark in remarks:
        origins.setdefault(remark, []).append(origin)
    return [
        f"{names[0]}{f' and {len(names) - 1} more' if len(names) > 1 else ''}: {remark}"
        for remark, names in origins.items()
    ]


def _list(run: Run, title: str, lines: Sequence[str], style: str) -> None:
    if lines:
        run.out.print(Text(f"{title}:", style=style))
    for line in lines[:_LISTED]:
        run.out.print(Text(f"  {console.isolate(line)}"))
    if len(lines) > _LISTED:
        run.out.print(f"  and {len(lines) - _LISTED} more (--json lists all)")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", nargs="*", metavar="PATH", help="folders, files, addresses of the web, or - for piped JSON lines"
    )
    parser.add_argument("--rebuild", action="store_true", help="read and encode everything anew (after a new encoder)")
    parser.add_argument("--prune", action="store_true", help="remove articles whose files are gone from the paths")
    parser.add_argument("--watch", action="store_true", help="go on, and index whatever changes")
    parser.add_argument(
        "--ocr",
        choices=("auto", "never", "always"),
        default="auto",
        help="recognise PDF pages without letters, none, or all, where tesseract is installed",
    )
    web_arguments(parser)
    parser.add_argument(
        "--map",
        default="",
        metavar="FIELD=NAME,...",
        help="what the fields are called in JSON and CSV files: title=headline,text=body",
    )
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="encode on a Ray cluster: HOST:PORT, or `local` for one on this machine (docs/ingestion.md)",
    )
    parser.add_argument("--json", action="store_true", help="write the report as JSON")


INDEX = Command(
    "index",
    "read articles into the index; only new and changed ones are encoded",
    """
    python -m rag index                          the folder corpus/, or ISNAD_CORPUS_DIR
    python -m rag index news/ report.html        other folders and files
    python -m rag index --watch --prune news/    and keep in step with it
    python -m rag index --every 15m https://example.org/feed.xml
    python -m rag index data.csv --map title=headline,text=body,date=published
    python -m rag index --ray 10.0.0.1:6379 archive/
    cat articles.jsonl | python -m rag index -
    """,
    _arguments,
    index,
)
