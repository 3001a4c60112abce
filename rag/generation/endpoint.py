"""The model endpoint: the official ``openai`` client behind deadlines, retries and caps.

Every call ends within its deadline, either with the whole answer or with an AnswererError whose ``outcome`` is one of
those of :mod:`rag.generation.endpoint_outcomes`.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Generator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

from rag.errors import AnswererError
from rag.generation.endpoint_events import DONE, EventParser, ModelPiece, parse_chunk, parse_completion
from rag.generation.endpoint_outcomes import OptionsRefused, Transient, failure, from_status
from rag.generation.prompts import Message

_log = logging.getLogger(__name__)

T = TypeVar("T")
_Pieces = queue.SimpleQueue["str | AnswererError | None"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one call, none of them tuned. Times in seconds, sizes in bytes; ``total_s`` counts retries and waiting.

    ``condense_s`` bounds the rewording of a follow-up, which is waited for before anything is searched.
    """

    total_s: float = 60.0
    first_token_s: float = 20.0
    condense_s: float = 15.0
    connect_s: float = 5.0
    max_tokens: int = 500
    answer_bytes: int = 16_384
    received_bytes: int = 4_194_304
    retries: int = 2
    retry_wait_s: float = 0.5


class Endpoint:
    """One model at one address. Thread-safe; the client lives on a thread of its own, begun with the first call."""

    def __init__(self, base_url: str, api_key: str, model: str, limits: Limits) -> None:
        self.model, self.limits = model, limits
        self._base_url, self._api_key = base_url, api_key
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: Any = None
        self._bare: set[str] = set()  # models that take neither max_tokens nor a temperature

    def stream(self, messages: Sequence[Message], total_s: float | None = None) -> Generator[str, None, None]:
        """The answer's text as it comes. Closing the iterator ends the request. Raises AnswererError, labelled."""
        loop = self.prepare()
        pieces: _Pieces = queue.SimpleQueue()
        seconds = self.limits.total_s if total_s is None else total_s
        ends = time.monotonic() + seconds
        request = [message.to_dict() for message in messages]
        call = asyncio.run_coroutine_threadsafe(self._answer(request, seconds, pieces), loop)
        said: list[str] = []
        try:
            while (piece := _next(pieces, ends + 1.0)) is not None:
                if isinstance(piece, AnswererError):
                    piece.partial = "".join(said)
                    raise piece
                said.append(piece)
                yield piece
        finally:
            call.cancel()

    def close(self) -> None:
        """Ends the endpoint's thread and connections; the next call begins anew."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is None:
            return
        asyncio.run_coroutine_threadsafe(self._client.close(), loop).result(timeout=5)
        loop.call_soon_threadsafe(loop.stop)

    def prepare(self) -> asyncio.AbstractEventLoop:
        """Makes the client, its loop and thread unless they are there: a second or two that no deadline should pay."""
        with self._lock:
            if self._loop is None:
                self._client = self._new_client()
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_run, args=(self._loop,), name="model-endpoint", daemon=True).start()
            return self._loop

    async def _answer(self, request: list[dict[str, str]], seconds: float, pieces: _Pieces) -> None:
        """Puts the text, then None or the error, and nothing after. Runs on the endpoint's thread."""
        try:
            await asyncio.wait_for(self._attempts(request, seconds, pieces), seconds)
            pieces.put(None)
        except TimeoutError:
            pieces.put(failure("deadline"))
        except AnswererError as error:
            pieces.put(error)
        except Exception as error:  # noqa: BLE001 the edge: whatever a stranger's endpoint makes the client raise
            _log.info("the model's answer broke off: %s", type(error).__name__)  # never what it says: it may be the key
            pieces.put(failure("incomplete"))

    async def _attempts(self, request: list[dict[str, str]], seconds: float, pieces: _Pieces) -> None:
        """Tries again what may pass (no connection, 429, 5xx) while nothing has been said and time is left."""
        loop = asyncio.get_running_loop()
        ends, tried = loop.time() + seconds, 0
        while True:
            try:
                async for text in self._pieces(request):
                    pieces.put(text)
                return
            except OptionsRefused:
                if self.model in self._bare:
                    raise failure("bad_request") from None
                self._bare.add(self.model)
            except Transient as error:
                wait = max(error.wait_s, self.limits.retry_wait_s * 2**tried)
                if tried >= self.limits.retries or loop.time() + wait >= ends:
                    raise failure(error.outcome) from None
                tried += 1
                await asyncio.sleep(wait)

    async def _pieces(self, request: list[dict[str, str]]) -> AsyncIterator[str]:
        """One request's text, checked piece by piece. What raises Transient has said nothing yet."""
        begin_by = asyncio.get_running_loop().time() + self.limits.first_token_s
        size, finish = 0, ""
        async with AsyncExitStack() as stack:
            response = await _by(begin_by, self._open(request, stack))
            events = _events(response, begin_by, self.limits.received_bytes)
            async for piece in await stack.enter_async_context(aclosing(events)):
                size, finish = size + len(piece.text.encode(errors="replace")), piece.finish or finish
                if size > self.limits.answer_bytes:
                    raise failure("too_long")
                if piece.text:
                    yield piece.text
        if not finish:
            raise failure("incomplete")
        if finish in ("length", "content_filter"):
            raise failure("cut_short")
        if not size:
            raise failure("empty")

    async def _open(self, request: list[dict[str, str]], stack: AsyncExitStack) -> Any:
        """The response, its body unread, closed by the stack. Raises Transient, OptionsRefused or AnswererError."""
        import openai

        options: dict[str, Any] = {"max_tokens": self.limits.max_tokens, "temperature": 0}
        if self.model in self._bare:
            options = {"max_completion_tokens": self.limits.max_tokens * 4}  # reasoning counts too
        completions = self._client.chat.completions.with_streaming_response
        opening = completions.create(model=self.model, messages=request, stream=True, **options)
        try:
            return await stack.enter_async_context(opening)
        except openai.APIStatusError as error:
            raise from_status(error) from None
        except openai.APIConnectionError:
            raise Transient("unreachable") from None

    def _new_client(self) -> Any:
        import openai  # lazy: most of a second

        return openai.AsyncOpenAI(
            base_url=self._base_url or None,
            api_key=self._api_key or "none",  # servers on one's own machine want none, the client wants some
            max_retries=0,
            timeout=openai.Timeout(self.limits.total_s, connect=self.limits.connect_s),
            default_headers={"Accept-Encoding": "identity"},  # nothing that unpacks to more than it seems
            http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False),
        )


