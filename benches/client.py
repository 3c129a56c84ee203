"""The clients: a process of its own that asks for pages over kept connections; a plan on stdin, figures on stdout."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Figures:
    """What one connection saw; times in milliseconds."""

    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)


class Connection:
    """One browser's kept connection."""

    def __init__(self, host: str, port: int, cookie: str) -> None:
        self._address, self._cookie = (host, port), cookie
        self._socket: socket.socket | None = None
        self._rest = b""

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask for a page; a connection that the server closed meanwhile is opened again, once."""
        cookie = f"Cookie: {self._cookie}\r\n" if self._cookie else ""
        head = f"GET {path} HTTP/1.1\r\nHost: {self._address[0]}:{self._address[1]}\r\n{cookie}\r\n".encode()
        for _ in range(2):
            if self._socket is None:
                self._socket = socket.create_connection(self._address, timeout=60)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._socket.sendall(head)
                return self._answer()
            except (ConnectionError, EOFError):
                self._socket.close()
                self._socket, self._rest = None, b""
        raise ConnectionError(f"the server closes every connection: {path}")

    def _answer(self) -> tuple[int, bytes]:
        while b"\r\n\r\n" not in self._rest:
            self._read()
        head, _, body = self._rest.partition(b"\r\n\r\n")
        status, length, is_last = int(head[9:12]), 0, False
        for line in head.lower().split(b"\r\n")[1:]:
            if line.startswith(b"content-length:"):
                length = int(line[15:])
            is_last = is_last or line == b"connection: close"
        self._rest = body
        while len(self._rest) < length:
            self._read()
        page, self._rest = self._rest[:length], self._rest[length:]
        if is_last and self._socket is not None:
            self._socket.close()
            self._socket = None
        return status, page

    def _read(self) -> None:
        assert self._socket is not None
        more = self._socket.recv(262_144)
        if not more:
            raise EOFError
        self._rest += more


def main() -> None:
    plan = json.load(sys.stdin)
    until = time.monotonic() + plan["seconds"]
    clients = [Figures() for _ in range(plan["clients"])]
    threads = [
        threading.Thread(target=_browse, args=(plan, place, until, clients[place])) for place in range(len(clients))
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not all(one.times for one in clients):
        sys.exit("a client saw no page at all")
    spent = time.monotonic() - started
    statuses: dict[int, int] = {}
    for one in clients:
        for status, count in one.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    times = sorted(time for one in clients for time in one.times)
    json.dump({"seconds": spent, "pages": len(times), "statuses": statuses, "times": _quantiles(times)}, sys.stdout)


def _browse(plan: dict[str, Any], place: int, until: float, figures: Figures) -> None:
    connection = Connection(plan["host"], plan["port"], plan["cookie"])
    paths, turn = plan["paths"], place
    while time.monotonic() < until:
        started = time.monotonic()
        status, _ = connection.get(paths[turn % len(paths)])
        figures.times.append((time.monotonic() - started) * 1000)
        figures.statuses[status] = figures.statuses.get(status, 0) + 1
        turn += plan["clients"]


def _quantiles(times: list[float]) -> dict[str, float]:
    if not times:
        return {"p50": 0.0, "p95": 0.0}
    return {name: times[min(len(times) - 1, int(len(times) * part))] for name, part in (("p50", 0.5), ("p95", 0.95))}


if __name__ == "__main__":
    main()
