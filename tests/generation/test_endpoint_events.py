"""Reading what an endpoint sends: events across pieces, chunks of every wrong shape."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import AnswererError
from rag.generation.endpoint_events import EventParser, ModelPiece, ending, parse_chunk, parse_completion


def events(data: bytes, size: int, limit: int = 10_000) -> list[str]:
    reader = EventParser(limit)
    return [event for i in range(0, len(data), size) for event in reader.feed(data[i : i + size])]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"data: a\n\ndata: b\n\n", ["a", "b"]),
        (b"data:a\r\n\r\n", ["a"]),
        (b": ping\n\nevent: x\nid: 1\ndata: a\nretry: 5\n\n", ["a"]),
        (b"data: a\ndata: b\n\n", ["a\nb"]),
        (b"data: a\n", []),
        ("data: أربع\n\n".encode(), ["أربع"]),
        (b"data: \xff\n\n", ["\ufffd"]),
        (b"\n\n\n", []),
        (b"data: a\r\rdata: b\r\r", ["a", "b"]),
        ("\ufeffdata: a\n\n".encode(), ["a"]),
    ],
)
def test_events_are_read_whatever_the_pieces(data: bytes, expected: list[str], size: int) -> None:
    assert events(data, size) == expected


def test_bytes_without_end_are_refused() -> None:
    with pytest.raises(AnswererError) as caught:
        events(b"x" * 101, 10, limit=100)
    assert caught.value.outcome == "too_long"


def test_comments_are_counted() -> None:
    reader = EventParser(100)
    assert list(reader.feed(b": one\n\n:two\nda")) == []
    assert reader.comments == 2


@pytest.mark.parametrize(
    ("finish", "outcome"),
    [
        *((finish, "") for finish in ("stop", "STOP", "[DONE]", "eos", "end_turn", "tool_calls")),
        *((finish, "cut_short") for finish in ("length", "model_length", "MAX_TOKENS")),
        *((finish, "filtered") for finish in ("content_filter", "content_filter: PROHIBITED_CONTENT", "SAFETY")),
        ("error", "error_reported"),
        ("", "incomplete"),
        ("insufficient_system_resource", "incomplete"),
    ],
)
def test_only_a_known_ending_is_a_whole_one(finish: str, outcome: str) -> None:
    assert ending(finish) == outcome


@pytest.mark.parametrize(
    ("chunk", "piece"),
    [
        ({"choices": [{"delta": {"content": "a"}}]}, ModelPiece("a", "")),
        ({"choices": [{"delta": {"content": None}, "finish_reason": "stop"}]}, ModelPiece("", "stop")),
        ({"choices": [{"delta": None}]}, ModelPiece("", "")),
        ({"choices": []}, ModelPiece("", "")),
        ({"choices": None}, ModelPiece("", "")),
        ({}, ModelPiece("", "")),
        ({"choices": [{"delta": {"content": [{"type": "text", "text": "a"}, {"text": "b"}]}}]}, ModelPiece("ab", "")),
        ({"choices": [{"delta": {"content": [{"type": "thinking", "thinking": []}]}}]}, ModelPiece("", "")),
        ({"choices": [{"delta": {"content": "a", "refusal": None}}]}, ModelPiece("a", "")),
        ({"error": None, "choices": [{"delta": {"content": "a"}}]}, ModelPiece("a", "")),
    ],
)
def test_chunks_are_read(chunk: object, piece: ModelPiece) -> None:
    assert parse_chunk(json.dumps(chunk)) == piece


def test_the_end_is_read() -> None:
    assert parse_chunk(" [DONE]") == ModelPiece("", "[DONE]")


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        ("", "malformed"),
        ("{", "malformed"),
        ("[" * 100_000, "malformed"),
        ("null", "malformed"),
        ('"a"', "malformed"),
        ('{"choices": {"0": 1}}', "malformed"),
        ('{"choices": ["a"]}', "malformed"),
        ('{"choices": [{"delta": [1]}]}', "malformed"),
        ('{"choices": [{"delta": {"content": ["a"]}}]}', "malformed"),
        ('{"choices": [{"delta": {}, "finish_reason": 3}]}', "malformed"),
        ('{"choices": [{"delta": {"content": [{"type": "text", "text": 4}]}}]}', "malformed"),
        ('{"choices": [{"delta": {"refusal": "I cannot"}}]}', "declined"),
        ('{"error": {"message": "x"}}', "error_reported"),
        ('{"error": "x"}', "error_reported"),
    ],
)
def test_wrong_shapes_are_labelled(data: str, outcome: str) -> None:
    with pytest.raises(AnswererError) as caught:
        parse_chunk(data)
    assert caught.value.outcome == outcome


def test_a_whole_completion_is_read() -> None:
    data = json.dumps({"choices": [{"message": {"content": "أربع"}, "finish_reason": "stop"}]}).encode()
    assert parse_completion(data) == ModelPiece("أربع", "stop")
    assert parse_completion(b'{"choices": [{"message": {"content": "a"}}]}') == ModelPiece("a", "[DONE]")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["choices", "delta", "content", "finish_reason", "error", "message", "type", "text"]),
                inner,
            )
        ),
        max_leaves=8,
    )
)
def test_any_json_is_read_or_labelled(value: object) -> None:
    data = json.dumps(value)
    for read in (lambda: parse_chunk(data), lambda: parse_completion(data.encode())):
        with suppress(AnswererError):
            assert all(isinstance(part, str) for part in read())