async def _events(response: Any, begin_by: float, limit: int) -> AsyncGenerator[ModelPiece, None]:
    """The pieces of a response, streamed or whole; the first must have come by ``begin_by`` (the loop's time)."""
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in ("text/event-stream", "application/json"):
        raise failure("not_json")
    received, begun, whole, reader = response.iter_bytes(), False, b"", EventParser(limit)
    while (data := await _by(None if begun else begin_by, anext(received, None))) is not None:
        if kind == "application/json":
            whole += data
            if len(whole) > limit:
                raise failure("too_long")
            continue
        for event in reader.feed(data):
            begun, piece = True, parse_chunk(event)
            yield piece
            if piece.finish == DONE:
                return
    if kind == "application/json":
        yield parse_completion(whole)


async def _by(time_: float | None, work: Awaitable[T]) -> T:
    """The work's result, if it comes by a time of the loop's clock; else AnswererError ``no_first_token``."""
    if time_ is None:
        return await work
    try:
        return await asyncio.wait_for(work, max(0.0, time_ - asyncio.get_running_loop().time()))
    except TimeoutError:
        raise failure("no_first_token") from None


def _next(pieces: _Pieces, ends: float) -> str | AnswererError | None:
    """The next item. The endpoint's thread keeps the deadline; should it hang in closing, the caller does not."""
    try:
        return pieces.get(timeout=max(0.0, ends - time.monotonic()))
    except queue.Empty:
        return failure("deadline")


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.close()
