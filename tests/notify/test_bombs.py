"""A help desk is no bomb: whoever's address is abused gets three letters an hour, and no request is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock, notify, outbox, tickets
from app.extensions import db
from app.intake import Intake, letters
from app.intake import receive as register
from app.models.delivery import Delivery
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import Channel, DeliveryState
from app.notify import caps
from app.notify.caps import Cap
from app.tickets import Contribution
from tests import cast
from tests.intake.mailing import mail, messages, receive, ticket_of
from tests.notify.mail_server import MailServer
from tests.notify.rows import CAROL

VICTIM = "victim@else.example"


@pytest.mark.timeout(180)
@pytest.mark.trust("M9")
def test_five_hundred_requests_in_one_name_are_three_letters_and_none_is_lost(desk: Flask, server: MailServer) -> None:
    for number in range(60):
        letters.store(mail(f"Не работает {number}", f"Подписка {number}", VICTIM), "pipe")
    while letters.file_received():
        pass
    for number in range(440):
        register(Intake(channel=Channel.WEB, text=f"Подписка {number}", email=VICTIM, name="Жертва"))
    outbox.commit()
    notify.run()
    assert db.session.scalar(select(func.count(Ticket.id))) == 500
    assert len(server.to(VICTIM)) == 3
    flagged = [flags for flags in db.session.scalars(select(Message.flags)) if "flood" in flags]
    assert len(flagged) == 40, "the mark «подозрительная» on letters from the twenty-first on"
    clock.shift(timedelta(minutes=59))
    notify.run()
    assert len(server.to(VICTIM)) == 3


@pytest.mark.trust("M9")
def test_numbers_sent_in_masses_make_strangers_wait_and_clients_not(
    desk: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caps, "ALTOGETHER", Cap(5, timedelta(hours=1)))
    for number in range(8):
        receive(mail(f"Не работает {number}", sender=f"m{number}@else.example"))
    notify.run()
    assert sum(len(server.to(f"m{number}@else.example")) for number in range(8)) == 5
    cast.request_of_carol()
    notify.run()
    assert len(server.to(CAROL)) == 1
    clock.shift(timedelta(minutes=61))
    notify.run()
    assert all(len(server.to(f"m{number}@else.example")) == 1 for number in range(8)), "later, but each"


@pytest.mark.trust("M11")
def test_a_suspect_gets_no_automatic_letter_until_a_person_has_answered(desk: Flask, server: MailServer) -> None:
    ticket = ticket_of(receive(mail(sender=VICTIM, X_Spam_Flag="YES")))
    by = cast.acting(cast.alice())
    tickets.move_deadline(ticket, clock.now() + timedelta(days=2), "Ждём запчасть", by, clock.now())
    outbox.commit()
    notify.run()
    assert (ticket.is_suspect, server.to(VICTIM)) == (True, [])
    tickets.reply(ticket, Contribution("Здравствуйте! Что случилось?"), by, clock.now())
    outbox.commit()
    notify.run()
    tickets.move_deadline(ticket, clock.now() + timedelta(days=3), "Запчасть в пути", by, clock.now())
    outbox.commit()
    notify.run()
    assert (ticket.is_suspect, len(server.to(VICTIM))) == (False, 2)


@pytest.mark.trust("M8")
def test_one_request_writes_ten_letters_in_ten_minutes_at_most(desk: Flask, server: MailServer) -> None:
    ticket, other = cast.request_of_carol(), cast.request_of_carol(text="Другая")
    by = cast.acting(cast.alice())
    for number in range(14):
        tickets.move_deadline(
            ticket, clock.now() + timedelta(days=2, hours=number), f"Причина {number}", by, clock.now()
        )
        outbox.commit()
        notify.run()
    of_ticket = [letter for letter in server.to(CAROL) if ticket.number in letter["Subject"]]
    assert len(of_ticket) == 10
    tickets.move_deadline(other, clock.now() + timedelta(days=2), "Ждём", by, clock.now())
    outbox.commit()
    notify.run()
    assert other.number in server.to(CAROL)[-1]["Subject"], "another request is not held back"
    clock.shift(timedelta(minutes=11))
    notify.run()
    waiting = select(func.count()).where(Delivery.ticket_id == ticket.id, Delivery.state == DeliveryState.WAITING)
    of_ticket = [letter for letter in server.to(CAROL) if ticket.number in letter["Subject"]]
    assert (len(of_ticket), db.session.scalar(waiting)) == (15, 0)


@pytest.mark.trust("M9")
def test_a_client_who_writes_much_is_no_flood(desk: Flask) -> None:
    cast.carol()
    for _number in range(25):
        letter = receive(mail("Ещё касса", sender=CAROL))
    assert messages(ticket_of(letter))[0].flags == []
