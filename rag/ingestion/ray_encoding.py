"""Encoding on a Ray cluster: a batch is a Ray dataset of shards, which the cluster encodes side by side.

This process reads, cuts and, alone, writes; its workers do what is slow. Whatever is committed stays, so a run that was
killed goes on like any other: by being run again. Ray (Moritz et al. 2018, "Ray: A Distributed Framework for Emerging
AI Applications") is optional, and imported only when it is asked for.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

import rag
from rag.documents import Article, Passage
from rag.encoding.encoder import Encoder
from rag.encoding.loading import load_encoder
from rag.errors import EncoderError, IsnadError
from rag.ingestion.passage_encoding import encode_passages
from rag.settings import Settings
from rag.store.profile import Profile
from rag.store.rows import EncodedPassage

SHARD_PASSAGES = 64  # of one task: some seconds of one core, and 2 MB to send back
SHARDS_PER_CPU = 4  # in a batch, so that few cores idle at its end; both batches under way are 13 MB a core here
_CONNECT_S = 10  # a guess: a port in a local network answers within milliseconds
INSTALL = "pip install 'ray[data]>=2.60,<3'"


@dataclass(frozen=True, slots=True)
class Shard:
    """Passages for one task, each with its article, whose text is left out."""

    passages: Sequence[tuple[Article, Passage]]


@dataclass(frozen=True, slots=True)
class EncodedShard:
    """What one task gives back, in the shard's order."""

    passages: Sequence[EncodedPassage]


@dataclass(frozen=True, slots=True)
class ShardEncoder:
    """What a worker does. ``profile`` is that of the process it works for."""

    settings: Settings
    profile: Profile

    def encode(self, shard: Shard) -> EncodedShard:
        """Raises EncoderError, also where this machine's encoder is another one."""
        encoder = _loaded(self.settings)
        if Profile.current(encoder.fingerprint) != self.profile:
            raise EncoderError(
                f"The encoder {encoder.fingerprint.name} on {socket.gethostname()} differs from the one here.",
                "Install the same requirements on every machine of the cluster.",
            )
        alone = [(article, [passage]) for article, passage in shard.passages]
        return EncodedShard([encoded for (encoded,) in encode_passages(encoder, alone)])


@lru_cache(maxsize=1)  # a worker's process outlives the task, and so does its encoder
def _loaded(settings: Settings) -> Encoder:
    return load_encoder(settings)


class ShardedEncoding:
    """Encodes batches in shards. ``run`` turns shards into encoded ones, in order, on ``cpus`` cores."""

    def __init__(
        self, run: Callable[[Sequence[Shard]], Iterable[EncodedShard]], cpus: int, shard_passages: int = SHARD_PASSAGES
    ) -> None:
        self._run = run
        self._shard_passages = shard_passages
        self.batch_passages = shard_passages * SHARDS_PER_CPU * max(1, cpus)

    def encode(self, articles: Sequence[tuple[Article, Sequence[Passage]]]) -> Iterator[list[EncodedPassage]]:
        """As :func:`rag.ingestion.passage_encoding.encode_passages`; a long article may be in several shards."""
        encoded = chain.from_iterable(shard.passages for shard in self._run(shards_of(articles, self._shard_passages)))
        for _, passages in articles:
            yield list(islice(encoded, len(passages)))


def shards_of(articles: Sequence[tuple[Article, Sequence[Passage]]], size: int = SHARD_PASSAGES) -> list[Shard]:
    """All passages in order, ``size`` a shard."""
    heads = ((replace(article, text=""), passages) for article, passages in articles)
    rest = ((head, passage) for head, passages in heads for passage in passages)
    return [Shard(found) for found in iter(lambda: list(islice(rest, size)), [])]


@contextmanager
def on_ray(address: str, settings: Settings, profile: Profile) -> Iterator[ShardedEncoding]:
    """The cluster at ``address`` (``HOST:PORT``, ``auto``, or ``local`` for one on this machine) while it is needed.

    The package travels to the workers; what it requires must be installed there. Raises EncoderError without Ray or
    without a cluster.
    """
    ray = _imported()
    shipped = {"py_modules": [str(Path(rag.__file__).parent)]}
    try:
        _require_listener(address)
        ray.init(address, runtime_env=shipped, logging_level=logging.ERROR, log_to_driver=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise EncoderError(
            f"No Ray cluster answers at {address!r}: {error}",
            "Start one with `ray start --head`, or give `local` for one on this machine.",
        ) from error
    # nothing else of the settings is a worker's business, least of all the keys
    told = {
        name: getattr(settings, name) for name in ("encoder", "encoder_dimension", "device", "backend", "cache_dir")
    }
    worker = ShardEncoder(replace(Settings(), **told), profile)
    try:
        with redirect_stdout(sys.stderr):  # where Ray tells what befalls its machines; a report must stand alone
            run = _RayRun(ray, worker)
            try:
                yield ShardedEncoding(run, int(ray.cluster_resources().get("CPU", 1)))
            finally:
                run.stop()
    finally:
        ray.shutdown()


class _RayRun:
    def __init__(self, ray: Any, worker: ShardEncoder) -> None:
        self._ray = ray
        self._worker = worker
        self._stopping = threading.Event()
        self._running = threading.Lock()
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.execution_options.preserve_order = True

    def __call__(self, shards: Sequence[Shard]) -> Iterator[EncodedShard]:
        if not shards:
            return
        with self._running:
            self._require_running()
            yield from self._encoded(shards)

    def stop(self) -> None:
        """Return once no thread waits for Ray any more, after a shard at most: it must not be shut down before."""
        self._stopping.set()
        with self._running:
            pass

    def _require_running(self) -> None:
        if self._stopping.is_set():
            raise EncoderError("The run was stopped.", "What was committed is kept: run the same command again.")

    def _encoded(self, shards: Sequence[Shard]) -> Iterator[EncodedShard]:
        rows = self._ray.data.from_items([{"shard": shard} for shard in shards], override_num_blocks=len(shards))
        try:
            for row in rows.map(_encode_row, fn_kwargs={"worker": self._worker}).iter_rows():
                self._require_running()
                if isinstance(row["encoded"], IsnadError):
                    raise row["encoded"]
                yield row["encoded"]
        except self._ray.exceptions.RayError as error:
            from_task = isinstance(error, self._ray.exceptions.RayTaskError)
            raise _failed(str(error), from_task) from error


def _encode_row(row: dict[str, Any], worker: ShardEncoder) -> dict[str, Any]:
    """The row's shard encoded, or the error that says why not: raised, it would arrive as one of Ray's."""
    try:
        return {"encoded": worker.encode(row["shard"])}
    except IsnadError as error:
        return {"encoded": error}


def _failed(said: str, from_task: bool) -> EncoderError:
    """A task's failure is told by a traceback, which ends in what it was; any other begins with it."""
    lines = said.strip().partition("\n\n")[0].splitlines() or ["it does not say why."]
    return EncoderError(
        f"The Ray cluster failed: {lines[-1 if from_task else 0].strip()}",
        "What was committed is kept: mend the cluster and run the same command again.",
    )


def _require_listener(address: str) -> None:
    """Raises OSError where nothing listens at HOST:PORT: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if port.isdecimal():
        socket.create_connection((host, int(port)), timeout=_CONNECT_S).close()


def _imported() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would report to its makers
    try:
        import ray
        import ray.data
    except ImportError:
        raise EncoderError("--ray needs Ray, which is not installed.", f"Install it: {INSTALL}") from None
    for name in ("ray", "ray.data"):  # what is worth telling is told by our own errors
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return ray
