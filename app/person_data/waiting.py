"""What of a person's waits for the desk: a reason not to erase them yet."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.actor import Actor
from app.extensions import db
from app.models.complaint import Complaint
from app.models.letter import DISCARDED, Letter
from app.models.ticket import Ticket
from app.models.words import ComplaintState, LetterState, State
from app.person_data import theirs
from app.person_data.whose import Whose
from app.policy import may_see_complaint
from app.translate import _

MOST_NAMED = 10


def what_waits(own: Whose, by: Actor) -> str:
    """What of theirs is not finished, in a sentence with the way out; empty where nothing is.

    ``by``: who reads it, and hears nothing of a complaint that names them.
    """
    numbers: list[str] = []
    for ids in theirs.batches(own, 1000):
        query = select(Ticket.number).where(
            Ticket.id.in_(ids), Ticket.state != State.CLOSED, Ticket.erased_at.is_(None)
        )
        numbers += db.session.scalars(query.order_by(Ticket.id))
    letters = _undecided(own)
    every = theirs.every_complaint(own)
    cases = [one.id for one in every if one.state is ComplaintState.OPEN and _may_see(by, one)]
    parts = []
    if numbers:
        more = len(numbers) - MOST_NAMED
        others = _(" и ещё %(count)s", count=more) if more > 0 else ""
        parts.append(_("не закрыты заявки: %(numbers)s", numbers=", ".join(numbers[:MOST_NAMED])) + others)
    if letters:
        parts.append(_("писем ждёт решения: %(count)s", count=len(letters)))
    if cases:
        parts.append(_("жалоб без ответа: %(count)s", count=len(cases)))
    if not parts:
        return ""
    words = "; ".join(parts)
    advice = _("Сначала закончите это. Стереть можно и так, но отвечать тогда будет некому.")
    return f"{words[0].upper()}{words[1:]}. {advice}"


def is_of_who_asks(own: Whose, by: Actor) -> bool:
    """Whether an open complaint names whoever would erase it."""
    every = theirs.every_complaint(own)
    return any(one.state is ComplaintState.OPEN and not _may_see(by, one) for one in every)


def _undecided(own: Whose) -> Sequence[int]:
    waiting = Letter.state.in_((LetterState.QUARANTINED, LetterState.FAILED)), Letter.error != DISCARDED
    return db.session.scalars(theirs.letters(own).where(*waiting, Letter.ticket_id.is_(None))).all()


def _may_see(by: Actor, complaint: Complaint) -> bool:
    """The command serves nobody in particular."""
    return by.staff_id is None or may_see_complaint(by, complaint.about_id)
