"""Escalations: what needs the manager, and calling the manager."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import escalations, outbox
from app.api import answers, schemas
from app.api.blueprint import bp
from app.api.caller import caller
from app.api.contract import contract
from app.api.paging import page
from app.api.tickets import found
from app.clock import now
from app.durations import iso
from app.extensions import db
from app.models.escalation import Escalation
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Cause
from app.policy import may_see_complaint

_STATES = {
    "open": Escalation.resolved_at.is_(None),
    "acknowledged": Escalation.resolved_at.is_(None) & Escalation.acknowledged_at.is_not(None),
    "resolved": Escalation.resolved_at.is_not(None),
}


@bp.get("/escalations")
@contract("List escalations, newest first.", asks=schemas.EscalationSearch, answers=answers.EscalationPage)
def list_escalations(given: dict[str, Any]) -> ResponseReturnValue:
    query = select(Escalation)
    if state := given.get("state"):
        query = query.where(_STATES[state])
    return page(query, Escalation.id, given, _shapes, newest_first=True)


@bp.post("/tickets/<number>/escalations")
@contract("Call the manager to a request.", takes=schemas.NewEscalation, answers=answers.Escalation, status=201)
def make_escalation(number: str, given: dict[str, Any]) -> ResponseReturnValue:
    """One open complaint a request and its engineer: where there is one already, managers are answered with it and 200.

    Others are told what they said themselves, whatever stands there: a complaint is not theirs to read or to know of.
    """
    by, at = caller(), now()
    with outbox.transaction():
        ticket = found(number, to_change=True)
        is_new = escalations.escalate(ticket, Cause.COMPLAINT, by, at, given["reason"])
    if not may_see_complaint(by, ticket.engineer_id):
        return _said(ticket.number, given["reason"], at), 201
    query = select(Escalation).where(Escalation.ticket_id == ticket.id, Escalation.cause == Cause.COMPLAINT)
    query = query.where(Escalation.about_id.is_not_distinct_from(ticket.engineer_id))
    standing = db.session.scalars(query.order_by(Escalation.id.desc()).limit(1)).all()
    return _shapes(standing)[0], 201 if is_new else 200


def _said(number: str, reason: str, at: datetime) -> dict[str, Any]:
    said = {"id": None, "number": number, "cause": Cause.COMPLAINT.value, "subject": "", "text": reason}
    seen = {"opened_at": iso(at), "acknowledged_at": None, "acknowledged_by": None, "note": ""}
    return said | seen | {"resolved_at": None, "resolution": ""}


def _shapes(rows: Sequence[Escalation]) -> list[dict[str, Any]]:
    tickets = select(Ticket.id, Ticket.number).where(Ticket.id.in_([row.ticket_id for row in rows if row.ticket_id]))
    numbers = {row.id: row.number for row in db.session.execute(tickets)}
    managers = select(Staff.id, Staff.email).where(
        Staff.id.in_([row.acknowledged_by_id for row in rows if row.acknowledged_by_id])
    )
    emails = {row.id: row.email for row in db.session.execute(managers)}
    return [
        {
            "id": row.id,
            "number": numbers.get(row.ticket_id or 0),
            "cause": row.cause.value,
            "subject": row.subject,
            "text": row.text,
            "opened_at": iso(row.opened_at),
            "acknowledged_at": iso(row.acknowledged_at) if row.acknowledged_at else None,
            "acknowledged_by": emails.get(row.acknowledged_by_id or 0),
            "note": row.note,
            "resolved_at": iso(row.resolved_at) if row.resolved_at else None,
            "resolution": row.resolution,
        }
        for row in rows
    ]
