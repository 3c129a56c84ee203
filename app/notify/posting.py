"""One POST with an end: a receiver that hangs, drips or chatters is cut off when its time is over."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

PATIENCE = 5.0  # seconds for a connection, and for each silence after that
LONGEST = 10.0  # seconds for all of it


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer, of which nothing else is read; OSError where there is none. Follows no redirection."""
    parts = urlsplit(url)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    with closing(_connection(parts.scheme, parts.hostname or "", parts.port)) as connection:
        cut = threading.Timer(LONGEST, _cut, [connection])
        cut.daemon = True
        cut.start()
        try:
            connection.request("POST", path, body=body, headers=dict(headers))
            return connection.getresponse().status
        except (HTTPException, ValueError) as error:
            raise OSError(type(error).__name__) from None
        finally:
            cut.cancel()


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, port, timeout=PATIENCE, context=ssl.create_default_context())
    return HTTPConnection(host, port, timeout=PATIENCE)


def _cut(connection: HTTPConnection) -> None:
    """Whoever reads from it reads an end."""
    with suppress(OSError, AttributeError):  # not connected yet, or over already
        connection.sock.shutdown(socket.SHUT_RDWR)
