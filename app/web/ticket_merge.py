"""Several requests about one thing: chosen on one page, merged one by one, taken apart again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import numbers, outbox, tickets
from app.clock import now
from app.errors import HelpDeskError, IntakeRejected, NotFound
from app.extensions import db
from app.models.ticket import Ticket
from app.reading import joint
from app.web.tickets import act
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("ticket_merge", __name__)


@bp.get("/tickets/merging")
def choose() -> ResponseReturnValue:
    return _page([one for value in request.args.getlist("number") for one in numbers.several(value)])


@bp.post("/tickets/merging")
def merge() -> ResponseReturnValue:
    """Merge what is ticked into the main request, each by itself; one that cannot be is named, the rest is done."""
    typed = numbers.several(request.form.get("more", ""))
    chosen = [numbers.normalise(one) for one in (*request.form.getlist("number"), *typed)][: joint.MOST]
    into = numbers.normalise(request.form.get("into", ""))
    others = [one for one in dict.fromkeys(chosen) if one != into]
    if errors := _errors(into, chosen, others, typed):
        return _page([*chosen, into], errors), IntakeRejected.status
    refusals = {number: words for number in others if (words := _refusal(into, number))}
    if not refusals:
        return redirect(url_for("tickets.show", number=into), 303)
    return _page([into, *refusals], refusals=refusals, done=len(others) - len(refusals), into=into), 409


@bp.post("/tickets/<number>/split")
def split(number: str) -> ResponseReturnValue:
    def do(ticket: Ticket) -> None:
        main = db.session.get(Ticket, ticket.merged_into_id, with_for_update=True) if ticket.merged_into_id else None
        if main is not None:
            tickets.unmerge(ticket, main, actor(), now())

    return act(number, do)


def _refusal(into: str, number: str) -> str:
    """Merge one; why that could not be done, or nothing."""
    try:
        with outbox.transaction():
            query = select(Ticket).where(Ticket.number.in_((into, number))).order_by(Ticket.id).with_for_update()
            found = {
                one.number: one for one in db.session.scalars(query, execution_options={"populate_existing": True})
            }
            if len(found) < 2:
                raise NotFound(_("Такой заявки нет. Проверьте номер."))
            tickets.merge(found[into], found[number], actor(), now())
    except HelpDeskError as refusal:
        return refusal.message
    return ""


def _errors(into: str, chosen: list[str], others: list[str], typed: list[str]) -> dict[str, str]:
    errors = {}
    if bad := [one for one in typed if not numbers.is_valid(numbers.normalise(one))]:
        errors["more"] = _("В номере %(number)s опечатка. Проверьте его.", number=bad[0][:20])
    if not chosen or not others:
        errors["numbers"] = _("Отметьте хотя бы две заявки.")
    elif not into:
        errors["numbers"] = _("Выберите, какая из заявок главная.")
    return errors


def _page(
    chosen: list[str],
    errors: dict[str, str] | None = None,
    refusals: dict[str, str] | None = None,
    done: int = 0,
    into: str = "",
) -> str:
    own, wanted = reader(), [numbers.normalise(one) for one in chosen]
    lines = joint.lines(wanted, own)
    return render_template(
        "tickets/merging.html",
        lines=lines,
        likely=[] if refusals else joint.likely(wanted, own),
        into=into or request.form.get("into") or (lines[0].number if lines else ""),
        errors=errors or {},
        refusals=refusals or {},
        done=done,
        more=request.form.get("more", "") if errors else "",
    )
