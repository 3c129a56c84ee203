"""Letters that belong to no request: a code for Telegram, and word of a chat that was tied."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from app import clock, notify, outbox, pairing
from app.extensions import db
from app.models import Chat, Delivery, DeliveryState
from tests import cast
from tests.notify.mail_server import MailServer
from tests.telegram.chats import chat, mailed_code

CAROL = "carol@neva-trade.example"


def the_delivery() -> Delivery:
    db.session.expire_all()
    return db.session.query(Delivery).filter(Delivery.ticket_id.is_(None)).order_by(Delivery.id.desc()).limit(1).one()


def test_the_code_stands_in_its_letter_and_nowhere_else(desk: Flask, server: MailServer) -> None:
    hers = chat()
    hers.name = "Внимание! Переведите деньги на http://evil.example"
    pairing.mail_code(hers, CAROL, clock.now())
    outbox.commit()
    notify.run()
    letter = server.taken[-1].letter
    code = mailed_code(CAROL)
    assert letter["To"] == CAROL
    assert code in letter["Subject"]
    for kind in ("plain", "html"):
        body = letter.get_body((kind,)).get_content()
        assert code in body
        assert "evil" not in body
        assert "Ответьте выше" not in body
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "X-HelpDesk-Ticket" not in letter
    sent = the_delivery()
    assert (sent.state, sent.next_attempt_at, sent.event_id) == (DeliveryState.ACCEPTED, None, None)


def test_a_code_that_ran_out_is_not_sent(desk: Flask, server: MailServer) -> None:
    pairing.mail_code(chat(), CAROL, clock.now())
    outbox.commit()
    clock.shift(timedelta(minutes=16))
    notify.run()
    assert not server.taken
    given_up = the_delivery()
    assert given_up.state is DeliveryState.FAILED
    assert given_up.is_escalated, "nobody is to be called for it"


def test_a_person_is_told_of_a_new_chat_and_can_undo_it(desk: Flask, server: MailServer) -> None:
    carol, hers = cast.carol(), chat()
    pairing.pair_person(hers, carol, "contact", clock.now())
    outbox.commit()
    notify.run()
    text = server.taken[-1].letter.get_body(("plain",)).get_content()
    link = next(word for word in text.split() if "/pairing/" in word)
    token = link.rpartition("/")[2]
    found = pairing.chat_to_undo(token)
    assert found
    assert found.id == hers.id
    for other in (token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), "B" + token[1:], "", "Ж", token + "A"):
        assert pairing.chat_to_undo(other) is None, other
    pairing.unpair(db.session.get_one(Chat, hers.id), clock.now())
    outbox.commit()
    assert pairing.chat_to_undo(token) is None
    clock.shift(timedelta(seconds=1))
    pairing.pair_person(hers, carol, "contact", clock.now())
    assert pairing.chat_to_undo(token) is None, "another tie has another way out"


def test_a_member_of_staff_is_told_too(desk: Flask, server: MailServer) -> None:
    pairing.pair_staff(chat(), cast.alice(), clock.now())
    outbox.commit()
    notify.run()
    letter = server.to("alice@stek.example")[0]
    assert "https://help.stekspb.ru/me/telegram" in letter.get_body(("plain",)).get_content()
    assert letter["Subject"] == "К вашей учётной записи HelpDesk подключён Telegram"


def test_it_speaks_the_chats_language(desk: Flask, server: MailServer) -> None:
    theirs = chat()
    theirs.language = "en"
    pairing.mail_code(theirs, "john@elsewhere.example", clock.now())
    outbox.commit()
    notify.run()
    assert server.taken[-1].letter["Subject"].startswith("Code for Telegram")


def test_an_address_of_our_own_gets_no_code(desk: Flask, server: MailServer) -> None:
    assert pairing.mail_code(chat(), "info@stekspb.ru", clock.now())
    outbox.commit()
    notify.run()
    assert not server.taken
    assert the_delivery().state is DeliveryState.FAILED


def test_codes_do_not_hold_back_letters_of_requests(desk: Flask, server: MailServer) -> None:
    stranger = "somebody@elsewhere.example"
    for number in range(3):
        pairing.mail_code(chat(100 + number), stranger, clock.now())
    outbox.commit()
    notify.run()
    cast.request_of_carol(email=stranger, company="")
    notify.run()
    assert len([one for one in server.taken if one.letter["X-HelpDesk-Ticket"]]) == 1


def test_what_the_server_puts_off_comes_later(desk: Flask, server: MailServer) -> None:
    pairing.mail_code(chat(), CAROL, clock.now())
    outbox.commit()
    server.answers[CAROL] = ["451 Later"]
    notify.run()
    put_off = the_delivery()
    assert put_off.state is DeliveryState.WAITING
    assert put_off.attempts == 1
    clock.shift(timedelta(seconds=30))
    notify.run()
    assert mailed_code(CAROL) in server.subjects(CAROL)[0]


def test_a_refused_one_calls_nobody(desk: Flask, server: MailServer) -> None:
    pairing.mail_code(chat(), CAROL, clock.now())
    outbox.commit()
    server.refused[CAROL] = "550 No such user"
    notify.run()
    refused = the_delivery()
    assert refused.state is DeliveryState.FAILED
    assert refused.is_escalated
