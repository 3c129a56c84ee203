"""A phone call: who it is by the number, what is open already, and a request made while they speak."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import call_drafts, intake, outbox, pairing, phones, read_marks, tickets
from app.actor import Actor
from app.clock import now
from app.errors import IntakeRejected
from app.extensions import db
from app.intake import Intake
from app.models.call_draft import CallDraft
from app.models.company import Company
from app.models.person import Person
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Channel
from app.notify.plain_text import address_by
from app.reading import calls as reading
from app.reading.staff import assignable
from app.rows import find_row, typed_id
from app.tickets import Contribution
from app.web.tickets import opened
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("calls", __name__)

FIELDS = ("what", "whose", "where", "urgency", "company", "name", "email", "phone")
KEPT = (*FIELDS, "send_to", "engineer", "solved", "solution", "other")


@bp.get("/tickets/new")
def new() -> ResponseReturnValue:
    """``?phone=`` from telephony, or typed; ``?other=1``: it is not the person we know by that number.

    What was begun for that caller goes on; ``?draft=`` is the one that goes on whoever the caller turns out to be.
    """
    phone, key = request.args.get("phone"), _clean(request.args.get("draft", ""))
    looked_for = reading.number_of((phone or "")[: call_drafts.LONGEST_PHONE])
    draft = call_drafts.find(staff_id(), key) if key else call_drafts.latest(staff_id(), looked_for)
    typed = draft.fields if draft else {}
    wanted = draft.phone if draft and phone is None else phone or ""
    return page(wanted, typed, {}, key or (draft.key if draft else secrets.token_urlsafe(16)), draft)


@bp.post("/tickets/new")
def create() -> ResponseReturnValue:
    typed, key = {name: request.form.get(name, "") for name in FIELDS}, form_key()
    try:
        with outbox.transaction():
            ticket = _registered(typed, key)
            call_drafts.forget(staff_id(), key)
    except IntakeRejected as refusal:
        draft = call_drafts.find(staff_id(), key)
        return page(typed["phone"], request.form, refusal.errors, key, draft), refusal.status
    return redirect(url_for("calls.registered", number=ticket.number), 303)


@bp.get("/tickets/<number>/call")
def registered(number: str) -> ResponseReturnValue:
    """What to read aloud: number and deadline."""
    ticket = opened(number)
    company = db.session.get(Company, ticket.company_id) if ticket.company_id else None
    name = address_by(ticket.applicant_name)
    return render_template("calls/registered.html", ticket=ticket, company=company, name=name, at=now())


def page(phone: str, values: Mapping[str, str], errors: Mapping[str, str], key: str, draft: CallDraft | None) -> str:
    """The page of a call; ``values``: what was typed. Whom we know need not be asked."""
    is_other = "other" in request.args or bool(values.get("other"))
    stated_at = call_drafts.stated_at(draft, now())
    caller = reading.caller(
        phone[: call_drafts.LONGEST_PHONE], reader(), is_other=is_other, stated_at=stated_at, typed=values
    )
    known = {name: value for name, value in _known(caller).items() if caller.person or not values.get(name)}
    return render_template(
        "calls/new.html",
        caller=caller,
        values={"engineer": str(staff_id()), **values, **({} if errors else known)},
        errors=errors,
        form_key=key,
        draft=draft,
        name=address_by(known.get("name", values.get("name", ""))),
        unfinished=reading.unfinished(staff_id(), key, reader()),
        engineers=assignable(),
        is_other=is_other,
    )


def form_key() -> str:
    return _clean(request.form.get("form_key", "")) or secrets.token_urlsafe(16)


def _clean(key: str) -> str:
    return key[: call_drafts.LONGEST_KEY].replace("\0", "")


def staff_id() -> int:
    own = actor().staff_id
    assert own is not None  # only members of staff have pages
    return own


def _registered(typed: Mapping[str, str], key: str) -> Ticket:
    by = Actor.of_staff(db.session.get_one(Staff, staff_id()), Channel.PHONE)
    is_solved = request.form.get("solved") == "1"
    done = request.form.get("solution", "").strip()
    if is_solved and not done:
        raise IntakeRejected({"solution": _("Напишите, что сделано: это прочитает клиент.")})
    new = _checked(typed, key, by)
    if draft := call_drafts.find(staff_id(), key):  # the caller has heard number and deadline: so they are
        new = replace(new, number=draft.number, at=call_drafts.stated_at(draft, new.at))
    receipt = intake.receive(new)
    if receipt.is_repeat:
        return receipt.ticket
    if new.person:  # whose address it is was heard over the phone
        receipt.ticket.is_address_confirmed = False
    _hear_number(receipt.ticket)
    read_marks.read(receipt.ticket, staff_id())
    if engineer := _engineer():
        tickets.assign(receipt.ticket, engineer, by, now())
    if is_solved:
        tickets.solve(receipt.ticket, Contribution(done), by, now())
        tickets.tell_by_phone(receipt.ticket, by, now())
    return receipt.ticket


def _checked(typed: Mapping[str, str], key: str, by: Actor) -> Intake:
    """``send_to``: the caller we know wants letters about this request elsewhere; their own address stays."""
    wanted = request.form.get("send_to", "").strip()
    if not wanted:
        return intake.checked(typed, channel=Channel.PHONE, key=key, by=by)
    try:
        new = intake.checked({**typed, "email": wanted}, channel=Channel.PHONE, key=key, by=by)
    except IntakeRejected as refusal:
        names = {"email": "send_to"}
        raise IntakeRejected({names.get(name, name): said for name, said in refusal.errors.items()}) from refusal
    person = reading.person_by(new.phone) if "other" not in request.form else None
    return replace(new, person=person) if person and person.email != new.email else new


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
    engineer = find_row(Staff, typed_id(chosen))
    if engineer is None:
        raise IntakeRejected({"engineer": _("Такого инженера нет. Выберите из списка.")})
    return engineer


def _known(caller: reading.Caller) -> dict[str, str]:
    """The fields that need not be asked for."""
    person = caller.person
    return {
        "phone": caller.phone,
        "name": person.name if person else "",
        "email": (person.email or "") if person else "",
        "company": caller.company.name if caller.company else "",
    }
