"""A call from the first key to the last, on the page as engineers have it, without a mouse."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect
from sqlalchemy import func, select

from app.extensions import db
from app.models import State, Ticket, Urgency
from app.models.call_draft import CallDraft
from tests.browser.conftest import Site
from tests.browser.test_accessible import troubles
from tests.cast import carol, request_of_carol


def only_ticket() -> Ticket:
    db.session.rollback()
    ticket = db.session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()
    db.session.rollback()
    return ticket


def test_a_call_is_registered_without_a_mouse_and_its_number_is_read_aloud_before(
    site: Site, signed_in: Callable[..., BrowserContext]
) -> None:
    carol()
    context = signed_in()
    page = context.new_page()
    page.goto(f"{site.url}/queue")
    page.keyboard.press("p")
    expect(page.locator("#what")).to_be_focused()
    page.keyboard.type("Не открывается банк")
    expect(page.locator("#say")).to_contain_text("Номер заявки")
    number = page.locator("#say").get_attribute("data-number")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.keyboard.type("8 900 555-01-44")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Петрова Ольга Сергеевна")
    expect(page.locator("#what")).to_have_value("Не открывается банк")
    expect(page.locator("#say")).to_contain_text(f"Ольга Сергеевна, записали. Номер заявки {number}. Решим до")
    page.keyboard.press("Escape")
    with page.expect_response("**/tickets/new/draft"):
        page.keyboard.press("u")
    expect(page.locator(".call__if-urgent")).to_be_visible()
    expect(page.locator(".call__if-normal")).to_be_hidden()
    expect(page.locator("#kept")).to_contain_text("Черновик сохраняется сам")
    other = context.new_page()  # a reload, or another device: the draft is the person's
    other.goto(f"{site.url}/tickets/new?phone=89005550144")
    expect(other.locator("#what")).to_have_value("Не открывается банк")
    other.close()
    expect(page.locator("#what")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Заявка записана")
    ticket = only_ticket()
    assert (ticket.number, ticket.urgency, ticket.state) == (number, Urgency.URGENT, State.OPEN)
    assert db.session.scalar(select(func.count()).select_from(CallDraft)) == 0
    db.session.rollback()


def test_letters_go_where_the_caller_asks(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    person = carol()
    known = person.id
    db.session.rollback()
    page = signed_in().new_page()
    page.goto(f"{site.url}/tickets/new?phone=89005550144")
    expect(page.locator("#what")).to_be_focused()
    page.keyboard.type("Не открывается банк")
    expect(page.get_by_label("E-mail для этой заявки")).to_be_hidden()
    page.get_by_text("Изменить адреса").click()
    page.get_by_label("E-mail для этой заявки").fill("зайцева@")
    page.get_by_role("button", name="Зарегистрировать").click()
    field = page.get_by_label("E-mail для этой заявки")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("link", name="Похоже, в e-mail опечатка")).to_be_visible()
    expect(page.get_by_label("Как зовут")).to_have_count(0)  # whom we know is asked nothing again
    assert not troubles(page)
    field.fill("zaytseva@neva-trade.example")
    page.get_by_role("button", name="Зарегистрировать").click()
    expect(page.locator("h1")).to_have_text("Заявка записана")
    expect(page.get_by_role("link", name="Открыть заявку")).to_be_focused()
    ticket = only_ticket()
    assert (ticket.person_id, ticket.applicant_email) == (known, "zaytseva@neva-trade.example")
    assert not ticket.is_address_confirmed
    assert carol().email == "carol@neva-trade.example"
    db.session.rollback()


def test_on_a_phone_each_place_says_what_it_asks_for(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    page = signed_in(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{site.url}/tickets/new")
    for words in ("У кого", "Где"):
        expect(page.locator("label", has_text=words).and_(page.locator(".call__place"))).to_be_visible()
    expect(page.get_by_text("У кого, где")).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 844})
    expect(page.get_by_text("У кого, где")).to_be_visible()
    expect(page.locator(".call__place").first).to_be_hidden()


def test_an_engineer_is_told_what_is_missing_of_the_caller(
    site: Site, signed_in: Callable[..., BrowserContext]
) -> None:
    page = signed_in().new_page()
    page.goto(f"{site.url}/tickets/new")
    expect(page.locator("#what")).to_be_focused()
    page.keyboard.type("Нет сети")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("link", name="Напишите, как зовут того, кто звонит.")).to_be_visible()
    assert not troubles(page)


def test_words_go_to_an_open_request_or_are_solved_at_once_by_keys(
    site: Site, signed_in: Callable[..., BrowserContext]
) -> None:
    ticket = request_of_carol(text="Касса не пробивает чеки")
    number = ticket.number
    page = signed_in().new_page()
    page.goto(f"{site.url}/tickets/new?phone=89005550144")
    expect(page.locator("#what")).to_be_focused()
    page.keyboard.type("И сканер не работает")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.wait_for_url(f"**/tickets/{number}#m*")
    expect(page.locator("#conversation")).to_contain_text("И сканер не работает")
    page.goto(f"{site.url}/tickets/new?phone=89005550144")
    expect(page.locator("#what")).to_have_value("")
    expect(page.locator("#what")).to_be_focused()
    page.keyboard.type("Забыли пароль")
    page.keyboard.press("Escape")
    page.keyboard.press("y")  # no key of ours: nothing happens
    page.keyboard.press("v")
    expect(page.locator("#solution")).to_be_focused()
    page.keyboard.type("Сбросили пароль")
    expect(page.locator(".call__if-solved")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Заявка записана")
    assert only_ticket().state is State.SOLVED


def test_a_long_call_is_kept_as_well(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    page = signed_in().new_page()
    page.goto(f"{site.url}/tickets/new")
    page.locator("#solution").evaluate("(field, said) => { field.value = said }", "ы" * 20_000)
    page.locator("#what").fill("ю" * 20_000)
    with page.expect_response("**/tickets/new/draft") as kept:
        expect(page.locator("#say")).to_contain_text("Номер заявки")
    assert kept.value.ok
