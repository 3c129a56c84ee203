"""After signing out nothing of the desk is left in the browser: not behind «Back», not in its storage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Site
from tests.cast import request_of_carol

pytestmark = pytest.mark.browser

_STORED = "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"


@pytest.mark.trust("S4")
def test_back_shows_no_page_and_no_storage_keeps_one(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    number = request_of_carol().number
    page = signed_in().new_page()
    page.goto(f"{site.url}/queue")
    page.goto(f"{site.url}/tickets/{number}")
    expect(page.locator("body")).to_contain_text("пишет про ключ защиты")
    page.evaluate("document.querySelector('form[action=\"/logout\"]').submit()")
    expect(page.locator("h1")).to_have_text("Вход для сотрудников")
    assert "ключ защиты" not in page.evaluate(_STORED)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Вход для сотрудников")
    expect(page.locator("body")).not_to_contain_text("ключ защиты")
