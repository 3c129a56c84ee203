"""Which request a letter belongs to: the tag in the subject, and requests that are no longer where they were."""

from __future__ import annotations

import pytest

from app import numbers, outbox, signing
from app.extensions import db
from app.intake.threading import tagged_number
from app.models.ticket import Ticket
from tests.intake.mailing import mail, messages, receive, ticket_of

NUMBER = next(str(number) for number in range(482_170, 482_180) if numbers.is_valid(str(number)))
WRONG = str(int(NUMBER) + 1)


@pytest.mark.parametrize(
    "subject",
    ["[#{}]", "Re: Касса [#{}]", "[#{}] Касса", "№ {}", "№{}", "# {}", "По заявке {}", "заявка: №{}", "Request #{}",
     "Re: Счёт [#{}]", "Счёт по заявке {}", "Ticket {}: done"],
)  # fmt: skip
def test_a_tag_is_found(subject):
    assert tagged_number(subject.format(NUMBER)) == NUMBER
    assert tagged_number(subject.format(f"{NUMBER[:3]} {NUMBER[3:]}")) == NUMBER
    assert tagged_number(subject.format(WRONG)) is None, "the check digit is wrong"


@pytest.mark.parametrize(
    "subject",
    ["{}", "Касса {}", "Счёт № {}", "счета №{}", "Договор № {} от 5 мая", "Акт №{}", "Накладная № {}", "УПД № {}",
     "Invoice #{}", "Платёжное поручение № {}", "№ {}7", "№ {}.5", "тел. {}"],
)  # fmt: skip
def test_numbers_of_other_papers_are_no_tags(subject):
    assert tagged_number(subject.format(NUMBER)) is None


@pytest.mark.usefixtures("app")
def test_an_answer_to_a_merged_request_goes_where_that_went():
    first, second = ticket_of(receive(mail("Раз"))), ticket_of(receive(mail("Два")))
    second.merged_into_id = first.id
    outbox.commit()
    by_token = receive(mail("Ещё", In_Reply_To=signing.message_id(second.number, 1)))
    by_tag = receive(mail("И ещё", subject=f"[#{second.number}]"))
    assert (by_token.ticket_id, by_tag.ticket_id) == (first.id, first.id)
    assert [message.text for message in messages(first)] == ["Раз", "Ещё", "И ещё"]


@pytest.mark.usefixtures("app")
def test_an_answer_to_a_request_that_is_no_more_is_a_request_of_its_own():
    known = {number for (number,) in db.session.query(Ticket.number)}
    gone = next(str(n) for n in range(700_000, 700_100) if numbers.is_valid(str(n)) and str(n) not in known)
    letter = receive(mail("Где моя заявка?", In_Reply_To=signing.message_id(gone, 1)))
    assert ticket_of(letter).what == "Где моя заявка?"
    assert "unknown-number" in letter.signals
