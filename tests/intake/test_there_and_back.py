"""The whole way of a bounce: out over SMTP to the customer's server, back from it into our listener, onto the page."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app import alarms, clock, notify, outbox, tickets
from app.extensions import db
from app.intake import letters
from app.models import Cause, Delivery, DeliveryState, Escalation, Letter, LetterKind, State, Ticket
from app.tickets import Contribution
from tests.cast import acting, alice, masha
from tests.intake.mailing import MAILBOX, mail
from tests.intake.test_smtp import Listener
from tests.notify import mail_server
from tests.notify.letters import text_of as words_of
from tests.notify.mail_server import MailServer, Taken
from tests.processes.desk import free_port
from tests.web.signing_in import browser_of

CAROL = "carol@romashka.ru"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server.running() as server:
        yield server


@pytest.fixture(params=["on", "off"], ids=["plus", "without plus"])
def listener(make_app: Callable[..., Flask], server: MailServer, request: pytest.FixtureRequest) -> Iterator[Listener]:
    port, lmtp_port = free_port(), free_port()
    app = make_app(
        SMTP_LISTEN=f"127.0.0.1:{port}",
        LMTP_LISTEN=f"127.0.0.1:{lmtp_port}",
        MAIL_SERVER="127.0.0.1",
        MAIL_PORT=str(server.port),
        MAIL_PLUS_ADDRESSING=request.param,
        UNDO_SEND="0s",
    )
    with Listener(app, port, lmtp_port) as listening, app.app_context():
        yield listening


def report(taken: Taken) -> bytes:
    """What Postfix writes about a letter that it took and could not hand over (RFC 3464)."""
    head = taken.raw.partition(b"\r\n\r\n")[0]
    return (
        b"From: MAILER-DAEMON@mx.romashka.ru (Mail Delivery System)\r\nTo: " + taken.sender.encode() + b"\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/plain\r\n\r\nThis is the mail system at host mx.romashka.ru.\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.romashka.ru\r\n\r\n"
        b"Final-Recipient: rfc822; " + taken.recipient.encode() + b"\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n--b\r\n"
        b"Content-Type: text/rfc822-headers\r\n\r\n" + head + b"\r\n--b--\r\n"
    )


@pytest.mark.trust("M17", "R25")
def test_a_solution_that_comes_back_over_smtp_is_before_everybody(listener: Listener, server: MailServer) -> None:
    listener.send(mail(Message_ID="<1@romashka.ru>"), CAROL)
    letters.file_received()
    ticket = db.session.scalars(select(Ticket)).one()
    tickets.take(ticket, acting(alice()), clock.now())
    tickets.solve(ticket, Contribution("Заменили блок питания."), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    alarms.sweep()
    assert db.session.get_one(Ticket, ticket.id, populate_existing=True).close_at is not None  # she was told, it seems
    solution = server.taken[-1]
    assert "Заменили блок питания." in words_of(solution.letter)
    has_own_sender = solution.sender != MAILBOX
    db.session.rollback()  # on SQLite an open transaction would keep the listener waiting
    with smtplib.SMTP("127.0.0.1", listener.port) as hers:
        hers.sendmail("<>", [solution.sender], report(solution))
    assert letters.file_received() == 1
    alarms.sweep()
    db.session.expire_all()
    came = db.session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()
    assert (came.kind, came.ticket_id, came.envelope_from) == (LetterKind.BOUNCE, ticket.id, "<>")
    assert came.envelope_to == ([solution.sender] if has_own_sender else [MAILBOX])
    returned = db.session.scalars(select(Delivery).where(Delivery.notice == "solved")).one()
    assert (returned.state, returned.error) == (DeliveryState.BOUNCED, "5.1.1")
    assert (ticket.state, ticket.close_at) == (State.SOLVED, None)
    assert list(db.session.scalars(select(Escalation.cause))) == [Cause.UNDELIVERED]
    page = browser_of(listener.app, alice()).get(f"/tickets/{ticket.number}").text
    assert "Клиент не оповещён, позвоните." in page
    assert ticket.number in browser_of(listener.app, masha()).get("/escalations").text
    notify.run()
    assert [taken.recipient for taken in server.taken].count(CAROL) == 2  # nothing more goes there by itself
