"""Who wrote a letter, by its subject and its parts: nobody's request is taken for a robot's."""

from __future__ import annotations

import pytest

from app import signing
from app.intake.classify import classify
from app.intake.mime.parse import parse
from app.models.words import LetterKind, LetterState, State
from tests import cast
from tests.intake.mailing import mail, messages, receive, solved, ticket_of

pytestmark = pytest.mark.usefixtures("app")

PEOPLES = """
Отсутствуют чеки
Отсутствуют права доступа в 1С
Отсутствует связь с сервером
Отсутствует интернет с 10 утра
Автоответчик не работает
Автоматический ответ не приходит
Automatic reply is not sent from my phone
Autoreply in Outlook does not work
Auto: не заводится
Вне офиса не работает VPN
Вне офиса: VPN не подключается
Вне офиса с ноутбука не открывается
Вне офиса до сервера не достучаться
В отпуске бухгалтер, нужен доступ
Отпуск: не считается средний
Отпуск до 5 июля в 1С не проводится
Out of office phone is broken
Read: manual is wrong
Принято: чек
Re: Автоматический ответ: настройка
Не доставлен картридж
Недоставлен товар
Не удалось доставить товар
Письмо не доставлено клиенту, что делать
Доставка отложена, кассы нет
Отчёт о доставке не формируется
Message not delivered to printer
Undelivered goods in 1C
Mail delivery problem with Outlook
Returned mail is lost
""".strip().split("\n")

ROBOTS = """
Автоматический ответ: Касса
Автоответ
Автоответ: Re: Касса
Automatic reply: [#482173]
[EXTERNAL] Automatic reply: Касса
[Auto-Reply] Касса
Auto-Reply: Касса
Auto Response: Касса
Auto: Re: Касса
Auto: Заявка решена [#482173]
Out of office
Out of Office: Re: заявка
Out of Office AutoReply: Касса
Out of the office until Monday
On vacation until July 5
Отсутствую
Отсутствую до 5 марта
Отсутствую с 1 по 14 июля
Отпуск с 3 по 17 августа
В отпуске до 12.07, замещает Иванов
Я в отпуске
Вне офиса
Вне офиса: Re: заявка
Нет на месте: [#482173]
Прочтено: Заявка [#482173]
Read: Re: Касса
Accepted: Re: Касса
""".strip().split("\n")

SERVERS = """
Undelivered Mail Returned to Sender
Undeliverable: Касса
Delivery Status Notification (Failure)
Delivery Status Notification (Delay)
Mail delivery failed: returning message to sender
Mail System Error - Returned Mail
failure notice
Returned mail: see transcript for details
Warning: could not send message for past 4 hours
Delayed Mail (still being retried)
Недоставленное сообщение
Недоставлено: Касса
Не удалось доставить: Касса
Не удается доставить: Касса
Не удалось доставить сообщение
Доставка письма отложена
Задержка доставки письма
Доставка отложена [#482173]
Message not delivered [#482173]
""".strip().split("\n")


def kind(subject: str, *, is_known: bool = False, **headers: str) -> LetterKind:
    return classify(parse(mail(subject=subject, **headers)), own={"info@stekspb.ru"}, is_known=is_known).kind


def test_a_persons_subject_is_a_persons_letter():
    assert {subject: kind(subject) for subject in PEOPLES if kind(subject) is not LetterKind.HUMAN} == {}


def test_a_robots_subject_is_a_robots_letter_though_the_person_is_known():
    assert {subject: kind(subject) for subject in ROBOTS if kind(subject) is not LetterKind.AUTO} == {}
    assert {subject for subject in ROBOTS if kind(subject, is_known=True) is not LetterKind.AUTO} == set()


def test_a_mail_servers_subject_is_a_bounce_unless_a_known_person_writes_it():
    assert {subject: kind(subject) for subject in SERVERS if kind(subject) is not LetterKind.BOUNCE} == {}
    known = {subject for subject in SERVERS if kind(subject, is_known=True) is not LetterKind.HUMAN}
    assert known == {subject for subject in SERVERS if "[#" in subject}


def test_what_both_may_write_counts_as_a_robots_in_an_answer_to_us():
    for subject in ("Auto: Касса", "Read: Касса", "Вне офиса: касса", "Доставка отложена"):
        assert kind(subject) is LetterKind.HUMAN
        answer = kind(subject, In_Reply_To=signing.message_id("482173", 1))
        assert answer in {LetterKind.AUTO, LetterKind.BOUNCE}


@pytest.mark.parametrize("subject", ["Отсутствуют чеки", "Не доставлен картридж", "Вне офиса не работает VPN"])
def test_a_customers_trouble_with_post_or_leave_becomes_a_request(subject):
    assert ticket_of(receive(mail("Помогите.", subject=subject))).title == subject
    cast.carol()
    known = receive(mail("И у нас.", subject=subject, sender="carol@neva-trade.example"))
    assert ticket_of(known).title == subject


@pytest.mark.trust("M17")
@pytest.mark.parametrize("subject", ["Прочтено: решена", "[Auto-Reply] решена", "Я в отпуске", "Доставка отложена"])
def test_robots_that_say_so_in_the_subject_alone_reopen_nothing(subject):
    ticket = solved(ticket_of(receive(mail())))
    letter = receive(mail("Текст.", subject=subject, In_Reply_To=signing.message_id(ticket.number, 1)))
    assert (letter.ticket_id, ticket.state) == (ticket.id, State.SOLVED)
    assert letter.kind in {LetterKind.AUTO, LetterKind.BOUNCE}


def invitation(method: str, words: str, **headers: str) -> bytes:
    parts = (
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
        f"--b\r\nContent-Type: text/calendar; charset=utf-8; method={method}\r\n\r\n"
        f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n--b--\r\n"
    )
    head = mail("", **headers).decode().replace("text/plain; charset=utf-8", "multipart/alternative; boundary=b")
    return (head.rstrip() + "\r\n\r\n" + parts).encode()


@pytest.mark.trust("M17")
def test_an_answer_of_a_calendar_is_a_robots_and_an_invitation_with_words_is_a_letter():
    ticket = solved(ticket_of(receive(mail())))
    answer = invitation("REPLY", "Ольга приняла приглашение", In_Reply_To=signing.message_id(ticket.number, 1))
    letter = receive(answer)
    assert (letter.kind, letter.ticket_id, ticket.state) == (LetterKind.AUTO, ticket.id, State.SOLVED)
    assert receive(invitation("REQUEST", "Приезжайте настроить кассу", subject="Встреча")).kind is LetterKind.HUMAN


def test_a_report_that_is_text_only_and_names_our_letter_is_a_bounce():
    ticket = ticket_of(receive(mail()))
    words = f"Письмо не доставлено.\n\nMessage-ID: {signing.message_id(ticket.number, 1)}\nSubject: решена"
    report = mail(words, subject="Почта", sender="postmaster-robot@corp.example", Auto_Submitted="auto-replied")
    letter = receive(report, envelope_from="")
    assert (letter.kind, letter.state) == (LetterKind.BOUNCE, LetterState.FILED)
    assert "returned-message-id" in letter.signals
    assert len(messages(ticket)) >= 1
