"""The request nearest to its promise: one press takes and opens it, another with a reason goes on to the next."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import outbox, tickets
from app.clock import now
from app.reading.queue_selection import Selection
from app.translate import _
from app.web.tickets import act
from app.web.viewer import actor

bp = Blueprint("nearest", __name__)


@bp.post("/queue/nearest")
def take() -> ResponseReturnValue:
    """Take what is due first and open it; its page offers to put it back with a reason."""
    selection = Selection.parse(request.args)
    with outbox.transaction():
        ticket = tickets.take_nearest(actor(), now())
    if ticket is None:
        flash(_("Брать нечего: всё разобрано, а что вы вернули в очередь, осталось коллегам."), "refused")
        return redirect(url_for("queue.index", **selection.arguments), 303)
    return redirect(url_for("tickets.show", number=ticket.number, nearest=1, **selection.arguments), 303)


@bp.post("/tickets/<number>/skipping")
def skip(number: str) -> ResponseReturnValue:
    """Put it back with the reason, and take the one after it; without a reason: the page again, which asks for it."""
    answer = act(number, lambda ticket: tickets.skip(ticket, request.form.get("skip_reason", ""), actor(), now()))
    return answer if isinstance(answer, tuple) else take()  # a tuple: refused
