"""The manager's page: what waits for a decision, what is watched already."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import escalations, outbox
from app.clock import now
from app.errors import IntakeRejected, NotFound
from app.extensions import db
from app.models.escalation import Escalation
from app.reading import escalations as reading
from app.web.fragments import Fragment, fresh
from app.web.viewer import actor, reader

bp = Blueprint("escalations", __name__)


@bp.get("/escalations")
def index() -> ResponseReturnValue:
    board = reading.board(reader())
    return render_template("escalations/index.html", board=board, rows=_rows(board))


@bp.get("/escalations/rows")
def rows() -> ResponseReturnValue:
    """The fragment with all rows."""
    return fresh(_rows(reading.board(reader())))


@bp.get("/escalations/<int:escalation_id>")
def show(escalation_id: int) -> ResponseReturnValue:
    """One escalation, with room for words: a note, or how it ended."""
    return _page(_found(escalation_id), {})


@bp.post("/escalations/<int:escalation_id>/acknowledgement")
def acknowledge(escalation_id: int) -> ResponseReturnValue:
    """The manager takes charge of the request, whatever it is here for; done already: nothing happens."""
    note = request.form.get("note", "")
    with outbox.transaction():
        for one in _together(_found(escalation_id)):
            escalations.acknowledge(one, note, actor(), now())
    return redirect(url_for("escalations.index"), 303)


@bp.post("/escalations/<int:escalation_id>/resolution")
def resolve(escalation_id: int) -> ResponseReturnValue:
    """Done, with one line for the log."""
    outcome = request.form.get("resolution", "")
    escalation = _found(escalation_id)
    try:
        with outbox.transaction():
            for one in _together(escalation):
                escalations.resolve(one, outcome, actor(), now())
    except IntakeRejected as refusal:
        return _page(_found(escalation_id), refusal.errors), refusal.status
    return redirect(url_for("escalations.index"), 303)


def _found(escalation_id: int) -> Escalation:
    escalation = db.session.get(Escalation, escalation_id) if escalation_id < 1 << 31 else None
    if escalation is None:
        raise NotFound("Такой эскалации нет. Вернитесь к списку.")
    return escalation


def _together(escalation: Escalation) -> list[Escalation]:
    """It and what else the same request is here for: one request is one row."""
    if escalation.ticket_id is None:
        return [escalation]
    query = select(Escalation).where(Escalation.ticket_id == escalation.ticket_id, Escalation.resolved_at.is_(None))
    return list(db.session.scalars(query.order_by(Escalation.id))) or [escalation]


def _rows(board: reading.Board) -> Fragment:
    inner = render_template("escalations/_rows.html", board=board)
    return Fragment("escalations", url_for("escalations.rows"), inner, "30s, live")


def _page(escalation: Escalation, errors: dict[str, str]) -> str:
    row = reading.row(escalation, reader())
    return render_template("escalations/show.html", escalation=escalation, row=row, typed=request.form, errors=errors)
