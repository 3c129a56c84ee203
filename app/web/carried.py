"""The parts of a queue page that its browser's stream carries: asked for in the browser's name, by the ordinary routes.

Were every open queue to ask for a changed row by itself, one change would be as many requests, all in the same moment.
The stream asks instead, within this process: the same route, the same cookie, hence the same rights; only the way
through sockets, threads and parsing falls away. What cannot be carried is not sent, and the page asks as ever.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Request
from werkzeug.routing import Map
from werkzeug.wrappers import Response

from app import logs
from app.outbox import QUEUE_TOPIC
from app.reading.queue_selection import Selection

MOST_ROWS = 15  # of one moment; after more the page fetches its whole list, as queue.js says
COUNTS_AFTER = (1.0, 2.0)  # seconds from a change to the counts, however much changes meanwhile
_AT_ONCE = threading.Lock()  # one stream of a process at work, so that pages have their share of it
_KEPT = {"HTTP_COOKIE", "HTTP_HOST", "HTTP_ACCEPT_LANGUAGE", "REMOTE_ADDR", "SCRIPT_NAME", "SERVER_NAME"}
_KEPT |= {"SERVER_PORT", "SERVER_PROTOCOL", "wsgi.url_scheme", "wsgi.version", "wsgi.errors"}
_TICKET = "ticket:"


class CarriedQueue:
    """One selection of the queue, as a browser shows it: its rows at once, its counts a moment later."""

    def __init__(
        self, environ: Mapping[str, Any], wsgi_app: Callable[..., Iterable[bytes]], paths: Map, selection: Selection
    ) -> None:
        self._environ = {name: environ[name] for name in _KEPT if name in environ}
        self._wsgi_app, self._paths = wsgi_app, paths.bind("")
        self._arguments, self._name = selection.arguments, urlencode(selection.arguments)
        self._counts_at: float | None = None

    @classmethod
    def of(cls, request: Request, wsgi_app: Callable[..., Iterable[bytes]], paths: Map) -> CarriedQueue | None:
        """What this stream was asked to carry: the selection in its address."""
        asked = request.args.get("queue", "")
        selection = Selection.parse(dict(parse_qsl(asked)))
        return cls(request.environ, wsgi_app, paths, selection) if asked else None

    def rows(self, topics: list[str]) -> Iterator[str]:
        """Events to go before these topics, whose hearers then know what they need not fetch."""
        if QUEUE_TOPIC in topics and self._counts_at is None:
            self._counts_at = time.monotonic() + random.uniform(*COUNTS_AFTER)
        numbers = [topic.removeprefix(_TICKET) for topic in topics if topic.startswith(_TICKET)]
        for number in numbers if len(numbers) <= MOST_ROWS else ():
            yield from self._part("row", "queue.row", number=number)

    def counts(self) -> Iterator[str]:
        """The counts, once it is time for them; nothing waits for them."""
        if self._counts_at is not None and time.monotonic() >= self._counts_at:
            self._counts_at = None
            yield from self._part("counts", "queue.counts")

    def _part(self, name: str, endpoint: str, **values: str) -> Iterator[str]:
        path, _mark, query = self._paths.build(endpoint, {**self._arguments, **values}).partition("?")
        with _AT_ONCE:
            response = Response.from_app(self._wsgi_app, self._environ_of(path, query), buffered=True)
        if response.status_code in {200, 204}:
            part = {"queue": self._name, "html": response.get_data(as_text=True), **values}
            yield f"event: {name}\ndata: {json.dumps(part, ensure_ascii=False)}\n\n"

    def _environ_of(self, path: str, query: str) -> dict[str, Any]:
        own = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HX_REQUEST": "true"}
        return {**self._environ, **own, "wsgi.input": BytesIO(), logs.UNLOGGED: True}
