"""What a manager does about a request straight from the list of escalations: take it, give it away, call."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import escalations, outbox, passing, tickets
from app.clock import now
from app.errors import IllegalMove, IntakeRejected, NotFound
from app.extensions import db
from app.models.escalation import Escalation
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Handling
from app.reading import escalations as reading
from app.reading import load
from app.rows import find_row, typed_id
from app.web.escalations import back, found, place, together
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("escalation_acts", __name__)


@bp.post("/escalations/<int:escalation_id>/taking")
def take(escalation_id: int) -> ResponseReturnValue:
    """The manager does it; a colleague who was faster is named."""

    def do(ticket: Ticket) -> str:
        tickets.take(ticket, actor(), now())
        return ""

    try:
        _act(escalation_id, Handling.TAKEN, do)
    except IllegalMove as refusal:
        flash(refusal.message, "refused")
    return back()


@bp.get("/escalations/<int:escalation_id>/assignment")
def choose(escalation_id: int) -> ResponseReturnValue:
    """To whom: the people on duty first, each with what they have open."""
    return _choice(escalation_id, {})


@bp.post("/escalations/<int:escalation_id>/assignment")
def assign(escalation_id: int) -> ResponseReturnValue:
    def do(ticket: Ticket) -> str:
        engineer = _engineer()
        tickets.assign(ticket, engineer, actor(), now())
        return engineer.name

    try:
        _act(escalation_id, Handling.ASSIGNED, do)
    except IntakeRejected as refusal:
        return _choice(escalation_id, refusal.errors), refusal.status
    except IllegalMove as refusal:
        flash(refusal.message, "refused")
    return back()


@bp.post("/escalations/<int:escalation_id>/call")
def call(escalation_id: int) -> ResponseReturnValue:
    """A call to the customer was begun, or made and told of; one line of the log."""
    with outbox.transaction():
        escalations.note_act(found(escalation_id), Handling.CALLED, actor(), now(), request.form.get("text", ""))
    return redirect(url_for("escalations.show", escalation_id=escalation_id, after=place() or None), 303)


def _act(escalation_id: int, kind: Handling, do: Callable[[Ticket], str]) -> None:
    """Do it to the request, keep it in the log, and count it as taking charge: reminders stop for a while."""
    with outbox.transaction():
        ticket_id = found(escalation_id).ticket_id
        query = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
        ticket = db.session.scalars(query, execution_options={"populate_existing": True}).first()
        if ticket is None:
            raise NotFound("У этой эскалации нет заявки.")
        text = do(ticket)
        db.session.flush()
        group = together(escalation_id)
        for one in group[:1]:
            escalations.note_act(one, kind, actor(), now(), text)
        passing.settle(now(), ticket.id)
        for one in group:
            note = _("Назначена: %(name)s", name=text) if text else _("Взята в работу")
            escalations.acknowledge(one, note, actor(), now())


def _choice(escalation_id: int, errors: dict[str, str]) -> str:
    escalation: Escalation = found(escalation_id)
    own = reader()
    row = reading.row(escalation, own)
    people = load.everyone(own)
    told = {"escalation": escalation, "row": row, "people": people, "errors": errors, "place": place() or None}
    return render_template("escalations/assignment.html", **told)


def _engineer() -> Staff:
    engineer = find_row(Staff, typed_id(request.form.get("engineer", "")))
    if engineer is None:
        raise IntakeRejected({"engineer": "Выберите, кому отдать заявку."})
    return engineer
