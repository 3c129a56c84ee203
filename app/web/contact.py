"""What a company's contact person sees: all its requests, after a code from a letter. Nothing can be changed here."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import contact_codes, numbers, outbox
from app.clock import now
from app.config import settings
from app.errors import NotFound
from app.extensions import db, limiter
from app.intake.intake import address_error
from app.models.company import Company
from app.models.person import Person
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.reading.whys import whys
from app.rows import typed_id
from app.terms import contract_at
from app.web import customer_page, languages, standing
from app.web.translate import _
from app.web.viewer import outside_reader

bp = Blueprint("contact", __name__)

PAGE = 50
SIGNED_IN_FOR = timedelta(hours=12)
_KEY, _ASKED = "contact", "contact_asked"


@bp.get("/client")
def show() -> ResponseReturnValue:
    """The company's requests, open ones or all, newest first; who is not signed in is asked for the address."""
    person = _viewer()
    if person is None:
        return render_template("contact/ask.html", email="", error="")
    view = "all" if request.args.get("view") == "all" else "open"
    own = [Ticket.company_id == person.company_id, Ticket.is_company_confirmed.is_(True)]
    if view == "open":
        own.append(Ticket.is_active.is_(True))
    if after := request.args.get("after", type=typed_id):
        own.append(Ticket.id < after)
    found = db.session.scalars(select(Ticket).where(*own).order_by(Ticket.id.desc()).limit(PAGE + 1)).all()
    return render_template(
        "contact/index.html",
        person=person,
        company=db.session.get_one(Company, person.company_id),
        contract=contract_at(person.company_id, now()) if person.company_id else None,
        tickets=found[:PAGE],
        whys=whys([ticket.id for ticket in found[:PAGE] if ticket.is_active], outside_reader()),
        next=found[PAGE - 1].id if len(found) > PAGE else None,
        view=view,
    )


@bp.post("/client/code")
@limiter.limit(lambda: settings().lookup_limit)
def ask() -> ResponseReturnValue:
    """Mail a code; one answer for every address."""
    email = request.form.get("email", "").strip().lower()
    if wrong := address_error(email):
        return render_template("contact/ask.html", email=email[:254], error=_(wrong)), 422
    with outbox.transaction():
        contact_codes.mail_code(email, now())
    session[_ASKED] = email
    return redirect(url_for("contact.code"), 303)


@bp.get("/client/code")
def code() -> ResponseReturnValue:
    if not session.get(_ASKED):
        return redirect(url_for("contact.show"))
    return render_template("contact/code.html", email=session[_ASKED], error="")


@bp.post("/client/session")
@limiter.limit(lambda: settings().lookup_limit)
def sign_in() -> ResponseReturnValue:
    email = str(session.get(_ASKED, ""))
    with outbox.transaction():
        person = contact_codes.check_code(email, request.form.get("code", "")[:40], now())
        person_id = person.id if person else None
    if person_id is None:
        error = _("Код не подошёл или устарел. Проверьте цифры или попросите новый.")
        return render_template("contact/code.html", email=email, error=error), 422
    session.pop(_ASKED, None)
    session[_KEY] = [person_id, email, (now() + SIGNED_IN_FOR).isoformat()]
    return redirect(url_for("contact.show"), 303)


@bp.post("/client/end")
def sign_out() -> ResponseReturnValue:
    session.pop(_KEY, None)
    return redirect(url_for("contact.show"), 303)


@bp.get("/client/requests/<number>")
def read(number: str) -> ResponseReturnValue:
    """One request to read: no word of staff alone, no name that only its applicant may know."""
    person = _viewer()
    if person is None:
        return redirect(url_for("contact.show"))
    ticket = db.session.scalars(select(Ticket).where(Ticket.number == numbers.normalise(number))).first()
    if ticket is None or ticket.company_id != person.company_id or not ticket.is_company_confirmed:
        raise NotFound("Такой заявки у вашей компании нет. Проверьте номер.")
    messages = customer_page.messages_of(ticket)
    ids = {message.staff_id for message in messages if message.staff_id}
    staff = {one.id: one for one in db.session.scalars(select(Staff).where(Staff.id.in_(ids)))}
    found = standing.of(ticket, with_names=True)
    return render_template("contact/request.html", ticket=ticket, found=found, messages=messages, staff=staff)


def _viewer() -> Person | None:
    """Who is signed in, as long as staff still call them this company's contact person by this address."""
    kept = session.get(_KEY)
    if not kept or now() > datetime.fromisoformat(kept[2]):
        return None
    person = contact_codes.contact(kept[1])
    if person is None or person.id != kept[0]:
        return None
    languages.follow(person.language)
    return person
