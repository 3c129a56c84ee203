"""Read and unread: each member of staff has read what their own page has shown, and nobody reads for another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app import clock, intake, outbox, tickets
from app.clock import now
from app.extensions import db
from app.intake import Intake
from app.models import Channel, Message, ReadMark, Staff, Ticket
from app.tickets import Contribution
from app.web.live import _may_hear
from tests.cast import acting, alice, bob, masha, request_of_carol
from tests.web.acting import action, address, sent
from tests.web.browse import Browser, Page
from tests.web.signing_in import browser_of, csrf_token


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    return request_of_carol()


def browser(app: Flask, member: Staff) -> Browser:
    made = Browser(app)
    made.client = browser_of(app, member)
    return made


@pytest.fixture
def alices(app: Flask) -> Browser:
    return browser(app, alice())


@pytest.fixture
def bobs(app: Flask) -> Browser:
    return browser(app, bob())


def row_of(one: Browser | Page, ticket: Ticket):
    page = one if isinstance(one, Page) else one.open("/queue")
    return page.root.find(f".//tr[@id='t{ticket.number}']")


def is_bold(one: Browser, ticket: Ticket) -> bool:
    row = row_of(one, ticket)
    is_told = "Не прочитана:" in "".join(row.itertext())
    assert is_told == (row.get("class") == "is-unread") == row.get("data-digest").endswith(".unread")
    return is_told


def waits(one: Browser, ticket: Ticket) -> bool:
    return "ждёт ответа" in "".join(row_of(one, ticket).itertext())


def look(one: Browser, ticket: Ticket, doing: str = "viewing", seen: str = "") -> None:
    """Open the page and let its script say what it shows."""
    page = one.open(address(ticket))
    shown = page.root.find(".//ol[@data-last]").get("data-last")
    token = page.all("input", name="csrf_token")[0].get("value")
    data = {"doing": doing, "seen": seen or shown, "csrf_token": token}
    assert one.client.post(f"{address(ticket)}/presence", data=data).status_code == 204
    db.session.rollback()


def says(ticket: Ticket, text: str = "Так и не открывается") -> None:
    """Carol's next word, by letter."""
    clock.shift(timedelta(minutes=1))
    intake.receive(
        Intake(channel=Channel.WEB, text=text, ticket=ticket, email="carol@neva-trade.example", at=now(), key=text)
    )
    outbox.commit()


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
    look(alices, ticket)
    assert not is_bold(alices, ticket)


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
    called = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
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
    mashas = browser(app, masha())
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


def test_the_row_answers_what_became_read(alices: Browser, ticket: Ticket):
    digest = row_of(alices, ticket).get("data-digest")
    where = f"/queue/rows/{ticket.number}?view=open&digest="
    assert alices.client.get(where + digest).status_code == 204
    look(alices, ticket)
    answer = alices.client.get(where + digest)
    assert answer.status_code == 200
    assert "Не прочитана" not in answer.text
    assert alices.client.get(where + row_of(alices, ticket).get("data-digest")).status_code == 204


def test_only_the_readers_own_pages_hear_of_it(app: Flask, alices: Browser, ticket: Ticket, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr("app.bell.publish", lambda topics: bool(told.extend(topics)))
    look(alices, ticket)
    assert f"ticket:{ticket.number}@{alice().id}" in told
    topic = outbox.told_to(alice().id, f"ticket:{ticket.number}")
    assert _may_hear(acting(alice()), topic)
    assert not any(_may_hear(acting(one), topic) for one in (bob(), masha()))
    told.clear()
    look(alices, ticket)
    assert [one for one in told if one.startswith("ticket:")] == []


def test_a_page_that_stays_open_writes_once(app: Flask, alices: Browser, ticket: Ticket):
    written: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest) -> None:
        written.extend([statement] if "INTO read_marks" in statement else [])

    event.listen(db.engine, "before_cursor_execute", note)
    for _turn in range(3):
        look(alices, ticket)
    assert len(written) == 1
    says(ticket)
    for _turn in range(3):
        look(alices, ticket)
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(written) == 2


def test_marks_go_with_the_closing(alices: Browser, bobs: Browser, ticket: Ticket):
    look(alices, ticket)
    look(bobs, ticket)
    tickets.solve(ticket, Contribution("Перезапустили службу"), acting(alice()), now())
    outbox.commit()
    assert db.session.scalar(select(func.count()).select_from(ReadMark)) == 2
    tickets.close(ticket, now())
    outbox.commit()
    look(alices, ticket)
    tickets.note(ticket, Contribution("@Белов, на будущее"), acting(alice()), now())
    outbox.commit()
    assert db.session.scalar(select(func.count()).select_from(ReadMark)) == 0


def test_a_merged_request_keeps_none(alices: Browser, ticket: Ticket):
    other = request_of_carol(text="Снова 1С")
    look(alices, other)
    tickets.merge(ticket, other, acting(alice()), now())
    outbox.commit()
    assert db.session.scalar(select(func.count()).select_from(ReadMark)) == 0


def test_the_list_costs_no_more_queries_with_marks(app: Flask, alices: Browser, ticket: Ticket, count_queries):
    alices.client.get("/queue/list")
    with count_queries() as asked:
        alices.client.get("/queue/list")
        one = asked()
    db.session.rollback()
    for n in range(12):
        look(alices, request_of_carol(text=f"Принтер {n}"))
    db.session.rollback()
    with count_queries() as asked:
        alices.client.get("/queue/list")
        assert asked() == one


def test_strangers_mark_nothing(app: Flask, ticket: Ticket):
    stranger = app.test_client()
    answer = stranger.post(f"{address(ticket)}/presence", data={"doing": "viewing", "seen": "1"})
    assert answer.status_code in {400, 401, 403}
    assert db.session.scalar(select(func.count()).select_from(ReadMark)) == 0
