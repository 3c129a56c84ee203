"""What programs send: one schema a request; a field that is not named here is refused by name."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.api.fields import Address, Length, Line, Moment, Text, word
from app.api.paging import Page
from app.models.words import Channel, Holder, MessageKind, Notify, State, Urgency, UrgentClock
from app.reading.queue_views import View


class NewTicket(Schema):
    """A request: what happened, and how to reach who asks. A phone or an e-mail is needed."""

    what = Text(required=True)
    title = Line()
    whose = Line()
    where = Line()
    links = Text()
    urgency = word(Urgency, load_default=Urgency.NORMAL.value)
    company = Line()
    name = Line()
    email = Line()
    phone = Line()
    channel = word(Channel, load_default=Channel.API.value)


class NewMessage(Schema):
    text = Text(load_default="")
    kind = word(
        MessageKind,
        *(MessageKind.REPLY, MessageKind.NOTE, MessageKind.QUESTION),
        load_default=MessageKind.REPLY.value,
    )


class Assignment(Schema):
    engineer = Address(required=True, allow_none=True, metadata={"description": "E-mail; null: back to the queue."})


class Solution(Schema):
    text = Text(required=True)


class Reopening(Schema):
    text = Text(load_default="")


class UrgencyChange(Schema):
    urgent = fields.Boolean(required=True)


class DeadlineMove(Schema):
    due = Moment(required=True)
    reason = Text(required=True)


class HolderChange(Schema):
    holder = word(Holder, Holder.THIRD_PARTY, Holder.ENGINEER, required=True)
    reason = Text(load_default="")
    look_again_at = Moment(load_default=None)


class NewEscalation(Schema):
    reason = Text(required=True, validate=validate.Length(1, 5000, error="Say in 1 to 5000 characters why."))


class TicketSearch(Page):
    state = word(State)
    view = word(View)
    q = Line(validate=validate.Length(max=200))


class EscalationSearch(Page):
    state = fields.String(validate=validate.OneOf(["open", "acknowledged", "resolved"]))


class PromiseReport(Schema):
    from_ = fields.String(data_key="from")
    to = fields.String()
    company = Line(metadata={"description": "Name or id."})


class ContractTerms(Schema):
    """Terms of a contract; a number that the company has already is changed, another is added."""

    number = Line(required=True, validate=validate.Length(1, 60))
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    calendar = Line()
    reaction = Length()
    solution = Length()
    urgent_clock = word(UrgentClock)
    stops_for_third_party = fields.Boolean(
        metadata={"description": "Whether the solution's clock stands still while a third party holds the ball."}
    )

    @validates_schema
    def check_order(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("valid_to") and data.get("valid_from") and data["valid_to"] < data["valid_from"]:
            raise ValidationError("The contract would end before it begins.", "valid_to")


class CompanyChange(Schema):
    name = Line(validate=validate.Length(1, 200))
    domains = fields.List(Line(validate=validate.Length(1, 190)), validate=validate.Length(max=100))
    notice_email = Address()
    notify = word(Notify)
    contract = fields.Nested(ContractTerms)


class NewCompany(CompanyChange):
    name = Line(required=True, validate=validate.Length(1, 200))


class CompanySearch(Page):
    q = Line(validate=validate.Length(max=200))


class PersonChange(Schema):
    name = Line(validate=validate.Length(max=200))
    email = Address(allow_none=True)
    phone = Line(allow_none=True)
    company = Line(allow_none=True, metadata={"description": "Name or id."})


class NewPerson(PersonChange):
    pass


class PersonSearch(Page):
    email = Address()
    phone = Line()
    company = Line(metadata={"description": "Name or id."})
