"""The ledger's pen: what the pure model states becomes a row, supersedes the one before, and sets the alarms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from app import promises
from app.extensions import db
from app.models.promise import Promise
from app.models.ticket import Ticket, stands_still
from app.models.words import Holder, PromiseKind, Urgency
from app.promises import Statement, Terms
from app.terms import terms_of
from app.tickets import measure
from app.tickets.alarm import Alarm, clear_alarms, set_alarm
from app.tickets.ball import third_party_since, waits


def begin(ticket: Ticket, at: datetime) -> None:
    """The first two promises, at registration."""
    for statement in promises.on_registration(terms_of(ticket, at), ticket.urgency, at):
        _state(ticket, statement)
    want_name(ticket, at)


def want_name(ticket: Ticket, at: datetime) -> None:
    """An urgent request that is nobody's has to be taken by name in the contract's minutes, from now."""
    if ticket.urgency is Urgency.URGENT and ticket.engineer_id is None:
        reaction, _ = promises.on_registration(terms_of(ticket, at), Urgency.URGENT, at)
        set_alarm(ticket, Alarm.TAKE, reaction.due_at)


def pause(ticket: Ticket, at: datetime) -> None:
    """The clock of a standard request stands still, and its alarms are silent; one that ran out before is not."""
    ticket.paused_at = at
    if ticket.urgency is Urgency.NORMAL:
        set_alarm(ticket, Alarm.NEAR, None)
        if ticket.due_at is None or promises.is_kept(ticket.due_at, at):
            set_alarm(ticket, Alarm.DUE, None)


def unpause(ticket: Ticket) -> None:
    """The question was taken back: the promise goes on as if it had never been asked."""
    ticket.paused_at = None
    if promise := current(ticket, PromiseKind.SOLUTION):
        set_alarms(ticket, promise)


def resume(ticket: Ticket, at: datetime, *, is_third_party: bool = False) -> None:
    """The wait is over and the ball is ours: what was waited is added to a standard request's deadline."""
    promise = current(ticket, PromiseKind.SOLUTION)
    since, ticket.paused_at = ticket.paused_at, None
    if promise is None or since is None:
        return
    terms, standing = terms_of(ticket, at), Statement.recall(promise)
    following = promises.on_resume(standing, terms, since, at, is_third_party=is_third_party)
    if following is None:
        set_alarms(ticket, promise)
    else:
        _state(ticket, following, before=promise)


def stops_for_third_party(ticket: Ticket) -> bool:
    """Whether the terms of the promise in force let a third party stop the clock."""
    promise = current(ticket, PromiseKind.SOLUTION)
    return promise is not None and Statement.recall(promise).basis.stops_for_third_party


def declare_urgent(ticket: Ticket, at: datetime) -> None:
    is_held = ticket.holder is Holder.THIRD_PARTY
    for promise, terms in _standing(ticket, at):
        standing = Statement.recall(promise)
        statement = promises.on_urgent(standing, terms, at, ticket.paused_at, is_third_party=is_held)
        _follow(ticket, promise, statement)


def declare_standard(ticket: Ticket, at: datetime) -> None:
    for promise, terms in _standing(ticket, at):
        _follow(ticket, promise, promises.on_standard(Statement.recall(promise), terms, waits(ticket), at))


def apply_terms(ticket: Ticket, at: datetime, reason: str | None = None) -> None:
    """The contract or company was corrected: an earlier deadline is stated, a later one only with a reason."""
    pauses = waits(ticket)
    for promise, terms in _standing(ticket, at):
        statement = promises.on_terms(Statement.recall(promise), terms, ticket.created_at, pauses, at, reason)
        _follow(ticket, promise, statement)


def corrected(ticket: Ticket, at: datetime, reason: str = "?") -> Statement | None:
    """The solution that ``apply_terms`` would state; writes nothing."""
    promise = current(ticket, PromiseKind.SOLUTION)
    if promise is None or promise.kept is not None:
        return None
    standing = Statement.recall(promise)
    return promises.on_terms(standing, terms_of(ticket, at), ticket.created_at, waits(ticket), at, reason)


def move(ticket: Ticket, due_at: datetime, reason: str, at: datetime) -> None:
    """An engineer names another moment for the solution."""
    promise = current(ticket, PromiseKind.SOLUTION)
    assert promise is not None
    terms = terms_of(ticket, at)
    _state(ticket, promises.on_move(Statement.recall(promise), terms, due_at, reason, at), before=promise)


def reopen(ticket: Ticket, solved_at: datetime, at: datetime) -> None:
    """The time that was left when it was solved, at least the contract's minimum, from now."""
    promise = current(ticket, PromiseKind.SOLUTION)
    assert promise is not None
    terms, standing = terms_of(ticket, at), Statement.recall(promise)
    statement = promises.on_reopen(standing, terms, ticket.urgency, solved_at, at, ticket.paused_at)
    ticket.paused_at = None
    _state(ticket, statement, before=promise)


