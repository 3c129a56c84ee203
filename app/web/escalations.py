"""The manager's page: what waits for a decision, what is watched already, who works on how much."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import escalations, outbox
from app.clock import now
from app.errors import IntakeRejected, NotFound
from app.extensions import db
from app.models.escalation import Escalation
from app.models.staff import Staff
from app.policy import is_about
from app.reading import escalation_log, escalation_pages, load
from app.reading import escalations as reading
from app.rows import find_row
from app.thresholds import current as thresholds
from app.web.fragments import Fragment, fresh
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("escalations", __name__)

_EVERY = "30s, live"  # time alone changes what is shown: a row comes back, a deadline nears


@bp.get("/escalations")
def index() -> ResponseReturnValue:
    board = reading.board(reader(), place())
    return render_template("escalations/index.html", rows=_rows(board), side=_side(), limits=thresholds())


@bp.get("/escalations/rows")
def rows() -> ResponseReturnValue:
    """The fragment with the rows."""
    return fresh(_rows(reading.board(reader(), place())))


@bp.get("/escalations/side")
def side() -> ResponseReturnValue:
    """The fragment with the people, their load and the reader's own reaction."""
    return fresh(_side())


@bp.get("/escalations/<int:escalation_id>")
def show(escalation_id: int) -> ResponseReturnValue:
    """One escalation, with room for words: a note, or how it ended."""
    return _page(found(escalation_id), {})


@bp.post("/escalations/<int:escalation_id>/acknowledgement")
def acknowledge(escalation_id: int) -> ResponseReturnValue:
    """Take charge of the request, whatever it is here for; whoever comes second is told who did, and when."""
    note = request.form.get("note", "")
    with outbox.transaction():
        done = [escalations.acknowledge(one, note, actor(), now()) for one in together(escalation_id)]
    if not any(done):
        _say_who(escalation_id)
    return back()


@bp.post("/escalations/<int:escalation_id>/put-back")
def put_back(escalation_id: int) -> ResponseReturnValue:
    """Under control no longer: it waits again."""
    with outbox.transaction():
        for one in together(escalation_id):
            escalations.put_back(one, actor(), now())
    return back()


@bp.post("/escalations/<int:escalation_id>/resolution")
def resolve(escalation_id: int) -> ResponseReturnValue:
    """Done, with one line for the log."""
    outcome = request.form.get("resolution", "")
    try:
        with outbox.transaction():
            group = together(escalation_id)
            for one in group:
                escalations.resolve(one, outcome, actor(), now())
    except IntakeRejected as refusal:
        return _page(found(escalation_id), refusal.errors), refusal.status
    if not group:
        _say_who(escalation_id)
    return back()


def place() -> str:
    """Where in the list the reader is, kept through what they do there."""
    return request.args.get("after", "")[:40]


def back() -> ResponseReturnValue:
    """To the part of the list that the reader came from."""
    return redirect(url_for("escalations.index", after=place() or None), 303)


def found(escalation_id: int) -> Escalation:
    """The escalation, for those who may see it; raises NotFound."""
    one = find_row(Escalation, escalation_id)
    if one is None or is_about(actor().staff_id, one.about_id):
        raise NotFound("Такой эскалации нет. Вернитесь к списку.")
    return one


def together(escalation_id: int) -> Sequence[Escalation]:
    """All that the same request is here for and the reader may see, locked; one request is one row."""
    group = escalations.together(found(escalation_id))
    return [one for one in group if not is_about(actor().staff_id, one.about_id)]


def _say_who(escalation_id: int) -> None:
    """Tell the second of two who was first, and when; a press that was only doubled needs no words."""
    one = found(escalation_id)
    at, by_id = (one.resolved_at, one.resolved_by_id) if one.resolved_at else (one.watched_since, one.watched_by_id)
    if at is None or (by_id is not None and by_id == actor().staff_id):
        return
    first = db.session.get(Staff, by_id) if by_id else None
    who, when = first.name if first else _("Программа"), reader().time_or_day(at)
    sentence = _("Уже разобрано: %(who)s, %(when)s.") if one.resolved_at else _("Уже на контроле: %(who)s, %(when)s.")
    flash(sentence % {"who": who, "when": when}, "refused")


def _rows(board: reading.Board) -> Fragment:
    inner = render_template("escalations/_rows.html", board=board, most=reading.MOST)
    return Fragment("escalations", url_for("escalations.rows", after=board.place or None), inner, _EVERY)


def _side() -> Fragment:
    own = reader()
    inner = render_template("escalations/_side.html", people=load.everyone(own), reaction=reading.reaction_today(own))
    return Fragment("escalations-side", url_for("escalations.side"), inner, "60s, live")


def _page(escalation: Escalation, errors: dict[str, str]) -> str:
    own = reader()
    return render_template(
        "escalations/show.html",
        escalation=escalation,
        row=reading.row(escalation, own),
        acts=escalation_log.acts_of(escalation, own),
        calls=escalation_pages.calls_of(escalation, own),
        typed=request.form,
        place=place() or None,
        errors=errors,
    )
