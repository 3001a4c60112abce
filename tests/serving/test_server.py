"""The socket is taken early and says who holds it; the server stops with its streams."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from rag.errors import SettingsError
from rag.serving import server
from rag.settings import Settings
from tests.conftest import ROOT


def test_a_port_in_use_names_the_port_the_process_and_the_cure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError) as caught:
            server.listen(Settings(port=port))

    assert f"Port {port} is in use by process {os.getpid()} (" in caught.value.message
    assert f"ISNAD_PORT={port + 1}" in caught.value.hint


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"port": 99999}, "99999"), ({"host": "192.0.2.1"}, "192.0.2.1"), ({"host": "::1%nowhere"}, "Cannot listen")],
)
def test_an_impossible_address_is_told(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        server.listen(replace(Settings(), **changes))


def test_the_socket_listens_where_told() -> None:
    with server.listen(Settings(port=0)) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_holders_of_no_port_are_nobody(tmp_path: Path) -> None:
    assert server.holder_of(1, tmp_path) == ""


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_starts_the_grace_and_the_second_ends_it(
    first: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping, told, ended = threading.Event(), list[str](), list[int]()
    monkeypatch.setattr(server, "end_at_once", ended.append)
    running = server._Server(uvicorn.Config(app=lambda: None), lambda: told.append("stop"), stopping, grace_s=0.05)

    running.handle_exit(first, None)
    assert (running.should_exit, told, ended) == (True, ["stop"], [])
    assert stopping.wait(2)
    running.handle_exit(signal.SIGTERM, None)
    assert (told, ended) == (["stop"], [signal.SIGTERM])


@pytest.mark.parametrize("under_nohup", [False, True])
def test_a_hang_up_stops_it_but_under_nohup(under_nohup: bool) -> None:
    running = server._Server(uvicorn.Config(app=lambda: None), lambda: None, threading.Event(), grace_s=0.05)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN if under_nohup else signal.SIG_DFL)
    try:
        with running.capture_signals():
            assert (signal.getsignal(signal.SIGHUP) == running.handle_exit) is not under_nohup
        assert signal.getsignal(signal.SIGHUP) is (signal.SIG_IGN if under_nohup else signal.SIG_DFL)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_an_idle_connection_is_kept_longer_than_clients_and_proxies_do(monkeypatch: pytest.MonkeyPatch) -> None:
    app = FastAPI()
    app.state.site = SimpleNamespace(stopping=threading.Event(), stop=lambda: None)
    kept: list[int] = []
    monkeypatch.setattr(server._Server, "run", lambda self, sockets: kept.append(self.config.timeout_keep_alive))
    with server.listen(Settings(port=0)) as listener:
        server.run(app, listener, Settings())

    assert kept[0] > 60


SLOW = """
import sys, time
from pathlib import Path
from rag.serving import server
from rag.serving.api import build_api
from rag.settings import Settings
from tests.fake_assistant import FakeAssistant
from tests.fakes import HashEncoder
settings = Settings(index_dir=Path(sys.argv[1]), port=0)
listener = server.listen(settings)
listener.listen()  # what comes before uvicorn does waits
class Slow(HashEncoder):
    def encode_passages(self, passages):
        for each in super().encode_passages(passages):
            time.sleep(0.05)
            yield each
app = build_api(settings, FakeAssistant(delay=float(sys.argv[3]), encoder=Slow()))
print(listener.getsockname()[1], flush=True)
server.run(app, listener, settings, grace_s=float(sys.argv[2]))
"""


@contextmanager
def _served(code: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """A process that prints its port before it listens on it, and a client that waits until it does."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as made:
        try:
            assert made.stdout is not None
            address, patient = f"http://127.0.0.1:{int(made.stdout.readline())}", httpx.HTTPTransport(retries=7)
            with httpx.Client(base_url=address, transport=patient, timeout=60) as client:
                yield made, client
        finally:
            made.kill()  # else leaving would wait for a server that nobody told to stop


