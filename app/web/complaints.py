"""Complaints for managers: the list, the case, and what can be done; nothing of it for the one it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import complaints, numbers, outbox, phones
from app.clock import now
from app.complaints import Said, Who, who_of
from app.errors import IntakeRejected, NotFound
from app.extensions import db
from app.intake.intake import address_error, clean_text
from app.models.complaint import Complaint, ComplaintFile
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import ComplaintOrigin
from app.policy import is_about
from app.reading import complaints as reading
from app.reading.complaints import View
from app.rows import find_row, is_id, typed_id
from app.web import downloads
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("complaints", __name__)

_FIELDS = ("number", "text", "name", "phone", "email")


@bp.get("/complaints")
def index() -> str:
    wanted, after = request.args.get("view", ""), request.args.get("after", "")
    view = View(wanted) if wanted in set(View) else View.OPEN
    page = reading.page(view, actor(), typed_id(after) or 0)
    return render_template("complaints/index.html", page=page, at=now(), origin_words=reading.origin_words)


@bp.get("/complaints/new")
def new() -> str:
    typed = {name: request.args.get(name, "")[:40] for name in ("number", "origin")}
    return render_template("complaints/new.html", typed=typed, errors={})


@bp.post("/complaints/new")
def create() -> ResponseReturnValue:
    """By hand: from a phone call, or because a request was taken up again too often."""
    typed = {name: clean_text(request.form.get(name, ""), is_line=name != "text").strip() for name in _FIELDS}
    typed["origin"] = request.form.get("origin", "")
    ticket, wrong = _checked(typed)
    if wrong:
        return render_template("complaints/new.html", typed=typed, errors=wrong), 422
    origin = ComplaintOrigin.REOPENING if typed["origin"] == "reopening" and ticket else ComplaintOrigin.PHONE
    with outbox.transaction():
        made = complaints.open_case(origin, Said(typed["text"]), _who(typed, ticket), actor(), now(), ticket)
        complaint_id, is_hidden = made.id, is_about(actor().staff_id, made.about_id)
    if is_hidden:
        return redirect(url_for("complaints.index"), 303)
    return redirect(url_for("complaints.show", complaint_id=complaint_id), 303)


@bp.get("/complaints/<int:complaint_id>")
def show(complaint_id: int) -> str:
    return _page(complaints.found(complaint_id, actor()), {})


@bp.get("/complaints/by-escalation/<int:escalation_id>")
def of_escalation(escalation_id: int) -> ResponseReturnValue:
    """The newest case behind a row of the escalations' page, as far as this reader may know; else the list."""
    own = (Complaint.escalation_id == escalation_id, complaints.visible(actor()))
    query = select(Complaint.id).where(*own).order_by(Complaint.id.desc()).limit(1)
    found = db.session.scalar(query) if is_id(escalation_id) else None
    if found is None:
        return redirect(url_for("complaints.index"))
    return redirect(url_for("complaints.show", complaint_id=found))


@bp.post("/complaints/<int:complaint_id>/manager")
def assign(complaint_id: int) -> ResponseReturnValue:
    manager = find_row(Staff, typed_id(request.form.get("manager", "")))

    def act(complaint: Complaint) -> None:
        if manager is None:
            raise IntakeRejected({"manager": _("Выберите, кто разберётся.")})
        complaints.assign(complaint, manager, actor(), now())

    return _do(complaint_id, act)


@bp.post("/complaints/<int:complaint_id>/words")
def write(complaint_id: int) -> ResponseReturnValue:
    """To the customer, or with ``kind`` note for managers alone."""
    verb = complaints.note if request.form.get("kind") == "note" else complaints.write
    return _do(complaint_id, lambda complaint: verb(complaint, _text(), actor(), now()))


@bp.post("/complaints/<int:complaint_id>/outcome")
def answer(complaint_id: int) -> ResponseReturnValue:
    return _do(complaint_id, lambda complaint: complaints.answer(complaint, _text(), actor(), now()), "outcome")


@bp.post("/complaints/<int:complaint_id>/closure")
def close(complaint_id: int) -> ResponseReturnValue:
    return _do(complaint_id, lambda complaint: complaints.close(complaint, _text(), actor(), now()), "reason")


@bp.get("/complaints/<int:complaint_id>/files/<int:file_id>")
def file(complaint_id: int, file_id: int) -> ResponseReturnValue:
    """As a download that no browser opens by itself; one that the scanner named after a warning."""
    complaint = complaints.found(complaint_id, actor())
    kept = find_row(ComplaintFile, file_id)
    if kept is None or kept.complaint_id != complaint.id:
        raise NotFound("Такого файла в этой жалобе нет.")
    if kept.is_infected and request.args.get("anyway") != "yes":
        return render_template("files/infected.html", file=kept)
    return downloads.attachment(kept)


def _do(complaint_id: int, act: Callable[[Complaint], object], field: str = "text") -> ResponseReturnValue:
    """``field``: the id of the control in whose form the words stand."""
    try:
        with outbox.transaction():
            act(complaints.found(complaint_id, actor(), to_change=True))
    except IntakeRejected as refusal:
        errors = {field if name == "text" else name: words for name, words in refusal.errors.items()}
        return _page(complaints.found(complaint_id, actor()), errors), 422
    return redirect(url_for("complaints.show", complaint_id=complaint_id), 303)


def _text() -> str:
    return clean_text(request.form.get("text", ""), is_line=False)


def _checked(typed: Mapping[str, str]) -> tuple[Ticket | None, dict[str, str]]:
    number, wrong = numbers.normalise(typed["number"]), {}
    ticket = db.session.scalars(select(Ticket).where(Ticket.number == number)).first() if number else None
    if number and ticket is None:
        wrong["number"] = _("Такой заявки нет. Проверьте номер или оставьте поле пустым.")
    if not typed["text"]:
        wrong["text"] = _("Напишите, что не так.")
    if typed["email"] and (sentence := address_error(typed["email"])):
        wrong["email"] = _(sentence)
    if not number and not typed["email"] and not typed["phone"]:
        wrong["phone"] = _("Нужен телефон или e-mail, иначе клиенту не ответить.")
    return ticket, wrong


def _who(typed: Mapping[str, str], ticket: Ticket | None) -> Who:
    """As told on the phone; what was left empty is the applicant's."""
    known = who_of(ticket) if ticket else Who()
    phone = phones.e164(typed["phone"]) or typed["phone"]
    own = Who(typed["name"] or known.name, typed["email"] or known.email, phone or known.phone, known.language)
    return Who(own.name, own.email, own.phone, own.language, known.person_id, is_confirmed=True)


def _page(complaint: Complaint, errors: Mapping[str, str]) -> str:
    return render_template(
        "complaints/show.html",
        complaint=complaint,
        row=reading.row(complaint),
        entries=reading.entries(complaint, reader()),
        managers=complaints.managers(complaint),
        origin=reading.origin_words(complaint.origin),
        is_late=complaint.state == "open" and reading.is_late(complaint.due_at, reader()),
        me=actor().staff_id,
        errors=errors,
        typed=request.form,
    )
