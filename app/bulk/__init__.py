"""One act on many requests: each in a transaction of its own, so that what cannot be done stops nothing else.

The act is written before the first request, and what became of each with its change: whoever is killed on the way has
left a list that is true, to be gone on with or undone. Two who go on at once do nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Executable, bindparam, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app import failpoint, outbox
from app.actor import Actor
from app.bulk.wanted import Done, Wanted, do, take_back
from app.clock import now
from app.errors import HelpDeskError, IllegalMove, NotFound
from app.extensions import db, insert_into
from app.models.bulk_act import BulkAct, BulkRow
from app.models.ticket import Ticket
from app.rows import find_row
from app.translate import _

MOST = 200
UNDONE_WITHIN = timedelta(minutes=10)
TAKEN_UP_WITHIN = timedelta(hours=1)  # what was cut short: gone on with, or undone
_QUIET = timedelta(seconds=15)  # one request takes no longer, waiting for a lock included
_WEAK = {"synchronize_session": False}
_Check = Callable[[Ticket], None] | None
_UNDONE = (
    update(BulkRow)
    .where(BulkRow.act_id == bindparam("act"), BulkRow.number == bindparam("of"))
    .where(BulkRow.undone_at.is_(None), BulkRow.refusal == "")
    .values(undone_at=bindparam("now"), refusal=bindparam("why"))
    .returning(BulkRow.number)
)
_IS_HALF = or_(BulkAct.ended_at.is_(None), BulkAct.undoing_at.is_not(None)) & BulkAct.undone_at.is_(None)
# Built once: every queue asks for it.
_LATEST = (
    select(BulkAct)
    .where(BulkAct.staff_id == bindparam("staff"))
    .where(BulkAct.id.in_(bindparam("ended", expanding=True)) | _IS_HALF & (BulkAct.at > bindparam("since")))
    .order_by(BulkAct.id.desc())
)


class _Settled(Exception):
    """Somebody else has done this one, or has begun to undo them all."""


def perform(wanted: Wanted, numbers: Sequence[str], by: Actor, at: datetime, check: _Check = None) -> BulkAct:
    """Do it to each request in turn; ``check`` may refuse one. Commits; what became of each is kept for its author.

    The same form again goes on where the first press was cut short, and tries again what was refused.
    """
    act_id = _begun(wanted, list(dict.fromkeys(numbers)), by, at)
    return _proceed(found(act_id, by), wanted, by, at, check)


def go_on(act_id: int, by: Actor, at: datetime, check: _Check = None) -> BulkAct:
    """Do the rest of what was cut short; nothing is left, or it is being undone: nothing happens."""
    act = found(act_id, by)
    if act.ended_at is not None or act.undoing_at is not None:
        return act
    if at > act.at + TAKEN_UP_WITHIN:
        raise IllegalMove(_("Прошло больше часа. Отметьте оставшиеся заявки в списке."))
    return _proceed(act, Wanted.of(act), by, at, check)


def undo(act_id: int, by: Actor, at: datetime) -> BulkAct:
    """Take back what can be: whose work each was, words that nobody has read yet. Undone already: nothing happens.

    Cut short, the next press does the rest.
    """
    with outbox.transaction():
        act = found(act_id, by, with_for_update=True)
        if act.undoing_at is None:
            within = UNDONE_WITHIN if act.ended_at else TAKEN_UP_WITHIN
            if at > (act.ended_at or act.at) + within:
                minutes = within // timedelta(minutes=1)
                raise IllegalMove(_("Отменить можно было %(count)s минут. Исправьте заявки по одной.", count=minutes))
            act.undoing_at = at
    if act.undone_at is not None:
        return act
    for row in act.rows:
        if row.done is not None and row.undone_at is None and not row.refusal:
            back = partial(take_back, row.done, by=by, at=at)
            _one(row.number, back, partial(_note_undone, act_id, row.number))
    _end(act_id, BulkAct.undone_at)
    return found(act_id, by)


def found(act_id: int, by: Actor, **how: Any) -> BulkAct:
    """The author's own act as it stands now; raises NotFound."""
    act = find_row(BulkAct, act_id, populate_existing=True, **how)
    if act is None or act.staff_id != by.staff_id:
        raise NotFound(_("Такого действия нет. Вернитесь к списку."))
    return act


def latest(by: Actor, at: datetime, ended: Sequence[int]) -> Sequence[BulkAct]:
    """The author's acts: these, and those of the last hour that were cut short, or go on. Newest first."""
    own = {"staff": by.staff_id, "ended": ended, "since": at - TAKEN_UP_WITHIN}
    return db.session.scalars(_LATEST, own).all()


