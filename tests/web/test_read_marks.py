"""Read and unread: each member of staff has read what their own page has shown, and nobody reads for another."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from app import outbox, tickets
from app.clock import now
from app.extensions import db
from app.models import Message, ReadMark, Ticket
from app.tickets import Contribution
from tests.cast import acting, alice, bob, masha
from tests.web.acting import action, address, sent
from tests.web.browse import Browser
from tests.web.signing_in import csrf_token, signed_in
from tests.web.unread import is_bold, look, says, waits


def test_nobody_reads_for_another(alices: Browser, bobs: Browser, ticket: Ticket):
    assert is_bold(alices, ticket)
    assert is_bold(bobs, ticket)
    look(alices, ticket)
    assert (is_bold(alices, ticket), is_bold(bobs, ticket)) == (False, True)
    look(bobs, ticket)
    assert not is_bold(bobs, ticket)
    says(ticket)
    assert is_bold(alices, ticket)
    assert is_bold(bobs, ticket)
    look(bobs, ticket)
    assert (is_bold(alices, ticket), is_bold(bobs, ticket)) == (True, False)


def test_opening_a_page_alone_writes_nothing(alices: Browser, ticket: Ticket):
    alices.open(address(ticket))
    alices.client.get(f"{address(ticket)}/conversation")
    look(alices, ticket, doing="left")
    assert is_bold(alices, ticket)
    assert db.session.scalar(select(func.count()).select_from(ReadMark)) == 0


def test_only_what_the_page_has_shown_is_read(alices: Browser, ticket: Ticket):
    first = db.session.scalar(select(func.max(Message.id)))
    says(ticket)
    look(alices, ticket, seen=str(first))
    assert is_bold(alices, ticket)
    for nonsense in ("-1", "x", "99999999999999", "2147483648"):
        look(alices, ticket, seen=nonsense)
        assert is_bold(alices, ticket)
    look(alices, ticket, seen="2147483647")
    assert not is_bold(alices, ticket)
    says(ticket, "Ждём")
    assert is_bold(alices, ticket)


def test_acts_on_the_page_read_and_acts_in_the_list_do_not(alices: Browser, bobs: Browser, ticket: Ticket):
    token = csrf_token(alices.client)
    taken = alices.client.post(f"{address(ticket)}/taking?back=open", data={"csrf_token": token})
    assert taken.status_code == 303
    assert is_bold(alices, ticket)
    sent(alices, ticket, "reply", text="Смотрю")
    assert not is_bold(alices, ticket)
    says(ticket)
    assert is_bold(alices, ticket)
    sent(alices, ticket, "release")
    assert not is_bold(alices, ticket)
    assert is_bold(bobs, ticket)


def test_a_call_is_read_by_who_wrote_it_down(alices: Browser, bobs: Browser, ticket: Ticket):
    page = alices.open("/tickets/new?phone=")
    form = action(page, "/tickets/new")
    alices.send(page, form, what="Нет сети", name="Вера", phone="+79213001122", company="Ромашка", engineer="")
    called = db.session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()
    assert called.id != ticket.id
    assert (is_bold(alices, called), is_bold(bobs, called)) == (False, True)


def test_a_colleagues_request_is_unread_while_its_customer_waits(alices: Browser, bobs: Browser, ticket: Ticket):
    tickets.take(ticket, acting(bob()), now())
    outbox.commit()
    assert (is_bold(alices, ticket), is_bold(bobs, ticket)) == (False, True)
    says(ticket)
    assert (waits(alices, ticket), is_bold(alices, ticket)) == (True, True)
    tickets.reply(ticket, Contribution("Еду"), acting(bob()), now())
    outbox.commit()
    assert not is_bold(alices, ticket)
    assert (waits(alices, ticket), waits(bobs, ticket)) == (False, False)
    says(ticket, "Ждём")
    look(alices, ticket)
    says(ticket, "Приехали?")
    tickets.reply(ticket, Contribution("В пробке"), acting(bob()), now())
    outbox.commit()
    assert is_bold(alices, ticket)  # who has opened it once goes on reading it


def test_read_or_not_a_customer_who_waits_is_told_of(alices: Browser, ticket: Ticket):
    assert not waits(alices, ticket)
    says(ticket)
    look(alices, ticket)
    assert (is_bold(alices, ticket), waits(alices, ticket)) == (False, True)


def test_a_note_is_unread_for_whom_it_is_meant(app: Flask, alices: Browser, bobs: Browser, ticket: Ticket):
    mashas = signed_in(app, masha())
    tickets.take(ticket, acting(alice()), now())
    outbox.commit()
    for one in (alices, bobs, mashas):
        look(one, ticket)
    tickets.note(ticket, Contribution("@Белов, ключ у тебя?"), acting(alice()), now())
    outbox.commit()
    assert [is_bold(one, ticket) for one in (alices, bobs, mashas)] == [False, True, False]
    tickets.note(ticket, Contribution("Да, у меня"), acting(bob()), now())
    outbox.commit()
    assert [is_bold(one, ticket) for one in (alices, bobs, mashas)] == [True, True, False]
    look(alices, ticket)
    look(bobs, ticket)
    tickets.hand_over(ticket, masha(), "Ключ привезут в пять", acting(alice()), now())
    outbox.commit()
    assert [is_bold(one, ticket) for one in (alices, bobs, mashas)] == [False, False, True]


def test_a_note_calls_who_never_opened_it(alices: Browser, bobs: Browser, ticket: Ticket):
    tickets.take(ticket, acting(alice()), now())
    tickets.note(ticket, Contribution("@Белов, загляни"), acting(alice()), now())
    outbox.commit()
    assert is_bold(bobs, ticket)
    look(bobs, ticket)
    assert not is_bold(bobs, ticket)
