"""Companies: domains, where notices go, and the contract in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import client_history, clients, outbox
from app.api import answers, schemas
from app.api.blueprint import bp
from app.api.caller import caller
from app.api.contract import contract
from app.api.paging import page
from app.clock import now
from app.config import settings
from app.durations import format_duration
from app.errors import NotFound
from app.models.client_change import ChangeKind
from app.models.company import Company, Contract, name_key
from app.models.words import Notify, UrgentClock


@bp.get("/companies")
@contract("List companies.", asks=schemas.CompanySearch, answers=answers.CompanyPage)
def list_companies(given: dict[str, Any]) -> ResponseReturnValue:
    """``q``: the beginning or any part of the name; case, quotes and legal form make no difference."""
    query = select(Company).options(*clients.PARTS)
    if words := given.get("q"):
        query = query.where(Company.name_key.contains(name_key(words), autoescape=True))
    return page(query, Company.id, given, _shapes)


@bp.post("/companies")
@contract("Make a company.", takes=schemas.NewCompany, answers=answers.Company, status=201)
def make_company(given: dict[str, Any]) -> ResponseReturnValue:
    with outbox.transaction():
        company = clients.make_company(_typed(given), now())
        client_history.record(ChangeKind.MADE, caller(), now(), company_id=company.id)
        if company.contracts:
            _record_contract(company, ChangeKind.CONTRACTED, given["contract"]["number"])
    return _shapes([company])[0], 201


@bp.get("/companies/<int:company_id>")
@contract("Read a company.", answers=answers.Company)
def read_company(company_id: int) -> ResponseReturnValue:
    return _shapes([_found(company_id)])[0]


@bp.patch("/companies/<int:company_id>")
@contract("Change a company; given promises stay.", takes=schemas.CompanyChange, answers=answers.Company)
def change_company(company_id: int, given: dict[str, Any]) -> ResponseReturnValue:
    with outbox.transaction():
        company, number = _found(company_id), given.get("contract", {}).get("number")
        before, agreed = _own(company), _agreed(company, number)
        clients.change_company(company, _typed(given), now())
        if different := [name for name, value in _own(company).items() if value != before[name]]:
            client_history.record(ChangeKind.CHANGED, caller(), now(), company_id=company_id, fields=different)
        if _agreed(company, number) != agreed:
            _record_contract(company, ChangeKind.RECONTRACTED if agreed else ChangeKind.CONTRACTED, number)
    return _shapes([company])[0]


def _agreed(company: Company, number: str | None) -> dict[str, Any] | None:
    """The terms of the contract of that number."""
    return next((_contract(known) for known in company.contracts if known.number == number), None)


def _record_contract(company: Company, kind: ChangeKind, number: str) -> None:
    client_history.record(kind, caller(), now(), company_id=company.id, number=number)


def _found(company_id: int) -> Company:
    company = clients.with_parts(company_id)
    if company is None:
        raise NotFound(f"There is no company {company_id}.")
    return company


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    typed = dict(given)
    if "notify" in typed:
        typed["notify"] = Notify(typed["notify"])
    if "urgent_clock" in typed.get("contract", {}):
        typed["contract"] = {**typed["contract"], "urgent_clock": UrgentClock(typed["contract"]["urgent_clock"])}
    return typed


def _shapes(companies: Sequence[Company]) -> list[dict[str, Any]]:
    today = now().astimezone(settings().time_zone).date()
    return [
        {"id": company.id, **_own(company), "contract": _contract(clients.contract_of(company, today))}
        for company in companies
    ]


def _own(company: Company) -> dict[str, Any]:
    return {
        "name": company.name,
        "domains": sorted(row.domain for row in company.domains),
        "notice_email": company.notice_email,
        "notify": (company.notify or Notify.BOTH).value,
    }


def _contract(terms: Contract | None) -> dict[str, Any] | None:
    if terms is None:
        return None
    return {
        "number": terms.number,
        "valid_from": terms.valid_from.isoformat(),
        "valid_to": terms.valid_to.isoformat() if terms.valid_to else None,
        "calendar": terms.calendar,
        "reaction": format_duration(terms.reaction),
        "solution": format_duration(terms.solution),
        "urgent_clock": terms.urgent_clock.value,
        "stops_for_third_party": terms.stops_for_third_party,
    }
