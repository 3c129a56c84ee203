"""The server's doors: /bot<token>/<method>, /file/bot<token>/<path>, and /control/<act> to act as people."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from werkzeug.wrappers import Request

from tests.telegram.fake import control
from tests.telegram.fake.shapes import Json, Params, Refusal

if TYPE_CHECKING:
    from tests.telegram.fake.server import FakeBotApi

LONGEST_BODY = 60 << 20


class Doors(ThreadingHTTPServer):
    """Listens; each connection has a thread of its own."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, fake: FakeBotApi) -> None:
        self.fake = fake
        super().__init__(("127.0.0.1", port), Visit)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A bot that goes away in the middle is nothing to report."""


class Visit(BaseHTTPRequestHandler):
    """One connection, with one call after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Doors

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LONGEST_BODY:
            self._answer(413, {"ok": False, "error_code": 413, "description": "Request Entity Too Large"})
            self.close_connection = True
            return
        body = self.rfile.read(length)
        fake = self.server.fake
        head, _, method = self.path.partition("?")[0].lstrip("/").partition("/")
        if fake.weather.is_down:
            self._cut()
        elif head == "control":
            self._control(method, body)
        elif head == f"bot{fake.token}":
            self._call(method, body)
        else:
            code, words = (401, "Unauthorized") if head.startswith("bot") and ":" in head else (404, "Not Found")
            self._answer(code, {"ok": False, "error_code": code, "description": words})

    def do_GET(self) -> None:
        fake = self.server.fake
        prefix = f"/file/bot{fake.token}/"
        if not self.path.startswith(prefix):
            self.do_POST()
        elif fake.weather.is_down or ((fault := fake.weather.take("file", None)) and fault.kind in {"drop", "cut"}):
            self._cut()
        else:
            path = unquote(self.path.removeprefix(prefix))
            content = next((file.content for file in fake.world.files.values() if file.path == path), None)
            fake.world.note("file", {"path": path}).status = 200 if content is not None else 404
            self._send(200 if content is not None else 404, content or b"", "application/octet-stream")

    def _call(self, method: str, body: bytes) -> None:
        try:
            params = self._params(body)
        except ValueError:
            self._answer(400, {"ok": False, "error_code": 400, "description": "Bad Request: can't parse the body"})
            return
        call = self.server.fake.world.note(method, params.given)
        answer: Json
        try:
            answer = {"ok": True, "result": self.server.fake.perform(call, params)}
            call.status = 200
        except Refusal as refusal:
            call.status, call.description = refusal.code, refusal.description
            answer = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.parameters:
                answer["parameters"] = refusal.parameters
        if call.is_cut:
            self._cut()
        else:
            self._answer(call.status, answer)

    def _params(self, body: bytes) -> Params:
        kind = self.headers.get("Content-Type", "")
        query = self.path.partition("?")[2]
        if kind.startswith("application/json"):
            given = json.loads(body or b"{}")
            if not isinstance(given, dict):
                raise ValueError("an object is expected")
            return Params(given, {})
        with Request.from_values(
            query_string=query, method="POST", content_type=kind, data=body, headers={"Content-Length": len(body)}
        ) as request:
            files = {name: (part.filename or "file", part.read()) for name, part in request.files.items()}
            return Params({**request.args.to_dict(), **request.form.to_dict()}, files)

    def _control(self, act: str, body: bytes) -> None:
        try:
            self._answer(200, {"ok": True, "result": control.act(self.server.fake, act, json.loads(body or b"{}"))})
        except (KeyError, TypeError, ValueError, AttributeError, AssertionError) as error:
            self._answer(400, {"ok": False, "error_code": 400, "description": f"{type(error).__name__}: {error}"})

    def _answer(self, status: int, answer: Json) -> None:
        self._send(status, json.dumps(answer).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _cut(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Calls are kept, not printed."""
