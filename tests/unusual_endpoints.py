"""What endpoints may do that no known server was seen to do, and what known ones do rarely.

Each case has the row of ``docs/models.md`` that tells it, as those of :mod:`tests.imitated_endpoints`.
"""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

from tests.imitated_endpoints import SAID, Case

_STOP: dict[str, Any] = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
_THOUGHT = "The user asks who met. Passage 1 says it."
_QUOTED = "Four states met – “in May” [1]."


def _said(content: object = SAID, finish: object = None, **more: object) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content, **more}, "finish_reason": finish}]}


def _events(*values: object) -> Case:
    """A stream of these events; text goes out as it is."""

    def case(h: Any, body: dict[str, Any]) -> None:
        h.begin()
        for value in values:
            h.event(value.encode() if isinstance(value, str) else value)

    return case


def _bytes(text: str, kind: str = "text/event-stream") -> Case:
    return lambda h, body: h.begin(text.encode(), kind)


def _split(h: Any, body: dict[str, Any]) -> None:
    """Every byte by itself, and so every letter beyond ASCII in parts."""
    event = "data: " + json.dumps(_said(_QUOTED, "stop"), ensure_ascii=False) + "\n\ndata: [DONE]\n\n"
    h.begin()
    for byte in event.encode():
        h.send(bytes([byte]))


def _zipped(h: Any, body: dict[str, Any]) -> None:
    stream = "".join(f"data: {json.dumps(each)}\n\n" for each in (_said(), _STOP))
    h.reply(200, gzip.compress(stream.encode()), "text/event-stream", Content_Encoding="gzip")


def _chunked(*chunks: str, whole: bool) -> Case:
    """A body in chunks of HTTP, the last of which is cut where it is not ``whole``."""

    def case(h: Any, body: dict[str, Any]) -> None:
        h.send_response(200)
        h.send_header("Content-Type", "text/event-stream")
        h.send_header("Transfer-Encoding", "chunked")
        h.end_headers()
        for chunk in chunks:
            h.send(f"{len(chunk):x}\r\n{chunk}\r\n".encode())
        h.send(b"0\r\n\r\n" if whole else b"ff\r\ndata: ")

    return case


def _busy_once(h: Any, body: dict[str, Any]) -> None:
    if h.server.seen[body["model"]] == 1:
        h.refuse(503, "No worker is free.", Retry_After="0.05")
    else:
        h.stream(SAID)


def _after_done(h: Any, body: dict[str, Any]) -> None:
    h.stream(SAID)
    h.say(" Nine ships sank in 1871.")
    time.sleep(0.01)
    h.event(b"[DONE]")


def _line(value: object) -> str:
    return f"data: {json.dumps(value)}\n\n"


_NATIVE = "".join(
    json.dumps({"message": {"role": "assistant", "content": said}, "done": not said}) + "\n" for said in (SAID, "")
)
_BY_INDEX = [{"choices": [{"index": n, "delta": {"content": text}}]} for n, text in ((1, "Nine ships"), (0, SAID))]
_TOGETHER = {
    "choices": [
        {"index": n, "delta": {"content": text}} for n, text in ((1, "Nine sank."), (0, " It sits in Tamanrasset [1]."))
    ]
}

