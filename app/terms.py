"""Which terms hold for a request: the contract valid at the moment, else the desk's own; and calendars by name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from app.calendars import WorkCalendar
from app.config import settings
from app.errors import NotFound
from app.extensions import db
from app.models.calendar import CalendarRecord
from app.models.company import Company, Contract
from app.models.ticket import Ticket
from app.production_calendars import of_kept_years
from app.promises import Terms
from app.thresholds import current as thresholds

# Built once: every deadline asks for its terms.
_CONTRACTS = (
    select(Contract)
    .where(Contract.company_id == bindparam("company"))
    .order_by(Contract.valid_from.desc(), Contract.id.desc())
)


def terms_of(ticket: Ticket, at: datetime) -> Terms:
    """The terms that hold for a request at a moment."""
    return _terms(ticket.company_id, at)


def terms_for(company: Company | None, at: datetime) -> Terms:
    """The terms that hold for a company at a moment; for none, the desk's own."""
    return _terms(company.id if company else None, at)


def urgent_time(company_id: int | None, at: datetime) -> timedelta:
    """How long an urgent request of that company may take."""
    return _terms(company_id, at).urgent_solve


def contract_at(company_id: int, at: datetime) -> Contract | None:
    """The contract valid on the date that `at` shows in its calendar's zone; of several, the one that began last."""
    valid = _valid(company_id, at)
    return valid[0] if valid else None


def desk_calendar() -> WorkCalendar:
    """The desk's own: of the roster, of complaints, of what waits for service hours and belongs to no contract."""
    return calendar_named(settings().default_calendar)


def calendar_named(name: str) -> WorkCalendar:
    """The working calendar of that name; NotFound if there is none."""
    record = db.session.get(CalendarRecord, name)
    if record is None:
        raise NotFound(f"there is no calendar {name!r}: flask calendar list shows those there are")
    return calendar_of(record)


def calendar_of(record: CalendarRecord) -> WorkCalendar:
    """The working calendar that a record holds, by the years of the production calendar that it keeps."""
    return _work_calendar(json.dumps(record.spec), record.production)


def _valid(company_id: int, at: datetime) -> tuple[Contract, WorkCalendar] | None:
    for contract in db.session.scalars(_CONTRACTS, {"company": company_id}):
        calendar = calendar_named(contract.calendar)
        day = at.astimezone(calendar.zone).date()
        if contract.valid_from <= day and (contract.valid_to is None or day <= contract.valid_to):
            return contract, calendar
    return None


def _terms(company_id: int | None, at: datetime) -> Terms:
    own, chosen = settings(), thresholds()
    contract, calendar = (_valid(company_id, at) if company_id is not None else None) or (None, None)
    desk: dict[str, Any] = {
        "calendar": calendar or calendar_named(own.default_calendar),
        "reaction": own.default_reaction,
        "solution": own.default_solution,
        "urgent_take": chosen.urgent_take_within,
        "urgent_solve": own.urgent_solve_within,
        "reopening_window": own.reopen_window,
        "near": chosen.near_deadline,
    }
    if contract is None:
        return Terms(**desk)
    agreed = {
        "contract": contract.number,
        "reaction": contract.reaction,
        "solution": contract.solution,
        "urgent_take": contract.urgent_take,
        "urgent_solve": contract.urgent_solve,
        "urgent_clock": contract.urgent_clock,
        "reopening_window": contract.reopening_window,
        "reopening_minimum": contract.reopening_minimum,
        "stops_for_third_party": contract.stops_for_third_party,
    }
    return Terms(**desk | {name: value for name, value in agreed.items() if value is not None})


@lru_cache(maxsize=500)
def _work_calendar(spec: str, years: str) -> WorkCalendar:
    """One object for one content: what it has laid out serves every request of the process."""
    calendar = WorkCalendar.from_spec(json.loads(spec))
    if calendar.production is None:
        return calendar
    return replace(calendar, production=of_kept_years(calendar.production.code, years))
