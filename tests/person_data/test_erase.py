"""A person is erased: no word of theirs is left anywhere, every number and moment is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select

from app import notify, outbox, tickets
from app.actor import SYSTEM
from app.clock import now
from app.config import settings
from app.errors import IllegalMove
from app.extensions import db
from app.models import (
    Complaint,
    Delivery,
    DeliveryState,
    Erasure,
    Event,
    EventKind,
    Holding,
    Letter,
    Message,
    Person,
    Promise,
    Rating,
    SearchWord,
    Ticket,
)
from app.person_data import erasing, jobs
from app.reports import lists, overview, period, promises, ratings, tables
from app.reports.scope import EVERYTHING, Dimension
from app.search import indexing
from app.tickets import Contribution
from app.web import links
from tests.cast import acting, alice, masha, request_of_carol
from tests.intake import mailing
from tests.person_data import marked
from tests.search.asking import asked
from tests.web.signing_in import browser_of

_STAYS = (
    Ticket.number, Ticket.state, Ticket.urgency, Ticket.channel, Ticket.company_id, Ticket.contract, Ticket.created_at,
    Ticket.touched_at, Ticket.solved_at, Ticket.closed_at, Ticket.due_at, Ticket.rating, Ticket.reopened_count,
    Ticket.engineer_id, Ticket.person_id, Ticket.queue_work, Ticket.engineer_work, Ticket.is_measured,
)  # fmt: skip


def erase(person: Person, *, is_with_open: bool = False) -> Erasure:
    erasure_id = started(person, is_with_open=is_with_open)
    assert erasing.proceed(erasure_id, now())
    return db.session.get_one(Erasure, erasure_id)


def started(person: Person, *, is_with_open: bool = False) -> int:
    with outbox.transaction():
        return erasing.begin(person, SYSTEM, now(), is_with_open=is_with_open).id


def again(row: Any) -> Any:
    """The row as it is now: erasing lets go of all that was in memory."""
    return db.session.get_one(type(row), inspect(row).identity, populate_existing=True)


def figures() -> list[Any]:
    """Every report, and every number that a report stands on."""
    span = period.own((now() - timedelta(days=2)).date(), (now() + timedelta(days=1)).date(), settings().time_zone)
    read: list[Any] = [overview.overview(span, EVERYTHING), ratings.given(span, EVERYTHING, 2)]
    read += [promises.by_urgency(span.start, span.end)]
    read += [tables.lines(kind, span, EVERYTHING) for kind in Dimension]
    read += [lists.count(lists.Wanted(figure), span, EVERYTHING) for figure in lists.Figure]
    for columns in (
        _STAYS,
        (Promise.id, Promise.kind, Promise.due_at, Promise.kept, Promise.judged_at, Promise.why_public),
        (Holding.id, Holding.holder, Holding.started_at, Holding.ended_at),
        (Rating.id, Rating.value, Rating.at),
        (Message.id, Message.kind, Message.channel, Message.at, Message.staff_id, Message.person_id),
        (Complaint.id, Complaint.state, Complaint.due_at, Complaint.answered_at),
        (Delivery.id, Delivery.notice, Delivery.created_at, Delivery.accepted_at),
    ):
        read.append([tuple(row) for row in db.session.execute(select(*columns).order_by(columns[0]))])
    return read


def test_no_word_is_left_and_every_number_is(app: Flask):
    ticket = marked.whole_life()
    person = marked.olga()
    number, token, before = ticket.number, links.token_of(ticket), figures()
    assert asked("канарейкина") != []
    assert len({place.split(":")[0] for place in marked.found_anywhere()}) > 40
    erasure = erase(person)
    assert "\n".join(marked.found_anywhere()) == ""
    assert figures() == before
    assert (erasure.done, erasure.total, erasure.whose) == (2, 2, {})
    assert again(person).erased_at is not None
    only_numbers(number)
    nothing_is_found()
    pages_open(app, number, token)
    twice_is_once(person)


def only_numbers(number: str) -> None:
    rows = select(Event.data).join(Ticket).where(Event.kind == EventKind.ERASED)
    own = db.session.scalars(rows.where(Ticket.number == number)).one()
    assert own == {"messages": 5, "files": 1, "letters": 1, "is_silent": True}
    every = db.session.scalars(rows).all()
    assert len(every) == 3  # hers, and one of Carol's in which she wrote
    assert not any(isinstance(value, str) for data in every for value in data.values())


def nothing_is_found() -> None:
    for _ in range(2):  # at once, and after the index was written anew
        for word in ("канарейкина", "канарейка", marked.EMAIL, marked.PHONE, "900 555-77-88", "canary"):
            assert asked(word) == [], word
        indexing.run()
    assert asked("принтер") != []
    assert not {"канарейкина", "канарейкин", "canary"} & set(db.session.scalars(select(SearchWord.word)))


def pages_open(app: Flask, number: str, token: str) -> None:
    staff = browser_of(app, masha())
    for path in (
        f"/tickets/{number}",
        f"/tickets/{number}/history",
        f"/people/{person_id()}",
        "/complaints",
        "/reports",
    ):
        answer = staff.get(path)
        assert answer.status_code == 200, path
        assert not marked.is_marked(answer.text), path
    page = staff.get(f"/tickets/{number}").text
    assert all(words in page for words in ("Данные стёрты", "Текст стёрт", "Имя стёрто"))
    elsewhere = staff.get(f"/tickets/{carols()}").text  # where she is taken for nobody else
    assert ("Не печатает принтер" in elsewhere, elsewhere.count("Имя стёрто")) == (True, 1)
    nobody = app.test_client()
    assert nobody.get(f"/r/{token}").status_code == 404
    assert "закрыта" in nobody.get(f"/status?number={number}").text.lower()


def carols() -> str:
    return db.session.scalars(select(Ticket.number).where(Ticket.erased_at.is_(None))).one()


def person_id() -> int:
    return db.session.scalars(select(Person.id).where(Person.erased_at.is_not(None))).one()


def twice_is_once(person: Person) -> None:
    rows = select(func.count()).select_from(Event)
    before = db.session.scalar(rows)
    erase(again(person))
    assert (db.session.scalar(rows), db.session.scalar(select(func.count(Erasure.id)))) == (before, 1)


def test_what_is_not_closed_is_a_reason_to_refuse(app: Flask):
    ticket = marked.written("касса", "касса")
    mailing.receive(mailing.mail("Кто я?", sender=f"noreply <{marked.EMAIL}>", subject="другое", List_Id="<x.y>"))
    with pytest.raises(erasing.StillOpen, match=f"Не закрыты заявки: {ticket.number}"):
        started(marked.olga())
    assert marked.olga().name == marked.NAME
    erase(marked.olga(), is_with_open=True)
    ticket = again(ticket)
    assert (ticket.state.value, ticket.title, ticket.is_active) == ("new", "Данные стёрты", True)
    assert marked.found_anywhere() == []
    by = acting(alice())
    tickets.solve(ticket, Contribution("Отвечать некому"), by, now())
    outbox.commit()
    notify.run()
    told = select(Delivery).where(Delivery.notice == "solved", Delivery.is_for_customer.is_(True))
    assert {row.recipient for row in db.session.scalars(told)} == {"office@neva-trade.example"}
    tickets.close(ticket, now())
    with pytest.raises(IllegalMove, match="стёрты: открывать заново нечего"):
        tickets.reopen(ticket, None, by, now())


def test_killed_in_the_middle_it_is_gone_on_with(app: Flask):
    first, second = marked.written("касса", "касса"), request_of_carol()
    marked.close_all()
    erasure_id = started(marked.olga())
    assert not erasing.proceed(erasure_id, now(), seconds=-1)
    erasure = db.session.get_one(Erasure, erasure_id)
    assert (erasure.ended_at, erasure.done, erasure.position) == (None, 1, first.id)
    assert erasure.whose["emails"] == [marked.EMAIL]
    later = mailing.ticket_of(mailing.receive(mailing.mail("Это снова я", "Снова", f"Оля <{marked.EMAIL}>")))
    assert jobs.run() == 1
    assert jobs.run() == 0
    later, second = again(later), again(second)
    assert again(erasure).ended_at is not None
    assert (later.title, later.applicant_email, second.title == "Данные стёрты") == ("Снова", marked.EMAIL, False)
    assert db.session.get_one(Person, later.person_id).erased_at is None


def test_what_they_write_later_is_somebody_news_new_request(app: Flask):
    ticket = marked.written("касса", "касса")
    notify.run()
    letter = db.session.scalars(
        select(Delivery).where(Delivery.ticket_id == ticket.id, Delivery.notice == "registered")
    )
    ours = next(row.message_id for row in letter if row.recipient == marked.EMAIL)
    marked.close_all()
    erase(marked.olga())
    tag = f"Re: [№{ticket.number}] Касса"
    answer = mailing.mail("Опять не работает", tag, f"Оля <{marked.EMAIL}>", In_Reply_To=ours, References=ours)
    new = mailing.ticket_of(mailing.receive(answer))
    ticket = again(ticket)
    assert (new.id != ticket.id, new.follows_id, ticket.state.value) == (True, None, "closed")
    assert new.person_id != ticket.person_id
    assert new.applicant_email == marked.EMAIL


def test_a_letter_not_sent_yet_never_leaves(app: Flask):
    ticket = marked.written("касса", "касса")
    marked.close_all()
    with outbox.transaction():
        notify.drain()
    owed = select(Delivery).where(Delivery.ticket_id == ticket.id, Delivery.is_for_customer.is_(True))
    assert any(row.recipient == marked.EMAIL and row.next_attempt_at for row in db.session.scalars(owed))
    erase(marked.olga())
    db.session.expire_all()
    notify.run()
    assert marked.found_anywhere() == []
    own = [row for row in db.session.scalars(select(Delivery)) if row.recipient.startswith("erased-")]
    assert {(row.state, row.attempts) for row in own} == {(DeliveryState.FAILED, 0)}


def test_a_late_copy_of_their_letter_brings_nothing_back(app: Flask):
    marked.written("касса", "касса")
    marked.close_all()
    raw = db.session.scalars(select(Letter.raw)).one()
    erase(marked.olga())
    copy = mailing.receive(raw)
    assert (copy.copy_of_id is not None, copy.ticket_id is not None, copy.size) == (True, True, len(raw))
    assert marked.found_anywhere() == []
