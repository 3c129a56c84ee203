"""A phone call: who it is by the number, what is open already, and a request made while they speak."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import intake, outbox, pairing, phones, tickets
from app.actor import Actor
from app.clock import now
from app.errors import IntakeRejected
from app.extensions import db
from app.models.company import Company
from app.models.person import Person
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Channel
from app.reading import calls as reading
from app.tickets import Contribution
from app.web.tickets import opened
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("calls", __name__)

FIELDS = ("what", "whose", "where", "urgency", "company", "name", "email", "phone")
_LONGEST_PHONE, _LONGEST_KEY = 60, 100


@bp.get("/tickets/new")
def new() -> ResponseReturnValue:
    """``?phone=`` from telephony, or typed; ``?other=1``: it is not the person we know by that number."""
    caller = reading.caller(request.args.get("phone", "")[:_LONGEST_PHONE], reader(), is_other="other" in request.args)
    return _page(caller, _known(caller), {}, secrets.token_urlsafe(16))


@bp.post("/tickets/new")
def create() -> ResponseReturnValue:
    typed = {name: request.form.get(name, "") for name in FIELDS}
    key = request.form.get("form_key", "")[:_LONGEST_KEY] or secrets.token_urlsafe(16)
    try:
        with outbox.transaction():
            ticket = _registered(typed, key)
    except IntakeRejected as refusal:
        caller = reading.caller(typed["phone"], reader(), is_other="other" in request.form)
        return _page(caller, request.form, refusal.errors, key), refusal.status
    return redirect(url_for("calls.registered", number=ticket.number), 303)


@bp.get("/tickets/<number>/call")
def registered(number: str) -> ResponseReturnValue:
    """What to read aloud: number and deadline."""
    ticket = opened(number)
    company = db.session.get(Company, ticket.company_id) if ticket.company_id else None
    return render_template("calls/registered.html", ticket=ticket, company=company, at=now())


def _registered(typed: Mapping[str, str], key: str) -> Ticket:
    by = Actor.of_staff(_staff(), Channel.PHONE)
    is_solved = request.form.get("solved") == "1"
    done = request.form.get("solution", "").strip()
    if is_solved and not done:
        raise IntakeRejected({"solution": _("Напишите, что сделано: это прочитает клиент.")})
    receipt = intake.receive(intake.checked(typed, channel=Channel.PHONE, key=key, by=by))
    if receipt.is_repeat:
        return receipt.ticket
    _hear_number(receipt.ticket)
    if engineer := _engineer():
        tickets.assign(receipt.ticket, engineer, by, now())
    if is_solved:
        tickets.solve(receipt.ticket, Contribution(done), by, now())
        tickets.tell_by_phone(receipt.ticket, by, now())
    return receipt.ticket


def _hear_number(ticket: Ticket) -> None:
    """Whom we know by their number alone has called from it; that an address is theirs too, no caller's word proves."""
    person = db.session.get(Person, ticket.person_id) if ticket.person_id else None
    if person and person.phone and not person.email and person.phone == phones.e164(ticket.applicant_phone):
        pairing.confirm_phone(person, person.phone)


def _engineer() -> Staff | None:
    """To whom the request goes; None: into the queue."""
    chosen = request.form.get("engineer", "")
    if not chosen:
        return None
    engineer = db.session.get(Staff, int(chosen)) if chosen.isdecimal() and len(chosen) < 10 else None
    if engineer is None:
        raise IntakeRejected({"engineer": _("Такого инженера нет. Выберите из списка.")})
    return engineer


def _staff() -> Staff:
    member = db.session.get(Staff, actor().staff_id)
    assert member is not None  # only members of staff have pages
    return member


def _known(caller: reading.Caller) -> dict[str, str]:
    """The fields that need not be asked for."""
    person = caller.person
    return {
        "phone": caller.phone,
        "name": person.name if person else "",
        "email": (person.email or "") if person else "",
        "company": caller.company.name if caller.company else "",
        "engineer": str(actor().staff_id),
    }


def _page(caller: reading.Caller, values: Mapping[str, str], errors: Mapping[str, str], key: str) -> str:
    return render_template(
        "calls/new.html",
        caller=caller,
        values=values,
        errors=errors,
        form_key=key,
        engineers=reading.engineers(),
        is_other="other" in request.values,
    )
