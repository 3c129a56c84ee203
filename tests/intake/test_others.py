"""People in copy and writers of forwarded letters: kept, shown, offered; nobody is written to for that."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import notify
from app.extensions import db
from app.intake.mime.parse import parse
from app.intake.others import MOST, others
from app.models.delivery import Delivery
from tests.intake.mailing import mail, receive, ticket_of

pytestmark = pytest.mark.usefixtures("app")

FORWARDS = [
    (
        "Fwd: касса",
        "Посмотрите.\n\n---------- Forwarded message ---------\nОт: Пётр <petr@romashka.ru>\nДата: вчера\n\nНе бьёт",
    ),
    (
        "касса",
        "Помогите\n\n-------- Пересылаемое сообщение --------\n05.02.2026, «П» <x@y.ru>:\nОт кого: <petr@romashka.ru>",
    ),
    ("FW: касса", "From: Пётр <petr@romashka.ru>\nSent: Monday\nTo: info\nSubject: касса\n\nНе бьёт"),
    ("Пересл: касса", "> *От:* Пётр <petr@romashka.ru>\n> не бьёт"),
    ("Fwd: касса", "-----Исходное сообщение-----\nFrom: petr@romashka.ru [mailto:petr@romashka.ru]\n\nНе бьёт"),
]


@pytest.mark.parametrize(("subject", "body"), FORWARDS)
def test_the_writer_of_a_forwarded_letter_is_offered(subject, body):
    [found] = others(parse(mail(body, subject)))
    assert (found["email"], found["how"]) == ("petr@romashka.ru", "forwarded")
    assert found["name"] in {"Пётр", ""}


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("касса", "От: 5 человек\nИз отдела продаж"),
        ("касса", "От кого: petr@romashka.ru\nнам пришло странное письмо"),
        ("Fwd: касса", "Просто текст без заголовка"),
        ("Fwd: касса", "От: Ольга <carol@romashka.ru>\nСама себе"),
        ("Fwd: касса", "От: Техподдержка <info+1@stekspb.ru>\nВаш ответ"),
    ],
)
def test_nobody_is_offered_where_nobody_else_wrote(subject, body):
    assert others(parse(mail(body, subject))) == []


def test_a_forwarded_letter_is_a_new_request_of_who_sent_it_with_nothing_stripped():
    subject, body = FORWARDS[0]
    ticket = ticket_of(receive(mail(body, subject)))
    assert (ticket.applicant_email, ticket.what) == ("carol@romashka.ru", body)


@pytest.mark.trust("M3")
def test_people_in_copy_are_kept_and_get_nothing():
    crowd = [f"p{number}@romashka.ru" for number in range(30)]
    letter = receive(mail(Cc=", ".join(["info@stekspb.ru", "carol@romashka.ru", "Злой <evil@evil.ru>", *crowd])))
    assert letter.others[0] == {"email": "evil@evil.ru", "name": "Злой", "how": "cc"}
    assert len(letter.others) == MOST
    number = ticket_of(letter).number
    again = receive(mail("Пришлите всё сюда", subject=f"[#{number}]", Cc="evil@evil.ru"))
    assert again.ticket_id == letter.ticket_id
    reply = receive(mail("И мне", subject=f"[#{number}]", sender="evil@evil.ru"))
    assert reply.ticket_id != letter.ticket_id, "in copy is no participant"
    notify.run()
    told = set(db.session.scalars(select(Delivery.recipient).where(Delivery.ticket_id == letter.ticket_id)))
    assert "carol@romashka.ru" in told
    assert not {"evil@evil.ru", *crowd} & told
