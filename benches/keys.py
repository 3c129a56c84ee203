"""The frequent acts by keys alone, in a real Chromium at the pace of a person: keys, and seconds until it is done."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app import create_app
from app.config import read
from app.extensions import db
from app.models import Person
from benches.databases import Prepared
from benches.web import add_engineer, serving

PACE = 200  # milliseconds between two keys: somebody who types, but no typist
PATIENCE = 60_000  # milliseconds
ANSWER = "Здравствуйте, подключаюсь к вам."
TROUBLE = "Не открывается банк, платежи до обеда"


@dataclass
class Hands:
    """Ten fingers on one page. A chord is one key."""

    page: Any  # Playwright's
    keys: int = 0
    letters: int = 0
    waited: float = 0.0  # seconds in which nobody could go on

    def press(self, key: str) -> None:
        self.page.wait_for_timeout(PACE)
        self.page.keyboard.press(key)
        self.keys += 1

    def write(self, words: str) -> None:
        self.page.keyboard.type(words, delay=PACE)
        self.letters += len(words)

    def until(self, selector: str, words: str = "") -> None:
        """Wait until that is there to see."""
        started = time.monotonic()
        self.page.locator(selector).filter(has_text=words).first.wait_for(timeout=PATIENCE)
        self.waited += time.monotonic() - started

    def until_focused(self, selector: str) -> None:
        self.until(f"{selector}:focus")


def answer(hands: Hands, _phone: str) -> None:
    """From the list to an answer that is on its way."""
    hands.press("j")
    hands.until("tr.is-cursor")
    hands.press("r")
    hands.until_focused("#text")
    hands.write(ANSWER)
    hands.press("Control+Enter")
    hands.until("#conversation", ANSWER)


def take_next(hands: Hands, _phone: str) -> None:
    """From the list to the request nearest to its promise, taken."""
    hands.press("f")
    hands.until(".desk--ticket[data-state=open]")


def call_from(hands: Hands, phone: str) -> None:
    """A call that telephony announces with its number, registered as urgent."""
    hands.page.goto(hands.page.url.replace("/queue", f"/tickets/new?phone={phone.replace('+', '%2B')}"))
    hands.until_focused("#what")
    hands.write(TROUBLE)
    hands.press("Escape")
    hands.press("u")
    hands.until("#say[data-number] .call__if-urgent")
    hands.until_focused("#what")
    hands.press("Control+Enter")
    hands.until("h1", "Заявка записана")


def call_typed(hands: Hands, phone: str) -> None:
    """A call without telephony: the number is typed, the caller known by it."""
    hands.press("p")
    hands.until_focused("#what")
    hands.press("Escape")
    hands.press("f")
    hands.write(phone.removeprefix("+7"))
    hands.press("Enter")
    hands.until("h1 bdi")
    hands.until_focused("#what")
    hands.write(TROUBLE)
    hands.press("Control+Enter")
    hands.until("h1", "Заявка записана")


def call_unknown(hands: Hands, _phone: str) -> None:
    """A call of somebody new whose number telephony knows: what happened, name and company."""
    hands.page.goto(hands.page.url.replace("/queue", "/tickets/new?phone=%2B78129990001"))
    hands.until_focused("#what")
    hands.write(TROUBLE)
    for _ in range(5):  # past whose, where, urgency and why its deadline
        hands.press("Tab")
    hands.until_focused("#name")
    hands.write("Дан Ильин")
    hands.press("Tab")
    hands.write("Ромашка")
    hands.press("Enter")
    hands.until("h1", "Заявка записана")


ACTS: dict[str, Callable[[Hands, str], None]] = {
    "list → sent answer": answer,
    "take next": take_next,
    "call, announced, urgent": call_from,
    "call, number typed": call_typed,
    "call, somebody new": call_unknown,
}


def measure(prepared: Prepared) -> list[dict[str, Any]]:
    """One row an act, each from the open list."""
    password, phone, rows = add_engineer(prepared), _phone(prepared), []
    with serving(prepared) as web, _page(web.port, web.sign_in(password)) as page:
        for name, act in ACTS.items():
            page.goto(f"http://127.0.0.1:{web.port}/queue")
            page.wait_for_load_state("networkidle")
            hands, started = Hands(page), time.monotonic()
            act(hands, phone)
            told = {"keys": hands.keys, "letters": hands.letters, "seconds": time.monotonic() - started}
            rows.append({"database": prepared.kind, "size": prepared.size, "act": name, **told, "waited": hands.waited})
            print(_line(rows[-1]), file=sys.stderr, flush=True)
    return rows


def table(rows: list[dict[str, Any]]) -> list[str]:
    head = f"{'database':9}{'requests':>9} {'act':26}{'keys':>6}{'letters':>9}{'seconds':>9}{'waiting':>9}"
    return [head, *(_line(row) for row in rows)]


def _line(row: dict[str, Any]) -> str:
    times = f"{row['seconds']:>9.1f}{row['waited']:>9.1f}"
    return f"{row['database']:9}{row['size']:>9} {row['act']:26}{row['keys']:>6}{row['letters']:>9}{times}"


def _phone(prepared: Prepared) -> str:
    """The number of somebody the desk knows."""
    app = create_app(read(prepared.environment))
    with app.app_context():
        russian = select(Person.phone).where(Person.phone.like("+7%"), Person.archived_at.is_(None))
        phone = db.session.scalars(russian.order_by(Person.id).limit(1)).first()
        db.session.remove()
        db.engine.dispose()
    return phone or sys.exit("nobody on this desk has a phone number")


@contextmanager
def _page(port: int, cookie: str) -> Iterator[Any]:
    """A page of a Chromium that is signed in; ended afterwards."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(locale="ru-RU", viewport={"width": 1280, "height": 900})
        pairs = [part.partition("=") for part in cookie.split("; ")]
        address = f"http://127.0.0.1:{port}"
        context.add_cookies([{"name": name, "value": value, "url": address} for name, _, value in pairs])
        yield context.new_page()
        browser.close()
