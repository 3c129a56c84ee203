"""What a mail server does to a letter, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from unicodedata import category

import pytest
from flask import Flask
from sqlalchemy import select, text

from app import alarms, clock, notify, outbox, paging, tickets
from app.extensions import db
from app.models import Cause, DeliveryState, Escalation
from app.notify import letter
from app.tickets import Contribution
from tests.cast import acting, alice, masha, request_of_carol
from tests.history import causes
from tests.notify.letters import text_of
from tests.notify.mail_server import DROP, MailServer
from tests.notify.rows import CAROL, OFFICE, carols_act, deliveries, states

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def test_many_letters_take_one_connection(desk: Flask, server: MailServer) -> None:
    for number in range(10):
        request_of_carol(text=f"Заявка {number}")
    notify.run()
    assert len(server.taken) == 20
    assert server.connections == 1
    assert {one.sender for one in server.taken} == {"info@stekspb.ru"}
    assert set(states()) == {DeliveryState.ACCEPTED}


@pytest.mark.trust("R16")
def test_a_deferred_letter_comes_within_15_seconds_under_its_own_id(desk: Flask, server: MailServer) -> None:
    request_of_carol()
    server.answers[CAROL] = ["451 4.3.0 Later"] * 5
    notify.run()
    assert states() == [DeliveryState.WAITING]
    assert deliveries()[0].error.startswith("451")
    assert server.to(OFFICE), "one recipient's trouble is no other's"
    fixed = deliveries()[0].message_id
    clock.shift(15 * SECOND)
    notify.run()
    for _ in range(5):
        clock.shift(timedelta(minutes=20))
        notify.run()
    assert [letter["Message-ID"] for letter in server.to(CAROL)] == [fixed]
    assert states() == [DeliveryState.ACCEPTED]


@pytest.mark.trust("R17")
def test_a_refused_letter_fails_at_once_and_the_manager_hears(desk: Flask, server: MailServer) -> None:
    masha()
    ticket = request_of_carol()
    server.refused[CAROL] = "550 5.1.1 No such mailbox"
    notify.run()
    assert states() == [DeliveryState.FAILED]
    assert deliveries()[0].error == "550 5.1.1 No such mailbox"
    alarms.sweep()
    assert causes(ticket) == [Cause.UNDELIVERED]
    clock.shift(timedelta(days=1))
    paging.sweep()
    notify.run()
    assert not server.to(CAROL)
    assert server.to("masha@stek.example")[0]["Subject"].startswith(
        f"Заявка {ticket.number}: клиент не оповещён, позвоните"
    )


@pytest.mark.trust("R17")
def test_the_contract_address_stands_in_for_one_that_refuses(desk: Flask, server: MailServer) -> None:
    ticket = request_of_carol()
    tickets.send_link(ticket, CAROL, carols_act(), clock.now())  # owed to Carol alone
    outbox.commit()
    server.refused[CAROL] = "550 5.1.1 No such mailbox"
    notify.run()
    assert Counter(str(letter["Subject"]).split(" [")[0] for letter in server.to(OFFICE)).most_common()[0][1] == 1
    assert any("ссылка" in subject for subject in server.subjects(OFFICE))


@pytest.mark.trust("R18")
def test_a_break_after_the_dot_repeats_the_same_message_id(desk: Flask, server: MailServer) -> None:
    request_of_carol()
    server.answers[CAROL] = [DROP]
    notify.run()
    assert states() == [DeliveryState.SENT]
    clock.shift(15 * SECOND)
    notify.run()
    first, second = server.to(CAROL)
    assert first["Message-ID"] == second["Message-ID"]
    assert states() == [DeliveryState.ACCEPTED]


def test_a_silent_server_costs_one_try_and_then_others_wait(desk: Flask, server: MailServer) -> None:
    request_of_carol()
    server.pause = 5
    notify.run()
    assert states()[0] is DeliveryState.SENT
    server.pause = 0
    clock.shift(MINUTE)
    notify.run()
    assert states() == [DeliveryState.ACCEPTED]


@pytest.mark.trust("R15")
def test_a_day_without_a_server(desk: Flask, server: MailServer) -> None:
    ticket = request_of_carol()
    port = desk.extensions["mail"].port
    desk.extensions["mail"].port = 9  # nobody listens there
    notify.run()
    clock.shift(16 * MINUTE)
    notify.run()
    alarms.sweep()
    assert causes(ticket) == []
    subjects = select(Escalation.subject).where(Escalation.resolved_at.is_(None), Escalation.cause == Cause.SYSTEM)
    assert "smtp" in list(db.session.scalars(subjects))
    clock.shift(31 * MINUTE)
    notify.run()
    alarms.sweep()
    assert causes(ticket) == [Cause.UNDELIVERED]
    clock.shift(timedelta(hours=20))
    notify.run()
    assert states() == [DeliveryState.WAITING]
    desk.extensions["mail"].port = port
    clock.shift(timedelta(hours=5))
    notify.run()
    assert states() == [DeliveryState.ACCEPTED]
    assert "smtp" not in list(db.session.scalars(subjects))


def test_after_five_days_a_letter_is_given_up(desk: Flask, server: MailServer) -> None:
    request_of_carol()
    server.answers[CAROL] = ["451 4.3.0 Later"] * 50
    notify.run()
    for _ in range(30):
        clock.shift(timedelta(hours=5))
        notify.run()
    assert states() == [DeliveryState.FAILED]
    assert "за 5 дней" in deliveries()[0].error


@pytest.mark.trust("R37")
def test_solved_never_overtakes_registered(desk: Flask, server: MailServer) -> None:
    ticket = request_of_carol()
    server.answers[CAROL] = ["451 4.3.0 Later"]
    notify.run()
    tickets.solve(ticket, Contribution("Сделано"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    assert server.to(CAROL) == []
    assert len(server.to(OFFICE)) == 2, "the other recipient does not wait"
    clock.shift(15 * SECOND)
    notify.run()
    assert ["принята" in server.subjects(CAROL)[0], "решена" in server.subjects(CAROL)[1]] == [True, True]


@pytest.mark.parametrize("poison", ["\u2028", "\x85", "\x0b", "\u202e", "\r\nBcc: evil@example.com\r\n"])
@pytest.mark.trust("R13")
@pytest.mark.trust("M6")
def test_no_subject_is_poison(desk: Flask, server: MailServer, poison: str) -> None:
    request_of_carol(title=f"Не печатает{poison}принтер", text=f"Не печатает{poison}принтер")
    notify.run()
    letter = server.to(CAROL)[0]
    assert letter["Bcc"] is None
    assert letter["Subject"].startswith("Заявка ")
    body = str(letter.get_body(("plain",)))
    assert not [char for char in body if category(char) in {"Zl", "Zp", "Cs"}]
    assert all(one.recipient in {CAROL, OFFICE} for one in server.taken)


@pytest.mark.trust("R13")
def test_a_letter_that_cannot_be_written_stops_nobody(
    desk: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = request_of_carol(), request_of_carol(text="Принтер")
    write = letter.write

    def failing(facts, closing_at):
        if facts.ticket.number == bad.number:
            raise RuntimeError("a fault of our own")
        return write(facts, closing_at)

    monkeypatch.setattr(letter, "write", failing)
    for _ in range(4):
        notify.run()
        clock.shift(3 * MINUTE)
    assert len(server.to(CAROL)) == 1
    assert good.number in server.subjects(CAROL)[0]
    broken = next(one for one in deliveries() if one.ticket_id == bad.id)
    assert broken.state is DeliveryState.FAILED
    assert "a fault of our own" in broken.error
    assert broken.attempts == 3


def test_a_bounce_that_came_meanwhile_stands(desk: Flask, server: MailServer) -> None:
    request_of_carol()
    server.answers[CAROL] = ["451 4.3.0 Later"]
    notify.run()
    db.session.execute(text("UPDATE deliveries SET state = 'bounced', next_attempt_at = NULL"))
    outbox.commit()
    clock.shift(MINUTE)
    notify.run()
    assert states() == [DeliveryState.BOUNCED]


@pytest.mark.trust("M12")
def test_a_dot_in_the_text_ends_no_letter(desk: Flask, server: MailServer) -> None:
    ticket = request_of_carol()
    smuggled = "Вот лог:\r\n.\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<carol@neva-trade.example>\r\nDATA\r\n"
    tickets.reply(ticket, Contribution(smuggled + "\n.\n"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    assert Counter(one.recipient for one in server.taken) == {CAROL: 2, OFFICE: 2}
    assert {one.sender for one in server.taken} == {"info@stekspb.ru"}
    assert "MAIL FROM:<evil@example.com>" in text_of(server.to(CAROL)[1])
