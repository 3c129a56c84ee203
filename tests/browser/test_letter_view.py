"""Hostile letters in a real Chromium: nothing runs, nothing is fetched, nothing leaves the frame."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from app.extensions import db
from tests.browser.conftest import PATIENCE, Site
from tests.browser.watching import watched
from tests.intake.html_letters import html_mail, png
from tests.intake.mailing import mail, messages, receive, ticket_of
from tests.letter_html.hostile import FOREIGN, letters

PARTS = 4  # of the corpus, so that several processes can share the time


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A listener that must stay silent: its address, and who knocked."""
    knocked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        is_over = threading.Event()

        def listen() -> None:
            while not is_over.is_set():
                try:
                    connection, address = listener.accept()
                except TimeoutError:
                    continue
                with connection:
                    knocked.append(repr(address))

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", knocked
        is_over.set()
        thread.join()


def arrived(raw: bytes) -> tuple[str, int]:
    """The request's number and the message's id; the test's own session is over, so that the desk may write."""
    ticket = ticket_of(receive(raw))
    found = ticket.number, messages(ticket)[-1].id
    db.session.rollback()
    return found


@pytest.mark.trust("X2")
@pytest.mark.trust("X3")
@pytest.mark.trust("X4")
@pytest.mark.trust("X5")
@pytest.mark.trust("M15")
@pytest.mark.trust("M16")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_hostile_letters_do_nothing(
    site: Site, signed_in: Callable[..., BrowserContext], canary: tuple[str, list[str]], part: int
):
    address, knocked = canary
    said = [arrived(html_mail(f"<p>До</p>{markup}<p>После</p>")) for markup in letters(address)[part::PARTS]]
    page = signed_in().new_page()
    with watched(page, site) as troubles:
        for number, message_id in said:
            page.goto(f"{site.url}/tickets/{number}?letter={message_id}#m{message_id}")
            frame = page.frame_locator(".message__frame")
            expect(frame.locator("body")).to_contain_text("До")
            assert not troubles, message_id
            if message_id % 8 == 0:  # the frame's page by itself
                page.goto(f"{site.url}/tickets/{number}/messages/{message_id}/html")
                expect(page.locator("body")).to_contain_text("До")
                assert not troubles, message_id
    assert not knocked


def test_the_watch_would_see_what_hostile_letters_do(
    site: Site, context_of: Callable[..., BrowserContext], canary: tuple[str, list[str]]
):
    address, knocked = canary
    page = context_of().new_page()
    with watched(page, site) as troubles:
        for markup in letters(address)[:30]:
            page.set_content(f"<p>До</p>{markup}")
        page.set_content(f'<img src="https://{FOREIGN}/x.png">')
        wanted = {"dialog 1", f"request https://{FOREIGN}/x.png", f"request {address}/x.js"}
        end = time.monotonic() + PATIENCE / 1000
        while not (wanted <= set(troubles) and knocked) and time.monotonic() < end:
            page.wait_for_timeout(50)
    assert wanted <= set(troubles)
    assert knocked


def test_alice_opens_a_letter_in_its_place(site: Site, signed_in: Callable[..., BrowserContext]):
    markup = '<h1>Счёт</h1><p>Экран: <img src="cid:shot" width=40 height=40></p>'
    number, message_id = arrived(html_mail(markup, pictures={"shot": png(40, 40)}))
    page = signed_in().new_page()
    with watched(page, site) as troubles:
        page.goto(f"{site.url}/tickets/{number}")
        expect(page.locator("iframe")).to_have_count(0)
        page.fill("#text", "Я как раз пишу")
        page.get_by_role("link", name="Показать оформление").click()
        frame = page.frame_locator(".message__frame")
        expect(frame.get_by_role("heading", name="Счёт")).to_be_visible()
        expect(frame.locator("img")).to_have_js_property("naturalWidth", 40)
        expect(page.locator("#text")).to_have_value("Я как раз пишу")
        page.get_by_role("link", name="Показать только текст").click()
        expect(page.locator("iframe")).to_have_count(0)
        expect(page.locator(f"#m{message_id}")).to_contain_text("Не работает касса.")
    assert not troubles


