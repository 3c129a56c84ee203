"""A real Chromium against a real server on loopback; nothing of it reaches outside."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from app.models import Staff
from tests import cast
from tests.servers import UNLIMITED
from tests.web.signing_in import browser_of

PATIENCE = 15_000  # milliseconds, for what is done and what is expected: the machine may be busy
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Site:
    """A running desk: its application and the address to open."""

    app: Flask
    url: str


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Browsers try pages, not databases: SQLite is enough."""
    target = tmp_path / "helpdesk.sqlite3"
    shutil.copy(sqlite_template, target)
    return f"sqlite:///{target}"


@pytest.fixture
def site(make_app: Callable[..., Flask]) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = make_app(PORT=str(port), PUBLIC_URL=f"http://127.0.0.1:{port}", **UNLIMITED)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with app.app_context():
        yield Site(app, f"http://127.0.0.1:{port}")
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def context_of(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Fresh browsers; keyword arguments are Playwright's (``java_script_enabled=False``)."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(context_of: Callable[..., BrowserContext]) -> Iterator[Page]:
    """One page with script; a script error or a breach of the content policy fails the test."""
    opened = context_of().new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    assert not troubles


@pytest.fixture
def signed_in(site: Site, context_of: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """A browser in which a member of staff has signed in, Alice or ``member``; further arguments are Playwright's."""

    def make(*, member: Staff | None = None, **options: object) -> BrowserContext:
        client = browser_of(site.app, member or cast.alice())
        cookie = client.get_cookie("desk", domain="127.0.0.1") or client.get_cookie("desk")
        assert cookie
        context = context_of(**options)
        context.add_cookies([{"name": "desk", "value": cookie.value, "url": site.url}])
        return context

    return make
