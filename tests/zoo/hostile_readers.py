"""A sandbox's child whose readers misbehave: run with ``python -m tests.zoo.hostile_readers``."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rag.formats import registry as readers
from rag.formats import sandbox
from rag.formats.drafts import ArticleDraft, FieldNames, Find


def sleep(_: bytes) -> None:
    time.sleep(3600)


def spin(_: bytes) -> None:
    while True:
        pass


def exit_at_once(_: bytes) -> None:
    os._exit(3)


def fill_memory(_: bytes) -> str:
    return "x" * (2 * sandbox.MEMORY_BYTES)


def nest_too_deep(_: bytes) -> None:
    nest_too_deep(_)


def fail(_: bytes) -> None:
    raise KeyError("a parser's bug")


def print_much(_: bytes) -> str:
    sys.stdout.write("noise " * 100_000)
    sys.stdout.flush()
    os.write(1, b"more noise")
    return "quiet"


def show_environment(_: bytes) -> str:
    return json.dumps(dict(os.environ))


def connect(_: bytes) -> None:
    socket.create_connection(("127.0.0.1", 9))


def start_a_program(_: bytes) -> None:
    subprocess.run(["true"], check=True)


def write(name: bytes) -> None:
    Path(os.fsdecode(name)).write_bytes(b"written")


def echo(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


class _Hostile:
    def __init__(self, act: Callable[[bytes], Any]) -> None:
        self.act = act

    def read(self, data: bytes, _: FieldNames) -> Iterator[Find]:
        yield ArticleDraft(str(self.act(data)))


if __name__ == "__main__":
    acts = (sleep, spin, exit_at_once, fill_memory, nest_too_deep, fail, print_much, show_environment, connect)
    for act in (*acts, start_a_program, write, echo):
        readers.FORMATS[act.__name__] = _Hostile(act)  # type: ignore[index]  # read-only to the program
    sandbox.serve()
