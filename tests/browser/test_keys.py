"""Keys of the workplace: by their place on the keyboard, off where somebody types, and off for good where wanted."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app.extensions import db
from app.models import State, Ticket, Urgency
from tests.browser.conftest import Site
from tests.cast import bob, request_of_carol


def russian(page: Page, code: str, letter: str) -> None:
    """The key of that place, as a Russian layout reports it."""
    keyboard = page.context.new_cdp_session(page)
    for kind in ("keyDown", "keyUp"):
        keyboard.send("Input.dispatchKeyEvent", {"type": kind, "code": code, "key": letter})


def standing(number: str) -> tuple[State, bool]:
    """Its state and whether somebody has it, read so that SQLite's one writer is free for the desk again."""
    db.session.rollback()
    state, engineer = db.session.execute(select(Ticket.state, Ticket.engineer_id).where(Ticket.number == number)).one()
    db.session.rollback()
    return state, engineer is not None


def test_a_request_is_taken_answered_and_left_without_a_mouse(
    site: Site, signed_in: Callable[..., BrowserContext]
) -> None:
    request_of_carol(text="Принтер не печатает")
    ticket = request_of_carol(text="Касса не пробивает чеки")
    number = ticket.number
    page = signed_in().new_page()
    page.goto(f"{site.url}/queue")
    russian(page, "KeyJ", "о")
    russian(page, "KeyJ", "о")
    cursor = page.locator("tr.is-cursor")
    expect(cursor).to_have_attribute("data-ticket", number)
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator(f"#t{number} .rows__who")).to_contain_text("Вы")
    expect(page.locator(".undo")).to_contain_text(number)
    assert standing(number) == (State.OPEN, True)
    russian(page, "KeyZ", "я")
    expect(page.locator(f"#t{number}")).to_have_attribute("data-state", "new")
    page.goto(f"{site.url}/queue")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("Здравствуйте, еду к вам. j k c")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#conversation")).to_contain_text("Уйдёт клиенту")
    assert standing(number) == (State.OPEN, True)


def test_acts_of_a_request(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    ticket = request_of_carol()
    page = signed_in().new_page()
    page.goto(f"{site.url}/tickets/{ticket.number}")
    russian(page, "KeyI", "ш")
    expect(page.locator("#kind-note")).to_be_checked()
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Escape")
    russian(page, "KeyR", "к")
    expect(page.locator("#kind-reply")).to_be_checked()
    page.keyboard.press("Escape")
    russian(page, "KeyW", "ц")  # nothing to send yet: the cursor goes where the words are missing
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Escape")
    russian(page, "KeyS", "ы")
    expect(page.locator("#solution-text")).to_be_focused()
    page.keyboard.type("Заменили картридж")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".desk--ticket")).to_have_attribute("data-state", "solved")


def test_what_was_taken_as_next_is_left_to_another_by_keys(
    site: Site, signed_in: Callable[..., BrowserContext]
) -> None:
    request_of_carol()
    number = request_of_carol(urgency=Urgency.URGENT).number
    page = signed_in().new_page()
    page.goto(f"{site.url}/queue")
    russian(page, "KeyF", "а")
    page.wait_for_url(f"**/tickets/{number}?*")
    russian(page, "KeyF", "а")
    expect(page.get_by_label("Почему её лучше взять другому")).to_be_focused()
    page.keyboard.type("Это к телефонистам")
    page.keyboard.press("Enter")
    expect(page.locator(".desk--ticket")).not_to_have_attribute("data-ticket", number)
    assert standing(number) == (State.NEW, False)


def test_several_are_assigned_and_merged_by_keys(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    bob()
    first, second = request_of_carol().number, request_of_carol().number
    page = signed_in().new_page()
    page.goto(f"{site.url}/queue")
    for key in "jxjxa":
        page.keyboard.press(key)
    expect(page.get_by_label("Инженер")).to_be_focused()
    page.get_by_label("Инженер").select_option(label="Борис Белов")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".undo")).to_contain_text("Назначено заявок: 2")
    page.wait_for_load_state()
    page.keyboard.press("Shift+KeyX")
    expect(page.locator("#picked-count")).to_have_text("2")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Объединить")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".desk--ticket")).to_be_visible()
    assert {standing(first)[0], standing(second)[0]} == {State.OPEN, State.CLOSED}


def test_the_list_ticks_shows_views_and_forgets(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    request_of_carol()
    page = signed_in().new_page()
    page.goto(f"{site.url}/queue")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#picked-count")).to_have_text("1")
    page.keyboard.press("Escape")
    expect(page.locator(".picked__some")).to_be_hidden()
    page.keyboard.press("2")
    page.wait_for_url("**view=unassigned*")
    page.keyboard.press("p")
    page.wait_for_url("**/tickets/new")


def test_the_sheet_turns_keys_off(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    request_of_carol()
    page = signed_in().new_page()
    page.goto(f"{site.url}/queue")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Клавиши")
    expect(sheet).to_be_visible()
    page.keyboard.press("2")  # no key works behind it
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="все клавиши").click()
    page.get_by_label("Клавиши включены").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("2")
    expect(page.locator("tr.is-cursor")).to_have_count(0)
    assert "view=" not in page.url
    page.get_by_role("button", name="все клавиши").click()
    page.get_by_label("Клавиши включены").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("tr.is-cursor")).to_have_count(1)


def test_the_search_box_is_one_key_away(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    request_of_carol()
    db.session.rollback()
    page = signed_in().new_page()
    page.goto(f"{site.url}/queue")
    russian(page, "Slash", ".")
    expect(page.locator("#search-box")).to_be_focused()
    page.keyboard.type("касса")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")


def test_a_list_without_a_cursor_gets_none_by_itself(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    """A cursor holds the order of the list: one that nobody set would hold it for nobody."""
    request_of_carol()
    page, cursor = signed_in().new_page(), "tr.is-cursor"
    page.goto(f"{site.url}/queue")
    page.keyboard.press("j")
    expect(page.locator(cursor)).to_have_count(1)
    page.keyboard.press("Escape")
    for text in ("Вторая", "Третья"):
        number = request_of_carol(text=text).number
        db.session.rollback()
        page.evaluate("document.dispatchEvent(new CustomEvent('live:sync'))")
        expect(page.locator(f"#t{number}")).to_be_visible()
        expect(page.locator(cursor)).to_have_count(0)


def test_a_key_that_is_held_down_acts_once(site: Site, signed_in: Callable[..., BrowserContext]) -> None:
    number = request_of_carol().number
    page = signed_in().new_page()
    page.goto(f"{site.url}/queue")
    page.keyboard.press("j")
    page.keyboard.down("x")
    page.keyboard.down("x")
    page.keyboard.up("x")
    expect(page.locator(f"#t{number} .tick")).to_be_checked()
