"""One request as its page shows it: head, promise, applicant and company, read by columns in a handful of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from app.columns import read_columns
from app.errors import NotFound
from app.models.bouncing import BouncingAddress
from app.models.chat import Chat, ChatTicket
from app.models.company import Company
from app.models.incident import IncidentTicket
from app.models.message import Attachment
from app.models.person import Person
from app.models.staff import Staff
from app.models.ticket import Ticket, stands_still
from app.models.words import ACTIVE_STATES, State, Urgency
from app.moments import Deadline
from app.names import initials, surname
from app.reading.queue_rows import STATE_ICONS, state_words
from app.reading.reader import Reader
from app.reading.unreached import UNTOLD
from app.tickets.moves import MOVES, Move
from app.translate import _

_Joined, _Followed, _Merged = aliased(Ticket), aliased(Ticket), aliased(Ticket)

_COLUMNS = (
    *(Ticket.id, Ticket.number, Ticket.version, Ticket.state, Ticket.urgency, Ticket.channel, Ticket.holder),
    *(Ticket.title, Ticket.whose, Ticket.where, Ticket.links, Ticket.missing, Ticket.reopened_count, Ticket.rating),
    *(Ticket.applicant_name, Ticket.applicant_email, Ticket.applicant_phone, Ticket.company_name, Ticket.company_id),
    *(Ticket.is_company_confirmed, Ticket.is_address_confirmed, Ticket.engineer_id, Ticket.language),
    *(
        Ticket.created_at,
        Ticket.touched_at,
        Ticket.reacted_at,
        Ticket.reaction_due_at,
        Ticket.answered_at,
        Ticket.paused_at,
    ),
    *(Ticket.solved_at, Ticket.closed_at, Ticket.close_at, Ticket.due_at, Ticket.settles_at, Ticket.taken_at),
    _Joined.number.label("joined"),
    _Followed.number.label("followed"),
    Person.position,
    Person.phone.label("person_phone"),
    Person.is_phone_confirmed,
    Person.notes.label("person_notes"),
    Company.notes.label("company_notes"),
    Company.notify.label("company_notify"),
    Company.notice_email.label("company_email"),
    exists().where(Chat.person_id == Ticket.person_id).label("has_chat"),
    exists().where(ChatTicket.ticket_id == Ticket.id).label("is_followed"),
    exists().where(Attachment.ticket_id == Ticket.id).label("has_files"),
    exists().where(IncidentTicket.ticket_id == Ticket.id).label("has_incident"),
    exists().where(_Merged.merged_into_id.is_not(None), _Merged.merged_into_id == Ticket.id).label("has_joined"),
    *(BouncingAddress.status.label("bounce_status"), BouncingAddress.stopped_until),
    UNTOLD.label("untold"),
)
_SELECT: Select[*tuple[Any, ...]] = (
    select(*_COLUMNS)
    .select_from(Ticket)
    .outerjoin(_Joined, _Joined.id == Ticket.merged_into_id)
    .outerjoin(_Followed, _Followed.id == Ticket.follows_id)
    .outerjoin(Person, Person.id == Ticket.person_id)
    .outerjoin(Company, Company.id == Ticket.company_id)
    .outerjoin(BouncingAddress, BouncingAddress.address == func.lower(Ticket.applicant_email))
    .where(Ticket.number == bindparam("number"))
)
_COLLEAGUES = select(Staff.id, Staff.name, Staff.is_disabled).order_by(Staff.name)


@dataclass(frozen=True, slots=True)
class Colleague:
    id: int
    name: str
    surname: str
    initials: str
    is_me: bool
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the conversation, and the columns that the other parts are read by."""

    ticket: Columns[Any]
    state: str
    state_icon: str
    state_word: str
    is_urgent: bool
    engineer: Colleague | None
    colleagues: dict[int, Colleague]
    may: dict[str, bool]
    missing: str
    due: Deadline | None

    @property
    def is_mine(self) -> bool:
        return self.engineer is not None and self.engineer.is_me

    @property
    def assignable(self) -> list[Colleague]:
        return [one for one in self.colleagues.values() if not one.is_disabled]


def head(number: str, reader: Reader) -> Head:
    """The request with this number; raises NotFound."""
    ticket = read_columns(_SELECT, {"number": number}).first()
    if ticket is None:
        raise NotFound(_("Заявки %(number)s нет. Проверьте номер.", number=number))
    colleagues = _colleagues(reader)
    return Head(
        ticket=ticket,
        state=ticket.state.value,
        state_icon=STATE_ICONS[ticket.state.value],
        state_word=state_words()[ticket.state.value],
        is_urgent=ticket.urgency is Urgency.URGENT,
        engineer=colleagues.get(ticket.engineer_id),
        colleagues=colleagues,
        may=_moves(ticket, reader),
        missing=_missing_words(ticket.missing),
        due=_due(ticket, reader),
    )


def _due(ticket: Columns[Any], reader: Reader) -> Deadline | None:
    """The deadline in few words, while it still runs."""
    if ticket.due_at is None or ticket.state in {State.SOLVED, State.CLOSED}:
        return None
    is_paused = stands_still(ticket.urgency, ticket.paused_at)
    return reader.deadline(ticket.due_at, ticket.paused_at if is_paused else None)


def _missing_words(kinds: list[str]) -> str:
    words = {
        "company": _("компания"),
        "name": _("имя"),
        "email": _("e-mail"),
        "phone": _("телефон"),
        "what": _("что случилось"),
        "whose": _("у кого"),
        "where": _("где"),
        "readable": _("письмо без шифрования"),
    }
    return ", ".join(words.get(kind, kind) for kind in kinds)


def _moves(ticket: Columns[Any], reader: Reader) -> dict[str, bool]:
    """The acts that the table of moves allows now, as far as they would change anything."""
    legal = {move.value: ticket.state in MOVES[move] for move in Move}
    is_open = ticket.state in ACTIVE_STATES
    return {
        **legal,
        "take": is_open and ticket.engineer_id is None and reader.staff_id is not None,
        "release": legal["release"] and ticket.engineer_id is not None,
        "tell": ticket.state is State.SOLVED,
    }


def _colleagues(reader: Reader) -> dict[int, Colleague]:
    rows = read_columns(_COLLEAGUES)
    return {
        row.id: Colleague(
            row.id, row.name, surname(row.name), initials(row.name), row.id == reader.staff_id, row.is_disabled
        )
        for row in rows
    }
