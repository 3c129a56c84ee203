"""The listener, spoken to by a real SMTP client: whom it takes, what its yes means, and every byte as it came."""

from __future__ import annotations

import asyncio
import hashlib
import smtplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Self

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import undefer

from app.extensions import db
from app.intake import letterbox, letters, smtp
from app.models.letter import Letter
from app.models.ticket import Ticket
from app.models.words import LetterKind, LetterState
from tests.intake.mailing import MAILBOX, mail
from tests.processes.desk import free_port


class Listener:
    """A listener in a thread of this process, with its ports."""

    def __init__(self, app: Flask, port: int, lmtp_port: int) -> None:
        self.app, self.port, self.lmtp_port = app, port, lmtp_port
        self._stop = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        self._loop.run_until_complete(smtp.listen(self.app, self._stop.wait))
        self._loop.close()

    def __enter__(self) -> Self:
        self._thread.start()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.lmtp_port), 0.1).close()  # the last that opens
                break
            except OSError:
                time.sleep(0.01)
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)

    def send(self, raw: bytes, sender: str = "carol@romashka.ru", to: str | list[str] = MAILBOX) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as client:
            client.sendmail(sender, to, raw)


@pytest.fixture
def listener(make_app: Callable[..., Flask]) -> Iterator[Listener]:
    port, lmtp_port = free_port(), free_port()
    addresses = {"SMTP_LISTEN": f"127.0.0.1:{port}", "LMTP_LISTEN": f"127.0.0.1:{lmtp_port}"}
    app = make_app(**addresses, MAX_LETTER_MB="1", MAIL_ALIASES="help@firm.example")
    with Listener(app, port, lmtp_port) as listening, app.app_context():
        yield listening


def stored() -> list[Letter]:
    return list(db.session.scalars(select(Letter).options(undefer(Letter.raw)).order_by(Letter.id)))


def test_a_letter_comes_in_and_becomes_a_request(listener: Listener) -> None:
    listener.send(mail(Message_ID="<1@romashka.ru>"))
    assert letters.file_received() == 1
    [letter] = stored()
    assert (letter.road, letter.envelope_from, letter.envelope_to) == ("smtp", "carol@romashka.ru", [MAILBOX])
    assert db.session.get_one(Ticket, letter.ticket_id).title == "Касса"


def test_every_byte_is_kept_as_it_came(listener: Listener) -> None:
    body = b"\r\n".join(
        (b"..two dots", b".", b".one", b"\x00\xff\xfe bare\nLF and\rCR", b"x" * 200_000, b"end \t", b"")
    )
    raw = b"Subject: bytes\r\nFrom: a@b.ru\r\n\r\n" + body + b"\r\n"
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.ehlo()
        client.mail("a@b.ru")
        client.rcpt(MAILBOX)
        client.putcmd("data")
        assert client.getreply()[0] == 354
        client.send(raw.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        assert client.getreply()[0] == 250
    [letter] = stored()
    assert letter.raw == raw
    assert letter.sha256 == hashlib.sha256(raw).hexdigest()


@pytest.mark.trust("M12")
def test_a_bare_line_feed_ends_nothing(listener: Listener) -> None:
    forged = b"hi\n.\nMAIL FROM:<evil@x.ru>\nRCPT TO:<info@stekspb.ru>\nDATA\nhi\n.\r\nend\r\n"
    smuggled = b"Subject: x\r\nFrom: a@b.ru\r\n\r\n" + forged
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.ehlo()
        client.mail("a@b.ru")
        client.rcpt(MAILBOX)
        client.putcmd("data")
        client.getreply()
        client.send(smuggled + b".\r\n")
        assert client.getreply()[0] == 250
    assert [letter.raw for letter in stored()] == [smuggled]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (MAILBOX, 250),
        ("INFO@STEKSPB.RU", 250),
        ("info+482173.0123456789abcdef@stekspb.ru", 250),
        ("bounce+abc@stekspb.ru", 250),
        ("Help+x@firm.example", 250),
        ("info@firm.example", 550),
        ("boss@stekspb.ru", 550),
        ("info@elsewhere.ru", 550),
        ("info%elsewhere.ru@elsewhere.ru", 550),
    ],
)
def test_only_our_own_recipients_are_taken(listener: Listener, address: str, code: int) -> None:
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.ehlo()
        client.mail("carol@romashka.ru")
        assert client.rcpt(address)[0] == code


