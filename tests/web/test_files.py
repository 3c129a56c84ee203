"""Files of a request as its customer gets them."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import select

from app import outbox, tickets
from app.clock import now
from app.extensions import db
from app.models import Attachment, Message, State, Ticket
from app.models.words import MessageKind
from app.tickets import Contribution
from app.web import links
from tests import cast
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in


@pytest.fixture
def carol(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def address(ticket: Ticket) -> str:
    return f"/r/{links.token_of(ticket)}"


def test_a_file_travels_with_an_answer_and_comes_back_as_a_download(carol: Browser, ticket: Ticket, address: str):
    body = b"<html><script>alert(1)</script>"
    page = carol.open(address)
    carol.send(page, f"{address}/answer", text="Вот файл", files=[(io.BytesIO(body), "отчёт №1.html")])
    file = db.session.scalars(select(Attachment)).one()
    with carol.client.get(f"{address}/files/{file.id}") as answer:
        assert answer.data == body
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert "filename*=UTF-8''%D0%BE%D1%82" in answer.headers["Content-Disposition"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_files_of_other_requests_and_of_notes_are_not_there(carol: Browser, ticket: Ticket, address: str):
    page = carol.open(address)
    carol.send(page, f"{address}/answer", text="Файл", files=[(io.BytesIO(b"x"), "a.txt")])
    file = db.session.scalars(select(Attachment)).one()
    other = cast.request_of_carol(text="Другая заявка")
    carol.open(f"/r/{links.token_of(other)}/files/{file.id}", 404)
    db.session.get_one(Message, file.message_id).kind = MessageKind.NOTE
    outbox.commit()
    carol.open(f"{address}/files/{file.id}", 404)


def test_a_file_that_the_scanner_named_is_not_handed_out(carol: Browser, ticket: Ticket, address: str):
    carol.send(carol.open(address), f"{address}/answer", text="Файл", files=[(io.BytesIO(b"x"), "a.txt")])
    file = db.session.scalars(select(Attachment)).one()
    file.is_infected = True
    outbox.commit()
    assert "в файле нашли вирус" in carol.open(address).text
    carol.open(f"{address}/files/{file.id}", 404)


def test_staff_get_every_file_and_a_warning_before_an_infected_one(app: Flask, carol: Browser, address: str):
    carol.send(carol.open(address), f"{address}/answer", text="Файл", files=[(io.BytesIO(b"x"), "a.txt")])
    file = db.session.scalars(select(Attachment)).one()
    alice = signed_in(app, cast.alice())
    with alice.client.get(f"/files/{file.id}") as answer:
        assert answer.data == b"x"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
    file.is_infected = True
    outbox.commit()
    page = alice.open(f"/files/{file.id}")
    assert "нашли вирус" in page.text
    with alice.client.get(f"/files/{file.id}?anyway=yes") as answer:
        assert answer.data == b"x"


def test_a_stranger_gets_no_file_of_staff(app: Flask, carol: Browser, address: str):
    carol.send(carol.open(address), f"{address}/answer", text="Файл", files=[(io.BytesIO(b"x"), "a.txt")])
    file = db.session.scalars(select(Attachment)).one()
    answer = app.test_client().get(f"/files/{file.id}")
    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


@pytest.fixture
def solved(ticket: Ticket) -> Ticket:
    tickets.solve(ticket, Contribution("Готово"), cast.acting(cast.alice()), now())
    outbox.commit()
    return ticket


def test_a_picture_alone_opens_anew_and_is_not_lost(carol: Browser, solved: Ticket, address: str):
    page = carol.open(address)
    carol.send(page, f"{address}/reopening", text="", files=[(io.BytesIO(b"x"), "снимок.png")])
    assert solved.state is State.OPEN
    assert db.session.scalars(select(Attachment.name)).all() == ["снимок.png"]


def test_a_file_is_taken_out_of_the_form_and_nothing_is_sent(carol: Browser, solved: Ticket, address: str):
    """Without a script its button posts the form; the text and the other file stay, and in sight."""
    page = carol.open(address)
    kept = [_kept(carol, page, name) for name in ("a.txt", "b.txt")]
    for text in ("Снова не печатает", ""):
        page = carol.send(page, f"{address}/reopening", text=text, uploads=kept, without=kept[0])
        assert solved.state is State.SOLVED
        [form] = page.all("form", id="reopen")
        assert [one.get("value") for one in form.iter("input") if one.get("name") == "uploads"] == kept[1:]
        assert next(one for one in page.all("details", open="") if form in one.iter()) is not None
    assert db.session.scalars(select(Attachment)).all() == []


def test_an_eleventh_file_is_refused_however_it_comes(carol: Browser, ticket: Ticket, address: str):
    """Also when each was sent before the form, as the script sends them; none is lost, and one can be taken out."""
    page = carol.open(address)
    kept = [_kept(carol, page, f"{number}.txt") for number in range(11)]
    page = carol.send(page, f"{address}/answer", 422, text="Вот файлы", uploads=kept)
    assert "Можно приложить не больше 10 файлов" in page.text
    assert [one.get("value") for one in page.all("input", name="uploads")] == kept
    assert db.session.scalars(select(Attachment)).all() == []
    carol.send(page, f"{address}/answer", text="Вот файлы", uploads=kept[1:])
    assert len(db.session.scalars(select(Attachment)).all()) == 10


def _kept(browser: Browser, page: Page, name: str) -> str:
    """The file sent as the script sends it when it is chosen."""
    token = page.all("input", name="csrf_token")[0].get("value")
    sent = {"csrf_token": token, "file": (io.BytesIO(b"x"), name)}
    return str(browser.client.post("/uploads", data=sent).get_json()["id"])
