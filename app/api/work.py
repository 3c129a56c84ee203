"""Acts on a request: the same verbs as on its page, each answered with the whole request as it is then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import outbox, tickets
from app.actor import Actor
from app.api import answers, schemas
from app.api.blueprint import bp
from app.api.caller import caller
from app.api.contract import contract
from app.api.problems import FieldsRefused
from app.api.ticket_shapes import whole
from app.api.tickets import found
from app.clock import now
from app.extensions import db
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Holder, Urgency
from app.tickets import Contribution


@bp.post("/tickets/<number>/assignment")
@contract("Give a request to an engineer, or back to the queue.", takes=schemas.Assignment, answers=answers.Ticket)
def assign(number: str, given: dict[str, Any]) -> ResponseReturnValue:
    def act(ticket: Ticket, by: Actor, at: datetime) -> None:
        if given["engineer"]:
            tickets.assign(ticket, _engineer(given["engineer"]), by, at)
        else:
            tickets.release(ticket, by, at)

    return _changed(number, act)


@bp.post("/tickets/<number>/solution")
@contract("Solve a request, with the text that the customer reads.", takes=schemas.Solution, answers=answers.Ticket)
def solve(number: str, given: dict[str, Any]) -> ResponseReturnValue:
    return _changed(number, lambda ticket, by, at: tickets.solve(ticket, Contribution(given["text"]), by, at))


@bp.post("/tickets/<number>/reopening")
@contract("Take a solved or closed request up again.", takes=schemas.Reopening, answers=answers.Ticket)
def reopen(number: str, given: dict[str, Any]) -> ResponseReturnValue:
    def act(ticket: Ticket, by: Actor, at: datetime) -> None:
        if not ticket.is_active:  # open already: the same state again is no change
            tickets.reopen(ticket, Contribution(given["text"]), by, at)

    return _changed(number, act)


@bp.post("/tickets/<number>/urgency")
@contract("Declare a request urgent, or standard again.", takes=schemas.UrgencyChange, answers=answers.Ticket)
def set_urgency(number: str, given: dict[str, Any]) -> ResponseReturnValue:
    urgency = Urgency.URGENT if given["urgent"] else Urgency.NORMAL
    return _changed(number, lambda ticket, by, at: tickets.set_urgency(ticket, urgency, by, at))


@bp.post("/tickets/<number>/deadline")
@contract(
    "Move the deadline, with a reason for the customer and the manager.",
    takes=schemas.DeadlineMove,
    answers=answers.Ticket,
)
def move_deadline(number: str, given: dict[str, Any]) -> ResponseReturnValue:
    return _changed(number, lambda ticket, by, at: tickets.move_deadline(ticket, given["due"], given["reason"], by, at))


@bp.post("/tickets/<number>/holder")
@contract(
    "Say that a third party holds the ball, or no longer does.", takes=schemas.HolderChange, answers=answers.Ticket
)
def hold(number: str, given: dict[str, Any]) -> ResponseReturnValue:
    holder = Holder(given["holder"])
    reason, look_again_at = given["reason"], given["look_again_at"]
    return _changed(number, lambda ticket, by, at: tickets.hold(ticket, holder, reason, by, at, look_again_at))


def _changed(number: str, act: Callable[[Ticket, Actor, datetime], object]) -> ResponseReturnValue:
    with outbox.transaction():
        ticket = found(number, to_change=True)
        act(ticket, caller(), now())
    return whole(ticket, caller())


def _engineer(email: str) -> Staff:
    engineer = db.session.scalars(select(Staff).where(Staff.email == email)).first()
    if engineer is None:
        raise FieldsRefused({"engineer": f"Nobody on the staff has the address {email}."})
    return engineer
