"""Gunicorn's thread worker with patience that ends: who sends a request byte by byte loses its thread."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from app.config import from_process

LOOK_EVERY = 1.0  # seconds


class DeskThreadWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn is untyped
    """A request must be read whole, headers and body, within BODY_WITHIN; answers may take as long as they like."""

    def init_process(self) -> None:
        self._reading: dict[socket.socket, float] = {}
        self._patience = from_process().body_within.total_seconds()
        threading.Thread(target=self._watch, name="patience", daemon=True).start()
        super().init_process()

    def handle(self, conn: Any) -> Any:
        self._reading[conn.sock] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self._reading.pop(conn.sock, None)

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            for late in [sock for sock, since in self._reading.copy().items() if self._is_late(since)]:
                self._reading.pop(late, None)
                with suppress(OSError):
                    late.shutdown(socket.SHUT_RD)  # a reader sees the end; a stream that is being sent goes on

    def _is_late(self, since: float) -> bool:
        return time.monotonic() - since > self._patience