def test_no_letter_turns_round_where_a_link_leads(site: Site, signed_in: Callable[..., BrowserContext]):
    markup = (
        f'<p dir=rtl>\u202ea <a href="https://{FOREIGN}/">bank</a></p><table border=9999><tr><td>x</td></tr></table>'
    )
    number, message_id = arrived(html_mail(markup))
    page = signed_in().new_page()
    page.goto(f"{site.url}/tickets/{number}?letter={message_id}")
    frame = page.frame_locator(".message__frame")
    expect(frame.locator("small")).to_have_css("unicode-bidi", "isolate")
    expect(frame.locator("small")).to_have_css("direction", "ltr")
    expect(frame.locator("table")).to_have_css("border-top-width", "0px")


def test_an_opened_letter_stays_when_others_write(site: Site, signed_in: Callable[..., BrowserContext]):
    number, message_id = arrived(html_mail("<h1>Счёт</h1>"))
    page = signed_in().new_page()
    loaded: list[str] = []
    page.on("request", lambda sent: loaded.append(sent.url) if sent.url.endswith("/html") else None)
    page.goto(f"{site.url}/tickets/{number}?letter={message_id}")
    expect(page.frame_locator(".message__frame").get_by_role("heading", name="Счёт")).to_be_visible()
    arrived(mail("А ещё принтер", subject=f"Re: [#{number}]"))
    page.evaluate("htmx.trigger('#conversation', 'live')")
    expect(page.locator("#conversation")).to_contain_text("А ещё принтер")
    expect(page.frame_locator(".message__frame").get_by_role("heading", name="Счёт")).to_be_visible()
    assert len(loaded) == 1


@pytest.mark.trust("M15")
def test_pictures_come_after_the_click_and_tell_nothing_more(site: Site, signed_in: Callable[..., BrowserContext]):
    markup = (
        '<p>Акция <img src="https://cdn.example/a.png" alt="Скидки"> <img src="https://cdn.example/moved.png">'
        '<img src="https://track.example/1.gif" width=1 height=1></p>'
    )
    number, message_id = arrived(html_mail(markup))
    context = signed_in()
    asked: list[tuple[str, str | None]] = []

    def answer(route: Route) -> None:
        asked.append((route.request.url, route.request.headers.get("referer")))
        if "moved" in route.request.url:
            route.fulfill(status=302, headers={"Location": f"https://{FOREIGN}/elsewhere.png"})
        else:
            route.fulfill(body=png(30, 30), content_type="image/png")

    context.route(re.compile(r"^https://"), answer)
    page = context.new_page()
    page.goto(f"{site.url}/tickets/{number}?letter={message_id}")
    expect(page.frame_locator(".message__frame").locator("mark").first).to_have_text("картинка с cdn.example: Скидки")
    assert not asked
    page.get_by_role("button", name="Загрузить картинки").click()
    frame = page.frame_locator(".message__frame")
    expect(frame.locator("img").first).to_have_js_property("naturalWidth", 30)
    expect(page.locator(".message__pictures")).to_contain_text("cdn.example")
    assert sorted(url for url, _ in asked) == ["https://cdn.example/a.png", "https://cdn.example/moved.png"]
    assert {referer for _, referer in asked} == {None}


@pytest.mark.parametrize(
    "options",
    [
        {"java_script_enabled": False},
        {"viewport": {"width": 375, "height": 720}, "has_touch": True, "is_mobile": True},
        {"color_scheme": "dark"},
    ],
    ids=["without script", "phone", "dark"],
)
def test_it_works_everywhere(site: Site, signed_in: Callable[..., BrowserContext], options: dict[str, object]):
    markup = f'<table><tr><td>{"Длинная строка " * 20}</td></tr></table><img src="https://cdn.example/a.png">'
    number, message_id = arrived(html_mail(markup))
    page = signed_in(**options).new_page()
    page.goto(f"{site.url}/tickets/{number}")
    page.get_by_role("link", name="Показать оформление").click()
    frame = page.frame_locator(".message__frame")
    expect(frame.locator("table")).to_be_visible()
    box = page.locator(".message__frame").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= (page.viewport_size or {"width": 0})["width"]
    page.get_by_role("button", name="Загрузить картинки").click()
    expect(page.locator(f"#m{message_id} .message__pictures")).to_contain_text("Картинки загружает ваш браузер")
