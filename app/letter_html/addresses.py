"""Addresses in letters: read as a browser reads them, written so that what is shown is what is followed."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_LONGEST = 4000
_WEB = re.compile(r"(https?):[\\/]*(.*)", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?\Z")
_MAIL = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"'?&]{1,190}\Z")
_INSIDE = frozenset(("arpa", "home", "internal", "lan", "local", "localhost"))
_PHONE = re.compile(r"\+?[0-9][0-9() .-]{2,30}\Z")


@dataclass(frozen=True)
class Target:
    """Where a link leads. `shown`: what a reader should see of it; `host`: of the web, in ASCII, with its port."""

    address: str
    shown: str
    host: str = ""


def target(address: str) -> Target | None:
    """Of a link; None where it leads nowhere that is known."""
    address = _without_blanks(address)
    scheme, _, rest = address.partition(":")
    if scheme.lower() == "mailto":
        person = unquote(rest.partition("?")[0])
        return Target(f"mailto:{person}", person) if _MAIL.match(person) else None
    if scheme.lower() == "tel":
        return Target(f"tel:{rest}", rest) if _PHONE.match(rest) else None
    return web(address)


def web(address: str) -> Target | None:
    """Of a page or a picture: without name and password, the host in the letters that it is looked up by."""
    found = _WEB.match(_without_blanks(address))
    if not found or len(address) > _LONGEST:
        return None
    scheme, rest = found[1].lower(), found[2]
    end = min((at for at in map(rest.find, "?#") if at >= 0), default=len(rest))
    try:
        parts = urlsplit(f"{scheme}://{rest[:end].replace(chr(92), '/')}{rest[end:]}")
        host, port = _ascii(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if not _HOST.match(host):
        return None
    place = host if port is None else f"{host}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    tail = f"#{parts.fragment}" if parts.fragment else ""
    return Target(f"{scheme}://{place}{parts.path}{query}{tail}", _readable(host), place)


def is_inside(host: str) -> bool:
    """Whether a host can only be a machine of somebody's own network, which no letter has to reach."""
    name = host.partition(":")[0].rstrip(".")
    try:
        return not ipaddress.ip_address(name).is_global
    except ValueError:
        last = name.rpartition(".")[2]
        # A last label of digits is an address in one of the old spellings: 127.1, 0x7f.1, 017700000001.
        return "." not in name or last[:1].isdigit() or last in _INSIDE


def _ascii(host: str) -> str:
    """By IDNA (RFC 3490), which also brings look-alikes of width to one form; raises ValueError."""
    return host.encode("idna").decode("ascii").lower() if host else ""


def _readable(host: str) -> str:
    """Letters that are not Latin are shown as read and as looked up: «раypal.com» is not paypal.com."""
    if "xn--" not in host:
        return host
    try:
        return f"{host.encode('ascii').decode('idna')} ({host})"
    except UnicodeError:
        return host


def _without_blanks(address: str) -> str:
    """Browsers leave out tabs and line ends anywhere, and controls and blanks at both ends."""
    return re.sub(r"[\t\r\n]", "", address).strip("".join(map(chr, range(33))))
