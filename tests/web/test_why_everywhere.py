"""Why this date: the sentence in force stands, or is one key away, wherever a deadline stands, after every change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app import clock, contact_codes, outbox, tickets, wording_en
from app.config import settings
from app.extensions import db
from app.models import Company, Delivery, Holder, Ticket, Urgency
from app.moments import NBSP
from app.reading import queue
from app.reading import whys as reading
from app.reading.queue_selection import Selection
from app.reading.queue_views import View
from app.reading.reader import Reader
from app.tickets import promising
from tests.api.calling import Caller
from tests.cast import acting, alice, carol, masha, request_of_carol
from tests.clock_traps.lives import HOUR, MONDAY, TUESDAY, answers, asks, solves, sweep_at
from tests.history import ledger
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in


def urgent(ticket: Ticket) -> None:
    tickets.set_urgency(ticket, Urgency.URGENT, acting(alice()), MONDAY + HOUR)


def moved(ticket: Ticket) -> None:
    tickets.move_deadline(ticket, TUESDAY + HOUR, "Ждём деталь", acting(alice()), MONDAY + HOUR)


def impossible(ticket: Ticket) -> None:
    urgent(ticket)
    tickets.call_impossible(ticket, TUESDAY + HOUR, "Нет детали", acting(alice()), MONDAY + 2 * HOUR)


def paused_and_answered(ticket: Ticket) -> None:
    asks(ticket, MONDAY + HOUR)
    answers(ticket, MONDAY + 3 * HOUR)


def reopened(ticket: Ticket) -> None:
    solves(ticket, MONDAY + HOUR)
    answers(ticket, MONDAY + 4 * HOUR, text="Не помогло, всё то же")


def without_a_contract(ticket: Ticket) -> None:
    _contract().solution = 20 * HOUR
    promising.apply_terms(ticket, MONDAY + HOUR, "Новый договор")


def company_corrected(ticket: Ticket) -> None:
    _contract().solution = 20 * HOUR
    promising.apply_terms(ticket, MONDAY, "Новый договор")
    tickets.identify(ticket, None, acting(alice()), MONDAY + HOUR)
    tickets.identify(ticket, db.session.get(Company, carol().company_id), acting(alice()), MONDAY + HOUR)


def merged(ticket: Ticket) -> None:
    other = request_of_carol(MONDAY - 3 * HOUR, "То же самое, но раньше")
    promising.merge(ticket, other, MONDAY + HOUR)


def third_party(ticket: Ticket) -> None:
    _contract().stops_for_third_party, _contract().solution = True, 4 * HOUR
    promising.apply_terms(ticket, MONDAY)
    tickets.hold(ticket, Holder.THIRD_PARTY, "Провайдер", acting(alice()), MONDAY + HOUR)
    tickets.hold(ticket, Holder.ENGINEER, "", acting(alice()), MONDAY + 2 * HOUR)


def _contract() -> Any:
    from app.models import Contract

    return db.session.query(Contract).filter_by(company_id=carol().company_id).one()


CHANGES: dict[str, Callable[[Ticket], None]] = {
    "registered": lambda ticket: None,
    **{
        act.__name__: act
        for act in (urgent, moved, impossible, paused_and_answered, reopened, without_a_contract, company_corrected)
    },
    **{act.__name__: act for act in (merged, third_party)},
}


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    clock.shift(MONDAY - clock.now())
    ticket = request_of_carol(MONDAY)
    carol().is_contact = True
    tickets.take(ticket, acting(alice()), MONDAY)
    outbox.commit()
    return ticket


def whys(page: Page) -> str:
    return " | ".join("".join(one.itertext()) for one in page.root.iter() if one.get("data-why") is not None)


@pytest.mark.parametrize("change", CHANGES)
def test_the_sentence_stands_wherever_the_deadline_does(app: Flask, ticket: Ticket, change: str):
    CHANGES[change](ticket)
    outbox.commit()
    clock.shift(MONDAY + 4 * HOUR - clock.now())
    why = ledger(ticket)[-1].why
    assert why
    engineer, manager, number = signed_in(app, alice()), signed_in(app, masha()), ticket.number
    assert why in whys(engineer.open("/queue?view=open"))
    assert why in whys(engineer.open(f"/tickets/{number}"))
    assert why in whys(engineer.open("/tickets/new?phone=%2B79005550144"))
    assert why in whys(manager.open(f"/companies/{carol().company_id}"))
    told = Caller(app).get(f"/tickets/{number}").get_json()["promises"]
    assert why in [one["why"] for one in told if one["superseded_at"] is None]
    contact = Browser(app)
    contact.send(contact.open("/client"), "/client/code", email="carol@neva-trade.example")
    letter = db.session.query(Delivery).filter_by(notice="contact").one()
    code = contact_codes.code_of(letter.recipient, letter.data["nonce"])
    assert why in whys(contact.send(contact.open("/client/code"), "/client/session", code=code))
    status = Browser(app).open(f"/status?number={number}")
    assert ledger(ticket)[-1].why_public in whys(status)
    assert "118/2024" not in status.text


def test_the_page_of_escalations_too(app: Flask, ticket: Ticket):
    sweep_at(MONDAY + 9 * HOUR)
    assert ledger(ticket)[-1].why in whys(signed_in(app, masha()).open("/escalations"))


def test_it_opens_by_key_and_without_a_script(app: Flask, ticket: Ticket):
    [fold] = [one for one in signed_in(app, alice()).open("/queue?view=mine").root.iter("details") if one.get("name")]
    summary = fold.find("summary")
    assert summary is not None
    assert "почему такой срок" in "".join(summary.itertext())


def test_an_english_reader_reads_it_in_english(app: Flask, ticket: Ticket):
    reader = Reader(alice().id, clock.now(), settings().time_zone, wording_en)
    told = reading.whys([ticket.id], reader)[ticket.id].replace(NBSP, " ")
    assert told == "8 working hours under contract 118/2024 from Mon 10:00"
    [group] = queue.page(Selection(View.MINE), reader).groups
    assert group.rows[0].why.replace(NBSP, " ") == told


def test_it_costs_no_query_a_row(app: Flask, ticket: Ticket, count_queries: Callable[[], Any]):
    pages = ("/queue?view=open", "/tickets/new?phone=%2B79005550144")
    few = [_asked(app, alice(), path, count_queries) for path in pages]
    card = _asked(app, masha(), f"/companies/{carol().company_id}", count_queries)
    for floor in range(6):
        request_of_carol(MONDAY, f"Не печатает, этаж {floor}")
    assert [_asked(app, alice(), path, count_queries) for path in pages] == few
    assert _asked(app, masha(), f"/companies/{carol().company_id}", count_queries) == card


def _asked(app: Flask, member: Any, path: str, count_queries: Callable[[], Any]) -> int:
    page = signed_in(app, member)
    page.open(path)
    with count_queries() as asked:
        page.open(path)
    return int(asked())
