"""Acts on whose work a request is, and by when: taking, assignment, holder, urgency, deadline."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import tickets
from app.clock import now
from app.config import settings
from app.errors import IntakeRejected
from app.extensions import db
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Holder, Urgency
from app.rows import typed_id
from app.web.tickets import act
from app.web.translate import _
from app.web.viewer import actor

bp = Blueprint("ticket_work", __name__)


@bp.post("/tickets/<number>/taking")
def take(number: str) -> ResponseReturnValue:
    def do(ticket: Ticket) -> None:
        if ticket.engineer_id != actor().staff_id:
            tickets.take(ticket, actor(), now())
            if request.args.get("back"):
                flash(ticket.number, "taken")  # the queue offers to undo it; the request's own page has its menu

    return act(number, do)


@bp.post("/tickets/<number>/release")
def release(number: str) -> ResponseReturnValue:
    return act(number, lambda ticket: tickets.release(ticket, actor(), now()))


@bp.post("/tickets/<number>/assignment")
def assign(number: str) -> ResponseReturnValue:
    return act(number, lambda ticket: tickets.assign(ticket, _engineer(), actor(), now()))


@bp.post("/tickets/<number>/handing")
def hand_over(number: str) -> ResponseReturnValue:
    """Give it to a colleague with a note for them."""

    def do(ticket: Ticket) -> None:
        try:
            tickets.hand_over(ticket, _engineer(), request.form.get("hand_why", ""), actor(), now())
        except IntakeRejected as refusal:  # the page has other fields for an engineer and for a text
            names = {"engineer": "hand_to", "why": "hand_why", "text": "hand_why"}
            raise IntakeRejected({names.get(name, name): said for name, said in refusal.errors.items()}) from refusal

    return act(number, do)


@bp.post("/tickets/<number>/holder")
def hold(number: str) -> ResponseReturnValue:
    def do(ticket: Ticket) -> None:
        holder = Holder.THIRD_PARTY if request.form.get("holder") == Holder.THIRD_PARTY else Holder.ENGINEER
        look_again_at = _look_again()
        try:
            tickets.hold(ticket, holder, request.form.get("holder_reason", ""), actor(), now(), look_again_at)
        except IntakeRejected as refusal:  # the page has another field for a reason, that of the deadline
            names = {"reason": "holder_reason", "look_again_at": "look_again"}
            raise IntakeRejected({names.get(name, name): said for name, said in refusal.errors.items()}) from refusal

    return act(number, do)


@bp.post("/tickets/<number>/urgency")
def urgency(number: str) -> ResponseReturnValue:
    wanted = Urgency.NORMAL if request.form.get("urgency") == Urgency.NORMAL else Urgency.URGENT
    return act(number, lambda ticket: tickets.set_urgency(ticket, wanted, actor(), now()))


@bp.post("/tickets/<number>/deadline")
def move(number: str) -> ResponseReturnValue:
    def do(ticket: Ticket) -> None:
        move = tickets.call_impossible if request.form.get("impossible") else tickets.move_deadline
        move(ticket, _due(), request.form.get("reason", "").strip(), actor(), now())

    return act(number, do)


def _engineer() -> Staff:
    wanted = typed_id(request.form.get("engineer", ""))
    own = Staff.id == wanted if wanted else Staff.email == request.form.get("engineer", "").strip().lower()
    engineer = db.session.scalars(select(Staff).where(own)).first()
    if engineer is None:
        raise IntakeRejected({"engineer": _("Такого инженера нет. Выберите из списка.")})
    return engineer


def _look_again() -> datetime | None:
    typed = request.form.get("look_again", "").strip()
    return _moment(typed, {"look_again": _("Укажите день и время или оставьте пустым.")}) if typed else None


def _due() -> datetime:
    return _moment(request.form.get("due", "").strip(), {"due": _("Укажите день и время нового срока.")})


def _moment(typed: str, errors: dict[str, str]) -> datetime:
    """The moment typed: by the desk's clock where it names no offset."""
    try:
        moment = datetime.fromisoformat(typed)
        known = moment if moment.tzinfo else moment.replace(tzinfo=settings().time_zone)
        return known.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):  # the first and the last day that there are have no other zone
        raise IntakeRejected(errors) from None
