"""Two engineers before one queue, in real browsers: it keeps itself fresh and never moves under a hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app import outbox, tickets
from app.clock import now
from app.extensions import db, redis_client
from app.models import Staff, Ticket, Urgency
from app.tickets import Contribution
from tests.browser.conftest import Site
from tests.cast import PASSWORD, acting, alice, bob, request_of_carol

AT_ONCE = 12_000  # milliseconds; without the stream a page asks after thirty seconds. How soon it is: bin/bench live


@pytest.fixture
def desk_of(site: Site, context_of: Callable[..., BrowserContext], redis_url: str) -> Iterator[Callable[..., Page]]:
    """A page of a member of staff, signed in; a script error or a breach of the content policy fails the test."""
    troubles: list[str] = []
    for key in redis_client(redis_url).scan_iter("hd:streams:*"):
        redis_client(redis_url).delete(key)

    def sign_in(member: Staff, address: str = "/queue", **options: object) -> Page:
        context = context_of(**options)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
        page.goto(f"{site.url}/login")
        page.fill("#email", member.email)
        page.fill("#password", PASSWORD)
        page.get_by_role("button", name="Войти").click()
        page.wait_for_url("**/queue*")
        with page.expect_response(lambda answer: "/queue/list" in answer.url if address == "/queue" else True):
            page.goto(site.url + address)
        return page

    yield sign_in
    assert not troubles


def row(page: Page, ticket: Ticket) -> Locator:
    return page.locator(f"#t{ticket.number}")


def top(place: Locator) -> float:
    box = place.bounding_box()
    assert box
    return box["y"]


def test_a_new_request_comes_in_by_itself(site: Site, desk_of):
    first = request_of_carol()
    hers, his = desk_of(alice()), desk_of(bob(), "/queue")
    for page in (hers, his):
        page.mouse.move(5, 300)
        expect(row(page, first)).to_be_visible()
    fresh = request_of_carol(text="Касса не пробивает чеки", urgency=Urgency.URGENT)
    for page in (hers, his):
        expect(row(page, fresh)).to_be_visible(timeout=AT_ONCE)
        expect(page.locator("#group-untaken .rows__group")).to_contain_text("Срочные, никто не взял 1")
        expect(page.locator("#summary")).to_contain_text("2 заявки", timeout=AT_ONCE)


def test_an_urgent_request_sounds_where_that_is_switched_on(site: Site, desk_of):
    request_of_carol()
    page = desk_of(alice())
    page.mouse.move(5, 300)
    box = page.get_by_label("звук срочных")
    expect(box).not_to_be_checked()
    first = request_of_carol(text="Касса стоит", urgency=Urgency.URGENT)
    expect(row(page, first)).to_be_visible(timeout=AT_ONCE)
    assert box.get_attribute("data-played") is None
    box.check()
    page.mouse.move(5, 300)
    box.blur()
    second = request_of_carol(text="И вторая касса", urgency=Urgency.URGENT)
    expect(row(page, second)).to_be_visible(timeout=AT_ONCE)
    expect(box).to_have_attribute("data-played", "2")
    page.reload()
    expect(page.get_by_label("звук срочных")).to_be_checked()


def test_nothing_moves_under_the_pointer(site: Site, desk_of):
    first, second = request_of_carol(), request_of_carol(text="Вторая")
    page = desk_of(alice())
    row(page, second).hover()
    before = top(row(page, second))
    fresh = request_of_carol(text="Касса стоит", urgency=Urgency.URGENT)
    pill = page.locator("#arrivals")
    expect(pill).to_contain_text("1 новая", timeout=AT_ONCE)
    expect(pill).to_contain_text("1 срочная")
    expect(page).to_have_title("(1) Все открытые – HelpDesk")
    tickets.take(db.session.get_one(Ticket, first.id), acting(bob()), now())
    outbox.commit()
    expect(row(page, first)).to_contain_text("Белов", timeout=AT_ONCE)
    assert top(row(page, second)) == before
    pill.get_by_role("link", name="Показать").click()
    expect(row(page, fresh)).to_be_visible(timeout=AT_ONCE)
    expect(pill).to_be_hidden()


def test_an_untaken_urgent_request_shows_at_once_and_nothing_moves(site: Site, desk_of):
    rows = [request_of_carol(text=f"Заявка {number}") for number in range(30)]
    page = desk_of(alice())
    row(page, rows[9]).hover()
    before = top(row(page, rows[9]))
    fresh = request_of_carol(text="Касса стоит", urgency=Urgency.URGENT)
    expect(page.locator("#group-untaken")).to_contain_text("Касса стоит", timeout=AT_ONCE)
    expect(row(page, fresh)).to_be_in_viewport()
    assert abs(top(row(page, rows[9])) - before) < 1
    expect(page.locator("#arrivals")).to_be_hidden()


def test_a_selection_and_a_focused_button_stay(site: Site, desk_of):
    first, second = request_of_carol(), request_of_carol(text="Вторая")
    page = desk_of(alice())
    row(page, first).locator(".tick").check()
    expect(page.locator("#picked-count")).to_have_text("1")
    row(page, second).locator(".rows__title").focus()
    page.keyboard.press("Tab")
    take = row(page, second).locator(".rows__take")
    expect(take).to_be_focused()
    page.mouse.move(5, 300)
    tickets.set_urgency(db.session.get_one(Ticket, second.id), Urgency.URGENT, acting(bob()), now())
    tickets.set_urgency(db.session.get_one(Ticket, first.id), Urgency.URGENT, acting(bob()), now())
    outbox.commit()
    expect(row(page, first).locator(".chip--urgent")).to_be_visible(timeout=AT_ONCE)
    expect(row(page, first).locator(".tick")).to_be_checked()
    expect(take).to_be_focused()
    expect(row(page, second).locator(".chip--urgent")).to_have_count(0)
    expect(page.locator("#order-changed")).to_be_visible()
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    expect(row(page, second).locator(".chip--urgent")).to_be_visible(timeout=AT_ONCE)
    page.locator("#order-changed a").click()
    expect(page.locator("#group-untaken tr[data-ticket]")).to_have_count(2, timeout=AT_ONCE)
    expect(row(page, first).locator(".tick")).to_be_checked()


def test_a_request_that_a_colleague_took_leaves_the_view(site: Site, desk_of):
    ticket = request_of_carol()
    page = desk_of(alice(), "/queue?view=unassigned")
    page.mouse.move(5, 300)
    his = desk_of(bob())
    row(his, ticket).hover()
    row(his, ticket).locator(".rows__take").click()
    expect(his.locator(".undo")).to_contain_text(f"Вы взяли заявку {ticket.number}")
    expect(row(page, ticket)).to_have_count(0, timeout=AT_ONCE)
    expect(page.get_by_role("heading", name="Все заявки разобраны")).to_be_visible()


def test_typed_words_survive_what_comes_in(site: Site, desk_of):
    ticket = request_of_carol()
    page = desk_of(alice(), f"/tickets/{ticket.number}")
    page.locator("#text").press_sequentially("Ольга Сергеевна, вижу")
    page.locator("#standing summary").first.click()
    tickets.reply(db.session.get_one(Ticket, ticket.id), Contribution("Я уже отвечаю"), acting(bob()), now())
    outbox.commit()
    expect(page.locator("#conversation")).to_contain_text("Я уже отвечаю", timeout=AT_ONCE)
    expect(page.locator("#text")).to_have_value("Ольга Сергеевна, вижу")
    expect(page.locator("#standing details[open]")).to_have_count(1)
    page.locator("#standing summary").first.click()
    page.mouse.move(5, 600)
    page.locator("#text").press_sequentially(" ошибку")
    expect(page.locator("#standing")).to_contain_text("Белов", timeout=AT_ONCE)
    expect(page.locator("#text")).to_have_value("Ольга Сергеевна, вижу ошибку")


def test_nine_tabs_of_one_browser_share_a_stream(site: Site, desk_of):
    ticket = request_of_carol()
    first = desk_of(alice())
    tabs = [first]
    for _ in range(6):
        tab = first.context.new_page()
        tab.goto(f"{site.url}/queue")
        tabs.append(tab)
    first.close()
    tickets.take(db.session.get_one(Ticket, ticket.id), acting(bob()), now())
    outbox.commit()
    for tab in tabs[1:]:
        expect(row(tab, ticket)).to_contain_text("Белов", timeout=3 * AT_ONCE)


@pytest.mark.timeout(150)
def test_a_lost_link_is_said_and_made_good(site: Site, desk_of):
    ticket = request_of_carol()
    is_up = threading.Event()
    is_up.set()
    site.app.extensions["is_serving"] = is_up.is_set
    page = desk_of(alice())
    page.mouse.move(5, 300)
    expect(page.locator("#link-lost")).to_be_hidden()
    page.context.set_offline(True)
    is_up.clear()  # what is open ends, and nothing new comes through
    expect(page.locator("#link-lost")).to_contain_text("Связь с сервером прервалась в", timeout=60_000)
    expect(page.locator("#live-state")).to_contain_text("Нет связи с")
    tickets.take(db.session.get_one(Ticket, ticket.id), acting(bob()), now())
    outbox.commit()
    is_up.set()
    page.context.set_offline(False)
    expect(page.locator("#link-lost")).to_be_hidden(timeout=60_000)
    expect(row(page, ticket)).to_contain_text("Белов", timeout=AT_ONCE)


def test_everything_works_without_script(site: Site, context_of, desk_of):
    ticket = request_of_carol()
    page = desk_of_without_script(site, context_of)
    page.locator(f"#t{ticket.number} .tick").check()
    page.locator(".picked__some").get_by_role("button", name="Взять себе").click()
    expect(row(page, ticket)).to_contain_text("Вы")
    row(page, ticket).locator(".rows__title").click()
    page.locator("#kind-note").check(force=True)
    expect(page.get_by_role("button", name="Сохранить заметку")).to_be_visible()
    expect(page.get_by_role("button", name="Отправить клиенту")).to_be_hidden()
    page.fill("#text", "Автозапуск стоит вручную")
    page.get_by_role("button", name="Сохранить заметку").click()
    expect(page.locator(".message--note")).to_contain_text("Автозапуск стоит вручную")
    page.fill("#text", "Перезапускаю службу")
    page.get_by_role("button", name="Отправить клиенту").click()
    page.get_by_role("button", name="Отменить отправку").click()
    expect(page.locator("#text")).to_have_value("Перезапускаю службу")


def desk_of_without_script(site: Site, context_of: Callable[..., BrowserContext]) -> Page:
    alice()
    page = context_of(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/login")
    page.fill("#email", "alice@stek.example")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Войти").click()
    return page
