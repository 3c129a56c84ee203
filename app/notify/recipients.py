"""Who hears of an event, and by which letter: a table of kinds of events, a column for customers and one for staff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.address_lists import is_listed
from app.config import settings
from app.models.company import Company
from app.models.event import Event
from app.models.rating import LOW
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Cause, Channel, EventKind, Notify, PromiseKind, Urgency
from app.notify.addresses import is_writable, normalised

_BY_ITSELF = frozenset(
    {"registered", "taken", "moved", "reopened", "reminded", "closing", "closed", "missed", "merged", "unmerged"}
)
_LETTERS_ALONE = frozenset({EventKind.LINKED, EventKind.IDENTIFIED})
TOLD_TO_ASSIGNEE = frozenset({Cause.NEAR, Cause.MISSED, Cause.UNDELIVERED})
TOLD_TO_OWNER = frozenset({Cause.NEAR, Cause.MISSED})  # of the untaken pool; whoever is on duty hears of the urgent


@dataclass(frozen=True)
class Notice:
    """One letter owed."""

    name: str
    recipient: str
    is_for_customer: bool = True

    @property
    def is_automatic(self) -> bool:
        """Nobody wrote it and nobody asked for it."""
        return self.is_for_customer and self.name in _BY_ITSELF


@dataclass(frozen=True)
class Cast:
    """The people around a request whom an event may concern."""

    company: Company | None = None
    assignee: Staff | None = None
    staff: Sequence[Staff] = field(default_factory=tuple)  # all who work here now
    on_duty: Sequence[Staff] = field(default_factory=tuple)
    joined: Sequence[str] = field(default_factory=tuple)  # addresses of applicants whose requests were merged into it


def recipients(event: Event, ticket: Ticket, cast: Cast) -> list[Notice]:
    """The notices that an event owes, one per person; a silent event owes none."""
    if event.data.get("is_silent"):
        return []
    owed = [notice for notice in _owed(event, ticket, cast) if is_writable(notice.recipient)]
    return _once([notice for notice in owed if not (notice.is_automatic and _is_deaf(notice.recipient, ticket))])


def heard_in_chats(event: Event, ticket: Ticket, cast: Cast) -> list[str]:
    """The notices that an event owes to the customer's chats; what was asked for in a chat is answered there."""
    is_answered = event.channel is Channel.TELEGRAM and event.kind is EventKind.RATED
    if event.data.get("is_silent") or is_answered or event.kind in _LETTERS_ALONE:
        return []
    return list(dict.fromkeys(notice.name for notice in _outside(event, ticket, _Customers(ticket, cast.company))))


def mentioned(event: Event, cast: Cast) -> list[Staff]:
    """Colleagues whom a note names, its author apart; those of them who still work here."""
    named = set(event.data.get("mentions", ())) if event.kind is EventKind.NOTED else set()
    return [one for one in cast.staff if one.id in named - {event.staff_id}]


def addresses(applicant: str, company: str, notify: Notify) -> list[str]:
    """Where letters to the customer go. ``company``: its own address for notices, "" where it gets none."""
    if not company or notify is Notify.APPLICANT:
        return [applicant]
    return [company] if notify is Notify.COMPANY else [applicant, company]


def contract_address(ticket: Ticket, company: Company | None) -> str:
    """The company's own address for notices; none until an engineer or a known address vouches for the company."""
    return company.notice_email if company and ticket.is_company_confirmed else ""


def _owed(event: Event, ticket: Ticket, cast: Cast) -> Iterable[Notice]:
    yield from _outside(event, ticket, _Customers(ticket, cast.company, cast.joined))
    yield from _inside(event, ticket, cast)
    yield from (Notice("mentioned", one.email, is_for_customer=False) for one in mentioned(event, cast))


def _outside(event: Event, ticket: Ticket, customers: _Customers) -> Iterable[Notice]:  # noqa: C901  a table's column
    """What the applicant and the company hear."""
    match event.kind:
        case EventKind.REGISTERED if event.data.get("is_suspect"):
            return  # an answer to a forged sender would be backscatter (MAIL 31)
        case EventKind.REGISTERED | EventKind.REPLIED | EventKind.ASKED | EventKind.MOVED | EventKind.SOLVED:
            yield from customers.told(event.kind.value)
        case EventKind.TAKEN | EventKind.ASSIGNED if _is_taking_told(ticket):
            yield from customers.told("taken")
        case EventKind.URGENT:
            yield from customers.told("moved")
        case EventKind.HELD | EventKind.RELEASED if event.data.get("due_at"):  # a third party's time was added
            yield from customers.told("moved")
        case EventKind.REOPENED:
            yield from customers.told("reopened")
        case EventKind.MERGED | EventKind.UNMERGED:
            yield from customers.own(event.kind.value)
        case EventKind.REMINDED:
            yield from customers.told("closing" if event.data.get("about") == "closing" else "reminded")
        case EventKind.RATED if _is_newly_low(event):
            yield from customers.answered("rated")
        case EventKind.LINKED:
            yield Notice("linked", str(event.data.get("to", "")))
        case EventKind.IDENTIFIED:
            yield from customers.introduced()
        case EventKind.CLOSED if settings().notice_closed:
            yield from customers.told("closed")
        case EventKind.ESCALATED if settings().notice_missed and _is_solution_missed(event):
            yield from customers.told("missed")


