"""receive(): the same thing twice is one thing; then thread it, or open a new request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import escalations, tickets
from app.actor import SYSTEM, Actor
from app.extensions import db
from app.intake.identify import Identity, identify
from app.intake.intake import Intake
from app.intake.thanks import is_only_thanks
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import Cause, MessageKind, State, Urgency
from app.terms import terms_of
from app.tickets import Contribution, Registration
from app.tickets.family import going_on
from app.translate import _

NOT_REOPENED = "not reopened"  # the flag of an answer to a request that was reopened too often of late


@dataclass(frozen=True)
class Receipt:
    """What became of an Intake: the request, the message if one was added, and whether the request is new."""

    ticket: Ticket
    message: Message | None = None
    is_new: bool = False
    is_repeat: bool = False


def receive(intake: Intake) -> Receipt:
    """Open a request or add to one, in the caller's transaction; the caller commits."""
    if repeat := _received_before(intake):
        return repeat
    try:
        with db.session.begin_nested():
            return _file(intake)
    except IntegrityError:
        # On PostgreSQL a twin may have been faster between our look and our insert.
        if repeat := _received_before(intake):
            return repeat
        raise


def _received_before(intake: Intake) -> Receipt | None:
    if intake.key is None:
        return None
    same_ticket = select(Ticket).where(Ticket.channel == intake.channel, Ticket.intake_key == intake.key)
    if ticket := db.session.scalars(same_ticket).first():
        return Receipt(ticket, is_new=True, is_repeat=True)
    same_message = select(Message).where(Message.channel == intake.channel, Message.intake_key == intake.key)
    if message := db.session.scalars(same_message).first():
        return Receipt(db.session.get_one(Ticket, message.ticket_id), message, is_repeat=True)
    return None


def _file(intake: Intake) -> Receipt:
    if intake.ticket is None:
        return _open(intake, _identity(intake, intake.company))
    # The sweep may be closing it: wait, and reopen what it closed. Not by refresh(), which repeats the joins by which
    # a notice read the request in this session, and PostgreSQL locks no outer join.
    ticket_id = going_on(intake.ticket).id
    ticket = db.session.get_one(Ticket, ticket_id, populate_existing=True, with_for_update=True)
    who = _identity(intake, "")
    if intake.proves_address and who.person and who.person.email == ticket.applicant_email:
        who.person.is_confirmed = ticket.is_address_confirmed = True
    by = intake.by or Actor.of_person(who.person, intake.name or intake.email, intake.channel)
    return _add(intake, ticket, by)


def _add(intake: Intake, ticket: Ticket, by: Actor) -> Receipt:
    said = _contribution(intake)
    if intake.is_automatic:
        return Receipt(ticket, tickets.remark(ticket, MessageKind.AUTO, said, by, intake.at))
    if ticket.is_active:
        return Receipt(ticket, tickets.answer(ticket, said, by, intake.at))
    if is_only_thanks(intake.text, has_files=bool(intake.files)):
        said = replace(said, flags=[*said.flags, "thanks"])
        return Receipt(ticket, tickets.remark(ticket, MessageKind.ANSWER, said, by, intake.at))
    if intake.must_not_reopen:
        said = replace(said, flags=[*said.flags, NOT_REOPENED])
        return Receipt(ticket, _keep_shut(ticket, said, by, intake.at))
    if ticket.state is State.CLOSED and intake.at > _reopening_ends(ticket):
        return _follow(intake, ticket)
    return Receipt(ticket, tickets.reopen(ticket, said, by, intake.at))


def _keep_shut(ticket: Ticket, said: Contribution, by: Actor, at: datetime) -> Message:
    """Two machines, or a quarrel: the request stays as it is, and people look. They hear of it once an hour."""
    earlier = select(Message.flags).where(Message.ticket_id == ticket.id, Message.at > at - timedelta(hours=1))
    is_told = any(NOT_REOPENED in flags for flags in db.session.scalars(earlier))
    message = tickets.remark(ticket, MessageKind.ANSWER, said, by, at, is_silent=is_told)
    escalations.escalate(ticket, Cause.REOPENED_TWICE, SYSTEM, at, _("письма больше не открывают её заново"))
    return message


def _open(intake: Intake, who: Identity, follows: Ticket | None = None) -> Receipt:
    by = intake.by or Actor.of_person(who.person, intake.name or intake.email, intake.channel)
    said = replace(_contribution(intake), intake_key=None)
    known = None if intake.is_only_claimed else who.person
    registration = Registration(
        said=said,
        channel=intake.channel,
        name=intake.name or (known.name if known else ""),
        email=intake.email or (known.email or "" if known else ""),
        phone=intake.phone or (known.phone or "" if known else ""),
        company_name=intake.company,
        title=intake.title,
        whose=intake.whose,
        where=intake.where,
        links=intake.links,
        urgency=intake.urgency,
        language=intake.language,
        person=who.person,
        company=who.company,
        is_company_confirmed=who.is_confirmed and who.company is not None,
        missing=intake.missing,
        follows=follows,
        intake_key=intake.key,
        number=intake.number,
    )
    return Receipt(tickets.register(registration, by, intake.at), is_new=True)


def _follow(intake: Intake, closed: Ticket) -> Receipt:
    """An answer after the reopening window: a new request, linked, with what the old one knew."""
    known = replace(
        intake,
        title=closed.title,
        urgency=Urgency.NORMAL,
        name=intake.name or closed.applicant_name,
        email=intake.email or closed.applicant_email,
        phone=intake.phone or closed.applicant_phone,
        company=closed.company_name,
    )
    return _open(known, _identity(known, known.company), follows=closed)


def _identity(intake: Intake, company: str) -> Identity:
    phone = "" if intake.is_only_claimed else intake.phone
    return identify(intake.email, phone, intake.name, company, intake.at, intake.person)


def _contribution(intake: Intake) -> Contribution:
    return Contribution(
        text=intake.text,
        files=intake.files,
        quoted=intake.quoted,
        flags=intake.flags,
        letter_id=intake.letter_id,
        intake_key=intake.key,
        content_ids=dict(intake.content_ids),
    )


def _reopening_ends(ticket: Ticket) -> datetime:
    assert ticket.closed_at is not None
    return ticket.closed_at + terms_of(ticket, ticket.closed_at).reopening_window
