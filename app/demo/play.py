"""Plays the stories through the verbs, each act at its own past moment; what was due by time fires in between."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app import alarms, complaints, escalations, read_marks, tickets
from app.actor import Actor
from app.demo.firm import Firm
from app.demo.notices import deliver_past
from app.demo.stories import Step, Story, steps, suits
from app.extensions import db
from app.intake import Intake, receive
from app.models.company import Company
from app.models.complaint import Complaint
from app.models.escalation import Escalation
from app.models.person import Person
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Cause, Channel, ComplaintState, Holder, Urgency
from app.promises import Terms
from app.terms import terms_for
from app.tickets import Contribution

_MOMENT = timedelta(seconds=1)
_ON_ITS_PAGE = frozenset({"take", "r", "q", "n", "s"})


@dataclass
class Performance:
    """One story being told: who asks, who works on it, and the request once it is registered."""

    story: Story
    company: Company
    person: Person
    engineer: Staff
    steps: list[Step]
    key: str | None = None
    ticket: Ticket | None = None

    @property
    def by_staff(self) -> Actor:
        return Actor.of_staff(self.engineer, Channel.WEB)

    @property
    def by_customer(self) -> Actor:
        channel = Channel.EMAIL if self.story.channel is Channel.PHONE else self.story.channel
        return Actor.of_person(self.person, self.person.name, channel)


def play(
    told: Sequence[Story], firm: Firm, now: datetime, dice: random.Random, keys: Sequence[str | None] | None = None
) -> int:
    """Tell these stories up to ``now`` in the caller's transaction; returns how many requests there are."""
    terms = {company.id: terms_for(company, now) for company in firm.companies}
    casts = [
        _cast(number, story, key, firm, terms, now, dice)
        for number, (story, key) in enumerate(zip(told, keys or [None] * len(told), strict=True))
    ]
    acts = sorted(((step.at, number, step) for number, cast in enumerate(casts) for step in cast.steps),
                  key=lambda act: act[:2])  # fmt: skip
    for at, number, step in acts:
        if at >= now:
            continue
        cast = casts[number]
        if cast.ticket is not None:
            _let_time_pass(cast.ticket, firm, at, dice)
        _act(cast, step)
        db.session.flush()
        assert cast.ticket is not None
        deliver_past(cast.ticket, firm.staff, dice)
    for cast in casts:
        assert cast.ticket is not None
        _let_time_pass(cast.ticket, firm, now, dice)
        _look_after(cast.ticket, firm, now, dice)
    return len(casts)


def _cast(
    number: int,
    story: Story,
    key: str | None,
    firm: Firm,
    terms: Mapping[int, Terms],
    now: datetime,
    dice: random.Random,
) -> Performance:
    fitting = [company for company in firm.companies if suits(story, terms[company.id])]
    company = fitting[(number * 7 + dice.randrange(3)) % len(fitting)]
    return Performance(
        story=story,
        key=key,
        company=company,
        person=dice.choice(firm.people[company.id]),
        engineer=firm.engineers[(number + dice.randrange(2)) % len(firm.engineers)],
        steps=steps(story, terms[company.id], now, dice),
    )


def _act(cast: Performance, step: Step) -> None:
    if step.act == "register":
        cast.ticket = _register(cast, step.at)
        return
    ticket, at, said = cast.ticket, step.at, Contribution(step.text)
    assert ticket is not None
    match step.act:
        case "take":
            tickets.take(ticket, cast.by_staff, at)
        case "r":
            tickets.reply(ticket, said, cast.by_staff, at)
        case "q":
            tickets.ask(ticket, said, cast.by_staff, at)
        case "n":
            tickets.note(ticket, said, cast.by_staff, at)
        case "s":
            tickets.solve(ticket, said, cast.by_staff, at)
        case "a" | "reopened":
            customer = cast.person
            receive(Intake(cast.by_customer.channel or Channel.WEB, step.text, at, ticket=ticket, name=customer.name,
                           email=customer.email or "", phone=customer.phone or ""))  # fmt: skip
        case _:
            _extra(cast, ticket, step)
    if step.act in _ON_ITS_PAGE:
        read_marks.read(ticket, cast.engineer.id)


