"""Whose letter it is: our own mailboxes, engineers, web forms, monitoring systems, and those who must wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock, notify, outbox, signing
from app.address_lists import is_own
from app.extensions import db
from app.models.delivery import Delivery
from app.models.escalation import Escalation
from app.models.message import Attachment
from app.models.words import Cause, DeliveryChannel, DeliveryState, LetterKind, LetterState, MessageKind, State
from tests import cast
from tests.intake.mailing import mail, messages, receive, solved, ticket_of
from tests.notify.letters import text_of, to

MX = "mx.stekspb.ru"


@pytest.fixture
def desk(make_app):
    app = make_app(
        AUTHSERV_ID=MX,
        IMAP_URL="imaps://help%40stekspb.ru:x@imap.example/INBOX,imaps://robot:y@imap.example/INBOX",
        MAIL_ALIASES="support@stekspb.ru",
        MONITORING_SENDERS="@monitor.example,noreply@ups.example",
        WEB_FORM_SENDERS="noreply@site.example",
    )
    with app.app_context():
        yield app


@pytest.mark.trust("M8")
@pytest.mark.usefixtures("desk")
def test_every_mailbox_of_ours_and_its_plus_addresses_are_we_ourselves():
    ours = ["info@stekspb.ru", "INFO+482173.0123456789abcdef@stekspb.ru", "help@stekspb.ru", "Support@StekSpb.ru"]
    assert [receive(mail(str(place), sender=box)).kind for place, box in enumerate(ours)] == [LetterKind.LOOP] * 4
    assert all(map(is_own, ours))
    assert not is_own("robot@imap.example")
    assert receive(mail(sender="informant@stekspb.ru")).kind is LetterKind.HUMAN


def proof(ticket, recipient: str) -> dict[str, str]:
    """The headers of an answer to a letter of ours that went to that reader, as our mail server stamps it."""
    delivery = Delivery(
        ticket_id=ticket.id,
        notice="answered",
        channel=DeliveryChannel.EMAIL,
        recipient=recipient,
        is_for_customer=False,
        state=DeliveryState.ACCEPTED,
        message_id=signing.message_id(ticket.number, f"9{ticket.id}"),
        created_at=clock.now(),
    )
    db.session.add(delivery)
    outbox.commit()
    return {"In_Reply_To": delivery.message_id, "Authentication_Results": f"{MX}; dmarc=pass"}


@pytest.mark.trust("A7")
@pytest.mark.trust("M2")
@pytest.mark.usefixtures("desk")
def test_an_engineer_is_believed_only_with_the_letter_that_went_to_them():
    ticket, alice, bob = ticket_of(receive(mail())), cast.alice(), cast.bob()
    his = proof(ticket, bob.email)
    forged = receive(mail("Закрыто", sender=alice.email, **his))
    assert (forged.state, forged.error, len(messages(ticket))) == (LetterState.QUARANTINED, "staff not proven", 1)
    guessed = {**his, "In_Reply_To": signing.message_id(ticket.number, 77)}
    assert receive(mail("Закрыто?", sender=bob.email, **guessed)).state is LetterState.QUARANTINED
    assert receive(mail("Заметка", sender=bob.email, **his)).ticket_id == ticket.id
    assert [message.kind for message in messages(ticket)][1:] == [MessageKind.NOTE]
    bob.is_disabled = True
    outbox.commit()
    assert receive(mail("Ещё одна", sender=bob.email, **his)).state is LetterState.QUARANTINED


@pytest.mark.usefixtures("desk")
def test_a_monitoring_system_on_the_list_opens_requests_and_gets_no_automatic_letter():
    alarm = receive(
        mail("Диск C: заполнен", "Авария", "Zabbix <zabbix@monitor.example>", Auto_Submitted="auto-generated")
    )
    assert (alarm.kind, ticket_of(alarm).title) == (LetterKind.AUTO, "Авария")
    ups = receive(mail("На батарее", "ИБП", "noreply@ups.example"))
    assert ticket_of(ups).title == "ИБП"
    forged = receive(mail("x", "y", "z@monitor.example", Precedence="junk", Authentication_Results=f"{MX}; dmarc=fail"))
    assert forged.ticket_id is None
    other = receive(mail("Диск", "Авария", "zabbix@other.example", Auto_Submitted="auto-generated"))
    assert (other.kind, other.ticket_id) == (LetterKind.AUTO, None)
    notify.run()
    assert db.session.query(Delivery).filter(Delivery.is_for_customer.is_(True)).count() == 0


@pytest.mark.usefixtures("desk")
def test_of_a_web_form_on_the_list_the_reply_address_is_the_writer():
    headers = {"Reply_To": "Ольга <carol@romashka.ru>", "Auto_Submitted": "auto-generated"}
    by_form = receive(mail("Не печатает", sender="Сайт <noreply@site.example>", **headers))
    assert (by_form.kind, by_form.from_email, by_form.from_name) == (LetterKind.HUMAN, "carol@romashka.ru", "Ольга")
    assert ticket_of(by_form).applicant_email == "carol@romashka.ru"
    assert "web-form: noreply@site.example" in by_form.signals
    stamped = receive(
        mail("По ней же", f"[#{ticket_of(by_form).number}]", "noreply@site.example",
             Authentication_Results=f"{MX}; dmarc=pass", **headers)
    )  # fmt: skip
    assert messages(ticket_of(stamped))[-1].flags == ["sender not verified"], "the form is proven, its writer is not"


@pytest.mark.trust("M1")
@pytest.mark.usefixtures("desk")
def test_nobody_else_speaks_for_another_by_reply_to():
    letter = receive(mail("Пришлите пароль", sender="mallory@evil.ru", Reply_To="carol@romashka.ru"))
    assert ticket_of(letter).applicant_email == "mallory@evil.ru"
    forged = {"Authentication_Results": f"{MX}; dmarc=fail", "Reply_To": "carol@romashka.ru"}
    letter = receive(mail("Ещё раз", sender="noreply@site.example", **forged))
    assert (letter.from_email, letter.state) == ("noreply@site.example", LetterState.QUARANTINED)


@pytest.mark.trust("R10")
@pytest.mark.usefixtures("desk")
def test_a_strangers_letter_to_half_a_hundred_waits():
    crowd = ", ".join(f"p{number}@else.example" for number in range(48))
    letter = receive(mail("Скидки!", sender="shop@else.example", Cc=crowd))
    assert (letter.state, letter.error) == (LetterState.QUARANTINED, "too many readers")
    cast.carol()
    assert ticket_of(receive(mail("Всем!", sender="carol@neva-trade.example", Cc=crowd))).title == "Касса"


def with_file(**headers: str) -> bytes:
    parts = (
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nПодробности в файле.\r\n--b\r\n"
        "Content-Type: text/csv\r\nContent-Disposition: attachment; filename=log.csv\r\n\r\na;b\r\n--b--\r\n"
    )
    head = mail("", **headers).decode().replace("text/plain; charset=utf-8", "multipart/mixed; boundary=b")
    return (head.rstrip() + "\r\n\r\n" + parts).encode()


@pytest.mark.usefixtures("desk")
def test_the_files_of_robots_and_of_unanswerable_addresses_come_along():
    ticket = solved(ticket_of(receive(mail())))
    token = signing.message_id(ticket.number, 1)
    robot = receive(with_file(In_Reply_To=token, Auto_Submitted="auto-replied"))
    receive(with_file(In_Reply_To=token, sender="noreply@romashka.ru", subject="Отчёт"))
    assert (robot.kind, robot.ticket_id, ticket.state) == (LetterKind.AUTO, ticket.id, State.SOLVED)
    names = db.session.query(Attachment.name).filter(Attachment.ticket_id == ticket.id).all()
    assert [name for (name,) in names] == ["log.csv", "log.csv"]


@pytest.mark.usefixtures("desk")
def test_a_request_reopened_by_mail_again_and_again_stays_shut_and_its_engineer_hears_of_it_once():
    ticket = ticket_of(receive(mail()))
    letters = []
    for number in range(5):
        if number < 4:
            solved(ticket)
        letters.append(receive(mail(f"Опять {number}", In_Reply_To=signing.message_id(ticket.number, 1))))
    assert [letter.ticket_id for letter in letters] == [ticket.id] * 5
    assert (ticket.state, ticket.reopened_count) == (State.SOLVED, 3)
    assert [message.flags for message in messages(ticket)][-2:] == [["not reopened"]] * 2
    notify.run()
    told = db.session.query(Delivery).filter_by(recipient=cast.alice().email, notice="answered").count()
    assert told == 1
    causes = [cause for (cause,) in db.session.query(Escalation.cause).filter(Escalation.ticket_id == ticket.id)]
    assert Cause.REOPENED_TWICE in causes
    clock.shift(timedelta(hours=1, minutes=1))
    receive(mail("И снова", In_Reply_To=signing.message_id(ticket.number, 1)))
    assert ticket.state is State.OPEN, "an hour later it opens again"


@pytest.mark.trust("M4")
def test_a_code_sent_to_an_address_of_ours_reaches_nobody_outside(make_app):
    app = make_app(MAIL_PLUS_ADDRESSING="on")
    with app.app_context():
        ticket = ticket_of(receive(mail(sender="mallory@evil.ru")))
        secret = signing.reply_address(ticket.number)  # Mallory knows it, and has it verified at some other site
        codes = [
            receive(mail("Ваш код 864203", "Код 864203", "noreply@shop.example", to=secret)),
            receive(
                mail("Ваш код 864203", "Код 864203", "shop@shop.example", to=secret, Auto_Submitted="auto-generated")
            ),
            receive(mail("Ваш код 864203", "Код 864203", "shop@shop.example", to=secret)),
        ]
        assert all(letter.ticket_id in {None, ticket.id} for letter in codes)
        page = app.test_client().get(f"/r/{signing.link_token(ticket.number, ticket.link_version)}")
        assert page.status_code == 200
        assert "864203" not in page.text
        notify.run()
        assert "864203" not in "".join(text_of(letter) for letter in to("mallory@evil.ru"))
