"""Pages fetched politely: one request at a time for each host, robots.txt obeyed, all of it bounded."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin

import httpx

from rag import __version__
from rag.errors import FetchError
from rag.ingestion.web_addresses import Resolve, addresses, host_of, joined, plain_url, resolve

AGENT: Final = f"isnad/{__version__}"
_REDIRECTS: Final = {301, 302, 303, 307, 308}
_LATER: Final = {408, 425, 429, 500, 502, 503, 504}
_MOST_REDIRECTS: Final = 5
_ROBOTS_BYTES: Final = 500_000  # as much as RFC 9309 asks to be read
_LATER_HINT: Final = "It is tried again with the next run."


@dataclass(frozen=True, slots=True)
class Politeness:
    """Bounds of fetching, none of them tuned. Times in seconds.

    most_bytes: of a page, unpacked. total_s: for one page, from its name to its last byte. between_s: two requests to
    one host, where its robots.txt does not ask for more, up to longest_s. put_off_s: a host that is away, doubled each
    time up to longest_off_s.
    """

    most_bytes: int = 20_000_000
    total_s: float = 60.0
    connect_s: float = 10.0
    between_s: float = 1.0
    longest_s: float = 30.0
    put_off_s: float = 300.0
    longest_off_s: float = 86_400.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came from an address. unchanged: it is as it was when ``validators`` came with it; then there is no data.

    url: where it was in the end. validators: the headers to ask with next time.
    """

    url: str
    data: bytes = b""
    content_type: str = ""
    unchanged: bool = False
    validators: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Host:
    """What is known of a host: its rules (None: all is allowed), its pace, and until when it is left alone."""

    rules: Any = None
    between_s: float = 0.0
    rules_until: float = 0.0
    asked_at: float = float("-inf")
    off_until: float = float("-inf")
    failures: int = 0


