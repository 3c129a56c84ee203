"""After an edit of a contract or a calendar: what it would change of given deadlines, and the manager's word for it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import outbox
from app.clock import now
from app.errors import IntakeRejected
from app.extensions import db
from app.models.ticket import Ticket
from app.reading import companies
from app.rows import typed_id
from app.tickets import corrections
from app.web.calendars import found
from app.web.translate import _
from app.web.viewer import actor

bp = Blueprint("corrections", __name__)


@bp.get("/companies/<int:company_id>/deadlines")
def of_company(company_id: int) -> str:
    return _page(corrections.of_company(company_id), *_company(company_id), {}, {})


@bp.post("/companies/<int:company_id>/deadlines")
def correct_company(company_id: int) -> ResponseReturnValue:
    return _corrected(corrections.of_company(company_id), *_company(company_id))


@bp.get("/calendars/<name>/deadlines")
def by_calendar(name: str) -> str:
    return _page(corrections.by_calendar(name), *_calendar(name), {}, {})


@bp.post("/calendars/<name>/deadlines")
def correct_calendar(name: str) -> ResponseReturnValue:
    return _corrected(corrections.by_calendar(name), *_calendar(name))


def offer(subject: corrections.Subject, address: str) -> None:
    """After a saved edit: say on the next page how many given deadlines it would change, if any."""
    if touched := corrections.touched(subject, now()):
        flash(f"{touched} {address}", "corrections")
    db.session.rollback()


def _company(company_id: int) -> tuple[str, str]:
    company = companies.found(company_id)
    return company.name, url_for("companies.show", company_id=company.id)


def _calendar(name: str) -> tuple[str, str]:
    return found(name).name, url_for("calendars.show", name=name)


def _page(
    subject: corrections.Subject, name: str, back: str, typed: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    after = typed_id(request.args.get("after", ""))
    return render_template(
        "clients/corrections.html",
        name=name,
        back=back,
        look=corrections.look(subject, now(), after or 0),
        is_first=after is None,
        open=corrections.count_open(subject),
        typed=typed,
        errors=errors,
    )


def _corrected(subject: corrections.Subject, name: str, back: str) -> ResponseReturnValue:
    """Work for a while; what is left goes on by itself, by a button, or by opening the page once more."""
    typed = request.form
    if not typed.get("reason", "").strip():
        said = _("Напишите причину: её прочитают клиенты.")
        return _page(subject, name, back, typed, {"reason": said}), IntakeRejected.status
    done, looked = (typed_id(typed.get(field, "")) or 0 for field in ("done", "looked"))
    next_after: int | None = None
    for look in corrections.looks(subject, now(), typed_id(typed.get("after", "")) or 0):
        ids = [one.ticket.id for one in look.changed]
        db.session.rollback()
        done += sum(_correct(ticket_id, typed["reason"], is_later_too=typed.get("which") == "all") for ticket_id in ids)
        looked, next_after = looked + look.looked, look.next
    progress = {"done": done, "looked": looked, "after": next_after, "typed": typed, "back": back, "name": name}
    if "HX-Request" in request.headers:
        return render_template("clients/_correcting.html", open=corrections.count_open(subject), **progress)
    if next_after is not None:
        return render_template("clients/correcting.html", open=corrections.count_open(subject), **progress)
    flash(_("Изменено сроков: %(count)s. Клиентам ушли письма.", count=done), "done")
    return redirect(back, 303)


def _correct(ticket_id: int, reason: str, *, is_later_too: bool) -> bool:
    """Each request in a transaction of its own: one that a colleague holds does not stop the others."""
    with outbox.transaction():
        query = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
        ticket = db.session.scalars(query, execution_options={"populate_existing": True}).one()
        return ticket.is_active and corrections.correct(ticket, reason, actor(), now(), is_later_too=is_later_too)
