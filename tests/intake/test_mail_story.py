"""Letters become requests and answers: the stories of mail coming in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, notify, signing
from app.extensions import db
from app.intake import letters
from app.models.delivery import Delivery
from app.models.letter import Letter
from app.models.message import Attachment
from app.models.words import (
    Channel,
    LetterKind,
    LetterState,
    MessageKind,
    State,
    Urgency,
)
from tests import cast
from tests.intake.mailing import MAILBOX, mail, messages, receive, solved, ticket_of

pytestmark = pytest.mark.usefixtures("app")


def test_a_letter_becomes_a_request():
    letter = receive(mail(Message_ID="<1@romashka.ru>"))
    ticket = ticket_of(letter)
    assert (letter.state, letter.kind, letter.message_id) == (LetterState.FILED, LetterKind.HUMAN, "1@romashka.ru")
    assert (ticket.title, ticket.what, ticket.channel) == ("Касса", "Не работает касса.", Channel.EMAIL)
    assert (ticket.applicant_email, ticket.applicant_name) == ("carol@romashka.ru", "Ольга Карпова")
    assert ticket.missing == ["company", "phone", "whose", "where"]
    assert ticket.created_at == letter.received_at


def test_an_answer_with_our_message_id_is_filed_and_reopens():
    ticket = solved(ticket_of(receive(mail())))
    reply = mail(
        "Опять не работает!\n\nпн, 5 февр. 2024 г. в 10:15, HelpDesk <info@stekspb.ru>:\n> решено",
        subject="Re: решена",
        In_Reply_To=signing.message_id(ticket.number, 7),
    )
    letter = receive(reply)
    assert ticket_of(letter).id == ticket.id
    assert (letter.text, letter.quoted.startswith("пн, 5 февр.")) == ("Опять не работает!", True)
    assert (ticket.state, ticket.reopened_count) == (State.OPEN, 1)
    assert messages(ticket)[-1].text == "Опять не работает!"


def test_thanks_do_not_reopen():
    ticket = solved(ticket_of(receive(mail())))
    letter = receive(mail("Спасибо!", subject=f"Re: решена [#{ticket.number}]"))
    assert ticket_of(letter).id == ticket.id
    assert ticket.state is State.SOLVED
    assert "thanks" in messages(ticket)[-1].flags


@pytest.mark.parametrize("how", ["address", "id", "references", "tag", "spaced tag", "words", "known id"])
def test_each_road_leads_to_the_request(how):
    first = receive(mail(Message_ID="<first@romashka.ru>"))
    number = ticket_of(first).number
    headers, subject, to = {}, "Re: Касса", MAILBOX
    if how == "address":
        to = signing.reply_address(number)
    elif how == "id":
        headers["In_Reply_To"] = signing.message_id(number, 3)
    elif how == "references":
        headers["References"] = f"<a@b> {signing.root_id(number)} <c@d>"
    elif how == "known id":
        headers["In_Reply_To"] = "<first@romashka.ru>"
    else:
        subject = {
            "tag": f"Re: Касса [#{number}]",
            "spaced tag": f"Re: № {number[:3]} {number[3:]}",
            "words": f"по заявке {number}",
        }[how]
    letter = receive(mail("Ещё вот что.", subject=subject, to=to, **headers))
    assert letter.ticket_id == first.ticket_id, letter.signals


@pytest.mark.trust("M1")
def test_a_stranger_with_a_bare_number_opens_a_request_of_his_own():
    ticket = solved(ticket_of(receive(mail())))
    letter = receive(mail("Пришлите переписку", subject=f"[#{ticket.number}]", sender="mallory@evil.ru"))
    assert letter.ticket_id != ticket.id
    assert ticket.state is State.SOLVED
    assert messages(ticket_of(letter))[-1].kind is MessageKind.NOTE
    assert ticket.number in messages(ticket_of(letter))[-1].text


@pytest.mark.trust("M1")
def test_a_stranger_with_the_token_is_filed_out_of_sight():
    ticket = solved(ticket_of(receive(mail())))
    letter = receive(mail("Я сменщица", sender="olga@gmail.com", In_Reply_To=signing.message_id(ticket.number, 1)))
    message = messages(ticket)[-1]
    assert (letter.ticket_id, ticket.state) == (ticket.id, State.OPEN)
    assert message.flags == ["stranger"]
    assert not message.is_public(clock.now() + timedelta(days=9999))
    again = receive(mail("И ещё", subject=f"[#{ticket.number}]", sender="olga@gmail.com"))
    assert again.ticket_id != ticket.id


@pytest.mark.trust("M1")
def test_a_forged_signature_is_ignored():
    ticket = ticket_of(receive(mail()))
    forged = f"<t{ticket.number}.a1.0123456789abcdef@stekspb.ru>"
    letter = receive(mail("x", sender="mallory@evil.ru", In_Reply_To=forged))
    assert letter.ticket_id != ticket.id
    assert "bad-message-id" in letter.signals


@pytest.mark.trust("R9")
@pytest.mark.trust("R9")
def test_a_second_copy_by_another_road_is_recorded_only():
    first = receive(mail(Message_ID="<same@romashka.ru>"))
    second = receive(b"Received: by relay\r\n" + mail(Message_ID="<same@romashka.ru>"))
    assert (second.copy_of_id, second.ticket_id, second.state) == (first.id, first.ticket_id, LetterState.FILED)
    assert len(messages(ticket_of(first))) == 1


@pytest.mark.trust("M20")
@pytest.mark.trust("R9")
def test_the_same_id_with_another_body_is_a_letter_of_its_own():
    first = receive(mail(Message_ID="<same@romashka.ru>"))
    second = receive(mail("Другое.", Message_ID="<same@romashka.ru>"))
    assert second.copy_of_id is None
    assert second.ticket_id != first.ticket_id
    assert "message-id used before" in messages(ticket_of(second))[0].flags


@pytest.mark.trust("R10")
@pytest.mark.trust("R10")
def test_a_letter_without_sender_waits_in_quarantine():
    letter = receive(b"Subject: hello\r\n\r\nno sender")
    assert (letter.state, letter.ticket_id, letter.error) == (LetterState.QUARANTINED, None, "no sender")


@pytest.mark.trust("M2")
def test_an_engineers_forged_answer_waits_in_quarantine():
    ticket = ticket_of(receive(mail()))
    cast.alice()
    letter = receive(mail("Закрыто", sender="alice@stek.example", In_Reply_To=signing.message_id(ticket.number, 1)))
    assert (letter.state, letter.error) == (LetterState.QUARANTINED, "staff not proven")
    assert len(messages(ticket)) == 1


@pytest.mark.parametrize(
    ("subject", "body", "urgency"),
    [
        ("СРОЧНО касса", "x", Urgency.URGENT),
        ("Касса", "\nСрочно! Не бьёт чек", Urgency.URGENT),
        ("Касса", "Стоит.\nСрочно", Urgency.NORMAL),
        ("Не срочно: бумага", "x", Urgency.NORMAL),
        ("Касса", "> срочно\nнет, всё хорошо", Urgency.NORMAL),
        ("URGENT", "x", Urgency.URGENT),
    ],
)
def test_urgent_by_letter(subject, body, urgency):
    assert ticket_of(receive(mail(body, subject=subject))).urgency is urgency


@pytest.mark.trust("M13")
@pytest.mark.trust("R12")
def test_a_bomb_ends_as_an_unreadable_request_and_the_next_letter_flows():
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(40))
    bomb = letters.store(b"From: carol@romashka.ru\r\nSubject: bomb\r\n" + deep, "pipe").id
    good = receive(mail())
    assert ticket_of(good).title == "Касса"
    letter = db.session.get_one(Letter, bomb)
    assert (letter.state, letter.from_email) == (LetterState.FAILED, "carol@romashka.ru")
    ticket = ticket_of(letter)
    assert (ticket.title, ticket.applicant_email) == ("Неразобранное письмо", "")


@pytest.mark.trust("M1")
def test_a_forged_sender_named_by_our_own_server_opens_a_request_of_its_own(make_app):
    app = make_app(AUTHSERV_ID="mx.stekspb.ru")
    with app.app_context():
        ticket = ticket_of(receive(mail()))
        failed = receive(
            mail("x", subject=f"[#{ticket.number}]", Authentication_Results="mx.stekspb.ru; dmarc=fail header.from=x")
        )
        passed = receive(mail("y", subject=f"[#{ticket.number}]", Authentication_Results="mx.stekspb.ru; dmarc=pass"))
        foreign = receive(mail("z", subject=f"[#{ticket.number}]", Authentication_Results="evil.ru; dmarc=pass"))
        assert failed.ticket_id != ticket.id
        assert messages(ticket_of(failed))[0].flags == ["dmarc fail"]
        assert (passed.ticket_id, foreign.ticket_id) == (ticket.id, ticket.id)
        assert [message.flags for message in messages(ticket)[1:]] == [[], ["sender not verified"]]


def test_a_logo_that_the_request_has_is_not_kept_again():
    picture = (
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{}\r\n--b\r\nContent-Type: image/png\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk\r\n"
        "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==\r\n--b--\r\n"
    )
    first = receive(b"From: carol@romashka.ru\r\nMessage-ID: <1@r>\r\n" + picture.format("one").encode())
    again = receive(b"From: carol@romashka.ru\r\nIn-Reply-To: <1@r>\r\n" + picture.format("two").encode())
    assert again.ticket_id == first.ticket_id
    kept = select(Attachment).where(Attachment.ticket_id == first.ticket_id)
    assert [file.type for file in db.session.scalars(kept)] == ["image/png"]
    assert len(again.files) == 1
    assert messages(ticket_of(again))[-1].text == "two"
    bare = receive(b"From: carol@romashka.ru\r\nIn-Reply-To: <1@r>\r\n" + picture.format("").encode())
    assert messages(ticket_of(bare))[-1].text == "(письмо без текста)"


@pytest.mark.trust("M11")
@pytest.mark.parametrize("header", [{"Authentication_Results": "mx.stekspb.ru; dmarc=fail"}, {"X_Spam_Flag": "YES"}])
def test_a_likely_forged_sender_gets_no_automatic_answer(make_app, header):
    app = make_app(AUTHSERV_ID="mx.stekspb.ru")
    with app.app_context():
        honest, forged = receive(mail()), receive(mail("x", sender="victim@elsewhere.ru", **header))
        notify.run()
        owed = select(Delivery.recipient).where(Delivery.is_for_customer.is_(True))
        assert set(db.session.scalars(owed)) == {honest.from_email}
        assert ticket_of(forged).applicant_email == "victim@elsewhere.ru"
