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


def change_applicant(ticket: Ticket, person: Person, company: Company | None, by: Actor, at: datetime) -> None:
    """Letters go to this person from now on. ``company``: theirs, where their address proves it; else it stays.

    Whoever passed the letter on keeps their link and may go on writing; the applicant already: nothing happens.
    """
    after(ticket, Move.PROMISE)
    if not person.email or person.email == ticket.applicant_email.lower():
        return
    before = f"{ticket.applicant_name} <{ticket.applicant_email}>".strip()
    ticket.person_id, ticket.applicant_email = person.id, person.email
    ticket.applicant_name, ticket.applicant_phone = person.name or person.email, person.phone or ""
    ticket.is_address_confirmed, ticket.language = person.is_confirmed, person.language
    ticket.is_suspect = False
    if company is not None and company.id != ticket.company_id:
        identify(ticket, company, by, at)
    note(ticket, Contribution(f"Заявитель теперь {ticket.applicant_name} <{person.email}>, был {before}."), by, at)
