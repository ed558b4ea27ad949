"""The one way in which the product speaks to another server: one POST, to hosts that are allowed.

No redirects, no proxies. The name is resolved once, every address it has is looked at, and the
connection goes to the very address that was looked at, so that a name cannot change its mind between
(DNS rebinding). Private, loopback, link-local and other special addresses are refused unless the
operator says so. The whole exchange has a deadline, also against a server that answers a byte a second.
"""
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import SplitResult, urlsplit

from backend.core import clock

SECONDS = 5.0
MOST_BYTES = 64 << 10
PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotSent(Exception):
    """Nothing of the request left this machine; the text is a code without values."""


class Unclear(Exception):
    """The request left, or began to; what the other side did with it is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; of the body the first 64 KiB."""

    status: int
    body: bytes


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, hosts: Collection[str], private: bool = False,
    seconds: float = SECONDS,
) -> Answer:
    """POST to ``url`` if its host is among ``hosts`` (``host`` or ``host:port``); NotSent or Unclear."""
    parts = checked(url, hosts)
    deadline = clock.monotonic() + seconds
    connection = _connected(parts, private, deadline)
    watch = threading.Timer(max(0.0, deadline - clock.monotonic()), _hang_up, (connection.sock,))
    watch.daemon = True
    watch.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        own = {name.lower(): value for name, value in headers.items()}
        connection.request("POST", path, body, {"host": parts.netloc, "connection": "close"} | own)
        response = connection.getresponse()
        return Answer(response.status, response.read(MOST_BYTES))
    except (OSError, HTTPException, ValueError) as error:
        late = clock.monotonic() >= deadline - 0.01 or isinstance(error, TimeoutError)
        raise Unclear("timeout" if late else "broken-off") from error
    finally:
        watch.cancel()
        connection.close()


def checked(url: str, hosts: Collection[str]) -> SplitResult:
    """The parts of an address that may be spoken to; NotSent names what is wrong with it."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError as error:
        raise NotSent("odd-address") from error
    host = (parts.hostname or "").lower()
    if parts.scheme not in PORTS or not host or "@" in parts.netloc or any(c <= " " for c in url):
        raise NotSent("odd-address")
    if host not in hosts and f"{host}:{port}" not in hosts:
        raise NotSent("host-not-allowed")
    return parts


def is_public(text: str) -> bool:
    """Whether an address is one of the open internet, also behind what embeds an older one in a newer."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address.teredo is not None:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _connected(parts: SplitResult, private: bool, deadline: float) -> HTTPConnection:
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent("name-unknown") from error
    if not private and not all(is_public(str(place[4][0])) for place in found):
        raise NotSent("address-refused")
    connection = HTTPConnection(host, port)
    connection.sock = _socket(found, parts, deadline)
    return connection


def _socket(found: Sequence[Any], parts: SplitResult, deadline: float) -> socket.socket:
    for family, kind, protocol, _, place in found:
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(max(0.01, deadline - clock.monotonic()))
            made.connect(place)
            if parts.scheme == "https":
                made = _trust().wrap_socket(made, server_hostname=parts.hostname)
            return made
        except OSError:
            made.close()
    raise NotSent("no-connection")


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _hang_up(held: socket.socket) -> None:
    """End a conversation from outside: whoever reads or writes on it fails at once."""
    with suppress(OSError):
        socket.socket.shutdown(held, socket.SHUT_RDWR)
