"""A service that pages are posted to: answers as the test says, hangs or drips, and keeps what it got."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """``answers``: statuses to give in turn, after them 200; ``hang``: seconds of silence before any of them."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    hang: float = 0.0
    is_dripping: bool = False
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/pages?key=secret"

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.got]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_request: object) -> None:
        """The desk hung up."""


@contextmanager
def running() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((dict(self.headers), body))
            if receiver.is_dripping:
                self._drip()
                return
            receiver.is_over.wait(receiver.hang)
            self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
            self.end_headers()

        def _drip(self) -> None:
            """A status line that comes letter by letter and never ends."""
            while not receiver.is_over.is_set():
                self.wfile.write(b"H")
                self.wfile.flush()
                time.sleep(0.05)

        def log_message(self, *_words: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    receiver.port = int(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
