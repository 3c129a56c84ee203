"""The queue: what needs work, by deadline; its rows and counts are fragments that fetch themselves."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import outbox, tickets
from app.clock import now
from app.errors import IllegalMove
from app.extensions import db
from app.models.ticket import Ticket
from app.reading import queue, queue_views
from app.reading.queue_rows import hash_of
from app.reading.queue_views import PAGE, Cursor, View
from app.reading.reader import Reader
from app.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("queue", __name__)

_UNCHANGED = ("", 204)
_GONE = ("", 410)  # was shown, and this view shows it no longer


@bp.get("/queue")
def index() -> ResponseReturnValue:
    view, after, own = _view(), Cursor.parse(request.args.get("after", "")), reader()
    counts = queue_views.counts(own)
    page = queue.page(view, own, after)
    untaken = queue_views.untaken_urgent() if view is View.MINE and not page.groups else 0
    return render_template(
        "queue/index.html",
        view=view,
        after=after,
        page=page,
        counts=counts,
        untaken=untaken,
        own=own,
        **_rail(view, counts, own),
    )


@bp.get("/queue/list")
def rows() -> ResponseReturnValue:
    view, own = _view(), reader()
    page = queue.page(view, own, Cursor.parse(request.args.get("after", "")))
    if page.digest == request.args.get("digest"):
        return _UNCHANGED
    return render_template("queue/_list.html", page=page, view=view)


@bp.get("/queue/rows/<number>")
def row(number: str) -> ResponseReturnValue:
    digest = request.args.get("digest", "")
    found = queue.row(number, _view(), reader())
    if found is None:
        return _GONE if digest else _UNCHANGED
    if found.digest == digest:
        return _UNCHANGED
    return render_template("queue/_row.html", row=found, view=_view())


@bp.get("/queue/counts")
def counts() -> ResponseReturnValue:
    view, own = _view(), reader()
    rail = _rail(view, queue_views.counts(own), own)
    if rail["counts_digest"] == request.args.get("digest"):
        return _UNCHANGED
    return render_template("queue/_views.html", view=view, **rail)


@bp.post("/queue/taking")
def take() -> ResponseReturnValue:
    """Take every request that was ticked; one that a colleague has already is named, the others are taken."""
    taken, refusals = [], []
    for number in dict.fromkeys(request.form.getlist("number")[:PAGE]):
        try:
            with outbox.transaction():
                ticket = db.session.scalars(select(Ticket).where(Ticket.number == number).with_for_update()).first()
                if ticket is not None:
                    tickets.take(ticket, actor(), now())
                    taken.append(number)
        except IllegalMove as refusal:
            refusals.append(f"{number}: {refusal.message}")
    for sentence in refusals:
        flash(sentence, "refused")
    if len(taken) == 1:
        flash(taken[0], "taken")
    return redirect(url_for("queue.index", view=_view()), 303)


def _view() -> View:
    wanted = request.args.get("view", "")
    return View(wanted) if wanted in set(View) else View.OPEN


def _rail(view: View, counts: dict[View, int], own: Reader) -> dict[str, object]:
    """The list of views with counts, and the sentence beside the heading."""
    shown, late = counts[view], counts[View.OVERDUE]
    noun, overdue = _FORMS[own.words.__name__]
    summary = own.words.count(shown, *noun)
    if view is View.OPEN and late:
        summary = f"{summary}, {own.words.count(late, *overdue)}"
    return {
        "views": [(name, icon, label, counts[name]) for name, icon, label in _views()],
        "summary": summary,
        "counts_digest": f"{hash_of('.'.join(map(str, counts.values()))):x}",
    }


_FORMS = {
    "app.wording": (("заявка", "заявки", "заявок"), ("просрочена", "просрочены", "просрочено")),
    "app.wording_en": (("request", "requests"), ("overdue", "overdue")),
}


def _views() -> list[tuple[View, str, str]]:
    return [
        (View.MINE, "user", _("Мои")),
        (View.UNASSIGNED, "inbox", _("Не назначены")),
        (View.URGENT, "bolt", _("Срочные")),
        (View.OVERDUE, "warning", _("Просроченные")),
        (View.WAITING, "pause", _("Ждут клиента")),
        (View.OPEN, "folder", _("Все открытые")),
        (View.SOLVED, "tick-grey", _("Решены за 3 дня")),
    ]