@pytest.mark.parametrize(("grace", "last"), [(30.0, "end"), (0.5, "error")])
def test_a_stopped_server_lets_answers_finish_or_says_that_it_cannot(tmp_path: Path, grace: float, last: str) -> None:
    body = {"question": "Which countries formed the joint staff?", "stream": True}
    uploaded = {"articles": [{"text": f"Dam {number} opened on Monday."} for number in range(1000)]}  # a minute's work
    with _served(SLOW, str(tmp_path), str(grace), "0.15") as (process, client):
        assert client.post("/api/v1/articles", json=uploaded).status_code == 202
        with client.stream("POST", "/api/v1/ask", json=body) as response:
            lines = response.iter_lines()
            assert next(lines) == "event: start"
            process.send_signal(signal.SIGTERM)
            told = time.monotonic()
            names = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
        process.wait(60)

    assert time.monotonic() - told < 15  # the machine may be busy
    assert names[-1] == last
    assert process.returncode == -signal.SIGTERM  # uvicorn ends by the signal it was sent, which systemd calls clean


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGHUP])
def test_a_server_that_ingests_ends_within_ten_seconds(tmp_path: Path, first: signal.Signals) -> None:
    uploaded = {"articles": [{"text": f"Dam {number} opened on Monday."} for number in range(1000)]}  # a minute's work
    with _served(SLOW, str(tmp_path), "7", "0") as (process, client):
        job = client.post("/api/v1/articles", json=uploaded).json()["id"]
        while client.get(f"/api/v1/jobs/{job}").json()["state"] == "queued":
            time.sleep(0.05)
        process.send_signal(first)
        told = time.monotonic()
        process.wait(30)

    assert time.monotonic() - told < 10
    assert process.returncode == -signal.SIGTERM  # of a hang-up too, which uvicorn knows nothing of


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    body = {"question": "Which countries formed the joint staff?", "stream": True}
    slow = _served(SLOW, str(tmp_path), "30", "20")  # an answer that takes longer than the test
    with slow as (process, client), client.stream("POST", "/api/v1/ask", json=body) as response:
        lines = response.iter_lines()
        assert next(lines) == "event: start"
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        assert process.poll() is None, "the first lets the answer finish"
        process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        process.wait(30)

    assert time.monotonic() - told < 2
    assert process.returncode == -signal.SIGTERM


PROXIED = """
import sys
from pathlib import Path
from rag.serving import server
from rag.serving.api import build_api
from rag.settings import Settings
from tests.fake_assistant import FakeAssistant
proxies = tuple(sys.argv[2:])
settings = Settings(
    index_dir=Path(sys.argv[1]), port=0, questions_per_minute=1, trusted_proxies=proxies, insecure=True
)
listener = server.listen(settings)
listener.listen()  # what comes before uvicorn does waits
app = build_api(settings, FakeAssistant())
print(listener.getsockname()[1], flush=True)
server.run(app, listener, settings)
"""


@pytest.mark.parametrize(("proxies", "statuses"), [(["127.0.0.1"], [200, 429, 200]), ([], [200, 429, 429])])
def test_readers_behind_a_proxy_have_quotas_of_their_own_only_where_it_is_trusted(
    tmp_path: Path, proxies: list[str], statuses: list[int]
) -> None:
    arguments = [sys.executable, "-c", PROXIED, str(tmp_path), *proxies]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        url = f"http://127.0.0.1:{int(process.stdout.readline())}/api/v1/ask"
        readers = [{"X-Forwarded-For": address} for address in ("10.0.0.1", "10.0.0.1", "10.0.0.2")]
        try:
            told = [httpx.post(url, json={"question": "pays"}, headers=reader, timeout=60) for reader in readers]
        finally:
            process.terminate()

    assert [response.status_code for response in told] == statuses


def test_a_response_does_not_wait_for_the_clients_acknowledgement() -> None:
    """Its head and body are two writes; with Nagle's algorithm the second waits up to 40 ms for the first."""

    async def accepted() -> int:
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        class Seen(asyncio.Protocol):
            def connection_made(self, transport: Any) -> None:
                accepted = transport.get_extra_info("socket")
                told.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                transport.close()

        listener = server.listen(Settings(port=0))
        async with await asyncio.get_running_loop().create_server(Seen, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname()[:2])
            nodelay = await told
            writer.close()
            return nodelay

    assert asyncio.run(accepted()) == 1
