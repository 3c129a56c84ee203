"""The table of moves: which act leads from which state to which."""

from __future__ import annotations

from enum import StrEnum, auto

from app.errors import IllegalMove
from app.models.ticket import Ticket
from app.models.words import State
from app.translate import _

NEW, OPEN, WAITING, SOLVED, CLOSED = State.NEW, State.OPEN, State.WAITING, State.SOLVED, State.CLOSED


class Move(StrEnum):
    TAKE = auto()
    RELEASE = auto()
    ASSIGN = auto()
    REPLY = auto()
    ASK = auto()
    ANSWER = auto()
    HOLD = auto()
    SOLVE = auto()
    REOPEN = auto()
    CLOSE = auto()
    PROMISE = auto()  # urgency, deadline, company: whatever states a new deadline
    RATE = auto()
    MERGE = auto()  # closed as a part of another request


MOVES: dict[Move, dict[State, State]] = {
    Move.TAKE: {NEW: OPEN, OPEN: OPEN, WAITING: WAITING},
    Move.RELEASE: {NEW: NEW, OPEN: NEW, WAITING: WAITING},
    Move.ASSIGN: {NEW: OPEN, OPEN: OPEN, WAITING: WAITING},
    Move.REPLY: {NEW: OPEN, OPEN: OPEN, WAITING: WAITING, SOLVED: SOLVED, CLOSED: CLOSED},
    Move.ASK: {NEW: WAITING, OPEN: WAITING, WAITING: WAITING},
    Move.ANSWER: {NEW: NEW, OPEN: OPEN, WAITING: OPEN},
    Move.HOLD: {NEW: OPEN, OPEN: OPEN},
    Move.SOLVE: {NEW: SOLVED, OPEN: SOLVED, WAITING: SOLVED},
    Move.REOPEN: {SOLVED: OPEN, CLOSED: OPEN},
    Move.CLOSE: {SOLVED: CLOSED},
    Move.PROMISE: {NEW: NEW, OPEN: OPEN, WAITING: WAITING},
    Move.MERGE: {NEW: CLOSED, OPEN: CLOSED, WAITING: CLOSED},
    Move.RATE: {SOLVED: SOLVED, CLOSED: CLOSED, NEW: NEW, OPEN: OPEN, WAITING: WAITING},
}


def after(ticket: Ticket, move: Move) -> State:
    """The state that a move leads to; raises IllegalMove with the way out."""
    if ticket.merged_into_id is not None:
        merged = _(
            "Заявка %(number)s объединена с другой. Работайте с той или сначала разъедините их.", number=ticket.number
        )
        raise IllegalMove(merged)
    if ticket.erased_at is not None and move is Move.REOPEN:
        erased = _("Данные заявки %(number)s стёрты: открывать заново нечего. Заведите новую.", number=ticket.number)
        raise IllegalMove(erased)
    state = MOVES[move].get(ticket.state)
    if state is None:
        why = _refusals()[move] % {"state": _words()[ticket.state].lower()}
        raise IllegalMove(_("Заявка %(number)s. %(why)s", number=ticket.number, why=why))
    return state


def _refusals() -> dict[Move, str]:
    return {
        Move.TAKE: _("Взять можно только открытую заявку, а эта %(state)s. Сначала откройте её заново."),
        Move.RELEASE: _("Вернуть в очередь можно только заявку в работе, а эта %(state)s."),
        Move.ASSIGN: _("Назначить можно только открытую заявку, а эта %(state)s. Сначала откройте её заново."),
        Move.ASK: _("Спросить клиента можно только по открытой заявке, а эта %(state)s. Сначала откройте её заново."),
        Move.ANSWER: _("Заявка %(state)s: ответ откроет её заново."),
        Move.HOLD: _("Передать ход можно только по заявке в работе, а эта %(state)s."),
        Move.SOLVE: _("Решить можно только открытую заявку, а эта %(state)s."),
        Move.REOPEN: _("Открыть заново можно только решённую или закрытую заявку, а эта %(state)s."),
        Move.CLOSE: _("Закрыть можно только решённую заявку, а эта %(state)s."),
        Move.MERGE: _("Объединить можно только открытую заявку, а эта %(state)s."),
        Move.PROMISE: _("Срок можно менять только у открытой заявки, а эта %(state)s. Сначала откройте её заново."),
    }


def _words() -> dict[State, str]:
    return {
        NEW: _("Новая"),
        OPEN: _("В работе"),
        WAITING: _("Ждёт клиента"),
        SOLVED: _("Решена"),
        CLOSED: _("Закрыта"),
    }
