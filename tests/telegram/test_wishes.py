"""What staff hear in their chats: what concerns them, by their wishes, and nothing that is not for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import alarms, clock, notify, outbox, paging, tickets
from app.extensions import db
from app.models import DeliveryState, Staff, Urgency
from app.tickets import Contribution
from tests.cast import acting, alice, masha, request_of_carol
from tests.telegram.fake import FakeBotApi, User
from tests.telegram.lines import by_carol, notices, of_staff, send

MINUTE = timedelta(minutes=1)


def test_what_was_owed_to_somebody_disabled_meanwhile_is_not_said(alices: User) -> None:
    request_of_carol(urgency=Urgency.URGENT)
    notify.drain()
    db.session.get_one(Staff, alice().id).is_disabled = True
    outbox.commit()
    send()
    assert alices.texts == []
    assert [one.state for one in notices()] == [DeliveryState.FAILED]


def test_a_complaint_reaches_the_manager_and_never_the_engineer_it_names(alices: User, mashas: User) -> None:
    ticket = request_of_carol()
    tickets.take(ticket, acting(alice()), clock.now())
    tickets.complain(ticket, "Алиса не отвечает", by_carol(), clock.now())
    outbox.commit()
    paging.sweep()
    send()
    assert "Алиса не отвечает" in mashas.hears("жалоба клиента").text
    assert alices.texts == []


def test_an_assigned_request_and_its_customers_answer_reach_the_engineer(alices: User) -> None:
    ticket = request_of_carol()
    tickets.assign(ticket, alice(), acting(masha()), clock.now())
    tickets.answer(ticket, Contribution("У двоих та же ошибка"), by_carol(), clock.now())
    outbox.commit()
    send()
    assert alices.hears("назначена вам").labels == ["Открыть заявку"]
    assert "У двоих та же ошибка" in alices.hears("ответ клиента").text


def test_a_note_that_names_the_engineer_reaches_them(alices: User) -> None:
    ticket = request_of_carol()
    tickets.note(ticket, Contribution("@Орлова, у них <b>старый</b> ключ"), acting(masha()), clock.now())
    outbox.commit()
    send()
    assert "у них <b>старый</b> ключ" in alices.hears("вас назвали в заметке").text


@pytest.mark.parametrize("wish", ["urgent", "untaken", "mine", "answered"])
def test_wishes_are_kept(desk: Flask, fake: FakeBotApi, wish: str) -> None:
    quiet, loud = fake.user("Алиса"), fake.user("Алиса, второй")
    of_staff(quiet, alice(), **{wish: False})
    of_staff(loud, alice())
    urgent = request_of_carol(urgency=Urgency.URGENT)
    clock.shift(11 * MINUTE)
    alarms.sweep()
    notify.drain()
    tickets.assign(urgent, alice(), acting(masha()), clock.now())
    tickets.answer(urgent, Contribution("Ну что?"), by_carol(), clock.now())
    outbox.commit()
    notify.drain()
    names = {"urgent": "urgent", "untaken": "urgent_untaken", "mine": "assigned", "answered": "answered"}
    heard = {user.id: [one.notice for one in notices(user)] for user in (quiet, loud)}
    assert heard[loud.id] == list(names.values())
    assert heard[quiet.id] == [name for name in names.values() if name != names[wish]]


def test_nobody_hears_of_their_own_act(alices: User) -> None:
    ticket = request_of_carol()
    tickets.assign(ticket, alice(), acting(alice()), clock.now())
    tickets.solve(ticket, Contribution("Сделано"), acting(alice()), clock.now())
    tickets.reopen(ticket, None, acting(alice()), clock.now())
    outbox.commit()
    send()
    assert notices() == []
