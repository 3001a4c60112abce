"""A model endpoint on loopback that misbehaves on demand: a real HTTP server, one case a model name.

Ask it for the model ``good`` and it streams an answer; ask for ``silent`` and it never says a word. The cases are those
of the client's hazards (statuses, stalls, drips, resets, broken and mistyped bodies, answers without end) and those of
:mod:`tests.imitated_endpoints` and :mod:`tests.unusual_endpoints`.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.imitated_endpoints import IMITATED, SAID
from tests.unusual_endpoints import UNUSUAL

KEY = "sk-test-key-that-must-not-leak"
_HTML = b"<!doctype html><title>Sign in</title><p>Please sign in."


class FaultyEndpoint(ThreadingHTTPServer):
    """``requests`` are the bodies received, ``left`` is set when a caller went away while the server was writing."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[dict[str, Any]] = []
        self.seen: Counter[str] = Counter()
        self.left = threading.Event()
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that leave are the point of many cases."""


@contextmanager
def running() -> Iterator[FaultyEndpoint]:
    server = FaultyEndpoint()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: FaultyEndpoint
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.reply(200, json.dumps({"object": "list", "data": [{"id": "good", "object": "model"}]}).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        case = str(body["model"])
        self.server.requests.append(body)
        self.server.seen[case] += 1
        self.close_connection = True
        try:
            CASES[case](self, body)
        except (BrokenPipeError, ConnectionResetError):
            self.server.left.set()

    # What the cases are made of.

    def reply(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status: int, message: str, code: str | None = None, **headers: str) -> None:
        error = {"error": {"message": message, "type": "invalid_request_error", "code": code, "param": None}}
        self.reply(status, json.dumps(error).encode(), **headers)

    def begin(self, body: bytes = b"", kind: str = "text/event-stream; charset=utf-8") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        self.end_headers()
        self.send(body)

    def send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def event(self, value: object) -> None:
        self.send(b"data: " + (value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n\n")

    def say(self, text: object, finish: str | None = None) -> None:
        self.event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]})

    def stop(self) -> None:
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.event(b"[DONE]")

    def stream(self, *texts: object) -> None:
        self.begin()
        for text in texts:
            self.say(text)
        self.stop()

    def hang(self) -> None:
        """Says nothing more until the caller leaves or the test ends."""
        self.connection.settimeout(0.05)
        while not self.server.stopping.is_set():
            try:
                if not self.connection.recv(1):
                    self.server.left.set()
                    return
            except TimeoutError:
                continue

    def keep(self, action: Callable[[], None], pause_s: float = 0.02) -> None:
        """Goes on for ever, or until the caller leaves."""
        while not self.server.stopping.is_set():
            action()
            time.sleep(pause_s)

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _good(h: _Handler, body: dict[str, Any]) -> None:
    h.stream(*[SAID[i : i + 5] for i in range(0, len(SAID), 5)])


def _once(first: Callable[[_Handler, dict[str, Any]], None]) -> Callable[[_Handler, dict[str, Any]], None]:
    def case(h: _Handler, body: dict[str, Any]) -> None:
        (first if h.server.seen[body["model"]] == 1 else _good)(h, body)

    return case


def _overflow(h: _Handler, body: dict[str, Any]) -> None:
    message = "This model's maximum context length is 4096 tokens. However, your messages resulted in 9000 tokens."
    h.refuse(400, message, "context_length_exceeded")


def _overflow_of_two(h: _Handler, body: dict[str, Any]) -> None:
    (_overflow if "passage 2" in json.dumps(body["messages"]) else _good)(h, body)


def _plain_options(h: _Handler, body: dict[str, Any]) -> None:
    if "max_tokens" in body:
        h.refuse(
            400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", "unsupported_parameter"
        )
    elif "temperature" in body:
        h.refuse(400, "Unsupported value: 'temperature' does not support 0.", "unsupported_value")
    else:
        _good(h, body)


def _after(start: str, then: Callable[[_Handler], None]) -> Callable[[_Handler, dict[str, Any]], None]:
    """Streams some text, then does something else."""

    def case(h: _Handler, body: dict[str, Any]) -> None:
        h.begin()
        if start:
            h.say(start)
        then(h)

    return case


def _headers_drip(h: _Handler, body: dict[str, Any]) -> None:
    h.send(b"HTTP/1.1 200 OK\r\n")
    h.keep(lambda: h.send(b"X-Wait: 1\r\n"))


def _drip(h: _Handler) -> None:
    event = b'data: {"choices": [{"delta": {"content": "x"}}]}' + b" " * 100_000
    for i in range(len(event)):
        h.send(event[i : i + 1])
        time.sleep(0.02)


def _whole(content: object, finish: str | None = "stop") -> Callable[[_Handler, dict[str, Any]], None]:
    reply = {"choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}]}
    return lambda h, body: h.reply(200, json.dumps(reply).encode())


def _events(*values: object) -> Callable[[_Handler, dict[str, Any]], None]:
    def case(h: _Handler, body: dict[str, Any]) -> None:
        h.begin()
        for value in values:
            h.event(value)

    return case


def _chunk(content: object) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": content}}]}


def _usage_chunks(h: _Handler, body: dict[str, Any]) -> None:
    role = {"choices": [{"delta": {"role": "assistant", "content": None}}]}
    finish = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
    usage = {"choices": [], "usage": {"total_tokens": 9}}
    _events({"choices": [], "usage": None}, role, _chunk(SAID), finish, usage, b"[DONE]")(h, body)


def _pings_between(h: _Handler, body: dict[str, Any]) -> None:
    h.begin(b": ping\n\n")
    h.say(SAID)
    h.send(b": ping\n\n")
    h.stop()


def _crlf(h: _Handler, body: dict[str, Any]) -> None:
    h.begin(b"data: " + json.dumps(_chunk(SAID)).encode() + b"\r\n\r\n")
    h.stop()


def _structured(*items: object) -> Callable[[_Handler, dict[str, Any]], None]:
    """Answers in JSON where a schema is given, in small pieces, and in plain text where none is."""
    text = json.dumps({"sentences": items}, ensure_ascii=False)

    def case(h: _Handler, body: dict[str, Any]) -> None:
        if "response_format" in body:
            h.stream(*[text[i : i + 7] for i in range(0, len(text), 7)])
        else:
            _good(h, body)

    return case


def _refuses_schema(status: int, message: str) -> Callable[[_Handler, dict[str, Any]], None]:
    return lambda h, body: h.refuse(status, message) if "response_format" in body else _good(h, body)


def _item(sentence: str, words: str, *passages: int) -> dict[str, object]:
    return {"words_of_the_passage": words, "sentence": sentence, "passages": passages}


_LEAK = f"Incorrect API key provided: {KEY}."

CASES: dict[str, Callable[[_Handler, dict[str, Any]], None]] = {
    # answers
    "good": _good,
    "whole": _whole(SAID),
    "usage_chunks": _usage_chunks,
    "pings_between": _pings_between,
    "crlf": _crlf,
    "done_only": _events(_chunk(SAID), b"[DONE]"),
    "finish_only": _events({"choices": [{"delta": {"content": SAID}, "finish_reason": "stop"}]}),
    "thinking": lambda h, body: h.stream("<thi", "nk>I wonder", " about 6 <", "/think>", "\n\n", SAID),
    "plain_options": _plain_options,
    "structured": _structured(
        _item("It sits in Tamanrasset.", "sits in Tamanrasset", 1), _item("Four states met.", "Four states met", 1)
    ),
    "structured_empty": _structured(),
    "structured_otherwise": lambda h, body: (
        h.stream('{"answer": "Four states met."}') if "response_format" in body else _good(h, body)
    ),
    "no_schema": _refuses_schema(400, "Unknown parameter: 'response_format'."),
    "no_schema_unnamed": _refuses_schema(400, "Bad request."),
    "no_schema_broken": _refuses_schema(500, "Oops."),
    "two_sentences": lambda h, body: h.stream("It sits in Tam", "anrasset [1", "]. Four states", " met [1]."),
    "leads_in": lambda h, body: h.stream(
        "This is known:\n- It sits in Tam", "anrasset [1].\n- Four states", " met [1]."
    ),
    "rate_limited_once": _once(lambda h, body: h.refuse(429, "Slow down.", Retry_After="0.05")),
    "server_error_once": _once(lambda h, body: h.refuse(500, "Oops.")),
    "reset_once": _once(lambda h, body: h.reset()),
    "overflow_of_two": _overflow_of_two,
    # answers that the articles do not bear out, or that nobody asked for
    "invents": lambda h, body: h.stream("Nine ships sank in 1871 [1]."),
    "invents_in_part": lambda h, body: h.stream(SAID, " It sits in Tamanrasset [1].", " Nine ships sank in 1871 [1]."),
    "other_language": lambda h, body: h.stream("اجتمعت أربع دول في شهر ماي لتشكيل هيئة أركان مشتركة [1]."),
    "cites_nothing_given": lambda h, body: h.stream("Four states met [7][8]."),
    # refusals by the model
    "refuses": lambda h, body: h.stream("NOT_IN", "_PASSAGES"),
    "refuses_in_lower_case": lambda h, body: h.stream(" not_in_passages."),
    "refuses_late": lambda h, body: h.stream("I am sorry. ", "NOT_IN_", "PASSAGES"),
    # statuses
    "wrong_key": lambda h, body: h.refuse(401, _LEAK, "invalid_api_key"),
    "forbidden": lambda h, body: h.refuse(403, _LEAK),
    "unknown_model": lambda h, body: h.refuse(404, "The model does not exist.", "model_not_found"),
    "rate_limited": lambda h, body: h.refuse(429, "Slow down.", Retry_After="120"),
    "rate_limited_date": lambda h, body: h.refuse(429, "Slow down.", Retry_After="Wed, 21 Oct 2037 07:28:00 GMT"),
    "no_quota": lambda h, body: h.refuse(429, "You exceeded your current quota.", "insufficient_quota"),
    "server_error": lambda h, body: h.refuse(503, "Overloaded."),
    "overflow": _overflow,
    "bad_request": lambda h, body: h.refuse(400, "No."),
    "redirect": lambda h, body: h.reply(302, b"", Location="http://model.invalid/steal"),
    # pages and broken bodies
    "html_200": lambda h, body: h.reply(200, _HTML, "text/html"),
    "html_502": lambda h, body: h.reply(502, _HTML, "text/html"),
    "broken_json": _events(_chunk("Four "), b'{"choices": [{"delta": {"con'),
    "not_events": lambda h, body: h.begin(bytes(range(256)) * 40),
    "choices_text": _events({"choices": "Four"}, b"[DONE]"),
    "choices_numbers": _events({"choices": [4]}, b"[DONE]"),
    "delta_text": _events({"choices": [{"delta": "Four"}]}, b"[DONE]"),
    "content_number": _events(_chunk(4), b"[DONE]"),
    "list_event": _events([1, 2], b"[DONE]"),
    "whole_broken": lambda h, body: h.reply(200, b'{"choices": ['),
    "whole_list": lambda h, body: h.reply(200, b"[]"),
    "error_event": _events(_chunk("Four "), {"error": {"message": _LEAK}}),
    # nothing in it
    "null_choices": _events({"choices": None}, b"[DONE]"),
    "empty_choices": _events({"choices": []}, b"[DONE]"),
    "null_content": lambda h, body: h.stream(None),
    "empty_content": lambda h, body: h.stream(""),
    "white_space": lambda h, body: h.stream(" ", "\n"),
    "whole_empty": _whole(None),
    "only_thinking": lambda h, body: h.stream("<think>hm"),
    "no_events": lambda h, body: h.begin(),
    # time
    "silent": lambda h, body: h.hang(),
    "headers_drip": _headers_drip,
    "stalls_at_once": _after("", lambda h: h.hang()),
    "pings_only": _after("", lambda h: h.keep(lambda: h.send(b": ping\n\n"))),
    "drip": _after("", _drip),
    "stalls": _after("Four ", lambda h: h.hang()),
    "pings_after": _after("Four ", lambda h: h.keep(lambda: h.send(b": ping\n\n"))),
    "slow_words": _after("Four ", lambda h: h.keep(lambda: h.say("more "), 0.1)),
    # ends
    "reset": lambda h, body: h.reset(),
    "reset_midway": _after("Four ", lambda h: h.reset()),
    "no_finish": _after("Four ", lambda h: None),
    "length": _after("Four ", lambda h: h.say("states", "length")),
    "filtered": _after("Four ", lambda h: h.say("", "content_filter")),
    "endless": _after("Four ", lambda h: h.keep(lambda: h.say("more " * 200), 0)),
    "endless_line": _after("Four ", lambda h: h.keep(lambda: h.send(b"x" * 65_536), 0)),
    **{name: case for name, (_, case) in (IMITATED | UNUSUAL).items()},
}
