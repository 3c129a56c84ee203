"""Where a request stands, as people outside may read it: one reckoning for the status page and the customer's page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from app.clock import now
from app.extensions import db
from app.models.event import Event
from app.models.promise import Promise
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import ACTIVE_STATES, EventKind, Holder, PromiseKind, State
from app.web.filters import day_moment, short_moment, time_today
from app.web.translate import _

_INWARD = (
    EventKind.NOTED,
    EventKind.COMPLAINED,
    EventKind.ESCALATED,
    EventKind.ACKNOWLEDGED,
    EventKind.BOUNCED,
    EventKind.RECALLED,
    EventKind.HELD,
    EventKind.IDENTIFIED,
    EventKind.LINKED,
    EventKind.GROUPED,
)
# Built once: to build a statement costs more than to run it.
_PROMISE = (
    select(Promise)
    .where(Promise.ticket_id == bindparam("ticket"))
    .where(Promise.kind == PromiseKind.SOLUTION, Promise.superseded_at.is_(None))
    .order_by(Promise.id.desc())
    .limit(1)
)
_TOUCHED = (
    select(func.max(Event.at))
    .where(Event.ticket_id == bindparam("ticket"), Event.kind.not_in(_INWARD))
    .where(or_(Event.drain_at.is_(None), Event.drain_at <= bindparam("at")))
)
_MOST_MERGES = 10
_ORDER = (State.NEW, State.OPEN, State.SOLVED, State.CLOSED)


@dataclass(frozen=True)
class Step:
    """One of the four steps. ``mark``: done, now, asks (the customer is asked) or "" (still to come)."""

    name: str
    note: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Standing:
    """``engineer`` is None where names must not be shown."""

    ticket: Ticket
    at: datetime
    state: State
    promise: Promise | None
    engineer: Staff | None = None
    touched_at: datetime | None = None
    main: Ticket | None = None  # the request that goes on, where this one was merged
    steps: list[Step] = field(default_factory=list)

    @property
    def joined(self) -> str:
        return self.main.number if self.main else ""

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES

    @property
    def is_paused(self) -> bool:
        return self.state is State.WAITING and not self.ticket.is_urgent

    @property
    def is_held(self) -> bool:
        """The contract stops the clock while a third party holds the ball; the customer has nothing to do."""
        return self.state is not State.WAITING and self.ticket.holder is Holder.THIRD_PARTY and self.ticket.is_paused

    @property
    def is_late(self) -> bool:
        is_running = self.is_active and not self.is_paused and not self.is_held
        return bool(is_running and self.promise and self.promise.due_at < self.at)

    @property
    def why(self) -> str:
        """The sentence of the deadline. Whoever typed somebody's address reads no number of their contract."""
        if self.promise is None:
            return ""
        return self.promise.why if self.ticket.is_address_confirmed else self.promise.why_public

    @property
    def holder(self) -> str:
        """Who holds the ball, in words. A third party is our own affair: the customer reads «у инженера»."""
        if self.state is State.WAITING:
            return _("у вас: ждём ответа")
        if self.state is State.NEW or (self.state is State.OPEN and self.ticket.engineer_id is None):
            return _("в очереди, инженер скоро возьмёт")
        return _("у инженера") if self.state is State.OPEN else _("ни за кем: работа закончена")

    @property
    def next_step(self) -> str:
        if self.joined:
            return _("Работа идёт по заявке %(number)s.", number=self.joined)
        if self.state is State.SOLVED and self.ticket.close_at:
            return _(
                "Проверьте решение. Если оно не помогло, ответьте на письмо. Без ответа заявка закроется %(moment)s.",
                moment=day_moment(self.ticket.close_at),
            )
        return {
            State.NEW: _("Инженер возьмёт заявку в работу."),
            State.OPEN: _("Инженер решит заявку, и мы сообщим письмом."),
            State.WAITING: _("Ответьте инженеру: без ответа мы не сможем продолжить."),
            State.SOLVED: _("Проверьте решение. Если оно не помогло, ответьте на письмо."),
            State.CLOSED: _("Если вопрос остался, ответьте на последнее письмо или отправьте новую заявку."),
        }[self.state]


def of(ticket: Ticket, *, with_names: bool) -> Standing:
    """The standing of a request now; ``with_names`` only for holders of its link."""
    at = now()
    state = ticket.public_state(at)
    engineer = db.session.get(Staff, ticket.engineer_id) if with_names and ticket.engineer_id else None
    return Standing(
        ticket=ticket,
        at=at,
        state=state,
        promise=_promise(ticket),
        engineer=engineer,
        touched_at=_touched_at(ticket, at),
        main=_main(ticket),
        steps=_steps(ticket, state, engineer),
    )


def _main(ticket: Ticket) -> Ticket | None:
    """The request that goes on for this one, in the end."""
    main = None
    for _merge in range(_MOST_MERGES):
        if (main or ticket).merged_into_id is None:
            break
        main = db.session.get(Ticket, (main or ticket).merged_into_id)
    return main


def _promise(ticket: Ticket) -> Promise | None:
    return db.session.scalars(_PROMISE, {"ticket": ticket.id}).first()


def _touched_at(ticket: Ticket, at: datetime) -> datetime | None:
    """When something happened that outsiders may know of: no notes, nothing that can still be taken back."""
    return db.session.scalar(_TOUCHED, {"ticket": ticket.id, "at": at})


def _steps(ticket: Ticket, state: State, engineer: Staff | None) -> list[Step]:
    is_waiting = state is State.WAITING
    reached = _ORDER.index(State.OPEN if is_waiting else state)
    marks = ["done" if at < reached or state is State.CLOSED else "now" if at == reached else "" for at in range(4)]
    if is_waiting:
        marks[1] = "asks"
    return [
        Step(_("Принята"), short_moment(ticket.created_at), marks[0]),
        Step(_("Ждём вашего ответа") if is_waiting else _("В работе"), _work_note(ticket, state, engineer), marks[1]),
        Step(_("Решена"), short_moment(ticket.solved_at) if ticket.solved_at and reached > 1 else "", marks[2]),
        Step(_("Закрыта"), _closing_note(ticket, state), marks[3]),
    ]


def _work_note(ticket: Ticket, state: State, engineer: Staff | None) -> str:
    if state is State.NEW:
        return ""
    since = ticket.paused_at if state is State.WAITING else ticket.taken_at
    moment = time_today(since) if since else ""
    if moment and state in {State.OPEN, State.WAITING}:
        moment = _("с %(moment)s", moment=moment)
    return ", ".join(filter(None, (moment, engineer.surname if engineer else "")))


def _closing_note(ticket: Ticket, state: State) -> str:
    if state is State.CLOSED and ticket.closed_at:
        return short_moment(ticket.closed_at)
    if state is State.SOLVED and ticket.close_at:
        return _("%(day)s, если не ответите", day=day_moment(ticket.close_at))
    return _("если не ответите") if state is State.SOLVED else ""
