"""Robots, mailing lists, bounces and our own letters: shown where they belong, and nothing reopens or loops."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import clock, outbox, signing
from app.extensions import db
from app.models.delivery import Delivery
from app.models.escalation import Escalation
from app.models.event import Event
from app.models.ticket import Ticket
from app.models.words import (
    Cause,
    DeliveryChannel,
    DeliveryState,
    LetterKind,
    LetterState,
    MessageKind,
    State,
)
from app.tickets import closing
from tests import cast
from tests.intake.mailing import MAILBOX, mail, messages, receive, solved, ticket_of

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.trust("M17")
@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "auto_reply"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"subject": "Автоматический ответ: заявка"},
        {"subject": "Out of Office: Re: заявка"},
        {"subject": "Отсутствую до 5 марта"},
    ],
)
def test_a_robots_letter_does_not_reopen(headers):
    ticket = solved(ticket_of(receive(mail())))
    letter = receive(mail("Я в отпуске.", In_Reply_To=signing.message_id(ticket.number, 1), **headers))
    assert (letter.kind, letter.ticket_id) == (LetterKind.AUTO, ticket.id)
    assert ticket.state is State.SOLVED
    assert messages(ticket)[-1].kind is MessageKind.AUTO


def test_a_robot_without_a_request_opens_none():
    letter = receive(mail(Auto_Submitted="auto-generated"))
    assert (letter.state, letter.kind, letter.ticket_id) == (LetterState.FILED, LetterKind.AUTO, None)


def delivery_report(message_id: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.ru\r\nTo: info@stekspb.ru\r\nSubject: Undelivered Mail\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nsorry\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.ru\r\n\r\n"
        f"Final-Recipient: rfc822; carol@romashka.ru\r\nAction: {action}\r\nStatus: {status}\r\n--b\r\n"
        f"Content-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\n\r\nx\r\n--b--\r\n"
    ).encode()


def notice_of(ticket: Ticket) -> Delivery:
    """The solution notice, accepted by the customer's server."""
    event = db.session.scalars(select(Event).where(Event.ticket_id == ticket.id).order_by(Event.id.desc())).first()
    assert event
    delivery = Delivery(
        event_id=event.id,
        ticket_id=ticket.id,
        notice="solved",
        channel=DeliveryChannel.EMAIL,
        recipient="carol@romashka.ru",
        state=DeliveryState.ACCEPTED,
        message_id=signing.message_id(ticket.number, 5),
        created_at=clock.now(),
        accepted_at=clock.now(),
    )
    db.session.add(delivery)
    db.session.flush()
    closing.settle(ticket)
    outbox.commit()
    return delivery


@pytest.mark.trust("M17")
def test_a_bounce_marks_the_notice_and_stops_the_closing():
    ticket = solved(ticket_of(receive(mail())))
    delivery = notice_of(ticket)
    assert ticket.close_at is not None
    letter = receive(delivery_report(delivery.message_id), envelope_from="")
    assert (letter.kind, letter.ticket_id) == (LetterKind.BOUNCE, ticket.id)
    db.session.refresh(delivery)
    db.session.refresh(ticket)
    assert [delivery.state, ticket.state, ticket.close_at] == [DeliveryState.BOUNCED, State.SOLVED, None]
    assert messages(ticket)[-1].kind is MessageKind.AUTO
    causes = select(Escalation.cause).where(Escalation.ticket_id == ticket.id)
    assert list(db.session.scalars(causes)) == [Cause.UNDELIVERED]


def test_a_delay_is_shown_and_changes_nothing():
    ticket = solved(ticket_of(receive(mail())))
    delivery = notice_of(ticket)
    letter = receive(delivery_report(delivery.message_id, "delayed", "4.4.1"))
    assert letter.ticket_id == ticket.id
    db.session.refresh(delivery)
    assert (delivery.state, ticket.close_at is not None) == (DeliveryState.ACCEPTED, True)


def test_a_plain_text_bounce_names_the_letter_in_its_words():
    ticket = solved(ticket_of(receive(mail())))
    delivery = notice_of(ticket)
    body = f"Не удалось доставить.\n\nMessage-ID: {delivery.message_id}\nSubject: решена\n"
    letter = receive(
        mail(body, subject="Недоставленное сообщение", sender="mailer-daemon@corp.mail.ru"), envelope_from=""
    )
    assert (letter.kind, letter.ticket_id) == (LetterKind.BOUNCE, ticket.id)
    db.session.refresh(delivery)
    assert delivery.state is DeliveryState.BOUNCED


def test_a_strangers_bounce_changes_nothing():
    ticket = solved(ticket_of(receive(mail())))
    letter = receive(delivery_report("<t123456.a1.0123456789abcdef@stekspb.ru>"))
    assert (letter.kind, letter.state, letter.ticket_id) == (LetterKind.BOUNCE, LetterState.FILED, None)
    assert ticket.state is State.SOLVED


@pytest.mark.trust("M8")
def test_our_own_letter_comes_round_as_a_loop():
    mark = signing.short("loop", "info@stekspb.ru")
    assert receive(mail(X_HelpDesk_Loop=mark)).kind is LetterKind.LOOP
    assert receive(mail("again", sender=MAILBOX)).kind is LetterKind.LOOP
    assert receive(mail("and again", Message_ID=signing.message_id("482173", 1))).kind is LetterKind.LOOP


@pytest.mark.trust("M5")
def test_foreign_control_headers_do_nothing():
    letter = receive(mail(X_HelpDesk_Loop="0123456789abcdef", X_HelpDesk_Ticket="482173", X_HelpDesk_State="closed"))
    assert letter.kind is LetterKind.HUMAN
    assert ticket_of(letter).state is State.NEW


def test_a_mailing_list_is_no_request_but_a_clients_group_is():
    assert receive(mail(List_Id="<news.shop.ru>")).kind is LetterKind.LIST
    cast.neva_trade()
    letter = receive(mail("через группу", sender="zina@neva-trade.example", List_Id="<all.neva-trade.example>"))
    assert (letter.kind, ticket_of(letter).missing) == (LetterKind.HUMAN, ["phone", "whose", "where"])


@pytest.mark.trust("M4")
def test_noreply_waits_in_quarantine():
    letter = receive(mail("code 123456", sender="noreply@bank.ru"))
    assert (letter.state, letter.ticket_id, letter.error) == (LetterState.QUARANTINED, None, "noreply")