def merge(into: Ticket, other: Ticket, at: datetime) -> None:
    """Two requests become one: it keeps the earlier deadline, and the other's ledger ends there.

    Called before either's state changes. What was missed, on either side, stays missed.
    """
    terms, others = terms_of(into, at), terms_of(other, at)
    for kind in PromiseKind:
        standing, ended = current(into, kind), current(other, kind)
        if standing is None or ended is None or ended.kept is not None:
            continue
        if not _stands_still(other, kind) and miss(other, kind, at):
            continue
        if standing.kept is None:
            following = promises.on_merge(
                Statement.recall(standing), Statement.recall(ended), terms, at, into.paused_at, others, other.paused_at
            )
            _follow(into, standing, following)
        last = current(into, kind)
        ended.superseded_at, ended.superseded_by_id = at, last.id if last else None
    clear_alarms(other)


def judge(ticket: Ticket, kind: PromiseKind, at: datetime) -> None:
    """Done at that moment: the promise in force was kept or broken. Judged already, it stays so."""
    promise = current(ticket, kind)
    if promise is not None and promise.kept is None:
        promise.kept, promise.judged_at = promises.is_kept(promise.due_at, at), at
    if promise is not None and kind is PromiseKind.REACTION:
        measure.reacted(ticket, promise.basis)


def unjudge(ticket: Ticket) -> None:
    """The solution was taken back before anyone saw it: what it kept is open again; what was missed stays missed."""
    promise = current(ticket, PromiseKind.SOLUTION)
    if promise is None:
        return
    if promise.kept:
        promise.kept = promise.judged_at = None
    set_alarms(ticket, promise)


def miss(ticket: Ticket, kind: PromiseKind, at: datetime) -> bool:
    """The moment has passed: the promise is broken. False when it was judged before or its clock stands still."""
    promise = current(ticket, kind)
    if promise is None or promise.kept is not None or promises.is_kept(promise.due_at, at):
        return False
    promise.kept, promise.judged_at = False, at
    return True


def warn(ticket: Ticket, at: datetime) -> bool:
    """The solution's moment is near: said once a promise."""
    promise = current(ticket, PromiseKind.SOLUTION)
    if promise is None or promise.warned_at is not None or promise.kept is not None:
        return False
    if not promises.is_kept(promise.due_at, at):
        return False  # it is missed, and that is said
    promise.warned_at = at
    return True


def current(ticket: Ticket, kind: PromiseKind) -> Promise | None:
    """The promise in force of that kind."""
    query = (
        select(Promise)
        .where(Promise.ticket_id == ticket.id, Promise.kind == kind, Promise.superseded_at.is_(None))
        .order_by(Promise.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()


def _standing(ticket: Ticket, at: datetime) -> Iterable[tuple[Promise, Terms]]:
    """The promises in force that are still open: a judged reaction is history."""
    terms = terms_of(ticket, at)
    for kind in PromiseKind:
        promise = current(ticket, kind)
        if promise is not None and (kind is PromiseKind.SOLUTION or promise.kept is None):
            yield promise, terms


def _follow(ticket: Ticket, promise: Promise, statement: Statement | None) -> None:
    if statement is not None:
        _state(ticket, statement, before=promise)


def _state(ticket: Ticket, statement: Statement, before: Promise | None = None) -> None:
    is_english = ticket.language == "en"
    promise = Promise(
        ticket_id=ticket.id,
        kind=statement.kind,
        due_at=statement.due_at,
        stated_at=statement.stated_at,
        basis=statement.basis.to_json(),
        why=promises.why_en(statement.basis) if is_english else statement.why,
        why_public=promises.why_en(statement.basis, public=True) if is_english else statement.why_public,
        provisional=statement.provisional,
        urgency=statement.basis.urgency,
        reason=statement.reason,
        near_at=statement.near_at,
    )
    db.session.add(promise)
    ticket.contract = statement.basis.contract
    if before is not None:
        db.session.flush()
        before.superseded_at, before.superseded_by_id = statement.stated_at, promise.id
    set_alarms(ticket, promise)


def set_alarms(ticket: Ticket, promise: Promise) -> None:
    """An open promise has its alarms; those of a standard solution are silent while its clock stands still."""
    if promise.kind is PromiseKind.REACTION:
        ticket.reaction_due_at = promise.due_at
        set_alarm(ticket, Alarm.REACT, promises.broken_from(promise.due_at))
        return
    ticket.due_at = promise.due_at
    if ticket.holder is Holder.THIRD_PARTY:  # other terms may stop the clock, or set it going
        is_stopped = promise.basis.get("stops_for_third_party", False)
        ticket.paused_at = (ticket.paused_at or third_party_since(ticket)) if is_stopped else None
    is_running = promise.kept is None and not _stands_still(ticket, promise.kind)
    set_alarm(ticket, Alarm.NEAR, promise.near_at if is_running and promise.warned_at is None else None)
    set_alarm(ticket, Alarm.DUE, promises.broken_from(promise.due_at) if is_running else None)


def _stands_still(ticket: Ticket, kind: PromiseKind) -> bool:
    return kind is PromiseKind.SOLUTION and stands_still(ticket.urgency, ticket.paused_at)
