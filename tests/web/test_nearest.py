"""Taking the nearest on the pages: one press, a reason to go on, a clear word when there is nothing left."""

from __future__ import annotations

from app.extensions import db
from app.models import Ticket, Urgency
from tests.cast import alice, request_of_carol
from tests.web.acting import action
from tests.web.browse import Browser


def engineer_of(ticket: Ticket) -> int | None:
    db.session.expire_all()
    return db.session.get_one(Ticket, ticket.id).engineer_id


def test_one_press_a_reason_and_nothing_left(alices: Browser):
    normal, urgent = request_of_carol(), request_of_carol(urgency=Urgency.URGENT)
    queue = alices.open("/queue")
    page = alices.send(queue, action(queue, "/queue/nearest"))
    assert "Вы взяли заявку с ближайшим сроком" in page.text
    assert engineer_of(urgent) == alice().id
    skipping = action(page, f"/tickets/{urgent.number}/skipping")
    refused = alices.send(page, skipping, 422, skip_reason=" ")
    assert "Напишите, почему эту заявку лучше взять другому." in refused.text
    assert engineer_of(urgent) == alice().id
    following = alices.send(refused, skipping, skip_reason="Это к телефонистам")
    assert normal.title in following.text
    assert (engineer_of(urgent), engineer_of(normal)) == (None, alice().id)
    assert "Вы вернули заявку в очередь: Это к телефонистам" in alices.open(f"/tickets/{urgent.number}").text
    queue = alices.open("/queue")
    assert "Брать нечего" in alices.send(queue, action(queue, "/queue/nearest")).text
