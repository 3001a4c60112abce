"""Attacks on connections and places, by raw sockets against a server of its own: none stops the next question."""

from __future__ import annotations

import http.client
import json
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT

SERVER = """
import resource, sys, threading
from dataclasses import replace
from pathlib import Path
from rag.asking import Started
from rag.serving import server, telemetry
from rag.serving.connections import Bounds
from rag.serving.api import build_api
from rag.serving.gate.bodies import BodyRoom, Pace
from rag.settings import Settings
from tests.fake_assistant import FakeAssistant

class Model(FakeAssistant):  # a question of "wait" is one whose model takes for ever, and says a word now and then
    def stream(self, question):
        if "wait" in getattr(question, "text", question):
            while True:
                yield Started("1", "wait", "en")
                threading.Event().wait(0.05)
        yield from super().stream(question)

settings = Settings(index_dir=Path(sys.argv[1]), port=0, questions_per_minute=10_000, max_concurrent=2)
listener = server.listen(settings)
listener.listen()  # what comes before uvicorn does waits
app = build_api(settings, Model())
site = replace(app.state.site, bodies=BodyRoom(1_000_000, Pace(float(sys.argv[2]), bytes_per_s=100_000)))
app.state.site = next(each for each in app.user_middleware if "site" in each.kwargs).kwargs["site"] = site
embed = site.embeds.create("page", ["https://page.example"]).id
telemetry.configure_logging()
print(listener.getsockname()[1], embed, flush=True)
server.run(app, listener, settings, bounds=Bounds(total=40, each=20, head=0.5, stall=0.5))
"""
GRACE_S = 1.5
QUESTION = {"question": "Which countries formed the joint staff?"}


class Victim:
    """A server under attack."""

    def __init__(self, pid: int, port: int, embed: str, log: Path) -> None:
        self.pid, self.port, self.embed, self.log = pid, port, embed, log
        self.url = f"http://127.0.0.1:{port}"

    def connect(self, sent: str = "", source: str = "127.0.0.1") -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), 5, source_address=(source, 0))
        connection.sendall(sent.encode())
        return connection

    def asks(self) -> int:
        """The status of an honest question, from an address of its own."""
        with httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.9"), timeout=5) as client:
            return client.post(f"{self.url}/api/v1/ask", json=QUESTION).status_code

    def peers(self) -> set[int]:
        """The ports at the other end of connections that the server has open."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        own = [row for row in rows if int(row[1].rpartition(":")[2], 16) == self.port and row[9] != "0"]
        return {int(row[2].rpartition(":")[2], 16) for row in own}

    def post(self, path: str, body: str, length: int = 0) -> str:
        """A request whose body is of ``length``, or as long as it is."""
        origin = "https://page.example" if path.startswith("/embed") else self.url
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nOrigin: {origin}\r\n"
        return f"{head}Content-Type: application/json\r\nContent-Length: {length or len(body)}\r\n\r\n{body}"


@contextmanager
def attacked(folder: Path) -> Iterator[Victim]:
    log = folder / "log"
    with (
        log.open("w") as told,
        subprocess.Popen(
            [sys.executable, "-c", SERVER, str(folder), str(GRACE_S)],
            stdout=subprocess.PIPE, stderr=told, text=True, cwd=ROOT,
        ) as process,
    ):  # fmt: skip
        try:
            assert process.stdout is not None
            port, embed = process.stdout.readline().split()
            yield Victim(process.pid, int(port), embed, log)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    with attacked(tmp_path_factory.mktemp("attacked")) as victim:
        assert victim.asks() == 200  # it is up
        yield victim


def answer_of(connection: socket.socket) -> tuple[int, str]:
    """The status and the code of the error that comes."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, json.loads(response.read())["error"]["code"]


def seconds_until_closed(connection: socket.socket, fed: str = "") -> float:
    """How long the server keeps a connection, which is sent something ten times a second."""
    begun = time.monotonic()
    connection.settimeout(0.1)
    while time.monotonic() - begun < 5:
        try:
            connection.sendall(fed.encode())
            if not connection.recv(65536):
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - begun


def test_unfinished_bodies_take_no_place_and_end_in_time(victim: Victim) -> None:
    paths = ("/api/v1/ask", f"/embed/{victim.embed}/ask", "/v1/embeddings", "/v1/chat/completions", "/mcp")
    requests = [victim.post(path, sent, length=1000) for path in paths for sent in ("", '{"question": "')]
    with ExitStack() as held:
        unfinished = [held.enter_context(victim.connect(request)) for request in requests]
        begun = time.monotonic()
        assert victim.asks() == 200
        assert time.monotonic() - begun < GRACE_S  # none of them has been ended yet
        answers = [answer_of(connection) for connection in unfinished]
    assert answers == [(408, "too_slow")] * len(answers)


