"""Contracts of a company over time: added, changed, checked. Promises given by them stay as they were given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app import client_history, durations
from app.actor import Actor
from app.errors import IntakeRejected
from app.extensions import db
from app.models.calendar import CalendarRecord
from app.models.client_change import ChangeKind
from app.models.company import Company, Contract
from app.translate import _

_TERMS = ("reaction", "solution", "urgent_take", "urgent_solve")
_AMOUNT = re.compile(
    r"(?:(\d{1,5})\s*(?:дн\w*|день|дней|д|d|days?))?\s*(?:(\d{1,5})\s*(?:час\w*|ч|h|hours?))?\s*"
    r"(?:(\d{1,5})\s*(?:мин\w*|м|m|min|minutes?))?\.?",
    re.IGNORECASE,
)


def add(company: Company, fields: Mapping[str, Any], by: Actor, at: datetime) -> Contract:
    """A new contract of the company, flushed; ``fields`` are columns of Contract."""
    contract = Contract(company_id=company.id, **fields)
    _check(contract)
    db.session.add(contract)
    db.session.flush()
    client_history.record(ChangeKind.CONTRACTED, by, at, company_id=company.id, number=contract.number)
    return contract


def change(contract: Contract, fields: Mapping[str, Any], by: Actor, at: datetime) -> bool:
    """Set what ``fields`` name; False where nothing is different, and nothing is recorded."""
    different = [name for name, value in fields.items() if getattr(contract, name) != value]
    if not different:
        return False
    for name in different:
        setattr(contract, name, fields[name])
    _check(contract)
    db.session.flush()
    client_history.record(
        ChangeKind.RECONTRACTED, by, at, company_id=contract.company_id, number=contract.number, fields=different
    )
    return True


def amount(text: str) -> timedelta:
    """«8 ч 30 мин», «30 дней», 8h30m; a day is 24 hours. ValueError for anything else."""
    words = " ".join(text.split())
    found = _AMOUNT.fullmatch(words)
    if found is None or not any(found.groups()):
        try:
            return durations.parse(words)
        except ValueError as error:
            raise ValueError(_("%(typed)r: не похоже на срок, пишите 8 ч 30 мин или 8h30m", typed=text)) from error
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _check(contract: Contract) -> None:
    errors = {}
    with db.session.no_autoflush:
        if contract.valid_to and contract.valid_to < contract.valid_from:
            errors["valid_to"] = "Договор кончается раньше, чем начинается."
        if db.session.get(CalendarRecord, contract.calendar) is None:
            errors["calendar"] = _("Календаря «%(name)s» нет. Выберите из списка.", name=contract.calendar)
        for name in _TERMS:
            if (amount := getattr(contract, name)) is not None and amount <= timedelta(0):
                errors[name] = "Срок должен быть больше нуля."
        same = (Contract.company_id == contract.company_id, Contract.number == contract.number)
        if db.session.scalars(select(Contract.id).where(*same, Contract.id != (contract.id or 0))).first():
            errors["number"] = "Договор с таким номером у компании уже есть. Измените его или дайте другой номер."
    if errors:
        raise IntakeRejected(errors)
