"""What every staff page may tell of the roster: who is on duty, what is handed over, stretches of time in words."""

from __future__ import annotations

from flask import Flask, g

from app.clock import now
from app.duty import handover
from app.duty.checks import stretch
from app.names import surname
from app.reading import duty as reading
from app.reading import duty_journal
from app.web.duty_form import shown


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        duty_now=duty_now,
        duty_notes=duty_notes,
        duty_stretch=stretch,
        field_moment=shown,
        surname_of=surname,
    )


def duty_now() -> reading.Now:
    """Who is on duty at this moment; read once a page."""
    if "duty_now" not in g:
        g.duty_now = reading.now(now())
    found: reading.Now = g.duty_now
    return found


def duty_notes(staff_id: int) -> list[duty_journal.Note]:
    """What is handed over to that person: notes that nobody took over yet, while they are on duty."""
    is_on_duty = staff_id in {one.id for one in duty_now().people}
    return [note for note in duty_journal.notes(handover.unread()) if note.author_id != staff_id] if is_on_duty else []
