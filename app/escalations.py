"""Verbs of escalations: escalate, acknowledge, put back, resolve.

One open escalation per request and cause; of complaints, per engineer whom they name as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from app import outbox
from app.actor import SYSTEM, Actor
from app.errors import IntakeRejected
from app.extensions import db, insert_into
from app.models.complaint import Complaint
from app.models.escalation import Escalation, EscalationAct
from app.models.ticket import Ticket
from app.models.words import OF_COMPLAINTS, Cause, EventKind, Handling, PromiseKind
from app.policy import not_about
from app.thresholds import current as thresholds
from app.translate import _
from app.troubles import Trouble


def escalate(
    ticket: Ticket, cause: Cause, by: Actor, at: datetime, text: str = "", *, case: Complaint | None = None
) -> bool:
    """Put a request before the manager; open already for this cause: nothing happens (False).

    A complaint is kept from whom its case names, though somebody else has the request by now; without a case, from
    who has it.
    """
    is_complaint = cause in OF_COMPLAINTS
    about_id = (case.about_id if case else ticket.engineer_id) if is_complaint else None
    row = {"ticket_id": ticket.id, "cause": cause, "text": text, "opened_at": at, "about_id": about_id}
    if not _open(row) and not (cause is Cause.MISSED and _missed_too(ticket, text, at)):
        return False
    hidden: dict[str, Any] = {"is_confidential": True, "about_id": about_id} if is_complaint else {}
    outbox.record(ticket, EventKind.ESCALATED, by, at, cause=cause.value, text=text, **hidden)
    outbox.changed(outbox.kept_from(about_id, outbox.ESCALATIONS_TOPIC))
    return True


def report(cause: Cause, subject: str, text: str, at: datetime) -> bool:
    """Put before the manager what belongs to no request, once until it is resolved."""
    is_new = _open({"ticket_id": None, "cause": cause, "subject": subject, "text": text, "opened_at": at})
    if is_new:
        outbox.changed(outbox.ESCALATIONS_TOPIC)
    return is_new


def report_system(subject: str, text: str, at: datetime) -> bool:
    """Put a trouble of the desk itself before the manager, once until it is resolved."""
    return report(Cause.SYSTEM, subject, text, at)


def open_system(subject: str) -> Escalation | None:
    """The open trouble of that part of the desk, if there is one."""
    query = select(Escalation).where(
        Escalation.ticket_id.is_(None), Escalation.subject == subject, Escalation.resolved_at.is_(None)
    )
    return db.session.scalars(query).first()


def known(trouble: Trouble) -> set[str]:
    """What the manager knows of already, of a trouble of which there can be several."""
    stem = trouble.of("")
    query = select(Escalation.subject).where(
        Escalation.ticket_id.is_(None), Escalation.resolved_at.is_(None), Escalation.subject.startswith(stem)
    )
    return {subject.removeprefix(stem) for subject in db.session.scalars(query)}


def settle_system(subject: str, at: datetime) -> None:
    """The trouble is over by itself."""
    if escalation := open_system(subject):
        resolve(escalation, _("Прошло само."), SYSTEM, at)


def headline(cause: Cause) -> str:
    """What has happened, in a few words."""
    return {
        Cause.URGENT_UNTAKEN: _("срочную никто не взял"),
        Cause.NEAR: _("срок близко"),
        Cause.MISSED: _("срок прошёл"),
        Cause.LOW_RATING: _("низкая оценка"),
        Cause.COMPLAINT: _("жалоба клиента"),
        Cause.HEAD_CALLED: _("клиент зовёт руководителя"),
        Cause.REOPENED_TWICE: _("открыта заново не в первый раз"),
        Cause.UNDELIVERED: _("клиент не оповещён, позвоните"),
        Cause.UNREADABLE: _("письмо не удалось разобрать"),
        Cause.SYSTEM: _("сбой в системе"),
    }[cause]


def visible(staff_id: int | None) -> ColumnElement[bool]:
    """As a condition: what a complaint opened is not for those whom it names, managers or not."""
    return not_about(staff_id, Escalation.about_id)


def unwatched(at: datetime) -> ColumnElement[bool]:
    """Waits for somebody: open, and acknowledged by nobody or too long ago."""
    is_over = or_(Escalation.watched_until.is_(None), Escalation.watched_until <= at)
    return Escalation.resolved_at.is_(None) & is_over


def is_watched(escalation: Escalation, at: datetime) -> bool:
    """Whether somebody has it under control: its reminders are silent until ``watched_until``."""
    is_open = escalation.resolved_at is None
    return is_open and escalation.watched_until is not None and escalation.watched_until > at


def together(escalation: Escalation) -> Sequence[Escalation]:
    """It and what else the same request is here for, locked and read anew; nothing once they are resolved."""
    query = select(Escalation).where(Escalation.resolved_at.is_(None)).order_by(Escalation.opened_at, Escalation.id)
    if escalation.ticket_id is None:
        query = query.where(Escalation.id == escalation.id)
    else:
        query = query.where(Escalation.ticket_id == escalation.ticket_id)
    return db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).all()


def acknowledge(escalation: Escalation, note: str, by: Actor, at: datetime) -> bool:
    """Take charge ("беру на контроль"): reminders stop for a while. Watched or resolved already: False."""
    if escalation.resolved_at is not None or is_watched(escalation, at):
        return False
    if escalation.acknowledged_at is None:
        escalation.acknowledged_at, escalation.acknowledged_by_id = at, by.staff_id
    escalation.watched_since, escalation.watched_by_id = at, by.staff_id
    escalation.watched_until = at + thresholds().escalation_returns_after
    escalation.note = note.strip()[:5000]
    note_act(escalation, Handling.ACKNOWLEDGED, by, at, escalation.note)
    if ticket := _ticket_of(escalation):
        is_complaint = escalation.cause in OF_COMPLAINTS
        hidden: dict[str, Any] = {"is_confidential": True, "about_id": escalation.about_id} if is_complaint else {}
        cause, words = escalation.cause.value, escalation.note
        outbox.record(ticket, EventKind.ACKNOWLEDGED, by, at, cause=cause, note=words, **hidden)
    return True


def put_back(escalation: Escalation, by: Actor, at: datetime) -> bool:
    """Watch it no longer: it waits again, before its time."""
    if not is_watched(escalation, at):
        return False
    escalation.watched_until = at
    note_act(escalation, Handling.PUT_BACK, by, at)
    return True


def resolve(escalation: Escalation, outcome: str, by: Actor, at: datetime) -> None:
    """Done, with one line for the log."""
    if escalation.resolved_at is not None:
        return
    if not outcome.strip():
        raise IntakeRejected({"resolution": "Напишите одной строкой, чем кончилось."})
    if escalation.acknowledged_at is None and by.is_staff:
        acknowledge(escalation, "", by, at)
    escalation.resolved_at, escalation.resolution = at, outcome.strip()[:5000]
    escalation.resolved_by_id = by.staff_id
    outbox.changed(outbox.kept_from(escalation.about_id, outbox.ESCALATIONS_TOPIC))
    if by.is_staff:
        note_act(escalation, Handling.RESOLVED, by, at, escalation.resolution)


def note_act(escalation: Escalation, kind: Handling, by: Actor, at: datetime, text: str = "") -> None:
    """Keep what a person did about it."""
    db.session.add(
        EscalationAct(escalation_id=escalation.id, kind=kind, at=at, staff_id=by.staff_id, text=text.strip()[:5000])
    )
    outbox.changed(outbox.kept_from(escalation.about_id, outbox.ESCALATIONS_TOPIC))


def erase(which: ColumnElement[bool]) -> None:
    """Take the words out of these escalations and of what was done about them; what was missed stays said."""
    ids = list(db.session.scalars(select(Escalation.id).where(which)))
    rows = update(Escalation).where(Escalation.id.in_(ids))
    said = update(EscalationAct).where(EscalationAct.escalation_id.in_(ids)).values(text="")
    own = rows.where(Escalation.text.not_in([kind.value for kind in PromiseKind])).values(text="")
    for statement in (own, rows.values(note="", resolution=""), said):
        db.session.execute(statement, execution_options={"synchronize_session": False})


def _open(values: dict[str, object]) -> bool:
    # Insert-or-ignore on the partial unique index: two sweeps and a customer at once open one row.
    row = {"subject": "", "note": "", "resolution": "", **values}
    made = db.session.execute(insert_into(Escalation).values(row).on_conflict_do_nothing().returning(Escalation.id))
    return made.first() is not None


def _missed_too(ticket: Ticket, text: str, at: datetime) -> bool:
    """The first answer was late and now the solution is: one row, but news: it waits anew from now on."""
    standing = (Escalation.ticket_id == ticket.id, Escalation.cause == Cause.MISSED, Escalation.resolved_at.is_(None))
    changed = update(Escalation).where(*standing, Escalation.text != text).values(text=text, watched_until=at)
    return bool(db.session.execute(changed.returning(Escalation.id)).first())


def _ticket_of(escalation: Escalation) -> Ticket | None:
    return db.session.get(Ticket, escalation.ticket_id) if escalation.ticket_id else None
