"""The request form, and the page that confirms: number and deadline, safe to reload."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select

from app import intake, outbox, phones
from app.config import settings
from app.errors import IntakeRejected
from app.extensions import db, limiter
from app.models.delivery import Delivery
from app.models.message import Attachment
from app.models.ticket import Ticket
from app.models.words import Channel, DeliveryChannel, DeliveryState
from app.web import links, standing, uploads
from app.web.filters import hours_words
from app.web.translate import _

bp = Blueprint("requests", __name__)

FIELDS = ("what", "whose", "where", "urgency", "links", "company", "name", "email", "phone")
_LONGEST_KEY = 100
_FAILED = {DeliveryState.BOUNCED, DeliveryState.FAILED}


@bp.get("/")
def new() -> str:
    return _form({}, {}, uploads.Chosen(), secrets.token_urlsafe(16))


@bp.get("/r/<token>/new")
def again(token: str) -> str:
    """The form for who came by a letter's link: their contacts are filled in."""
    ticket = links.opened(token)
    known = {
        "company": ticket.company_name,
        "name": ticket.applicant_name,
        "email": ticket.applicant_email,
        "phone": phones.shown(ticket.applicant_phone),
    }
    return _form(known, {}, uploads.Chosen(), secrets.token_urlsafe(16))


@bp.post("/")
@limiter.limit(lambda: settings().form_limit)
def create() -> ResponseReturnValue:
    typed = {name: request.form.get(name, "") for name in FIELDS}
    key = request.form.get("form_key", "")[:_LONGEST_KEY] or secrets.token_urlsafe(16)
    if (ticket := _sent_before(key)) is not None:
        return _accepted_page(ticket)
    chosen = uploads.gather()
    if without := request.form.get("without"):
        chosen.files = [upload for upload in chosen.files if upload.id != without]
        outbox.commit()
        return _form(typed, {}, chosen, key)
    try:
        ticket = _receive(typed, chosen, key)
    except IntakeRejected as refusal:
        db.session.flush()
        outbox.commit()  # files stay uploaded
        return _form(typed, refusal.errors, chosen, key), 422
    uploads.use(chosen)
    outbox.commit()
    return _accepted_page(ticket)


@bp.get("/r/<token>/accepted")
def accepted(token: str) -> ResponseReturnValue:
    """Number and deadline; one that was merged since has no deadline of its own, and its page leads on."""
    ticket = links.opened(token)
    found = standing.of(ticket, with_names=True)
    if found.promise is None:
        return redirect(url_for("ticket_link.show", token=token))
    files = db.session.scalars(select(Attachment).where(Attachment.ticket_id == ticket.id).order_by(Attachment.id))
    return render_template(
        "requests/accepted.html",
        ticket=ticket,
        state=found.state,
        promise=found.promise,
        why=found.why,
        files=list(files),
        token=token,
        **_letters(ticket),
    )


def _receive(typed: Mapping[str, str], chosen: uploads.Chosen, key: str) -> Ticket:
    """Register what was typed; raises IntakeRejected with the fields in the order of the page."""
    try:
        checked = intake.checked(typed, channel=Channel.WEB, files=chosen.files, key=key)
    except IntakeRejected as refusal:
        raise _in_page_order(refusal.errors, chosen) from None
    if request.form.get("website"):
        raise IntakeRejected({"what": _("Заявка не отправлена: заполнено скрытое поле. Позвоните нам.")})
    if chosen.error:
        raise _in_page_order({}, chosen)
    return intake.receive(replace(checked, language=str(get_locale()))).ticket


def _in_page_order(errors: Mapping[str, str], chosen: uploads.Chosen) -> IntakeRejected:
    known = {**errors, "files": chosen.error or errors.get("files", "")}
    order = ("what", "whose", "where", "urgency", "files", "links", "company", "name", "email", "phone")
    return IntakeRejected({name: known[name] for name in order if known.get(name)})


def _form(typed: Mapping[str, str], errors: Mapping[str, str], chosen: uploads.Chosen, key: str) -> str:
    return render_template(
        "requests/new.html",
        values=typed,
        errors=errors,
        fix_words=_fix_words(len(errors)),
        chosen=chosen.files,
        form_key=key,
        urgent_words=hours_words(settings().urgent_solve_within),
    )


def _fix_words(count: int) -> str:
    numerals = {1: _("одно поле"), 2: _("два поля"), 3: _("три поля"), 4: _("четыре поля")}
    fields = numerals.get(count, _("отмеченные поля"))
    return _("Исправьте %(fields)s. Всё остальное сохранено, файлы прикладывать заново не нужно.", fields=fields)


def _sent_before(key: str) -> Ticket | None:
    """The request that a form key made already, in this browser."""
    if key not in session.get("sent_forms", []):
        return None
    return db.session.scalars(select(Ticket).where(Ticket.channel == Channel.WEB, Ticket.intake_key == key)).first()


def _accepted_page(ticket: Ticket) -> ResponseReturnValue:
    sent = [*session.get("sent_forms", []), ticket.intake_key]
    session["sent_forms"] = list(dict.fromkeys(sent))[-5:]
    return redirect(url_for("requests.accepted", token=links.token_of(ticket)), 303)


def _letters(ticket: Ticket) -> dict[str, Any]:
    """How far the letters about the registration have come."""
    query = select(Delivery.recipient, Delivery.state).where(
        Delivery.ticket_id == ticket.id,
        Delivery.notice == "registered",
        Delivery.is_for_customer.is_(True),
        Delivery.channel == DeliveryChannel.EMAIL,
    )
    states = {recipient.lower(): state for recipient, state in db.session.execute(query)}
    own = states.pop(ticket.applicant_email.lower(), None)
    if own in _FAILED:
        return {"mail": "failed", "to_company": False}
    mail = "sent" if own is DeliveryState.ACCEPTED else "leaving"
    return {"mail": mail, "to_company": any(state not in _FAILED for state in states.values())}
