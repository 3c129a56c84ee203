"""Carol sends a request on the site."""

from __future__ import annotations

import io
import re
import secrets
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import durations, files
from app.extensions import db
from app.models import Attachment, Ticket, Upload
from tests.web.browse import Browser, Page

TYPED: dict[str, Any] = {
    "what": "1С не открывается с утра: пишет «Не обнаружен ключ защиты»",
    "whose": "вся бухгалтерия",
    "where": "Лиговский, 50",
    "links": "https://neva-trade.example/shot",
    "company": "ООО «Нева-Трейд»",
    "name": "Петрова Ольга Сергеевна",
    "email": "carol@neva-trade.example",
    "phone": "+7 (900) 555-01-44",
}


@pytest.fixture
def carol(app: Flask) -> Browser:
    return Browser(app)


def send(carol: Browser, status: int = 200, **typed: Any) -> Page:
    return carol.send(carol.open("/"), "/", status, **{**TYPED, **typed})


def tickets() -> list[Ticket]:
    return list(db.session.scalars(select(Ticket)))


def picture(name: str = "снимок экрана.png", size: int = 100) -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * size), name


def test_a_request_gets_a_number_and_a_deadline_with_its_reason(carol: Browser):
    page = send(carol)
    ticket = tickets()[0]
    mark = page.one("div", data_ticket=ticket.number)
    assert (mark.get("data-state"), mark.get("data-urgency")) == ("new", "normal")
    assert ticket.due_at
    due = page.one("time", data_promise="solution")
    assert due.get("datetime") == durations.iso(ticket.due_at)
    assert "Почему такой срок" in page.text
    assert ticket.what in page.text
    assert ticket.applicant_email in page.text


def test_the_confirmation_can_be_reloaded(carol: Browser):
    page = send(carol)
    assert carol.open(page.address).text == page.text
    assert len(tickets()) == 1


def test_the_same_form_twice_is_one_request(carol: Browser):
    page = carol.open("/")
    first = carol.send(page, "/", **TYPED)
    second = carol.send(page, "/", **TYPED)
    assert first.address == second.address
    assert len(tickets()) == 1


def test_an_urgent_request_says_so(carol: Browser):
    send(carol, urgency="urgent")
    assert tickets()[0].is_urgent


def test_errors_are_listed_first_and_nothing_typed_is_lost(carol: Browser):
    page = send(carol, 422, what="", email="carol.neva-trade.example", urgency="urgent")
    assert page.title.startswith("Ошибка:")
    summary = page.one("div", class_="error-summary", role="alert")
    assert [link.get("href") for link in summary.iter("a")] == ["#what", "#email"]
    for link in summary.iter("a"):
        assert page.text.count("".join(link.itertext())) == 2, "the same words at the top and at the field"
    assert page.one("input", name="whose").get("value") == TYPED["whose"]
    assert page.one("input", id="email").get("aria-invalid") == "true"
    assert page.one("input", name="urgency", value="urgent").get("checked") is not None
    assert not tickets()


def test_files_stay_uploaded_when_the_form_has_errors(carol: Browser):
    page = send(carol, 422, what="", files=[picture()])
    assert page.one("span", class_="uploads__name").text == "снимок экрана.png"
    carol.send(page, "/", what=TYPED["what"])
    file = db.session.scalars(select(Attachment)).one()
    assert (file.name, file.type) == ("снимок экрана.png", "image/png")
    assert not list(db.session.scalars(select(Upload)))


def test_a_file_can_be_taken_off_without_script(carol: Browser):
    page = send(carol, 422, what="", files=[picture("a.png"), picture("b.png")])
    first = page.all("input", name="uploads")[0].get("value")
    page = carol.send(page, "/", without=first, uploads=[one.get("value") for one in page.all("input", name="uploads")])
    assert [one.text for one in page.all("span", class_="uploads__name")] == ["b.png"]
    assert page.one("input", name="whose").get("value") == TYPED["whose"]


