"""Words outlive a sign-in that ends and a link that breaks while they are written; sent again, they arrive once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete, func, select

from app import outbox
from app.extensions import db
from app.models import Message, MessageKind, StaffSession, Ticket
from tests.browser.conftest import Site
from tests.cast import PASSWORD, carol, request_of_carol


def end_every_session() -> None:
    with outbox.transaction():
        db.session.execute(delete(StaffSession))


def sign_in_again(page: Page, email: str = "alice@stek.example") -> None:
    expect(page.locator("h1")).to_have_text("Вход для сотрудников")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")


def replies() -> int:
    db.session.rollback()
    count = db.session.scalar(select(func.count(Message.id)).where(Message.kind == MessageKind.REPLY)) or 0
    db.session.rollback()
    return count


def test_a_sign_in_that_ends_costs_no_words_of_a_request(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    number = request_of_carol().number
    page = signed_in().new_page()
    page.goto(f"{site.url}/tickets/{number}")
    page.fill("#text", "Здравствуйте, еду к вам с новым ключом")
    page.locator("#solution-text").evaluate("one => { one.closest('details').open = true }")
    page.fill("#solution-text", "Заменили ключ защиты")
    end_every_session()
    page.locator("#solution-text").press("Control+Enter")
    sign_in_again(page)
    page.wait_for_url(f"**/tickets/{number}")
    expect(page.locator("#solution-text")).to_have_value("Заменили ключ защиты")
    expect(page.locator("#text")).to_have_value("Здравствуйте, еду к вам с новым ключом")
    page.locator("#text").press("Control+Enter")
    expect(page.locator("#conversation")).to_contain_text("еду к вам с новым ключом")
    assert replies() == 1


def test_a_sign_in_that_ends_costs_no_words_of_a_call(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    carol()
    page = signed_in().new_page()
    page.goto(f"{site.url}/tickets/new?phone=89005550144")
    page.fill("#what", "Не открывается банк")
    expect(page.locator("#say")).to_contain_text("Номер заявки")
    number = page.locator("#say").get_attribute("data-number")
    end_every_session()
    page.fill("#what", "Не открывается банк, платежи до обеда")
    page.locator("#what").press("Control+Enter")
    sign_in_again(page)
    expect(page.locator("#what")).to_have_value("Не открывается банк, платежи до обеда")
    page.locator("#what").press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Заявка записана")
    db.session.rollback()
    assert [ticket.number for ticket in db.session.scalars(select(Ticket))] == [number]
    db.session.rollback()


def test_a_link_that_breaks_holds_words_back_until_it_is_there_again(
    site: Site, signed_in: Callable[..., BrowserContext]
) -> None:
    number = request_of_carol().number
    context = signed_in()
    page = context.new_page()
    page.goto(f"{site.url}/tickets/{number}")
    page.fill("#text", "Здравствуйте, еду к вам")
    context.set_offline(True)
    page.locator("#text").press("Control+Enter")
    expect(page.locator("#unsent")).to_contain_text("Нет связи с сервером")
    expect(page.locator("#text")).to_have_value("Здравствуйте, еду к вам")
    context.set_offline(False)
    page.locator("#text").press("Control+Enter")
    expect(page.locator("#conversation")).to_contain_text("еду к вам")
    assert replies() == 1
    page.goto(f"{site.url}/tickets/{number}")
    expect(page.locator("#text")).to_have_value("")  # what was sent is no draft any more


def test_a_file_too_large_costs_no_words(site: Site, signed_in: Callable[..., BrowserContext], tmp_path: Path) -> None:
    number = request_of_carol().number
    page = signed_in().new_page()
    page.goto(f"{site.url}/tickets/{number}")
    page.fill("#text", "Здравствуйте, вот снимок")
    large = tmp_path / "снимок.png"
    with large.open("wb") as file:
        file.truncate(26 * 2**20)
    page.locator("#composer input[type=file]").set_input_files(large)
    expect(page.locator("#composer .uploads li.is-failed")).to_contain_text("МБ")
    expect(page.locator("#text")).to_have_value("Здравствуйте, вот снимок")
    page.locator("#text").press("Control+Enter")
    expect(page.locator("#conversation")).to_contain_text("вот снимок")
    assert replies() == 1
