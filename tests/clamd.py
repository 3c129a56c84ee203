"""A small clamd on a real socket: speaks PING and INSTREAM, and knows one virus, the harmless one of EICAR."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"  # in two, or scanners name us


class Clamd:
    """What it was asked; ``delay``: seconds before each verdict; ``most``: bytes it takes of one stream."""

    def __init__(self, listening: socket.socket, path: str = "") -> None:
        self.path = path
        self.scanned: list[bytes] = []
        self.delay = 0.0
        self.most = 30 << 20
        self._listening = listening
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._listening.accept()
                with connection, contextlib.suppress(OSError):
                    self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as asked:
            command = b""
            while not command.endswith(b"\0"):
                command += asked.read(1)
            if command == b"zPING\0":
                connection.sendall(b"PONG\0")
                return
            assert command == b"zINSTREAM\0", command
            content = b""
            while size := int.from_bytes(asked.read(4), "big"):
                content += asked.read(size)
                if len(content) > self.most:
                    connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                    return
            self.scanned.append(content)
            time.sleep(self.delay)
            connection.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


@contextlib.contextmanager
def running(path: Path) -> Iterator[Clamd]:
    """On a Unix socket; the path must be short."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(path))
        listening.listen()
        yield Clamd(listening, str(path))
        listening.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def running_on_a_port() -> Iterator[tuple[Clamd, int]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield Clamd(listening), listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