def _inside(event: Event, ticket: Ticket, cast: Cast) -> Iterable[Notice]:
    """What engineers hear. Managers and those on duty are called by ``app.paging`` for every escalation."""
    match event.kind:
        case EventKind.REGISTERED if event.data.get("urgency") == Urgency.URGENT:
            yield from _could_take(cast)
        case EventKind.URGENT if event.data.get("urgency") == Urgency.URGENT:
            yield from _assignee("urgent", event, cast) if cast.assignee else _could_take(cast)
        case EventKind.REOPENED if cast.assignee is None:
            yield from _could_take(cast) if ticket.is_urgent else _pool("reopened", cast)
        case EventKind.ANSWERED | EventKind.REOPENED:
            yield from _assignee(event.kind.value, event, cast)
        case EventKind.ASSIGNED if event.message_id:  # with a note: a colleague has passed it on
            yield from _assignee("assigned", event, cast)
        case EventKind.HELD if event.data.get("about") == "look_again":
            yield from _assignee("look_again", event, cast)
        case EventKind.ESCALATED if cast.assignee is None and event.data["cause"] in TOLD_TO_OWNER:
            yield from () if ticket.is_urgent else _pool(event.data["cause"], cast)
        case EventKind.ESCALATED if event.data["cause"] in TOLD_TO_ASSIGNEE:
            yield from _assignee(event.data["cause"], event, cast)


@dataclass(frozen=True)
class _Customers:
    """The applicant and the company, as the contract says."""

    ticket: Ticket
    company: Company | None
    joined: Sequence[str] = ()

    def told(self, name: str) -> list[Notice]:
        own = self._addresses()
        joined = self.joined if self.ticket.applicant_email in own else ()
        return [Notice(name, address) for address in (*own, *joined)]

    def own(self, name: str) -> list[Notice]:
        """Of this request alone, whatever was merged into it."""
        return [Notice(name, address) for address in self._addresses()]

    def answered(self, name: str) -> list[Notice]:
        """To the one who spoke to the head of the desk, and to nobody else of the company."""
        return [Notice(name, self.ticket.applicant_email)]

    def introduced(self) -> list[Notice]:
        """The company was confirmed or corrected: now it gets the letter with the number as well."""
        company = contract_address(self.ticket, self.company)
        wants = self.company is not None and self.company.notify is not Notify.APPLICANT
        return [Notice("registered", company)] if company and wants and self.ticket.is_active else []

    def _addresses(self) -> list[str]:
        notify = self.company.notify if self.company else Notify.APPLICANT
        return addresses(self.ticket.applicant_email, contract_address(self.ticket, self.company), notify)


def _assignee(name: str, event: Event, cast: Cast) -> list[Notice]:
    """The engineer whose request it is, unless it was their own act."""
    if cast.assignee is None or cast.assignee.is_disabled or cast.assignee.id == event.staff_id:
        return []
    return [Notice(name, cast.assignee.email, is_for_customer=False)]


def _pool(name: str, cast: Cast) -> list[Notice]:
    """The owner of what nobody has taken: the first of those on duty."""
    return [Notice(name, one.email, is_for_customer=False) for one in cast.on_duty[:1]]


def _could_take(cast: Cast) -> list[Notice]:
    """An urgent request that nobody has: those on duty, at once; where nobody is, everybody and the head's address."""
    addresses = [one.email for one in cast.on_duty] or [*(one.email for one in cast.staff), settings().head_email]
    return [Notice("urgent", address, is_for_customer=False) for address in addresses]


def _is_deaf(recipient: str, ticket: Ticket) -> bool:
    """A monitoring system opens requests, but reads nothing; a forged address is somebody else's (MAIL 31)."""
    if ticket.is_suspect and normalised(recipient) == normalised(ticket.applicant_email):
        return True
    return is_listed(recipient, settings().monitoring_senders)


def _is_taking_told(ticket: Ticket) -> bool:
    return settings().notice_taken == "all" or (settings().notice_taken == "urgent" and ticket.is_urgent)


def _is_solution_missed(event: Event) -> bool:
    return event.data["cause"] == Cause.MISSED and event.data.get("text") == PromiseKind.SOLUTION


def _is_newly_low(event: Event) -> bool:
    before = event.data.get("before")
    return event.data.get("rating", 5) <= LOW and (before is None or before > LOW)


def _once(owed: Iterable[Notice]) -> list[Notice]:
    """One notice per person: the first that names them."""
    return list({normalised(notice.recipient): notice for notice in reversed(list(owed))}.values())[::-1]
