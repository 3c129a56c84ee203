"""What a calendar was stays known, and no new version of the program moves a day that it had read."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import select

from app import calendar_edits, calendar_versions, outbox, terms
from app.actor import SYSTEM
from app.calendar_use import use_of
from app.calendar_watch import watch
from app.clock import now
from app.extensions import db
from app.models import CalendarRecord, CalendarVersion
from app.production_calendars import kept_years, production_calendar
from app.reading.calendar_comparison import compared
from tests.cast import neva_trade
from tests.working_hours import moscow, spec

pytestmark = pytest.mark.usefixtures("app")

SUMMER = date(2026, 6, 12)


def record(name: str = "ru-5x9") -> CalendarRecord:
    found = db.session.get(CalendarRecord, name)
    assert found
    return found


def forget(*years: int, closed: date | None = None) -> None:
    """As if the calendar had been read by an older program: without years, with a day that its decree closed."""
    known = {year: data for year, data in json.loads(record().production).items() if int(year) not in years}
    if closed:
        known[str(closed.year)]["days_off"].append(closed.isoformat())
    record().production = json.dumps(known, ensure_ascii=False, sort_keys=True)
    outbox.commit()


def kinds() -> list[str]:
    rows = db.session.scalars(
        select(CalendarVersion).where(CalendarVersion.calendar == "ru-5x9").order_by(CalendarVersion.version)
    )
    return [row.kind.value for row in rows]


def is_open(day: date) -> bool:
    return bool(terms.calendar_named("ru-5x9").opening_hours_on(day))


def test_shipped_calendars_have_read_their_years() -> None:
    assert record().production == record("ru-5x8-lunch").production == kept_years("RU")
    assert record("24x7").production == ""
    assert terms.calendar_named("ru-5x9").production == production_calendar("RU")


def test_a_day_that_was_read_otherwise_stays_until_the_manager_takes_the_new_one() -> None:
    forget(closed=date(2026, 6, 15))
    watch(moscow("2026-06-01T12:00"))
    assert not is_open(date(2026, 6, 15))
    calendar = terms.calendar_named("ru-5x9")
    assert compared(calendar, 2026).is_newer
    assert not compared(calendar, 2025).is_newer
    calendar_edits.take_year("ru-5x9", 2026, SYSTEM, now())
    assert is_open(date(2026, 6, 15))
    assert not compared(terms.calendar_named("ru-5x9"), 2026).is_newer
    calendar_edits.take_year("ru-5x9", 2026, SYSTEM, now())
    calendar_edits.restore("ru-5x9", 2, 2, SYSTEM, now())
    assert kinds() == ["shipped", "decreed"]


def test_a_year_that_a_new_program_brings_is_read_by_itself_once() -> None:
    forget(2026, closed=date(2027, 6, 15))
    calendar = terms.calendar_named("ru-5x9")
    assert calendar.is_provisional(moscow("2026-06-10T12:00"), moscow("2026-06-11T12:00"))
    assert is_open(SUMMER)
    for _time in range(2):
        watch(moscow("2026-06-01T12:00"))
    assert not is_open(SUMMER)
    assert not is_open(date(2027, 6, 15))
    assert kinds() == ["shipped", "decreed"]


def test_another_week_keeps_the_years_as_read() -> None:
    forget(closed=date(2026, 6, 15))
    calendar_versions.keep_calendar({**record().spec, "days": {"2026-06-16": []}}, now())
    assert not is_open(date(2026, 6, 15))
    assert kinds() == ["shipped", "imported"]


def test_a_new_calendar_reads_the_years_of_its_day_and_a_copy_those_of_its_pattern() -> None:
    forget(closed=date(2026, 6, 15))
    calendar_versions.keep_calendar(spec([["09:00", "18:00"]], production_calendar="RU"), now())
    assert record("test").production == kept_years("RU")
    calendar_edits.make("copy", "ru-5x9", SYSTEM, now())
    assert record("copy").production == record().production


def test_who_uses_a_calendar_is_told_with_contracts_to_come_and_without_ended_ones() -> None:
    company = neva_trade()
    contract = company.contracts[0]
    contract.valid_from, contract.valid_to = date(2026, 6, 1), date(2026, 6, 30)
    outbox.commit()
    for day, numbers in ((date(2026, 5, 1), ["118/2024"]), (date(2026, 6, 30), ["118/2024"]), (date(2026, 7, 1), [])):
        assert [one.number for one in use_of("ru-5x9", day)] == numbers
    use = use_of("ru-5x9", date(2026, 6, 1))
    assert (use.is_default, use.total, use.contracts[0].company_id) == (True, 1, company.id)
    assert use_of("24x7", date(2026, 6, 1)).is_default is False


def test_a_calendar_that_knows_all_years_is_left_alone() -> None:
    assert not calendar_versions.lacks_years()
    assert calendar_versions.read_new_years(now()) == []


def test_a_calendar_that_will_not_open_any_more_is_refused() -> None:
    days = {"2026-05-05": [["09:00", "18:00"]]}
    with pytest.raises(ValueError, match="never open, a promise by it could never come due"):
        calendar_versions.keep_calendar({**spec([]), "days": days}, moscow("2026-05-05T18:00"))
    assert calendar_versions.keep_calendar({**spec([]), "days": days}, moscow("2026-05-05T17:00"))[1]
