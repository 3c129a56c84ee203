"""«Важно знать»: staff read it in the request and during a call, customers nowhere."""

from __future__ import annotations

from flask import Flask

from app import outbox
from app.web import links
from tests.cast import alice, carol, masha, neva_trade, request_of_carol
from tests.web.browse import Browser
from tests.web.signing_in import browser_of, signed_in


def test_staff_read_the_notes_and_customers_do_not(app: Flask):
    ticket = request_of_carol()
    carol().notes, neva_trade().notes = "Не звонить до 11", "Пропуск за день,\n<b>паспорт</b>"
    outbox.commit()
    engineer = signed_in(app, alice())
    for path in (f"/tickets/{ticket.number}", "/tickets/new?phone=89005550144"):
        page = engineer.open(path)
        for words in ("Важно знать", "Не звонить до 11", "Пропуск за день, <b>паспорт</b>"):
            assert words in page.text, path
    assert "Важно знать" not in engineer.open("/tickets/new?phone=89005550144&other=1").text
    customer = Browser(app)
    for path in (f"/r/{links.token_of(ticket)}", f"/status?number={ticket.number}"):
        assert "звонить до 11" not in customer.open(path).text


def test_the_card_is_one_click_away_for_managers(app: Flask):
    ticket = request_of_carol()
    card = f"/companies/{neva_trade().id}"
    assert card not in browser_of(app, alice()).get(f"/tickets/{ticket.number}").text
    assert card in browser_of(app, masha()).get(f"/tickets/{ticket.number}").text
