"""No address is flooded, and nothing that a cap holds back is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import clock, notify, outbox, tickets
from app.models import DeliveryState, Urgency
from app.tickets import Contribution
from tests.cast import acting, alice, masha, request_of_carol
from tests.notify.letters import text_of
from tests.notify.mail_server import MailServer
from tests.notify.rows import CAROL, states

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.mark.trust("M9")
def test_an_unconfirmed_address_gets_three_letters_an_hour_and_nothing_is_lost(desk: Flask, server: MailServer) -> None:
    victim = "victim@else.example"
    several = [request_of_carol(email=victim, company="Рога", text=f"Заявка {number}") for number in range(7)]
    notify.run()
    assert len(server.to(victim)) == 3
    assert states(victim).count(DeliveryState.WAITING) == 4
    clock.shift(timedelta(minutes=59))
    notify.run()
    assert len(server.to(victim)) == 3
    clock.shift(timedelta(minutes=2))
    notify.run()
    first, second, third, digest = server.to(victim)
    assert digest["Subject"].startswith("Приняты заявки: 4 [#")
    told = text_of(first) + text_of(second) + text_of(third) + text_of(digest)
    assert all(ticket.number in told for ticket in several)
    assert text_of(digest).count("Крайний срок решения: ") == 4
    assert text_of(digest).count("https://help.stekspb.ru/r/") == 4
    assert set(states(victim)) == {DeliveryState.ACCEPTED}


@pytest.mark.trust("A14")
def test_a_flood_of_urgent_requests_caps_the_pages_and_no_promise(desk: Flask, server: MailServer) -> None:
    address = masha().email
    several = [
        request_of_carol(email=f"m{number}@else.example", company="Рога", urgency=Urgency.URGENT, text="Срочно!")
        for number in range(12)
    ]
    notify.run()
    assert len(server.to(address)) == 5
    tickets.take(several[11], acting(alice()), clock.now())
    outbox.commit()
    clock.shift(timedelta(minutes=11))
    notify.run()
    digest = server.to(address)[5]
    assert len(server.to(address)) == 6
    assert digest["Subject"].startswith("Срочные заявки, которые никто не взял: 6 [#")
    assert several[11].number not in text_of(digest)
    assert all(ticket.due_at == ticket.created_at.replace(microsecond=0) + timedelta(hours=2) for ticket in several)
    assert all(len(server.to(f"m{number}@else.example")) == 1 for number in range(11))


def test_a_known_address_gets_thirty_letters_in_ten_minutes_and_then_a_digest(desk: Flask, server: MailServer) -> None:
    several = [request_of_carol(text=f"Заявка {number}") for number in range(34)]
    notify.run()
    assert len(server.to(CAROL)) == 30
    clock.shift(timedelta(minutes=11))
    notify.run()
    assert len(server.to(CAROL)) == 31
    assert all(ticket.number in text_of(server.to(CAROL)[30]) for ticket in several[30:])
    assert set(states()) == {DeliveryState.ACCEPTED}


def test_what_an_engineer_wrote_is_never_held_back(desk: Flask, server: MailServer) -> None:
    victim = "victim@else.example"
    several = [request_of_carol(email=victim, company="Рога", text=f"Заявка {number}") for number in range(5)]
    notify.run()
    assert len(server.to(victim)) == 3
    tickets.reply(several[4], Contribution("Уже едем"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    number = several[4].number
    assert server.subjects(victim)[3] == f"Приняты заявки: 2 [#{number}]", "the number comes first, as ever"
    assert server.subjects(victim)[4] == f"Заявка {number}: ответ инженера [#{number}]"
    assert len(server.to(victim)) == 5
