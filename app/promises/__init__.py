"""Promises as a pure model: which deadline a request gets now, why, and whether it was kept.

A `Statement` is one stated deadline; it is never changed, only followed by another. `Terms` say what a contract
promises, a `Basis` says where a deadline came from, so that `why` can tell it and the next statement can go on
from it. Nothing here reads a clock, a database or a request. All moments are aware; fractions of a second are cut.

    on_registration(terms, urgency, at) -> (reaction, solution)
    on_resume(current, terms, paused_at, now)                          the customer answered
    on_urgent(current, terms, now, paused_at=None)                     declared urgent
    on_standard(current, terms, pauses, now)                           urgency withdrawn
    on_reopen(current, terms, urgency, solved_at, now, paused_at=None) the solution only
    on_terms(current, terms, registered_at, pauses, now, reason=None)  contract or company corrected
    on_move(current, terms, due_at, reason, now)                       moved by an engineer
    on_merge(into, other, terms, now, paused_at=None, other_terms=None, other_paused_at=None)

`current` is the standing Statement of one kind, made again from its row by `Statement.recall(row)`; where both
stand, call once for each. `paused_at` is when the present waiting for the customer began, None while it does not
wait; `pauses` are all such waits of the request, (start, end), the present one with end None. A result of None
means: the promise given stands, write nothing. Nothing needs doing when a pause begins.
"""

from app.promises.basis import Basis, Ground, Pause, PromiseCause, Terms
from app.promises.rules import (
    on_merge,
    on_move,
    on_registration,
    on_reopen,
    on_resume,
    on_standard,
    on_terms,
    on_urgent,
)
from app.promises.sentence import why
from app.promises.sentence_en import why_en
from app.promises.statement import Statement, broken_from, due_of, is_kept, near_at

__all__ = [
    "Basis",
    "Ground",
    "Pause",
    "PromiseCause",
    "Statement",
    "Terms",
    "broken_from",
    "due_of",
    "is_kept",
    "near_at",
    "on_merge",
    "on_move",
    "on_registration",
    "on_reopen",
    "on_resume",
    "on_standard",
    "on_terms",
    "on_urgent",
    "why",
    "why_en",
]
