"""The verb that corrects who asks: a colleague passed on what another one wrote."""

from __future__ import annotations

from datetime import datetime

from app.actor import Actor
from app.models.company import Company
from app.models.person import Person
from app.models.ticket import Ticket
from app.tickets.contributions import Contribution
from app.tickets.deadline import identify
from app.tickets.moves import Move, after
from app.tickets.talk import note
from app.translate import _


def change_applicant(ticket: Ticket, person: Person, company: Company | None, by: Actor, at: datetime) -> None:
    """Letters go to this person from now on. ``company``: theirs, where their address proves it; else it stays.

    Whoever passed the letter on keeps their link and may go on writing; the applicant already: nothing happens.
    """
    after(ticket, Move.PROMISE)
    if not person.email or person.email == ticket.applicant_email.lower():
        return
    before = _named(ticket)
    ticket.person_id, ticket.applicant_email = person.id, person.email
    ticket.applicant_name, ticket.applicant_phone = person.name or person.email, person.phone or ""
    ticket.is_address_confirmed, ticket.language = person.is_confirmed, person.language
    ticket.is_suspect = False
    if company is not None and company.id != ticket.company_id:
        identify(ticket, company, by, at)
    told = _("Заявитель теперь %(now)s, был %(before)s.", now=_named(ticket), before=before)
    note(ticket, Contribution(told), by, at)


def _named(ticket: Ticket) -> str:
    return f"{ticket.applicant_name} <{ticket.applicant_email}>".strip()
