"""Untrusted parsers in a child process with limits on memory, processor time and wall time.

The child (``python -m rag.formats.sandbox``) stays for the next file and is replaced when one kills it. Frames are a
length and JSON, or bytes; nothing is unpickled. The child gets no environment, and may write no file, open no
connection and start no program but tesseract, for PDFs (:mod:`rag.formats.recognition`): that stops what a format may
ask of its parser, not code that has taken the parser over.
"""

from __future__ import annotations

import atexit
import json
import os
import resource
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from typing import IO, Any, Final

from rag.errors import ArticleError, CorpusError, NotPublishedError
from rag.formats.drafts import NO_NAMES, ArticleDraft, FieldNames, Find, NotRead
from rag.formats.recognition import FILE_S, GET_IT, RECOGNISED, Mode, Recognition, current, set_current
from rag.resources import PACKAGE

MEMORY_BYTES: Final = 1 << 30  # a bound, well above what any file of the tests takes
PROCESSOR_S: Final = 120  # for the thousand pages of Arabic that are let in, a tenth of a second each
WALL_S: Final = 180.0  # half as much again, for a machine that is busy
REPLY_BYTES: Final = 256 << 20  # a bound: five times the largest file
_LENGTH: Final = struct.Struct(">Q")
_SPLIT: Final = "Split it into smaller files."
_DENIED: Final = {
    *("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname"),
    *("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn"),
    *("os.remove", "os.rename", "os.mkdir"),
}


class Sandbox:
    """Parses files in a child process. Thread-safe: one file at a time. Close it, or use it in a ``with``.

    ``module`` is what the child runs; a test gives one whose readers misbehave.
    """

    def __init__(
        self, wall_s: float = WALL_S, module: str = "rag.formats.sandbox", recognition: Recognition | None = None
    ) -> None:
        self._wall_s = wall_s
        self.recognition = recognition or Recognition("never")
        self._module = module
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def parse(self, reader: str, data: bytes, names: FieldNames = NO_NAMES) -> list[Find]:
        """What the named reader (see :mod:`rag.formats.registry`) finds in ``data``.

        Raises ArticleError where the reader does, and where the file costs too much memory or time.
        """
        how = self.recognition if reader in RECOGNISED else Recognition("never")
        wall_s = self._wall_s + (FILE_S if how.key else 0)
        with self._lock:
            reply = self._ask(json.dumps([reader, dict(names), asdict(how)]).encode(), data, wall_s)
        if "reason" in reply:
            raise (NotPublishedError if reply.get("skipped") else ArticleError)(reply["reason"], reply["hint"])
        return [_find(entry) for entry in reply["finds"]]

    def _ask(self, request: bytes, data: bytes, wall_s: float) -> Any:
        child = self._running()
        assert child.stdin
        assert child.stdout
        timer = threading.Timer(wall_s, child.kill)
        timer.daemon = True
        timer.start()
        reply = None
        try:
            _send(child.stdin, request)
            _send(child.stdin, data)
            reply = _receive(child.stdout, REPLY_BYTES)
        except OSError:
            pass  # the child has died: there is no reply
        finally:
            timer.cancel()
            if reply is None:  # or we are interrupted: what it may still say must not answer the next file
                self.close()
        if reply is None:
            raise ArticleError("Reading it took too much memory or time.", "If you trust it, save it as plain text.")
        return json.loads(reply)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [sys.executable, "-m", self._module],
                cwd=PACKAGE.parent,
                env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # an interrupt at the terminal is the parent's to handle
            )
        return self._child

    def close(self) -> None:
        """End the child. The sandbox can be used again: it starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            with suppress(OSError):
                assert stream
                stream.close()
        child.wait()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@lru_cache(maxsize=1)
def shared_sandbox() -> Sandbox:
    """The process's one sandbox, closed at exit. Its child starts with the first file.

    Pages without letters are recognised in it, where tesseract is installed; ``recognition`` may be changed.
    """
    sandbox = Sandbox(recognition=Recognition.found())
    atexit.register(sandbox.close)
    return sandbox


def recognise(mode: Mode) -> None:
    """Have the process's sandbox recognise so. Raises CorpusError where pages are to be, and tesseract is missing."""
    how = Recognition.found(mode)
    if mode == "always" and not how.program:
        raise CorpusError("Pages cannot be recognised: tesseract is not installed.", GET_IT)
    shared_sandbox().recognition = how


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _receive(stream: IO[bytes], limit: int) -> bytes | None:
    """One frame, or None where the other end has closed or announces more than ``limit`` bytes."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size or (size := _LENGTH.unpack(head)[0]) > limit:
        return None
    data = stream.read(size)
    return data if len(data) == size else None


def _find(entry: dict[str, Any]) -> Find:
    if "reason" in entry:
        return NotRead(**entry)
    return ArticleDraft(**{**entry, "questions": tuple(entry["questions"]), "warnings": tuple(entry["warnings"])})


def serve() -> None:
    """The child's loop: a reader's name and a file in, what it finds out. Ends with its parent."""
    sys.addaudithook(_deny)
    requests = sys.stdin.buffer
    with os.fdopen(os.dup(1), "wb") as replies:
        os.dup2(2, 1)  # a library that prints must not write into the reply
        while (request := _receive(requests, 1 << 20)) is not None and (
            data := _receive(requests, 1 << 40)
        ) is not None:
            reader, names, how = json.loads(request)
            set_current(Recognition(**how))
            _limit()
            _send(replies, _outcome(reader, names, data))


def _deny(event: str, arguments: tuple[Any, ...]) -> None:
    program = current().program
    if event in _DENIED and not (event == "subprocess.Popen" and program and arguments[0] == program):
        raise PermissionError(f"{event} is not for parsers")


def _outcome(reader: str, names: FieldNames, data: bytes) -> bytes:
    try:
        # Lone surrogates pass: cleaning takes them out, and counts them.
        return json.dumps(_found(reader, names, data), ensure_ascii=False).encode("utf-8", "surrogatepass")
    except MemoryError:
        return json.dumps({"reason": "What it holds takes too much memory.", "hint": _SPLIT}).encode()


def _found(reader: str, names: FieldNames, data: bytes) -> dict[str, Any]:
    from rag.formats.registry import FORMATS

    try:
        return {"finds": [asdict(find) for find in FORMATS[reader].read(data, names)]}
    except ArticleError as error:
        return {"reason": error.message, "hint": error.hint, "skipped": isinstance(error, NotPublishedError)}
    except (MemoryError, RecursionError):
        return {"reason": "Reading it took too much memory.", "hint": _SPLIT}
    except Exception as error:  # noqa: BLE001 (the edge: a parser's bug becomes the file's failure)
        reason = f"It is damaged: the parser gave up ({type(error).__name__})."
        return {"reason": reason, "hint": "Save it again with the program that made it, or as plain text."}


def _limit() -> None:
    """Bound memory once and processor time for each file; where the system refuses, the wall time still holds."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime) + 1
    for kind, soft in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, spent + PROCESSOR_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (soft, resource.getrlimit(kind)[1]))


if __name__ == "__main__":
    serve()