def _extra(cast: Performance, ticket: Ticket, step: Step) -> None:
    at = step.at
    match step.act:
        case "rating":
            tickets.rate(ticket, int(step.text), cast.story.extra.get("comment", ""), cast.by_customer, at)
        case "complaint":
            tickets.complain(ticket, step.text, cast.by_customer, at)
        case "told":
            tickets.tell_by_phone(ticket, cast.by_staff, at)
        case "third_party":
            tickets.hold(ticket, Holder.THIRD_PARTY, step.text, cast.by_staff, at)
        case "moved":
            assert ticket.due_at is not None
            later = terms_for(cast.company, at).calendar.due(max(at, ticket.due_at), timedelta(hours=6))
            tickets.move_deadline(ticket, later, step.text, cast.by_staff, at)


def _register(cast: Performance, at: datetime) -> Ticket:
    story, person = cast.story, cast.person
    intake = Intake(
        channel=story.channel,
        text=story.what,
        at=at,
        whose=story.whose,
        where=story.where,
        urgency=story.urgency,
        name=person.name,
        email=person.email or "",
        phone=person.phone or "",
        company=cast.company.name,
        key=cast.key,
        by=Actor.of_staff(cast.engineer, Channel.PHONE) if story.channel is Channel.PHONE else None,
    )
    return receive(intake).ticket


def _let_time_pass(ticket: Ticket, firm: Firm, until: datetime, dice: random.Random) -> None:
    """What the sweep would have done by then, alarm by alarm."""
    while ticket.next_alarm_at is not None and ticket.next_alarm_at < until:
        before = ticket.next_alarm_at
        alarms.visit(ticket.id, before, may_close=True)
        db.session.flush()
        deliver_past(ticket, firm.staff, dice)
        if ticket.next_alarm_at == before:
            return


def _answer_complaint(escalation: Escalation, by: Actor, at: datetime) -> None:
    """What a low rating opened ends with words for its customer."""
    found = db.session.scalars(select(Complaint).where(Complaint.escalation_id == escalation.id)).first()
    if found is not None and found.state is ComplaintState.OPEN:
        complaints.answer(found, "Поговорили с вами по телефону и договорились, как будем работать дальше.", by, at)


def _look_after(ticket: Ticket, firm: Firm, now: datetime, dice: random.Random) -> None:
    """The manager's part: what is over was settled, half of the rest is under control, complaints still wait."""
    by = Actor.of_staff(firm.manager, Channel.WEB)
    opened = select(Escalation).where(Escalation.ticket_id == ticket.id, Escalation.resolved_at.is_(None))
    for escalation in db.session.scalars(opened.order_by(Escalation.id)).all():
        seen_at = escalation.opened_at + timedelta(minutes=dice.randint(4, 25))
        is_over = not ticket.is_active and escalation.cause in {Cause.NEAR, Cause.MISSED, Cause.URGENT_UNTAKEN}
        is_over = is_over or (ticket.closed_at is not None and escalation.cause is not Cause.COMPLAINT)
        if seen_at >= now or escalation.cause is Cause.COMPLAINT:
            continue
        if is_over:
            escalations.acknowledge(escalation, "Беру на контроль.", by, seen_at)
        elif ticket.urgency is Urgency.NORMAL and dice.random() < 0.4:  # lately: it is on watch still
            lately = max(seen_at, now - timedelta(minutes=dice.randint(3, 20)))
            escalations.acknowledge(escalation, "Звоню клиенту сама, отпишусь.", by, lately)
        if is_over:
            outcome = "Поговорили с клиентом, вопрос снят." if ticket.rating else "Решена, клиент предупреждён."
            over_at = min(now - _MOMENT, seen_at + timedelta(hours=3))
            _answer_complaint(escalation, by, over_at)
            escalations.resolve(escalation, outcome, by, over_at)
    db.session.flush()
    deliver_past(ticket, firm.staff, dice)
