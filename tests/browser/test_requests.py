"""Carol sends a request from a real browser: with script, without it, and with files."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from sqlalchemy import select

from app.extensions import db
from app.models import Attachment, Ticket
from tests.browser.conftest import Site

BODY = b"\x89PNG\r\n\x1a\n" + b"0" * 3000
PICTURE: FilePayload = {"name": "снимок.png", "mimeType": "image/png", "buffer": BODY}
OTHER: FilePayload = {"name": "лишний.png", "mimeType": "image/png", "buffer": BODY}


def fill_in(page: Page, what: str = "1С не открывается") -> None:
    for name, value in {
        "what": what,
        "company": "ООО «Нева-Трейд»",
        "name": "Петрова Ольга",
        "email": "carol@neva-trade.example",
        "phone": "+7 (900) 555-01-44",
    }.items():
        page.fill(f"#{name}", value)


def test_a_file_is_sent_as_soon_as_it_is_chosen_and_can_be_removed(site: Site, page: Page):
    page.goto(site.url)
    fill_in(page)
    page.set_input_files("#files", [PICTURE, OTHER])
    expect(page.locator(".uploads input[name=uploads]")).to_have_count(2)
    page.get_by_role("button", name="Убрать: лишний.png").click()
    expect(page.locator(".uploads li")).to_have_count(1)
    page.get_by_role("button", name="Отправить заявку").last.click()
    expect(page.locator("h1")).to_have_text("Заявка принята")
    assert [file.name for file in db.session.scalars(select(Attachment))] == ["снимок.png"]


def test_too_large_a_file_says_so_beside_its_name(site: Site, page: Page, tmp_path: Path):
    large = tmp_path / "диск.img"
    with large.open("wb") as file:
        file.truncate(26 << 20)
    page.goto(site.url)
    page.set_input_files("#files", large)
    expect(page.locator(".uploads .is-failed .uploads__note")).to_contain_text("Больше 25 МБ")


def test_everything_works_without_script(site: Site, context_of):
    context: BrowserContext = context_of(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url)
    page.set_input_files("#files", [PICTURE])
    fill_in(page, what="")
    page.get_by_role("button", name="Отправить заявку").last.click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".uploads__name")).to_have_text("снимок.png")
    page.fill("#what", "Не печатает принтер")
    page.get_by_role("button", name="Отправить заявку").last.click()
    expect(page.locator("h1")).to_have_text("Заявка принята")
    page.get_by_role("link", name="Следить за заявкой").click()
    page.locator("summary", has_text="Написать инженеру").click()
    page.fill("#answer", "Добавлю: принтер HP")
    page.get_by_role("button", name="Отправить", exact=True).last.click()
    expect(page.locator("#thread")).to_contain_text("Добавлю: принтер HP")
    ticket = db.session.scalars(select(Ticket)).one()
    assert ticket.title == "Не печатает принтер"


def test_enter_in_a_field_sends_the_form_and_removes_no_file(site: Site, page: Page):
    page.goto(site.url)
    fill_in(page, what="")
    page.set_input_files("#files", [PICTURE])
    expect(page.locator(".uploads input[name=uploads]")).to_have_count(1)
    page.get_by_role("button", name="Отправить заявку").last.click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.fill("#what", "Теперь с текстом")
    page.press("#phone", "Enter")
    expect(page.locator("h1")).to_have_text("Заявка принята")
    assert len(list(db.session.scalars(select(Attachment)))) == 1


def test_what_was_typed_is_kept_on_this_device_until_it_is_sent(site: Site, page: Page):
    page.goto(site.url)
    fill_in(page, "Долгий рассказ о беде")
    page.goto(f"{site.url}/memo")
    page.goto(site.url)
    expect(page.locator("#what")).to_have_value("Долгий рассказ о беде")
    expect(page.locator("#email")).to_have_value("")  # contacts only where one ticked it
    fill_in(page, "Долгий рассказ о беде")
    page.get_by_role("button", name="Отправить заявку").last.click()
    expect(page.locator("h1")).to_have_text("Заявка принята")
    page.goto(site.url)
    expect(page.locator("#what")).to_have_value("")


def test_contacts_are_remembered_only_by_a_tick(site: Site, page: Page):
    page.goto(site.url)
    fill_in(page)
    expect(page.get_by_label("Запомнить мои данные на этом устройстве")).not_to_be_checked()
    page.get_by_label("Запомнить мои данные на этом устройстве").check()
    page.get_by_role("button", name="Отправить заявку").last.click()
    expect(page.locator("h1")).to_have_text("Заявка принята")
    page.goto(site.url)
    expect(page.locator("#email")).to_have_value("carol@neva-trade.example")
    expect(page.locator("#what")).to_have_value("")


def test_pressing_twice_sends_once(site: Site, page: Page):
    page.goto(site.url)
    fill_in(page)
    page.get_by_role("button", name="Отправить заявку").last.dblclick()
    expect(page.locator("h1")).to_have_text("Заявка принята")
    assert len(list(db.session.scalars(select(Ticket)))) == 1
    assert re.search(r"/r/\d{6}\.[\w-]+/accepted$", page.url)
