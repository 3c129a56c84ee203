"""What the forms of a calendar say of promises given already, and where they lead once it is saved."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.tickets import corrections
from app.web.corrections import offer
from app.web.translate import _


def preview(name: str) -> str:
    """A sentence above the forms: how many open requests have a promise by this calendar; none of them changes."""
    touched = corrections.count_open(corrections.by_calendar(name))
    if not touched:
        return _("Сроки, которые уже названы клиентам, от правки не изменятся.")
    return _("Открытых заявок, сроки которых названы по этому календарю: %(count)s. Они не изменятся.", count=touched)


def after(name: str, version: int, year: int, *, is_changed: bool) -> ResponseReturnValue:
    """The page that follows a saved calendar, with a way back; the transaction has ended."""
    if is_changed:
        offer(corrections.by_calendar(name), url_for("corrections.by_calendar", name=name))
        flash(str(version), "calendar")
    return redirect(url_for("calendars.show", name=name, year=year), 303)
