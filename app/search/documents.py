"""The words of requests, gathered from all that searching looks into: what stands here is what can be found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select

from app.extensions import db
from app.models.company import Company
from app.models.message import Attachment, Message
from app.models.person import Person
from app.models.ticket import Ticket
from app.search import words

LONGEST_TEXT = 20_000  # letters of one message
MOST_WORDS = 10_000  # of one request, each counted once

_TICKET = (
    Ticket.id, Ticket.title, func.substr(Ticket.what, 1, LONGEST_TEXT), Ticket.whose, Ticket.where, Ticket.links,
    Ticket.applicant_name, Ticket.applicant_email, Ticket.applicant_phone, Ticket.company_name,
    Company.name, Person.name, Person.email, Person.phone, Ticket.company_id,
)  # fmt: skip
_OWNERS = len(_TICKET) - 1


def gather(ticket_ids: Sequence[int]) -> dict[int, set[str]]:
    """The words of each request as they are written there, exact tokens among them. Three queries, however many.

    Not there: what was taken back, quoted tails of letters, names of staff, complaints.
    """
    found: dict[int, set[str]] = {}
    whole = select(*_TICKET).outerjoin(Company, Company.id == Ticket.company_id)
    for row in db.session.execute(whole.outerjoin(Person, Person.id == Ticket.person_id).where(_in(ticket_ids))):
        found[row[0]] = _of_ticket(row)
    said: dict[int, list[str]] = defaultdict(list)
    messages = select(
        Message.ticket_id, Message.staff_id, Message.author, func.substr(Message.text, 1, LONGEST_TEXT)
    ).where(Message.ticket_id.in_(ticket_ids), Message.recalled_at.is_(None))
    for ticket_id, staff_id, author, text in db.session.execute(messages.order_by(Message.id)):
        said[ticket_id] += [text] if staff_id else [text, author]
    files = (
        select(Attachment.ticket_id, Attachment.name)
        .join(Message)
        .where(Attachment.ticket_id.in_(ticket_ids), Message.recalled_at.is_(None))
    )
    for ticket_id, name in db.session.execute(files):
        said[ticket_id].append(name)
        found[ticket_id].add(words.HAS_FILE)
    for ticket_id, texts in said.items():
        _add(found[ticket_id], texts)
    return found


def written(ticket_id: int, own: set[str], lemmas: Mapping[str, set[str]]) -> str:
    """What is kept for a request: its words, their lemmas, and where it stands among the others."""
    every = own.union(*(lemmas[word] for word in own if word in lemmas))
    return " ".join([*sorted(every), words.span(ticket_id // words.SPAN)])


def _in(ticket_ids: Sequence[int]) -> Any:
    return Ticket.id.in_(ticket_ids)


def _of_ticket(row: Row[Any]) -> set[str]:
    own: set[str] = set()
    _add(own, [text for text in row[1:_OWNERS] if text])
    if row[-1]:
        own.add(words.company(row[-1]))
    return own


def _add(own: set[str], texts: Iterable[str]) -> None:
    for text in texts:
        if len(own) < MOST_WORDS:
            own.update(words.words(text))
            own.update(words.exact(text))
