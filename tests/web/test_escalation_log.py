"""The log of what is over, and the page that says when something comes before the manager."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app import clock, config, escalations, outbox, thresholds
from app.actor import SYSTEM, Actor
from app.clock import now
from app.config import CONFIG_KEY
from app.extensions import db
from app.models.escalation import Escalation, ThresholdChange
from app.models.words import Cause
from app.reading.escalation_log import PAGE
from app.terms import terms_for
from tests.cast import alice, masha, request_of_carol
from tests.web.browse import Browser
from tests.web.signing_in import browser_of, signed_in

FIELDS = {
    "near_deadline": "30",
    "urgent_take_within": "10",
    "escalation_returns_after": "30",
    "page_next_after": "10",
    "page_all_after": "20",
    "page_again_every": "30",
}
PAGE_OF_THRESHOLDS = "/escalations/thresholds"


def resolved(cause: Cause, outcome: str) -> None:
    ticket = request_of_carol()
    escalations.escalate(ticket, cause, SYSTEM, now(), "solution" if cause is Cause.MISSED else "")
    found = db.session.query(Escalation).filter_by(ticket_id=ticket.id).one()
    escalations.acknowledge(found, "Смотрю", Actor.of_staff(masha()), now())
    escalations.resolve(found, outcome, Actor.of_staff(masha()), now())
    outbox.commit()


def test_an_empty_log_says_so(manager: Browser):
    assert "Журнал пуст" in manager.open("/escalations/log").text


def test_the_log_tells_who_ended_it_and_how_by_cause_and_by_day(manager: Browser):
    resolved(Cause.COMPLAINT, "Извинились")
    clock.shift(timedelta(days=2))
    resolved(Cause.MISSED, "Договорились на завтра")
    page = manager.open("/escalations/log")
    assert page.text.index("Договорились на завтра") < page.text.index("Извинились")
    assert f"{masha().name}: Извинились" in page.text
    assert "Вы: на контроле: Смотрю" in page.text
    complaints = manager.open("/escalations/log?cause=complaint").text
    assert "Извинились" in complaints
    assert "Договорились" not in complaints
    today = now().astimezone(config.settings().time_zone).date()
    assert "Извинились" not in manager.open(f"/escalations/log?day={today}").text
    assert "Договорились" in manager.open(f"/escalations/log?day={today}").text
    assert "Ничего не нашли" in manager.open("/escalations/log?day=2020-02-29").text
    assert "Извинились" in manager.open("/escalations/log?day=x&cause=y&after=z~1").text


def test_the_log_goes_on_page_by_page_and_shows_each_once(manager: Browser):
    at = now()
    for number in range(PAGE + 3):
        escalations.report_system(f"part {number}", f"Сбой {number}.", at)
        escalations.settle_system(f"part {number}", at)  # many at one moment
    outbox.commit()
    first = manager.open("/escalations/log")
    following = next(link.get("href") for link in first.all("a") if "Следующие" in "".join(link.itertext()))
    second = manager.open(following or "")
    shown = [sum(f"Сбой {number}." in page.text for page in (first, second)) for number in range(PAGE + 3)]
    assert shown == [1] * (PAGE + 3)
    assert "Следующие" not in second.text


def test_a_threshold_is_changed_by_the_manager_and_the_page_says_who_did(manager: Browser):
    page = manager.open(PAGE_OF_THRESHOLDS)
    assert "Никто ничего не менял" in page.text
    after = manager.send(
        page, PAGE_OF_THRESHOLDS, 200, **FIELDS | {"near_deadline": "45", "escalation_returns_after": "15"}
    )
    assert "Сохранено" in after.text
    assert f"{masha().name}: Срок близко, когда до него меньше 45 мин (было 30 мин)" in after.text
    assert thresholds.current().near_deadline == timedelta(minutes=45)
    assert terms_for(None, now()).near == timedelta(minutes=45)
    assert "до срока меньше 45 мин" in manager.open("/escalations").text
    back = manager.send(manager.open(PAGE_OF_THRESHOLDS), PAGE_OF_THRESHOLDS, near_deadline="")
    assert "30 мин (было 45 мин)" in back.text
    assert terms_for(None, now()).near == timedelta(minutes=30)
    manager.send(back, PAGE_OF_THRESHOLDS)
    assert db.session.query(ThresholdChange).count() == 3  # what stays as it is is no change


def test_the_hours_of_complaints_are_chosen_and_the_page_says_who_did(manager: Browser):
    page = manager.open(PAGE_OF_THRESHOLDS)
    assert thresholds.current().page_complaints == "always"
    after = manager.send(page, PAGE_OF_THRESHOLDS, page_complaints="day")
    assert f"{masha().name}: Жалоба зовёт руководителей только в рабочие часы (было в любое время)" in after.text
    assert thresholds.current().page_complaints == "day"
    [chosen] = [one for one in after.one("select", id="page_complaints") if one.get("selected") is not None]
    assert chosen.get("value") == "day"
    manager.send(after, PAGE_OF_THRESHOLDS, page_complaints="never")
    assert thresholds.current().page_complaints == "day"
    manager.send(after, PAGE_OF_THRESHOLDS, page_complaints="always")
    assert thresholds.current().page_complaints == "always"
    assert [row.seconds for row in db.session.query(ThresholdChange).order_by(ThresholdChange.id)] == [1, None]


def test_hours_that_the_environment_sets_are_locked(app: Flask):
    own = app.config[CONFIG_KEY]
    app.config[CONFIG_KEY] = replace(own, page_complaints="day", given=frozenset({"page_complaints"}))
    browser = signed_in(app, masha())
    page = browser.open(PAGE_OF_THRESHOLDS)
    assert "PAGE_COMPLAINTS" in page.text
    assert page.one("select", id="page_complaints").get("disabled") is not None
    browser.send(page, PAGE_OF_THRESHOLDS, page_complaints="always")
    assert thresholds.current().page_complaints == "day"
    assert db.session.query(ThresholdChange).count() == 0


@pytest.mark.parametrize("typed", ["0", "-1", "1441", "полчаса", "9" * 30, "1.5", "٣"])
def test_a_wrong_number_is_named_and_kept(manager: Browser, typed: str):
    page = manager.open(PAGE_OF_THRESHOLDS)
    refused = manager.send(page, PAGE_OF_THRESHOLDS, status=422, near_deadline=typed)
    assert "целое число минут" in refused.text
    assert refused.one("input", id="near_deadline").get("value") == typed
    assert db.session.query(ThresholdChange).count() == 0


def test_all_managers_are_not_called_before_the_next_person(manager: Browser):
    page = manager.open(PAGE_OF_THRESHOLDS)
    refused = manager.send(page, PAGE_OF_THRESHOLDS, status=422, page_next_after="40")
    assert "не раньше, чем следующего" in refused.text


def test_what_the_environment_sets_is_locked(app: Flask):
    own = app.config[CONFIG_KEY]
    app.config[CONFIG_KEY] = replace(own, near_deadline=timedelta(minutes=20), given=frozenset({"near_deadline"}))
    thresholds.change("near_deadline", timedelta(minutes=5), None, now())
    outbox.commit()
    browser = signed_in(app, masha())
    page = browser.open(PAGE_OF_THRESHOLDS)
    assert "NEAR_DEADLINE" in page.text
    assert page.one("input", id="near_deadline").get("disabled") is not None
    assert thresholds.current().near_deadline == timedelta(minutes=20)
    browser.send(page, PAGE_OF_THRESHOLDS, near_deadline="1")
    assert thresholds.current().near_deadline == timedelta(minutes=20)


def test_thresholds_are_read_once_for_many_questions(app: Flask, count_queries):
    thresholds.forget()
    with count_queries() as asked:
        for _ in range(20):
            thresholds.current()
    assert asked() == 1


def test_engineers_and_strangers_are_kept_out(app: Flask):
    engineer = browser_of(app, alice())
    for path in ("/escalations/log", PAGE_OF_THRESHOLDS, "/escalations/side", "/escalations/1/assignment"):
        assert engineer.get(path).status_code == 403
        assert app.test_client().get(path).status_code == 302
    for path in ("taking", "assignment", "call", "put-back"):
        assert engineer.post(f"/escalations/1/{path}").status_code in {400, 403}
        assert app.test_client().post(f"/escalations/1/{path}").status_code in {400, 401}
        if path != "assignment":
            assert browser_of(app, masha()).get(f"/escalations/1/{path}").status_code == 405
    assert engineer.post(PAGE_OF_THRESHOLDS).status_code in {400, 403}
