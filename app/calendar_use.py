"""Who works by a calendar: contracts in force or to come, and the desk itself where no contract holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from app.config import settings
from app.extensions import db
from app.models.company import Company, Contract

SHOWN = 10


@dataclass(frozen=True, slots=True)
class ContractUse:
    """A contract that names the calendar."""

    company_id: int
    company: str
    contract_id: int
    number: str


@dataclass(frozen=True, slots=True)
class CalendarUse:
    """``is_default``: terms without a contract are by it. ``total`` counts all contracts, of which these are first."""

    is_default: bool
    contracts: tuple[ContractUse, ...]
    total: int

    def __iter__(self) -> Iterator[ContractUse]:
        return iter(self.contracts)


def use_of(calendar: str, today: date, *, most: int = SHOWN) -> CalendarUse:
    """Contracts that name the calendar and have not ended before ``today``, by company and number."""
    lasting = (Contract.calendar == calendar, or_(Contract.valid_to.is_(None), Contract.valid_to >= today))
    columns = select(Company.id, Company.name, Contract.id, Contract.number)
    query = columns.join(Contract, Contract.company_id == Company.id).where(*lasting)
    found = db.session.execute(query.order_by(Company.name_key, Contract.number).limit(most)).all()
    total = len(found)
    if total == most:
        total = db.session.scalar(select(func.count(Contract.id)).where(*lasting)) or 0
    is_default = settings().default_calendar == calendar
    return CalendarUse(is_default, tuple(ContractUse(*row) for row in found), total)


def contract_counts(today: date) -> dict[str, int]:
    """How many contracts that have not ended before ``today`` name each calendar."""
    lasting = or_(Contract.valid_to.is_(None), Contract.valid_to >= today)
    query = select(Contract.calendar, func.count().label("contracts")).where(lasting).group_by(Contract.calendar)
    return {row.calendar: row.contracts for row in db.session.execute(query)}
