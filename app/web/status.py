"""Looking a request up: by number alone where it stands, by number and e-mail a letter with the link."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import bindparam, select

from app import clock, numbers, outbox, tickets
from app.actor import Actor
from app.config import settings
from app.extensions import db, limiter
from app.intake.intake import address_error
from app.models.company import Company
from app.models.ticket import Ticket
from app.models.words import Channel
from app.notify.recipients import contract_address
from app.web import standing
from app.web.translate import _

bp = Blueprint("status", __name__)

_BY_NUMBER = select(Ticket).where(Ticket.number == bindparam("number"))


@bp.get("/status")
@limiter.limit(lambda: settings().lookup_limit, exempt_when=lambda: not request.args.get("number"))
def show() -> ResponseReturnValue:
    typed = request.args.get("number", "").strip()
    if not typed:
        return render_template("status/show.html", number="", errors={}, sent=request.args.get("sent") == "yes")
    number = numbers.normalise(typed)
    if not numbers.is_valid(number):
        return _miss(typed, _("Похоже, в номере опечатка. Сверьте его с письмом."), 422)
    ticket = db.session.scalars(_BY_NUMBER, {"number": number}).first()
    if ticket is None:
        return _miss(typed, _("Не нашли такую заявку. Проверьте номер."), 404)
    found = standing.of(ticket, with_names=False)
    return render_template("status/show.html", number=ticket.number, errors={}, found=found)


@bp.post("/status/link")
@limiter.limit(lambda: settings().lookup_limit)
def link() -> ResponseReturnValue:
    """Number and e-mail: a letter with the link. E-mail alone: a letter with all open requests. One answer for all."""
    typed, email = request.form.get("number", "").strip(), request.form.get("email", "").strip().lower()
    if typed and not email:
        return redirect(url_for("status.show", number=typed[:40]), 303)
    if wrong := _wrong(typed, email):
        page = render_template("status/show.html", number=typed[:40], email=email[:254], errors=wrong)
        return page, 422
    _send(numbers.normalise(typed), email)
    outbox.commit()
    return redirect(url_for("status.show", sent="yes"), 303)


def _wrong(typed: str, email: str) -> dict[str, str]:
    if not typed and not email:
        return {"number": _("Напишите номер заявки.")}
    if typed and not numbers.is_valid(numbers.normalise(typed)):
        return {"number": _("Похоже, в номере опечатка. Сверьте его с письмом.")}
    sentence = address_error(email)
    return {"email": _(sentence)} if sentence else {}


def _send(number: str, email: str) -> None:
    """Ask for the letter where the address has a right to it; a miss looks the same from outside."""
    wanted = Ticket.number == number if number else (Ticket.applicant_email == email) & Ticket.is_active
    ticket = db.session.scalars(select(Ticket).where(wanted).order_by(Ticket.id.desc()).limit(1)).first()
    if ticket is None or email not in _addresses(ticket):
        return
    asker = Actor.of_person(None, email, Channel.WEB)
    tickets.send_link(ticket, email, asker, clock.now(), is_list=not number)


def _addresses(ticket: Ticket) -> set[str]:
    company = db.session.get(Company, ticket.company_id) if ticket.company_id else None
    return {ticket.applicant_email.lower(), contract_address(ticket, company).lower()} - {""}


def _miss(typed: str, sentence: str, code: int) -> ResponseReturnValue:
    return render_template("status/show.html", number=typed[:40], errors={"number": sentence}), code
