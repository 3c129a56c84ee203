"""People of client companies by the pages: found, made, changed, put away."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app import outbox
from app.clock import now
from app.extensions import db
from app.models import ChangeKind, ClientChange, Person
from tests.cast import alice, carol, masha, neva_trade, request_of_carol
from tests.web.browse import Browser, Page
from tests.web.signing_in import browser_of

CAROL = "Петрова Ольга Сергеевна"


def shown(page: Page) -> list[str]:
    return ["".join(row.find(".//a").itertext()) for row in page.all("tr") if row.get("data-person")]


def test_nobody_says_what_to_do(manager: Browser):
    assert "Людей пока нет" in manager.open("/people").text
    assert "Архив пуст" in manager.open("/people?view=archive").text
    assert "людей нет" in manager.open("/people?q=Рога").text


def test_found_by_whatever_is_known(manager: Browser):
    carol()
    db.session.add(Person(name="Чужой", email="other@else.example", created_at=now()))
    outbox.commit()
    for query in ("петрова", "Ольга", "carol@", "8 (900) 555-01-44", "5550144", "нева"):
        assert shown(manager.open(f"/people?q={query}")) == [CAROL], query


def test_two_hundred_are_read_page_by_page_each_once(manager: Browser, count_queries):
    db.session.add_all(Person(name=f"Имя {i % 7}", email=f"p{i}@x.example", created_at=now()) for i in range(200))
    outbox.commit()
    seen: list[str] = []
    address = "/people"
    while address:
        with count_queries() as asked:
            page = manager.open(address)
        assert asked() < 12
        seen += [row.get("data-person") or "" for row in page.all("tr") if row.get("data-person")]
        following = [link.get("href") or "" for link in page.all("a") if "".join(link.itertext()) == "Дальше"]
        address = following[0] if following else ""
    assert len(seen) == len(set(seen)) == 200


def test_a_person_is_made_changed_and_their_number_is_vouched_for(manager: Browser):
    company = neva_trade()
    typed: Any = {"name": " Дан  Иванов ", "email": "Dan@neva-trade.example", "phone": "8 900 555-01-45"}
    card = manager.send(manager.open("/people/new"), "/people", **typed, company=str(company.id), position="директор")
    person = db.session.query(Person).one()
    assert (person.name, person.email, person.phone) == ("Дан Иванов", "dan@neva-trade.example", "+79005550145")
    assert person.company_id == company.id
    assert person.is_phone_confirmed
    assert "директор" in card.text
    path = f"/people/{person.id}"
    card = manager.send(manager.open(f"{path}/edit"), path, company=str(company.id), notes="Не звонить до 11")
    assert "Не звонить до 11" in card.text
    assert "изменено: важно знать" in card.text
    manager.send(manager.open(f"{path}/edit"), path, company=str(company.id))
    kinds = [row.kind for row in db.session.query(ClientChange).order_by(ClientChange.id)]
    assert kinds == [ChangeKind.MADE, ChangeKind.CHANGED]


def test_saving_a_card_does_not_vouch_for_a_number_that_nobody_touched(manager: Browser):
    person = carol()
    path = f"/people/{person.id}"
    manager.send(manager.open(f"{path}/edit"), path, company=str(person.company_id), notes="х")
    db.session.refresh(person)
    assert not person.is_phone_confirmed


BAD = [
    ("name", "", "Напишите имя"),
    ("name", "я" * 201, "помещается 200"),
    ("email", "нет", "не хватает знака @"),
    ("email", "carol@neva-trade.example", f"уже у другого человека: {CAROL}"),
    ("email", "", "Нужен e-mail или телефон"),
    ("phone", "12", "Не похоже на телефон"),
    ("company", "999", "Такой компании нет"),
    ("company", "99999999999999", "Такой компании нет"),
    ("is_contact", "1", "нужны e-mail и компания"),
    ("notes", "x" * 5001, "помещается 5000"),
]


def test_a_wrong_field_is_named_and_the_rest_is_kept(manager: Browser):
    carol()
    good: Any = {"name": "Дан", "email": "dan@x.example", "phone": ""}
    for field, typed, words in BAD:
        page = manager.send(manager.open("/people/new"), "/people", status=422, **(good | {field: typed}))
        assert page.title.startswith("Ошибка:")
        assert words in page.text, field
        if field != "name":
            assert page.one("input", id="name").get("value") == "Дан"
    assert db.session.query(Person).count() == 1


def test_the_card_shows_requests_and_the_archive_hides_them_from_the_lists(manager: Browser):
    ticket, person = request_of_carol(), carol()
    path = f"/people/{person.id}"
    card = manager.open(path)
    assert card.all("li", data_ticket=ticket.number)
    assert "+7 (900) 555-01-44" in card.text.replace("\u2011", "-")
    card = manager.send(card, f"{path}/archive")
    assert "В архиве с" in card.text
    assert shown(manager.open("/people")) == []
    assert shown(manager.open("/people?view=archive")) == [CAROL]
    manager.send(card, f"{path}/restoration")
    assert shown(manager.open("/people")) == [CAROL]
    manager.open("/people/9999", status=404)


def test_only_managers_come_in(app: Flask):
    person_id = carol().id
    stranger, engineer, boss = app.test_client(), browser_of(app, alice()), browser_of(app, masha())
    for path in ("/people", "/people/new", f"/people/{person_id}", f"/people/{person_id}/edit"):
        assert stranger.get(path).status_code == 302
        assert engineer.get(path).status_code == 403
    for path in ("/people", f"/people/{person_id}", f"/people/{person_id}/archive"):
        assert engineer.post(path).status_code in {400, 403}
        assert boss.post(path).status_code == 400
    assert boss.get(f"/people/{person_id}/archive").status_code == 405
