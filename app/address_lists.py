"""Addresses that the settings name: the desk's own, programs that may open requests, web forms."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from app.config import Settings, settings


def own_addresses() -> frozenset[str]:
    """What the desk writes from, what it reads, and what leads there; in lower case, without plus-addresses."""
    return own_addresses_of(settings())


def is_own(address: str) -> bool:
    """A mailbox of the desk itself, or a plus-address of it: nothing is written there, and nothing from there read."""
    return without_plus(address) in own_addresses()


def without_plus(address: str) -> str:
    """``info+482173.…@host`` → ``info@host``."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def is_listed(address: str, listed: Iterable[str]) -> bool:
    """Whether an address, or its domain as ``@example.ru``, stands on a list of the settings."""
    address = address.strip().lower()
    return bool(address) and not {address, f"@{address.rpartition('@')[2]}"}.isdisjoint(listed)


@lru_cache(maxsize=8)
def own_addresses_of(known: Settings) -> frozenset[str]:
    """The same outside an application."""
    users = [unquote(urlsplit(url).username or "") for url in known.imap_url]
    readers = [user for user in users if "@" in user]
    return frozenset(map(without_plus, (known.mail_default_sender, *known.mail_aliases, *readers)))
