"""On the card: what is kept, a copy by a link of a minute, erasing by typing how many requests there are."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from zipfile import ZipFile

from flask import Flask
from sqlalchemy import select

from app import clock, complaints, outbox
from app.clock import now
from app.complaints import Said, Who
from app.extensions import db
from app.models import ComplaintOrigin, Erasure, Person, PersonExport, Role, Ticket
from app.person_data import exports, jobs
from tests.cast import alice, carol, masha, request_of_carol, staff
from tests.person_data import marked
from tests.person_data.conftest import zoya
from tests.web.browse import Browser
from tests.web.signing_in import browser_of, signed_in


def test_only_administrators_come_in(app: Flask, admin: Browser):
    person = carol()
    paths = [f"/people/{person.id}/data", f"/people/{person.id}/data/standing", f"/people/{person.id}/exports/1"]
    for member, status in ((alice(), 403), (masha(), 403), (zoya(), 200)):
        browser = browser_of(app, member)
        assert [browser.get(path).status_code for path in paths[:2]] == [status, status]
    assert app.test_client().get(paths[0]).status_code == 302
    assert admin.client.get(paths[2]).status_code == 404
    for path in ("exports", "erasure"):
        assert admin.client.get(f"/people/{person.id}/{path}").status_code == 405
        assert admin.client.post(f"/people/{person.id}/{path}").status_code == 400
    manager = signed_in(app, masha())
    assert "Стереть данные" not in manager.open(f"/people/{person.id}").text
    assert "Стереть данные" in admin.open(f"/people/{person.id}").text
    admin.open("/people/99/data", status=404)


def test_a_copy_is_made_and_its_link_is_good_for_a_minute(app: Flask, admin: Browser):
    ticket = marked.whole_life()
    path = f"/people/{marked.olga().id}"
    page = admin.send(admin.open(f"{path}/data"), f"{path}/exports")
    link = next(one.get("href") or "" for one in page.all("a") if "Скачать ZIP" in "".join(one.itertext()))
    led = admin.client.get(link, headers={"Accept": "text/html"})
    assert led.status_code == 303
    assert re.fullmatch(r"/download/x\d+\.\d+\.[0-9a-f]{32}", led.location)
    whole = app.test_client().get(led.location)
    assert (whole.status_code, whole.headers["Content-Type"]) == (200, "application/zip")
    archive = ZipFile(io.BytesIO(whole.data))
    whole.close()
    assert json.loads(archive.read(f"requests/{ticket.number}.json"))["title"] == "Канарейка касса"
    assert (
        browser_of(app, staff("Юрий Админов", Role.ADMIN, "yuri@stek.example")).get(link).status_code == 404
    )  # another administrator asks for their own
    clock.shift(timedelta(seconds=61))
    assert app.test_client().get(led.location).status_code == 404
    clock.shift(timedelta(days=1))
    jobs.run()
    assert not exports.path(int(link.rsplit("/", 1)[1])).exists()
    assert db.session.scalars(select(PersonExport)).all() == []


def test_a_complaint_about_who_asks_is_not_in_their_copy(admin: Browser):
    ticket = request_of_carol()
    ticket.engineer_id = zoya().id
    who = Who("Петрова", "carol@neva-trade.example", person_id=carol().id, is_confirmed=True)
    complaints.open_case(ComplaintOrigin.CUSTOMER, Said("Зоя груба"), who, marked.by_olga(), now(), ticket)
    outbox.commit()
    path = f"/people/{carol().id}"
    page = admin.open(f"{path}/data")
    assert "жалоб: имя" not in page.text
    assert "жалоб без ответа" not in page.text
    page = admin.send(page, f"{path}/exports")
    link = next(one.get("href") or "" for one in page.all("a") if "Скачать ZIP" in "".join(one.itertext()))
    with admin.client.get(link) as answer:
        archive = ZipFile(io.BytesIO(answer.data))
    assert json.loads(archive.read("complaints.json")) == []
    page = admin.send(page, f"{path}/erasure", status=409, requests="1", also_open="1")  # nor may they erase it
    assert "только командой на сервере" in page.text
    assert db.session.scalars(select(Person.erased_at)).all() == [None, None]


def test_a_large_copy_is_made_by_the_workers_and_what_breaks_off_is_begun_anew(admin: Browser):
    person = marked.olga()
    with outbox.transaction():
        db.session.add_all(row(number) for number in range(60))
    path = f"/people/{person.id}"
    page = admin.send(admin.open(f"{path}/data"), f"{path}/exports")
    assert "Собираем: 0 из 60 заявок" in page.text
    assert page.one("div", id="person-data").get("hx-get") == f"{path}/data/standing"
    wanted = db.session.scalars(select(PersonExport)).one()
    wanted.leased_until, wanted.attempts = now() + timedelta(minutes=1), 1  # somebody makes it, and dies
    outbox.commit()
    assert jobs.run() == 0
    clock.shift(timedelta(minutes=2))
    assert jobs.run() == 1
    assert "Скачать ZIP" in admin.client.get(f"{path}/data/standing").text
    wanted = db.session.scalars(select(PersonExport)).one()
    assert (wanted.done, wanted.attempts, wanted.error) == (60, 2, "")


def row(number: int) -> Ticket:
    at = now()
    return Ticket(number=f"7{number:06}", channel="web", title="Тест", what="Тест", person_id=marked.olga().id,
                  state="closed", is_active=False, created_at=at, touched_at=at)  # fmt: skip


def test_erasing_wants_the_number_and_says_what_is_wrong(admin: Browser):
    ticket = marked.written("касса", "касса")
    path = f"/people/{marked.olga().id}"
    page = admin.open(f"{path}/data")
    assert f"Не закрыты заявки: {ticket.number}" in page.text
    page = admin.send(page, f"{path}/erasure", status=422, requests="7")
    assert page.title.startswith("Ошибка:")
    assert "Заявок сейчас 1. Впишите это число" in page.text
    assert page.one("input", id="requests").get("value") == "7"
    assert page.one("input", id="also_open").get("aria-invalid") == "true"
    assert marked.olga().name == marked.NAME
    page = admin.send(page, f"{path}/erasure", requests="1", also_open="1")
    assert "Стёрто" in page.text
    assert "Зоя Админова" in page.text
    assert marked.found_anywhere() == []
    assert db.session.scalars(select(Erasure.staff_id)).one() == zoya().id
    card = admin.open(path)
    assert "имя, адреса и тексты стёрты" in card.text
    assert not marked.is_marked(card.text)
    for act, more in (("", {"name": "Ольга", "email": "o@x.example", "seen": ""}), ("/restoration", {})):
        refused = admin.client.post(path + act, data={"csrf_token": token_of(admin), **more})
        assert (refused.status_code, "стёрты по его просьбе" in refused.text) == (409, True), act
    admin.client.post(f"{path}/exports", data={"csrf_token": token_of(admin)})
    assert db.session.scalars(select(PersonExport)).all() == []
    assert db.session.scalars(select(Person.erased_at)).one() is not None


def token_of(admin: Browser) -> str:
    return admin.open("/people/new").all("input", name="csrf_token")[0].get("value") or ""


def test_nobody_with_nothing_is_erased_by_a_nought(admin: Browser):
    path = f"/people/{carol().id}"
    page = admin.send(admin.open(f"{path}/data"), f"{path}/erasure", requests="0")
    assert "заявок: 0" in page.text
    assert carol_count() == 0
    assert "Людей пока нет" in admin.open("/people").text


def carol_count() -> int:
    return len(db.session.scalars(select(Person).where(Person.email == "carol@neva-trade.example")).all())
