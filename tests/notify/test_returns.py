"""Where our letters come back to, and to whom we write nothing more by ourselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app import alarms, bouncing, clock, notify, outbox, signing, tickets
from app.config import settings
from app.intake.smtp import is_ours
from app.models import Cause, DeliveryState
from app.tickets import Contribution
from tests.cast import acting, alice, neva_trade, request_of_carol
from tests.history import causes
from tests.notify.conftest import MONDAY
from tests.notify.mail_server import MailServer
from tests.notify.rows import CAROL, OFFICE, deliveries


@pytest.fixture
def plus_desk(make_app: Callable[..., Flask], server: MailServer) -> Iterator[Flask]:
    """A desk whose mailbox takes plus-addresses."""
    app = make_app(
        MAIL_SERVER="127.0.0.1", MAIL_PORT=str(server.port), MAIL_TIMEOUT="3s", MAIL_PLUS_ADDRESSING="on",
        PUBLIC_URL="https://help.stekspb.ru",
    )  # fmt: skip
    with app.app_context():
        clock.shift(MONDAY - clock.now())
        yield app


@pytest.mark.usefixtures("plus_desk")
def test_each_letter_to_each_recipient_has_an_envelope_sender_of_its_own(server: MailServer) -> None:
    neva_trade()
    request_of_carol()
    notify.run()
    senders = {taken.recipient: taken.sender for taken in server.taken}
    assert set(senders) == {CAROL, OFFICE}
    for recipient, sender in senders.items():
        assert signing.read_bounce_address(sender) == deliveries(recipient)[0].id
        assert sender.startswith("bounce+b")
        assert sender.endswith("@stekspb.ru")
        assert is_ours(sender, settings()), "our own listener takes what comes back to it"
    assert {str(taken.letter["From"]) for taken in server.taken} == {"СТЕК HelpDesk <info@stekspb.ru>"}


def test_read_by_imap_the_mailbox_is_one(make_app: Callable[..., Flask]) -> None:
    """A provider knows no ``bounce@``: the envelope sender is a plus-address of the mailbox that is read."""
    app = make_app(IMAP_URL="imap://info%40stekspb.ru:secret@127.0.0.1:1143/INBOX")
    with app.app_context():
        address = signing.bounce_address(17)
        assert address.startswith("info+b17.")
        assert (signing.read_bounce_address(address), signing.read_reply_address(address)) == (17, None)


@pytest.mark.usefixtures("desk")
def test_without_plus_addresses_letters_come_back_to_the_mailbox(server: MailServer) -> None:
    request_of_carol()
    notify.run()
    assert {taken.sender for taken in server.taken} == {"info@stekspb.ru"}


@pytest.mark.usefixtures("desk")
def test_to_an_address_that_returns_letters_only_people_write(server: MailServer) -> None:
    """What nobody wrote by hand is not sent, the request says so, and somebody is asked to call."""
    bouncing.count(CAROL, "5.1.1", bouncing.HARD, clock.now())
    ticket = request_of_carol()
    tickets.reply(ticket, Contribution("Перезагрузите, пожалуйста."), acting(alice()), clock.now())
    tickets.solve(ticket, Contribution("Заменили кабель."), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    registered, replied, solved = deliveries(CAROL)
    assert registered.state is DeliveryState.FAILED
    assert "5.1.1" in registered.error
    assert [replied.state, solved.state] == [DeliveryState.ACCEPTED] * 2
    assert [str(letter["Auto-Submitted"]) for letter in server.to(CAROL)] == ["None", "None"]
    alarms.sweep()
    assert causes(ticket) == [Cause.UNDELIVERED]


@pytest.mark.usefixtures("desk")
def test_the_contract_address_stands_in_for_one_that_returns_letters(server: MailServer) -> None:
    company = neva_trade()
    company.notify = type(company.notify).APPLICANT
    outbox.commit()
    bouncing.count(CAROL, "5.1.1", bouncing.HARD, clock.now())
    request_of_carol()
    notify.run()
    assert [len(server.to(CAROL)), len(server.to(OFFICE))] == [0, 1]


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("answer", "is_stopped"),
    [
        ("550 5.1.1 <carol@neva-trade.example>: Recipient address rejected: User unknown", True),
        ("552 5.2.2 Mailbox full", False),
        ("554 Relay access denied", False),
    ],
)
def test_a_refusal_on_the_spot_counts_as_its_bounce_would(answer: str, is_stopped: bool, server: MailServer) -> None:
    server.refused[CAROL] = answer
    request_of_carol()
    notify.run()
    assert bool(bouncing.stopped(CAROL, clock.now())) is is_stopped
    notify.run()
    assert len(deliveries(CAROL)) == 1
