"""Letters of ours that come back: which one it was, what the request shows, how the address is counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import bouncing, clock, outbox, signing, standalone
from app.extensions import db
from app.models import (
    BouncingAddress,
    Cause,
    Delivery,
    DeliveryChannel,
    DeliveryState,
    Event,
    EventKind,
    LetterKind,
    State,
    Ticket,
)
from app.tickets import closing
from tests import cast
from tests.history import causes
from tests.intake.mailing import mail, receive, solved, ticket_of

CAROL = "carol@romashka.ru"

pytestmark = pytest.mark.usefixtures("app")


def report(
    message_id: str = "", *, to: str = "info@stekspb.ru", action: str = "failed", status: str = "5.1.1", of: str = CAROL
) -> bytes:
    """A delivery report; without an id nothing of our letter is in it."""
    returned = f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\n\r\nx\r\n" if message_id else ""
    return (
        f"From: MAILER-DAEMON@mx.ru\r\nTo: {to}\r\nSubject: Undelivered Mail\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nsorry\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.ru\r\n\r\n"
        f"Final-Recipient: rfc822; {of}\r\nAction: {action}\r\nStatus: {status}\r\n{returned}--b--\r\n"
    ).encode()


def notice(ticket: Ticket, name: str, recipient: str = CAROL) -> Delivery:
    """A notice that the customer's server has accepted."""
    event = db.session.scalars(select(Event).where(Event.ticket_id == ticket.id).order_by(Event.id.desc())).first()
    assert event
    made = Delivery(
        event_id=event.id,
        ticket_id=ticket.id,
        notice=name,
        channel=DeliveryChannel.EMAIL,
        recipient=recipient,
        state=DeliveryState.ACCEPTED,
        message_id=signing.message_id(ticket.number, f"{event.id}{len(name)}"),
        created_at=clock.now(),
        tried_at=clock.now(),
        accepted_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    closing.settle(ticket)
    outbox.commit()
    return made


def fresh(delivery: Delivery) -> Delivery:
    db.session.refresh(delivery)
    return delivery


def counted(address: str = CAROL) -> BouncingAddress | None:
    return db.session.get(BouncingAddress, address, populate_existing=True)


def test_the_envelope_sender_says_which_letter_came_back():
    """Nothing else of our letter is in the report, and it reached us through a forwarding of hers."""
    ticket = ticket_of(receive(mail()))
    delivery, other = notice(ticket, "registered"), notice(ticket, "taken", "office@romashka.ru")
    address = signing.bounce_address(delivery.id)
    assert address.startswith("bounce+b")
    letter = receive(report(of="olga@home.example"), envelope_from="", envelope_to=[address])
    assert (letter.kind, letter.ticket_id) == (LetterKind.BOUNCE, ticket.id)
    assert [fresh(delivery).state, fresh(other).state] == [DeliveryState.BOUNCED, DeliveryState.ACCEPTED]
    assert counted() is not None
    assert counted("olga@home.example") is None


def test_a_digest_that_came_back_told_of_none_of_its_requests():
    """Several numbers in one letter: one handing over, one bounce, and each request shows it."""
    first, second = ticket_of(receive(mail())), ticket_of(receive(mail("Не работает принтер.", subject="Принтер")))
    together = [notice(first, "registered"), notice(second, "registered")]
    together[1].tried_at = together[0].tried_at
    outbox.commit()
    receive(report(together[0].message_id))
    assert [fresh(one).state for one in together] == [DeliveryState.BOUNCED] * 2
    assert [causes(first), causes(second)] == [[Cause.UNDELIVERED]] * 2
    one = counted()
    assert one
    assert one.score == bouncing.HARD


def test_a_forged_envelope_sender_is_nobodys():
    ticket = ticket_of(receive(mail()))
    delivery = notice(ticket, "registered")
    forged = signing.bounce_address(delivery.id).replace("+b", "+b1")
    assert receive(report(of="x@y.example"), envelope_to=[forged]).ticket_id is None
    assert fresh(delivery).state is DeliveryState.ACCEPTED


def test_without_any_token_it_is_the_last_letter_of_the_week_and_a_guess_silences_nobody():
    ticket = ticket_of(receive(mail()))
    delivery = notice(ticket, "registered")
    letter = receive(report())
    assert letter.ticket_id == ticket.id
    assert (fresh(delivery).state, causes(ticket)) == (DeliveryState.BOUNCED, [Cause.UNDELIVERED])
    assert counted() is None


def test_a_letter_of_last_week_is_not_guessed_at():
    ticket = ticket_of(receive(mail()))
    delivery = notice(ticket, "registered")
    clock.shift(timedelta(days=8))
    assert receive(report()).ticket_id is None
    assert fresh(delivery).state is DeliveryState.ACCEPTED


@pytest.mark.parametrize(
    ("action", "status", "points"),
    [
        ("failed", "5.1.1", bouncing.HARD),
        ("failed", "5.4.4", bouncing.HARD),
        ("failed", "", bouncing.HARD),
        ("failed", "5.2.2", bouncing.SOFT),
        ("failed", "5.7.1", bouncing.SOFT),
        ("failed", "4.4.7", bouncing.SOFT),
        ("delayed", "4.4.1", bouncing.SOFT),
        ("delivered", "2.0.0", 0),
        ("relayed", "2.1.9", 0),
    ],
)
def test_hard_and_soft(action: str, status: str, points: int):
    ticket = ticket_of(receive(mail()))
    delivery = notice(ticket, "registered")
    receive(report(delivery.message_id, action=action, status=status))
    one = counted()
    assert (one.score if one else 0) == points
    is_given_up = action == "failed"
    assert (fresh(delivery).state is DeliveryState.BOUNCED) is is_given_up
    assert (causes(ticket) == [Cause.UNDELIVERED]) is is_given_up


def test_a_delay_and_then_a_failure_of_one_letter_are_one_bounce():
    ticket = ticket_of(receive(mail()))
    delivery = notice(ticket, "registered")
    for action, status in (("delayed", "4.4.1"), ("delayed", "4.4.2"), ("failed", "5.4.7"), ("failed", "5.4.7")):
        receive(report(delivery.message_id, action=action, status=status) + f"{status}{action}".encode())
    one = counted()
    assert one
    assert (one.score, one.stopped_until) == (bouncing.HARD, None)


def test_a_returned_registration_pauses_the_closing_until_the_customer_is_heard_of():
    """D12: our own server took the solution for an address that had already sent the number back."""
    ticket = ticket_of(receive(mail()))
    registered = notice(ticket, "registered")
    receive(report(registered.message_id))
    solved(ticket)
    notice(ticket, "solved")
    assert ticket.close_at is None
    closing.told_by_phone(ticket, cast.acting(cast.alice()), clock.now())
    outbox.commit()
    assert ticket.close_at is not None


def test_a_registration_that_comes_back_after_the_solution_stops_the_closing():
    ticket = ticket_of(receive(mail()))
    registered = notice(ticket, "registered")
    solved(ticket)
    notice(ticket, "solved")
    assert ticket.close_at is not None
    receive(report(registered.message_id))
    db.session.refresh(ticket)
    assert (ticket.close_at, causes(ticket)) == (None, [Cause.UNDELIVERED])


def test_whoever_answers_after_all_has_been_reached():
    ticket = ticket_of(receive(mail()))
    registered = notice(ticket, "registered")
    receive(report(registered.message_id))
    receive(mail("Ещё не печатает.", In_Reply_To=registered.message_id))
    solved(ticket)
    notice(ticket, "solved")
    assert ticket.close_at is not None


def test_the_company_that_was_told_counts():
    ticket = ticket_of(receive(mail()))
    registered = notice(ticket, "registered")
    receive(report(registered.message_id))
    solved(ticket)
    notice(ticket, "solved", "office@romashka.ru")
    assert ticket.close_at is not None


def test_a_letter_to_staff_that_comes_back_calls_nobody_to_the_customer():
    ticket = solved(ticket_of(receive(mail())))
    told = notice(ticket, "solved")
    to_alice = notice(ticket, "near", "alice@stek.example")
    to_alice.is_for_customer = False
    outbox.commit()
    receive(report(to_alice.message_id, of="alice@stek.example"))
    assert [fresh(to_alice).state, fresh(told).state] == [DeliveryState.BOUNCED, DeliveryState.ACCEPTED]
    db.session.refresh(ticket)
    assert (causes(ticket), ticket.close_at is not None) == ([], True)
    happened = select(Event.kind).where(Event.ticket_id == ticket.id, Event.kind == EventKind.BOUNCED)
    assert list(db.session.scalars(happened)) == [EventKind.BOUNCED]


def test_a_letter_without_a_request_is_counted_too():
    with outbox.transaction():
        delivery = standalone.owe("pairing", "x@y.example", clock.now(), language="ru")
    letter = receive(report(of="x@y.example"), envelope_to=[signing.bounce_address(delivery.id)])
    assert (letter.kind, letter.ticket_id) == (LetterKind.BOUNCE, None)
    assert fresh(delivery).state is DeliveryState.BOUNCED
    assert counted("x@y.example")


@pytest.mark.trust("M17")
def test_a_report_reopens_nothing_and_answers_nothing():
    ticket = solved(ticket_of(receive(mail())))
    delivery = notice(ticket, "solved")
    before = db.session.query(Delivery).count()
    receive(report(delivery.message_id), envelope_from="", envelope_to=[signing.bounce_address(delivery.id)])
    db.session.refresh(ticket)
    assert (ticket.state, db.session.query(Delivery).count()) == (State.SOLVED, before)
