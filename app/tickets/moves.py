"""The table of moves: which act leads from which state to which."""

from __future__ import annotations

from enum import StrEnum, auto

from app.errors import IllegalMove
from app.models.ticket import Ticket
from app.models.words import State

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

_REFUSALS: dict[Move, str] = {
    Move.TAKE: "Взять можно только открытую заявку, а эта {state}. Сначала откройте её заново.",
    Move.RELEASE: "Вернуть в очередь можно только заявку в работе, а эта {state}.",
    Move.ASSIGN: "Назначить можно только открытую заявку, а эта {state}. Сначала откройте её заново.",
    Move.ASK: "Спросить клиента можно только по открытой заявке, а эта {state}. Сначала откройте её заново.",
    Move.ANSWER: "Заявка {state}: ответ откроет её заново.",
    Move.HOLD: "Передать ход можно только по заявке в работе, а эта {state}.",
    Move.SOLVE: "Решить можно только открытую заявку, а эта {state}.",
    Move.REOPEN: "Открыть заново можно только решённую или закрытую заявку, а эта {state}.",
    Move.CLOSE: "Закрыть можно только решённую заявку, а эта {state}.",
    Move.MERGE: "Объединить можно только открытую заявку, а эта {state}.",
    Move.PROMISE: "Срок можно менять только у открытой заявки, а эта {state}. Сначала откройте её заново.",
}

STATE_WORDS: dict[State, str] = {
    NEW: "новая",
    OPEN: "в работе",
    WAITING: "ждёт клиента",
    SOLVED: "решена",
    CLOSED: "закрыта",
}


def after(ticket: Ticket, move: Move) -> State:
    """The state that a move leads to; raises IllegalMove with the way out."""
    if ticket.merged_into_id is not None:
        raise IllegalMove(f"Заявка {ticket.number} объединена с другой. Работайте с той или сначала разъедините их.")
    if ticket.erased_at is not None and move is Move.REOPEN:
        raise IllegalMove(f"Данные заявки {ticket.number} стёрты: открывать заново нечего. Заведите новую.")
    state = MOVES[move].get(ticket.state)
    if state is None:
        raise IllegalMove(f"Заявка {ticket.number}. " + _REFUSALS[move].format(state=STATE_WORDS[ticket.state]))
    return state
