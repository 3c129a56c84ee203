"""Writing in a request: who will read it is said truly, colleagues are offered, and nothing takes the cursor away."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import select

from app import clock, outbox, tickets
from app.extensions import db
from app.models import Event, EventKind, Notify, Ticket
from tests.browser.conftest import Site
from tests.browser.test_accessible import troubles
from tests.cast import acting, alice, bob, masha, neva_trade, request_of_carol, staff


def opened(site: Site, page: Page, ticket: Ticket, query: str = "?view=open") -> Page:
    number = ticket.number
    db.session.rollback()
    page.goto(f"{site.url}/tickets/{number}{query}")
    return page


def test_a_colleague_is_offered_by_keys_and_told(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    bob(), masha(), staff("Семён Ёлкин", email="semyon@stek.example")
    ticket = request_of_carol()
    colleague = bob().id
    page = opened(site, signed_in().new_page(), ticket)
    text, offered = page.locator("#text"), page.get_by_role("listbox", name="Кого известить")
    text.press_sequentially("@")  # in an answer to the customer it is a sign like any other
    expect(offered).to_be_hidden()
    text.fill("")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.keyboard.type("Глянь, @")
    expect(offered.get_by_role("option")).to_have_count(3)
    expect(page.get_by_text("стрелки выбирают")).to_be_attached()
    assert not troubles(page)
    page.keyboard.type("елк")
    expect(offered.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    chosen = offered.get_by_role("option", name="Борис Белов")
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(text).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    page.keyboard.press("Enter")
    expect(text).to_have_value("Глянь, @Белов ")
    page.keyboard.type("и @ив")
    page.keyboard.press("Escape")  # closes the list, and the cursor stays
    expect(offered).to_be_hidden()
    page.keyboard.type(", почта office@белов")
    expect(offered).to_be_hidden()
    expect(text).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#conversation")).to_contain_text("Глянь, @Белов и @ив, почта")
    noted = db.session.scalars(select(Event).where(Event.kind == EventKind.NOTED)).one()
    assert noted.data == {"mentions": [colleague]}


def test_colleagues_are_not_offered_where_the_cursor_has_gone(
    site: Site, signed_in: Callable[..., BrowserContext]
) -> None:
    bob()
    page = opened(site, signed_in().new_page(), request_of_carol())
    page.keyboard.press("i")
    page.keyboard.type("Спросить @бе")
    expect(page.locator("#mentions")).to_be_visible()
    page.keyboard.press("Home")
    expect(page.locator("#mentions")).to_be_hidden()
    page.keyboard.press("End")
    expect(page.locator("#text")).to_have_value("Спросить @бе")


def test_a_layout_without_the_sign_has_a_button(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    bob()
    page = opened(site, signed_in().new_page(), request_of_carol())
    page.keyboard.press("i")
    page.keyboard.type("Спросить")
    page.get_by_role("button", name="Позвать коллегу").click()
    page.get_by_role("option", name="Борис Белов").click()
    expect(page.locator("#text")).to_have_value("Спросить @Белов ")
    expect(page.locator("#text")).to_be_focused()


def test_the_line_over_an_answer_names_everybody_who_gets_it(
    site: Site, signed_in: Callable[..., BrowserContext]
) -> None:
    company = neva_trade()
    ticket = request_of_carol()
    page, line = signed_in().new_page(), ".composer__to--customer"
    for notify, words in (
        (Notify.BOTH, "carol@neva-trade.example, копия office@neva-trade.example"),
        (Notify.COMPANY, "office@neva-trade.example"),
        (Notify.APPLICANT, "carol@neva-trade.example"),
    ):
        company.notify = notify
        outbox.commit()
        expect(opened(site, page, ticket).locator(line)).to_have_text(words)


def test_an_act_leaves_the_cursor_with_whoever_writes_on(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    page = opened(site, signed_in().new_page(), request_of_carol())

    def slowly(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/taking*", slowly)
    page.keyboard.press("c")  # the page comes anew while the next words are typed
    page.keyboard.press("r")
    page.keyboard.type("Еду")
    page.wait_for_load_state()
    expect(page.locator(".desk--ticket")).to_have_attribute("data-state", "open")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type(" к вам")
    expect(page.locator("#text")).to_have_value("Еду к вам")


def test_what_was_taken_back_is_written_on_in_the_same_list(
    site: Site, signed_in: Callable[..., BrowserContext]
) -> None:
    ticket, other = request_of_carol(), request_of_carol().number
    page = opened(site, signed_in().new_page(), ticket)
    page.locator("#text").fill("Еду к вам")
    page.locator("#text").press("Control+Enter")
    expect(page.locator("#conversation")).to_contain_text("Уйдёт клиенту")
    page.keyboard.press("z")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value("Еду к вам")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.wait_for_url(f"**/tickets/{other}?view=open")


def test_a_request_is_not_passed_on_over_what_a_colleague_did_meanwhile(
    site: Site, signed_in: Callable[..., BrowserContext]
) -> None:
    ticket, colleague = request_of_carol(), bob()
    tickets.take(ticket, acting(alice()), clock.now())
    outbox.commit()
    page = opened(site, signed_in().new_page(), ticket, "")
    page.get_by_role("link", name="Передать").click()
    page.get_by_role("combobox", name="Кому").select_option(label=colleague.name)
    page.get_by_label("Что сделано и что осталось").fill("Остался автозапуск")
    tickets.assign(ticket, masha(), acting(masha()), clock.now())
    outbox.commit()
    page.get_by_role("button", name="Передать").click()
    expect(page.get_by_text("Пока вы смотрели, в заявке изменилось")).to_be_visible()
    expect(page.get_by_label("Что сделано и что осталось")).to_have_value("Остался автозапуск")
