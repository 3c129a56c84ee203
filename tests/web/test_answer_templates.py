"""Answers worded beforehand: filled for a request, one's own and everybody's, without a script."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.extensions import db
from app.models import AnswerTemplate
from tests.cast import bob, masha, request_of_carol
from tests.web.acting import action, address
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in


def add(browser: Browser, name: str = "Взяли", text: str = "{обращение} Срок: {срок}.", **more: Any) -> Page:
    return browser.send(browser.open("/templates"), "/templates", name=name, text=text, **more)


def chips(page: Page) -> dict[str, str]:
    """Templates offered under the answer: name to id."""
    found = [one for one in page.root.iter("button") if one.get("name") == "template"]
    return {"".join(one.itertext()): one.get("value") or "" for one in found}


def typed(page: Page) -> str:
    return "".join(page.one("textarea", id="text").itertext()).strip()


def test_a_press_puts_it_behind_what_was_typed(alices: Browser):
    ticket = request_of_carol()
    add(alices, text="{Имя}, заявка {номер}, до {срок}, {engineer}, {телефоны}")
    page = alices.open(address(ticket))
    filled = alices.send(page, action(page, f"{address(ticket)}/reply"), text="Привет.", template=chips(page)["Взяли"])
    first, second = typed(filled).split("\n")
    assert first == "Привет."
    assert second.startswith(f"{ticket.applicant_name}, заявка {ticket.number}, до ")
    assert second.endswith("Алиса Орлова, (812) 363-17-87, (812) 493-79-19")
    assert "{" not in second
    script = alices.client.get(f"{address(ticket)}/templates/{chips(page)['Взяли']}")
    assert (script.mimetype, script.text) == ("text/plain", second)


def test_the_list_says_who_changed_what_everybody_answers_with(manager: Browser, alices: Browser):
    add(manager, is_shared="1")
    assert "изменено сегодня" in alices.open("/templates").text
    assert masha().name in alices.open("/templates").text


def test_what_is_put_in_is_text_and_never_read_again(alices: Browser):
    ticket = request_of_carol(name="{телефоны} <b>Ева</b> {{ 7*7 }}")
    add(alices, text="{имя}")
    page = alices.open(address(ticket))
    filled = alices.send(page, action(page, f"{address(ticket)}/reply"), template=chips(page)["Взяли"])
    assert typed(filled) == ticket.applicant_name


def test_own_ones_stand_first_and_are_nobody_elses(app: Flask, alices: Browser, manager: Browser):
    add(manager, "Общий", is_shared="1")
    add(alices, "Мой")
    ticket = request_of_carol()
    assert list(chips(alices.open(address(ticket)))) == ["Мой", "Общий"]
    bobs = signed_in(app, bob())
    assert list(chips(bobs.open(address(ticket)))) == ["Общий"]
    own = chips(alices.open(address(ticket)))["Мой"]
    assert bobs.client.get(f"/templates/{own}").status_code == 404
    assert bobs.client.get(f"{address(ticket)}/templates/{own}").status_code == 404


def test_shared_ones_are_the_managers(alices: Browser, manager: Browser):
    add(manager, "Общий", is_shared="1")
    page = alices.open("/templates")
    assert "Общий" in page.text
    token = page.all("input", name="csrf_token")[0].get("value")
    shared = db.session.query(AnswerTemplate).one().id
    assert alices.client.get(f"/templates/{shared}").status_code == 403
    for path in ("/templates", f"/templates/{shared}", f"/templates/{shared}/removal"):
        sent = {"csrf_token": token, "name": "Моё", "text": "Моё", "is_shared": "1"}
        assert alices.client.post(path, data=sent).status_code == 403, path
    assert "Моё" not in manager.open("/templates").text


def test_changed_put_away_and_back(alices: Browser):
    add(alices)
    edited = alices.open(f"/templates/{db.session.query(AnswerTemplate).one().id}")
    where = action(edited, "/templates/")
    assert "Такой подстановки нет: {почта}" in alices.send(edited, where, 422, text="{почта}").text
    page = alices.send(edited, where, name="Взяли мы", text="Взяли.")
    gone = alices.send(page, action(page, "/templates/"))
    assert "Шаблон убран: Взяли мы" in gone.text
    assert chips(alices.open(address(request_of_carol()))) == {}
    assert "Взяли." in alices.send(gone, action(gone, "/templates/")).text


def test_refusals_name_the_field_and_keep_the_text(alices: Browser):
    for name, text, sentence in (
        (" ", "Текст", "Назовите шаблон"),
        ("я" * 41, "Текст", "Не длиннее 40 знаков"),
        ("Имя", " ", "Напишите, что вставлять"),
        ("Имя", "я" * 5001, "Не длиннее 5000 знаков"),
    ):
        page = alices.send(alices.open("/templates"), "/templates", 422, name=name, text=text)
        assert sentence in page.text
        assert "".join(page.one("textarea", id="text").itertext()).strip() == text.strip()


def test_more_than_fit_at_hand_stand_one_press_further(alices: Browser):
    for number in range(6):
        add(alices, f"Шаблон {number}")
    page = alices.open(address(request_of_carol()))
    assert "Ещё 2" in page.text
    assert len(chips(page)) == 6
