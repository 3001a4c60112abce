"""Which addresses of the web may be asked, and where they lead: never into a private network that was not named.

A name is resolved once and the connection goes to the address that was checked, so that a second answer of the name
server cannot lead elsewhere ("DNS rebinding").
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urldefrag, urljoin, urlsplit

from rag.errors import FetchError

Resolve = Callable[[str, int], Sequence[str]]
# Ranges that carry an IPv4 address inside, which may be a private one (RFC 6052, RFC 3056, RFC 4380).
_CARRIERS: Final = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
_MOST_TRIED: Final = 3
_NO_ADDRESS: Final = "It is no address of the web."
_ADDRESS_HINT: Final = "Give one that begins with https:// or http://."


def is_url(text: str) -> bool:
    """Whether a text is an address of the web, rather than a path."""
    return text.lower().startswith(("http://", "https://"))


def host_of(url: str) -> str:
    """Host and port of an address, in lower case: what is asked by one request at a time."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def plain_url(url: str) -> str:
    """The address without the place inside the page. Raises FetchError where it cannot be asked."""
    try:
        url = urldefrag(url.strip())[0]
        parts = urlsplit(url)
        usable = parts.scheme.lower() in ("http", "https") and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or any(char.isspace() or ord(char) < 32 for char in url):
        raise FetchError(_NO_ADDRESS, _ADDRESS_HINT)
    return url


def joined(base: str, url: str) -> str:
    """An address as a page at ``base`` writes it, in full. Raises FetchError where it cannot be asked."""
    try:
        return plain_url(urljoin(base, url.strip()))
    except ValueError:
        raise FetchError(_NO_ADDRESS, _ADDRESS_HINT) from None


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a host. Raises OSError."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def addresses(url: str, resolving: Resolve, private: bool) -> Sequence[str]:
    """The addresses to connect to, the first that answers; private: also such as are not of the public internet.

    Raises FetchError where there is none, or one of them may not be asked.
    """
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme.lower() == "https" else 80)
    try:
        found = list(resolving(host, port))
    except (OSError, UnicodeError):
        raise FetchError(
            f"The host {host} is not known.", "Check the address and the connection.", passing=True
        ) from None
    if not private and not all(map(_is_public, found)):
        raise FetchError(f"{host} is not on the public internet.", "If you trust it, give --allow-private.")
    return found[:_MOST_TRIED]


def _is_public(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if any(found in carrier for carrier in _CARRIERS):
            return False
        if found.ipv4_mapped:
            return _is_public(str(found.ipv4_mapped))
    return found.is_global and not found.is_multicast
