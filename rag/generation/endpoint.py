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
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from rag.errors import AnswererError
from rag.generation.endpoint_client import client_options, read_address
from rag.generation.endpoint_events import DONE, EventParser, ModelPiece, ending, parse_chunk, parse_completion
from rag.generation.endpoint_outcomes import RequestRefused, Transient, failure, from_status
from rag.generation.endpoint_requests import RequestForm
from rag.generation.prompts import Message

_log = logging.getLogger(__name__)

T = TypeVar("T")
ResponseFormat = Mapping[str, Any] | None
_Pieces = queue.SimpleQueue["str | AnswererError | None"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one call, none of them tuned. Times in seconds, sizes in bytes; ``total_s`` counts retries and waiting.

    ``condense_s`` bounds the rewording of a follow-up, which is waited for before anything is searched;
    ``thinking_tokens`` are granted beside ``max_tokens`` (0: see RequestForm).
    """

    total_s: float = 60.0
    first_token_s: float = 20.0
    condense_s: float = 15.0
    connect_s: float = 5.0
    max_tokens: int = 500
    thinking_tokens: int = 0
    answer_bytes: int = 16_384
    received_bytes: int = 4_194_304
    retries: int = 2
    retry_wait_s: float = 0.5


class ModelRequest(NamedTuple):
    """What is put to the model, and the format of its answer, None for plain text."""

    messages: Sequence[Message]
    response_format: ResponseFormat


class Endpoint:
    """One model at one address. Thread-safe; the client lives on a thread of its own, begun with the first call.

    ``effort`` is asked of models that think, where it is not empty. Raises SettingsError for an address that answers
    no call. ``unopened`` names the models that think first without saying where their thoughts begin, ``settled`` those
    of which that is known, since an answer of theirs has come to its end.
    """

    def __init__(self, base_url: str, api_key: str, model: str, limits: Limits, effort: str = "") -> None:
        read_address(base_url)
        self.model, self.limits, self.effort = model, limits, effort
        self.unopened: set[str] = set()
        self.settled: set[str] = set()
        self._base_url, self._api_key = base_url, api_key
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: Any = None
        self._forms: dict[str, RequestForm] = {}  # what each model takes, as far as it was found out

    def stream(
        self, messages: Sequence[Message], total_s: float | None = None, response_format: ResponseFormat = None
    ) -> Generator[str, None, None]:
        """The answer's text as it comes, in the format wished for where the model takes that.

        Closing the iterator ends the request. Raises AnswererError, labelled.
        """
        loop = self.prepare()
        pieces: _Pieces = queue.SimpleQueue()
        seconds = self.limits.total_s if total_s is None else total_s
        ends = time.monotonic() + seconds
        call = asyncio.run_coroutine_threadsafe(
            self._answer(ModelRequest(messages, response_format), seconds, pieces), loop
        )
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

    async def _answer(self, request: ModelRequest, seconds: float, pieces: _Pieces) -> None:
        """Puts the text, then None or the error, and nothing after. Runs on the endpoint's thread."""
        try:
            async with asyncio.timeout(seconds):
                await self._attempts(request, seconds, pieces)
            pieces.put(None)
        except TimeoutError:
            pieces.put(failure("deadline"))
        except AnswererError as error:
            pieces.put(error)
        except Exception as error:  # noqa: BLE001 the edge: whatever a stranger's endpoint makes the client raise
            _log.info("the model's answer broke off: %s", type(error).__name__)  # never what it says: it may be the key
            pieces.put(failure("incomplete"))

    async def _attempts(self, request: ModelRequest, seconds: float, pieces: _Pieces) -> None:
        """Tries again what may pass (no connection, 429, 5xx) while nothing has been said and time is left."""
        loop = asyncio.get_running_loop()
        ends, tried = loop.time() + seconds, 0
        while True:
            try:
                async for text in self._pieces(request):
                    pieces.put(text)
                return
            except RequestRefused as error:
                form = self._form.without(error.said, schema=request.response_format is not None)
                if form is None:
                    raise failure("bad_request") from None
                self._forms[self.model] = form
            except Transient as error:
                wait = max(error.wait_s, self.limits.retry_wait_s * 2**tried)
                if tried >= self.limits.retries or loop.time() + wait >= ends:
                    raise failure(error.outcome) from None
                tried += 1
                if tried == self.limits.retries and error.outcome == "server_error" and request.response_format:
                    self.give_up_format()  # some break at what they do not know
                await asyncio.sleep(wait)

    async def _pieces(self, request: ModelRequest) -> AsyncIterator[str]:
        """One request's text, checked piece by piece. What raises Transient has said nothing yet."""
        patience = self.limits.first_token_s if self._form.stream else self.limits.total_s
        size, finish = 0, ""
        async with AsyncExitStack() as stack:
            begin_by = asyncio.get_running_loop().time() + patience
            response = await _by(begin_by, self._open(request, stack))
            events = _events(response, begin_by, patience, self.limits.received_bytes)
            async for piece in await stack.enter_async_context(aclosing(events)):
                size, finish = size + len(piece.text.encode(errors="replace")), finish or piece.finish
                if size > self.limits.answer_bytes:
                    raise failure("too_long")
                if piece.text:
                    yield piece.text
        if outcome := ending(finish):
            raise failure(outcome)
        if not size:
            raise failure("empty")

    async def _open(self, request: ModelRequest, stack: AsyncExitStack) -> Any:
        """The response, its body unread, closed by the stack. Raises Transient, RequestRefused or AnswererError."""
        import openai

        limits, effort = self.limits, self.effort
        options = self._form.options(
            request.messages, limits.max_tokens, limits.thinking_tokens, effort, request.response_format
        )
        opening = self._client.chat.completions.with_streaming_response.create(model=self.model, **options)
        try:
            return await stack.enter_async_context(opening)
        except openai.APIStatusError as error:
            raise from_status(error) from None
        except openai.APIConnectionError:
            raise Transient("unreachable") from None

    def give_up_format(self) -> None:
        """Ask the model for plain text from now on."""
        self._forms[self.model] = replace(self._form, schema=False)

    @property
    def _form(self) -> RequestForm:
        return self._forms.get(self.model, RequestForm())

    def _new_client(self) -> Any:
        import openai  # lazy: most of a second

        return openai.AsyncOpenAI(
            **client_options(self._base_url, self._api_key),
            timeout=openai.Timeout(self.limits.total_s, connect=self.limits.connect_s),
            http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False),
        )


