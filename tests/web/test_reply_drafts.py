"""What is being written on a request is kept for its writer on any device, until it is sent."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from app import clock, outbox, reply_drafts
from app.extensions import db
from app.models import ReplyDraft, Ticket
from tests.cast import alice, bob, request_of_carol
from tests.web.acting import action, address
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in


def keep(browser: Browser, page: Page, ticket: Ticket, text: str, kind: str = "reply") -> int:
    """As the script does, with the key of that very page."""
    form = page.one("form", id="composer")
    names = ("csrf_token", "form_key")
    sent = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("name") in names}
    where = form.get("data-keep") or ""
    db.session.rollback()
    answer = browser.client.post(where, data={**sent, "text": text, "kind": kind})
    db.session.expire_all()
    return answer.status_code


def typed(page: Page) -> tuple[str, bool]:
    """The words in the composer, and whether it is a note."""
    text = "".join(page.one("textarea", id="text").itertext()).strip()
    return text, page.one("input", id="kind-note").get("checked") is not None


def test_another_device_goes_on_with_it(app: Flask, alices: Browser):
    ticket, other = request_of_carol(), request_of_carol()
    assert keep(alices, alices.open(address(ticket)), ticket, "Перезапустил ключ <b>и</b>", "note") == 204
    elsewhere = signed_in(app, alice())
    page = elsewhere.open(address(ticket))
    assert typed(page) == ("Перезапустил ключ <b>и</b>", True)
    assert "Черновик: " in page.text
    assert typed(elsewhere.open(address(other))) == ("", False)
    assert typed(signed_in(app, bob()).open(address(ticket))) == ("", False)


def test_the_newest_words_count_and_none_are_no_draft(alices: Browser):
    ticket = request_of_carol()
    page = alices.open(address(ticket))
    for text in ("Первый", "Второй"):
        keep(alices, page, ticket, text)
    assert typed(alices.open(address(ticket))) == ("Второй", False)
    keep(alices, page, ticket, "  ")
    assert db.session.query(ReplyDraft).count() == 0


def test_sent_words_are_no_draft_however_late_their_saving_comes(alices: Browser):
    ticket = request_of_carol()
    page = alices.open(address(ticket))
    keep(alices, page, ticket, "Готово, проверьте")
    sent = alices.send(page, action(page, f"{address(ticket)}/reply"), text="Готово, проверьте")
    assert typed(sent) == ("", False)
    assert keep(alices, page, ticket, "Готово, проверьте") == 204
    assert db.session.query(ReplyDraft).count() == 0
    key = page.all("input", name="form_key")[0].get("value")
    assert sent.one("form", id="composer").get("data-said") == key
    assert keep(alices, sent, ticket, "И ещё") == 204
    assert typed(alices.open(address(ticket)))[0] == "И ещё"


def test_a_refused_answer_keeps_its_draft(alices: Browser):
    ticket = request_of_carol()
    page = alices.open(address(ticket))
    keep(alices, page, ticket, "Черновик")
    alices.send(page, action(page, f"{address(ticket)}/reply"), 422, text=" ")
    assert typed(alices.open(address(ticket)))[0] == "Черновик"


def test_a_stranger_and_a_foreign_form_keep_nothing(app: Flask, alices: Browser):
    ticket = request_of_carol()
    where = f"{address(ticket)}/draft"
    assert alices.client.post(where, data={"text": "Без ключа формы"}).status_code in {400, 403}
    assert app.test_client().post(where, data={"text": "Чужой"}).status_code in {302, 400, 401, 403}
    assert db.session.query(ReplyDraft).count() == 0


def test_what_nobody_goes_on_with_is_forgotten(alices: Browser):
    ticket = request_of_carol()
    keep(alices, alices.open(address(ticket)), ticket, "Забытое")
    assert reply_drafts.tidy(clock.now()) == 0
    clock.shift(reply_drafts.KEPT_FOR + timedelta(seconds=1))
    assert reply_drafts.tidy(clock.now()) == 1
    outbox.commit()
    assert db.session.query(ReplyDraft).count() == 0