def is_going_on(act: BulkAct, at: datetime) -> bool:
    """Whether somebody is likely at it this moment."""
    return act.is_half and at < act.touched_at + _QUIET


def _begun(wanted: Wanted, numbers: list[str], by: Actor, at: datetime) -> int:
    """The act that this press is of: a new one, or the one that its form has begun."""
    assert by.staff_id is not None
    own = {"staff_id": by.staff_id, "kind": wanted.kind, "at": at, "press": wanted.press(by.staff_id, numbers)}
    made = insert_into(BulkAct).values(**own, numbers=numbers, wanted=wanted.kept())
    with outbox.transaction():
        act_id: int | None = db.session.scalar(made.on_conflict_do_nothing().returning(BulkAct.id))
        if act_id is not None:
            return act_id
        same = select(BulkAct).where(BulkAct.press == own["press"], BulkAct.undoing_at.is_(None)).with_for_update()
        act = db.session.scalars(same, execution_options={"populate_existing": True}).first()
        if act is None:
            raise NotFound(_("Такого действия нет. Вернитесь к списку."))
        if act.refusals:
            refused = delete(BulkRow).where(BulkRow.act_id == act.id, BulkRow.refusal != "")
            db.session.execute(refused, execution_options=_WEAK)
            act.ended_at, act.wanted = None, wanted.kept()
        return act.id


def _proceed(act: BulkAct, wanted: Wanted, by: Actor, at: datetime, check: _Check) -> BulkAct:
    def done(ticket: Ticket) -> Done:
        if check is not None:
            check(ticket)
        return do(wanted, ticket, by, at)

    act_id, row = act.id, _row_of(act.id)
    for number in act.rest:
        if not _one(number, done, partial(_note_done, row, number)) and _is_being_undone(act_id):
            break
    _end(act_id, BulkAct.ended_at)
    return found(act_id, by)


def _one(number: str, change: Callable[[Ticket], Done | None], note: Callable[[Done | None, str], None]) -> bool:
    """Change it and note what became of it, in one transaction; False where that is settled already."""
    with suppress(_Settled):
        try:
            with outbox.transaction():
                note(change(_locked(number)), "")
                failpoint.reach(f"bulk {number}")
        except HelpDeskError as refusal:
            with outbox.transaction():
                note(None, refusal.message)
        failpoint.reach(f"bulk {number} done")
        return True
    return False


def _locked(number: str) -> Ticket:
    query = select(Ticket).where(Ticket.number == number).with_for_update()
    ticket = db.session.scalars(query, execution_options={"populate_existing": True}).first()
    if ticket is None:
        raise NotFound(_("Такой заявки нет. Проверьте номер."))
    return ticket


def _row_of(act_id: int) -> Executable:
    """The row of a request, unless somebody was faster or undoes the act, who waits for this or is waited for.

    Made once for all requests: that costs more than to send it.
    """
    what = (bindparam("of", type_=BulkRow.number.type), bindparam("now", type_=BulkRow.at.type),
            bindparam("what", type_=BulkRow.done.type), bindparam("why", type_=BulkRow.refusal.type))  # fmt: skip
    act = select(BulkAct.id, *what).where(BulkAct.id == act_id, BulkAct.undoing_at.is_(None))
    row = insert_into(BulkRow).from_select(
        ["act_id", "number", "at", "done", "refusal"], act.with_for_update(read=True)
    )
    return row.on_conflict_do_nothing().returning(BulkRow.number)


def _note_done(row: Executable, number: str, done: Done | None, refusal: str) -> None:
    _settle(row, {"of": number, "now": now(), "what": done, "why": refusal})


def _note_undone(act_id: int, number: str, _done: Done | None, refusal: str) -> None:
    undone_at = None if refusal else now()
    _settle(_UNDONE, {"act": act_id, "of": number, "now": undone_at, "why": refusal})


def _settle(statement: Executable, values: dict[str, Any]) -> None:
    if db.session.connection().execute(statement, values).first() is None:
        raise _Settled


def _is_being_undone(act_id: int) -> bool:
    return db.session.scalar(select(BulkAct.undoing_at).where(BulkAct.id == act_id)) is not None


def _end(act_id: int, moment: InstrumentedAttribute[Any]) -> None:
    """Nothing is left to do, or to undo; nor any need to know how."""
    over = update(BulkAct).where(BulkAct.id == act_id, moment.is_(None)).values({moment: now(), BulkAct.wanted: {}})
    with outbox.transaction():
        db.session.execute(over, execution_options=_WEAK)