def test_the_null_sender_is_taken_and_means_a_robot(listener: Listener) -> None:
    listener.send(mail(), sender="<>")
    letters.file_received()
    [letter] = stored()
    assert (letter.envelope_from, letter.kind, letter.ticket_id) == ("<>", LetterKind.AUTO, None)


def test_a_letter_that_is_too_large_is_taken_by_its_header(listener: Listener) -> None:
    raw = mail("x" * 3_000_000, subject="Фото")
    listener.send(raw)
    letters.file_received()
    [letter] = stored()
    assert letter.size >= 3_000_000
    assert len(letter.raw) < 1000
    ticket = db.session.get_one(Ticket, letter.ticket_id)
    assert (ticket.title, ticket.applicant_email) == ("Письмо слишком большое", "carol@romashka.ru")
    assert "Фото" in ticket.what


def test_without_a_place_to_store_it_says_try_later(listener: Listener) -> None:
    db.session.execute(text("ALTER TABLE letters RENAME TO away"))
    db.session.commit()
    db.session.remove()
    with pytest.raises(smtplib.SMTPDataError) as refused:
        listener.send(mail())
    assert refused.value.smtp_code == 451
    db.session.execute(text("ALTER TABLE away RENAME TO letters"))
    db.session.commit()
    listener.send(mail())
    assert len(stored()) == 1


def test_many_at_once_are_all_kept(listener: Listener) -> None:
    def send(number: int) -> None:
        with smtplib.SMTP("127.0.0.1", listener.port, timeout=30) as client:
            for letter in range(10):
                client.sendmail("carol@romashka.ru", MAILBOX, mail(Message_ID=f"<{number}.{letter}@x>"))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored()) == 100


def test_lmtp_answers_once_for_each_recipient(listener: Listener) -> None:
    with smtplib.LMTP("127.0.0.1", listener.lmtp_port) as client:
        assert client.ehlo()[0] == 250
        client.mail("carol@romashka.ru")
        assert [client.rcpt(to)[0] for to in (MAILBOX, "info+x@stekspb.ru", "no@where.ru")] == [250, 250, 550]
        client.putcmd("data")
        client.getreply()
        client.send(mail() + b"\r\n.\r\n")
        assert [client.getreply()[0] for _ in range(2)] == [250, 250]
        assert client.noop()[0] == 250
    assert [letter.road for letter in stored()] == ["lmtp"]


def test_a_broken_connection_leaves_nothing(listener: Listener) -> None:
    client = smtplib.SMTP("127.0.0.1", listener.port)
    client.ehlo()
    client.mail("carol@romashka.ru")
    client.rcpt(MAILBOX)
    client.putcmd("data")
    client.getreply()
    client.send(b"Subject: half\r\n\r\nhal")
    client.close()
    listener.send(mail())
    assert len(stored()) == 1
    assert stored()[0].state is LetterState.RECEIVED


def test_whatever_breaks_on_the_way_means_try_later(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(letterbox, "incoming", lambda *_args, **_more: 1 / 0)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            listener.send(mail())
        assert refused.value.smtp_code == 451
    listener.send(mail())
    assert len(stored()) == 1


def test_odd_envelopes_are_taken(listener: Listener) -> None:
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.ehlo()
        for sender in (
            b"<" + b"a" * 300 + b"@b.ru>",
            "<иван@пример.рф>".encode(),
            b"<a@b.ru> SIZE=9999999 BODY=8BITMIME",
        ):
            client.send(b"MAIL FROM:" + sender + b"\r\n")
            assert client.getreply()[0] == 250, sender
            client.rcpt(MAILBOX)
            client.putcmd("data")
            client.getreply()
            client.send(mail() + b"\r\n.\r\n")
            assert client.getreply()[0] == 250
    assert [len(letter.envelope_from) <= 254 for letter in stored()] == [True] * 3


@pytest.mark.trust("F4")
def test_more_connections_than_can_be_held_come_again_later(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    time.sleep(0.3)  # until the knock by which the listener was found to be there is over
    monkeypatch.setattr(smtp.Receiver, "open", set())
    monkeypatch.setattr(smtp, "MOST_AT_ONCE", 1)
    with smtplib.SMTP("127.0.0.1", listener.port, timeout=30):
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", listener.port, timeout=30)
        assert refused.value.smtp_code == 421
    while smtp.Receiver.open:
        time.sleep(0.01)
    listener.send(mail())
