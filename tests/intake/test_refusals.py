"""A letter over the limit: a request with its head, and one polite letter back, if a person may be answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import bouncing, clock, notify
from app.extensions import db
from app.models import Delivery
from tests.intake.mailing import mail, receive, ticket_of
from tests.notify.letters import text_of, to

CAROL = "carol@romashka.ru"
HUGE = "x" * 80 + "\n"


@pytest.fixture(autouse=True)
def desk(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """Letters up to one megabyte."""
    app = make_app(MAX_LETTER_MB="1", MAX_ATTACHMENT_MB="1", AUTHSERV_ID="mx.stekspb.ru")
    with app.app_context():
        yield app


def huge(**headers: str) -> bytes:
    return mail(HUGE * 16_000, **headers)


def owed() -> list[str]:
    return list(db.session.scalars(select(Delivery.recipient).where(Delivery.notice == "refused")))


def test_the_sender_is_told_once_a_day_and_asked_for_a_link():
    first = ticket_of(receive(huge(Message_ID="<huge-1@romashka.ru>")))
    assert first.title == "Письмо слишком большое"
    second = ticket_of(receive(huge(subject="Ещё раз")))
    assert (second.number != first.number, owed()) == (True, [CAROL])
    notify.run()
    letter = next(one for one in to(CAROL) if "слишком большое" in str(one["Subject"]))
    assert str(letter["Subject"]).endswith(f"[#{first.number}]")
    assert (letter["In-Reply-To"], letter["Auto-Submitted"]) == ("<huge-1@romashka.ru>", "auto-replied")
    assert "пришлите ссылку" in text_of(letter)
    assert "xxxx" not in text_of(letter)
    clock.shift(timedelta(days=1, minutes=1))
    receive(huge(subject="Назавтра"))
    assert owed() == [CAROL, CAROL]


def test_the_answer_with_the_link_finds_its_request():
    ticket = ticket_of(receive(huge()))
    letter = receive(mail("https://disk.example/1", subject=f"Re: Ваше письмо слишком большое [#{ticket.number}]"))
    assert letter.ticket_id == ticket.id


def test_a_letter_within_the_limit_is_answered_by_its_registration_alone():
    receive(mail())
    assert owed() == []


@pytest.mark.trust("M11")
@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk", "List_Id": "<news.shop.ru>"},
        {"sender": "noreply@romashka.ru"},
        {"sender": "info@stekspb.ru"},
        {"sender": "MAILER-DAEMON@romashka.ru"},
        {"X_Spam_Flag": "YES"},
        {"Authentication_Results": "mx.stekspb.ru; dmarc=fail header.from=romashka.ru"},
    ],
    ids=lambda headers: next(iter(headers.values()))[:30],
)
def test_no_robot_no_forged_and_no_own_address_is_answered(headers: dict[str, str]):
    receive(huge(**headers))
    assert owed() == []


def test_neither_the_null_sender_nor_an_address_that_returns_letters():
    receive(huge(), envelope_from="")
    bouncing.count(CAROL, "5.1.1", bouncing.HARD, clock.now())
    receive(huge(subject="Снова"), envelope_from=CAROL)
    assert owed() == []
