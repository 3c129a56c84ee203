"""The closed sets of words that the database, the pages and the API share."""

from __future__ import annotations

from enum import StrEnum, auto


class State(StrEnum):
    NEW = auto()
    OPEN = auto()
    WAITING = auto()
    SOLVED = auto()
    CLOSED = auto()


ACTIVE_STATES = (State.NEW, State.OPEN, State.WAITING)


class Urgency(StrEnum):
    NORMAL = auto()
    URGENT = auto()


class Channel(StrEnum):
    WEB = auto()
    EMAIL = auto()
    PHONE = auto()
    TELEGRAM = auto()
    API = auto()


class Holder(StrEnum):
    """In whose court the ball is."""

    QUEUE = auto()
    ENGINEER = auto()
    CUSTOMER = auto()
    THIRD_PARTY = auto()
    NONE = auto()


class MessageKind(StrEnum):
    REQUEST = auto()
    ANSWER = auto()
    REPLY = auto()
    QUESTION = auto()
    NOTE = auto()
    SOLUTION = auto()
    AUTO = auto()


class ActorKind(StrEnum):
    CUSTOMER = auto()
    STAFF = auto()
    TOKEN = auto()
    SYSTEM = auto()


class EventKind(StrEnum):
    REGISTERED = auto()
    TAKEN = auto()
    RELEASED = auto()
    ASSIGNED = auto()
    ANSWERED = auto()
    REPLIED = auto()
    ASKED = auto()
    NOTED = auto()
    URGENT = auto()
    MOVED = auto()
    SOLVED = auto()
    REOPENED = auto()
    CLOSED = auto()
    RATED = auto()
    COMPLAINED = auto()
    ESCALATED = auto()
    ACKNOWLEDGED = auto()
    MERGED = auto()
    BOUNCED = auto()
    # beyond the fixed list
    RECALLED = auto()  # the author took a message back within UNDO_SEND
    HELD = auto()  # a third party holds the ball, or no longer does
    REMINDED = auto()  # waiting for the customer, or one day before closing
    TOLD = auto()  # the customer heard of the solution by phone
    RETURNED = auto()  # ten working days of silence: back on the engineer's list
    LINKED = auto()  # the customer asked for the link to their page
    UNMERGED = auto()  # taken apart again
    GROUPED = auto()  # made a part of an incident, or no longer
    IDENTIFIED = auto()  # the company or contract was confirmed or corrected
    ERASED = auto()  # names and texts are gone, at the person's wish; ``data``: how many of each


class PromiseKind(StrEnum):
    REACTION = auto()
    SOLUTION = auto()


class DeliveryState(StrEnum):
    WAITING = auto()
    SENT = auto()  # handed over, the server's word is still missing (a break after the dot)
    ACCEPTED = auto()
    BOUNCED = auto()
    FAILED = auto()


UNSETTLED = (DeliveryState.WAITING, DeliveryState.SENT)  # nobody has said yet that it arrived, or never will


class DeliveryChannel(StrEnum):
    EMAIL = auto()
    TELEGRAM = auto()
    PHONE = auto()
    WEBHOOK = auto()  # pages alone


class Role(StrEnum):
    ENGINEER = auto()
    MANAGER = auto()
    ADMIN = auto()


MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})  # an administrator may do what a manager may


class Cause(StrEnum):
    """Why the manager should look."""

    URGENT_UNTAKEN = auto()
    NEAR = auto()
    MISSED = auto()
    LOW_RATING = auto()
    COMPLAINT = auto()
    HEAD_CALLED = auto()  # «Позвать руководителя»: about a request, or about none
    REOPENED_TWICE = auto()
    UNDELIVERED = auto()
    UNREADABLE = auto()
    SYSTEM = auto()


class Handling(StrEnum):
    """What a person does about an escalation."""

    ACKNOWLEDGED = auto()
    PUT_BACK = auto()  # before its time: it waits again
    TAKEN = auto()
    ASSIGNED = auto()
    CALLED = auto()
    RESOLVED = auto()


# What a complaint opens, and what nobody whom it names may hear of.
OF_COMPLAINTS = frozenset({Cause.COMPLAINT, Cause.HEAD_CALLED, Cause.LOW_RATING})


class ComplaintOrigin(StrEnum):
    """How a complaint came about."""

    CUSTOMER = auto()
    CALL = auto()  # «Позвать руководителя»
    RATING = auto()  # 1 or 2
    REOPENING = auto()  # taken up again twice: the manager's decision
    LETTER = auto()  # to the head's address
    PHONE = auto()  # written down by a manager


class ComplaintState(StrEnum):
    OPEN = auto()
    ANSWERED = auto()  # the written outcome was sent
    CLOSED = auto()


class ComplaintEntryKind(StrEnum):
    """What was said and done about a complaint."""

    SAID = auto()  # by the customer
    WRITTEN = auto()  # by a manager, to the customer
    NOTED = auto()  # by a manager, for managers
    OUTCOME = auto()
    ASSIGNED = auto()
    REOPENED = auto()
    CLOSED = auto()
    REMINDED = auto()  # the time that was promised is over


class LetterKind(StrEnum):
    HUMAN = auto()
    AUTO = auto()
    BOUNCE = auto()
    LIST = auto()
    LOOP = auto()


class LetterState(StrEnum):
    RECEIVED = auto()
    FILED = auto()
    QUARANTINED = auto()
    FAILED = auto()


class Notify(StrEnum):
    """Where a company's notices go."""

    APPLICANT = auto()
    COMPANY = auto()
    BOTH = auto()


class UrgentClock(StrEnum):
    ROUND_THE_CLOCK = auto()
    SERVICE_HOURS = auto()
