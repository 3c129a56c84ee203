"""The history of companies and people: one row a change, written here alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.actor import Actor
from app.extensions import db
from app.models.client_change import ChangeKind, ClientChange


def record(
    kind: ChangeKind,
    by: Actor,
    at: datetime,
    *,
    company_id: int | None = None,
    person_id: int | None = None,
    **data: Any,
) -> ClientChange:
    """Add one row, of a company or of a person."""
    change = ClientChange(
        kind=kind,
        at=at,
        actor_name=by.name,
        staff_id=by.staff_id,
        company_id=company_id,
        person_id=person_id,
        data=data,
    )
    db.session.add(change)
    return change
