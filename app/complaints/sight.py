"""Who sees a complaint: managers, and never the one whom it names; the same as a condition for queries."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from app.actor import Actor
from app.errors import NotFound
from app.extensions import db
from app.models.complaint import Complaint, ComplaintEntry
from app.models.staff import Staff
from app.models.words import ComplaintState
from app.policy import may_manage_now, may_see_complaint, not_about
from app.rows import is_id


def visible(actor: Actor) -> ColumnElement[bool]:
    """As a condition for complaints; the route has looked at the role."""
    return not_about(actor.staff_id, Complaint.about_id)


def found(complaint_id: int, actor: Actor, *, to_change: bool = False) -> Complaint:
    """The case of that id; NotFound where there is none or it is not for these eyes, in the same words."""
    query = select(Complaint).where(Complaint.id == complaint_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    complaint = db.session.scalars(query).first() if is_id(complaint_id) else None
    if complaint is None or not may_see_complaint(actor, complaint.about_id):
        raise NotFound("Такой жалобы нет. Вернитесь к списку.")
    return complaint


def managers(complaint: Complaint) -> list[Staff]:
    """Who can look into it, by name: every manager but the one whom it names."""
    query = select(Staff).where(may_manage_now()).order_by(Staff.name, Staff.id)
    return [one for one in db.session.scalars(query) if one.id != complaint.about_id]


def of_ticket(ticket_id: int, actor: Actor) -> Sequence[Complaint]:
    """The cases beside a request that this reader may know of, the newest first."""
    if not may_see_complaint(actor, None):
        return []
    query = select(Complaint).where(Complaint.ticket_id == ticket_id, visible(actor))
    return db.session.scalars(query.order_by(Complaint.id.desc())).all()


def named(letter_id: int) -> int | None:
    """Whom the complaint names that a letter belongs to; None: it names nobody, or the letter is no complaint."""
    query = (
        select(Complaint.about_id)
        .join(ComplaintEntry, ComplaintEntry.complaint_id == Complaint.id)
        .where(ComplaintEntry.letter_id == letter_id)
    )
    return db.session.scalars(query.limit(1)).first()


def open_count(actor: Actor) -> int:
    """How many cases wait for an answer, as far as this reader may know."""
    query = select(func.count(Complaint.id)).where(Complaint.state == ComplaintState.OPEN, visible(actor))
    return db.session.scalar(query) or 0