class Fetcher:
    """Fetches pages one after another, for as long as a run, or all runs of ``--every``."""

    def __init__(
        self,
        limits: Politeness = Politeness(),
        allow_private: bool = False,
        resolving: Resolve = resolve,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits
        self._allow_private = allow_private
        self._named: set[str] = set()
        self._resolving = resolving
        self._clock, self._sleep = clock, sleep
        self._hosts: dict[str, _Host] = {}

    def trust(self, url: str) -> None:
        """The operator named this address: its host may be asked, wherever it is."""
        self._named.add(host_of(url))

    def leaves_alone(self, url: str) -> bool:
        """Whether the host of an address was away, or asked for a pause that is not over."""
        host = self._hosts.get(host_of(url))
        return host is not None and self._clock() < host.off_until

    def fetch(self, url: str, validators: Mapping[str, str] = {}) -> Fetched:
        """What is at an address. Raises FetchError, labelled as passing where another time may do."""
        for _ in range(_MOST_REDIRECTS + 1):
            url = plain_url(url)
            host = self._hosts.setdefault(host_of(url), _Host())
            if self._clock() < host.off_until:
                reason = "Its host was away, or asked for a pause, and is left alone for now."
                raise FetchError(reason, _LATER_HINT, passing=True)
            self._obey(host, url)
            found = self._ask(host, url, validators, self._limits.most_bytes)
            if isinstance(found, Fetched):
                return found
            url = found
        raise FetchError(f"It leads on more than {_MOST_REDIRECTS} times.", "Give the address where it ends.")

    def _obey(self, host: _Host, url: str) -> None:
        """Raises FetchError where the host's robots.txt does not want the page read, or cannot be read itself."""
        if self._clock() >= host.rules_until:
            self._read_rules(host, url)
        if host.rules is not None and not host.rules.can_fetch(url, AGENT):
            raise FetchError("The site does not want it read by programs (robots.txt).", "Ask its publisher.")

    def _read_rules(self, host: _Host, url: str) -> None:
        """RFC 9309: what is not there allows all; what cannot be had forbids all, until it can."""
        from protego import Protego

        at: Fetched | str = urljoin(url, "/robots.txt")
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                assert isinstance(at, str)
                at = self._ask(self._hosts.setdefault(host_of(at), _Host()), plain_url(at), {}, _ROBOTS_BYTES)
                if isinstance(at, Fetched):
                    break
            text = at.data.decode("utf-8", "replace") if isinstance(at, Fetched) else ""
        except FetchError as error:
            if error.passing:
                raise
            text = ""
        rules = Protego.parse(text)
        asked = rules.crawl_delay(AGENT) or 0.0
        host.rules, host.between_s = rules, min(float(asked), self._limits.longest_s)
        host.rules_until = self._clock() + 86_400

    def _ask(self, host: _Host, url: str, validators: Mapping[str, str], most: int) -> Fetched | str:
        """One request, when it is the host's turn: what came, or where it leads on to."""
        wait = host.asked_at + max(self._limits.between_s, host.between_s) - self._clock()
        if wait > 0:
            self._sleep(wait)
        private = self._allow_private or host_of(url) in self._named
        try:
            where = addresses(url, self._resolving, private)
            found = asyncio.run(self._request(url, where, validators, most))
        except FetchError as error:
            if error.passing:
                self._put_off(host, error.after_s)
            raise
        finally:
            host.asked_at = self._clock()
        host.failures = 0
        return found

    def _put_off(self, host: _Host, after_s: float) -> None:
        limits = self._limits
        host.failures += 1
        own = limits.put_off_s * 2 ** min(host.failures - 1, 20)
        host.off_until = self._clock() + min(
            max(after_s, own if host.failures > 1 or after_s else 0), limits.longest_off_s
        )

    async def _request(self, url: str, where: Any, validators: Mapping[str, str], most: int) -> Fetched | str:
        try:
            async with asyncio.timeout(self._limits.total_s):
                for number, address in enumerate(where, 1):
                    try:
                        return await self._from(address, url, validators, most)
                    except httpx.ConnectError:
                        if number == len(where):
                            raise
        except TimeoutError:
            raise FetchError(f"It took longer than {self._limits.total_s:g} s.", _LATER_HINT, passing=True) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            reason = str(error).partition("\n")[0][:200] or type(error).__name__
            raise FetchError(f"It cannot be fetched: {reason.rstrip('.')}.", _LATER_HINT, passing=True) from None
        raise AssertionError("there is an address")

    async def _from(self, address: str, url: str, validators: Mapping[str, str], most: int) -> Fetched | str:
        parsed = httpx.URL(url)
        headers = {"Host": parsed.netloc.decode(), "User-Agent": AGENT, "Accept-Encoding": "gzip", **validators}
        timeout = httpx.Timeout(self._limits.connect_s)
        async with httpx.AsyncClient(trust_env=False, timeout=timeout) as client:
            request = client.build_request(
                "GET",
                parsed.copy_with(host=address, username=None, password=None),
                headers=headers,
                extensions={"sni_hostname": parsed.host},
            )
            response = await client.send(request, stream=True)
            try:
                return await _answer(response, url, most)
            finally:
                await response.aclose()


async def _answer(response: httpx.Response, url: str, most: int) -> Fetched | str:
    status, headers = response.status_code, response.headers
    if status in _REDIRECTS and headers.get("location"):
        return joined(url, headers["location"])
    if status == 304:
        return Fetched(url, unchanged=True)
    if status in _LATER:
        raise FetchError(
            f"Its server answers {status}.", _LATER_HINT, passing=True, after_s=_seconds(headers.get("retry-after", ""))
        )
    if status != 200:
        raise FetchError(
            f"Its server answers {status}.", "Open it in a browser: it may have moved, or ask for a login."
        )
    data = await _body(response, most)
    asked = {"If-None-Match": headers.get("etag"), "If-Modified-Since": headers.get("last-modified")}
    return Fetched(
        url, data, headers.get("content-type", ""), validators={name: value for name, value in asked.items() if value}
    )


async def _body(response: httpx.Response, most: int) -> bytes:
    """The whole body, unpacked no further than it may be long."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip", ""):
        raise FetchError(f"It comes packed in a way that was not asked for ({packing[:20]}).", "Save the page by hand.")
    unpack = zlib.decompressobj(31) if "gzip" in packing else None
    data = bytearray()
    try:
        async for piece in response.aiter_raw():
            data += unpack.decompress(piece, most + 1 - len(data)) if unpack else piece
            if len(data) > most:
                raise FetchError(f"It is larger than {most / 1e6:g} MB.", "Save it by hand, and index the file.")
    except zlib.error:
        raise FetchError("What came is damaged.", _LATER_HINT, passing=True) from None
    if unpack and not unpack.eof:
        raise FetchError("It was cut off on the way.", _LATER_HINT, passing=True)
    return bytes(data)


def _seconds(retry_after: str) -> float:
    """What a Retry-After asks for, by number or by date; 0 where it is neither."""
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0
