"""Looks at everything an answer depends on and says what is wrong and how to mend it.

Each check is one function from the settings to findings.
"""

from __future__ import annotations

import os
import platform
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from rag.encoding.encoder import Fingerprint
from rag.encoding.loading import load_encoder
from rag.errors import IsnadError, StorageError
from rag.serving.gate.access import is_loopback
from rag.settings import Settings, table, unused_endpoint

# The converted encoder takes about 130 MB, the index of 10,000 articles about 1 GB.
_SPACE_NEEDED = 500 * 2**20  # bytes: the converted models take 170 MB, the rest is room for an index
_ENDPOINT_PATIENCE_S = 5.0  # a bound: a healthy endpoint lists its models at once


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; ``cure`` is one sentence, empty where nothing is wrong."""

    check: str
    state: Literal["ok", "warning", "problem"]
    message: str
    cure: str = ""


def examine(environ_settings: Callable[[], Settings]) -> Iterator[Finding]:
    """Every finding, as soon as it is known. Without usable settings nothing else can be checked."""
    yield Finding("program", "ok", f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    try:
        settings = environ_settings()
    except IsnadError as error:
        yield _problem("settings", error)
        return
    for check in (check_settings, check_disk, check_corpus, check_engine, check_encoder, check_endpoint, check_port):
        try:
            yield from check(settings)
        except OSError as error:  # a folder that may not be entered
            yield _problem(check.__name__.removeprefix("check_"), StorageError.of(error))


def check_settings(settings: Settings) -> Iterator[Finding]:
    """Names what differs from the defaults; secrets are never shown."""
    changed = [name for name, _, _ in table() if os.environ.get(name)]
    yield Finding("settings", "ok", "set in the environment: " + ", ".join(changed) if changed else "all by default")


def check_disk(settings: Settings) -> Iterator[Finding]:
    """The folders the program writes to can be written and have room."""
    for name, folder in (("index folder", settings.index_dir), ("cache folder", settings.cache_dir)):
        place = folder.absolute()
        existing = next(parent for parent in (place, *place.parents) if parent.exists())
        free = shutil.disk_usage(existing).free
        if not existing.is_dir():
            yield Finding(name, "problem", f"{existing} is not a folder.", "Remove it or name another folder.")
        elif not os.access(existing, os.W_OK | os.X_OK):
            yield Finding(name, "problem", f"{existing} cannot be written to.", "Correct its rights or name another.")
        elif free < _SPACE_NEEDED:
            cure = "Free some space or name a folder on another disk."
            yield Finding(name, "warning", f"{place}: only {free / 2**20:.0f} MB free.", cure)
        else:
            yield Finding(name, "ok", f"{place}, {free / 2**30:.1f} GB free")


def check_corpus(settings: Settings) -> Iterator[Finding]:
    """The folder of articles exists and is not empty."""
    folder = settings.corpus_dir
    if not folder.is_dir():
        cure = "Make it and put articles in, or set ISNAD_CORPUS_DIR."
        yield Finding("corpus", "warning", f"There is no folder {folder}.", cure)
    elif not any(path.is_file() for path in folder.rglob("*")):
        yield Finding("corpus", "warning", f"{folder} holds no file.", "Put articles in; corpus/README.md says how.")
    else:
        yield Finding("corpus", "ok", str(folder))


def check_encoder(settings: Settings) -> Iterator[Finding]:
    """The encoder loads and encodes (says how long a question takes); without it the index cannot be judged."""
    try:
        encoder = load_encoder(settings)
        encoder.encode_query("warm up")
        started = time.perf_counter()
        encoder.encode_query("Which countries formed the joint staff?")
    except IsnadError as error:
        yield _problem("encoder", error)
        return
    took = (time.perf_counter() - started) * 1000
    yield Finding("encoder", "ok", f"{encoder.fingerprint.name}, {took:.0f} ms a question")
    yield from check_index(settings, encoder.fingerprint)


def check_index(settings: Settings, fingerprint: Fingerprint) -> Iterator[Finding]:
    """Every byte of the index is as it was written, and this encoder made it."""
    from rag.index import repair
    from rag.index.engines import load_engine
    from rag.index.snapshot import Index
    from rag.store.schema import STORE_NAME

    damage = repair.check_index(settings.index_dir) if (settings.index_dir / STORE_NAME).is_file() else []
    for fault in damage:
        told = f"{fault[0].upper()}{fault[1:]}".removesuffix(".")
        yield Finding("index", "problem", f"{told}.", "Run: python -m rag doctor --repair")
    if damage:  # opening would mend some of it, and a check changes nothing
        return
    try:
        index = Index.open(settings.index_dir, fingerprint, load_engine(settings))
        manifest, whole = index.manifest, index.is_whole()
        index.close()
    except IsnadError as error:
        yield _problem("index", error)
        return
    if not whole:
        message = f"The search engine does not hold the {manifest.passages} passages that were published to it."
        yield Finding("index", "problem", message, "Run: python -m rag index")
        return
    counts = f"{manifest.articles} articles, {manifest.passages} passages"
    yield Finding("index", "ok", f"{counts}, generation {manifest.generation}")


def check_engine(settings: Settings) -> Iterator[Finding]:
    """What searches the index can be reached, and is told no secret in the clear."""
    from rag.index.engines import load_engine

    try:
        yield Finding("search", "ok", load_engine(settings).describe())
    except IsnadError as error:
        yield _problem("search", error)
        return
    address = urlsplit(settings.qdrant_url)
    if settings.qdrant_api_key and address.scheme == "http" and not is_loopback(address.hostname or ""):
        yield Finding("search", "warning", "The key of Qdrant is sent unencrypted.", "Give ISNAD_QDRANT_URL as https.")


def check_endpoint(settings: Settings) -> Iterator[Finding]:
    """The model endpoint, where one is configured, answers and offers the model."""
    amiss, cure = unused_endpoint(settings)
    if amiss:
        yield Finding("endpoint", "problem" if settings.llm_model else "warning", amiss, cure)
        return
    if not settings.llm_model:
        yield Finding("endpoint", "ok", "none configured: answers are extractive")
        return
    import openai

    name = settings.openai_base_url or "the endpoint"
    client = openai.OpenAI(
        base_url=settings.openai_base_url or None,
        api_key=settings.openai_api_key or "none",
        timeout=_ENDPOINT_PATIENCE_S,
        max_retries=0,
    )
    try:
        offered = [model.id for model in client.models.list()]
    except (openai.OpenAIError, ValueError, TypeError, AttributeError) as error:  # the client trusts the answer's shape
        message = f"{name} does not answer as it should ({type(error).__name__})."
        yield Finding("endpoint", "problem", message, "Start it, or correct OPENAI_BASE_URL and OPENAI_API_KEY.")
        return
    if settings.llm_model not in offered:
        message = f"{name} does not list the model {settings.llm_model}; some servers take any name."
        cure = f"It lists: {', '.join(offered[:10]) or 'none'}. Set ISNAD_LLM_MODEL to one of them."
        yield Finding("endpoint", "warning", message, cure)
    else:
        yield Finding("endpoint", "ok", f"{name} offers {settings.llm_model}")


def check_port(settings: Settings) -> Iterator[Finding]:
    """Nothing else listens where the server would."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        if sys.platform != "win32":  # as the server will: a port still in TIME_WAIT is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            message = f"{settings.host} port {settings.port} cannot be used: {error.strerror}."
            yield Finding(
                "port", "warning", message, "Unless Isnad itself is running there, set ISNAD_PORT to another."
            )
        else:
            yield Finding("port", "ok", f"{settings.host}:{settings.port} is free")


def mend(settings: Settings) -> Iterator[Finding]:
    """Save what a damaged store still holds and publish the index anew, encoding nothing."""
    from rag.index.engines import load_engine
    from rag.index.repair import repair_index

    try:
        done = repair_index(settings.index_dir, load_engine(settings))
    except IsnadError as error:
        yield _problem("repair", error)
        return
    if done.saved is None:
        yield Finding("repair", "ok", f"the store is sound; generation {done.manifest.generation} serves")
    elif done.saved.lost:
        message = f"{done.saved.articles} articles saved, {done.saved.lost} lost; the damaged store is kept aside."
        yield Finding("repair", "warning", message, "Read the lost ones again: python -m rag index")
    else:
        yield Finding("repair", "ok", f"all {done.saved.articles} articles saved from a damaged store")


def _problem(check: str, error: IsnadError) -> Finding:
    return Finding(check, "problem", error.message, error.hint)
