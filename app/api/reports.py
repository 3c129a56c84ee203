"""Figures of the promise ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask.typing import ResponseReturnValue

from app.api import answers, schemas
from app.api.blueprint import bp
from app.api.company_names import company_named
from app.api.contract import contract
from app.api.problems import FieldsRefused
from app.clock import now
from app.durations import iso
from app.models.words import PromiseKind
from app.reports import promises
from app.reports.scope import Scope


@bp.get("/reports/promises")
@contract("Count promises due in a span of time.", asks=schemas.PromiseReport, answers=answers.PromiseReport)
def report_promises(given: dict[str, Any]) -> ResponseReturnValue:
    """``from`` and ``to`` are days of the desk's zone (``to`` included) or moments; the last 30 days without them."""
    start, end = promises.last_days(30, now())
    start, end = _edge(given, "from_", start), _edge(given, "to", end)
    if end <= start:
        raise FieldsRefused({"to": "The span ends before it begins."})
    company = company_named(given["company"]) if given.get("company") else None
    figures = promises.figures(start, end, Scope(company=company.id if company else None))
    return {
        "from": iso(start),
        "to": iso(end),
        "company": company.name if company else None,
        **{kind.value: figures[kind].as_json() for kind in PromiseKind},
    }


def _edge(given: dict[str, Any], name: str, otherwise: datetime) -> datetime:
    if not given.get(name):
        return otherwise
    try:
        return promises.edge(given[name], is_end=name == "to")
    except ValueError as error:
        raise FieldsRefused({name.rstrip("_"): f"{error}."}) from error
