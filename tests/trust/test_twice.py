"""One press that arrives twice, and two colleagues in the same second: of acts on many requests."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import incidents, outbox
from app.clock import now
from app.extensions import db
from app.models import BulkAct, Incident, Message, MessageKind, Ticket
from tests.cast import acting, alice, request_of_carol
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in


def answers() -> int:
    db.session.rollback()
    kinds = (MessageKind.REPLY, MessageKind.QUESTION, MessageKind.SOLUTION)
    return db.session.query(Message).filter(Message.kind.in_(kinds)).count()


def pressed(browser: Browser, page: Page, action: str, **typed: object) -> list[int]:
    """The form with all that it holds, sent twice as it is."""
    form = next(one for one in page.root.iter("form") if action in (one.get("action") or ""))
    hidden = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
    client: FlaskClient = browser.client
    sent = []
    for _ in range(2):
        sent.append(client.post(form.get("action") or "", data={**hidden, **typed}).status_code)
        db.session.rollback()
    return sent


@pytest.fixture
def alices(app: Flask) -> Browser:
    return signed_in(app, alice())


@pytest.mark.trust("R1")
@pytest.mark.parametrize("kind", ["reply", "question", "solution"])
def test_an_answer_to_an_incident_that_arrives_twice_is_one(alices: Browser, kind: str):
    chosen = [request_of_carol(), request_of_carol(text="Вторая")]
    incident = incidents.begin("Авария", chosen, acting(alice()), now())
    outbox.commit()
    page = alices.open(f"/incidents/{incident.id}")
    pressed(alices, page, "/answer", text="Чиним", kind=kind)
    assert answers() == 2


@pytest.mark.trust("R1")
@pytest.mark.parametrize("act", ["question", "solution"])
def test_words_to_many_that_arrive_twice_are_said_once(alices: Browser, act: str):
    chosen: list[Ticket] = [request_of_carol(), request_of_carol(text="Вторая")]
    numbers = [one.number for one in chosen]
    page = alices.open(f"/queue/bulk/{act}?numbers={','.join(numbers)}")
    pressed(alices, page, f"/queue/bulk/{act}", text="Чиним", number=numbers)
    assert answers() == 2
    acts = db.session.query(BulkAct).order_by(BulkAct.id).all()
    assert acts[-1].done, "what can be undone stays offered"


@pytest.mark.trust("R1")
def test_words_that_were_taken_back_are_said_by_the_same_form_again(alices: Browser):
    ticket = request_of_carol()
    address = f"/queue/bulk/question?numbers={ticket.number}"
    form = {"text": "Что на экране?", "form_key": "one", "number": ticket.number}
    form["csrf_token"] = str(alices.open(address).all("input", name="csrf_token")[0].get("value"))
    db.session.rollback()
    alices.client.post(address, data=form)
    db.session.rollback()
    alices.client.post(f"/queue/bulk/{db.session.query(BulkAct).one().id}/undo", data=form)
    db.session.rollback()
    alices.client.post(address, data=form)
    assert answers() == 2
    assert db.session.query(Message).filter(Message.recalled_at.is_not(None)).count() == 1


@pytest.mark.trust("R1")
def test_an_incident_that_is_begun_twice_is_one(alices: Browser):
    chosen = [request_of_carol(), request_of_carol(text="Вторая")]
    page = alices.open(f"/incidents?numbers={','.join(one.number for one in chosen)}")
    numbers = " ".join(one.number for one in chosen)
    pressed(alices, page, "/incidents", title="Авария", numbers=numbers)
    assert db.session.query(Incident).count() == 1
