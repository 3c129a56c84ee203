"""A third party holds the ball: with a reason, with a day to look again, stopping no clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, notify, outbox, tickets
from app.errors import IntakeRejected
from app.extensions import db
from app.models import Delivery, Holder, Holding, State, Ticket
from app.tickets import Contribution
from app.tickets.alarm import Alarm
from tests.alarms import alarm_at
from tests.cast import acting, alice, request_of_carol
from tests.clock_traps.lives import sweep_at
from tests.history import ledger
from tests.web.acting import address, sent
from tests.web.browse import Browser
from tests.web.signing_in import signed_in

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    clock.shift(MONDAY - clock.now())
    ticket = request_of_carol(MONDAY)
    tickets.take(ticket, acting(alice()), MONDAY)
    outbox.commit()
    return ticket


@pytest.fixture
def alices(app: Flask) -> Browser:
    return signed_in(app, alice())


def holds(ticket: Ticket, reason: str, at: datetime, look_again_at: datetime | None = None) -> None:
    tickets.hold(ticket, Holder.THIRD_PARTY, reason, acting(alice()), at, look_again_at)
    outbox.commit()


def spans(ticket: Ticket) -> list[tuple[Holder, str, datetime | None]]:
    query = select(Holding.holder, Holding.reason, Holding.ended_at).where(Holding.ticket_id == ticket.id)
    return [(row.holder, row.reason, row.ended_at) for row in db.session.execute(query.order_by(Holding.id))]


def told(ticket: Ticket) -> list[str]:
    notify.drain()
    query = select(Delivery.recipient).where(Delivery.ticket_id == ticket.id, Delivery.notice == "look_again")
    return list(db.session.scalars(query))


def test_it_is_a_holder_with_a_reason_and_stops_no_clock(ticket: Ticket):
    holds(ticket, "Провайдер меняет кабель", MONDAY + HOUR)
    assert (ticket.state, ticket.holder, ticket.due_at) == (State.OPEN, Holder.THIRD_PARTY, MONDAY + 8 * HOUR)
    tickets.hold(ticket, Holder.ENGINEER, "", acting(alice()), MONDAY + 3 * HOUR)
    outbox.commit()
    assert spans(ticket)[1:] == [
        (Holder.ENGINEER, "", MONDAY + HOUR),
        (Holder.THIRD_PARTY, "Провайдер меняет кабель", MONDAY + 3 * HOUR),
        (Holder.ENGINEER, "", None),
    ]
    assert [promise.due_at for promise in ledger(ticket)] == [MONDAY + 8 * HOUR]


def test_the_same_again_is_no_change_and_another_reason_is_another_span(ticket: Ticket):
    holds(ticket, "Провайдер", MONDAY + HOUR)
    holds(ticket, "Провайдер", MONDAY + 2 * HOUR)
    assert len(spans(ticket)) == 3
    holds(ticket, "Поставщик ключа", MONDAY + 2 * HOUR)
    assert spans(ticket)[2:] == [
        (Holder.THIRD_PARTY, "Провайдер", MONDAY + 2 * HOUR),
        (Holder.THIRD_PARTY, "Поставщик ключа", None),
    ]


def test_on_the_day_the_engineer_is_told_once(ticket: Ticket):
    holds(ticket, "Провайдер", MONDAY + HOUR, MONDAY + 4 * HOUR)
    sweep_at(MONDAY + 4 * HOUR - timedelta(seconds=1))
    assert told(ticket) == []
    sweep_at(MONDAY + 4 * HOUR)
    sweep_at(MONDAY + 5 * HOUR)
    assert told(ticket) == ["alice@stek.example"]


@pytest.mark.parametrize("end", ["back", "asked", "solved"])
def test_nobody_is_told_once_the_ball_is_elsewhere(ticket: Ticket, end: str):
    holds(ticket, "Провайдер", MONDAY + HOUR, MONDAY + 4 * HOUR)
    by = acting(alice())
    if end == "back":
        tickets.hold(ticket, Holder.ENGINEER, "", by, MONDAY + 2 * HOUR)
    elif end == "asked":
        tickets.ask(ticket, Contribution("Какой кабинет?"), by, MONDAY + 2 * HOUR)
    else:
        tickets.solve(ticket, Contribution("Готово"), by, MONDAY + 2 * HOUR)
    outbox.commit()
    assert alarm_at(ticket, Alarm.LOOK) is None
    sweep_at(MONDAY + 4 * HOUR)
    assert told(ticket) == []


def test_a_reason_is_wanted_and_a_moment_to_come(ticket: Ticket):
    with pytest.raises(IntakeRejected) as refusal:
        tickets.hold(ticket, Holder.THIRD_PARTY, " ", acting(alice()), MONDAY + HOUR, MONDAY)
    assert set(refusal.value.errors) == {"reason", "look_again_at"}
    with pytest.raises(IntakeRejected, match="500"):
        tickets.hold(ticket, Holder.THIRD_PARTY, "о" * 501, acting(alice()), MONDAY + HOUR)


def test_the_page_shows_the_strip_and_keeps_what_was_typed(alices: Browser, ticket: Ticket):
    refused = sent(alices, ticket, "holder", 422, holder="third_party", holder_reason="", look_again="2020-01-01T10:00")
    assert "Напишите, кого и чего ждём" in refused.text
    assert "уже прошли" in refused.text
    assert refused.one("input", id="look_again").get("value") == "2020-01-01T10:00"
    assert (
        "Укажите день и время или оставьте"
        in sent(
            alices, ticket, "holder", 422, holder="third_party", holder_reason="Провайдер", look_again="завтра"
        ).text
    )
    page = sent(
        alices,
        ticket,
        "holder",
        holder="third_party",
        holder_reason="Провайдер <меняет> кабель",
        look_again="2026-11-24T10:00",
    )
    assert "Провайдер <меняет> кабель" in page.text
    assert "Посмотреть снова: завтра, 10:00" in page.text.replace("\xa0", " ")
    clock.shift(MONDAY + 25 * HOUR - clock.now())
    again = alices.open(address(ticket))
    assert "Пора посмотреть снова" in again.text
    assert "у третьей стороны" in again.text
