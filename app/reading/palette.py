"""What the palette offers for a few typed letters: a request by its number, companies, people, requests by words."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from flask import url_for
from sqlalchemy import select

from app.extensions import db
from app.models.ticket import Ticket
from app.reading import companies, people
from app.reading.reader import Reader
from app.search import query, tickets
from app.translate import _

SHORTEST = 2  # letters
_COMPANIES, _PEOPLE, _REQUESTS = 3, 3, 6


@dataclass(frozen=True)
class Offer:
    """One line to go to. ``detail``: what tells it from another of the same name."""

    kind: str
    label: str
    detail: str
    href: str


def offers(text: str, reader: Reader, *, is_manager: bool) -> list[dict[str, str]]:
    """The best of each kind, the exact number alone; managers go to cards, engineers to what a company has asked."""
    typed = query.typed(text)
    if number := tickets.number_of(typed):
        return [asdict(offer) for offer in _requests([number])]
    if len(typed.text) < SHORTEST:
        return []
    found = tickets.find(typed, tickets.Wanted(), None, _REQUESTS)
    numbers = list(db.session.scalars(select(Ticket.number).where(Ticket.id.in_(found.ids)).order_by(Ticket.id.desc())))
    clients = _clients(typed.text, reader, is_manager=is_manager)
    return [asdict(offer) for offer in (*clients, *_requests(numbers))]


def _clients(text: str, reader: Reader, *, is_manager: bool) -> list[Offer]:
    offered = [
        Offer("company", row.name, _("компания"), _company_href(row, is_manager=is_manager))
        for row in companies.page(text, None, reader, archived=False).rows[:_COMPANIES]
    ]
    for row in people.page(text, None, None, archived=False).rows[:_PEOPLE]:
        href = (
            url_for("people.show", person_id=row.id) if is_manager else url_for("search.show", q=row.email or row.name)
        )
        offered.append(Offer("person", row.name or row.email, row.company or row.email or "", href))
    return offered


def _company_href(row: companies.Row, *, is_manager: bool) -> str:
    if is_manager:
        return url_for("companies.show", company_id=row.id)
    return url_for("search.show", q=row.name, company=row.id)


def _requests(numbers: list[str]) -> list[Offer]:
    columns = select(Ticket.number, Ticket.title, Ticket.company_name).where(Ticket.number.in_(numbers))
    rows = {row.number: row for row in db.session.execute(columns)}
    return [
        Offer("request", f"{number} {row.title}", row.company_name, url_for("tickets.show", number=number))
        for number in numbers
        if (row := rows.get(number))
    ]
