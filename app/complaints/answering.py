"""What managers do with a complaint: take it or give it to one of them, write, note, answer, close."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app import escalations
from app.actor import Actor
from app.complaints import telling
from app.complaints.opening import enter
from app.errors import IllegalMove, IntakeRejected
from app.extensions import db
from app.models.complaint import Complaint
from app.models.escalation import Escalation
from app.models.staff import Staff
from app.models.words import ComplaintEntryKind, ComplaintState
from app.translate import _


def assign(complaint: Complaint, manager: Staff, by: Actor, at: datetime) -> None:
    """One manager looks into it; the one whom it names cannot. Theirs already: nothing happens."""
    _must_be_open(complaint)
    if not manager.is_manager or manager.is_disabled or manager.id == complaint.about_id:
        raise IntakeRejected({"manager": "Выберите руководителя, к которому жалоба не относится."})
    if complaint.manager_id == manager.id:
        return
    complaint.manager_id = manager.id
    _see(complaint, by, at)
    enter(complaint, ComplaintEntryKind.ASSIGNED, by, at, manager.name, data={"manager_id": manager.id})
    if manager.id != by.staff_id:
        telling.tell_manager(complaint, "assigned", at)


def write(complaint: Complaint, text: str, by: Actor, at: datetime) -> None:
    """Words for the customer, by letter and in the chat where they complained; the case stays open."""
    _must_have_words(text, "Напишите, что передать клиенту.")
    _must_be_open(complaint)
    _see(complaint, by, at)
    told = telling.written(complaint, text.strip(), by, at)
    enter(complaint, ComplaintEntryKind.WRITTEN, by, at, text, **told)


def note(complaint: Complaint, text: str, by: Actor, at: datetime) -> None:
    """For managers alone."""
    _must_have_words(text, "Напишите заметку.")
    _see(complaint, by, at)
    enter(complaint, ComplaintEntryKind.NOTED, by, at, text)


def answer(complaint: Complaint, text: str, by: Actor, at: datetime) -> None:
    """The written outcome: the customer gets it, and what the complaint put before managers is settled."""
    _must_have_words(text, "Напишите, чем кончилось: это письмо получит клиент.")
    _must_be_open(complaint)
    _see(complaint, by, at)
    told = telling.outcome(complaint, text.strip(), by, at)
    enter(complaint, ComplaintEntryKind.OUTCOME, by, at, text, **told)
    complaint.state, complaint.outcome, complaint.answered_at = ComplaintState.ANSWERED, text.strip(), at
    complaint.manager_id = complaint.manager_id or by.staff_id
    _settle(complaint, _("Клиенту отправлен письменный ответ на жалобу."), by, at)


def close(complaint: Complaint, text: str, by: Actor, at: datetime) -> None:
    """Nothing is left to do; before an answer only with the reason, which stays inside."""
    if complaint.state is ComplaintState.CLOSED:
        return
    if complaint.state is ComplaintState.OPEN:
        _must_have_words(text, "Напишите, почему жалоба закрывается без ответа клиенту.")
    _see(complaint, by, at)
    enter(complaint, ComplaintEntryKind.CLOSED, by, at, text)
    complaint.state, complaint.closed_at = ComplaintState.CLOSED, at
    _settle(complaint, text.strip() or _("Жалоба закрыта."), by, at)


def _must_be_open(complaint: Complaint) -> None:
    if complaint.state is ComplaintState.CLOSED:
        raise IllegalMove("Жалоба закрыта. Она откроется снова, если клиент напишет.")


def _must_have_words(text: str, sentence: str) -> None:
    if not text.strip():
        raise IntakeRejected({"text": sentence})


def _see(complaint: Complaint, by: Actor, at: datetime) -> None:
    """Who acts on it has seen it: the customer reads so."""
    escalation = _escalation(complaint)
    if escalation is not None and escalation.acknowledged_at is None:
        escalations.acknowledge(escalation, "", by, at)


def _settle(complaint: Complaint, outcome: str, by: Actor, at: datetime) -> None:
    escalation = _escalation(complaint)
    query = select(Complaint.id).where(
        Complaint.escalation_id == complaint.escalation_id,
        Complaint.id != complaint.id,
        Complaint.state == ComplaintState.OPEN,
    )
    is_shared = escalation is not None and db.session.scalars(query.limit(1)).first() is not None
    if escalation is not None and not is_shared:
        escalations.resolve(escalation, outcome, by, at)


def _escalation(complaint: Complaint) -> Escalation | None:
    return db.session.get(Escalation, complaint.escalation_id) if complaint.escalation_id else None
