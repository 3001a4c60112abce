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
from urllib.parse import urlsplit

from rag.commands.finding import Finding, problem
from rag.commands.model_checks import check_models
from rag.encoding.encoder import Fingerprint
from rag.encoding.loading import load_encoder
from rag.errors import AnswererError, IsnadError, SettingsError, StorageError
from rag.serving.gate.access import is_loopback
from rag.settings import Settings, table, unused_endpoint

# The converted encoder takes about 130 MB, the index of 10,000 articles about 1 GB.
_SPACE_NEEDED = 500 * 2**20  # bytes: the converted models take 170 MB, the rest is room for an index
_ENDPOINT_PATIENCE_S = 5.0  # a bound: a healthy endpoint lists its models at once
_FEW_TOKENS = 16
_ALIVE = ("cut_short", "filtered")  # endings of so short a completion that show the endpoint well


def examine(environ_settings: Callable[[], Settings]) -> Iterator[Finding]:
    """Every finding, as soon as it is known. Without usable settings nothing else can be checked."""
    yield Finding("program", "ok", f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    try:
        settings = environ_settings()
    except IsnadError as error:
        yield problem("settings", error)
        return
    checks = (check_settings, check_disk, check_corpus, check_engine, check_encoder, check_models)
    for check in (*checks, check_endpoint, check_port):
        try:
            yield from check(settings)
        except OSError as error:  # a folder that may not be entered
            yield problem(check.__name__.removeprefix("check_"), StorageError.of(error))


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
        yield problem("encoder", error)
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
        yield problem("index", error)
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
        yield problem("search", error)
        return
    address = urlsplit(settings.qdrant_url)
    if settings.qdrant_api_key and address.scheme == "http" and not is_loopback(address.hostname or ""):
        yield Finding("search", "warning", "The key of Qdrant is sent unencrypted.", "Give ISNAD_QDRANT_URL as https.")


def check_endpoint(settings: Settings) -> Iterator[Finding]:
    """The model endpoint, where one is configured, completes a few words (says how long that takes)."""
    amiss, cure = unused_endpoint(settings)
    if amiss:
        yield Finding("endpoint", "problem" if settings.llm_model else "warning", amiss, cure)
        return
    if not settings.llm_model:
        yield Finding("endpoint", "ok", "none configured: answers are extractive")
        return
    name, started = settings.openai_base_url or "the endpoint", time.perf_counter()
    try:
        _complete(settings)
    except SettingsError as error:
        yield problem("endpoint", error)
        return
    except AnswererError as error:
        if error.outcome not in _ALIVE:
            cure = (error.outcome == "unknown_model" and _offered(settings)) or error.hint
            yield Finding("endpoint", "problem", f"{name}: {error.message}", cure)
            return
    took = time.perf_counter() - started
    yield Finding("endpoint", "ok", f"{name} answers with {settings.llm_model}, {took:.1f} s for a few words")


def _complete(settings: Settings) -> None:
    """Asks for one short completion, as questions are asked. Raises AnswererError, SettingsError for the address."""
    from rag.generation.endpoint import Endpoint, Limits
    from rag.generation.prompts import Message

    limits = Limits(settings.llm_seconds, settings.llm_first_token_seconds, max_tokens=_FEW_TOKENS, retries=1)
    address, key = settings.openai_base_url, settings.openai_api_key
    endpoint = Endpoint(address, key, settings.llm_model, limits, settings.llm_reasoning)
    try:
        list(endpoint.stream([Message("user", "Answer with one word: are you there?")]))
    finally:
        endpoint.close()


def _offered(settings: Settings) -> str:
    """The cure for a model that the endpoint does not know: those it lists. Empty where it lists none."""
    import openai

    from rag.generation.endpoint_client import client_options

    options = client_options(settings.openai_base_url, settings.openai_api_key)
    try:
        offered = [str(model.id) for model in openai.OpenAI(timeout=_ENDPOINT_PATIENCE_S, **options).models.list()]
    except (openai.OpenAIError, ValueError, TypeError, AttributeError):  # the client trusts the answer's shape
        return ""
    return f"It lists: {', '.join(offered[:10])}. Set ISNAD_LLM_MODEL to one of them." if offered else ""


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
        yield problem("repair", error)
        return
    if done.saved is None:
        yield Finding("repair", "ok", f"the store is sound; generation {done.manifest.generation} serves")
    elif done.saved.lost:
        message = f"{done.saved.articles} articles saved, {done.saved.lost} lost; the damaged store is kept aside."
        yield Finding("repair", "warning", message, "Read the lost ones again: python -m rag index")
    else:
        yield Finding("repair", "ok", f"all {done.saved.articles} articles saved from a damaged store")