def test_a_body_that_drips_ends_in_time(victim: Victim) -> None:
    with victim.connect(victim.post("/api/v1/ask", "", length=1000)) as dripping:
        assert seconds_until_closed(dripping, " ") < GRACE_S + 3


@pytest.mark.parametrize(
    ("sent", "fed"),
    [
        ("", ""),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", ""),
        ("GET / HTTP/1.1\r\n", "X-Drip: 1\r\n"),
        ("", "\r\n"),
        ("GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /", ""),  # a whole request, and half of one
        ("POST /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999\r\n\r\n", "x"),  # refused, and sent on
    ],
)
def test_idle_and_half_sent_requests_end_after_moments(victim: Victim, sent: str, fed: str) -> None:
    with victim.connect(sent) as idle:
        assert seconds_until_closed(idle, fed) < 3


def test_a_connection_that_has_asked_may_wait_for_its_next_question(victim: Victim) -> None:
    with httpx.Client(base_url=victim.url) as client:
        assert client.get("/livez").status_code == 200
        time.sleep(0.8)
        connection = client._transport._pool.connections[0]  # type: ignore[attr-defined]
        assert not connection.has_expired()
        assert client.get("/livez").status_code == 200
        assert client._transport._pool.connections == [connection]  # type: ignore[attr-defined]


@pytest.mark.parametrize("addresses", [1, 6])
def test_whoever_holds_many_connections_closes_his_own(victim: Victim, addresses: int) -> None:
    with ExitStack() as held:
        for number in range(120):
            held.enter_context(victim.connect("GET / HTTP/1.1\r\n", f"127.0.0.{10 + number % addresses}"))
        begun = time.monotonic()
        assert [victim.asks() for _ in range(3)] == [200] * 3
        assert time.monotonic() - begun < 3


def test_with_all_its_connections_at_work_an_address_is_told(victim: Victim) -> None:
    with ExitStack() as held:
        for _ in range(20):
            held.enter_context(victim.connect(victim.post("/api/v1/ask", "", length=1000)))
        time.sleep(0.3)  # until all have begun
        with victim.connect() as refused:
            assert answer_of(refused) == (503, "busy")


@pytest.mark.parametrize("path", ["/api/v1/ask", "/embed/{embed}/ask", "/v1/chat/completions", "/v1/responses"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_caller_who_leaves_frees_the_place(victim: Victim, path: str, stream: bool) -> None:
    body: dict[str, object] = {"question": "wait"} if "v1/ask" in path or "embed" in path else {"model": "isnad"}
    body |= {"messages": [{"role": "user", "content": "wait"}]} if "chat" in path else {}
    body |= {"input": "wait"} if "responses" in path else {}
    for _ in range(2):
        with victim.connect(victim.post(path.format(embed=victim.embed), json.dumps({**body, "stream": stream}))):
            time.sleep(0.1)
    begun = time.monotonic()
    assert victim.asks() == 200
    assert time.monotonic() - begun < 3  # and not the ten seconds that one waits for a place


def test_a_reader_who_takes_nothing_is_left(victim: Victim) -> None:
    with socket.socket() as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect(("127.0.0.1", victim.port))
        request = "GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        lazy.sendall((request * 100).encode())
        assert until(lambda: local(lazy) in victim.peers())
        assert until(lambda: local(lazy) not in victim.peers(), 10)


def local(connection: socket.socket) -> int:
    """The port of our end."""
    return int(connection.getsockname()[1])


def until(holds: Callable[[], bool], seconds: float = 5) -> bool:
    ends = time.monotonic() + seconds
    while not holds() and time.monotonic() < ends:
        time.sleep(0.05)
    return holds()


def test_out_of_files_it_says_so_once_and_serves_on(victim: Victim) -> None:
    before = victim.log.stat().st_size
    most = resource.prlimit(victim.pid, resource.RLIMIT_NOFILE)
    with ExitStack() as held:
        resource.prlimit(victim.pid, resource.RLIMIT_NOFILE, (10, most[1]))  # it has more than that already
        held.callback(resource.prlimit, victim.pid, resource.RLIMIT_NOFILE, most)
        for number in range(30):
            held.enter_context(victim.connect("GET / HTTP/1.1\r\n", f"127.0.0.{10 + number % 6}"))
        assert until(lambda: b"No connection can be taken" in victim.log.read_bytes()[before:])
        time.sleep(1.2)  # asyncio tries again every second
    assert until(lambda: victim.asks() == 200)
    log = victim.log.read_text()[before:]
    assert log.count("No connection can be taken: Too many open files") == 1
    assert len(log) < 20_000
