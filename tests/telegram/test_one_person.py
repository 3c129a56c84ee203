"""Whoever writes by letter, on the site and in Telegram is one person with one history."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app import outbox, pairing
from app.extensions import db
from app.models import Channel, Person, Ticket
from tests import cast
from tests.intake.mailing import mail, receive, ticket_of
from tests.telegram.talker import Talker, texts


@pytest.mark.trust("I2")
def test_three_roads_are_one_person(app: Flask) -> None:
    carol = cast.carol()
    by_letter = ticket_of(receive(mail("Не печатает принтер.", "Принтер", f"Ольга <{carol.email}>")))
    by_site = cast.request_of_carol(text="Не открывается 1С")
    chat = Talker()
    pairing.pair_person(chat.chat, carol, "contact", chat.at)
    outbox.commit()
    chat.write("Не работает касса")
    chat.press("Новая заявка")  # and no addition to one of those that she has
    chat.write("Касса 2, первый этаж")
    chat.press("Обычная: срок по договору")
    chat.press("Отправить без файлов")
    chat.press("Отправить заявку")
    in_chat = db.session.scalars(select(Ticket).where(Ticket.channel == Channel.TELEGRAM)).one()
    numbers = [one.number for one in (by_letter, by_site, in_chat)]
    assert {one.person_id for one in (by_letter, by_site, in_chat)} == {carol.id}
    assert db.session.query(Person).filter_by(email=carol.email).count() == 1
    chat.write("Мои заявки")
    listed = texts(chat.messages())[-1]
    assert all(number in listed for number in numbers), listed
