"""The rules of promises: which deadline each turn of a request states. Described in the package's docstring."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.models.words import PromiseKind, Urgency
from app.promises.basis import Basis, Ground, Pause, PromiseCause, Terms
from app.promises.statement import Statement, clock_of, due_of
from app.promises.waits import at_present, cut, waited, waited_since, waiting_now, waiting_since


def on_registration(terms: Terms, urgency: Urgency, at: datetime) -> tuple[Statement, Statement]:
    """State the first reaction and solution; outside service hours a working clock starts at the next opening."""
    now = cut(at)
    reaction, solution = (
        Statement.on(_owed(kind, terms, urgency, now, now), terms)
        for kind in (PromiseKind.REACTION, PromiseKind.SOLUTION)
    )
    return reaction, solution


def on_resume(
    current: Statement, terms: Terms, paused_at: datetime, now: datetime, *, is_third_party: bool = False
) -> Statement | None:
    """State the deadline pushed by the working time waited; a clock that never stopped, or ran out before, stands."""
    now = cut(now)
    pause = Pause(waiting_since(current, paused_at), now, is_third_party)
    if not current.basis.stops_in(pause) or pause.start >= current.due_at:
        return None
    basis = waited(current.basis, current.due_at, terms.calendar, [pause])
    cause = PromiseCause.THIRD_PARTY if is_third_party else PromiseCause.RESUMED
    basis = _restated(basis, cause, current, now)
    reason = "дождались другую организацию" if is_third_party else "клиент ответил"
    return Statement.on(basis, terms, reason, was_provisional=_builds_on(basis, current))


def on_urgent(
    current: Statement,
    terms: Terms,
    now: datetime,
    paused_at: datetime | None = None,
    *,
    is_third_party: bool = False,
) -> Statement | None:
    """State the urgent time from now or the old deadline, whichever is earlier; one missed already stands."""
    now = cut(now)
    old = at_present(current, terms, paused_at, now, is_third_party=is_third_party)
    old_due_at = due_of(old, terms.calendar)
    if current.basis.urgency is Urgency.URGENT or old_due_at < now:
        return None
    urgent = replace(_owed(current.kind, terms, Urgency.URGENT, now, now), set_aside=replace(old, stated_at=now))
    if old_due_at <= due_of(urgent, terms.calendar):
        urgent = urgent.named(Ground.PREVIOUS, old_due_at)
    urgent = _restated(urgent, PromiseCause.URGENT, current, now)
    return Statement.on(urgent, terms, "заявка объявлена срочной", was_provisional=_builds_on(urgent, current))


def on_standard(current: Statement, terms: Terms, pauses: Sequence[Pause], now: datetime) -> Statement | None:
    """State what a standard request would have by now, or keep the deadline given where that one is not later.

    Waiting counts as if the request had never been urgent. Where both have passed, the broken one stands.
    """
    now = cut(now)
    urgent, standard = current.basis, current.basis.set_aside
    if urgent.urgency is Urgency.NORMAL or standard is None:
        return None
    standard = waited_since(standard, terms.calendar, pauses, now)
    standard_due_at = due_of(standard, terms.calendar)
    if max(standard_due_at, current.due_at) < now:
        return None
    if standard_due_at <= current.due_at:
        standard = standard.named(Ground.PREVIOUS, current.due_at)
    standard = _restated(standard, PromiseCause.STANDARD, current, now)
    return Statement.on(standard, terms, "срочность снята", was_provisional=_builds_on(standard, current))


def on_reopen(
    current: Statement,
    terms: Terms,
    urgency: Urgency,
    solved_at: datetime,
    now: datetime,
    paused_at: datetime | None = None,
) -> Statement:
    """State the time that was left when it was solved, at least the minimum, from now. The solution's promise only.

    `paused_at`: it was solved while it waited for the customer since then.
    """
    now, solved_at = cut(now), cut(solved_at)
    basis = _reopened(current, terms, Urgency.NORMAL, solved_at, now, paused_at)
    if urgency is Urgency.URGENT:
        basis = replace(_reopened(current, terms, urgency, solved_at, now, paused_at), set_aside=basis)
    return Statement.on(basis, terms, "заявка открыта заново")


def on_terms(
    current: Statement,
    terms: Terms,
    registered_at: datetime,
    pauses: Sequence[Pause],
    now: datetime,
    reason: str | None = None,
) -> Statement | None:
    """State what the corrected terms give from the registration, if it is earlier; later only with a reason.

    Were that already past, their time counts from now. A deadline missed, moved, merged or reopened stands.
    """
    now = cut(now)
    basis = current.basis
    given_due_at = due_of(at_present(current, terms, waiting_now(basis, pauses), now), terms.calendar)
    if basis.ground is not Ground.TERMS or given_due_at < now:
        return None
    corrected = _corrected(basis, terms, cut(registered_at), pauses, now)
    if due_of(corrected, terms.calendar) < now:
        corrected = _owed(basis.kind, terms, basis.urgency, now, now)
    due_at = due_of(corrected, terms.calendar)
    if due_at == given_due_at or (due_at > given_due_at and not reason):
        return None
    corrected = _restated(corrected, PromiseCause.TERMS, current, now)
    return Statement.on(replace(corrected, reason=reason), terms, reason or "условия уточнены")


def on_move(current: Statement, terms: Terms, due_at: datetime, reason: str, now: datetime) -> Statement:
    """State the moment that an engineer names; raise ValueError without a reason or for a moment that has passed."""
    now, due_at = cut(now), cut(due_at)
    if not reason.strip():
        raise ValueError("a deadline moves only with a reason: say it, the customer will read it")
    if due_at <= now:
        raise ValueError("the new deadline has already passed: name a later moment")
    moved = current.basis.named(Ground.MOVED, due_at, reason.strip())
    return Statement.on(_restated(moved, PromiseCause.MOVED, current, now), terms, reason.strip())


def on_merge(
    into: Statement,
    other: Statement,
    terms: Terms,
    now: datetime,
    paused_at: datetime | None = None,
    other_terms: Terms | None = None,
    other_paused_at: datetime | None = None,
) -> Statement | None:
    """State the other request's deadline if it is the earlier; one that it missed is judged there and stays there."""
    now = cut(now)
    own_due_at = due_of(at_present(into, terms, paused_at, now), terms.calendar)
    other_terms = other_terms or terms
    due_at = due_of(at_present(other, other_terms, other_paused_at, now), other_terms.calendar)
    if not now <= due_at < own_due_at:
        return None
    merged = into.basis.named(Ground.MERGED, due_at)
    merged = _restated(merged, PromiseCause.MERGED, into, now)
    return Statement.on(merged, terms, "заявки объединены", was_provisional=other.provisional)


