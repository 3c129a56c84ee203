"""Merging on pages: chosen, merged, refused one by one, taken apart; what customers see of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app import outbox, signing, tickets
from app.clock import now
from app.extensions import db
from app.models import Message, State, Ticket
from app.web import links
from tests.cast import acting, alice, request_of_carol
from tests.web.browse import Browser
from tests.web.signing_in import csrf_token


def two() -> tuple[Ticket, Ticket]:
    return request_of_carol(), request_of_carol(text="И печать <b>не</b> идёт")


def test_merging_is_chosen_on_a_page_and_taken_apart_again(alices: Browser):
    into, other = two()
    page = alices.open(f"/tickets/{other.number}")
    assert page.all("a", data_key="KeyM")
    page = alices.open(f"/tickets/merging?number={other.number}")
    assert "И печать <b>не</b> идёт" in page.text
    assert page.one("input", type="radio", name="into", value=into.number) is not None
    page = alices.send(page, "/tickets/merging", number=[into.number, other.number], into=into.number)
    assert page.address.endswith(f"/tickets/{into.number}")
    assert f"Присоединена {other.number}" in page.text
    assert other.merged_into_id == into.id
    joined = alices.open(f"/tickets/{other.number}")
    assert f"работа идёт по {into.number}" in joined.text
    page = alices.send(page, f"/tickets/{other.number}/split")
    assert "Отделена от заявки" in page.text
    assert other.state is State.NEW


def test_what_cannot_be_merged_is_named_and_the_rest_is_done(alices: Browser):
    into, other = two()
    strange = request_of_carol(name="Мэлори", email="mallory@evil.example", phone="", company="")
    page = alices.open(f"/tickets/merging?number={into.number}&number={other.number}&number={strange.number}")
    chosen = [into.number, other.number, strange.number]
    page = alices.send(page, "/tickets/merging", status=409, number=chosen, into=into.number)
    assert "Объединено: 1" in page.text
    assert "другой клиент" in page.text
    assert other.merged_into_id == into.id
    assert strange.is_active


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"number": [], "into": ""}, "Отметьте хотя бы две"),
        ({"number": ["own"], "into": "own"}, "Отметьте хотя бы две"),
        ({"number": ["own"], "into": "", "more": "482174"}, "опечатка"),
    ],
)
def test_a_wrong_choice_is_named_and_what_was_typed_stays(alices: Browser, sent: dict[str, Any], why: str):
    into, _other = two()
    page = alices.open(f"/tickets/merging?number={into.number}")
    own = {name: [into.number if one == "own" else one for one in value] if isinstance(value, list)
           else into.number if value == "own" else value for name, value in sent.items()}  # fmt: skip
    page = alices.send(page, "/tickets/merging", status=422, **own)
    assert why in page.text
    if "more" in own:
        assert page.one("input", id="more").get("value") == own["more"]


def test_a_number_typed_that_nobody_has_is_named(alices: Browser):
    into, _other = two()
    page = alices.open(f"/tickets/merging?number={into.number}")
    page = alices.send(page, "/tickets/merging", status=409, number=[into.number], into=into.number, more="482170")
    assert "Такой заявки нет" in page.text


def test_the_customer_of_the_joined_request_is_led_to_the_one_that_goes_on(app: Flask):
    into, other = two()
    tickets.merge(into, other, acting(alice()), now())
    outbox.commit()
    carols = Browser(app)
    page = carols.open(f"/status?number={other.number}")
    assert f"Работа идёт по заявке {into.number}" in page.text
    assert into.title not in page.text
    token = signing.link_token(other.number, other.link_version)
    page = carols.open(f"/r/{token}")
    main = f"/r/{signing.link_token(into.number, into.link_version)}"
    assert page.all("a", href=main)
    assert "Открыть заново" not in page.text
    typed = {"text": "Ещё вот что", "csrf_token": csrf_token(carols.client)}
    assert main in carols.client.post(f"/r/{token}/answer", data=typed).location
    assert db.session.query(Message).filter_by(ticket_id=into.id, text="Ещё вот что").count() == 1


def test_merging_is_for_staff(app: Flask):
    into, other = two()
    stranger = Browser(app)
    assert stranger.client.get(f"/tickets/merging?number={into.number}").status_code in {302, 303, 401}
    assert stranger.client.post(f"/tickets/{other.number}/split").status_code in {302, 303, 400, 401, 403}


def test_the_page_that_confirmed_a_merged_request_leads_to_the_one_that_goes_on(app: Flask):
    into, other = two()
    tickets.merge(into, other, acting(alice()), now())
    outbox.commit()
    page = Browser(app).open(f"/r/{links.token_of(other)}/accepted")
    assert f"Открыть заявку {into.number}" in page.text
