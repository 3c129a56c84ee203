"""A line to a mail server that breaks after so many bytes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def line(port: int, broken_after: int | None) -> Iterator[int]:
    """A port of this machine that leads to another one; ``broken_after``: bytes that still come back from there."""
    with socket.create_server(("127.0.0.1", 0)) as gate:
        leading = threading.Thread(target=_lead, args=(gate, port, broken_after), daemon=True)
        leading.start()
        yield gate.getsockname()[1]
        leading.join(10)


def _lead(gate: socket.socket, port: int, broken_after: int | None) -> None:
    near, _ = gate.accept()
    with near, socket.create_connection(("127.0.0.1", port)) as far:
        there = threading.Thread(target=_carry, args=(near, far, None), daemon=True)
        there.start()
        _carry(far, near, broken_after)
        there.join()


def _carry(source: socket.socket, target: socket.socket, most: int | None) -> None:
    carried = 0
    with suppress(OSError):
        while piece := source.recv(4096):
            target.sendall(piece if most is None else piece[: most - carried])
            carried += len(piece)
            if most is not None and carried >= most:
                break
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
