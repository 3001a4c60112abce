"""Frames of the streams: typed events of our own, and OpenAI's bare data."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi.sse import format_sse_event

from rag.asking import Event, named

DONE: Final = format_sse_event(data_str="[DONE]")


def frame_of(event: Event) -> bytes:
    """One typed frame: ``start``, ``quotes``, ``delta``, ``citation`` or ``end``."""
    return typed_frame(*named(event))


def typed_frame(name: str, data: Any) -> bytes:
    """An event frame with JSON data (ASCII, so that no line break or surrogate can break it)."""
    return format_sse_event(event=name, data_str=json.dumps(data, allow_nan=False))


def data_frame(value: Any) -> bytes:
    """One frame of OpenAI's stream."""
    return format_sse_event(data_str=json.dumps(value, allow_nan=False))
