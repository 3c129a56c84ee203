"""Letters for the head of the desk: they become complaints, answers stay with them, and no request shows a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, complaints, notify, outbox, tickets
from app.actor import Actor
from app.extensions import db
from app.intake import filing, letters
from app.models import Complaint, ComplaintEntry, ComplaintFile, ComplaintOrigin, Message, Ticket
from app.models.delivery import Delivery
from app.models.letter import Letter
from app.models.words import Channel, LetterState
from tests.cast import acting, alice, carol, masha, request_of_carol
from tests.intake.mailing import mail, receive
from tests.notify.letters import to
from tests.web.signing_in import signed_in

HEAD, CAROL = "iso@stekspb.ru", "carol@neva-trade.example"


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app(MAIL_ALIASES=HEAD, MAIL_PLUS_ADDRESSING="on")
    with app.app_context():
        yield app


def entries(complaint: Complaint) -> list[tuple[str, str]]:
    query = select(ComplaintEntry.kind, ComplaintEntry.text).where(ComplaintEntry.complaint_id == complaint.id)
    return [(kind.value, text) for kind, text in db.session.execute(query.order_by(ComplaintEntry.id))]


def test_a_letter_to_the_heads_address_becomes_a_complaint(app: Flask):
    carol()
    letter = receive(mail("Второй день молчание", "Жалоба", CAROL, HEAD, Message_ID="<one@x>"), envelope_to=[HEAD])
    complaint = db.session.scalars(select(Complaint)).one()
    assert (letter.state, letter.ticket_id) == (LetterState.FILED, None)
    assert (complaint.origin, complaint.email) == (ComplaintOrigin.LETTER, CAROL)
    assert entries(complaint) == [("said", "Второй день молчание")]
    assert db.session.scalars(select(Ticket)).all() == []
    receive(mail("Второй день молчание", "Жалоба", CAROL, HEAD, Message_ID="<one@x>"), envelope_to=[HEAD])
    assert len(db.session.scalars(select(Complaint)).all()) == 1


def test_a_letter_to_the_desk_with_the_head_in_copy_stays_a_request(app: Flask):
    receive(mail("Касса", sender=CAROL, to=f"info@stekspb.ru, {HEAD}"), envelope_to=["info@stekspb.ru", HEAD])
    assert len(db.session.scalars(select(Ticket)).all()) == 1
    assert db.session.scalars(select(Complaint)).all() == []


@pytest.mark.parametrize("road", ["thread", "tag", "address"])
def test_an_answer_about_a_complaint_goes_there_and_not_to_the_request(app: Flask, road: str):
    ticket = request_of_carol()
    tickets.take(ticket, acting(alice()), clock.now())
    by = Actor.of_person(carol(), "Ольга", Channel.WEB)
    complaint = tickets.complain(ticket, "Не звонят", by, clock.now())
    complaints.answer(complaint, "Перезвонили", acting(masha()), clock.now())
    outbox.commit()
    notify.run()
    said = len(db.session.scalars(select(Message)).all())
    outcome = next(one for one in to(CAROL) if "Ответ руководителя" in one["Subject"])
    how = {
        "thread": {"In_Reply_To": str(outcome["Message-ID"]), "subject": "Re: ваш ответ"},
        "tag": {"subject": f"Re: {outcome['Subject']}"},
        "address": {"to": str(outcome["Reply-To"]), "subject": "Ещё"},
    }[road]
    letter = receive(mail("Не согласна", sender=CAROL, **how))
    assert (letter.ticket_id, "complaint" in letter.signals) == (None, True)
    db.session.refresh(complaint)
    assert complaint.state == "open"
    assert ("said", "Не согласна") in entries(complaint)
    assert len(db.session.scalars(select(Message)).all()) == said


def test_a_robots_answer_stays_with_the_case_and_off_the_list_of_robots(app: Flask):
    ticket = request_of_carol()
    tickets.take(ticket, acting(masha()), clock.now())
    by = Actor.of_person(carol(), "Ольга", Channel.WEB)
    complaint = tickets.complain(ticket, "Мария грубит", by, clock.now())
    outbox.commit()
    sent = db.session.scalars(select(Delivery.message_id).where(Delivery.notice == "complaint_accepted")).one()
    letter = receive(
        mail("Я в отпуске. Мария грубит", "Автоответ", CAROL, In_Reply_To=sent, Auto_Submitted="auto-replied")
    )
    assert complaint.state == "open"
    assert entries(complaint)[-1][0] == "noted"
    browser = signed_in(app, masha())
    assert "в отпуске" not in browser.open("/letters?view=robots").text
    browser.open(f"/letters/{letter.id}/original", 404)


def test_what_nobody_can_read_is_a_case_with_the_original_and_no_request(app: Flask):
    letter_id = letters.store(mail("?", sender=CAROL, to=HEAD), "pipe", envelope_to=[HEAD]).id
    lease = db.session.scalars(select(Letter.file_at)).one()
    assert lease is not None
    db.session.rollback()
    assert filing.give_up(letter_id, lease, "не читается")
    complaint = db.session.scalars(select(Complaint)).one()
    assert "не удалось разобрать" in complaint.title
    assert db.session.scalars(select(ComplaintFile.name)).one() == "letter.eml"
    assert db.session.scalars(select(Ticket)).all() == []


def test_without_the_heads_mailbox_nothing_of_it_is_ours(make_app: Callable[..., Flask]):
    app = make_app()
    with app.app_context():
        receive(mail("Жалоба", sender=CAROL, to=HEAD))
        assert db.session.scalars(select(Complaint)).all() == []
        assert len(db.session.scalars(select(Letter)).all()) == 1
