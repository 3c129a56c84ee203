"""The verbs: the only writers of requests. Each checks the table of moves, changes, and records exactly one event.

Verbs never commit, send, enqueue or read the web request; ``at`` is the moment of the act, as a rule ``clock.now()``.
"""

from app.tickets.admit import admit
from app.tickets.applicant import change_applicant
from app.tickets.contributions import Contribution
from app.tickets.deadline import call_impossible, identify, move_deadline, set_urgency
from app.tickets.erase import erase, erase_said, free_of_rows, is_said
from app.tickets.link import send_link
from app.tickets.merge import is_one_customer, merge, unmerge
from app.tickets.nearest import skip, take_nearest
from app.tickets.rate import complain, is_rateable, rate, takes_rating
from app.tickets.recall import recall
from app.tickets.register import Registration, register
from app.tickets.solve import close, last_solution, reopen, solve, tell_by_phone
from app.tickets.talk import answer, ask, note, remark, reply
from app.tickets.urgency import promises_in_force, put_back_urgency
from app.tickets.work import assign, hand_over, hold, release, take

__all__ = [
    "Contribution",
    "Registration",
    "admit",
    "answer",
    "ask",
    "assign",
    "call_impossible",
    "change_applicant",
    "close",
    "complain",
    "erase",
    "erase_said",
    "free_of_rows",
    "hand_over",
    "hold",
    "identify",
    "is_one_customer",
    "is_rateable",
    "is_said",
    "last_solution",
    "merge",
    "move_deadline",
    "note",
    "promises_in_force",
    "put_back_urgency",
    "rate",
    "recall",
    "register",
    "release",
    "remark",
    "reopen",
    "reply",
    "send_link",
    "set_urgency",
    "skip",
    "solve",
    "take",
    "take_nearest",
    "takes_rating",
    "tell_by_phone",
    "unmerge",
]
