"""Contracts of a company: added and changed; promises given by them stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import contracts, outbox
from app.clock import now
from app.config import settings
from app.errors import IntakeRejected, NotFound
from app.extensions import db
from app.models.calendar import CalendarRecord
from app.models.client_change import ClientChange
from app.models.company import Company, Contract
from app.models.words import UrgentClock
from app.reading import companies as reading
from app.web import contract_saved, form_seen
from app.web.companies import locked
from app.web.company_form import checked_contract
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("contracts", __name__)

_DURATIONS = ("reaction", "solution", "urgent_take", "urgent_solve", "reopening_minimum")


@bp.get("/companies/<int:company_id>/contracts/new")
def new(company_id: int) -> str:
    """A new contract begins with the terms of the last one, else with the desk's own."""
    company, own = reading.found(company_id), settings()
    last = max(company.contracts, key=lambda one: (one.valid_from, one.id), default=None)
    given = {"calendar": own.default_calendar, "urgent_clock": UrgentClock.ROUND_THE_CLOCK.value}
    given |= {"reaction": _shown(own.default_reaction), "solution": _shown(own.default_solution)}
    known = _values(last) if last else given
    return _form(company, None, known | {"number": "", "valid_from": "", "valid_to": ""}, {})


@bp.post("/companies/<int:company_id>/contracts")
def create(company_id: int) -> ResponseReturnValue:
    try:
        with outbox.transaction():
            contracts.add(locked(company_id), checked_contract(request.form), actor(), now())
    except IntakeRejected as refusal:
        return _form(reading.found(company_id), None, request.form, refusal.errors), refusal.status
    return contract_saved.after(company_id, is_new=True, is_changed=True)


@bp.get("/companies/<int:company_id>/contracts/<int:contract_id>")
def edit(company_id: int, contract_id: int) -> str:
    company = reading.found(company_id)
    contract = _found(company, contract_id)
    return _form(company, contract, form_seen.sealed(_values(contract)), {})


@bp.post("/companies/<int:company_id>/contracts/<int:contract_id>")
def change(company_id: int, contract_id: int) -> ResponseReturnValue:
    try:
        with outbox.transaction():
            contract = _found(locked(company_id), contract_id)
            form_seen.check(request.form, _values(contract), ClientChange.company_id == company_id, _words(contract))
            is_changed = contracts.change(contract, checked_contract(request.form), actor(), now())
    except IntakeRejected as refusal:
        company = reading.found(company_id)
        typed = refusal.typed if isinstance(refusal, form_seen.Overtaken) else request.form
        return _form(company, _found(company, contract_id), typed, refusal.errors), refusal.status
    return contract_saved.after(company_id, is_new=False, is_changed=is_changed)


def _found(company: Company, contract_id: int) -> Contract:
    contract = next((one for one in company.contracts if one.id == contract_id), None)
    if contract is None:
        raise NotFound("Такого договора у компании нет. Вернитесь к её карточке.")
    return contract


def _values(contract: Contract) -> dict[str, str]:
    window = contract.reopening_window
    return {
        "number": contract.number,
        "calendar": contract.calendar,
        "valid_from": contract.valid_from.isoformat(),
        "valid_to": contract.valid_to.isoformat() if contract.valid_to else "",
        "urgent_clock": contract.urgent_clock.value,
        "firm_contacts": contract.firm_contacts,
        "client_contacts": contract.client_contacts,
        "stops_for_third_party": "on" if contract.stops_for_third_party else "",
        "reopening_window": _days(window) or _shown(window),
        **{name: _shown(getattr(contract, name)) for name in _DURATIONS},
    }


def _words(contract: Contract) -> dict[str, str]:
    """What the form does not show as text."""
    is_any_time = contract.urgent_clock is UrgentClock.ROUND_THE_CLOCK
    clock = _("круглосуточно, в любой день") if is_any_time else _("только в рабочее время календаря")
    return {"urgent_clock": clock, "stops_for_third_party": _("да") if contract.stops_for_third_party else _("нет")}


def _shown(amount: object) -> str:
    return str(reader().words.hours(amount)) if amount else ""


def _days(window: timedelta | None) -> str:
    """A window is agreed in days."""
    return f"{window.days} {_('дн.')}" if window and not window % timedelta(days=1) else ""


def _form(company: Company, contract: Contract | None, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    action = (
        url_for("contracts.change", company_id=company.id, contract_id=contract.id)
        if contract
        else url_for("contracts.create", company_id=company.id)
    )
    return render_template(
        "companies/contract.html",
        company=company,
        contract=contract,
        action=action,
        calendars=db.session.scalars(select(CalendarRecord.name).order_by(CalendarRecord.name)).all(),
        touched=contract_saved.preview(contract) if contract else "",
        typed=typed,
        errors=errors,
    )
