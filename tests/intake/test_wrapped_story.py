"""Signed, encrypted and wrapped letters all the way: what engineers see on the request and what customers are told."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from sqlalchemy import select

from app import notify
from app.extensions import db
from app.models.message import Attachment
from tests.intake.mailing import mail, messages, receive, ticket_of
from tests.intake.samples import multipart, text_part
from tests.notify.letters import text_of, to

pytestmark = pytest.mark.usefixtures("app")

REAL = Path(__file__).with_name("hostile")
ASKED = "письмо без шифрования"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def real(name: str, headers: str = "Subject: Касса\n") -> bytes:
    return headers.encode() + (REAL / f"{name}.eml").read_bytes()


def test_an_encrypted_letter_says_so_on_the_request_and_its_writer_is_told_once():
    ticket = ticket_of(receive(real("encrypted")))
    [message] = messages(ticket)
    assert message.text.startswith("Письмо зашифровано")
    assert "encrypted" in message.flags
    assert "readable" in ticket.missing
    receive(mail("Вот обычное письмо", Subject="Re", In_Reply_To="<x@y>"))
    notify.run()
    assert [ASKED in text_of(letter) for letter in to("carol@romashka.ru")].count(True) == 1


def test_an_encrypted_answer_is_kept_with_its_file():
    ticket = ticket_of(receive(mail(Message_ID="<1@romashka.ru>")))
    answer = receive(real("encrypted", "In-Reply-To: <1@romashka.ru>\n"))
    assert answer.ticket_id == ticket.id
    said = messages(ticket)[-1]
    assert said.text.startswith("Письмо зашифровано")
    assert "encrypted" in said.flags
    assert [file["name"] for file in answer.files] == ["smime.p7m"]
    receive(real("encrypted", "In-Reply-To: <1@romashka.ru>\nMessage-ID: <3@romashka.ru>\n"))
    notify.run()
    told = [letter for letter in to("carol@romashka.ru") if letter["Subject"].startswith("Ваше письмо зашифровано")]
    assert len(told) == 1
    assert told[0]["Auto-Submitted"]
    assert str(ticket.number) in told[0]["Subject"]


def test_a_signed_letter_is_an_ordinary_one_with_a_badge():
    letter = receive(real("opaque"))
    [message] = messages(ticket_of(letter))
    assert (message.text, message.flags) == ("Касса не печатает.", ["signed"])
    assert [file["name"] for file in letter.files] == ["chek.pdf"]


def test_a_picture_twice_in_one_letter_is_kept_once():
    picture = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <%s>\r\n\r\n%s\r\n"
    markup = text_part(b'<img src="cid:a@x"> twice <img src="cid:b@x">', b"Content-Type: text/html\r\n")
    pictures = [picture % (name, base64.b64encode(PNG)) for name in (b"a@x", b"b@x")]
    letter = receive(multipart(markup, *pictures, kind=b"related"))
    ticket = ticket_of(letter)
    assert len(letter.files) == 2
    [kept] = db.session.scalars(select(Attachment).where(Attachment.ticket_id == ticket.id))
    assert kept.content_id == "a@x"