@pytest.mark.trust("F5")
def test_a_file_sent_before_belongs_to_the_browser_that_sent_it(app: Flask, carol: Browser):
    mallory = Browser(app)
    token = carol.open("/").one("input", name="csrf_token").get("value")
    with app.app_context():
        answer = carol.client.post("/uploads", data={"file": picture(), "csrf_token": token})
    assert answer.status_code == 201
    upload = answer.get_json()["id"]
    taken = send(mallory, 422, uploads=upload)
    assert "не сохранился" in taken.text
    send(carol, uploads=upload)
    assert len(list(db.session.scalars(select(Attachment)))) == 1


def test_too_large_a_file_is_refused_in_words(make_app):
    app = make_app(MAX_ATTACHMENT_MB="1")
    with app.app_context():
        page = send(Browser(app), 422, files=[picture(size=1 << 20), picture("small.png")])
        assert "больше 1 МБ" in page.text
        assert [one.text for one in page.all("span", class_="uploads__name")] == ["small.png"]


@pytest.mark.trust("F4")
def test_too_large_a_post_is_refused_with_a_page(make_app):
    app = make_app(MAX_POST_MB="1")
    carol = Browser(app)
    page = carol.post("/", 413, data=b"x" * (2 << 20), content_type="multipart/form-data; boundary=x")
    assert "больше 1 МБ" in page.text
    assert "363-17-87" in page.text.replace("\u2011", "-")


@pytest.mark.trust("F4")
def test_a_post_of_fifty_thousand_parts_is_refused_in_a_moment(carol: Browser):
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 50_000 + b"--x--\r\n"
    began = time.monotonic()
    for start in (b"", b"\r\n\r" * 50_000):  # and one that begins with carriage returns
        carol.post("/", 413, data=start + body, content_type="multipart/form-data; boundary=x")
    assert time.monotonic() - began < 10
    assert "Отправить" in carol.open("/").text


def test_eleven_files_are_too_many(carol: Browser):
    page = send(carol, 422, files=[picture(f"{index}.png") for index in range(11)])
    assert "не больше 10 файлов" in page.text
    assert len(page.all("input", name="uploads")) == 10


def test_who_fills_in_the_hidden_field_is_told_to_call(carol: Browser):
    send(carol, 422, website="https://spam.example")
    assert not tickets()


def test_a_form_without_its_token_is_refused_and_the_text_kept(carol: Browser):
    page = carol.send(carol.open("/"), "/", 400, **{**TYPED, "csrf_token": ""})
    assert "".join(page.one("textarea", id="typed").itertext()).strip() == TYPED["what"]
    assert not tickets()


def test_the_form_has_a_brake_of_its_own(make_app):
    app = make_app(FORM_LIMIT="2 per hour")
    mallory = app.test_client()
    mallory.environ_base["REMOTE_ADDR"] = f"198.51.{secrets.randbelow(250)}.{secrets.randbelow(250)}"
    token = re.findall(r'name="csrf_token" value="([^"]+)"', mallory.get("/").text)[0]
    answers = [
        mallory.post("/", data={**TYPED, "csrf_token": token}) for _ in range(5)
    ]  # should Redis fall silent midway, memory counts anew
    assert answers[-1].status_code == 429
    assert "Подождите" in answers[-1].text


def test_contacts_stand_on_every_public_page(carol: Browser):
    for address in ("/", "/status", "/memo", "/privacy", "/dev/mail"):
        page = carol.open(address)
        calls = [one.get("href") for one in page.one("aside").iter("a") if "tel:" in (one.get("href") or "")]
        assert calls == ["tel:+78123631787", "tel:+78124937919", "tel:+79650226906", "tel:+79650226971"]


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"])
def test_what_people_type_is_text(carol: Browser, payload: str):
    send(carol, 422, what="", name=payload, company=payload, links=payload, whose=payload)
    page = send(carol, what=payload, name=payload, company=payload, links=payload, whose=payload)
    assert payload in page.text
    assert not re.search(r"<img src=x|<script>alert|\b49\b", page.response.text)


def test_the_bytes_are_stored_as_they_came(carol: Browser):
    body = picture()[0].getvalue()
    send(carol, files=[picture()])
    file = db.session.scalars(select(Attachment)).one()
    assert files.path(file.storage_id).read_bytes() == body
