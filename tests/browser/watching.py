"""A watch over a page of Chromium for all that hostile words could make it do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Dialog, Page

from tests.browser.conftest import Site


@contextmanager
def watched(page: Page, site: Site) -> Iterator[list[str]]:
    """What must not happen on a page: dialogs, errors, breaches of a policy, requests that leave the desk."""
    troubles: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        troubles.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", dismissed)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("popup", lambda opened: troubles.append(f"popup {opened.url}"))
    page.on("download", lambda file: troubles.append(f"download {file.url}"))
    inside = (f"{site.url}/", "data:image/png;base64,")
    page.on("request", lambda sent: None if sent.url.startswith(inside) else troubles.append(f"request {sent.url}"))
    yield troubles