def _owed(kind: PromiseKind, terms: Terms, urgency: Urgency, start: datetime, now: datetime) -> Basis:
    """What the terms give from a moment; an urgent basis carries the standard one that it sets aside."""
    standard = _owed(kind, terms, Urgency.NORMAL, start, now) if urgency is Urgency.URGENT else None
    basis = Basis(
        kind=kind,
        urgency=urgency,
        cause=PromiseCause.REGISTERED,
        ground=Ground.TERMS,
        contract=terms.contract,
        calendar=terms.calendar.name,
        zone=terms.calendar.zone.key,
        round_the_clock=terms.is_round_the_clock(urgency),
        stated_at=now,
        start=start,
        allowance=terms.allowance(kind, urgency),
        stops_for_third_party=terms.stops_for_third_party,
        set_aside=standard,
    )
    return replace(basis, start=clock_of(basis, terms.calendar).next_opening(start))


def _reopened(
    current: Statement, terms: Terms, urgency: Urgency, solved_at: datetime, now: datetime, paused_at: datetime | None
) -> Basis:
    basis = _owed(PromiseKind.SOLUTION, terms, urgency, now, now)
    due_at, since = current.due_at, solved_at
    if urgency is Urgency.NORMAL:
        if current.basis.set_aside:
            due_at = due_of(current.basis.set_aside, terms.calendar)
        since = waiting_since(current, paused_at) if paused_at else solved_at
    left = clock_of(basis, terms.calendar).worked(since, due_at)
    least = terms.least_after_reopening(urgency)
    return replace(
        basis,
        cause=PromiseCause.REOPENED,
        ground=Ground.REOPENED,
        allowance=max(left, least),
        is_least=left < least,
        previous_due_at=current.due_at,
        set_aside=None,
    )


def _corrected(basis: Basis, terms: Terms, registered_at: datetime, pauses: Sequence[Pause], now: datetime) -> Basis:
    standard = _owed(basis.kind, terms, Urgency.NORMAL, registered_at, registered_at)
    standard = waited_since(standard, terms.calendar, pauses, now)
    if basis.urgency is Urgency.NORMAL:
        return standard
    return replace(
        _owed(basis.kind, terms, Urgency.URGENT, basis.start, now), set_aside=replace(standard, stated_at=now)
    )


def _restated(basis: Basis, cause: PromiseCause, current: Statement, now: datetime) -> Basis:
    return replace(basis, cause=cause, stated_at=now, previous_due_at=current.due_at)


def _builds_on(basis: Basis, current: Statement) -> bool:
    return current.provisional and basis.fixed is not None
