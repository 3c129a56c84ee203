"""Troubles that several customers reported: their requests on one page, answered and solved at once."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import bulk, incidents, outbox
from app.bulk.wanted import Wanted
from app.clock import now
from app.errors import HelpDeskError, IntakeRejected
from app.extensions import db
from app.models.bulk_act import BulkKind
from app.models.incident import Incident
from app.models.ticket import Ticket
from app.numbers import several
from app.reading import incidents as reading
from app.reading import joint
from app.web.bulk import announce
from app.web.tickets import opened
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("incidents", __name__)

_ACTS = {"reply": BulkKind.REPLY, "question": BulkKind.ASK, "solution": BulkKind.SOLVE}


@bp.get("/incidents")
def index() -> str:
    """Open ones first, then the newest; and the form of a new one, with the numbers of its address."""
    return _index({}, request.args.get("numbers", ""))


@bp.post("/incidents")
def create() -> ResponseReturnValue:
    numbers, typed = _numbers(), request.form.get("numbers", "")
    if not numbers:
        return _index({"numbers": _("Впишите номера заявок.")}, typed), 422
    try:
        with outbox.transaction():
            tickets = [opened(number) for number in sorted(numbers)]
            incident = incidents.begin(request.form.get("title", ""), tickets, actor(), now())
        return redirect(url_for("incidents.show", incident_id=incident.id), 303)
    except IntakeRejected as refusal:
        errors = refusal.errors
    except HelpDeskError as refusal:
        errors = {"numbers": refusal.message}
    return _index(errors, typed), 422


@bp.get("/incidents/<int:incident_id>")
def show(incident_id: int) -> str:
    return _page(incidents.found(incident_id), {})


@bp.post("/incidents/<int:incident_id>/requests")
def add(incident_id: int) -> ResponseReturnValue:
    """Add each by itself: one that cannot be is named, the others are in."""
    incident, numbers = incidents.found(incident_id), _numbers()
    if not numbers:
        return _page(incident, {"numbers": _("Впишите номера заявок.")}), 422
    for number in numbers:
        try:
            with outbox.transaction():
                incidents.add(incidents.found(incident_id), opened(number), actor(), now())
        except HelpDeskError as refusal:
            flash(refusal.message, "refused")
    return _back(incident_id)


@bp.post("/incidents/<int:incident_id>/requests/<number>/removal")
def remove(incident_id: int, number: str) -> ResponseReturnValue:
    with outbox.transaction():
        incidents.remove(incidents.found(incident_id), opened(number), actor(), now())
    return _back(incident_id)


@bp.post("/incidents/<int:incident_id>/answer")
def answer(incident_id: int) -> ResponseReturnValue:
    """One text for each customer whose request is open, in their own thread and by their own road."""
    incident, text = incidents.found(incident_id), request.form.get("text", "").strip()
    kind = _ACTS.get(request.form.get("kind", ""), BulkKind.REPLY)
    query = select(Ticket.number).where(Ticket.number.in_(incidents.numbers_of(incident)), Ticket.is_active)
    numbers = list(db.session.scalars(query.order_by(Ticket.id)))
    if not text:
        return _page(incident, {"text": _("Напишите текст: его получит каждый клиент.")}), 422
    if not numbers:
        return _page(incident, {"text": _("Открытых заявок в этом сбое нет.")}), 422
    wanted = Wanted(kind, text=text, form_key=request.form.get("form_key", ""))
    announce(bulk.perform(wanted, numbers, actor(), now()))
    return _back(incident_id)


@bp.post("/incidents/<int:incident_id>/closure")
def close(incident_id: int) -> ResponseReturnValue:
    try:
        with outbox.transaction():
            incidents.close(incidents.found(incident_id), now())
    except HelpDeskError as refusal:
        flash(refusal.message, "refused")
    return _back(incident_id)


def _numbers() -> list[str]:
    return list(dict.fromkeys(several(request.form.get("numbers", ""))))[: incidents.MOST + 1]  # one over is refused


def _index(errors: dict[str, str], numbers: str) -> str:
    after = request.args.get("after", "")
    return render_template(
        "incidents/index.html",
        page=reading.page(reader(), after),
        page_size=reading.PAGE,
        after=after,
        errors=errors,
        numbers=numbers.replace(",", " "),
        title=request.form.get("title", ""),
    )


def _page(incident: Incident, errors: dict[str, str]) -> str:
    return render_template(
        "incidents/show.html",
        incident=incident,
        lines=joint.lines(incidents.numbers_of(incident), reader()),
        errors=errors,
        typed=request.form,
        form_key=secrets.token_urlsafe(12),
        own=reader(),
    )


def _back(incident_id: int) -> ResponseReturnValue:
    return redirect(url_for("incidents.show", incident_id=incident_id), 303)
