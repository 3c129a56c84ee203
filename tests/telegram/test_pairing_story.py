"""Pairing as it is talked through: what lets a chat see whose requests, and every way in that Mallory tries."""

from __future__ import annotations

import pytest
from flask import Flask

from app import clock, notify, outbox, pairing, presses
from app.extensions import db
from app.models import Chat, Person, Staff, Ticket, Urgency
from tests import cast
from tests.notify import letters
from tests.telegram.chats import START, mailed_code, payload
from tests.telegram.talker import Talker, texts

CAROL = "carol@neva-trade.example"
HIS = "+79990000666"
pytestmark = pytest.mark.usefixtures("app")


def said(talker: Talker) -> str:
    return "\n".join(texts(talker.messages()))


def mallory() -> Talker:
    return Talker(666)


def hers() -> Ticket:
    return cast.request_of_carol(text="Зарплатная ведомость не открывается")


@pytest.mark.trust("I2")
def test_the_link_of_her_letter_makes_the_chat_hers() -> None:
    hers_, second = Talker(), Talker(7002)
    ticket = hers()
    notify.run()
    letter = next(one for one in letters.to(CAROL) if ticket.number in one["Subject"])
    start = START.search(letters.text_of(letter)).group(1)
    hers_.write(f"/start {start}")
    second.write(f"/start {start}")
    assert hers_.chat.person_id is None, "asked first"
    hers_.wait(1)
    hers_.press("Да, это я")
    assert hers_.chat.person_id == cast.carol().id
    hers_.write("Мои заявки")
    assert ticket.number in said(hers_)
    second.press("Да, это я")
    assert second.chat.person_id is None, "a link is good once, whoever was asked before"
    assert "Спасибо" not in said(second)


@pytest.mark.trust("I2")
def test_a_question_left_for_hours_is_no_proof() -> None:
    late = Talker()
    start = payload(pairing.person_link(cast.carol(), clock.now()))
    late.write(f"/start {start}")
    late.wait(61)
    late.press("Да, это я")
    assert late.chat.person_id is None


@pytest.mark.trust("I2")
def test_her_address_typed_with_his_phone_opens_nothing() -> None:
    """The form first, in her name and with his number; then his own contact; then her address by hand."""
    victim = Person(name="Ирина Тайная", email="irina@neva-trade.example", is_confirmed=True, created_at=clock.now())
    db.session.add(victim)
    outbox.commit()
    secret = cast.request_of_carol(email=victim.email, phone="", name="Ирина Тайная", text="Секретное дело")
    cast.request_of_carol(email=victim.email, phone=HIS, name="Ирина", text="Подлог")
    his = mallory()
    his.write("/start")
    his.share(HIS)
    for words in ("Нева-Трейд", "Ирина Тайная", str(victim.email), "Не работает касса"):
        his.write(words)
    his.write("Мои заявки")
    his.write(f"/start {secret.number}")
    his.write(secret.number)
    his.press_data(presses.button("x", presses.Press.CARD, secret.number)["data"])
    assert his.chat.person_id is None
    for known in ("Секретное", "118/2024"):
        assert known not in said(his), known


@pytest.mark.trust("I2")
def test_somebody_elses_contact_is_no_proof() -> None:
    ticket, carol = hers(), cast.carol()
    carol.is_phone_confirmed = True
    outbox.commit()
    his = mallory()
    his.write("/start")
    his.share(str(carol.phone), is_own=False)
    his.write("Мои заявки")
    assert his.chat.person_id is None
    for known in (carol.name, "Ольга", ticket.number, str(carol.email)):
        assert known not in said(his)


@pytest.mark.trust("I2")
def test_a_code_goes_to_the_mailbox_and_not_to_the_chat() -> None:
    ticket = hers()
    his = mallory()
    his.write("/start")
    for words in ("Ввести вручную", "Нева-Трейд", "Ольга", CAROL, HIS):
        his.write(words)
    his.press("Подтвердить e-mail")
    code = mailed_code(CAROL)
    assert code not in said(his)
    wrong = [f"{(int(code) + step) % 10**6:06d}" for step in range(1, 7)]
    for guess in wrong:
        his.write(guess)
    his.write(code)
    assert his.chat.person_id is None, "five misses and the code is void"
    assert ticket.number not in said(his)
    own = Talker()
    own.write("/start")
    for words in ("Ввести вручную", "Нева-Трейд", "Ольга", CAROL, "+79005550144"):
        own.write(words)
    own.press("Подтвердить e-mail")
    own.write(mailed_code(CAROL))
    assert own.chat.person_id == cast.carol().id
    own.write("Мои заявки")
    assert ticket.number in said(own)


@pytest.mark.trust("I2")
def test_the_link_of_a_page_opens_that_request_alone() -> None:
    first = hers()
    second = cast.request_of_carol(text="Вторая, о которой по ссылке знать нельзя")
    his = mallory()
    his.write(f"/start {payload(pairing.ticket_link(first, clock.now()))}")
    his.write("Мои заявки")
    assert first.number in said(his)
    assert second.number not in said(his)
    assert his.chat.person_id is None


def test_a_stop_forgets_everything_of_hers() -> None:
    ticket = hers()
    own = Talker()
    own.write(f"/start {payload(pairing.person_link(cast.carol(), clock.now()))}")
    own.press("Да, это я")
    own.write("/stop")
    before = len(own.messages())
    own.write("Мои заявки")
    own.write(ticket.number)
    assert own.chat.person_id is None
    assert ticket.title not in "\n".join(texts(own.messages()[before:]))


@pytest.mark.trust("A7")
def test_who_leaves_the_staff_can_do_nothing_in_their_chat(app: Flask) -> None:
    """Cookie and letters are ended elsewhere; here the chat, with buttons that were shown before."""
    alice = cast.alice()
    chat = Talker()
    chat.write(f"/start {payload(pairing.staff_link(alice, clock.now()))}")
    assert chat.chat.staff_id == alice.id
    ticket = cast.request_of_carol(urgency=Urgency.URGENT)
    take = presses.button("x", presses.Press.TAKE, ticket.number)["data"]
    assert app.test_cli_runner().invoke(args=["staff", "disable", alice.email]).exit_code == 0
    db.session.expire_all()
    chat.press_data(take)
    assert db.session.get(Ticket, ticket.id, populate_existing=True).engineer_id is None
    left = db.session.get(Staff, alice.id)
    db.session.get(Chat, chat.chat_id).staff_id = left.id  # even if the tie had been left
    outbox.commit()
    chat.press_data(take)
    chat.write("Мои заявки")
    assert db.session.get(Ticket, ticket.id, populate_existing=True).engineer_id is None
    assert ticket.number not in said(chat)
    notify.run()
    assert ticket.number not in said(chat), "and nothing is told there"
