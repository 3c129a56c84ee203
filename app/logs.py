"""The log: one line an event, on standard output; no secret and no line break of a stranger gets into it."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime

from flask import Flask, Response, g, request

SECRET_PATHS = re.compile(r"(/(?:r|account|download|head|pages|pairing|rating)/)[^\s/?#\"']+")
QUERIES = re.compile(r"(\s/[^\s?]*)\?\S+")
CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {10: "\\n", 13: "\\r", 9: "\\t"}
CONTROLS |= {0x2028: "\\u2028", 0x2029: "\\u2029", 0x202E: "\\u202e"}
QUIET = {"/healthz", "/readyz", "/metrics", "/live"}  # called all the time, or open for hours
UNLOGGED = "desk.unlogged"  # in the environ of a request that this process makes to itself

log = logging.getLogger("app.requests")


class TextFormatter(logging.Formatter):
    """For people: the moment, the level, who speaks, what."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{_moment(record)} {record.levelname:<7} {record.name}: {clean(_words(self, record))}"


class JsonFormatter(logging.Formatter):
    """For programs: the same as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"at": _moment(record), "level": record.levelname, "logger": record.name}
        return json.dumps({**line, "message": clean(_words(self, record))}, ensure_ascii=False)


class _StandardOutput(logging.Handler):
    """Writes where standard output is now, not where it was at the start."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):
            print(self.format(record), file=sys.stdout, flush=True)


def speak(log_format: str) -> None:
    """Set up the log of a process that serves; commands keep their standard output for their answers."""
    handler = _StandardOutput()
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("app").setLevel(logging.INFO)
    logging.getLogger("workers").setLevel(logging.INFO)
    logging.captureWarnings(capture=True)


def init_app(app: Flask) -> None:
    """Log every request: method, path without its query, status, milliseconds, address."""
    app.before_request(_note_start)
    app.after_request(_log_request)


def clean(words: str) -> str:
    """Words for one line: controls escaped, tokens in addresses masked, query strings cut."""
    return QUERIES.sub(r"\1?…", SECRET_PATHS.sub(r"\1…", words)).translate(CONTROLS)


def _note_start() -> None:
    g.began_at = time.monotonic()


def _log_request(response: Response) -> Response:
    if request.path not in QUIET and UNLOGGED not in request.environ and not request.path.startswith("/static/"):
        took = (time.monotonic() - g.get("began_at", time.monotonic())) * 1000
        log.info("%s %s %d %.0f ms %s", request.method, request.path, response.status_code, took, request.remote_addr)
    return response


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _words(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    words = record.getMessage()
    return f"{words}\n{formatter.formatException(record.exc_info)}" if record.exc_info else words
