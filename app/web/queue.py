"""The queue: what needs work, by deadline; its rows and counts are fragments that fetch themselves."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import bulk
from app.bulk import MOST
from app.bulk.wanted import Wanted
from app.clock import now
from app.models.bulk_act import BulkKind
from app.reading import incidents, queue, queue_choices, queue_every, queue_views, saved_views
from app.reading.queue_rows import hash_of
from app.reading.queue_selection import Selection
from app.reading.queue_views import PAGE, Cursor, View
from app.reading.reader import Reader
from app.translate import _
from app.web.bulk import announce, chosen
from app.web.viewer import actor, reader

bp = Blueprint("queue", __name__)

_UNCHANGED = ("", 204)
_GONE = ("", 410)  # was shown, and this view shows it no longer


@bp.get("/queue")
def index() -> ResponseReturnValue:
    selection, after, own = _selection(), Cursor.parse(request.args.get("after", "")), reader()
    rail = _rail(selection, own)
    page = queue.page(selection, own, after)
    view = selection.view
    untaken = queue_views.untaken_urgent() if view is View.MINE and not page.groups else 0
    return render_template(
        "queue/index.html",
        view=view,
        after=after,
        page=page,
        untaken=untaken,
        every=queue_every.how_many(selection, own, MOST) if after or page.next_place else 0,
        most=MOST,
        page_size=PAGE,
        ticked=request.args.get("ticked") == "page",
        form_key=secrets.token_urlsafe(12),
        own=own,
        narrowed_by=queue_choices.told(selection),
        order_words=queue_choices.order_words(),
        **rail,
    )


@bp.get("/queue/list")
def rows() -> ResponseReturnValue:
    selection, own = _selection(), reader()
    page = queue.page(selection, own, Cursor.parse(request.args.get("after", "")))
    if page.digest == request.args.get("digest"):
        return _UNCHANGED
    return render_template("queue/_list.html", page=page, selection=selection, view=selection.view)


@bp.get("/queue/rows/<number>")
def row(number: str) -> ResponseReturnValue:
    digest, selection = request.args.get("digest", ""), _selection()
    found = queue.row(number, selection, reader())
    if found is None:
        return _GONE if digest else _UNCHANGED
    if found.digest == digest:
        return _UNCHANGED
    return render_template("queue/_row.html", row=found, view=selection.view, selection=selection)


@bp.get("/queue/counts")
def counts() -> ResponseReturnValue:
    selection = _selection()
    rail = _rail(selection, reader())
    if rail["counts_digest"] == request.args.get("digest"):
        return _UNCHANGED
    return render_template("queue/_views.html", view=selection.view, **rail)


@bp.post("/queue/taking")
def take() -> ResponseReturnValue:
    """Take every request that was ticked; one that a colleague has already is named, the others are taken."""
    wanted = Wanted(BulkKind.TAKE, form_key=request.form.get("form_key", ""))
    act = bulk.perform(wanted, chosen(), actor(), now())
    if len(act.done) == 1:
        flash(act.done[0].number, "taken")
    announce(act)
    return redirect(url_for("queue.index", **_selection().arguments), 303)


def _selection() -> Selection:
    return Selection.parse(request.args)


def _rail(selection: Selection, own: Reader) -> dict[str, object]:
    """The list of views with counts, the reader's own among them, and the sentence beside the heading."""
    kept = saved_views.of(own)
    counts, own_counts = queue_views.counts(own, saved_views.figures(kept, own))
    saved = saved_views.counted(kept, own_counts)
    noun, overdue = _FORMS[own.words.__name__]
    summary = "" if selection.is_narrowed else own.words.count(counts[selection.view], *noun)
    if selection == Selection() and counts[View.OVERDUE]:
        summary = f"{summary}, {own.words.count(counts[View.OVERDUE], *overdue)}"
    open_incidents = incidents.open_count()
    told = (*counts.values(), *(f"{one.name}{one.count}" for one in saved), open_incidents)
    return {
        "selection": selection,
        "counts": counts,
        "saved": saved,
        "open_incidents": open_incidents,
        "views": [(name, icon, label, counts[name]) for name, icon, label in _views()],
        "summary": summary,
        "counts_digest": f"{hash_of('.'.join(map(str, told))):x}",
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
