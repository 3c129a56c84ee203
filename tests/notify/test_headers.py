"""Headers of letters: who wrote it, its thread, addresses and lines that mail servers take."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

from app import clock, files, notify, outbox, tickets
from app.extensions import db
from app.models import Channel, Delivery, DeliveryState, Letter, LetterState, Message, Ticket
from app.tickets import Contribution
from tests.cast import acting, alice, request_of_carol
from tests.notify.letters import html_of, kept_bytes, text_of, to
from tests.notify.rows import CAROL

MARKER = "— Ответьте выше этой строки —"

pytestmark = pytest.mark.usefixtures("quiet_desk")


def sent_to(address: str):
    notify.run()
    return to(address)[-1]


def is_poked(ticket: Ticket) -> bool:
    return db.session.query(Ticket.poked_at).filter_by(id=ticket.id).scalar() is not None


def test_letters_of_the_desk_say_that_a_machine_wrote_them() -> None:
    ticket = request_of_carol()
    letter = sent_to(CAROL)
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["X-Auto-Response-Suppress"] == "DR, RN, NRN, OOF, AutoReply"
    assert letter["Precedence"] == "bulk"
    assert letter["X-HelpDesk-Ticket"] == ticket.number
    assert letter["X-HelpDesk-Loop"]
    assert letter["Reply-To"] == "info@stekspb.ru"
    assert letter["From"] == "СТЕК HelpDesk <info@stekspb.ru>"
    assert len(letter.get_all("Message-ID")) == 1
    delivery = db.session.query(Delivery).filter_by(recipient=CAROL).one()
    assert letter["Message-ID"] == delivery.message_id


def test_an_engineers_letter_looks_like_a_persons() -> None:
    ticket = request_of_carol()
    by = acting(alice())
    tickets.reply(ticket, Contribution("Посмотрите, пожалуйста, ещё раз."), by, clock.now())
    tickets.ask(ticket, Contribution("Какая версия?"), by, clock.now())
    tickets.solve(ticket, Contribution("Заменили кабель."), by, clock.now())
    outbox.commit()
    notify.run()
    for letter, words in zip(to(CAROL)[1:], ("Посмотрите, ", "Какая версия?", "Заменили кабель."), strict=True):
        assert str(letter["From"]) == '"Алиса Орлова, СТЕК HelpDesk" <info@stekspb.ru>'
        for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence"):
            assert letter[name] is None
        assert letter["X-HelpDesk-Loop"], "our own mark stays: no robot's"
        assert text_of(letter).startswith(MARKER)
        assert words in text_of(letter)


def test_answers_and_questions_have_neither_card_nor_heading() -> None:
    ticket = request_of_carol()
    tickets.reply(ticket, Contribution("Посмотрите ещё раз.\n\nИ перезагрузите."), acting(alice()), clock.now())
    tickets.ask(ticket, Contribution("Какая версия?"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    for letter in to(CAROL)[1:]:
        html = html_of(letter)
        assert "<h1" not in html
        assert "<table" not in html
        assert "Алиса Орлова" in html
        assert f"/r/{ticket.number}." in html
    assert str(to(CAROL)[1]["Subject"]) == f"Заявка {ticket.number}: ответ инженера [#{ticket.number}]"


def test_the_thread_holds_together() -> None:
    ticket = request_of_carol()
    tickets.reply(ticket, Contribution("Раз"), acting(alice()), clock.now())
    tickets.reply(ticket, Contribution("Два"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    first, second, third = to(CAROL)
    root = first["References"].split()[0]
    assert root.startswith(f"<ticket-{ticket.number}.")
    assert third["References"].split() == [root, first["Message-ID"], second["Message-ID"]]


def test_references_stay_short_and_keep_their_ends() -> None:
    ticket = request_of_carol()
    for turn in range(14):
        tickets.reply(ticket, Contribution(f"Ответ {turn}"), acting(alice()), clock.now())
        outbox.commit()
    notify.run()
    sent = to(CAROL)
    ids = sent[-1]["References"].split()
    assert len(ids) <= 11
    assert ids[0].startswith("<ticket-")
    assert ids[-1] == sent[-2]["Message-ID"]
    folded = re.search(rb"^References:.*?\r?\n(?=\S)", kept_bytes()[-1], re.MULTILINE | re.DOTALL)
    assert folded is not None
    assert b"=?" not in folded[0]


def test_a_letter_is_answered_in_its_own_thread() -> None:
    ticket = request_of_carol(channel=Channel.EMAIL)
    incoming = Letter(
        road="smtp", raw=b"", size=0, sha256="0" * 64, received_at=clock.now(), state=LetterState.FILED,
        message_id="<first@neva-trade.example>", ticket_id=ticket.id,
    )  # fmt: skip
    db.session.add(incoming)
    db.session.flush()
    db.session.query(Message).filter_by(ticket_id=ticket.id).one().letter_id = incoming.id
    outbox.commit()
    letter = sent_to(CAROL)
    assert letter["In-Reply-To"] == "<first@neva-trade.example>"
    assert letter["References"].split()[-1] == "<first@neva-trade.example>"


def test_no_line_of_a_letter_is_longer_than_the_rfc_allows() -> None:
    ticket = request_of_carol()
    long_name = files.keep(BytesIO(b"x"), "🧾" * 140 + ".pdf")
    tickets.reply(ticket, Contribution("слово " * 3000, files=[long_name]), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    for raw in kept_bytes():
        assert max(map(len, raw.splitlines())) <= 998


def test_a_cyrillic_mailbox_fails_with_a_plain_sentence() -> None:
    ticket = request_of_carol(email="почта@пример.рф", company="Рога")
    notify.run()
    delivery = db.session.query(Delivery).filter_by(ticket_id=ticket.id, is_for_customer=True).one()
    assert delivery.state is DeliveryState.FAILED
    assert "почта@пример.рф" in delivery.error
    assert is_poked(ticket)


def test_a_cyrillic_domain_is_written_to() -> None:
    request_of_carol(email="carol@пример.рф", company="Рога")
    notify.run()
    assert to("carol@xn--e1afmkfd.xn--p1ai")
