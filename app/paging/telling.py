"""What a message of pages tells, read when it leaves: only what still waits, and what no later message tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app import phones
from app.config import settings
from app.escalations import headline
from app.extensions import db
from app.models.escalation import Escalation
from app.models.page import Page
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Cause
from app.paging.waiting import is_wanted
from app.translate import _

MOST_TOLD = 10
_LONGEST_DETAIL, _LONGEST_FACT = 500, 200
_OWN_WORDS = frozenset({Cause.MISSED, Cause.NEAR, Cause.URGENT_UNTAKEN, Cause.REOPENED_TWICE})
_FOR_MANAGERS = frozenset({Cause.COMPLAINT, Cause.HEAD_CALLED})  # whose words others do not read


@dataclass(frozen=True)
class Line:
    """One escalation, in words for its reader. ``number`` is empty where no request is concerned."""

    escalation_id: int
    cause: Cause
    opened_at: datetime
    headline: str
    number: str = ""
    title: str = ""
    detail: str = ""
    applicant: str = ""
    engineer: str = ""
    is_takeable: bool = False

    @property
    def subject(self) -> str:
        """«Заявка 482173: срочную никто не взял»."""
        if self.number:
            return _("Заявка %(number)s: %(what)s", number=self.number, what=self.headline)
        return f"HelpDesk: {self.headline}"

    @property
    def link(self) -> str:
        return f"{settings().public_url}{f'/tickets/{self.number}' if self.number else '/escalations'}"


def lines(delivery_id: int, at: datetime) -> list[Line]:
    """What that message has to tell now; nothing: nobody needs it any more."""
    later = aliased(Page)
    is_told_later = exists().where(
        later.escalation_id == Page.escalation_id,
        later.since == Page.since,
        later.recipient == Page.recipient,
        later.channel == Page.channel,
        later.step > Page.step,
    )
    return [_line(*row) for row in db.session.execute(_of(delivery_id).where(is_wanted(at), ~is_told_later))]


def all_lines(delivery_id: int) -> list[tuple[Line, Escalation]]:
    """All that the message told when it was made, with how it stands."""
    return [(_line(*row), row[0]) for row in db.session.execute(_of(delivery_id))]


def is_over(delivery_id: int, at: datetime) -> bool:
    """Whether nobody needs that message any more."""
    return not lines(delivery_id, at)


def heading(told: Sequence[Line]) -> str:
    """The subject of a letter, the first line of a message."""
    return told[0].subject if len(told) == 1 else _("Ждут вас: %(count)s", count=len(told))


def _of(delivery_id: int) -> Any:
    engineer, reader = aliased(Staff), aliased(Staff)
    return (
        select(Escalation, Ticket, engineer.name, reader)
        .join(Page, Page.escalation_id == Escalation.id)
        .outerjoin(Ticket, Ticket.id == Escalation.ticket_id)
        .outerjoin(engineer, engineer.id == Ticket.engineer_id)
        .outerjoin(reader, reader.id == Page.staff_id)
        .where(Page.delivery_id == delivery_id)
        .order_by(Escalation.opened_at, Escalation.id)
        .execution_options(populate_existing=True)
    )


def _line(escalation: Escalation, ticket: Ticket | None, engineer: str | None, reader: Staff | None) -> Line:
    # A call about no request names nobody: whoever is on duty reads who calls, and can call back.
    is_managers = escalation.cause in _FOR_MANAGERS and ticket is not None
    may_read = reader is None or reader.is_manager or not is_managers
    detail = "" if escalation.cause in _OWN_WORDS or not may_read else escalation.text
    said = (escalation.id, escalation.cause, escalation.opened_at, headline(escalation.cause))
    if ticket is None:
        return Line(*said, detail=_short(detail, _LONGEST_DETAIL))
    known = (ticket.applicant_name, ticket.company_name, phones.shown(ticket.applicant_phone), ticket.applicant_email)
    return Line(
        *said,
        number=ticket.number,
        title=_short(ticket.title, _LONGEST_FACT),
        detail=_short(detail, _LONGEST_DETAIL),
        applicant=_short(", ".join(part for part in known if part), _LONGEST_FACT),
        engineer=engineer or "",
        is_takeable=ticket.is_active and ticket.engineer_id is None,
    )


def _short(text: str, most: int) -> str:
    """In one line and without control characters: it may be a stranger's."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
