"""Which terms hold for a company, and what keeping a calendar changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from app.calendar_versions import keep_calendar
from app.clock import now
from app.durations import parse_moment
from app.errors import NotFound
from app.extensions import db
from app.models import CalendarRecord, Company, Contract, Notify, UrgentClock
from app.terms import calendar_named, contract_at, terms_for


def company() -> Company:
    made = Company(name="Ладога", name_key="ладога", notify=Notify.BOTH, created_at=now())
    db.session.add(made)
    db.session.flush()
    return made


def contract(owner: Company, number: str, since: date, until: date | None = None, calendar: str = "ru-5x9") -> None:
    agreed = Contract(company_id=owner.id, number=number, valid_from=since, valid_to=until, calendar=calendar)
    agreed.reaction, agreed.solution = timedelta(minutes=30), timedelta(hours=4)
    agreed.urgent_clock = UrgentClock.SERVICE_HOURS
    db.session.add(agreed)
    db.session.flush()


def test_without_a_contract_the_desk_has_its_own_terms(app: Flask) -> None:
    own = terms_for(None, now())
    assert (own.contract, own.reaction, own.solution) == (None, timedelta(hours=1), timedelta(hours=8))
    assert (own.urgent_take, own.urgent_solve) == (timedelta(minutes=10), timedelta(hours=2))
    assert own.calendar.name == "ru-5x9"
    assert terms_for(company(), now()) == own


def test_a_contract_holds_on_both_its_days_by_the_zone_of_its_calendar(app: Flask) -> None:
    owner = company()
    contract(owner, "118/2026", date(2026, 11, 1), date(2026, 11, 30), "24x7")
    for at, number in [
        ("2026-10-31T23:59:59+03:00", None),
        ("2026-11-01T00:00:00+03:00", "118/2026"),
        ("2026-11-30T23:59:59+03:00", "118/2026"),
        ("2026-12-01T00:00:00+03:00", None),
    ]:
        assert terms_for(owner, parse_moment(at)).contract == number
    agreed = terms_for(owner, parse_moment("2026-11-15T00:00Z"))
    assert (agreed.calendar.name, agreed.solution, agreed.urgent_clock) == (
        "24x7",
        timedelta(hours=4),
        UrgentClock.SERVICE_HOURS,
    )
    assert agreed.urgent_solve == timedelta(hours=2)  # silent on it: the desk's setting


def test_of_two_contracts_the_one_that_began_last_holds(app: Flask) -> None:
    owner = company()
    contract(owner, "new", date(2026, 11, 10))
    contract(owner, "old", date(2025, 1, 1))
    found = contract_at(owner.id, parse_moment("2026-11-15T00:00Z"))
    assert found is not None
    assert found.number == "new"


def test_an_unknown_calendar_is_named(app: Flask) -> None:
    with pytest.raises(NotFound, match="'nowhere'"):
        calendar_named("nowhere")


def test_keeping_a_calendar_again_replaces_it_and_counts_versions(app: Flask) -> None:
    before = calendar_named("ru-5x9")
    assert calendar_named("ru-5x9") is before
    spec = replace(before, week=calendar_named("ru-5x8-lunch").week).to_spec()
    assert keep_calendar(spec, now())[1] is False
    assert calendar_named("ru-5x9").week == calendar_named("ru-5x8-lunch").week
    record = db.session.get(CalendarRecord, "ru-5x9")
    assert record is not None
    assert record.version == 2
    keep_calendar(spec, now())
    assert record.version == 2
