"""What was found, as the page of a search shows it: a row a request, with the piece that holds the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import func, select

from app.columns import read_columns
from app.models.company import Company
from app.models.message import Attachment, Message
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import MessageKind, State
from app.names import surname
from app.reading.reader import Reader
from app.search.pieces import Marker, Parts
from app.translate import _

_LONGEST = 6_000  # letters of a message that are looked through for a piece
_MOST = 1_500  # messages of a page
_ROW = (
    Ticket.id, Ticket.number, Ticket.state, Ticket.urgency, Ticket.title, Ticket.whose, Ticket.where,
    func.substr(Ticket.what, 1, _LONGEST).label("what"), Ticket.company_name, Ticket.applicant_name,
    Ticket.applicant_email, Ticket.applicant_phone, Ticket.created_at, Ticket.reopened_count,
    Staff.name.label("engineer"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One request that was found. ``source``: where the piece stands; empty: in the request itself."""

    number: str
    state: State
    urgency: str
    is_reopened: bool
    title: Parts
    company: Parts
    applicant: Parts
    email: Parts
    phone: str
    engineer: str
    created: str
    created_iso: Any
    piece: Parts
    source: str
    is_note: bool


def rows(ids: Sequence[int], forms: Sequence[set[str]], reader: Reader) -> list[Row]:
    """The rows of these requests in their order: three queries."""
    if not ids:
        return []
    whole = select(*_ROW).outerjoin(Staff, Staff.id == Ticket.engineer_id).where(Ticket.id.in_(ids))
    found = {columns[0]: columns for columns in read_columns(whole)}
    marker, said = Marker(forms), _said(ids)
    return [_row(found[ticket_id], marker, said.get(ticket_id, []), reader) for ticket_id in ids if ticket_id in found]


def staff_names() -> list[tuple[int, str]]:
    """Everybody who may have a request, by name."""
    return list(read_columns(select(Staff.id, Staff.name).order_by(Staff.name)))


def company_names() -> list[tuple[int, str]]:
    """Companies that are not in the archive, by name."""
    query = select(Company.id, Company.name).where(Company.archived_at.is_(None)).order_by(Company.name)
    return list(read_columns(query))


def _said(ids: Sequence[int]) -> dict[int, list[tuple[str, bool, str]]]:
    """Texts of each conversation and names of its files: where it stands, whether it is a note, the text."""
    sources = {
        MessageKind.NOTE: _("заметка"),
        MessageKind.REPLY: _("ответ инженера"),
        MessageKind.QUESTION: _("вопрос инженера"),
        MessageKind.SOLUTION: _("решение"),
        MessageKind.AUTO: _("ответ робота"),
    }
    said: dict[int, list[tuple[str, bool, str]]] = {}
    messages = select(Message.ticket_id, Message.kind, func.substr(Message.text, 1, _LONGEST)).where(
        Message.ticket_id.in_(ids), Message.recalled_at.is_(None), Message.kind != MessageKind.REQUEST
    )
    for ticket_id, kind, text in read_columns(messages.order_by(Message.id).limit(_MOST)):
        source = sources.get(kind, _("клиент"))
        said.setdefault(ticket_id, []).append((source, kind is MessageKind.NOTE, text))
    files = select(Attachment.ticket_id, Attachment.name, Message.kind).join(Message)
    files = files.where(Attachment.ticket_id.in_(ids), Message.recalled_at.is_(None)).limit(_MOST)
    for ticket_id, name, kind in read_columns(files):
        said.setdefault(ticket_id, []).append((_("файл"), kind is MessageKind.NOTE, name))
    return said


def _row(columns: Columns[Any], marker: Marker, said: list[tuple[str, bool, str]], reader: Reader) -> Row:
    what = columns.what.removeprefix(columns.title.rstrip("…"))  # what stands in the title need not be shown twice
    own = [("", False, text) for text in (what, columns.whose, columns.where) if text]
    texts = [*own, *said]
    best = marker.piece(text for _source, _is_note, text in texts)
    source, is_note = texts[best[0]][:2] if best else ("", False)
    return Row(
        number=columns.number,
        state=columns.state,
        urgency=columns.urgency.value,
        is_reopened=columns.reopened_count > 0,
        title=marker.marked(columns.title),
        company=marker.marked(columns.company_name),
        applicant=marker.marked(columns.applicant_name),
        email=marker.marked(columns.applicant_email),
        phone=columns.applicant_phone,
        engineer=surname(columns.engineer) if columns.engineer else "",
        created=reader.short_moment(columns.created_at),
        created_iso=columns.created_at,
        piece=best[1].parts if best else [],
        source=source,
        is_note=is_note,
    )
