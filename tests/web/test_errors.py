"""Refusals as people, htmx and programs read them."""

from __future__ import annotations

import pytest
from flask import Flask

from app.web import customer_page, links
from tests import cast
from tests.web.browse import Browser
from tests.web.signing_in import browser_of


@pytest.mark.parametrize(("address", "method", "status"), [("/nowhere", "GET", 404), ("/memo", "POST", 405)])
def test_an_error_page_says_what_to_do_and_names_the_phone(app: Flask, address: str, method: str, status: int):
    app.config["WTF_CSRF_ENABLED"] = False
    mallory = Browser(app)
    page = mallory.open(address, status) if method == "GET" else mallory.post(address, status)
    assert "позвоните" in page.text
    assert page.one("main").findall(".//a")


def test_a_wrong_method_names_the_right_ones(app: Flask):
    app.config["WTF_CSRF_ENABLED"] = False
    assert "GET" in app.test_client().post("/memo").headers["Allow"]


@pytest.mark.trust("A12")
def test_a_failure_of_ours_is_a_page_and_keeps_the_text(app: Flask, monkeypatch: pytest.MonkeyPatch):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    ticket = cast.request_of_carol()
    carol = Browser(app)
    address = f"/r/{links.token_of(ticket)}"
    page = carol.open(address)

    def broken(*_: object) -> None:
        raise RuntimeError("a fault in the page")

    monkeypatch.setattr(customer_page, "page", broken)
    failed = carol.send(page, f"{address}/answer", 500, text="")
    assert "ошибка у нас" in failed.text
    assert "RuntimeError" not in failed.response.text


def test_htmx_gets_a_line_for_the_place_of_alerts(app: Flask):
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().post("/nowhere", headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "#alerts"
    assert 'role="alert"' in answer.text
    assert "<html" not in answer.text


def test_a_poll_that_fails_leaves_the_page_alone(app: Flask):
    answer = app.test_client().get("/nowhere", headers={"HX-Request": "true"})
    assert answer.headers["HX-Reswap"] == "none"


def test_a_poll_from_an_address_that_is_none_is_sent_to_the_log_in_all_the_same(app: Flask):
    answer = app.test_client().get("/queue/list", headers={"HX-Request": "true", "HX-Current-URL": "http://["})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")


def test_a_form_that_went_stale_keeps_every_sentence(app: Flask):
    """Of a rating and of a call: not the words of an answer alone."""
    carol, address = Browser(app), f"/r/{links.token_of(cast.request_of_carol())}"
    stale = carol.post(f"{address}/rating", 400, data={"rating": "2", "comment": "Долго ждали"})
    assert "".join(stale.one("textarea", name="typed").itertext()).strip() == "Долго ждали"
    member = cast.alice()
    carol.client = browser_of(app, member)
    stale = carol.post("/tickets/new", 400, data={"what": "Касса стоит", "solution": "Перезагрузили", "phone": "112"})
    assert "".join(stale.one("textarea", name="typed").itertext()).split() == ["Касса", "стоит", "Перезагрузили"]
