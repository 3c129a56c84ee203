"""The duty roster: four weeks at a glance, who is on duty, handing over, taking a change back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import outbox
from app.clock import now
from app.config import settings
from app.duty import handover, undoing
from app.errors import IntakeRejected
from app.reading import duty as reading
from app.reading import duty_journal
from app.web import duty_form
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("duty", __name__)


@bp.get("/duty")
def index() -> str:
    """``?from=``: a day of the first week."""
    return page()


@bp.post("/duty/notes")
def hand_over() -> ResponseReturnValue:
    """Leave a note for the next person on duty."""
    try:
        with outbox.transaction():
            handover.hand_over(request.form.get("text", ""), actor(), now())
    except IntakeRejected as refusal:
        return page(refusal.errors), refusal.status
    flash(_("Записано. Заметка стоит перед дежурными, пока её не примут."), "done")
    return redirect(url_for("duty.index"), 303)


@bp.post("/duty/notes/<int:note_id>/reading")
def read_note(note_id: int) -> ResponseReturnValue:
    """Say that one read it and goes on with it."""
    with outbox.transaction():
        handover.read_note(note_id, actor(), now())
    return redirect(url_for("queue.index" if request.form.get("from") == "queue" else "duty.index"), 303)


@bp.post("/duty/changes/<int:change_id>/undoing")
def undo(change_id: int) -> ResponseReturnValue:
    """Put the roster back as it was before a change."""
    with outbox.transaction():
        undoing.undo(change_id, actor(), now())
    flash(_("Правка отменена."), "done")
    return back()


def back() -> ResponseReturnValue:
    """To the weeks that were looked at."""
    place: dict[str, Any] = {"from": request.form["from"][:10]} if request.form.get("from") else {}
    return redirect(url_for("duty.index", **place), 303)


def page(errors: dict[str, str] | None = None) -> str:
    """The roster, with what was typed into its forms."""
    own = reader()
    typed = request.form if request.method == "POST" else {}
    asked = typed.get("first") or typed.get("from") or request.args.get("from", "")
    first = duty_form.monday_of(asked, own.at.astimezone(settings().time_zone).date())
    weeks = timedelta(weeks=reading.WEEKS)
    shown = reading.page(first, own)
    return render_template(
        "duty/index.html",
        page=shown,
        now_on=reading.now(own.at),
        unread=duty_journal.notes(handover.unread()),
        notes=duty_journal.notes(handover.recent()),
        journal=duty_journal.changes(),
        earlier=first - weeks,
        later=first + weeks,
        typed=typed,
        errors=errors or {},
    )
