"""Settings and tokens as an administrator's browser shows them: a key once, whatever is pressed after it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, expect

from app import outbox
from app.accounts import tokens
from app.clock import now
from app.extensions import db
from app.models import Token
from tests.browser.conftest import Site
from tests.browser.test_accessible import LOOKS, overflow, troubles
from tests.web.accounts import administrator

KEY = re.compile(r"hd_[\w-]{43}")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_key_is_shown_once_and_a_reload_asks_for_nothing(
    site: Site, signed_in: Callable[..., BrowserContext], width: int, scheme: str
) -> None:
    context = signed_in(member=administrator(), viewport={"width": width, "height": 844}, color_scheme=scheme)
    page, asked = context.new_page(), list[str]()

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", accept)
    page.goto(f"{site.url}/settings")
    assert (troubles(page), max(0, overflow(page))) == ([], 0)
    page.get_by_role("link", name="Токены API").click()
    page.get_by_text("Создать токен").click()
    page.get_by_label("Какая программа").fill("Касса" * 20)
    assert not troubles(page)
    page.get_by_role("button", name="Создать", exact=True).click()
    expect(page.locator("h1")).to_have_text("Токен создан")
    assert KEY.fullmatch(page.locator(".settings__key").inner_text())
    assert (troubles(page), max(0, overflow(page))) == ([], 0)
    page.reload()
    expect(page.locator("h1")).to_have_text("Токены API")
    assert not KEY.search(page.content())
    page.get_by_text("Отозвать", exact=True).click()
    assert (troubles(page), max(0, overflow(page))) == ([], 0)
    page.get_by_role("button", name="Отозвать токен").click()
    expect(page.get_by_role("status")).to_contain_text("отозван")
    page.go_back()
    assert not KEY.search(page.content())
    assert asked == []
    db.session.rollback()
    assert db.session.query(Token).count() == 1


def test_a_token_is_revoked_without_scripts(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    with outbox.transaction():
        tokens.make("Касса", "engineer", now())
    page = signed_in(member=administrator(), java_script_enabled=False).new_page()
    page.goto(f"{site.url}/settings/tokens")
    button = page.get_by_role("button", name="Отозвать токен: Касса")
    expect(button).to_be_hidden()  # nothing is taken away by one press
    page.get_by_text("Отозвать", exact=True).click()
    button.click()
    expect(page.get_by_role("status")).to_contain_text("отозван")
    page.goto(f"{site.url}/settings")
    page.get_by_role("link", name="Приём писем").click()
    assert page.url.endswith("#mail-in")
