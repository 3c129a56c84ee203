"""By what a view can be narrowed: engineers, companies with open requests, channels; and what it is narrowed by."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.extensions import db
from app.models.company import Company
from app.models.staff import Staff
from app.models.ticket import ACTIVE, Ticket
from app.models.words import Channel
from app.reading.queue_rows import channel_words
from app.reading.queue_selection import NOBODY, Order, Selection
from app.translate import _

Choice = tuple[str, str]


@dataclass(frozen=True)
class Choices:
    engineers: list[Choice]
    companies: list[Choice]
    channels: list[Choice]
    orders: list[Choice]


def choices() -> Choices:
    staff = select(Staff.id, Staff.name).where(Staff.is_disabled.is_(False)).order_by(Staff.name)
    asking = select(Ticket.company_id).where(ACTIVE, Ticket.company_id.is_not(None)).distinct()
    companies = select(Company.id, Company.name).where(Company.id.in_(asking)).order_by(Company.name)
    return Choices(
        engineers=[(NOBODY, _("не назначен")), *((str(row.id), row.name) for row in db.session.execute(staff))],
        companies=[(str(row.id), row.name) for row in db.session.execute(companies)],
        channels=[(channel.value, word) for channel, word in channel_words().items()],
        orders=[(order.value, word) for order, word in order_words().items()],
    )


def order_words() -> dict[Order, str]:
    return {
        Order.DUE: _("Сначала с ближним сроком"),
        Order.NEWEST: _("Сначала новые"),
        Order.TOUCHED: _("Сначала те, где что-то произошло"),
    }


def told(selection: Selection) -> list[Choice]:
    """What a view is narrowed by, in words, each with the name of its filter."""
    found: list[Choice] = []
    if selection.engineer == NOBODY:
        found.append(("engineer", _("не назначен")))
    elif selection.engineer:
        name = db.session.scalar(select(Staff.name).where(Staff.id == int(selection.engineer)))
        found.append(("engineer", name or _("никто")))
    if selection.company:
        name = db.session.scalar(select(Company.name).where(Company.id == int(selection.company)))
        found.append(("company", name or _("такой компании нет")))
    if selection.channel:
        found.append(("channel", channel_words()[Channel(selection.channel)]))
    return found
