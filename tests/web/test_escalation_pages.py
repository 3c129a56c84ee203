"""Two hundred open escalations: a page of them is light, the rest is behind links, nothing is out of reach."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app import clock, escalations, outbox
from app.actor import SYSTEM
from app.clock import now
from app.extensions import db
from app.models.escalation import Escalation
from app.models.ticket import Ticket
from app.models.words import Cause, Urgency
from app.reading.escalations import PAGE
from tests.cast import request_of_carol
from tests.web.browse import Browser, Page

_ROWS = 200
_HEAVIEST = 150_000  # bytes of a page with two hundred open
_LONG = "Второй день без доступа к базе, никто не перезвонил, в зале очередь, касса не пробивает чеки. " * 12
_CAUSES = (Cause.MISSED, Cause.URGENT_UNTAKEN, Cause.COMPLAINT, Cause.LOW_RATING)


def open_rows(count: int) -> None:
    """So many requests before the manager, each a second younger than the one before."""
    for place in range(count):
        cause = _CAUSES[place % len(_CAUSES)]
        urgency = Urgency.URGENT if cause is Cause.URGENT_UNTAKEN else Urgency.NORMAL
        ticket = request_of_carol(urgency=urgency)
        text = {Cause.MISSED: "solution", Cause.URGENT_UNTAKEN: ""}.get(cause, _LONG)
        clock.shift(timedelta(seconds=1))
        escalations.escalate(ticket, cause, SYSTEM, now(), text)
    outbox.commit()


def numbers(page: Page) -> list[str]:
    return [row.get("data-ticket") or "" for row in page.all("li") if row.get("data-escalation")]


def link(page: Page, words: str) -> str:
    [found] = [one for one in page.all("a") if "".join(one.itertext()).strip().startswith(words)]
    return found.get("href") or ""


def ids(count: int) -> list[str]:
    query = select(Ticket.number).join(Escalation, Escalation.ticket_id == Ticket.id).order_by(Escalation.opened_at)
    return list(db.session.scalars(query.limit(count)))


def test_two_hundred_rows_are_light_pages_that_reach_all(manager: Browser) -> None:
    open_rows(_ROWS)
    wanted = ids(_ROWS)
    page = manager.open("/escalations")
    assert "Вас ждут 200 заявок" in page.text
    found = numbers(page)
    assert found == wanted[:PAGE]
    assert len(page.response.data) < _HEAVIEST
    while more := [one.get("href") or "" for one in page.all("a") if "Следующие" in "".join(one.itertext())]:
        page = manager.open(more[0])
        assert len(page.response.data) < _HEAVIEST
        assert "Вас ждут 200 заявок" in page.text
        found += numbers(page)
    assert found == wanted
    assert numbers(manager.open(link(page, "К началу"))) == wanted[:PAGE]


def test_a_later_page_keeps_itself_fresh_and_who_acts_there_stays_there(manager: Browser) -> None:
    open_rows(PAGE + 3)
    page = manager.open(link(manager.open("/escalations"), "Следующие 3"))
    later = ids(PAGE + 3)[PAGE:]
    assert numbers(page) == later
    address = page.one("div", id="escalations").get("hx-get") or ""
    assert manager.client.get(address).status_code == 204
    second = db.session.query(Escalation).order_by(Escalation.opened_at).offset(PAGE + 1).limit(1).one().id
    [form] = [one for one in page.all("form") if f"/{second}/acknowledgement" in (one.get("action") or "")]
    page = manager.send(page, form.get("action") or "")
    assert numbers(page) == [later[0], later[2], later[1]]  # what is watched stands behind what waits
    assert "На контроле 1" in page.text
    fresh = manager.client.get(address)
    assert fresh.status_code == 200
    assert fresh.text.count("data-escalation=") == 3
    first = manager.open("/escalations")
    assert "Самая давняя ждёт" in first.text
    assert numbers(manager.open(link(first, "Ещё на контроле: 1"))) == [later[1]]


def test_the_words_of_a_row_are_whole_on_its_own_page(manager: Browser) -> None:
    open_rows(3)
    complaint = db.session.query(Escalation).filter_by(cause=Cause.COMPLAINT).one().id
    assert _LONG.strip()[:900] not in manager.open("/escalations").text
    assert _LONG.strip()[:900] in manager.open(f"/escalations/{complaint}").text


def test_a_place_behind_the_end_or_of_nobodys_leads_to_the_beginning(manager: Browser) -> None:
    open_rows(2)
    for place in ("0.99999999999999999.1", "nonsense", "1.1.", "0.1.99999999999999", "x" * 5000):
        assert numbers(manager.open(f"/escalations?after={place}")) == ids(2)
