"""Words follow what changes, by marks that nobody forgets, and are written once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update

from app import outbox, search_marks, tickets
from app.clock import now
from app.extensions import db
from app.models import SearchDocument, SearchMark, Ticket
from app.search import documents, indexing
from tests.cast import acting, alice, neva_trade, request_of_carol
from tests.search.asking import asked, made

pytestmark = pytest.mark.usefixtures("app")


def test_marks_follow_every_change_and_are_worked_off_once():
    ticket = made("Принтер")
    assert db.session.scalar(select(func.count()).select_from(SearchMark)) == 0
    tickets.take(ticket, acting(alice()), now())
    outbox.commit()
    assert indexing.waiting() == 0  # not a word has changed
    company = neva_trade()
    company.name = "АО «Балтика-Сервис»"
    outbox.commit()
    assert indexing.run() == 1
    assert asked("балтика") == [ticket.number]
    ticket.title = "Плоттер"
    outbox.commit()
    ticket.title = "Ризограф"
    db.session.flush()
    db.session.rollback()
    assert (indexing.run(), asked("плоттер"), asked("ризограф")) == (1, [ticket.number], [])
    assert indexing.run() == 0


def test_who_read_older_words_writes_nothing(monkeypatch: pytest.MonkeyPatch):
    """Two processes take the same mark; one is slow, and meanwhile the request changes and is written."""
    ticket = request_of_carol(text="Принтер")
    gather = documents.gather

    def slow(ids: list[int]) -> Any:
        read = gather(ids)
        db.session.rollback()
        monkeypatch.setattr("app.search.documents.gather", gather)
        with outbox.transaction():
            db.session.execute(update(Ticket).values(title="Плоттер"))
            search_marks.mark([ticket.id])
        indexing.run()
        return read

    monkeypatch.setattr("app.search.documents.gather", slow)
    indexing.run()
    indexing.run()
    assert asked("плоттер") == [ticket.number]
    assert indexing.waiting() == 0


def test_a_rebuild_that_was_broken_off_is_gone_on_with():
    numbers = [request_of_carol(text=f"Принтер {n}").number for n in range(5)]
    indexing.run()
    db.session.execute(update(SearchDocument).values(words="x"))
    outbox.commit()
    assert asked("принтер") == []
    search_marks.mark_all()
    outbox.commit()
    indexing.run(seconds=0, batch=2)
    assert asked("принтер") == numbers[:2:-1]
    told: list[tuple[int, int]] = []
    assert indexing.rebuild(lambda done, left: told.append((done, left))) == 3
    assert told == [(0, 3), (3, 0)]
    assert asked("принтер") == numbers[::-1]
