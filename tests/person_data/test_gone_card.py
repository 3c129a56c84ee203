"""An erased card: in no list, merged with nobody, and what was merged into it stays so."""

from __future__ import annotations

import pytest
from flask import Flask

from app import merging, outbox
from app.clock import now
from app.errors import IllegalMove
from app.extensions import db
from app.models import Person, Role
from app.models.client_change import ClientChange
from tests.api.calling import Caller
from tests.cast import acting, carol, masha
from tests.person_data import marked
from tests.person_data.test_erase import again, erase
from tests.web.browse import Browser


def test_no_list_shows_it(app: Flask, admin: Browser):
    person_id = marked.olga().id
    erase(marked.olga())
    assert f"/people/{person_id}" not in admin.open("/people?view=archive").response.text
    listed = Caller(app, Role.MANAGER).get("/people").get_json()["items"]
    assert person_id not in [one["id"] for one in listed]


def test_it_is_merged_with_nobody_and_what_was_merged_stays(app: Flask):
    by = acting(masha())
    other = Person(name="Оля", email="olya@neva-trade.example", created_at=now())
    db.session.add(other)
    db.session.flush()
    merging.merge_people(marked.olga(), other, by, now())
    outbox.commit()
    change = db.session.query(ClientChange).one()
    person = marked.olga()
    erase(person)
    person = again(person)
    for kept, joined in ((carol(), person), (person, carol())):
        with pytest.raises(IllegalMove, match="объединять нечего"):
            merging.merge_people(kept, joined, by, now())
        db.session.rollback()
    with pytest.raises(IllegalMove, match="уже не отменить"):
        merging.separate(again(change), by, now())
