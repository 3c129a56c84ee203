"""The closed sets of words that the database, the pages and the API share."""

from __future__ import annotations

from enum import StrEnum, auto


class State(StrEnum):
    NEW = auto()
    OPEN = auto()
    WAITING = auto()
    SOLVED = auto()
    CLOSED = auto()


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
    IDENTIFIED = auto()  # the company or contract was confirmed or corrected


class PromiseKind(StrEnum):
    REACTION = auto()
    SOLUTION = auto()


class DeliveryState(StrEnum):
    WAITING = auto()
    SENT = auto()  # handed over, the server's word is still missing (a break after the dot)
    ACCEPTED = auto()
    BOUNCED = auto()
    FAILED = auto()


class DeliveryChannel(StrEnum):
    EMAIL = auto()
    TELEGRAM = auto()
    PHONE = auto()


class Role(StrEnum):
    ENGINEER = auto()
    MANAGER = auto()
    ADMIN = auto()


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
    RETURNED = auto()  # before its time: it waits again
    TAKEN = auto()
    ASSIGNED = auto()
    CALLED = auto()
    RESOLVED = auto()


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
