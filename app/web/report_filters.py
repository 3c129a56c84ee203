"""The filters of reports: read from the address, and written into every link that keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.clock import now
from app.config import settings
from app.extensions import db
from app.models.company import Company, Contract
from app.models.staff import Staff
from app.models.words import Channel, Role
from app.reports import period as periods
from app.reports.period import Compared, Named, Period
from app.reports.scope import Scope
from app.rows import typed_number

_NAMES = ("period", "from", "to", "compare", "company", "engineer", "channel", "contract")
WITHOUT = "-"  # in the address: a contract that a request does not have


@dataclass(frozen=True)
class Asked:
    """What the address asks for. ``errors``: field to sentence; then the period is this month."""

    period: Period
    compared: Compared
    scope: Scope
    typed: dict[str, str]
    errors: dict[str, str]

    def args(self, **changes: str | int | None) -> dict[str, Any]:
        """The same filters as arguments of an address, some of them changed; None drops one."""
        wanted: dict[str, str | int | None] = {**self.typed, **changes}
        return {name: value for name, value in wanted.items() if value is not None and value != ""}

    def days(self, first: date, last: date, **changes: str | int | None) -> dict[str, Any]:
        """The same filters for some days."""
        own = {"period": Named.OWN.value, "from": first.isoformat(), "to": last.isoformat(), "compare": None}
        return self.args(**{**own, **changes})

    @property
    def before(self) -> Period | None:
        return self.period.compared(self.compared)


def asked(args: Mapping[str, str]) -> Asked:
    """Every wrong field gets its sentence; nothing raises."""
    typed = {name: args[name].strip()[:100] for name in _NAMES if args.get(name, "").strip()}
    errors: dict[str, str] = {}
    period = _period(typed, errors)
    try:
        compared = Compared(typed.get("compare", Compared.PREVIOUS))
    except ValueError:
        compared, errors["compare"] = Compared.PREVIOUS, "Такого сравнения нет. Выберите из списка."
    scope = Scope(
        company=_row(typed, "company", Company.id, "Такой компании нет. Выберите из списка.", errors),
        engineer=_row(typed, "engineer", Staff.id, "Такого инженера нет. Выберите из списка.", errors),
        channel=_channel(typed, errors),
        contract=_contract(typed),
    )
    return Asked(period, compared, scope, typed, errors)


def companies() -> list[tuple[int, str]]:
    """Those to choose from, by name."""
    query = select(Company.id, Company.name).where(Company.merged_into_id.is_(None)).order_by(Company.name, Company.id)
    return [(row_id, name) for row_id, name in db.session.execute(query)]


def engineers() -> list[tuple[int, str]]:
    """Those to choose from, by name; the others appear in the report where they had requests."""
    query = select(Staff.id, Staff.name).where(Staff.role != Role.ADMIN).order_by(Staff.name, Staff.id)
    return [(row_id, name) for row_id, name in db.session.execute(query)]


def contracts() -> list[str]:
    return list(db.session.scalars(select(Contract.number).distinct().order_by(Contract.number).limit(1000)))


def _period(typed: dict[str, str], errors: dict[str, str]) -> Period:
    zone = settings().time_zone
    month = periods.named(Named.MONTH, now(), zone)
    is_dated = "from" in typed or "to" in typed
    try:
        name = Named(typed.get("period", Named.OWN if is_dated else Named.MONTH))
    except ValueError:
        errors["period"] = "Такого периода нет. Выберите из списка."
        return month
    if name is not Named.OWN:
        return periods.named(name, now(), zone)
    days = {edge: _day(typed, edge, errors) for edge in ("from", "to")}
    first, last = days["from"], days["to"]
    if first is None or last is None:
        return month
    try:
        return periods.own(first, last, zone)
    except ValueError as reason:
        errors["to"] = str(reason)
        return month


def _day(typed: dict[str, str], name: str, errors: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(typed[name])
    except KeyError:
        errors[name] = "Укажите обе даты периода: с какого дня и по какой."
    except ValueError:
        errors[name] = "Это не дата. Напишите её как 2026-11-25."
    return None


def _row(typed: dict[str, str], name: str, column: object, refusal: str, errors: dict[str, str]) -> int | None:
    """A row's id, 0 for requests without one, None for all."""
    if name not in typed:
        return None
    row_id = typed_number(typed[name])
    if row_id == 0:
        return 0
    if row_id is not None and db.session.scalar(select(column).where(column == row_id)) is not None:  # type: ignore[call-overload]
        return row_id
    errors[name] = refusal
    return None


def _channel(typed: dict[str, str], errors: dict[str, str]) -> Channel | None:
    try:
        return Channel(typed["channel"]) if "channel" in typed else None
    except ValueError:
        errors["channel"] = "Такого канала нет. Выберите из списка."
        return None


def _contract(typed: dict[str, str]) -> str | None:
    """Any number: contracts are renamed, their old requests keep the old one."""
    number = typed.get("contract")
    return "" if number == WITHOUT else number