# Case -> (what the row says of the endpoint, what it does).
UNUSUAL: dict[str, tuple[str, Case]] = {
    "ollama_thinking": (
        "sends its thoughts in Ollama's own field",
        _events(_said(None, thinking=_THOUGHT), _said(), _STOP),
    ),
    "vllm_null": (
        "sends null for content and for thoughts before either",
        _events(_said("", reasoning_content=None), _said(None, reasoning_content=_THOUGHT), _said(), _STOP, "[DONE]"),
    ),
    "ollama_native": ("answers in Ollama's own format, at its own address", _bytes(_NATIVE, "application/x-ndjson")),
    "legacy_text": (
        "answers in the format of completions",
        _events({"choices": [{"text": SAID, "finish_reason": "stop"}]}),
    ),
    "null_stop": ("sends null for content and stops", _events(_said(None), _said(None, "stop"), "[DONE]")),
    "tool_call_only": (
        "sends a tool's call and no word",
        _events(_said(None, tool_calls=[{"index": 0, "function": {"name": "x", "arguments": "{}"}}]), _STOP),
    ),
    "function_call": (
        "sends a call in the older field, then text",
        _events(_said(None, function_call={"name": "x"}), _said(), _STOP),
    ),
    "usage_last": (
        "sends usage last, in a chunk of nothing else",
        _events(_said(), _STOP, {"usage": {"total_tokens": 3}}, "[DONE]"),
    ),
    "usage_only": ("sends usage and no word", _events({"choices": [], "usage": {"total_tokens": 3}}, "[DONE]")),
    "all_fields": (
        "names and numbers its events, lines ended by `\\r\\n`",
        _bytes(f"retry: 3\r\n\r\nid: 1\r\nevent: message\r\ndata: {json.dumps(_said(SAID, 'stop'))}\r\n\r\n"),
    ),
    "two_data_lines": (
        "parts an event into two lines",
        _bytes(f'data: {{"choices": [{{"index": 0,\ndata: "delta": {{"content": "{SAID}"}}}}]}}\n\n{_line(_STOP)}'),
    ),
    "no_space": ("writes `data:` without a space", _bytes((_line(_said()) + _line(_STOP)).replace("data: ", "data:"))),
    "split_letters": ("sends byte by byte, letters in parts", _split),
    "choices_by_index": ("sends several answers at once, by their numbers", _events(*_BY_INDEX, _TOGETHER, _STOP)),
    "empty_finish": (
        "says an empty ending with each word",
        _events(_said("Four states ", ""), _said("met [1].", ""), _STOP),
    ),
    "null_delta": (
        "sends null for its last words",
        _events(_said(), {"choices": [{"index": 0, "delta": None, "finish_reason": "stop"}]}),
    ),
    "message_last": (
        "repeats the whole answer in its last event",
        _events(
            _said(), {"choices": [{"index": 0, "delta": {}, "message": {"content": SAID}, "finish_reason": "stop"}]}
        ),
    ),
    "after_done": ("goes on after `[DONE]`", _after_done),
    "zipped": ("packs its answer (gzip), unasked", _zipped),
    "chunked": (
        "sends its answer in chunks of HTTP and stays open",
        _chunked(_line(_said()), _line(_STOP), whole=True),
    ),
    "chunk_cut": ("cuts the connection within a chunk of HTTP", _chunked(_line(_said()), whole=False)),
    "content_mapping": ("sends an object for content", _events(_said({"text": SAID}), _STOP)),
    "empty_body": ("sends nothing with 200", lambda h, body: h.reply(200, b"")),
    "busy_once": ("answers 503 once, `Retry-After` given, then well", _busy_once),
    "moved": ("has moved (307)", lambda h, body: h.reply(307, b"", Location="/v2/chat/completions")),
    "html_404": ("sends an HTML page with 404", lambda h, body: h.reply(404, b"<h1>Not Found</h1>", "text/html")),
    "html_400": ("sends an HTML page with 400", lambda h, body: h.reply(400, b"<h1>Bad Request</h1>", "text/html")),
    "never_alternates": (
        "finds that speakers do not alternate, whatever it gets",
        lambda h, body: h.refuse(400, "Conversation roles must alternate user/assistant/user/assistant/..."),
    ),
    "uncited": (
        "answers without citing, after a greeting",
        lambda h, body: h.stream("Sure, here is the answer to your question. Four states met in May."),
    ),
    "gemini_spent": (
        "ends for its tokens without any content",
        _events({"choices": [{"delta": {"role": "assistant"}, "finish_reason": "length"}]}),
    ),
    "mistral": (
        "says `stop` beside usage and empty content",
        _events(_said(""), _said(), _said("", "stop") | {"usage": {}}, "[DONE]"),
    ),
    "ndjson": ("calls its stream NDJSON", _bytes(_line(_said()) + _line(_STOP), "application/x-ndjson")),
    "plain_text": ("calls its stream plain text", _bytes(_line(_said()) + _line(_STOP), "text/plain; charset=utf-8")),
    "whole_no_end": ("ends after a whole sentence without saying that it is done", _events(_said())),
}
