"""What is kept for a time only, and what stays for as long as there is a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import alarms, clock, leftovers, outbox, retention, tickets
from app.config import settings
from app.extensions import db
from app.intake import rescue
from app.models import BotUpdate, Letter, LetterKind, LetterState, Message, Ticket
from tests import cast
from tests.intake.mailing import mail, receive, solved, ticket_of
from tests.web.signing_in import browser_of

HTML = b"\r\n".join(
    [
        b"From: carol@romashka.ru", b"To: info@stekspb.ru", b"Subject: =?utf-8?B?0JrQsNGB0YHQsA==?=",
        b"Message-ID: <html@romashka.ru>", b"Content-Type: text/html; charset=utf-8", b"",
        "<p>Не работает <b>касса</b>.</p>".encode(),
    ]
)  # fmt: skip


def robots(number: int = 1) -> Letter:
    return receive(mail(f"Меня нет {number}.", f"Отпуск {number}", "x@example.org", Auto_Submitted="auto-replied"))


def again(letter: Letter) -> Letter:
    db.session.expire_all()
    return db.session.get_one(Letter, letter.id)


def raw(letter: Letter) -> bytes:
    found = db.session.scalar(select(Letter.raw).where(Letter.id == letter.id))
    assert found is not None
    return found


def closed(ticket: Ticket) -> Ticket:
    tickets.close(solved(ticket), clock.now())
    outbox.commit()
    return ticket


def test_robots_letters_go_after_their_time_and_a_late_copy_is_still_known(app: Flask):
    letter, kept = robots(), robots(2)
    bytes_of_it = raw(letter)
    clock.shift(timedelta(days=89))
    assert retention.sweep(clock.now()).total == 0
    clock.shift(timedelta(days=2))
    kept.received_at = clock.now() - timedelta(days=10)
    outbox.commit()
    assert retention.count(clock.now()).robots == 1
    assert retention.sweep(clock.now()).robots == 1
    assert retention.sweep(clock.now()).total == 0
    assert (raw(letter), again(letter).text, again(letter).sha256 != "") == (b"", "", True)
    assert raw(kept)
    assert receive(bytes_of_it).copy_of_id == letter.id


def test_what_waits_for_a_decision_is_never_erased(app: Flask):
    waiting = receive(mail("Кто я?", sender=""))
    laid_aside = receive(mail("И я кто?", sender="", subject="другое"))
    assert {waiting.state, laid_aside.state} == {LetterState.QUARANTINED}
    rescue.discard(laid_aside.id)
    clock.shift(timedelta(days=4000))
    assert retention.sweep(clock.now()).robots == 1
    assert (raw(waiting) != b"", raw(laid_aside)) == (True, b"")
    assert rescue.make_request(waiting.id) is not None


@pytest.mark.parametrize(
    "stands",
    [
        {"state": LetterState.QUARANTINED},
        {"kind": LetterKind.HUMAN, "state": LetterState.FILED},
        {"file_at": clock.now() + timedelta(days=5000)},
    ],
    ids=["a robot's that nobody has decided on", "a person's", "one that is still to be filed"],
)
def test_what_somebody_has_to_see_yet_stays(app: Flask, stands: dict[str, Any]):
    letter = robots()
    for name, value in stands.items():
        setattr(letter, name, value)
    outbox.commit()
    clock.shift(timedelta(days=4000))
    assert retention.sweep(clock.now()).robots == 0
    assert raw(letter)


def test_an_original_goes_with_time_and_the_request_keeps_words_and_files(app: Flask):
    letter = receive(HTML)
    open_one = receive(mail("Не включается.", "Сервер"))
    ticket = closed(ticket_of(letter))
    clock.shift(timedelta(days=1096))
    assert retention.count(clock.now()) == retention.Outdated(originals=1)
    assert retention.sweep(clock.now()).originals == 1
    assert (raw(letter), raw(open_one) != b"") == (b"", True)
    alice = browser_of(app, cast.alice())
    page = alice.get(f"/tickets/{ticket.number}").text
    assert "Не работает касса." in page
    assert "Скачать оригинал" not in page
    message = db.session.scalars(select(Message.id).where(Message.ticket_id == ticket.id).limit(1)).one()
    for what in ("original", "html"):
        refused = alice.get(f"/tickets/{ticket.number}/messages/{message}/{what}")
        assert (refused.status_code, "срок его хранения вышел" in refused.text) == (404, True)


def test_updates_of_the_bot_go_too(app: Flask):
    old = {"chat_id": 1, "raw": "{}", "received_at": clock.now(), "attempts": 1, "outcome": "draft", "error": ""}
    db.session.add_all([BotUpdate(id=1, **old), BotUpdate(id=2, work_at=clock.now(), **old)])
    outbox.commit()
    clock.shift(timedelta(days=91))
    assert retention.sweep(clock.now()).updates == 1
    assert db.session.scalars(select(BotUpdate.id)).all() == [2]


def test_off_keeps_everything(make_app: Callable[..., Flask]):
    with make_app(KEEP_ROBOTS="off", KEEP_ORIGINALS="off").app_context():
        robots()
        closed(ticket_of(receive(mail())))
        clock.shift(timedelta(days=9000))
        assert retention.sweep(clock.now()).total == 0


@pytest.mark.trust("R22")
def test_after_a_jump_of_the_clock_nothing_counts_as_old(app: Flask):
    letter = robots()
    alarms.sweep()
    clock.shift(timedelta(days=4000))
    leftovers.sweep()  # before anybody has noticed
    alarms.sweep()
    leftovers.sweep()  # and in the hour after it
    assert raw(letter)
    for _ in range(8):
        clock.shift(timedelta(minutes=9))
        alarms.sweep()
    leftovers.sweep()
    assert raw(letter) == b""


def test_the_command_says_first_and_erases_when_told(app: Flask):
    letter = robots()
    settings().kept_mail_dir.mkdir(parents=True, exist_ok=True)
    clock.shift(timedelta(days=100))
    run = app.test_cli_runner().invoke
    told = run(args=["mail", "erase"]).output
    assert "laid aside: 1. Originals of closed requests: 0." in told
    assert "Nothing was erased" in told
    assert raw(letter)
    assert run(args=["mail", "erase", "--apply"]).output.endswith("Erased.\n")
    assert raw(letter) == b""
