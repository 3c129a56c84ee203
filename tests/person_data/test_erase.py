"""A person is erased: no word of theirs is left anywhere, every number and moment is."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app import outbox
from app.actor import SYSTEM
from app.clock import now
from app.extensions import db
from app.models import Erasure, Person, SearchWord
from app.person_data import erasing
from tests.person_data import marked


def erase(person: Person, *, is_with_open: bool = False) -> Erasure:
    erasure_id = started(person, is_with_open=is_with_open)
    assert erasing.proceed(erasure_id, now())
    return db.session.get_one(Erasure, erasure_id)


def started(person: Person, *, is_with_open: bool = False) -> int:
    with outbox.transaction():
        return erasing.begin(person, SYSTEM, now(), is_with_open=is_with_open).id


def test_no_word_is_left_anywhere(app: Flask):
    marked.whole_life()
    assert len({place.split(":")[0] for place in marked.found_anywhere()}) > 40
    erase(marked.olga())
    assert "\n".join(marked.found_anywhere()) == ""
    assert not {"канарейкина", "канарейкин", "canary"} & set(db.session.scalars(select(SearchWord.word)))
