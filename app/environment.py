"""Parsers of settings: each turns one environment value into its type, or raises ValueError saying what it must be."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app import durations

LONGEST_SOCKET_PATH = 100  # bytes; the kernel takes 107
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,189}\.[A-Za-z0-9-]{2,63}")


def text(value: str) -> str:
    return value


def several(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def mailboxes(value: str) -> tuple[str, ...]:
    """Addresses of mailboxes to read, separated by commas; a comma inside a password is written %2C."""
    urls = several(value)
    for url in urls:
        parts = _parts(url)
        if not parts or parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
            raise ValueError("must look like imaps://user:password@host:993/INBOX, several separated by commas")
    return urls


def folder(value: str) -> Path:
    return Path(value).resolve()


def number(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(value)

    return parse


def flag(value: str) -> bool:
    if value.lower() not in {"on", "off", "1", "0", "true", "false", "yes", "no"}:
        raise ValueError("must be on or off")
    return value.lower() in {"on", "1", "true", "yes"}


def choice(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return parse


def duration(value: str) -> timedelta:
    try:
        return durations.parse(value)
    except ValueError as error:
        raise ValueError(f"must be a duration such as 72h, 30m or 10s ({error})") from error


def staying(value: str) -> timedelta:
    """How long a sign-in holds."""
    if (span := duration(value)) < timedelta(minutes=15):
        raise ValueError("must be at least 15m, or people would sign in all day")
    return span


def keeping(value: str) -> timedelta | None:
    """How long to keep something; None: for ever."""
    if value == "off":
        return None
    if (span := duration(value)) < timedelta(days=3):
        raise ValueError("must be at least 3d, or off to keep everything")
    return span


def zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("must be a time zone such as Europe/Moscow") from error


def url(value: str) -> str:
    parts = _parts(value)
    if not parts or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address such as https://help.example.ru")
    return value.rstrip("/")


def optional_url(value: str) -> str:
    return url(value) if value else ""


def bot_token(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9:_-]*", value):
        raise ValueError("must be the token that @BotFather gave, such as 123456:ABC-DEF")
    return value


def webhook(value: str) -> str:
    """Where updates are posted to; its path becomes a route of the desk."""
    if not value:
        return value
    parts = urlsplit(url(value))
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", parts.path) or parts.query or parts.fragment:
        raise ValueError("must be an address with a path of its own, such as https://help.example.ru/telegram/updates")
    return value


def address(value: str) -> str:
    if not ADDRESS.fullmatch(value):
        raise ValueError("must be one plain e-mail address")
    return value.lower()


def addresses(value: str) -> tuple[str, ...]:
    return tuple(map(address, several(value)))


def senders(value: str) -> tuple[str, ...]:
    """Addresses, or whole domains as @example.ru, separated by commas."""
    found = several(value)
    for one in found:
        if not ADDRESS.fullmatch(f"x{one}" if one.startswith("@") else one):
            raise ValueError("must be e-mail addresses or domains such as @example.ru, separated by commas")
    return tuple(one.lower() for one in found)


def listen(value: str) -> tuple[str, int] | None:
    if value in {"", "off"}:
        return None
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("must be host:port such as 127.0.0.1:2525, or off")
    return host.strip("[]"), int(port)


def scanner(value: str) -> str:
    kind, _, how = value.partition(":")
    host, _, port = how.rpartition(":")
    is_clamd = kind == "clamd" and (how.startswith("/") or (bool(host) and port.isdigit() and 0 < int(port) < 65536))
    if value and not is_clamd and not (kind == "command" and _is_command(how)):
        raise ValueError(
            "must look like clamd:/run/clamav/clamd.ctl, clamd:127.0.0.1:3310 or command:clamdscan --fdpass"
        )
    return value


def database(value: str) -> str:
    value = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value)
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(value)
    except (ArgumentError, ValueError):  # its own words would quote a password
        raise ValueError("must look like postgresql://user:password@host:5432/name") from None
    return value


def redis(value: str) -> str:
    """A URL; a socket's path that the kernel would refuse is the short one that bin/run then uses as well."""
    scheme, _, path = value.partition("://")
    if scheme not in {"redis", "rediss", "unix"} or not path:
        raise ValueError("must begin with redis://, rediss:// or unix://")
    if scheme != "unix" and not _parts(value):
        raise ValueError("must look like redis://:password@host:6379/0")
    if scheme == "unix" and len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
        return f"unix:///tmp/helpdesk-{name}/redis.sock"
    return value


def secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError(
            "must have at least 32 characters; bin/run makes one in DATA_DIR/secret_key, or make one with: "
            "python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return value


def _parts(address: str) -> SplitResult | None:
    """An address in its parts; None where Python cannot read it, or its port is none."""
    try:
        parts = urlsplit(address)
        has_port = parts.port is None or parts.port > 0  # looked at only now
    except ValueError:
        return None
    return parts if has_port else None


def _is_command(words: str) -> bool:
    try:
        return bool(shlex.split(words))
    except ValueError:  # a quote without its end
        return False
