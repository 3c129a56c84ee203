"""What programs read: one schema an answer, for openapi.json and for the tests that hold answers to it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.api.fields import word
from app.models.words import (
    Cause,
    Channel,
    DeliveryState,
    Holder,
    LetterKind,
    LetterState,
    MessageKind,
    Notify,
    PromiseKind,
    State,
    Urgency,
    UrgentClock,
)

_REQUIRED: dict[str, Any] = {"required": True}
_OPTIONAL: dict[str, Any] = {"required": True, "allow_none": True}


class Applicant(Schema):
    name = fields.String(**_REQUIRED)
    email = fields.String(**_REQUIRED)
    phone = fields.String(**_REQUIRED)


class Promise(Schema):
    kind = word(PromiseKind, **_REQUIRED)
    due_at = fields.String(**_REQUIRED)
    stated_at = fields.String(**_REQUIRED)
    why = fields.String(**_REQUIRED)
    provisional = fields.Boolean(**_REQUIRED)
    kept = fields.Boolean(**_OPTIONAL)
    superseded_at = fields.String(**_OPTIONAL)
    reason = fields.String(**_OPTIONAL)


class File(Schema):
    name = fields.String(**_REQUIRED)
    size = fields.Integer(**_REQUIRED)
    type = fields.String(**_REQUIRED)
    url = fields.String(**_REQUIRED)


class Message(Schema):
    id = fields.Integer(**_REQUIRED)
    kind = word(MessageKind, **_REQUIRED)
    author = fields.String(**_REQUIRED)
    text = fields.String(**_REQUIRED)
    channel = word(Channel, **_REQUIRED)
    at = fields.String(**_REQUIRED)
    flags = fields.List(fields.String(), **_REQUIRED)
    files = fields.List(fields.Nested(File), **_REQUIRED)


class Event(Schema):
    kind = fields.String(**_REQUIRED)
    at = fields.String(**_REQUIRED)
    actor = fields.String(**_REQUIRED)
    channel = word(Channel, **_OPTIONAL)


class Notice(Schema):
    event = fields.String(**_REQUIRED)
    to = fields.String(**_REQUIRED)
    channel = fields.String(**_REQUIRED)
    state = word(DeliveryState, **_REQUIRED)
    at = fields.String(**_REQUIRED)


class TicketSummary(Schema):
    number = fields.String(**_REQUIRED)
    state = word(State, **_REQUIRED)
    urgency = word(Urgency, **_REQUIRED)
    channel = word(Channel, **_REQUIRED)
    title = fields.String(**_REQUIRED)
    what = fields.String(**_REQUIRED)
    whose = fields.String(**_REQUIRED)
    where = fields.String(**_REQUIRED)
    links = fields.String(**_REQUIRED)
    applicant = fields.Nested(Applicant, **_REQUIRED)
    company = fields.String(**_OPTIONAL)
    engineer = fields.String(**_OPTIONAL)
    holder = word(Holder, **_REQUIRED)
    created_at = fields.String(**_REQUIRED)
    reopened = fields.Integer(**_REQUIRED)
    rating = fields.Integer(**_OPTIONAL)
    promises = fields.List(fields.Nested(Promise), **_REQUIRED)


class Ticket(TicketSummary):
    messages = fields.List(fields.Nested(Message), **_REQUIRED)
    events = fields.List(fields.Nested(Event), **_REQUIRED)
    notices = fields.List(fields.Nested(Notice), **_REQUIRED)


class Escalation(Schema):
    id = fields.Integer(required=True, allow_none=True)
    number = fields.String(**_OPTIONAL)
    cause = word(Cause, **_REQUIRED)
    subject = fields.String(**_REQUIRED)
    text = fields.String(**_REQUIRED)
    opened_at = fields.String(**_REQUIRED)
    acknowledged_at = fields.String(**_OPTIONAL)
    acknowledged_by = fields.String(**_OPTIONAL)
    note = fields.String(**_REQUIRED)
    resolved_at = fields.String(**_OPTIONAL)
    resolution = fields.String(**_REQUIRED)


class ContractTerms(Schema):
    number = fields.String(**_REQUIRED)
    valid_from = fields.String(**_REQUIRED)
    valid_to = fields.String(**_OPTIONAL)
    calendar = fields.String(**_REQUIRED)
    reaction = fields.String(**_REQUIRED)
    solution = fields.String(**_REQUIRED)
    urgent_clock = word(UrgentClock, **_REQUIRED)
    stops_for_third_party = fields.Boolean(**_REQUIRED)


class Company(Schema):
    id = fields.Integer(**_REQUIRED)
    name = fields.String(**_REQUIRED)
    domains = fields.List(fields.String(), **_REQUIRED)
    notice_email = fields.String(**_REQUIRED)
    notify = word(Notify, **_REQUIRED)
    contract = fields.Nested(ContractTerms, **_OPTIONAL)


class Person(Schema):
    id = fields.Integer(**_REQUIRED)
    name = fields.String(**_REQUIRED)
    email = fields.String(**_OPTIONAL)
    phone = fields.String(**_OPTIONAL)
    company = fields.String(**_OPTIONAL)


class LetterFile(Schema):
    name = fields.String(**_REQUIRED)
    size = fields.Integer(**_REQUIRED)
    sha256 = fields.String(**_REQUIRED)


class Letter(Schema):
    id = fields.Integer(**_REQUIRED)
    sha256 = fields.String(**_REQUIRED)
    message_id = fields.String(**_REQUIRED)
    from_email = fields.String(**_REQUIRED)
    from_name = fields.String(**_REQUIRED)
    subject = fields.String(**_REQUIRED)
    kind = word(LetterKind, **_REQUIRED)
    state = word(LetterState, **_REQUIRED)
    number = fields.String(**_OPTIONAL)
    copy_of = fields.Integer(**_OPTIONAL)
    text = fields.String(**_REQUIRED)
    quoted = fields.String(**_REQUIRED)
    files = fields.List(fields.Nested(LetterFile), **_REQUIRED)
    signals = fields.List(fields.String(), **_REQUIRED)


class PromiseFigures(Schema):
    promised = fields.Integer(**_REQUIRED)
    kept = fields.Integer(**_REQUIRED)
    broken = fields.Integer(**_REQUIRED)
    pending = fields.Integer(**_REQUIRED)


class PromiseReport(Schema):
    from_ = fields.String(data_key="from", **_REQUIRED)
    to = fields.String(**_REQUIRED)
    company = fields.String(**_OPTIONAL)
    reaction = fields.Nested(PromiseFigures, **_REQUIRED)
    solution = fields.Nested(PromiseFigures, **_REQUIRED)


class Calendar(Schema):
    name = fields.String(**_REQUIRED)
    time_zone = fields.String(**_REQUIRED)
    production_calendar = fields.String(allow_none=True)
    week = fields.Dict(**_REQUIRED)
    days = fields.Dict()


def _page_of(item: type[Schema]) -> type[Schema]:
    items = fields.List(fields.Nested(item), **_REQUIRED)
    return type(f"{item.__name__}Page", (Schema,), {"items": items, "next": fields.String(**_OPTIONAL)})


TicketPage = _page_of(TicketSummary)
EscalationPage = _page_of(Escalation)
CompanyPage = _page_of(Company)
PersonPage = _page_of(Person)
LetterPage = _page_of(Letter)
CalendarPage = _page_of(Calendar)