async def _events(response: Any, begin_by: float, patience: float, limit: int) -> AsyncGenerator[ModelPiece, None]:
    """The pieces of a response, streamed or whole, whatever its header calls it: many servers call it wrong.

    The first must have come by ``begin_by`` (the loop's time), and a comment, which says that one is on the way, puts
    that off until ``patience`` seconds after it.
    """
    received, reader, begun, first, whole = response.iter_bytes(), EventParser(limit), False, b"", b""
    while (data := await _by(None if begun else begin_by, anext(received, None))) is not None:
        first = first or data.lstrip()[:1]
        if first == b"<":
            raise failure("not_json")
        if first in (b"{", b"["):
            whole += data
            if len(whole) > limit:
                raise failure("too_long")
            continue
        comments = reader.comments
        for event in reader.feed(data):
            begun, piece = True, parse_chunk(event)
            yield piece
            if piece.finish == DONE:
                return
        if reader.comments > comments:
            begin_by = asyncio.get_running_loop().time() + patience
    if whole:
        yield parse_completion(whole)
    elif not begun and not _is_stream(response):
        raise failure("not_json")


def _is_stream(response: Any) -> bool:
    return str(response.headers.get("content-type", "")).lower().startswith("text/event-stream")


async def _by(time_: float | None, work: Awaitable[T]) -> T:
    """The work's result, if it comes by a time of the loop's clock; else AnswererError ``no_first_token``."""
    try:
        async with asyncio.timeout_at(time_):
            return await work
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
