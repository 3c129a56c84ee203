"""Copies of what is kept about somebody: nothing in them of a complaint that names who asks, and none is left over."""

from __future__ import annotations

import json
import os
from errno import ENOSPC
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import update

from app import complaints, notify, outbox, tickets
from app.actor import SYSTEM
from app.clock import now
from app.complaints import Said, Who
from app.extensions import db
from app.models import BotMessage, BotUpdate, Chat, ComplaintOrigin, PersonExport, Role, Staff
from app.person_data import erasing, exporting, exports, jobs
from tests.cast import acting, carol, masha, request_of_carol, staff
from tests.person_data import marked
from tests.person_data.conftest import zoya


def asked() -> int:
    with outbox.transaction():
        return exports.ask(marked.olga(), acting(zoya()), now())


def erase() -> None:
    with outbox.transaction():
        erasure_id = erasing.begin(marked.olga(), SYSTEM, now(), is_with_open=True).id
    assert erasing.proceed(erasure_id, now())


def left() -> list[str]:
    return sorted(one.name for one in exports.path(1).parent.glob("*"))


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_copy_that_is_made_while_its_person_is_erased_is_gone(app: Flask, monkeypatch: pytest.MonkeyPatch, step: str):
    """Before it bears its name, and just after."""
    marked.written("касса", "касса")
    export_id, fsync, rename = asked(), os.fsync, Path.rename

    def before(number: int) -> None:
        fsync(number)
        if step == "fsync":
            erase()

    def after(path: Path, target: Path) -> Path:
        renamed = rename(path, target)
        if step == "rename":
            erase()
        return renamed

    monkeypatch.setattr(os, "fsync", before)
    monkeypatch.setattr(Path, "rename", after)
    assert not exports.make(export_id)
    assert left() == []


def test_what_a_death_left_of_a_copy_goes_with_it(app: Flask):
    export_id = asked()
    part = exports.path(export_id)
    part.parent.mkdir(parents=True, exist_ok=True)
    part.with_name(part.name + ".ab12.part").write_bytes(b"canary")
    erase()
    jobs.run()
    assert left() == []


def test_two_that_make_one_copy_leave_it_whole(app: Flask, monkeypatch: pytest.MonkeyPatch):
    marked.written("касса", "касса")
    export_id, card, calls = asked(), exporting._card, []

    def slow(made: Any, own: Any) -> None:
        calls.append(1)
        if len(calls) == 1:  # the other comes when the lease is over, and breaks off half way
            db.session.execute(update(PersonExport).values(leased_until=None))
            outbox.commit()
            with pytest.raises(KeyboardInterrupt):
                exports.make(export_id)
        elif len(calls) == 2:
            raise KeyboardInterrupt
        card(made, own)

    monkeypatch.setattr(exporting, "_card", slow)
    exports.make(export_id)
    with ZipFile(exports.path(export_id)) as archive:
        assert archive.testzip() is None
        assert "telegram.json" in archive.namelist()


def test_of_copies_asked_for_again_and_again_five_are_kept(app: Flask):
    for _ in range(exports.MOST_KEPT + 2):
        export_id = asked()
        assert exports.make(export_id)
    jobs.run()
    assert len(left()) == exports.MOST_KEPT
    assert exports.path(export_id).exists()


def test_a_copy_that_fails_three_times_is_given_up_in_words(app: Flask, monkeypatch: pytest.MonkeyPatch):
    def full(*_given: object) -> None:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    monkeypatch.setattr(exporting, "write", full)
    export_id = asked()
    for _ in range(exports.MOST_TRIES + 1):
        assert not exports.make(export_id)
    given_up = db.session.get_one(PersonExport, export_id)
    assert given_up.ended_at is not None
    assert (given_up.attempts, "flask person export" in given_up.error) == (exports.MOST_TRIES, True)


def test_one_that_cannot_be_erased_holds_up_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch):
    marked.written("касса", "касса")
    with outbox.transaction():
        erasing.begin(marked.olga(), SYSTEM, now(), is_with_open=True)
        exports.ask(carol(), acting(zoya()), now())

    def broken(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(tickets, "erase", broken)
    with pytest.raises(ZeroDivisionError):
        jobs.run()
    assert db.session.query(PersonExport).one().ended_at is not None
    monkeypatch.undo()
    assert jobs.run() == 1


def test_no_notice_and_no_chat_tells_who_asks_of_a_complaint_that_names_them(app: Flask):
    olga = marked.olga()
    chat = Chat(id=marked.CHAT, name="К", person_id=olga.id, paired_at=now(), paired_by="contact", created_at=now())
    db.session.add(chat)
    ticket = request_of_carol()
    ticket.engineer_id = zoya().id
    for number, outcome, text in (
        (1, "complaining", "complain"),
        (2, "complained", "Зоя груба"),
        (3, "answered", "да"),
    ):
        row = BotUpdate(id=number, chat_id=chat.id, raw=text, received_at=now(), outcome=outcome, ticket_id=ticket.id)
        db.session.add(row)
    db.session.add(BotMessage(chat_id=chat.id, ticket_id=ticket.id, text="Приняли", created_at=now()))
    who = Who("Петрова", marked.EMAIL, person_id=olga.id, chat_id=chat.id, is_confirmed=True)
    case = complaints.open_case(ComplaintOrigin.CUSTOMER, Said("Зоя груба"), who, marked.by_olga(), now(), ticket)
    complaints.answer(case, "Поговорим с Зоей", acting(masha()), now())
    outbox.commit()
    notify.run()
    told = copy_for(zoya())
    words = " ".join(told.values())
    assert [one for one in ("complain", "Зоя груба", "Зоей", "руководител") if one in words] == []
    chats = json.loads(told["telegram.json"])
    assert [one["update"] for one in chats[0]["said_to_bot"]] == ["да"]
    assert [one["text"] for one in chats[0]["said_by_bot"]] == ["Приняли"]
    whole = copy_for(staff("Юрий Админов", Role.ADMIN, "yuri@stek.example"))
    assert "Поговорим с Зоей" in whole["telegram.json"]
    assert "complaint_outcome" in whole["notices.json"]


def copy_for(member: Staff) -> dict[str, str]:
    """Name to words, without what says the same in every copy."""
    with outbox.transaction():
        export_id = exports.ask(marked.olga(), acting(member), now())
    assert exports.make(export_id)
    with ZipFile(exports.path(export_id)) as archive:
        names = [name for name in archive.namelist() if name not in {"README.txt", "complaints.json"}]
        return {name: archive.read(name).decode() for name in names}
