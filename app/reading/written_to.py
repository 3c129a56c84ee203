"""Where an answer to the customer goes, so that whoever writes it sees who will read it."""

from __future__ import annotations

from app.models.words import Notify
from app.notify.addresses import is_writable
from app.notify.recipients import addresses
from app.reading.ticket import Head
from app.tickets.family import joined_addresses


def written_to(head: Head, *, has_joined: bool) -> list[str]:
    """The addresses, the first of them the one that is written to, the rest copies."""
    ticket = head.ticket
    company = (ticket.company_email or "") if ticket.is_company_confirmed else ""
    own = addresses(ticket.applicant_email, company, ticket.company_notify or Notify.APPLICANT)
    joined = joined_addresses([ticket.id]).get(ticket.id, []) if has_joined and ticket.applicant_email in own else []
    return list(dict.fromkeys(one for one in (*own, *joined) if is_writable(one)))
